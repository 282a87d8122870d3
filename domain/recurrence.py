"""When a meeting comes again: rules in plain words ("second Tuesday", "every 15th", "every Friday"), and its days."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from dateutil.rrule import FR, MO, MONTHLY, SA, SU, TH, TU, WE, WEEKLY, rrule, weekday  # type: ignore[import-untyped]


class OnHoliday(StrEnum):
    """What becomes of a meeting that falls on a day on which offices are closed."""

    KEPT = "kept"
    MOVED = "moved"
    DROPPED = "dropped"


_WEEKDAYS: dict[str, weekday] = {
    "monday": MO, "tuesday": TU, "wednesday": WE, "thursday": TH, "friday": FR, "saturday": SA, "sunday": SU,
}  # fmt: skip
_PLACES = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
_DAY = re.compile(r"^(\d{1,2})(?:st|nd|rd|th)?$")
_OFFICE_DAYS_TRIED = 10


class NoRule(ValueError):
    """Words that are no rule."""


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A rule: on a weekday each week, on its nth of each month, or on a day of the month; and what holidays do."""

    weekday: str | None = None
    nth: int | None = None
    day_of_month: int | None = None
    on_holiday: OnHoliday = OnHoliday.MOVED

    def days(self, first: date, last: date, is_working_day: Callable[[date], bool]) -> Iterator[tuple[date, date]]:
        """Return the days by the rule from a day to another, each with the day on which it is held.

        A day of the month that a month does not have is its last day.
        """
        for day in self._by_rule(first, last):
            held = self._held(day, is_working_day)
            if held is not None:
                yield day, held

    def _by_rule(self, first: date, last: date) -> Iterator[date]:
        start, end = datetime.combine(first, time.min), datetime.combine(last, time.max)
        if self.weekday is None:
            assert self.day_of_month is not None
            days = tuple(range(28, self.day_of_month + 1)) if self.day_of_month > 28 else (self.day_of_month,)
            found = rrule(MONTHLY, dtstart=start, until=end, bymonthday=days, bysetpos=-1)
        elif self.nth is None:
            found = rrule(WEEKLY, dtstart=start, until=end, byweekday=_WEEKDAYS[self.weekday])
        else:
            found = rrule(MONTHLY, dtstart=start, until=end, byweekday=_WEEKDAYS[self.weekday](self.nth))
        return (each.date() for each in found)

    def _held(self, day: date, is_working_day: Callable[[date], bool]) -> date | None:
        """Return the day itself, the next office day, or None; a weekend that the rule itself names is no holiday."""
        if self.on_holiday is OnHoliday.KEPT or is_working_day(day) or self.weekday in ("saturday", "sunday"):
            return day
        if self.on_holiday is OnHoliday.DROPPED:
            return None
        coming = (day + timedelta(days=n) for n in range(1, _OFFICE_DAYS_TRIED))
        return next((each for each in coming if is_working_day(each)), day)


def read_rule(text: str) -> Recurrence:
    """Read a rule in words, with `; kept`, `; moved` or `; dropped` for holidays. Raises `NoRule`."""
    words, _, holiday = text.lower().partition(";")
    try:
        on_holiday = OnHoliday(holiday.strip() or OnHoliday.MOVED)
    except ValueError as unknown:
        raise NoRule(f"{holiday.strip()!r}: holidays are kept, moved or dropped") from unknown
    parts = words.removeprefix("the ").split()
    every = parts[:1] == ["every"]
    match parts[1:] if every else parts:
        case [day] if every and day in _WEEKDAYS:
            return Recurrence(weekday=day, on_holiday=on_holiday)
        case [place, day] if place in _PLACES and day in _WEEKDAYS:
            return Recurrence(weekday=day, nth=_PLACES[place], on_holiday=on_holiday)
        case [number] if (found := _DAY.match(number)) and 1 <= int(found[1]) <= 31:
            return Recurrence(day_of_month=int(found[1]), on_holiday=on_holiday)
    raise NoRule(f"{text.partition(';')[0]!r}: write it like 'second Tuesday', 'every Friday' or 'every 15th'")
