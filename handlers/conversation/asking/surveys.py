"""After a payment: whether the money came, whether it should be taken up, and how much it was."""

import re
from dataclasses import dataclass

from domain.lifecycle import CaseKind
from domain.reading import Category, Reading
from domain.texts.digits import to_ascii_digits
from handlers.cases.caseacts import Actor
from handlers.cases.casework import Opening
from handlers.conversation.asking import shared_phone
from handlers.conversation.talk import Talk
from handlers.incoming.noted import found_in
from storage.queries import areas, audit
from storage.queries.casework.cases import CaseRecord
from storage.queries.persons import people, questions
from storage.queries.persons.questions import QuestionRecord
from storage.queries.programme import addressing, rounds
from storage.queries.sending import batches
from wording import say

RECEIVED = ("received", "missing", "less")
"""What the numbers of the survey stand for; 1 is always the good answer."""
TAKE_UP = ("check_no_name", "check_name", "only_telling")
_NUMBER = re.compile(r"\d+(?:[ .,]\d{3})*(?!\d)|\d+")
_LONGEST, _LEAST, _MOST = 12, 100, 2**31 - 1
"""How many digits are kept of a sum, and the smallest and largest that are counted with."""
_SHORT = 40
_OWN_MONEY = {"KH": "KHR", "LA": "LAK"}
_CATEGORIES = {"missing": Category.PAYMENT_MISSING, "less": Category.PAYMENT_AMOUNT}


@dataclass(frozen=True, slots=True)
class _Told:
    """How much somebody says that she got: as she typed it, and the sum where it is clear."""

    typed: str
    amount: int | None


def answered(talk: Talk, question: QuestionRecord, typed: int) -> None:
    """Go on after an answer to the survey, or to whether it should be taken up, as that of whom it was asked about."""
    talk = _of_whom(talk, question)
    if question.kind == "survey":
        _received(talk, question, typed)
    else:
        _take_up(talk, question, typed)


def amount(talk: Talk, question: QuestionRecord, case: CaseRecord) -> bool:
    """Keep how much the person got, on the case and with the round; False where the words hold no number."""
    told = _sum_in(talk)
    if told is None:
        return False
    talk.keep(case=case)
    questions.close(talk.tx, question.id, answer=told.typed, now=talk.now)
    talk.work.note(case, "case.amount_told", Actor("person"), amount=told.typed)
    if told.amount is not None and case.round_id is not None:
        rounds.record_amount(talk.tx, case.round_id, case.person_id, told.amount)
    talk.tell("noted", case=case)
    return True


def amount_alone(talk: Talk, reading: Reading | None, question: QuestionRecord) -> bool:
    """Keep with the round how much somebody got who wants nothing taken up; False where the words say something else.

    Words other than a bare number (no `reading`) count only where they are short and name one clear sum.
    """
    told = _sum_in(talk)
    if told is None or (reading is not None and (told.amount is None or len(talk.text) > _SHORT)):
        return False
    talk = _of_whom(talk.with_person(), question)
    talk.keep(kind="answer")
    questions.close(talk.tx, question.id, answer=told.typed, now=talk.now)
    round_id = _round_of(talk, question)
    if told.amount is not None and round_id is not None and talk.contact.person_id is not None:
        rounds.record_amount(talk.tx, round_id, talk.contact.person_id, told.amount)
    talk.tell("noted")
    return True


def take_back(talk: Talk, question: QuestionRecord) -> None:
    """Forget the answer to a survey."""
    talk = _of_whom(talk.with_person(), question)
    talk.keep()
    round_id = _round_of(talk, question)
    if round_id is not None and talk.contact.person_id is not None:
        rounds.record_answer(talk.tx, round_id, talk.contact.person_id, None, talk.now)
    audit.add(talk.tx, "survey.taken_back", actor="person", now=talk.now, data={"question": question.id})
    talk.tell("answer_undone")


def _received(talk: Talk, question: QuestionRecord, typed: int) -> None:
    answer = RECEIVED[typed - 1]
    round_id = _round_of(talk, question)
    if round_id is not None and talk.contact.person_id is not None:
        rounds.record_answer(talk.tx, round_id, talk.contact.person_id, answer, talk.now)
    if answer == "received":
        label = say("survey_label_1", talk.language)
        talk.tell("survey_echo", number=str(typed), answer=label)
        return
    marks = [f"{choice}:{answer}" for choice in TAKE_UP]
    labels = tuple(say(f"button_{choice}", talk.language) for choice in TAKE_UP)
    talk.work.ask(
        talk.contact, "take_up", "take_up", case=None, choices=marks, labels=labels, batch_id=question.batch_id
    )


def _take_up(talk: Talk, question: QuestionRecord, typed: int) -> None:
    choice, _, answer = str(question.options[typed - 1]).partition(":")
    if choice == "only_telling":
        _only_telling(talk, question, answer)
        return
    assert talk.contact.person_id is not None
    person = people.by_id(talk.tx, talk.contact.person_id)
    opening = Opening(
        kind=CaseKind.COMPLAINT,
        category=_CATEGORIES[answer],
        area=areas.by_id(talk.tx, person.area_id) if person.area_id is not None else None,
        round_id=_round_of(talk, question),
        anonymous=choice == "check_no_name",
    )
    case = talk.work.open(opening, person_id=person.id, contact=talk.contact, actor=Actor("person"))
    day = talk.voice.day(case.answer_by)
    if answer == "less":
        talk.work.ask(talk.contact, "amount", "take_up_receipt", case=case, day=day)
    else:
        talk.tell("take_up_receipt_missing", case=case, ref=case.reference, day=day)


def _of_whom(talk: Talk, question: QuestionRecord) -> Talk:
    """Return the step as one of the person who was asked, where several share the phone."""
    if question.batch_id is None:
        return talk
    asked = addressing.asked_person(talk.tx, question.batch_id, talk.contact.id)
    return talk if asked is None else shared_phone.as_hers(talk, asked)


def _only_telling(talk: Talk, question: QuestionRecord, answer: str) -> None:
    """Thank her; who got less is asked how much, for staff to see with the round."""
    if answer == "less":
        talk.work.ask(talk.contact, "amount", "take_up_how_much", case=None, batch_id=question.batch_id)
    else:
        talk.tell("take_up_thanks")


def _sum_in(talk: Talk) -> _Told | None:
    """Return the sum that words name, such as `50,000` or ៥ម៉ឺន, 5 ແສນ; None where they hold no number.

    What is in another country's money, too small for any (who types 5 may mean fifty thousand), or beside other
    numbers is not clear.
    """
    text = to_ascii_digits(talk.text)
    numbers = [re.sub(r"[ .,]", "", each) for each in _NUMBER.findall(text)]
    if not numbers:
        return None
    sums = found_in(talk.context, text, talk.now).sums
    own = _OWN_MONEY[talk.context.settings.country]
    if len(sums) == 1 and sums[0].currency == own and not _NUMBER.search(text.replace(sums[0].typed, "", 1)):
        return _Told(sums[0].typed, int(sums[0].amount) if sums[0].amount <= _MOST else None)
    is_clear = len(numbers) == 1 and not sums and _LEAST <= int(numbers[0][:_LONGEST]) <= _MOST
    return _Told(numbers[0][:_LONGEST], int(numbers[0]) if is_clear else None)


def _round_of(talk: Talk, question: QuestionRecord) -> int | None:
    return batches.round_of(talk.tx, question.batch_id) if question.batch_id is not None else None
