"""When and where a round is paid: another day, place or agent, for all or for one area, told to whoever knew the old ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from handlers.context import Context
from handlers.information import round_words
from handlers.programme.news import News, spread
from handlers.programme.schedule import ScheduleFault, area_of, planned_round, short_day, withdraw
from handlers.sending.voice import Voice
from storage import Tx
from storage.queries import areas, audit
from storage.queries.programme import round_lists, round_parts, told
from storage.queries.programme.round_lists import Stop
from storage.queries.programme.round_parts import Part
from storage.queries.programme.rounds import RoundRecord
from storage.queries.programme.told import Answered
from storage.queries.sending import batches, outbox

_DAY_ENDS = time(23, 0)


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a round or a part of it; what is None stays."""

    day: date | None = None
    place: str | None = None
    agent: str | None = None

    @property
    def given(self) -> Mapping[str, Any]:
        """Return what is given, by its column."""
        pairs = {"day": self.day, "place": self.place, "agent": self.agent}
        return {name: value for name, value in pairs.items() if value is not None}


def move_round(
    context: Context,
    code: str,
    day: date | None,
    now: datetime,
    *,
    place: str | None = None,
    agent: str | None = None,
    area_code: str | None = None,
) -> int:
    """Move a round in a transaction of its own, see `change_round`."""
    with context.store.transaction() as tx:
        return change_round(Voice(context, tx, now), code, Change(day, place, agent), area_code=area_code)


def move(voice: Voice, code: str, day: date, *, area_code: str | None = None, by: int | None = None) -> int:
    """Move a round, or its part in one area, to another day, see `change_round`."""
    return change_round(voice, code, Change(day), area_code=area_code, by=by)


def change_round(
    voice: Voice, code: str, change: Change, *, area_code: str | None = None, by: int | None = None
) -> int:
    """Give a round, or its part in one area, another day, place or agent; tell whoever knew the old ones, and count them.

    Areas that have a day or place of their own keep it when the round is changed; those of its very day move with it.
    Another agent alone is told to nobody. `by` is the member of staff who does it. Raises `ScheduleFault`.
    """
    tx = voice.tx
    found = planned_round(tx, code)
    if change.day is not None and change.day < voice.context.calendar.local_day(voice.now):
        raise ScheduleFault(f"{change.day.isoformat()} is past")
    part = own_part(tx, found, area_code)
    refuse_paid(tx, part)
    if not change.given:
        raise ScheduleFault("say another day, place or agent")
    if all(getattr(part.round, name) == value for name, value in change.given.items()):
        raise ScheduleFault(f"{change.day.isoformat()} is its day already" if change.day else "it is so already")
    reached = _settle(voice, found, _with_it(tx, found, part, change))
    data = {"round": found.id, "area": area_code, **{name: str(value) for name, value in change.given.items()}}
    audit.add(tx, "round.moved", actor="staff", actor_id=by, now=voice.now, data=data)
    return reached


def put_stop(voice: Voice, found: RoundRecord, stop: Stop) -> int:
    """Give an area of a round the day, place and agent that a list says; tell whoever knew others, and count them.

    Raises `ScheduleFault` where the area is marked as paid.
    """
    tx = voice.tx
    part = _part_in(tx, found, stop.area_id)
    wanted = Change(stop.day, stop.place, stop.agent)
    if all(getattr(part.round, name) == value for name, value in wanted.given.items()):
        return 0
    refuse_paid(tx, part)
    return _settle(voice, found, _with_it(tx, found, part, wanted))


def own_part(tx: Tx, found: RoundRecord, area_code: str | None) -> Part:
    """Return the part of an area, which gets a day of its own where it had none; the round's own where none is named.

    Raises `ScheduleFault`.
    """
    area_id = area_of(tx, area_code)
    return Part(found) if area_id is None else _part_in(tx, found, area_id)


def _part_in(tx: Tx, found: RoundRecord, area_id: int) -> Part:
    part = round_parts.part(tx, found, area_id)
    if part.stop:
        return part
    area = areas.by_id(tx, area_id)
    if found.area_id is not None and not area.path.startswith(areas.by_id(tx, found.area_id).path):
        raise ScheduleFault(f"the round {found.code} is not paid in the area {area.code}")
    nearest = round_parts.nearest(tx, found, area.path)
    # What it has from the round itself stays empty, so that it goes on changing with the round.
    place, agent = (nearest.round.place, nearest.round.agent) if nearest.stop else (None, None)
    round_lists.put_stop(tx, found.id, Stop(area_id, nearest.round.day, place, agent))
    made = Part(replace(nearest.round, area_id=area_id), area_id, area.path)
    _take_over(tx, nearest, made)
    return made


def _with_it(tx: Tx, found: RoundRecord, part: Part, change: Change) -> list[tuple[Part, Change]]:
    """Return a part with its change, and for the round's own those that go with it: of the same day, or without a place."""
    if part.stop:
        return [(part, change)]
    stops = round_lists.stops(tx, found.id)
    parts = [each for each in round_parts.parts_of(tx, found) if each.stop]
    paid = round_parts.paid_parts(tx, [each.subject for each in parts])
    along = [(part, change)]
    for each in parts:
        theirs = stops[each.stop]
        with_it = Change(
            change.day if each.round.day == found.day else None,
            change.place if theirs.place is None else None,
            change.agent if theirs.agent is None else None,
        )
        if with_it.given and each.subject not in paid:
            along.append((each, with_it))
    return along


def _settle(voice: Voice, found: RoundRecord, changes: Sequence[tuple[Part, Change]]) -> int:
    """Put down what becomes of parts of a round, withdraw what is queued about them, and tell whoever knew."""
    tx = voice.tx
    moved: dict[tuple[str, date, date, str], list[Part]] = {}
    for part, change in changes:
        after = replace(part.round, **change.given)
        key = "round_elsewhere" if after.place != part.round.place else "round_moved"
        round_parts.change(tx, part, change.given)
        if (after.day, after.place) == (part.round.day, part.round.place):
            continue
        withdraw(tx, part.subject)
        if changes[0][0].stop:
            _take_over(tx, Part(found), part)
        batches.retire(tx, part.subject, part.round.day)
        alike = (key, part.round.day, after.day, after.place if key == "round_elsewhere" else "")
        moved.setdefault(alike, []).append(replace(part, round=after))
    return sum(_tell(voice, found, key, before, parts) for (key, before, *_), parts in moved.items())


def _tell(voice: Voice, found: RoundRecord, key: str, before: date, parts: Sequence[Part]) -> int:
    """Tell the people of parts that are alike in the day before and after, and in place where that is told."""
    answered, first = Answered("payment_next", short_day(before), found.created_at), parts[0].round
    until = voice.context.calendar.at(first.day, _DAY_ENDS)
    news = News(parts[0].subject, key, lambda language: round_words(first, language), until)
    return spread(voice, news, lambda batch: told.freeze_of_round(voice.tx, batch, found, parts, answered))


def _take_over(tx: Tx, nearest: Part, made: Part) -> None:
    """Withdraw what is queued for a part's people under another, by which they went until now."""
    for batch_id in batches.of_subject(tx, nearest.subject):
        theirs = round_parts.people_of(tx, made, sorted(batches.people_in(tx, batch_id)))
        if theirs:
            outbox.withdraw_of_people(tx, batch_id, sorted(theirs))


def refuse_paid(tx: Tx, part: Part) -> None:
    """Raise `ScheduleFault` where a part is marked as paid."""
    if round_parts.paid_parts(tx, [part.subject]):
        raise ScheduleFault(f"the round {part.round.code} is marked as paid there")
