"""Times of day at which somebody wants to be called."""

import regex

from understanding.clock_words import hours_in_digits
from understanding.spelling.normal import loose_key

_MORNING = (
    *("ព្រឹក", "ព្រលឹម", "ເຊົ້າ", "mornings?", "preuk", "pruk", "prek", "prik", "prerk", "proek", "prolim", "proleum"),
    *("sao", "xao", "am", "a.m"),
)
_NOON = (
    *("ថ្ងៃត្រង់", "ທ່ຽງ", "ສວຍ", "ສວາຍ", "noon", "midday", "lunch ?time", "th?nga[iy] trong", "thiang", "tiang", "thieng"),
    *("suay", "suai"),
)
_AFTERNOON = (
    *("រសៀល", "ល្ងាច", "ບ່າຍ", "ແລງ", "afternoons?", "evenings?", "ror?siel", "rou?siel", "rosial", "roseal"),
    *("l?ngeach", "lngach", "lngech", "longeach", "laeng", "leng", "leang", "ba+i", "bay", "pm", "p.m"),
)
_NIGHT = ("យប់", "ກາງຄືນ", "ຄ່ຳ", "ກາງຄຳ", "nights?", "yub", "yup", "yob", "kang kh?ue?n", "kang kheun", "kham")
_BEFORE = ("មុន", "ກ່ອນ", "before", "mun", "kon")
_AN_HOUR = ("ម៉ោង", "ໂມງ", "mong", "moung", "moong", "moang", "clock", "h", "hrs", "oclock")

_HOUR = r"(?<![\d.,:])([01]?\d|2[0-4])(?:[:.h][0-5]\d)?(?![\d.,]*\d|\s*(?:\$|%|៛))"
_UNIT = r"(?:\s*(?:{}|o'?clock|h|hrs?|hours?|am|pm|a\.m\.?|p\.m\.?)(?![a-z]))?"
_TO = r"\s*(?:{}|-|–|—|~)\s*"


def _either(words: tuple[str, ...]) -> str:
    return "|".join(rf"(?<![a-z]){word}(?![a-z])" if word.isascii() else word for word in map(loose_key, words))


_UNITS = _UNIT.format("|".join(loose_key(word) for word in _AN_HOUR))
_PARTS = _either((*_MORNING, *_NOON, *_AFTERNOON, *_NIGHT))
_TOS = rf"(?:\s*(?:{_PARTS}))?" + _TO.format(
    _either(("ដល់", "ទៅ", "រហូតដល់", "ຫາ", "ຮອດ", "ເຖິງ", "to", "and", "till", "until", "hod", "ha", "dol", "dal", "tol"))
)
_UNIT_BEFORE = rf"(?:(?:{'|'.join(loose_key(word) for word in _AN_HOUR)})\s*)?"
_RANGE = regex.compile(rf"{_HOUR}{_UNITS}{_TOS}{_UNIT_BEFORE}{_HOUR}")
_SINGLE = regex.compile(_HOUR)
_PART = {
    part: regex.compile(_either(words))
    for part, words in (("night", _NIGHT), ("noon", _NOON), ("afternoon", _AFTERNOON), ("morning", _MORNING))
}
_MEANT_AS_HOUR = regex.compile(_either(_AN_HOUR))
_OPEN_START = regex.compile(_either(_BEFORE))
_DIGIT_SUFFIX = regex.compile(r"(?<=\d)(?=[a-z])")
_BARE = regex.compile(rf"[\s.,!?។]*{_UNIT_BEFORE}\d\d?\s*[-–—~]|[\s.,!?។]*{_UNIT_BEFORE}\d\d?\D{{1,8}}\d\d?\D{{0,8}}$")
_WHOLE_PART = {"morning": (8, 11), "noon": (11, 13), "afternoon": (14, 17), "night": (18, 20)}
_EXAMINED = 120
_NEVER_CALLED = 5
_CLOCK = regex.compile(r"\s*([01]?\d|2[0-3])[:.h][0-5]\d\s*$")
_ALONE = regex.compile(r"[\s.,!។«\"'(]*(0?[1-9]|1\d|2[0-4])[\s.,!។»\"')]*")
_CALL = regex.compile(
    _either(
        ("ខល", "តេ", "ទូរស័ព្ទ", "ហៅ", "ໂທ", "call", "ring", "phone", "tel", "tho", "toh", "khol", "kall", "hao", "hav")
    )
)
_WAITED = (
    *("ຊົ່ວໂມງ", "ຊົວໂມງ", "(?:xua|sua|chua|soua) ?m(?:ong|oong|oung)", "រង់ចាំ", "ចាំ", "ຖ້າ", "ລໍ"),
    *("wait", "waited", "waiting", "jam", "cham", "rong cham"),
)
_SINCE = ("ហើយ", "ແລ້ວ", "hery", "hz", "hx", "hey", "haey", "laew", "leo", "already")
_OF_OTHERS = (
    *("លុយ", "ប្រាក់", "គាត់", "គេ", "មេភូមិ", "ភ្នាក់ងារ", "ເງິນ", "ນາຍບ້ານ", "ລາວມາ", "ເຂົາ"),
    *("luy", "loy", "brak", "kat", "gat", "me ?phum", "agent", "ngern", "ngeun", "nai ?ban", "lao ma", "khao ma"),
    *("he", "they", "came", "opens?", "opened", "closes?", "money"),
)
_LASTED = regex.compile(rf"{_either(_WAITED)}|\d\s*(?:{'|'.join(map(loose_key, _AN_HOUR))})\s*(?:{_either(_SINCE)})")
_TOLD = regex.compile(_either(_OF_OTHERS))
"""What lasted some hours, or somebody else did at one, is no wish for a call."""


