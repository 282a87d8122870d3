"""Answers to the open question: numbers in any script, words, and taps on buttons that carry the question's id."""

from collections.abc import Callable
from datetime import timedelta

from domain.lifecycle import Status
from domain.reading import Category, Intent, Reading
from domain.texts.digits import to_ascii_digits
from handlers import faq
from handlers.cases.caseacts import Actor
from handlers.conversation import behalf, calls, matters, own_wishes, privacy, status
from handlers.conversation.asking import same_matter, satisfaction, shared_phone, surveys, which_matter, withdrawal
from handlers.conversation.talk import Talk
from handlers.incoming.marks import row_number
from handlers.places import bare_place, find_places, find_wider, full_place, nearest_first, option_place
from storage.queries import areas
from storage.queries.areas import AreaRecord
from storage.queries.casework import cases
from storage.queries.casework.cases import CaseRecord
from storage.queries.persons import people, questions
from storage.queries.persons.questions import QuestionRecord
from understanding.hours import bare_hour, call_hours
from wording import say

YES_NO = frozenset({"solved", "slip", "survey", faq.KIND, calls.KIND, satisfaction.APPEAL, satisfaction.TROUBLE,
                    same_matter.KIND})  # fmt: skip
FREE = frozenset({"place", "hours", "missing", "ask", "reply", "amount"})
"""Questions whose answer is words; a number is words too, there."""
PLACES = frozenset({"place", "place_which", which_matter.KIND, same_matter.KIND})
_ASKING_PLACE = frozenset({"place", which_matter.KIND, same_matter.KIND, calls.KIND})
_BESIDE_PLACE = frozenset({which_matter.KIND, same_matter.KIND})
"""Questions that took the place of the one for the place: words may still name it, and leave them open."""
_PLACE_MENDED = timedelta(hours=72)
_OTHER_MATTER = 0.8
_PLACES_ASKED = 5
_NARROWER = "narrower"
"""What a question for a place keeps that is asked again because its district alone was named."""
PERSON = Actor("person")
_ELSEWHERE = frozenset({Intent.STATUS, Intent.HELP, Intent.START, Intent.LANGUAGE})


def number(talk: Talk, typed: int, question: QuestionRecord | None) -> None:
    """Take a number as the answer to the open question; a late one is told so."""
    if question is None:
        talk.keep(kind="unsorted")
        talk.tell("menu")
    elif question.state == "open" and question.expires_at > talk.now:
        if question.kind in FREE:
            _number_as_words(talk, typed, question)
        else:
            choose(talk, question, typed)
    else:
        talk.keep()
        if question.state == "open":
            questions.end_open(talk.tx, talk.contact.id, "expired")
        talk.tell("question_late")


def _number_as_words(talk: Talk, typed: int, question: QuestionRecord) -> None:
    """Take a bare number where words were asked for: an hour where hours were, else as the words it is."""
    hours = bare_hour(str(typed)) if question.kind == "hours" else None
    if hours is not None and question.case_id is not None:
        talk = talk.with_person()
        questions.close(talk.tx, question.id, answer="hours", now=talk.now)
        case = cases.by_id(talk.tx, question.case_id, locked=True)
        matters.join(talk, case, None, hours=hours)
    elif not in_words(talk, None, question):
        talk.keep(kind="unsorted")
        talk.tell("menu")


def tapped(talk: Talk) -> None:
    """Take a tap on a button of a question; a button of a question that is over is told so."""
    mark, _, rest = talk.item.data.partition(":")
    first, _, second = rest.partition(":")
    number_of, choice = row_number(first), row_number(second)
    if mark != "q" or number_of is None or choice is None:
        return
    question = questions.by_id(talk.tx, number_of)
    if question is None or question.contact_point_id != talk.contact.id:
        return
    if question.state == "open" and question.expires_at > talk.now:
        choose(talk, question, choice)
    elif question.state != "answered":
        talk.tell("question_late")


