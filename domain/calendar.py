"""Working days, deadlines and quiet hours in the project's own time; every moment that goes in or out is aware UTC."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

import holidays

from domain.settings import HolidayChanges, ProjectSettings


class WorkingCalendar:
    """The project's working days: Monday to Friday without the country's holidays, corrected by the project's own."""

    def __init__(self, settings: ProjectSettings) -> None:
        self._settings = settings
        self._zone = settings.zone
        self._holidays = _country_days(settings.country, settings.holidays)

    def is_working_day(self, day: date) -> bool:
        """Tell whether offices work on that day."""
        return day.weekday() < 5 and not self._holidays.contains(day)

    def working_days_after(self, start: date, days: int) -> date:
        """Return the day that is so many working days after `start`; the day itself does not count."""
        day = start
        while days > 0:
            day += timedelta(days=1)
            days -= self.is_working_day(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Count the working days after `start` up to and including `end`; none where `end` is not later."""
        return sum(self.is_working_day(start + timedelta(days=n + 1)) for n in range(max(0, (end - start).days)))

    def deadline(self, now: datetime, days: int) -> datetime:
        """Return the end of the office day that is so many working days after `now`."""
        return self.at(self.working_days_after(self.local_day(now), days), self._settings.day_ends)

    def is_open(self, moment: datetime) -> bool:
        """Tell whether offices work at that moment."""
        local = self.local(moment)
        hours = self._settings.day_starts <= local.time() < self._settings.day_ends
        return hours and self.is_working_day(local.date())

    def next_open(self, moment: datetime) -> datetime:
        """Return the moment itself where offices work then, else the next at which they open."""
        if self.is_open(moment):
            return moment
        day = self.local_day(moment)
        while self._office_day(day)[0] < moment or not self.is_working_day(day):
            day += timedelta(days=1)
        return self._office_day(day)[0]

    def worked_between(self, start: datetime, end: datetime) -> timedelta:
        """Return how much office time lies between two moments; none where `end` is not later."""
        day, last, worked = self.local_day(start), self.local_day(end), timedelta()
        while day <= last:
            opens, closes = self._office_day(day)
            worked += max(timedelta(), min(end, closes) - max(start, opens))
            day += timedelta(days=1)
        return worked

    def worked_before(self, end: datetime, span: timedelta) -> datetime:
        """Return the moment from which so much office time passes until `end`."""
        day = self.local_day(end)
        while True:
            opens, closes = self._office_day(day)
            there = max(timedelta(), min(end, closes) - opens)
            if there > timedelta() and there >= span:
                return min(end, closes) - span
            span -= there
            day -= timedelta(days=1)

    def _office_day(self, day: date) -> tuple[datetime, datetime]:
        """Return when an office day begins and ends; one moment where offices are closed."""
        opens = self.at(day, self._settings.day_starts)
        return opens, self.at(day, self._settings.day_ends) if self.is_working_day(day) else opens

    def local_day(self, moment: datetime) -> date:
        """Return the project's date at that moment."""
        return moment.astimezone(self._zone).date()

    def local(self, moment: datetime) -> datetime:
        """Return the moment in project time."""
        return moment.astimezone(self._zone)

    def at(self, day: date, clock: time) -> datetime:
        """Return the moment at which the project's clock shows that day and time."""
        return datetime.combine(day, clock, tzinfo=self._zone).astimezone(UTC)

    def after_quiet_hours(self, moment: datetime) -> datetime:
        """Return the moment itself, or the end of the quiet hours where it lies in them."""
        quiet = self._settings.quiet_hours
        local = self.local(moment)
        clock = local.time()
        if quiet.start == quiet.end:
            return moment
        if quiet.start < quiet.end:
            quiet_now, day = quiet.start <= clock < quiet.end, local.date()
        else:
            quiet_now = clock >= quiet.start or clock < quiet.end
            day = local.date() + timedelta(days=clock >= quiet.start)
        return self.at(day, quiet.end) if quiet_now else moment


class _CountryDays:
    def __init__(self, country: str, changes: HolidayChanges) -> None:
        self._days = holidays.country_holidays(country)
        self._added, self._removed = frozenset(changes.added), frozenset(changes.removed)

    def contains(self, day: date) -> bool:
        return day in self._added or (day in self._days and day not in self._removed)


@lru_cache(maxsize=8)
def _country_days(country: str, changes: HolidayChanges) -> _CountryDays:
    return _CountryDays(country, changes)
