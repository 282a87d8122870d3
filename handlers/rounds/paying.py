"""That a round was paid, or its part in one area, and taking that back; who was asked too early is asked again."""

from datetime import date, datetime

from handlers.context import Context
from handlers.programme.schedule import ScheduleFault, area_of, known_round, planned_round
from handlers.rounds.moving import own_part, refuse_paid
from handlers.sending.voice import Voice
from storage import Tx
from storage.queries import alerts, audit
from storage.queries.programme import round_figures, round_parts, rounds
from storage.queries.programme.round_parts import PAID_MARK, Part
from storage.queries.programme.told import LATE
from storage.queries.sending import batches, outbox
from storage.queries.sending.batches import BatchRecord


def mark_paid(
    context: Context, code: str, now: datetime, *, area_code: str | None = None, day: date | None = None
) -> None:
    """Mark a round as paid in a transaction of its own, see `pay`."""
    with context.store.transaction() as tx:
        pay(Voice(context, tx, now), code, area_code=area_code, day=day)


def unmark_paid(context: Context, code: str, now: datetime, *, area_code: str | None = None) -> None:
    """Take the mark of a round away in a transaction of its own, see `unpay`."""
    with context.store.transaction() as tx:
        unpay(Voice(context, tx, now), code, area_code=area_code)


def pay(
    voice: Voice, code: str, *, area_code: str | None = None, day: date | None = None, by: int | None = None
) -> None:
    """Keep that a round, or its part in one area, was paid; people are asked some days after that day.

    Where people were told that it is late, the day is today unless another is given. Who was asked before that day, and
    did not say that the money came, is asked again. Raises `ScheduleFault`.
    """
    tx, now = voice.tx, voice.now
    found = planned_round(tx, code)
    part = own_part(tx, found, area_code)
    refuse_paid(tx, part)
    today = voice.context.calendar.local_day(now)
    if (day or part.round.day) > today:
        raise ScheduleFault(f"{(day or part.round.day).isoformat()} is still to come")
    parts = [part] if area_code is not None else _unpaid(tx, found, today)
    if area_code is None:
        rounds.change_round(tx, found.id, state="paid")
    else:
        alerts.alert_once(tx, PAID_MARK, part.subject, case_id=None, now=now)
    for each in parts:
        _paid_on(voice, each, day or (today if _told_late(tx, each) else each.round.day))
    data = {"round": found.id, "area": area_code}
    audit.add(tx, "round.paid", actor="staff", actor_id=by, now=now, data=data)


def unpay(voice: Voice, code: str, *, area_code: str | None = None, by: int | None = None) -> None:
    """Take back that a round, or its part in one area, was paid: it has its day of before, and may be late again.

    A survey that it brought about is ended, and made again once it is marked again. Raises `ScheduleFault`.
    """
    tx = voice.tx
    found = known_round(tx, code)
    parts = _marked(tx, found, area_code)
    if area_code is None:
        rounds.change_round(tx, found.id, state="planned")
    for each in parts:
        if area_code is not None:
            round_parts.unmark_paid(tx, each.subject)
        _as_before(tx, each)
    data = {"round": found.id, "area": area_code}
    audit.add(tx, "round.unpaid", actor="staff", actor_id=by, now=voice.now, data=data)


def _marked(tx: Tx, found: rounds.RoundRecord, area_code: str | None) -> list[Part]:
    """Return the parts whose mark is to be taken away. Raises `ScheduleFault` where they have none."""
    if area_code is None:
        if found.state != "paid":
            raise ScheduleFault(f"the round {found.code} is not marked as paid as a whole; name --area")
        parts = round_parts.parts_of(tx, found)
        alone = round_parts.paid_parts(tx, [each.subject for each in parts])
        return [each for each in parts if each.subject not in alone]
    part = round_parts.part(tx, found, area_of(tx, area_code) or 0)
    if not part.stop or not round_parts.paid_parts(tx, [part.subject]):
        raise ScheduleFault(f"the round {found.code} is not marked as paid there by itself")
    return [part]


def _unpaid(tx: Tx, found: rounds.RoundRecord, today: date) -> list[Part]:
    """Return the parts of a round that are not paid yet. Raises `ScheduleFault` where one is still to come."""
    parts = round_parts.parts_of(tx, found)
    paid = round_parts.paid_parts(tx, [each.subject for each in parts])
    left = [each for each in parts if each.subject not in paid]
    for each in left:
        if each.round.day > today:
            area = each.path.rstrip("/").rpartition("/")[2]
            raise ScheduleFault(f"in {area or 'the round'} {each.round.day.isoformat()} is still to come; name --area")
    return left


def _told_late(tx: Tx, part: Part) -> bool:
    return batches.exists(tx, LATE, part.subject, LATE)


def _paid_on(voice: Voice, part: Part, day: date) -> None:
    """Keep a part's day, let no word leave any more that it is late, and forget a survey that was made before that day."""
    tx = voice.tx
    if _told_late(tx, part):
        _late_is(tx, part, "cancelled")
    asked = round_figures.survey_of(tx, part.subject)
    local = voice.context.calendar.local_day
    if asked is not None and asked.started_at is not None and local(asked.started_at) <= day:
        _forget(tx, part, asked)
    if day != part.round.day:
        round_parts.keep_day(tx, part, voice.now)
        round_parts.change(tx, part, {"day": day})


def _as_before(tx: Tx, part: Part) -> None:
    """Give a part the day that it had before it was marked, and end the survey that the mark brought about."""
    kept = round_parts.take_kept_day(tx, part.subject)
    if kept is None:
        return
    round_parts.change(tx, part, {"day": kept.day})
    _late_is(tx, part, "sending")
    asked = round_figures.survey_of(tx, part.subject)
    if asked is not None and asked.started_at is not None and asked.started_at >= kept.at:
        _forget(tx, part, asked)


def _late_is(tx: Tx, part: Part, state: str) -> None:
    """Let what says that a part is late be over, or in force again; what waited of it leaves no more."""
    for batch_id in batches.of_subject(tx, part.subject):
        batch = batches.by_id(tx, batch_id)
        if batch is not None and batch.kind == LATE:
            batches.change(tx, batch_id, state=state)
            outbox.withdraw_batch(tx, batch_id)


def _forget(tx: Tx, part: Part, asked: BatchRecord) -> None:
    """Let a survey stand under another name, so that a new one can be made; what waits of it leaves no more."""
    assert asked.started_at is not None
    outbox.withdraw_batch(tx, asked.id)
    old = f"{part.subject}@{asked.started_at:%Y-%m-%d}#{asked.id}"
    batches.change(tx, asked.id, state="cancelled", subject=old)
