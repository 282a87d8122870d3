"""Sweeps over cases: what is overdue goes one level up, and what nobody speaks of after its resolution is closed."""

from datetime import datetime, timedelta

from domain.lifecycle import Act, Status
from domain.settings import Level
from handlers.caseacts import CLOCK
from handlers.casework import Casework
from handlers.context import Context
from storage import Tx
from storage.queries import cases
from storage.queries.cases import CaseRecord

_CHUNK = 200
_PLACE_WAIT = timedelta(days=1)


def escalate_overdue(context: Context, now: datetime) -> int:
    """Move every open case whose deadline has passed to its next level and tell whom it concerns; count them.

    A case at the end of its ladder, with the desk, or sensitive stays where it is: those who have it are told once.
    """
    done, after = 0, 0
    while True:
        with context.store.reading() as tx:
            ids = cases.due(tx, now, after_id=after, limit=_CHUNK)
        if not ids:
            return done
        for case_id in ids:
            with context.store.transaction() as tx:
                done += _overdue(context, tx, case_id, now)
        after = ids[-1]


def close_silent(context: Context, now: datetime) -> int:
    """Close what was resolved a week ago and has not been called unsolved, as unconfirmed; count it."""
    silent_since = now - timedelta(days=context.settings.deadlines.close_after_calendar_days)
    with context.store.reading() as tx:
        ids = cases.resolved_before(tx, silent_since, _CHUNK)
    for case_id in ids:
        with context.store.transaction() as tx:
            case = cases.by_id(tx, case_id, locked=True)
            if case.status is Status.RESOLVED:
                Casework(context, tx, now).solved(case, CLOCK, confirmed=False)
    return len(ids)


def resume_unanswered(context: Context, now: datetime) -> int:
    """Let the clock go on in cases whose person did not answer in time, tell their officers, and count them."""
    with context.store.reading() as tx:
        ids = cases.unanswered(tx, now, _CHUNK)
    for case_id in ids:
        with context.store.transaction() as tx:
            case = cases.by_id(tx, case_id, locked=True)
            if case.status is Status.AWAITING:
                Casework(context, tx, now).no_answer(case)
    return len(ids)


def report_unplaced(context: Context, now: datetime) -> int:
    """Tell the desk, once, of cases whose place nobody told within a day, and count them."""
    with context.store.reading() as tx:
        ids = cases.unplaced(tx, now - _PLACE_WAIT, _CHUNK)
    for case_id in ids:
        with context.store.transaction() as tx:
            case = cases.by_id(tx, case_id, locked=True)
            if cases.alert_once(tx, "unplaced", str(case_id), case_id=case_id, now=now):
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
    if not cases.alert_once(work.tx, "overdue", key, case_id=case.id, now=work.now):
        return 0
    work.note(case, "case.overdue", CLOCK, level=case.level.value)
    if case.sensitive is not None:
        work.voice.tell_level(Level.FOCAL, "officer_new_sensitive", case=case)
    else:
        key = "desk_no_place" if case.area_path is None else "desk_last_overdue"
        work.voice.tell_level(Level.DESK, key, case=case)
    return 1
