"""Sweeps that warn in office hours: when half and most of a deadline has gone, when nobody took a case, who is missing."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from domain.calendar import WorkingCalendar
from domain.settings import Level
from handlers.cases.caseacts import CLOCK
from handlers.cases.casework import Casework
from handlers.context import Context
from handlers.places import short_place
from storage import Tx
from storage.queries import alerts
from storage.queries.casework import caseload, cases
from storage.queries.casework.cases import CaseRecord
from storage.queries.staffing import posts_held
from wording import say

PERCENTS = (80, 50)
"""How much of a deadline is gone at each warning, the later one first: whoever gets that needs no earlier one."""
_CHUNK = 200
_FARTHEST = timedelta(days=400)
"""No deadline lies farther off: twice 120 working days."""
_LATELY = timedelta(days=7)
_NAMED = 5


def warn(context: Context, now: datetime) -> int:
    """Warn who has a case at 50 and 80 per cent of its time, once each, and count the warnings.

    Time is counted in office hours. All cases due at one moment are found by one query, by when their time began.
    """
    calendar = context.calendar
    if not calendar.is_open(now):
        return 0
    done, due_at = 0, _next(context, now)
    while due_at is not None and due_at < now + _FARTHEST:
        left = calendar.worked_between(now, due_at)
        for percent in PERCENTS:
            done += _warn_of(context, due_at, _begun_before(calendar, now, left, percent), percent, now)
        due_at = _next(context, due_at)
    return done


def remind_to_take(context: Context, now: datetime) -> int:
    """Remind a post once of a case that nobody took in the time for it, and count the cases."""
    if not context.calendar.is_open(now):
        return 0
    with context.store.reading() as tx:
        ids = caseload.not_taken(tx, now, since=now - _LATELY, limit=_CHUNK)
    for case_id in ids:
        with context.store.transaction() as tx:
            case = cases.by_id(tx, case_id, locked=True)
            if alerts.alert_once(tx, caseload.NOT_TAKEN, str(case_id), case_id=case_id, now=now):
                _tell(Casework(context, tx, now), case, "officer_not_taken")
    return len(ids)


def report_vacancies(context: Context, now: datetime) -> int:
    """Tell the desk each working day of all posts that nobody fills, until somebody does; count those named."""
    if not context.calendar.is_open(now):
        return 0
    day = context.calendar.local_day(now).isoformat()
    with context.store.transaction() as tx:
        levels = {step.level for steps in context.settings.ladders.values() for step in steps}
        vacant = posts_held.vacant(tx, levels, now)
        if not vacant or not alerts.alert_once(tx, "vacancies", day, case_id=None, now=now):
            return 0
        posts = _listed(context, tx, vacant)
        Casework(context, tx, now).voice.tell_level(Level.DESK, "desk_vacancies", count=len(vacant), posts=posts)
        return len(vacant)


def _next(context: Context, after: datetime) -> datetime | None:
    with context.store.reading() as tx:
        return caseload.next_deadline(tx, after)


def _begun_before(calendar: WorkingCalendar, now: datetime, left: timedelta, percent: int) -> datetime:
    """Return when time must have begun of which so much is gone now: `left` is the rest of it."""
    return calendar.worked_before(now, left * percent / (100 - percent))


def _warn_of(context: Context, due_at: datetime, begun: datetime, percent: int, now: datetime) -> int:
    done, after = 0, 0
    while True:
        with context.store.reading() as tx:
            found = caseload.to_warn(tx, due_at, begun_before=begun, percent=percent, after_id=after, limit=_CHUNK)
        for case_id in found:
            with context.store.transaction() as tx:
                done += _warn(context, tx, case_id, percent, now)
        if len(found) < _CHUNK:
            return done
        after = found[-1]


def _warn(context: Context, tx: Tx, case_id: int, percent: int, now: datetime) -> int:
    case = cases.by_id(tx, case_id, locked=True)
    if not case.is_open or case.sensitive is not None or case.warned >= percent:
        return 0
    work = Casework(context, tx, now)
    case = work.change(case, warned=percent)
    work.note(case, "case.warned", CLOCK, percent=percent)
    _tell(work, case, "officer_warned", percent=percent)
    return 1


def _tell(work: Casework, case: CaseRecord, key: str, **values: Any) -> None:
    for staff_id in work.officers_of(case):
        work.voice.tell_staff(staff_id, key, case=case, actions=("read", "take", "resolve"), **values)


def _listed(context: Context, tx: Tx, vacant: list[posts_held.VacantPost]) -> str:
    language = context.settings.default_language

    def named() -> Iterator[str]:
        for post in vacant[:_NAMED]:
            place = short_place(tx, post.area_id, language) if post.area_id is not None else ""
            yield f"{say(f'level_{post.level}', language)} {place}".strip()

    return ", ".join(named()) + (" …" if len(vacant) > _NAMED else "")