def choose(talk: Talk, question: QuestionRecord, typed: int) -> None:
    """Take the numbered choice; one that is not there is answered with those that are."""
    talk = talk.with_person()
    case = cases.by_id(talk.tx, question.case_id, locked=True) if question.case_id is not None else None
    if not 1 <= typed <= len(question.options):
        talk.keep(case=case, kind="answer")
        numbers = ", ".join(str(n + 1) for n in range(len(question.options)))
        talk.tell("number_unknown", case=case, numbers=numbers)
        return
    if case is not None:
        talk = shared_phone.as_hers(talk, case.person_id)
    if talk.text:
        talk.keep(case=None if question.kind in satisfaction.APART else case, kind="answer")
    choice = str(question.options[typed - 1])
    questions.close(talk.tx, question.id, answer=choice, now=talk.now)
    if question.kind in ("survey", "take_up"):
        surveys.answered(talk, question, typed)
    elif question.kind == faq.KIND:
        _helped(talk, choice)
    elif question.kind == shared_phone.KIND:
        _whose(talk, question, choice)
    elif question.kind == withdrawal.WHICH:
        withdrawal.chosen(talk, choice)
    elif case is not None:
        _about_case(talk, question, case, choice)


def in_words(talk: Talk, reading: Reading | None, question: QuestionRecord) -> bool:
    """Take words as the answer to a question that asks for words; False where they are something else.

    So they are where somebody else than was asked uses the phone this hour.
    """
    if question.kind == "amount" and question.case_id is None:
        return surveys.amount_alone(talk, reading, question)
    takes = _IN_WORDS.get(question.kind)
    if takes is None or question.case_id is None or (reading is not None and reading.intent in _ELSEWHERE):
        return False
    talk = talk.with_person()
    case = cases.by_id(talk.tx, question.case_id, locked=True)
    if reading is not None and reading.reference not in (None, case.reference):
        return False
    if shared_phone.is_anothers(talk, case):
        return False
    if not takes(talk, reading, question, case):
        return False
    shared_phone.as_hers(talk, case.person_id)
    return True


def tells_of_trouble(talk: Talk, reading: Reading, question: QuestionRecord) -> bool:
    """Take words of harm in answer to whether all is well with her, since a case was closed; False for all others."""
    is_open = question.state == "open" and question.asked_at <= talk.now < question.expires_at
    if question.kind != satisfaction.TROUBLE or question.case_id is None or not is_open:
        return False
    case = cases.by_id(talk.tx, question.case_id)
    if shared_phone.is_anothers(talk, case) or not satisfaction.in_words(talk, reading, case):
        return False
    questions.close(talk.tx, question.id, answer="words", now=talk.now)
    return True


def _joins(talk: Talk, reading: Reading | None, question: QuestionRecord, case: CaseRecord) -> bool:
    """Let words join the case that was asked about; after a mere reply, not those on another matter."""
    if not (case.is_open or case.sensitive is not None):
        return False
    if question.kind == "reply" and reading is not None and _is_another_matter(reading, case):
        return False
    if question.kind in ("ask", "missing"):
        questions.close(talk.tx, question.id, answer="words", now=talk.now)
    matters.join(talk, case, reading)
    return True


def _amount(talk: Talk, _reading: Reading | None, question: QuestionRecord, case: CaseRecord) -> bool:
    return surveys.amount(talk, question, case)


def _not_solved_in_words(talk: Talk, reading: Reading | None, question: QuestionRecord, case: CaseRecord) -> bool:
    """Take a complaint about the same matter, while she is asked whether it is solved, for a no; her words are kept."""
    if reading is None or reading.intent is not Intent.COMPLAINT or _is_another_matter(reading, case):
        return False
    questions.close(talk.tx, question.id, answer="not_yet", now=talk.now)
    talk.keep(case=case, reading=reading)
    status.answer(talk, case, solved=False)
    return True


def _is_another_matter(reading: Reading, case: CaseRecord) -> bool:
    if reading.intent is Intent.QUESTION:
        return True
    same = reading.category is None or reading.category.value in (case.category, Category.OTHER.value)
    return reading.intent is Intent.COMPLAINT and not same and reading.confidence >= _OTHER_MATTER


