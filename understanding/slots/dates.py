"""Days and months as people write them: ថ្ងៃទី១៥ ខែធ្នូ, ວັນທີ 15, 15/12, tngai ti 15, next friday, ខែមុន, august."""

from collections.abc import Callable
from datetime import date

import regex

from understanding.slots import calendar
from understanding.slots.calendar import Month
from understanding.slots.day_words import (
    COUNTED_BEFORE,
    DAY_TH,
    DAY_WORD,
    DIGIT_BEFORE,
    ENGLISH_MONTH,
    ENGLISH_WEEKDAY,
    LAST,
    MONTH_NAME,
    MONTH_NUMBERS,
    MONTH_WORD,
    NATIVE_WEEKDAY,
    NEXT,
    ORDINAL,
    OTHER_WORDS,
    RELATIVE_DAYS,
    REPEATED,
    SINCE,
    THIS,
    WEEKDAY_NUMBERS,
)
from understanding.slots.laid import Found, loose, taken
from understanding.slots.units import NOT_MONEY, either

_Read = Callable[[regex.Match[str], date], date | Month | None]
_Match = regex.Match[str]

_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])(?!\d)"
_APART = r"(?<!\d)(?<!\d[.,:/\-])"
_ENDS = rf"(?!\d|[.,:/\-]\d|[\-/]?[a-z])(?!\s?(?:{either('កើត រោច ຄ່ຳ pm am')})){NOT_MONEY}"
_NO_MORE = rf"(?!\d|[.,:/\-]\d)(?!\s?(?:{either('កើត រោច ຄ່ຳ')}))"
_NTH = r"(?P<nth>\s?(?:st|nd|rd|th)(?![a-z]))?"
_ERA = either("ឆ្នាំ ປີ គស ពស ព.ស គ.ស ພ.ສ ຄ.ສ")
_YEAR = rf"(?:[\s,]{{0,2}}(?:{_ERA})?\.?\s?(?P<year>19\d\d|20\d\d|2[456]\d\d)(?!\d|[.,]\d){NOT_MONEY})?"
_TO = rf"\s?(?:-|–|~|{either('ដល់ ຫາ ຮອດ ເຖິງ dol dal hod hot ha to till until')})\s?"
_WHICH = rf"(?:(?P<last>{LAST})|(?P<next>{NEXT})|(?P<this>{THIS}))"
_MONTH_NUMBER = r"(?:(?:ទី|ທິ)\s?)?(?P<month>0?[1-9]|1[0-2])(?!\d)"
_BEFORE_MONTH = (
    r"(?P<before>(?<![a-z])(?:in|of|since|until|till|by|before|after|for|from|month|last|this|next|early|late) )?"
)
_CLAUSE_END = r"\s?(?:$|[.,!?។;)»\"])"
_FRACTIONS = frozenset(
    {(1, 2), (1, 3), (2, 3), (1, 4), (3, 4), (1, 5), (2, 5), (3, 5), (4, 5), (5, 5), (10, 10), (24, 7)}
)
_NEAR_ENOUGH = 45
_EXTRA_REACH = 24


def find_dates(key: str, today: date) -> list[Found[date | Month]]:
    """Return the days and months in a key, in order.

    A day is put before its month, as in both countries. A day without its month is the one nearest to
    today, past or to come, so within about half a month. Without its year a month is the nearest too, the past
    counting as twice as near, as people mostly tell what has been: from eight months ago to three ahead. A weekday is
    the one within three days of today; `next` and `last` are the first after and before today. After `since` a day
    is past. Durations, ages, hours, fractions
    and days that come again (every monday) are no dates.
    """
    found: list[Found[date | Month]] = []
    for pattern, read, guard in _RULES:
        for match in list(pattern.finditer(key)):
            start, end = match.span("part") if "part" in pattern.groupindex else match.span()
            if guard and guard.search(key, max(0, start - _EXTRA_REACH), start):
                continue
            since = SINCE.search(key, max(0, start - _EXTRA_REACH), start) or match[0].startswith("since")
            value = _read_as_past(match, today, read) if since else read(match, today)
            if value is not None:
                found.append(Found(start, end, value))
                key = taken(key, start, end)
    return sorted(found, key=lambda each: each.start)


def _read_as_past(match: _Match, today: date, read: _Read) -> date | Month | None:
    value = read(match, today)
    step = 4 if read is _weekday else 16 if read in (_one_day, _ordinal) else 0
    earlier = calendar.days_from(today, -step)
    return read(match, earlier) if isinstance(value, date) and value > today and step and earlier else value


