"""One phone, several people: whose matter it is, asked with numbers once a sitting, and their cases kept apart."""

from datetime import timedelta

from domain.reading import Reading
from handlers.conversation.talk import Talk
from storage.queries import audit
from storage.queries.casework import cases
from storage.queries.casework.cases import CaseRecord
from storage.queries.persons import contacts, people
from storage.queries.persons.contacts import Sharer
from storage.queries.persons.questions import QuestionRecord
from wording import say

KIND = "whose"
_SITTING = timedelta(hours=1)
_MOST = 4
_ANOTHER = "another"


def another_person(talk: Talk, reading: Reading) -> None:
    """Let somebody else hold the phone: whom it may be is asked where several are known, else what comes is hers."""
    talk = talk.with_person()
    talk.keep(reading=reading, kind="answer")
    known = contacts.sharers(talk.tx, talk.contact.id)
    if len(known) > 1:
        _ask(talk, known, None)
        return
    if not known and talk.contact.person_id is not None:
        label = people.by_id(talk.tx, talk.contact.person_id).name
        contacts.share(talk.tx, talk.contact.id, talk.contact.person_id, label=label, now=talk.now)
    _use(talk, _new_person(talk))
    talk.tell("share_new")


def ask_whose(talk: Talk, case: CaseRecord) -> bool:
    """Ask after the receipt whose matter it is, where several share the phone and none of them used it this hour.

    It is asked after every case alike, so that it tells nothing of what is in it. True where it was asked.
    """
    known = contacts.sharers(talk.tx, talk.contact.id)
    if len(known) < 2 or max(each.last_used_at for each in known) > talk.now - _SITTING:
        return False
    _ask(talk, known, case)
    return True


def answered(talk: Talk, question: QuestionRecord, choice: str) -> None:
    """Take whose matter it is: her case moves to her, and the next hour is hers."""
    person_id = _new_person(talk) if choice == _ANOTHER else int(choice)
    _use(talk, person_id)
    if question.case_id is None:
        talk.tell("share_new")
        return
    case = cases.by_id(talk.tx, question.case_id, locked=True)
    talk.work.change(case, person_id=person_id)
    talk.tell("noted", case=case)
    if case.is_open:
        talk.work.ask(talk.contact, "place" if case.area_id is None else "hours", None, case=case)


def _ask(talk: Talk, known: list[Sharer], case: CaseRecord | None) -> None:
    shown = known[:_MOST]
    names = [each.label or say("share_person", talk.language, number=str(n)) for n, each in enumerate(shown, start=1)]
    names.append(say("share_another", talk.language))
    options = " ".join(f"{n} {name}" for n, name in enumerate(names, start=1))
    choices = [*(str(each.person_id) for each in shown), _ANOTHER]
    talk.work.ask(talk.contact, KIND, "share_whose", case=case, choices=choices, labels=tuple(names), options=options)


def _use(talk: Talk, person_id: int) -> None:
    contacts.share(talk.tx, talk.contact.id, person_id, label=None, now=talk.now)
    contacts.change(talk.tx, talk.contact.id, person_id=person_id)
    data = {"contact": talk.contact.id, "person": person_id}
    audit.add(talk.tx, "contact.shared", actor="person", now=talk.now, data=data)


def _new_person(talk: Talk) -> int:
    return people.create(talk.tx, talk.now, language=talk.contact.language)
