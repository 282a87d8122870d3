"""Secret numbers that people send along, made unreadable before anybody sees the text."""

import regex

from domain.digits import to_ascii_digits

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


def mask_pins(text: str) -> tuple[str, bool]:
    """Return the text with every digit of a PIN, password or one-time code as `•`, and whether there was any.

    A number counts as such with 4 to 6 digits close to a word for one, in Khmer, Lao, English or their Latin
    spellings. Case references, phone numbers, sums with a currency, dates and years stay.
    """
    plain = to_ascii_digits(text)
    folded = plain.lower()
    if len(folded) != len(plain):
        folded = plain
    words = [match.span() for match in _WORD.finditer(folded)]
    numbers = [match.span() for match in _NUMBER.finditer(folded)] if words else []
    phones = [match.span() for match in _PHONE.finditer(folded)]
    secret = [
        number for number in numbers if not _within(number, phones) and _is_secret(folded, number, words, numbers)
    ]
    masked = list(text)
    for start, end in secret:
        masked[start:end] = [_MASK if char.isdigit() else char for char in plain[start:end]]
    return "".join(masked), bool(secret)


def _is_secret(text: str, number: _Span, words: list[_Span], numbers: list[_Span]) -> bool:
    start, end = number
    before = text[max(0, start - 24) : start]
    if _CURRENCY_AFTER.match(text, end) or _CURRENCY_BEFORE.search(before) or _YEAR_BEFORE.search(before):
        return False
    if any(word_end == start for _, word_end in words):
        return True
    if _touches_letters(text, start, end):
        return False
    if any(0 <= start - word_end <= _NEAR_BEFORE for _, word_end in words):
        return True
    following = [span for span in words if 0 <= span[0] - end <= _NEAR_AFTER]
    return any(not _number_follows(span, numbers) for span in following)


def _number_follows(word: _Span, numbers: list[_Span]) -> bool:
    return any(0 <= start - word[1] <= _NEAR_AFTER for start, _ in numbers)


def _within(number: _Span, spans: list[_Span]) -> bool:
    return any(start <= number[0] and number[1] <= end for start, end in spans)


def _touches_letters(text: str, start: int, end: int) -> bool:
    after, before = text[end : end + 1], text[start - 1 : start]
    if after.isascii() and after.isalpha():
        return True
    return before.isascii() and (before.isalpha() or (before == "-" and text[start - 2 : start - 1].isalnum()))
