"""Phone numbers as people type them: with spaces, dots and dashes, in three scripts' digits, with and without +855."""

from collections.abc import Iterator

import phonenumbers
import regex

from domain.texts.digits import to_ascii_digits
from understanding.slots.glossary import Country
from understanding.slots.laid import Found

_APART = r"[\s.\-‐-―()\u200b]{0,3}"
_CANDIDATE = regex.compile(
    rf"(?<![\d+])(?<!\d[.,:/\-])(?:[+＋]\s?|\(\+?)?\d(?:{_APART}\d){{6,24}}(?![\d%])",
)
_GROUP = regex.compile(r"\d+")
_DATE = regex.compile(r"(?:\d{1,2}[.\-/]\d{1,2}[.\-/](?:\d{4}|\d{2})|\d{4}-\d\d-\d\d)(?!\d)")
_FEWEST, _MOST = 8, 15
_BEGINS: dict[Country, tuple[str, ...]] = {"KH": ("0", "855", "856"), "LA": ("0", "855", "856", "20")}
_OTHER: dict[Country, Country] = {"KH": "LA", "LA": "KH"}


def find_phones(text: str, country: Country) -> list[Found[str]]:
    """Return the phone numbers in a text as E.164, with their offsets, in order.

    A number is one that exists in the numbering plan of the country, or of the other one of the two; of any country
    where it was typed with +. (`phonenumbers.PhoneNumberMatcher` misses 7 of the 41 numbers of our tests, such as
    those with 00855, without 0, or before a sum, and finds nothing more, so it is not used.)
    """
    plain = to_ascii_digits(text)
    found: list[Found[str]] = []
    for candidate in _CANDIDATE.finditer(plain):
        found.extend(_numbers_in(plain, candidate.span(), country))
    return found


def _numbers_in(plain: str, span: tuple[int, int], country: Country) -> Iterator[Found[str]]:
    groups = [match.span() for match in _GROUP.finditer(plain, *span)]
    first = 0
    while first < len(groups):
        start, international = _start(plain, span[0], groups[first][0])
        hit = None
        if not _DATE.match(plain, groups[first][0]):
            hit = _longest(plain, groups[first:], country, international=international)
        if hit is None:
            first += 1
            continue
        used, e164 = hit
        yield Found(start, groups[first + used - 1][1], e164)
        first += used


def _start(plain: str, least: int, digit: int) -> tuple[int, bool]:
    before = plain[least:digit].rstrip()
    plus = max(before.rfind("+"), before.rfind("＋"))
    if plus < 0 or any(char.isdigit() for char in before[plus:]):
        return digit, False
    return least + plus, True


def _longest(
    plain: str, groups: list[tuple[int, int]], country: Country, *, international: bool
) -> tuple[int, str] | None:
    """Return how many groups of digits the longest number from the first group has, and that number."""
    digits = ""
    ends: list[tuple[int, str]] = []
    for used, (start, end) in enumerate(groups, 1):
        digits += plain[start:end]
        if len(digits) > _MOST:
            break
        if len(digits) >= _FEWEST:
            ends.append((used, digits))
    if not international and not digits.startswith(_BEGINS[country]):
        return None
    for used, number in reversed(ends):
        e164 = _e164("+" + number, country) if international else _national(number, country)
        if e164:
            return used, e164
    return None


def _national(number: str, country: Country) -> str | None:
    if number.startswith("00"):
        return _e164("+" + number[2:], country)
    if number.startswith(("855", "856")) and len(number) > 10:
        return _e164("+" + number, country)
    if number.startswith("20") and len(number) != 10:
        return None
    return _e164(number, country) or _e164(number, _OTHER[country])


def _e164(number: str, country: Country) -> str | None:
    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
