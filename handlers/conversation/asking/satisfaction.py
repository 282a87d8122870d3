"""After a case was closed: how it was settled, whether a higher level shall look again, and whether all is well with her."""

from domain.lifecycle import CaseKind
from domain.reading import Category, Intent, Reading
from handlers.cases.caseacts import Actor
from handlers.cases.casework import Opening
from handlers.conversation import matters, status
from handlers.conversation.asking import shared_phone
from handlers.conversation.talk import Talk
from storage.queries import areas
from storage.queries.casework.cases import CaseRecord
from storage.queries.persons.questions import QuestionRecord

KIND, APPEAL, TROUBLE = "satisfaction", "appeal", "trouble"
GRADES = ("good", "fair", "bad")
"""What the numbers stand for; 1 is always the good answer."""
WELL = ("well", "trouble")
APART = frozenset({KIND, TROUBLE})
"""Questions whose numbered answers are not kept among the messages of the case, which others read."""
_RETALIATION = "retaliation"


def answered(talk: Talk, question: QuestionRecord, case: CaseRecord, choice: str) -> None:
    """Go on after a numbered answer to one of the three questions."""
    if question.kind == TROUBLE:
        if choice == "trouble":
            report(talk, case)
        else:
            talk.tell("trouble_none")
    elif question.kind == APPEAL:
        status.answer(talk, case, solved=False)
    else:
        _graded(talk, case, choice)


def in_words(talk: Talk, reading: Reading, case: CaseRecord) -> bool:
    """Take words of harm, or a complaint, for a yes to whether anybody makes trouble; False for all others."""
    harm = reading.sensitive or reading.unsure_sensitive or reading.afraid
    if reading.intent is Intent.STOP or not (harm or reading.intent is Intent.COMPLAINT):
        return False
    report(talk, case, reading)
    return True


def report(talk: Talk, case: CaseRecord, reading: Reading | None = None) -> None:
    """Make a case for the focal points of what she says followed on an earlier one; she gets the receipt of every case."""
    talk = shared_phone.as_hers(talk.with_person(), case.person_id)
    assert talk.contact.person_id is not None
    opening = Opening(
        kind=CaseKind.COMPLAINT,
        category=Category.ABUSE,
        sensitive=_RETALIATION,
        area=areas.by_id(talk.tx, case.area_id) if case.area_id is not None else None,
        anonymous=case.anonymous,
        reasons=reading.sensitive_reason if reading is not None else (),
        text=talk.text if reading is not None else "",
        reading=reading,
    )
    made = talk.work.open(opening, person_id=talk.contact.person_id, contact=talk.contact, actor=Actor("person"))
    talk.work.note(made, "case.follows", Actor("machine"), follows=case.id)
    if reading is not None:
        talk.keep(case=made, reading=reading)
    matters.receipt(talk, made)


def _graded(talk: Talk, case: CaseRecord, choice: str) -> None:
    """Keep a grade; it is in no audit entry, since only totals are for the officer's eyes."""
    talk.work.change(case, satisfaction=GRADES.index(choice) + 1)
    talk.work.note(case, "case.graded", Actor("person"))
    if choice == "bad" and talk.work.is_last_word(case):
        status.offer_help(talk, case)
    elif choice == "bad" and status.may_be_appealed(talk, case):
        talk.work.ask(talk.contact, APPEAL, "satisfaction_low", case=case, choices=["appeal"])
    else:
        talk.tell("noted", case=case)
