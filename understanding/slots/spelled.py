"""Sums whose numbers are words: ពីរម៉ឺន, ຫ້າສິບພັນ, half a million, សាមសិបដុល្លារ."""

from collections.abc import Iterator
from decimal import Decimal

import regex

from understanding.slots.laid import Found, loose
from understanding.slots.units import COUNTED, CURRENCY_WORDS, MULTIPLIERS, either

_ONES = {
    "មួយ": 1, "ពីរ": 2, "បី": 3, "បួន": 4, "ប្រាំ": 5, "ប្រាំមួយ": 6, "ប្រាំពីរ": 7, "ប្រាំបី": 8, "ប្រាំបួន": 9,
    "ໜຶ່ງ": 1, "ນຶ່ງ": 1, "ສອງ": 2, "ສາມ": 3, "ສີ່": 4, "ຫ້າ": 5, "ຫົກ": 6, "ເຈັດ": 7, "ແປດ": 8, "ເກົ້າ": 9, "ເອັດ": 1,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
}  # fmt: skip
_TENS = {
    "ដប់": 10, "ម្ភៃ": 20, "សាមសិប": 30, "សែសិប": 40, "ហាសិប": 50, "ហុកសិប": 60, "ចិតសិប": 70, "ប៉ែតសិប": 80, "កៅសិប": 90,
    "ຊາວ": 20, "ten": 10, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
_LEAST = {"KHR": 100, "LAK": 100, "THB": 20, "USD": 1}
_LAO_TEN = "ສິບ"
_HALF = ("កន្លះ", "ເຄິ່ງ", "half")
_ALL = {loose(word): value for word, value in {**_ONES, **_TENS, **MULTIPLIERS, _LAO_TEN: 10}.items()}
_MARKS = {loose(word) for word in _HALF}
_SMALL = {loose(word) for word in _ONES}
_FULL_TENS = {loose(word) for word in _TENS}
_TEN = loose(_LAO_TEN)
_WORD = either(" ".join((*_ONES, *_TENS, *(word for word in MULTIPLIERS if word != "k"), _LAO_TEN, *_HALF)))
_CURRENCY = "|".join(f"(?P<{name}>{either(words)})" for name, words in CURRENCY_WORDS.items())
_RUN = regex.compile(
    rf"(?<!(?:{either('ឆ្នាំ ປີ year')})\s?)(?:{_WORD})(?:(?:\s?(?:and|a)\s|[\s\-])?(?:{_WORD}))*(?:\s?(?:{_CURRENCY}))?"
    rf"(?P<counted>\s?(?:%|{COUNTED}))?"
)
_WORDS = regex.compile(_WORD)


def find_spelled(key: str) -> Iterator[Found[tuple[Decimal, str | None]]]:
    """Give the amounts in a key whose numbers are words, each with its currency, or None where none is named.

    Without a currency only thousands and more are sums, in whole hundreds: what is left are years and counts. Not one
    riel means nothing at all.
    """
    for match in _RUN.finditer(key):
        currency = next((name for name in CURRENCY_WORDS if match[name]), None)
        amount = _amount([each[0] for each in _WORDS.finditer(key, match.start(), match.end())])
        if amount is None or match["counted"] or not _is_sum(amount, currency):
            continue
        yield Found(match.start(), match.end(), (amount, currency))


def _is_sum(amount: Decimal, currency: str | None) -> bool:
    return amount >= _LEAST[currency] if currency else amount >= 1000 and amount % 100 == 0


def _amount(words: list[str]) -> Decimal | None:
    """Return what number words say together, or None where they say no one number (ពីរបី: two or three)."""
    total = section = current = last = Decimal(0)
    counts = False
    for word in words:
        if word in _MARKS:
            counts = counts or not last
            current, total = (current, total + last / 2) if last else (Decimal("0.5"), total)
        elif word in _SMALL or word in _FULL_TENS:
            if current % 10 or (current and word in _FULL_TENS):
                return None
            counts, current = True, current + _ALL[word]
        elif word == _TEN:
            counts, current = True, (current or Decimal(1)) * 10
        elif _ALL[word] == 100:
            section, current = section + (current or 1) * 100, Decimal(0)
            counts = counts or len(words) > 1
        else:
            last = Decimal(_ALL[word])
            total, section, current = total + (section + current or 1) * last, Decimal(0), Decimal(0)
    whole = total + section + current
    return whole if counts and whole == whole.to_integral_value() else None
