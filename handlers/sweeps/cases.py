"""Sweeps over cases: what is overdue goes one level up, and what nobody speaks of after its resolution is closed."""

from datetime import datetime, timedelta

from domain.lifecycle import Act, Status
from domain.settings import Level
from handlers.cases.caseacts import CLOCK
from handlers.cases.casework import Casework
from handlers.context import Context
from storage import Tx
from storage.queries import alerts
from storage.queries.casework import caseload, cases
from storage.queries.casework.cases import CaseRecord

_CHUNK, _PAGE = 200, 1_000
_PLACE_WAIT = timedelta(days=1)


def escalate_overdue(context: Context, now: datetime) -> int:
    """Move every open case whose deadline has passed to its next level and tell whom it concerns; count them.

    A case at the end of its ladder, with the desk, or sensitive stays where it is: those who have it are told once.
    """
    done, after = 0, None
    while True:
        with context.store.reading() as tx:
            found = caseload.due(tx, now, after=after, limit=_PAGE)
        if not found:
            return done
        for _, case_id in found:
            with context.store.transaction() as tx:
                done += _overdue(context, tx, case_id, now)
        after = found[-1]


def close_silent(context: Context, now: datetime) -> int:
    """Close what was resolved a week ago and has not been called unsolved, as unconfirmed; count it."""
    silent_since = now - timedelta(days=context.settings.deadlines.close_after_calendar_days)
    with context.store.reading() as tx:
        ids = caseload.resolved_before(tx, silent_since, _CHUNK)
    for case_id in ids:
        with context.store.transaction() as tx:
            case = cases.by_id(tx, case_id, locked=True)
            if case.status is Status.RESOLVED:
                Casework(context, tx, now).solved(case, CLOCK, confirmed=False)
    return len(ids)


def resume_unanswered(context: Context, now: datetime) -> int:
    """Let the clock go on in cases whose person did not answer in time, tell their officers, and count them."""
    with context.store.reading() as tx:
        ids = caseload.unanswered(tx, now, _CHUNK)
    for case_id in ids:
        with context.store.transaction() as tx:
            case = cases.by_id(tx, case_id, locked=True)
            if case.status is Status.AWAITING:
                Casework(context, tx, now).no_answer(case)
    return len(ids)


def report_unplaced(context: Context, now: datetime) -> int:
    """Tell the desk, once, of cases whose place nobody told within a day, and count them."""
    with context.store.reading() as tx:
        ids = caseload.unplaced(tx, now - _PLACE_WAIT, _CHUNK)
    for case_id in ids:
        with context.store.transaction() as tx:
            case = cases.by_id(tx, case_id, locked=True)
            if alerts.alert_once(tx, "unplaced", str(case_id), case_id=case_id, now=now):
                Casework(context, tx, now).voice.tell_level(Level.DESK, "desk_no_place", case=case)
    return len(ids)


def _overdue(context: Context, tx: Tx, case_id: int, now: datetime) -> int:
    case = cases.by_id(tx, case_id, locked=True)
    if not case.is_open or case.due_at is None or case.due_at > now:
        return 0
    work = Casework(context, tx, now)
    if case.sensitive is not None or case.with_desk or case.area_path is None or case.level is Level.DESK:
        return _remind(work, case)
    if case.rung + 1 >= len(case.steps):
        return _remind(work, case)
    work.escalate(case, actor=CLOCK, act=Act.ESCALATE)
    return 1


def _remind(work: Casework, case: CaseRecord) -> int:
    """Tell those who have a case that cannot go higher that it is overdue, once for each of its deadlines."""
    assert case.due_at is not None
    key = f"{case.id}:{case.due_at.date().isoformat()}"
    case = work.change(case, warned=caseload.TOLD)
    if not alerts.alert_once(work.tx, "overdue", key, case_id=case.id, now=work.now):
        return 0
    work.note(case, "case.overdue", CLOCK, level=case.level.value)
    if case.sensitive is not None:
        work.tell_focal(case)
        return 1
    at = work.context.calendar.next_open(work.now)
    key = "desk_no_place" if case.area_path is None else "desk_last_overdue"
    work.voice.tell_level(Level.DESK, key, case=case, due_at=at)
    for staff_id in work.officers_of(case) if case.post_id is not None else ():
        work.voice.tell_staff(staff_id, "officer_last_overdue", case=case, actions=("read", "resolve"), due_at=at)
    return 1
