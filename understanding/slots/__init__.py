"""Slots of a text: the days, months, sums and phone numbers that stand in it, as values."""

from datetime import date
from typing import TypeVar

from domain.texts.references import find_reference
from domain.texts.slots import FoundDate, FoundMonth, FoundPhone, FoundSum, Slots
from understanding.slots.calendar import Month
from understanding.slots.dates import find_dates
from understanding.slots.glossary import Country
from understanding.slots.laid import TAKEN, Found, lay, taken
from understanding.slots.phones import find_phones
from understanding.slots.sums import find_sums

EXAMINED = 1200
"""So many characters of a text are looked at, as in `understanding.features`."""
_MOST_REFERENCES = 5
_Value = TypeVar("_Value")


def slots_of(text: str, *, today: date, country: Country, prefixes: tuple[str, ...]) -> Slots:
    """Return the days, months, sums of money and phone numbers of a text; never fails.

    Every stretch of the text is taken once: phone numbers first, then dates, then sums. Case references, which begin
    with one of `prefixes`, are left alone. `today` is the day in project time; words without a currency mean the country's own.
    """
    rest = _without_references(text[:EXAMINED], prefixes)
    phones = find_phones(rest, country)
    for phone in phones:
        rest = taken(rest, phone.start, phone.end)
    laid = lay(rest, country)
    key = laid.key
    dates = find_dates(key, today)
    for each in dates:
        key = taken(key, each.start, each.end)
    days = [(found.value, laid.typed(found.start, found.end)) for found in dates if isinstance(found.value, date)]
    months = [(found.value, laid.typed(found.start, found.end)) for found in dates if isinstance(found.value, Month)]
    sums = [
        (found.value, laid.typed(found.start, found.end)) for found in find_sums(key, country) if laid.is_sure(found)
    ]
    return Slots(
        dates=tuple(FoundDate(day, typed) for day, typed in _once(days)),
        months=tuple(FoundMonth(month.year, month.month, typed) for month, typed in _once(months)),
        sums=tuple(FoundSum(money.amount, money.currency, typed) for money, typed in _once(sums)),
        phones=tuple(FoundPhone(e164, typed) for e164, typed in _once(_typed(phones, text))),
    )


def _without_references(text: str, prefixes: tuple[str, ...]) -> str:
    upper = text.upper()
    if not any(prefix in upper or prefix[::-1] in upper for prefix in prefixes):
        return text
    for _ in range(_MOST_REFERENCES):
        reference = find_reference(text, prefixes)
        if reference is None:
            break
        text = text.replace(reference.typed, TAKEN * len(reference.typed))
    return text


def _typed(phones: list[Found[str]], text: str) -> list[tuple[str, str]]:
    return [(found.value, text[found.start : found.end]) for found in phones]


def _once(found: list[tuple[_Value, str]]) -> list[tuple[_Value, str]]:
    first: dict[_Value, str] = {}
    for value, typed in found:
        first.setdefault(value, typed)
    return list(first.items())
