"""The short question what a case is about, with the three likeliest matters as numbers, asked where the reading is unsure."""

from domain.lifecycle import CaseKind
from domain.reading import Category, Reading
from handlers.cases.caseacts import Actor
from handlers.conversation.talk import Talk
from storage.queries.casework.cases import CaseRecord
from wording import say

KIND = "matter"
_BETRAYING = frozenset({Category.ABUSE, Category.CORRUPTION, Category.STAFF_CONDUCT})
"""What is named in no message: whoever reads it on a shared phone would know that somebody was accused."""
_ASKED_OF = frozenset({CaseKind.COMPLAINT, CaseKind.QUESTION})
_CHOICES = 3


def wanted(case: CaseRecord, reading: Reading) -> bool:
    """Tell whether a person is asked what her case is about.

    Never where it is or may be sensitive: nothing follows the first receipt there, on a phone that others read. Nor where
    an accusation is the likeliest: what is offered in its place would take the case to those whom it accuses.
    """
    quiet = case.sensitive is not None or case.with_desk or reading.unsure_sensitive or reading.category in _BETRAYING
    return reading.unsure_category and not quiet and case.kind in _ASKED_OF and len(_choices(reading)) > 1


def ask(talk: Talk, case: CaseRecord, reading: Reading) -> None:
    """Ask it. Words in answer are still taken as the place that the receipt asked for."""
    choices = _choices(reading)
    names = tuple(say(f"category_{choice}", talk.language) for choice in choices)
    options = " ".join(f"{n} {name}" for n, name in enumerate(names, start=1))
    talk.work.ask(talk.contact, KIND, "which_matter", case=case, choices=[*choices], labels=names, options=options)


def answered(talk: Talk, case: CaseRecord, choice: str) -> None:
    """Take the answer, say it back, and let a place or hours that come next still be taken.

    What an officer has named meanwhile stands.
    """
    if case.is_open and case.category_by != "officer":
        case = talk.work.recategorise(case, Category(choice), Actor("person"))
    talk.tell("matter_noted", case=case, matter=say(f"category_{choice}", talk.language))
    if case.is_open:
        talk.work.ask(talk.contact, "place" if case.area_id is None else "hours", None, case=case)


def _choices(reading: Reading) -> list[Category]:
    likely: list[Category] = [category for category in reading.categories if category not in _BETRAYING]
    return likely[:_CHOICES]