def call_hours(text: str) -> tuple[int, int] | None:
    """Read the hours of a day, 0 to 24, between which somebody wants to be called (`ព្រឹក ៨ ដល់ ១០` is (8, 10)).

    A single hour stands for the hour that follows; a part of a day without a number for its usual hours. None where
    the text speaks of no such time.
    """
    key = _DIGIT_SUFFIX.sub(" ", hours_in_digits(loose_key(text)))
    if len(key) > _EXAMINED or (not _CALL.search(key) and (_LASTED.search(key) or _TOLD.search(key))):
        return None
    part = next((part for part, words in _PART.items() if words.search(key)), None)
    between = _RANGE.search(key)
    if between and (part or _BARE.match(key) or _MEANT_AS_HOUR.search(key) or _CALL.search(key)):
        return _span(int(between[1]), int(between[2]), part)
    single = _SINGLE.search(key) if part or not _CLOCK.match(key) else _CLOCK.match(key)
    if single and (part or _MEANT_AS_HOUR.search(key) or _CLOCK.match(key)):
        return _from_hour(_in_day(int(single[1]), part), key)
    if part and not single and (_CALL.search(key) or len(key) <= 16):
        return _WHOLE_PART[part]
    return None


def bare_hour(text: str) -> tuple[int, int] | None:
    """Read a number from 1 to 24 that stands alone as an hour (`៨` is (8, 9)), for a text that was asked for one.

    As in `call_hours`, 1 to 5 are hours of the afternoon.
    """
    if len(text) > _EXAMINED:
        return None
    alone = _ALONE.fullmatch(loose_key(text))
    if alone is None:
        return None
    hour = min(_in_day(int(alone[1]), None), 23)
    return hour, hour + 1


def _span(first: int, last: int, part: str | None) -> tuple[int, int] | None:
    start, end = _in_day(first, part), _in_day(last, part)
    if part == "afternoon" and first > last and first >= 10:
        start = first
    if part == "morning" and last <= first:
        end = last + 12
    if part is None and end <= start <= 12:
        end += 12
    return (start, end) if start < end <= 24 else None


def _from_hour(hour: int, key: str) -> tuple[int, int] | None:
    if _OPEN_START.search(key) and hour > 1:
        return hour - 1, hour
    return (hour, hour + 1) if hour < 24 else None


def _in_day(hour: int, part: str | None) -> int:
    if part is None:
        return hour + 12 if 1 <= hour <= _NEVER_CALLED else hour
    if hour >= 12 or part == "morning":
        return hour
    if part == "noon":
        return hour + 12 if hour < 10 else hour
    return hour + 12
