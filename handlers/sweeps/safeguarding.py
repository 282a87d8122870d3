"""Sweeps over sensitive cases, by day and by night: calling everybody where nobody took one, and the notification clocks."""

from datetime import datetime, timedelta

from handlers.cases import safeguarding
from handlers.cases.caseacts import CLOCK
from handlers.cases.casework import Casework
from handlers.context import Context
from storage.queries import alerts
from storage.queries.casework import cases, harm
from storage.queries.casework.harm import Running

_CLOCK = "harm_clock"
_DAY = timedelta(days=1)


def call_focal_points(context: Context, now: datetime) -> int:
    """Call all focal points, substitutes too, to each case that nobody took in the hours for it; count the cases.

    Every so many hours again until somebody takes it; one who opens it puts the next call off.
    """
    hours = timedelta(hours=context.settings.safeguarding.take_hours)
    with context.store.reading() as tx:
        ids = harm.not_taken(tx, now - hours)
    return sum(_call(context, case_id, now, hours) for case_id in ids)


def watch_clocks(context: Context, now: datetime) -> int:
    """Remind of notifications that are due, some hours before, at the hour, and each day after it; count the reminders."""
    before = timedelta(hours=context.settings.safeguarding.remind_hours)
    with context.store.reading() as tx:
        clocks = harm.running(tx, now + before)
    return sum(_remind(context, clock, now) for clock in clocks)


def _call(context: Context, case_id: int, now: datetime, hours: timedelta) -> int:
    with context.store.transaction() as tx:
        case = cases.by_id(tx, case_id, locked=True)
        if case.sensitive is None or case.taken_by is not None or not case.is_open:
            return 0
        time = (now - (case.due_from or case.received_at)) // hours
        if not alerts.alert_once(tx, harm.CALLED, f"{case_id}:{case.due_from}:{time}", case_id=case_id, now=now):
            return 0
        work = Casework(context, tx, now)
        reached = safeguarding.call_everybody(work, case)
        work.note(case, "harm.called", CLOCK, reached=reached)
        if not reached:
            work.tell_focal(case)
            safeguarding.tell_outsider(work)
    return 1


def _remind(context: Context, clock: Running, now: datetime) -> int:
    days = (now - clock.due_at) // _DAY
    stage = f"{clock.case_id}:{clock.body}:{clock.due_at:%Y%m%d%H%M}:{max(days, -1)}"
    with context.store.transaction() as tx:
        case = cases.by_id(tx, clock.case_id, locked=True)
        if case.sensitive is None or not alerts.alert_once(tx, _CLOCK, stage, case_id=case.id, now=now):
            return 0
        work = Casework(context, tx, now)
        safeguarding.remind(work, case, clock.due_at)
        work.note(case, "harm.clock", CLOCK, body=clock.body.value, over=days >= 0)
    return 1
