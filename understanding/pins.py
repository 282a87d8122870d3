"""Secret numbers that people send along, made unreadable before anybody sees the text."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

import regex

from domain.texts.digits import to_ascii_digits

_LATIN_WORDS = (
    "pins?", r"pin\s?codes?", r"pass\s?(?:word|wd|code)s?", "pwd", "otp", "codes?", r"secret\s?(?:number|code)?",
    r"le[ck]h?\s*(?:som|sam|sum)\s?(?:ngat|ngaat|ngoat|ngot)", r"le[ck]h?\s*(?:kod|kode|code)", "(?:som|sam)ng[ao]+t",
    "la?hat", "lahud", r"la\s?had", "rahat", r"lek\s?lap",
)  # fmt: skip
_WORDS = (
    r"លេខ\s*(?:សម្ងាត់|សំងាត់|កូដ|កូត|ពិន)", r"(?:ពាក្យ|លេខ)សម្ងាត់", "សម្ងាត់", "សំងាត់", "កូដ", "អូធីភី", "ភីន",
    "ລະ?ຫັດ(?:ລັບ|ຜ່ານ)?", "ເລກລັບ", "ພິນ", "ໂອທີພີ", rf"(?<![a-z])(?:{'|'.join(_LATIN_WORDS)})(?![a-z])",
)  # fmt: skip
_INVISIBLE = r"[\u200b-\u200d\u2060\ufeff]*"
_WORD = regex.compile("|".join(_INVISIBLE.join(word) if word.isalpha() else word for word in _WORDS))
_NUMBER = regex.compile(
    r"(?<![\d$€฿៛₭])(?<!\d[.,:/\-])(?:\d{4,6}|\d{2,3}[ \-]\d{2,3}|\d(?:[ \-]\d){3,5})(?!\d|[.,:/\-]\d)"
)
_PHONE = regex.compile(r"(?<!\d)(?:\+?85[56]|0)[\s.\-]?\d(?:[\s.\-]?\d){6,9}(?!\d)")
_CURRENCY_AFTER = regex.compile(
    r"[\s]*(?:\$|€|៛|₭|฿|រៀល|រ(?!\p{L})|ដុល្លារ|ពាន់|ម៉ឺន|លាន|ກີບ|ພັນ|ໝື່ນ|ແສນ|ລ້ານ|"
    r"(?:usd|riels?|kips?|k|dollars?|khr|lak|lan|phan|pan|baht|r)(?![a-z]))",
)
_CURRENCY_BEFORE = regex.compile(r"(?:\$|€|៛|₭|usd|riel|kip)\s*$")
_YEAR_BEFORE = regex.compile(r"(?:ឆ្នាំ|ປີ|year|chnam|since|pi)\s*$")
_NEAR_BEFORE, _NEAR_AFTER = 28, 14
_MASK = "•"
_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Spans:
    """Where a pattern stands in a text, in order and apart from each other, so that neighbours are found by halving."""

    starts: list[int]
    ends: list[int]

    @classmethod
    def of(cls, pattern: regex.Pattern[str], text: str) -> "_Spans":
        """Return all places of a pattern in a text."""
        spans = [match.span() for match in pattern.finditer(text)]
        return cls([start for start, _ in spans], [end for _, end in spans])

    def gap_before(self, offset: int) -> int | None:
        """Return how far before an offset the last of them ends."""
        found = bisect_right(self.ends, offset)
        return offset - self.ends[found - 1] if found else None

    def after(self, offset: int, reach: int) -> range:
        """Return the numbers of those that start at an offset or within reach of it."""
        return range(bisect_left(self.starts, offset), bisect_right(self.starts, offset + reach))

    def around(self, span: _Span) -> bool:
        """Tell whether one of them covers a span."""
        found = bisect_right(self.starts, span[0])
        return found > 0 and span[1] <= self.ends[found - 1]


def mask_pins(text: str) -> tuple[str, bool]:
    """Return the text with every digit of a PIN, password or one-time code as `•`, and whether there was any.

    A number counts as such with 4 to 6 digits close to a word for one, in Khmer, Lao, English or their Latin
    spellings. Case references, phone numbers, sums with a currency, dates and years stay.
    """
    plain = to_ascii_digits(text)
    folded = plain.lower()
    if len(folded) != len(plain):
        folded = plain
    words = _Spans.of(_WORD, folded)
    if not words.starts:
        return text, False
    numbers, phones = _Spans.of(_NUMBER, folded), _Spans.of(_PHONE, folded)
    secret = [
        number
        for number in zip(numbers.starts, numbers.ends, strict=True)
        if not phones.around(number) and _is_secret(folded, number, words, numbers)
    ]
    masked = list(text)
    for start, end in secret:
        masked[start:end] = [_MASK if char.isdigit() else char for char in plain[start:end]]
    return "".join(masked), bool(secret)


def _is_secret(text: str, number: _Span, words: _Spans, numbers: _Spans) -> bool:
    start, end = number
    before = text[max(0, start - 24) : start]
    if _CURRENCY_AFTER.match(text, end) or _CURRENCY_BEFORE.search(before) or _YEAR_BEFORE.search(before):
        return False
    gap = words.gap_before(start)
    if gap == 0:
        return True
    if _touches_letters(text, start, end):
        return False
    if gap is not None and gap <= _NEAR_BEFORE:
        return True
    return any(not numbers.after(words.ends[word], _NEAR_AFTER) for word in words.after(end, _NEAR_AFTER))


def _touches_letters(text: str, start: int, end: int) -> bool:
    after, before = text[end : end + 1], text[start - 1 : start]
    if after.isascii() and after.isalpha():
        return True
    return before.isascii() and (before.isalpha() or (before == "-" and text[start - 2 : start - 1].isalnum()))
