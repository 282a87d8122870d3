"""Reckoning for dates: years of two eras, the nearest day of that number, the nearest month of that name."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

_BUDDHIST = 543
_ERA_YEARS = range(2443, 2644)
_COMMON_YEARS = range(1900, 2101)
_NEAR_YEARS = 15


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a year."""

    year: int
    month: int


def year_of(typed: str, today: date) -> int | None:
    """Return the year of the common era: 2026, 2569 (Buddhist era), 26, 69; None where it cannot be one.

    Two digits mean the year within fifteen of today's, in this era or the Buddhist one, else one of the last century
    (a birth).
    """
    year = int(typed)
    if len(typed) == 4:
        if year in _ERA_YEARS:
            return year - _BUDDHIST
        return year if year in _COMMON_YEARS else None
    century = today.year - today.year % 100
    for candidate in (century + year, 2500 + year - _BUDDHIST):
        if abs(candidate - today.year) <= _NEAR_YEARS:
            return candidate
    return century + year if century + year < today.year else century - 100 + year


def day_of(year: int, month: int, day: int) -> date | None:
    """Return a day, None where the calendar has none."""
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def days_from(today: date, days: int) -> date | None:
    """Return the day so many days after today, None beyond the calendar."""
    try:
        return today + timedelta(days=days)
    except OverflowError:
        return None


def months_from(month: Month, months: int) -> Month:
    """Return the month so many months after another."""
    number = month.year * 12 + month.month - 1 + months
    return Month(number // 12, number % 12 + 1)


def month_of(today: date) -> Month:
    """Return the month of a day."""
    return Month(today.year, today.month)


def nearest_month(month: int, today: date) -> Month:
    """Return the month of that number nearest to today's, a past one counting as twice as near."""
    years = (today.year, today.year - 1, today.year + 1)
    return min(
        (Month(year, month) for year in years),
        key=lambda each: _past_nearer((each.year - today.year) * 12 + each.month - today.month),
    )


def nearest_day(day: int, today: date) -> date | None:
    """Return the day of that number nearest to today, past or to come, the past one where two are as near."""
    here = month_of(today)
    candidates = [day_in(months_from(here, months), day) for months in (-1, 0, 1)]
    return min((each for each in candidates if each), key=lambda each: _distance(each, today), default=None)


def nearest_day_of_year(day: int, month: int, today: date) -> date | None:
    """Return the day of that month nearest to today, a past one counting as twice as near."""
    candidates = [day_of(today.year + years, month, day) for years in (0, -1, 1)]
    return min((each for each in candidates if each), key=lambda each: _past_nearer((each - today).days), default=None)


def nearest_weekday(weekday: int, today: date) -> date | None:
    """Return the weekday (Monday is 0) within three days of today."""
    ahead = (weekday - today.weekday()) % 7
    return days_from(today, ahead if ahead <= 3 else ahead - 7)


def next_weekday(weekday: int, today: date) -> date | None:
    """Return the first such weekday after today."""
    return days_from(today, (weekday - today.weekday() - 1) % 7 + 1)


def last_weekday(weekday: int, today: date) -> date | None:
    """Return the last such weekday before today."""
    return days_from(today, -((today.weekday() - weekday - 1) % 7 + 1))


def day_in(month: Month, day: int) -> date | None:
    """Return a day of a month, None where the month is shorter."""
    if not 1 <= month.year <= 9999 or day > monthrange(month.year, month.month)[1]:
        return None
    return day_of(month.year, month.month, day)


def _past_nearer(apart: int) -> int:
    return 2 * apart if apart > 0 else -apart


def _distance(day: date, today: date) -> tuple[int, bool]:
    return abs((day - today).days), day > today
