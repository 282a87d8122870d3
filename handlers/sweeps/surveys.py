"""Sweeps after a payment: people are asked whether it came, those later who could not be asked then, villages compared."""

from datetime import date, datetime, time, timedelta
from typing import Any

from handlers.context import Context
from handlers.rounds.audience import audience_of
from handlers.rounds.outlying import watch
from storage import Tx
from storage.queries.programme import round_figures
from storage.queries.programme.round_parts import Part, paid_parts, parts_between
from storage.queries.programme.told import LATE
from storage.queries.sending import batches

_HOUR = time(9, 0)
SURVEYED_FOR = timedelta(days=7)
"""So long after its first day people are asked; after that they are left in peace."""
_ONCE = "once"


def make_surveys(context: Context, now: datetime) -> int:
    """Ask everybody on a round's list, or a sample, some days after it, whether the money came; once. Count the parts.

    Whoever was told that a payment is late is asked only once it is marked as paid.
    """
    if not context.settings.surveys or not _is_time(context, now):
        return 0
    made = 0
    with context.store.transaction() as tx:
        found = _parts(context, tx, now)
        paid = paid_parts(tx, [each.subject for each in found])
        for part in found:
            is_paid = part.round.state == "paid" or part.subject in paid
            if is_paid or not batches.exists(tx, LATE, part.subject, LATE):
                made += _make(context, tx, part, now)
    return made


def ask_later(context: Context, now: datetime) -> int:
    """Ask whom another question kept from being asked, now that it is over, while people are asked; count the surveys."""
    if not context.settings.surveys or not _is_time(context, now):
        return 0
    reopened = 0
    with context.store.transaction() as tx:
        for part in _parts(context, tx, now):
            found = round_figures.survey_of(tx, part.subject)
            if found is None or found.state != "sending":
                continue
            audience: dict[str, Any] = {**(found.audience or {}), "unasked": found.id}
            if round_figures.can_be_asked(tx, audience, now):
                values = {"state": "laying_out", "last_person_id": 0, "audience": audience}
                batches.change(tx, found.id, not_after=_until(context, now), **values)
                reopened += 1
    return reopened


def watch_villages(context: Context, now: datetime) -> int:
    """Raise an incident for each village where far more say that they were not paid than elsewhere; count them."""
    raised = 0
    with context.store.transaction() as tx:
        found = {each.round.id: each.round for each in _parts(context, tx, now, longer=SURVEYED_FOR)}
        for each in found.values():
            raised += watch(context, tx, each, now)
    return raised


def _is_time(context: Context, now: datetime) -> bool:
    return now >= context.calendar.at(context.calendar.local_day(now), _HOUR)


def _parts(context: Context, tx: Tx, now: datetime, *, longer: timedelta = timedelta()) -> list[Part]:
    """Return the parts about which people are asked now."""
    last = _today(context, now) - timedelta(days=context.settings.deadlines.survey_after_calendar_days)
    return parts_between(tx, last - SURVEYED_FOR - longer, last, states=("planned", "paid"))


def _make(context: Context, tx: Tx, part: Part, now: datetime) -> int:
    if batches.exists(tx, "survey", part.subject, _ONCE):
        return 0
    # Who said already that the money came is not asked again after another day.
    audience = {**audience_of(tx, part), "round": part.round.id, "surveys": True, "unpaid": True}
    share = context.settings.survey_share
    if share < 1:
        audience["sample"] = round(share * 1000)
    made = batches.create(
        tx,
        now,
        kind="survey",
        subject=part.subject,
        plan=_ONCE,
        state="laying_out",
        audience=audience,
        started_at=now,
        not_after=_until(context, now),
    )
    return int(made is not None)


def _until(context: Context, now: datetime) -> datetime:
    return context.calendar.at(_today(context, now) + timedelta(days=1), _HOUR)


def _today(context: Context, now: datetime) -> date:
    return context.calendar.local_day(now)
