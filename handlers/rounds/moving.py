"""When a round is paid: another day for all or for one area, told to whoever knew an older one, and that it was paid."""

from dataclasses import replace
from datetime import date, datetime

from handlers.context import Context
from handlers.programme.schedule import ScheduleFault, area_of, planned_round, round_words, tell, told_of_part, withdraw
from handlers.rounds.audience import LATE
from handlers.sending.voice import Voice
from storage import Tx
from storage.queries import alerts, areas, audit
from storage.queries.programme import round_lists, round_parts, rounds
from storage.queries.programme.round_lists import Stop
from storage.queries.programme.round_parts import PAID_MARK, Part
from storage.queries.sending import batches, outbox


def move_round(context: Context, code: str, day: date, now: datetime, *, area_code: str | None = None) -> int:
    """Move a round in a transaction of its own, see `move`."""
    with context.store.transaction() as tx:
        return move(Voice(context, tx, now), code, day, area_code=area_code)


def mark_paid(
    context: Context, code: str, now: datetime, *, area_code: str | None = None, day: date | None = None
) -> None:
    """Mark a round as paid in a transaction of its own, see `pay`."""
    with context.store.transaction() as tx:
        pay(Voice(context, tx, now), code, area_code=area_code, day=day)


def move(voice: Voice, code: str, day: date, *, area_code: str | None = None, by: int | None = None) -> int:
    """Move a round, or its part in one area, to another day; tell everybody who was told an older one, and count them.

    Areas that have a day of their own keep it when the round is moved. `by` is the member of staff who does it. Raises
    `ScheduleFault`.
    """
    tx, now = voice.tx, voice.now
    found = planned_round(tx, code)
    if day < voice.context.calendar.local_day(now):
        raise ScheduleFault(f"{day.isoformat()} is past")
    part = _part(tx, found, area_code)
    _not_paid(tx, part)
    old = part.round.day
    if day == old:
        raise ScheduleFault(f"{day.isoformat()} is its day already")
    withdraw(tx, part.subject)
    told = told_of_part(tx, part)
    round_parts.set_day(tx, part, day)
    batches.retire(tx, part.subject, old)
    data = {"round": found.id, "to": day.isoformat(), "area": area_code}
    audit.add(tx, "round.moved", actor="staff", actor_id=by, now=now, data=data)
    return tell(voice, told, "round_moved", round_words(part, day))


def pay(
    voice: Voice, code: str, *, area_code: str | None = None, day: date | None = None, by: int | None = None
) -> None:
    """Keep that a round, or its part in one area, was paid; people are asked some days after that day.

    Where people were told that it is late, the day is today unless another is given. Raises `ScheduleFault`.
    """
    tx, now = voice.tx, voice.now
    found = planned_round(tx, code)
    part = _part(tx, found, area_code)
    _not_paid(tx, part)
    today = voice.context.calendar.local_day(now)
    if (day or part.round.day) > today:
        raise ScheduleFault(f"{(day or part.round.day).isoformat()} is still to come")
    parts = [part] if area_code is not None else _unpaid(tx, found, today)
    if area_code is None:
        rounds.change_round(tx, found.id, state="paid")
    else:
        alerts.alert_once(tx, PAID_MARK, part.subject, case_id=None, now=now)
    for each in parts:
        _withdraw_late(tx, each, day or today, given=day is not None)
    data = {"round": found.id, "area": area_code}
    audit.add(tx, "round.paid", actor="staff", actor_id=by, now=now, data=data)


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


def _withdraw_late(tx: Tx, part: Part, day: date, *, given: bool) -> None:
    """Let no word leave any more that a part is late; where one did, or a day is given, that is its day from now on."""
    late = batches.exists(tx, LATE, part.subject, LATE)
    for batch_id in batches.of_subject(tx, part.subject) if late else ():
        batch = batches.by_id(tx, batch_id)
        if batch is not None and batch.kind == LATE:
            batches.change(tx, batch_id, state="cancelled")
            outbox.withdraw_batch(tx, batch_id)
    if late or given:
        round_parts.set_day(tx, part, day)


def _part(tx: Tx, found: rounds.RoundRecord, area_code: str | None) -> Part:
    """Return the part of an area, which gets a day of its own where it had none; the round's own where none is named."""
    area_id = area_of(tx, area_code)
    if area_id is None:
        return Part(found)
    part = round_parts.part(tx, found, area_id)
    if part.stop:
        return part
    path = areas.by_id(tx, area_id).path
    if found.area_id is not None and not path.startswith(areas.by_id(tx, found.area_id).path):
        raise ScheduleFault(f"the round {found.code} is not paid in the area {area_code}")
    above = [each for each in round_parts.parts_of(tx, found) if path.startswith(each.path)]
    nearest = max(above, key=lambda each: len(each.path))
    round_lists.put_stop(tx, found.id, Stop(area_id, nearest.round.day, nearest.round.place, nearest.round.agent))
    made = Part(replace(nearest.round, area_id=area_id), area_id, path)
    _take_over(tx, nearest, made)
    return made


def _take_over(tx: Tx, nearest: Part, made: Part) -> None:
    """Withdraw what is queued under the part by which the new one's people went until now."""
    for batch_id in batches.of_subject(tx, nearest.subject):
        theirs = round_parts.people_of(tx, made, sorted(batches.people_in(tx, batch_id)))
        if theirs:
            outbox.withdraw_of_people(tx, batch_id, sorted(theirs))


def _not_paid(tx: Tx, part: Part) -> None:
    if round_parts.paid_parts(tx, [part.subject]):
        raise ScheduleFault(f"the round {part.round.code} is marked as paid there")