def _full(match: _Match, today: date) -> date | None:
    year = calendar.year_of(match["year"], today)
    day, month = int(match["day"]), int(match["month"])
    if year is None:
        return None
    return calendar.day_of(year, month, day) or calendar.day_of(year, day, month)


def _short(match: _Match, today: date) -> date | None:
    day, month = int(match["day"]), int(match["month"])
    found = calendar.nearest_day_of_year(day, month, today) if 1 <= month <= 12 else None
    if found and match["mark"] != "/" and day < month and abs((found - today).days) > _NEAR_ENOUGH:
        return None
    return found


def _slashed(match: _Match, today: date) -> date | None:
    day, month = int(match["day"]), int(match["month"])
    if (day, month) in _FRACTIONS or not 1 <= month <= 12:
        return None
    return calendar.nearest_day_of_year(day, month, today)


def _month_and_year(match: _Match, today: date) -> Month | None:
    year = calendar.year_of(match["year"], today)
    return Month(year, int(match["month"])) if year else None


def _day_and_month(match: _Match, today: date) -> date | None:
    groups = match.groupdict()
    day, name, marked = int(match["day"]), groups["name"], bool(groups["th"] or groups["nth"])
    if not marked and (groups["last"] or groups["next"] or groups["this"]):
        return None
    if not marked and groups["month"] and day <= 12 and not groups["year"]:
        return None
    if name in _NAMES_AND_VERBS and not (marked or groups["year"] or _AT_END.match(match.string, match.end())):
        return None
    return _day_of_month(day, _month(groups, today), today)


def _month_first(match: _Match, today: date) -> date | None:
    groups = match.groupdict()
    if groups["name"] in _NAMES_AND_VERBS and not (
        groups["nth"] or groups["year"] or _AT_END.match(match.string, match.end())
    ):
        return None
    return _day_of_month(int(match["day"]), _month(groups, today), today)


def _day_of_month(day: int, month: Month | int | None, today: date) -> date | None:
    if isinstance(month, Month):
        return calendar.day_in(month, day)
    return calendar.nearest_day_of_year(day, month, today) if month else None


def _month(groups: dict[str, str | None], today: date) -> Month | int | None:
    """Return the month that a match names: with its year where the text gives one, else its number."""
    here = calendar.month_of(today)
    if groups.get("last") or groups.get("next") or groups.get("this"):
        return calendar.months_from(here, -1 if groups.get("last") else 1 if groups.get("next") else 0)
    typed = groups.get("month")
    number = int(typed) if typed else MONTH_NUMBERS[groups["name"] or ""]
    typed_year = groups.get("year")
    year = calendar.year_of(typed_year, today) if typed_year else None
    return Month(year, number) if year else number


def _second_day(match: _Match, today: date) -> date | None:
    return _one_day(match, today) if int(match["day"]) > int(match["first"]) else None


def _one_day(match: _Match, today: date) -> date | None:
    return calendar.nearest_day(int(match["day"]), today)


def _ordinal(match: _Match, today: date) -> date | None:
    sure = match["the"] or int(match["day"]) >= 10
    return _one_day(match, today) if sure and (match["the"] or match["nth"]) else None


def _weekday(match: _Match, today: date) -> date | None:
    weekday = WEEKDAY_NUMBERS[match["weekday"]]
    if match["last"]:
        return calendar.last_weekday(weekday, today)
    return (calendar.next_weekday if match["next"] else calendar.nearest_weekday)(weekday, today)


def _in_days(days: int) -> _Read:
    return lambda _, today: calendar.days_from(today, days)


def _whole_month(match: _Match, today: date) -> Month:
    month = _month(match.groupdict(), today)
    return month if isinstance(month, Month) else calendar.nearest_month(month or 1, today)


def _named_month(match: _Match, today: date) -> Month | None:
    groups = match.groupdict()
    if match["name"] in OTHER_WORDS and not (groups.get("before") or groups["year"]):
        return None
    return _whole_month(match, today)