def place_again(talk: Talk, reading: Reading, question: QuestionRecord) -> bool:
    """Take a place named late, or another one named soon after the first; False where the text names none."""
    answered = question.state == "answered" and question.answer != "hours"
    soon = question.asked_at > talk.now - _PLACE_MENDED
    late = question.state == "open" and (question.expires_at <= talk.now or question.kind in _BESIDE_PLACE)
    if question.case_id is None or not ((answered and soon) or late):
        return False
    found = find_places(talk.context, talk.tx, talk.text, whole=True)
    if not found and answered:
        found = find_places(talk.context, talk.tx, talk.text, whole=False)
    talk = talk.with_person()
    case = cases.by_id(talk.tx, question.case_id, locked=True)
    if not found or not case.is_open or case.area_id in {area.id for area in found}:
        return False
    if shared_phone.is_anothers(talk, case):
        return False
    talk.keep(case=case, reading=reading, kind="answer")
    if len(found) == 1:
        _placed(talk, case, found[0])
    else:
        _which(talk, case, found)
    return True


def take_back(talk: Talk, question: QuestionRecord | None) -> bool:
    """Take back the answer just given to a survey; False where there is none."""
    if question is not None and question.kind == "take_up":
        question = questions.latest_of_kind(talk.tx, talk.contact.id, "survey")
    if question is None or question.kind != "survey" or question.state != "answered":
        return False
    surveys.take_back(talk, question)
    return True


def _about_case(talk: Talk, question: QuestionRecord, case: CaseRecord, choice: str) -> None:
    if question.kind == "solved":
        status.answer(talk, case, solved=choice == "solved")
    elif question.kind == "slip":
        if choice == "yes":
            status.tell(talk, case)
        else:
            talk.tell("status_other_phone")
    elif question.kind in _BY_CHOICE:
        _BY_CHOICE[question.kind](talk, case, choice)
    elif question.kind == "place_which":
        _placed(talk, case, areas.by_id(talk.tx, int(choice)))
    elif question.kind in (satisfaction.KIND, satisfaction.APPEAL, satisfaction.TROUBLE):
        satisfaction.answered(talk, question, case, choice)
    elif question.kind == "last_level":
        due = talk.work.help_wanted(case)
        talk.tell("help_wanted", case=case, day=talk.voice.day(due))


def _whose(talk: Talk, question: QuestionRecord, choice: str) -> None:
    talk, wish = shared_phone.answered(talk, question, choice)
    if wish is not None:
        own_wishes.handle(talk, None, own_wishes.named(wish))


def _helped(talk: Talk, choice: str) -> None:
    in_vain = faq.helped(talk, choice)
    if in_vain is None:
        talk.tell("faq_helped")
    else:
        message_id, code = in_vain
        matters.not_helped(talk, message_id, code)


def _place_or_hours(talk: Talk, reading: Reading | None, question: QuestionRecord, case: CaseRecord) -> bool:
    hours = call_hours(talk.text)
    if hours is not None:
        questions.close(talk.tx, question.id, answer="hours", now=talk.now)
        matters.join(talk, case, reading, hours=hours)
        return True
    narrower = question.kind == "place" and question.options == [_NARROWER]
    if question.kind not in _ASKING_PLACE or (case.area_id is not None and not narrower):
        return False
    found = _within(case, find_places(talk.context, talk.tx, talk.text, whole=True))
    if not found:
        return _no_place(talk, reading, question, case)
    talk.keep(case=case, reading=reading, kind="answer")
    if question.kind not in _BESIDE_PLACE:
        questions.close(talk.tx, question.id, answer="place", now=talk.now)
    if len(found) == 1:
        _placed(talk, case, found[0])
    else:
        _which(talk, case, found)
    return True


def _no_place(talk: Talk, reading: Reading | None, question: QuestionRecord, case: CaseRecord) -> bool:
    """Take words that name no smaller place for whom she writes, for a district, or for a name that is not known."""
    if case.is_open and behalf.is_for_another(talk.text):
        if reading is not None and matters.is_for_another(talk, case, reading):
            return False
        matters.join(talk, case, reading)
        return True
    if case.area_id is None and _wider_place(talk, reading, case):
        return True
    return _unknown_place(talk, reading, question, case)


def _within(case: CaseRecord, found: list[AreaRecord]) -> list[AreaRecord]:
    """Return those of several places that lie in the district that is known already, where any do."""
    path = case.area_path
    return [area for area in found if path is not None and area.path.startswith(path)] or found


