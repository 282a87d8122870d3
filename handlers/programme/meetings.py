"""Meetings that come again, and those that are put off: made ahead by their rule, moved, ended, and people told."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from domain.recurrence import NoRule, OnHoliday, read_rule
from handlers.context import Context
from handlers.information import meeting_words
from handlers.programme.news import News, spread
from handlers.programme.schedule import ScheduleFault, answered_of, area_of, drop_meeting, withdraw
from handlers.sending.voice import Voice
from storage import Tx
from storage.queries import audit
from storage.queries.programme import meeting_series, rounds, told
from storage.queries.programme.meeting_series import SeriesRecord
from storage.queries.programme.rounds import MeetingRecord
from storage.queries.sending import batches
from storage.store import AlreadyThere

AHEAD = timedelta(weeks=8)
"""So far ahead the meetings of a series are made."""
_LONGEST_CODE = 39
"""So that a code with a day behind it still fits."""


@dataclass(frozen=True, slots=True)
class SeriesPlan:
    """A meeting that is to come again: by a rule in words, at `clock` of project time, from a day until another."""

    code: str
    title: str
    rule: str
    clock: time
    place: str
    starts: date
    area_code: str | None = None
    group: str | None = None
    ends: date | None = None
    on_holiday: OnHoliday = OnHoliday.MOVED


def add_series(context: Context, plan: SeriesPlan, now: datetime) -> int:
    """Add a series with its meetings of the coming weeks, and count those. Raises `ScheduleFault`."""
    rule = f"{plan.rule.strip().lower()}; {plan.on_holiday}"
    try:
        read_rule(rule)
    except NoRule as fault:
        raise ScheduleFault(str(fault)) from fault
    if len(plan.code) > _LONGEST_CODE or len(rule) > 80:
        raise ScheduleFault(f"a series' code has at most {_LONGEST_CODE} letters")
    with context.store.transaction() as tx:
        area_id = area_of(tx, plan.area_code)
        values = {
            "code": plan.code, "title": plan.title, "rule": rule, "clock": f"{plan.clock:%H:%M}", "place": plan.place,
            "area_id": area_id, "group_name": plan.group, "ends_on": plan.ends,
            "made_until": plan.starts - timedelta(days=1),
        }  # fmt: skip
        try:
            with tx.attempt():
                number = meeting_series.add(tx, now, **values)
        except AlreadyThere as taken:
            raise ScheduleFault(f"there is a series {plan.code} already") from taken
        audit.add(tx, "series.added", actor="staff", now=now, data={"series": number})
        return make_ahead(context, tx, meeting_series.by_id(tx, number), now)


def make_ahead(context: Context, tx: Tx, series: SeriesRecord, now: datetime) -> int:
    """Make the meetings of a series up to some weeks ahead, each once, and count them."""
    calendar = context.calendar
    until = min(filter(None, (calendar.local_day(now) + AHEAD, series.ends_on)))
    made_until = series.made_until or calendar.local_day(series.created_at) - timedelta(days=1)
    if until <= made_until:
        return 0
    rule, made = read_rule(series.rule), 0
    for day, held in rule.days(made_until + timedelta(days=1), until, calendar.is_working_day):
        at = calendar.at(held, time.fromisoformat(series.clock))
        if at > now:
            made += _make(tx, series, day, at, now)
    meeting_series.change(tx, series.id, made_until=until)
    return made


def move_meeting(
    context: Context, code: str, day: date | None, clock: time | None, now: datetime, *, place: str | None = None
) -> int:
    """Put a meeting off to another day, time or place, and tell whoever knew of it; count them. Raises `ScheduleFault`."""
    with context.store.transaction() as tx:
        found = _planned(tx, code)
        before = context.calendar.local(found.at)
        at = context.calendar.at(day or before.date(), clock or before.time())
        if at <= now:
            raise ScheduleFault(f"{context.calendar.local_day(at).isoformat()} is past")
        if at == found.at and place in (None, found.place):
            raise ScheduleFault(f"{before.date().isoformat()} is its day already, at that time and place")
        subject = f"meeting:{found.id}"
        withdraw(tx, subject)
        rounds.change_meeting(tx, found.id, at=at, place=place or found.place)
        batches.retire(tx, subject, before.date())
        audit.add(tx, "meeting.moved", actor="staff", now=now, data={"meeting": found.id, "to": at.isoformat()})
        voice, words = Voice(context, tx, now), meeting_words(context.calendar, rounds.meeting_by_id(tx, found.id))
        news = News(subject, "meeting_moved", lambda _: words, at)
        return spread(voice, news, lambda batch: told.freeze_of_meeting(tx, batch, found, answered_of(voice, found)))


def end_series(context: Context, code: str, now: datetime) -> int:
    """End a series: what is still to come of it is cancelled, and whoever knew of it is told; count them.

    Raises `ScheduleFault`.
    """
    with context.store.transaction() as tx:
        found = meeting_series.by_code(tx, code)
        if found is None or found.state != "running":
            raise ScheduleFault(f"there is no series {code} that goes on")
        meeting_series.change(tx, found.id, state="ended")
        audit.add(tx, "series.ended", actor="staff", now=now, data={"series": found.id})
        voice = Voice(context, tx, now)
        return sum(drop_meeting(voice, each) for each in meeting_series.to_come(tx, found.id, now))


def all_series(context: Context) -> list[dict[str, Any]]:
    """Return all series as plain values, by code."""
    with context.store.reading() as tx:
        found = meeting_series.everything(tx)
    names = ("code", "title", "rule", "clock", "place", "state")
    return [{name: getattr(each, name) for name in names} for each in found]


def _make(tx: Tx, series: SeriesRecord, day: date, at: datetime, now: datetime) -> int:
    values = {"title": series.title, "at": at, "place": series.place, "area_id": series.area_id}
    try:
        with tx.attempt():
            rounds.add_meeting(tx, now, code=f"{series.code}-{day:%Y%m%d}", group_name=series.group_name,
                               series_id=series.id, **values)  # fmt: skip
    except AlreadyThere:
        return 0
    return 1


def _planned(tx: Tx, code: str) -> MeetingRecord:
    found = rounds.meeting_by_code(tx, code)
    if found is None:
        raise ScheduleFault(f"there is no meeting {code}")
    if found.state != "planned":
        raise ScheduleFault(f"the meeting {code} is {found.state}")
    return found