_NAMES_AND_VERBS = ("may", "march", "mar", "nov")
_AT_END = regex.compile(_CLAUSE_END)
_SEPARATED = rf"{_APART}(?P<day>\d{{1,2}})\s?(?P<mark>[/.\-])\s?(?P<month>\d{{1,2}})"
_NAMED = rf"(?:{MONTH_WORD})\s?(?:(?P<name>{MONTH_NAME})|{_MONTH_NUMBER}|{_WHICH})|(?P<name>{MONTH_NAME})"
_OF_MONTH = rf"(?:{_NAMED}|(?:(?P<last>last)|(?P<next>next)|(?P<this>this)) month(?!s))"
_FUNCTION_WORDS = (
    r" (?:of|and|but|i|we|he|she|it|they|you|is|was|no|not|nothing|at|to|in|by|until|till|from|still|already|or|for|"
    r"then|so|because|please|when|as|why|again|morning|afternoon|with|money|payment)(?![a-z])"
)
_APART_OR_MARKED = rf"(?:(?P<th>(?:{DAY_TH}|{DAY_WORD}|{ORDINAL}|(?<![a-z])the)\s?)|{_APART})"
_THE = r"(?P<the>(?:(?:on|by|since|until|till|from|before|after) )?the |(?:on|date|since|until) )?"
_ENGLISH_WHICH = r"(?:(?:(?P<last>(?<![a-z])last)|(?P<next>(?<![a-z])next)|(?<![a-z])this|(?<![a-z])on) )?"
_ENGLISH_WEEK = r"(?: (?:(?P<last>last week)|(?P<next>next week))(?![a-z]))?"
_OF_LIST = rf"(?<=\x00)[\s,]{{1,2}}(?:(?:{either('និង ແລະ and')}) ?)?"
_WITH_YEAR = rf"(?P<name>{MONTH_NAME}){_YEAR}|{_MONTH_NUMBER}{_YEAR}{_ENDS}"
_RULES: tuple[tuple[regex.Pattern[str], _Read, regex.Pattern[str] | None], ...] = tuple(
    (regex.compile(pattern), read, guard)
    for pattern, read, guard in (
        (rf"{_APART}(?P<year>\d{{4}})[\-/.](?P<month>\d{{1,2}})[\-/.](?P<day>\d{{1,2}})(?!\d|[.\-/]\d)", _full, None),
        (rf"(?:{DAY_TH}\s?)?{_SEPARATED}\s?(?P=mark)\s?(?P<year>\d{{4}}|\d\d)(?!\d|[.\-/]\d)", _full, None),
        (rf"{_APART}{_MONTH_NUMBER}/(?P<year>20\d\d|25\d\d)(?![\d/])", _month_and_year, None),
        (rf"(?:{DAY_TH}|{DAY_WORD}|(?<![a-z])(?:on|date)) ?{_SEPARATED}{_ENDS}", _short, REPEATED),
        (rf"{_APART}(?P<day>\d{{1,2}})\s?/\s?(?P<month>\d{{1,2}}){_ENDS}", _slashed, None),
        (rf"{_APART_OR_MARKED}{_DAY}{_NTH}[\s,\-/]{{0,2}}(?:of )?{_OF_MONTH}{_YEAR}", _day_and_month, REPEATED),
        (rf"(?P<name>{ENGLISH_MONTH})\.? ?(?:the )?{_DAY}{_NTH}{_YEAR}{_ENDS}", _month_first, None),
        (rf"(?:{DAY_TH})\s?(?P<first>\d{{1,2}}){_TO}(?P<part>{_DAY}){_ENDS}", _second_day, None),
        (rf"(?:{DAY_TH})\s?{_DAY}{_NO_MORE}", _one_day, REPEATED),
        (rf"(?:{DAY_WORD})\s?{_DAY}(?={_CLAUSE_END})", _one_day, COUNTED_BEFORE),
        (rf"(?<![a-z\d.,]){_THE}{_DAY}{_NTH}(?={_CLAUSE_END}|{_FUNCTION_WORDS}){_ENDS}", _ordinal, REPEATED),
        (rf"(?:(?:{DAY_WORD})\s?){{1,2}}(?P<weekday>{NATIVE_WEEKDAY})(?!{loose('ສາລາ')})(?:\s?{_WHICH})?", _weekday, REPEATED),
        (rf"{_ENGLISH_WHICH}(?P<weekday>{ENGLISH_WEEKDAY}){_ENGLISH_WEEK}", _weekday, REPEATED),
        *((pattern, _in_days(days), None if days else DIGIT_BEFORE) for pattern, days in RELATIVE_DAYS),
        (rf"(?:{MONTH_WORD})\s?(?:{_WITH_YEAR}|(?:{ORDINAL})?\s?{_WHICH}(?!ៗ))", _whole_month, COUNTED_BEFORE),
        (r"(?<![a-z])(?:(?P<last>last)|(?P<next>next)|(?P<this>this)) month(?![a-z])", _whole_month, None),
        (rf"{_OF_LIST}(?P<part>(?P<name>{MONTH_NAME}){_YEAR})", _whole_month, None),
        (rf"{_BEFORE_MONTH}(?P<part>(?P<name>{MONTH_NAME}){_YEAR})", _named_month, None),
    )
)  # fmt: skip
