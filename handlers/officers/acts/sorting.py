"""Correcting what a case is about: an officer names the category by number, by word, or by a tap on a list."""

from domain.ports import Button, Rows
from domain.reading import Category, Language
from domain.settings import Level
from domain.texts.digits import typed_number
from handlers.officers.duty import Duty
from storage.queries.casework import case_numbers
from storage.queries.casework.cases import CaseRecord
from understanding.wishes.labels import closest_label
from wording import say

_CATEGORIES = tuple(Category)
_A_ROW = 2
MARK = "k"


def correct(duty: Duty, case: CaseRecord, words: str) -> None:
    """Put a case into the category that is named; where none is, or it is not clear which, show them all."""
    category = _meant(words, duty.language) if words else None
    if category is None:
        _which(duty, case)
    else:
        choose(duty, case, category)


def choose(duty: Duty, case: CaseRecord, category: Category) -> None:
    """Put a case into a category, and say so."""
    name = say(f"category_{category}", duty.language)
    still_seen = category is Category.ABUSE and case.sensitive is None
    if case.category != category or case.category_by == "machine" or still_seen:
        case = duty.work.recategorise(case, category, duty.actor)
    if case.sensitive is not None and Level.FOCAL not in duty.staff.levels:
        duty.tell("officer_marked_sensitive", ref=case.reference)
        return
    duty.tell("officer_category_set", case=case, ref=case.reference, category=name)


def tapped(verb: str) -> Category | None:
    """Return the category of a tapped button, None where there is no such."""
    return Category(verb) if verb in set(Category) else None


def _which(duty: Duty, case: CaseRecord) -> None:
    number = case_numbers.number_for(duty.tx, duty.staff.id, case.id)
    names = [say(f"category_{category}", duty.language) for category in _CATEGORIES]
    options = "\n".join(f"{n} {name}" for n, name in enumerate(names, start=1))
    buttons = [Button(name, f"{MARK}:{category}:{case.id}") for name, category in zip(names, _CATEGORIES, strict=True)]
    rows: Rows = tuple(tuple(buttons[n : n + _A_ROW]) for n in range(0, len(buttons), _A_ROW))
    duty.tell("officer_category_which", case=case, buttons=rows, ref=case.reference, number=number, options=options)


def _meant(words: str, language: Language) -> Category | None:
    number = typed_number(words)
    if number is not None:
        return _CATEGORIES[number - 1] if 1 <= number <= len(_CATEGORIES) else None
    names = {category.value: [category.value, say(f"category_{category}", language)] for category in _CATEGORIES}
    found = closest_label(words, names)
    return Category(found) if found else None
