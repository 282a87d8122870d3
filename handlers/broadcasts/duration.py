"""How long a gateway takes for a broadcast, at its rate and within its day, outside quiet hours."""

from datetime import datetime, time, timedelta

from domain.calendar import WorkingCalendar
from domain.ports import GatewayInfo
from domain.sending.routing import room_left
from domain.settings import QuietHours

_LONGEST = timedelta(days=366)


def finishes(
    calendar: WorkingCalendar,
    quiet: QuietHours,
    info: GatewayInfo,
    *,
    messages: int,
    parts: int,
    used: int,
    start: datetime,
) -> datetime | None:
    """Return when the last of so many messages with so many SMS parts leaves; None where that takes over a year.

    `used` are the parts that left by the gateway today already. What waits there before them is to be counted in.
    """
    left, each = float(messages), parts / messages
    at, given_up = start, start + _LONGEST
    today = calendar.local_day(start)
    while at < given_up:
        at = calendar.after_quiet_hours(at)
        day = calendar.local_day(at)
        until = min(_quiet_from(calendar, quiet, at), calendar.at(day + timedelta(days=1), time.min))
        by_time = (until - at).total_seconds() * info.rate
        room = room_left(info.daily_cap, used if day == today else 0, bulk=True)
        by_cap = by_time if room is None else room / each
        leaving = min(left, by_time, by_cap)
        if leaving >= left:
            return at + timedelta(seconds=left / info.rate)
        left -= leaving
        if by_cap < by_time:
            until = calendar.at(day + timedelta(days=1), time.min)
        elif room is not None and day == today:
            used += int(leaving * each)
        at = until
    return None


def _quiet_from(calendar: WorkingCalendar, quiet: QuietHours, moment: datetime) -> datetime:
    """Return when the next quiet hours begin."""
    if quiet.start == quiet.end:
        return moment + timedelta(days=1)
    begins = calendar.at(calendar.local_day(moment), quiet.start)
    return begins if begins > moment else calendar.at(calendar.local_day(moment) + timedelta(days=1), quiet.start)
