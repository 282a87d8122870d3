"""Sums of money as people write them: ៥ម៉ឺន, 1 ລ້ານ 5 ແສນ, 50.000 kip, 40$, 250k."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import get_args

import regex

from domain.texts.slots import Currency
from understanding.slots.glossary import Country
from understanding.slots.laid import Found, loose
from understanding.slots.spelled import find_spelled
from understanding.slots.units import COUNTED, CURRENCY_WORDS, MULTIPLIER, MULTIPLIERS, NOT_COUNTED, either


@dataclass(frozen=True, slots=True)
class Money:
    """An amount and its currency."""

    amount: Decimal
    currency: Currency


_OWN: dict[Country, Currency] = {"KH": "KHR", "LA": "LAK"}
_MOST_DIGITS = 13
_LEAST = {"THB": 20, "LAK": 100}
"""Fewer are no money: ບາດ is also a wound, `lak` a kilometre, and no note is below 500 kip."""

_NUMBER = r"(?:\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?|\d{1,3}(?: \d{3})*(?: [05]00)(?![\d.,])|\d+(?:[.,]\d{1,2})?)(?!\d|[.,]\d)"
_NOT_WITHIN = r"(?<![\d\x00])(?<!\d[.,:/])(?<!\d [.,])"
_HALF = either("កន្លះ ເຄິ່ງ")
_CURRENCY = (
    rf"(?P<USD>(?:us ?)?\$|{either(CURRENCY_WORDS['USD'])})"
    rf"|(?P<KHR>{either(CURRENCY_WORDS['KHR'])}|r(?![a-z])|រ(?![\u1780-\u17d3]))"
    rf"|(?P<LAK>{either(CURRENCY_WORDS['LAK'])})|(?P<THB>{either(CURRENCY_WORDS['THB'])})(?!\u17cb)"
)
_BEFORE = rf"(?P<before>(?:us ?)?\$|{either('usd lak baht រៀល ກີບ')}|[៛₭฿])"
_BEFORE_MEANS: dict[str, Currency] = {
    "$": "USD", "us$": "USD", "us $": "USD", "usd": "USD", "៛": "KHR", loose("រៀល"): "KHR", "₭": "LAK", "lak": "LAK",
    loose("ກີບ"): "LAK", "baht": "THB", "฿": "THB",
}  # fmt: skip
_TERM = rf"(?:{_NUMBER})\s?(?:{MULTIPLIER})(?:\s?(?:{MULTIPLIER}))?(?!\u17d2)"
_TERMS = rf"{_TERM}(?:[ ,]?{_TERM})*(?:\s?(?:{_HALF}))?"
_WITH_UNITS = regex.compile(
    rf"{_NOT_WITHIN}(?:{_BEFORE}\s?)?(?P<terms>{_TERMS})(?:\s?(?:{_CURRENCY}))?"
    rf"(?P<counted>\s?(?:%|{COUNTED}))?"
)
_WITH_CURRENCY = regex.compile(rf"{_NOT_WITHIN}(?<![$₭៛฿])(?<![$₭៛฿] )(?P<number>{_NUMBER})\s?(?:{_CURRENCY})")
_AFTER_CURRENCY = regex.compile(rf"{_BEFORE}\s?(?P<number>{_NUMBER}){NOT_COUNTED}")
_BARE = regex.compile(
    rf"{_NOT_WITHIN}(?P<number>\d{{1,3}}(?:[., ]\d{{3}})*[., ]000|\d{{2,10}}000)(?![\d]|[.,]\d){NOT_COUNTED}"
)
_ONE_TERM = regex.compile(rf"({_NUMBER})\s?({MULTIPLIER})(?:\s?({MULTIPLIER}))?")
_DIGIT_BEFORE = regex.compile(r"\d\s?$")
_HALF_AT_END = regex.compile(rf"(?:{_HALF})$")
_FACTORS = {loose(word): Decimal(factor) for word, factor in MULTIPLIERS.items()}
_GROUPED = regex.compile(r"[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*|[1-9]\d{0,2}(?: \d{3})+")


def find_sums(key: str, country: Country) -> list[Found[Money]]:
    """Return the sums of money in a key, in order.

    A number is a sum where a currency or a unit word stands by it (ម៉ឺន, ແສນ, k), or where it has five digits or more
    and ends in 000; so is one in words (ពីរម៉ឺន). What counts people, trees or kilograms is none. A full stop and a
    comma are thousands marks before three digits, decimal marks else.
    """
    found: list[Found[Money]] = []
    for pattern in (_WITH_UNITS, _WITH_CURRENCY, _AFTER_CURRENCY, _BARE):
        for match in pattern.finditer(key):
            if any(match.start() < other.end and other.start < match.end() for other in found):
                continue
            money = _money(match, country)
            if money:
                found.append(Found(match.start(), match.end(), money))
    found += _spelled(key, country, found)
    return sorted(found, key=lambda each: each.start)


def _spelled(key: str, country: Country, typed: list[Found[Money]]) -> list[Found[Money]]:
    """Return the sums in words, but for those of which a typed number is part."""
    found = []
    for each in find_spelled(key):
        amount, currency = each.value
        begins_within = _DIGIT_BEFORE.search(key, 0, each.start) is not None
        if not begins_within and not any(each.start < other.end and other.start < each.end for other in typed):
            named = next((known for known in get_args(Currency) if known == currency), _OWN[country])
            found.append(Found(each.start, each.end, Money(_whole(amount), named)))
    return found


def _money(match: regex.Match[str], country: Country) -> Money | None:
    groups = match.groupdict()
    currency = _currency(groups)
    if groups.get("counted"):
        return None
    amount = _amount_of_terms(groups["terms"]) if groups.get("terms") else typed_amount(groups["number"])
    if amount is None or (amount < _LEAST.get(currency or "", 0)):
        return None
    return Money(amount, currency or _OWN[country])


def _currency(groups: dict[str, str | None]) -> Currency | None:
    before = groups.get("before")
    if before:
        return _BEFORE_MEANS[before]
    return next((currency for currency in get_args(Currency) if groups.get(currency)), None)


def _amount_of_terms(terms: str) -> Decimal | None:
    total, last = Decimal(0), Decimal(0)
    for number, unit, second in _ONE_TERM.findall(terms):
        amount = typed_amount(number)
        if amount is None:
            return None
        last = _FACTORS[unit] * (_FACTORS[second] if second else 1)
        total += amount * last
    if _HALF_AT_END.search(terms):
        total += last / 2
    return _whole(total)


def typed_amount(number: str) -> Decimal | None:
    """Return what a typed number means: `50.000` and `50,000` are fifty thousand, `2,5` and `2.5` two and a half."""
    if sum(char.isdigit() for char in number) > _MOST_DIGITS:
        return None
    if _GROUPED.fullmatch(number):
        plain = regex.sub(r"[., ]", "", number)
    else:
        whole, mark, part = number.rpartition("," if number.rfind(",") > number.rfind(".") else ".")
        plain = regex.sub(r"[., ]", "", whole) + "." + part if mark else number.replace(" ", "")
    try:
        return _whole(Decimal(plain))
    except InvalidOperation:
        return None


def _whole(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal(1)) if amount == amount.to_integral_value() else amount.normalize()