def _wider_place(talk: Talk, reading: Reading | None, case: CaseRecord) -> bool:
    """Put a case into the district that was named where a smaller place was asked for, and ask for that once more."""
    found = find_wider(talk.context, talk.tx, talk.text)
    if len(found) != 1:
        return False
    talk.keep(case=case, reading=reading, kind="answer")
    _put(talk, case, found[0])
    kind = say(f"area_kind_{talk.context.settings.asked_level}", talk.language)
    place = bare_place(found[0], talk.language)
    talk.work.ask(talk.contact, "place", "place_wider", case=case, choices=[_NARROWER], area_kind=kind, place=place)
    return True


def _after_call(talk: Talk, reading: Reading | None, question: QuestionRecord, case: CaseRecord) -> bool:
    """Take an hour, or a place that was asked for before the call; other words are read for what they say."""
    hours = call_hours(talk.text) is not None
    placing = case.area_id is None and bool(find_places(talk.context, talk.tx, talk.text, whole=True))
    return case.is_open and (hours or placing) and _place_or_hours(talk, reading, question, case)


def _unknown_place(talk: Talk, reading: Reading | None, question: QuestionRecord, case: CaseRecord) -> bool:
    """Say once that a short text names no known place; a longer one, or a second, is taken for what it says."""
    short = len(to_ascii_digits(talk.text).split()) <= 3 and len(talk.text) <= 30
    asked_again = question.kind == "place" and question.options
    if not short or asked_again or (reading is not None and reading.confidence >= 0.8):
        return False
    talk.keep(case=case, reading=reading)
    kind = say(f"area_kind_{talk.context.settings.asked_level}", talk.language)
    talk.work.ask(talk.contact, "place", "place_unknown", case=case, choices=["asked_again"], labels=(), area_kind=kind)
    return True


def _which(talk: Talk, case: CaseRecord, found: list[AreaRecord]) -> None:
    found = nearest_first(found, _known_path(talk))[:_PLACES_ASKED]
    names = [option_place(talk.tx, area, talk.language) for area in found]
    listed = " ".join(f"{n} {name}" for n, name in enumerate(names, start=1))
    numbers = f" {say('or', talk.language)} ".join(str(n + 1) for n in range(len(found)))
    talk.work.ask(
        talk.contact,
        "place_which",
        "place_choice",
        case=case,
        choices=[str(area.id) for area in found],
        labels=tuple(names),
        count=say(f"count_{len(found)}", talk.language),
        numbers=numbers,
        options=listed,
    )


def _known_path(talk: Talk) -> str | None:
    """Return where the person is known to live, None where she is not."""
    assert talk.contact.person_id is not None
    known = people.by_id(talk.tx, talk.contact.person_id).area_id
    return areas.by_id(talk.tx, known).path if known is not None else None


def _placed(talk: Talk, case: CaseRecord, area: AreaRecord) -> None:
    _put(talk, case, area)
    talk.tell("place_noted", case=case, place=full_place(talk.tx, area, talk.language))


def _put(talk: Talk, case: CaseRecord, area: AreaRecord) -> None:
    whose = case.about_id or case.person_id
    known = people.by_id(talk.tx, whose).area_id
    if known is None or known == case.area_id:
        people.change(talk.tx, whose, area_id=area.id)
    if case.area_id is not None and case.sensitive is None:
        talk.work.withdraw_notices(case)
    untouched = case.status is Status.NEW and case.parent_id is None
    talk.work.put_in_area(case, area, PERSON, from_the_start=untouched)


_BY_CHOICE: dict[str, Callable[[Talk, CaseRecord, str], None]] = {
    which_matter.KIND: which_matter.answered,
    same_matter.KIND: same_matter.answered,
    calls.KIND: calls.answered,
    withdrawal.KIND: withdrawal.answered,
    privacy.KIND: privacy.answered,
}
"""What goes on after the chosen answer to each kind of question that needs nothing but the case."""
_IN_WORDS: dict[str, Callable[[Talk, Reading | None, QuestionRecord, CaseRecord], bool]] = {
    "place": _place_or_hours,
    "hours": _place_or_hours,
    which_matter.KIND: _place_or_hours,
    same_matter.KIND: _place_or_hours,
    calls.KIND: _after_call,
    "missing": _joins,
    "ask": _joins,
    "reply": _joins,
    "amount": _amount,
    "solved": _not_solved_in_words,
}
"""What takes words as the answer to each kind of question."""
