"""Staff's work with rounds and meetings: adding, moving and cancelling them, and telling whoever knew of them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from domain.reading import Language
from handlers.context import Context
from handlers.information import round_label
from handlers.voice import Voice
from storage import Tx
from storage.queries import areas, audit, batches, contacts, outbox, rounds
from storage.store import AlreadyThere

_WordsIn = Callable[[Language], Mapping[str, Any]]
"""What a message is filled in with, in a language."""


class ScheduleFault(Exception):
    """What is wrong with an act on a round or meeting, in words that name it."""


@dataclass(frozen=True, slots=True)
class MeetingPlan:
    """A meeting to be added; `day` and `clock` are in project time."""

    code: str
    title: str
    day: date
    clock: time
    place: str
    area_code: str | None = None
    group: str | None = None


def add_meeting(context: Context, plan: MeetingPlan, now: datetime) -> int:
    """Add a meeting and return its number. Raises `ScheduleFault`."""
    with context.store.transaction() as tx:
        area_id = _area(tx, plan.area_code)
        try:
            with tx.attempt():
                number = rounds.add_meeting(
                    tx,
                    now,
                    code=plan.code,
                    title=plan.title,
                    at=context.calendar.at(plan.day, plan.clock),
                    place=plan.place,
                    area_id=area_id,
                    group_name=plan.group,
                )
        except AlreadyThere as taken:
            raise ScheduleFault(f"there is a meeting {plan.code} already") from taken
        audit.add(tx, "meeting.added", actor="staff", now=now, data={"meeting": number})
        return number


def move_round(context: Context, code: str, day: date, now: datetime) -> int:
    """Move a round to another day, tell everybody who was told an older one, and count them. Raises `ScheduleFault`."""
    with context.store.transaction() as tx:
        found = _round(tx, code)
        if day < context.calendar.local_day(now):
            raise ScheduleFault(f"{day.isoformat()} is past")
        if day == found.day:
            raise ScheduleFault(f"{day.isoformat()} is its day already")
        subject = f"round:{found.id}"
        _withdraw(tx, subject)
        told = batches.told_of(tx, subject)
        rounds.change_round(tx, found.id, day=day)
        batches.retire(tx, subject, found.day)
        audit.add(tx, "round.moved", actor="staff", now=now, data={"round": found.id, "to": day.isoformat()})
        return _tell(Voice(context, tx, now), told, "round_moved", _round_words(found, day))


def cancel_round(context: Context, code: str, now: datetime) -> int:
    """Cancel a round: no reminder of it leaves any more. Tell whoever was told of it, and count them.

    Of a day that is past nothing is said. Raises `ScheduleFault`.
    """
    with context.store.transaction() as tx:
        found = _round(tx, code)
        subject = f"round:{found.id}"
        rounds.change_round(tx, found.id, state="cancelled")
        _withdraw(tx, subject)
        audit.add(tx, "round.cancelled", actor="staff", now=now, data={"round": found.id})
        if found.day < context.calendar.local_day(now):
            return 0
        told = batches.told_of(tx, subject)
        return _tell(Voice(context, tx, now), told, "round_cancelled", _round_words(found, found.day))


def cancel_meeting(context: Context, code: str, now: datetime) -> int:
    """Cancel a meeting: no reminder of it leaves any more. Tell whoever was told of it, and count them.

    Of a meeting that is past nothing is said. Raises `ScheduleFault`.
    """
    with context.store.transaction() as tx:
        found = rounds.meeting_by_code(tx, code)
        if found is None:
            raise ScheduleFault(f"there is no meeting {code}")
        if found.state == "cancelled":
            raise ScheduleFault(f"the meeting {code} is cancelled")
        subject = f"meeting:{found.id}"
        rounds.change_meeting(tx, found.id, state="cancelled")
        _withdraw(tx, subject)
        audit.add(tx, "meeting.cancelled", actor="staff", now=now, data={"meeting": found.id})
        if found.at <= now:
            return 0
        words = {"title": found.title, "day": _day(context.calendar.local_day(found.at))}
        return _tell(Voice(context, tx, now), batches.told_of(tx, subject), "meeting_cancelled", lambda _: words)


def all_rounds(context: Context) -> list[dict[str, Any]]:
    """Return all rounds as plain values, by day."""
    with context.store.reading() as tx:
        return [
            {"code": r.code, "label": r.label, "day": r.day.isoformat(), "place": r.place, "state": r.state}
            for r in rounds.all_rounds(tx)
        ]


def all_meetings(context: Context) -> list[dict[str, Any]]:
    """Return all meetings as plain values, by time."""
    with context.store.reading() as tx:
        return [
            {"code": m.code, "title": m.title, "at": m.at.isoformat(), "place": m.place, "state": m.state}
            for m in rounds.all_meetings(tx)
        ]


def _tell(voice: Voice, told: Mapping[int, Collection[int]], key: str, words_in: _WordsIn) -> int:
    """Tell people, once the quiet hours are over, by where they were told before, and count whom it could be sent to."""
    due = voice.context.calendar.after_quiet_hours(voice.now)
    sent = 0
    for person_id, known in told.items():
        theirs = contacts.of_person(voice.tx, person_id)
        same = [each for each in theirs if each.id in known and each.blocked_at is None]
        for contact in same or theirs:
            words = words_in(voice.language_of(contact))
            if voice.tell(contact, key, due_at=due, **words) is not None:
                sent += 1
                break
    return sent


def _round_words(found: rounds.RoundRecord, day: date) -> _WordsIn:
    return lambda language: {"round": round_label(found, language), "day": _day(day)}


def _day(day: date) -> str:
    return f"{day.day}/{day.month}"


def _withdraw(tx: Tx, subject: str) -> None:
    for batch_id in batches.of_subject(tx, subject):
        batches.change(tx, batch_id, state="cancelled")
        outbox.withdraw_batch(tx, batch_id)


def _round(tx: Tx, code: str) -> rounds.RoundRecord:
    found = rounds.round_by_code(tx, code)
    if found is None:
        raise ScheduleFault(f"there is no round {code}")
    if found.state == "cancelled":
        raise ScheduleFault(f"the round {code} is cancelled")
    return found


def _area(tx: Tx, code: str | None) -> int | None:
    if code is None:
        return None
    found = areas.by_code(tx, code)
    if found is None:
        raise ScheduleFault(f"there is no area with the code {code}")
    return found.id
