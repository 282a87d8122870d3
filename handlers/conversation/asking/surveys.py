"""After a payment: whether the money came, whether it should be taken up, and how much it was."""

import re

from domain.digits import to_ascii_digits
from domain.lifecycle import CaseKind
from domain.reading import Category
from handlers.cases.caseacts import Actor
from handlers.cases.casework import Opening
from handlers.conversation.talk import Talk
from storage.queries import areas, audit
from storage.queries.casework.cases import CaseRecord
from storage.queries.persons import people, questions
from storage.queries.persons.questions import QuestionRecord
from storage.queries.programme import rounds
from storage.queries.sending import batches
from wording import say

RECEIVED = ("received", "missing", "less")
"""What the numbers of the survey stand for; 1 is always the good answer."""
TAKE_UP = ("check_no_name", "check_name", "only_telling")
_NUMBER = re.compile(r"\d+(?:[ .,]\d{3})*(?!\d)|\d+")
_LONGEST, _MOST = 12, 2**31 - 1
"""How many digits are kept of a sum, and the largest that is counted with."""
_CATEGORIES = {"missing": Category.PAYMENT_MISSING, "less": Category.PAYMENT_AMOUNT}


def answered(talk: Talk, question: QuestionRecord, typed: int) -> None:
    """Go on after an answer to the survey, or to whether it should be taken up."""
    if question.kind == "survey":
        _received(talk, question, typed)
    else:
        _take_up(talk, question, typed)


def amount(talk: Talk, question: QuestionRecord, case: CaseRecord) -> bool:
    """Keep how much the person got, on the case and with the round; False where the words hold no number."""
    numbers = [re.sub(r"[ .,]", "", each) for each in _NUMBER.findall(to_ascii_digits(talk.text))]
    if not numbers:
        return False
    talk.keep(case=case)
    told = numbers[0][:_LONGEST]
    questions.close(talk.tx, question.id, answer=told, now=talk.now)
    talk.work.note(case, "case.amount_told", Actor("person"), amount=told)
    is_clear = len(numbers) == 1 and int(told) <= _MOST
    if is_clear and case.round_id is not None:
        rounds.record_amount(talk.tx, case.round_id, case.person_id, int(told))
    talk.tell("noted", case=case)
    return True


def take_back(talk: Talk, question: QuestionRecord) -> None:
    """Forget the answer to a survey."""
    talk = talk.with_person()
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
        talk.tell("take_up_thanks")
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


def _round_of(talk: Talk, question: QuestionRecord) -> int | None:
    return batches.round_of(talk.tx, question.batch_id) if question.batch_id is not None else None
