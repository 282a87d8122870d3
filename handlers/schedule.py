"""Staff's work with rounds and meetings: adding, moving and cancelling them, and telling whoever knew an older date."""

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
from wording import say


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
    """Move a round to another day, tell everybody who was told the old one, and count them. Raises `ScheduleFault`."""
    with context.store.transaction() as tx:
        found = _round(tx, code)
        if day < context.calendar.local_day(now):
            raise ScheduleFault(f"{day.isoformat()} is past")
        subject = f"round:{found.id}"
        told = batches.told_of(tx, subject)
        _withdraw(tx, subject)
        rounds.change_round(tx, found.id, day=day)
        batches.rename(tx, subject, f"{subject}@{found.day.isoformat()}")
        audit.add(tx, "round.moved", actor="staff", now=now, data={"round": found.id, "to": day.isoformat()})
        voice = Voice(context, tx, now)
        for person_id in told:
            _tell_moved(voice, person_id, found, day)
        return len(told)


def cancel_round(context: Context, code: str, now: datetime) -> None:
    """Cancel a round: no reminder of it leaves any more. Raises `ScheduleFault`."""
    with context.store.transaction() as tx:
        found = _round(tx, code)
        rounds.change_round(tx, found.id, state="cancelled")
        _withdraw(tx, f"round:{found.id}")
        audit.add(tx, "round.cancelled", actor="staff", now=now, data={"round": found.id})


def cancel_meeting(context: Context, code: str, now: datetime) -> None:
    """Cancel a meeting: no reminder of it leaves any more. Raises `ScheduleFault`."""
    with context.store.transaction() as tx:
        found = rounds.meeting_by_code(tx, code)
        if found is None:
            raise ScheduleFault(f"there is no meeting {code}")
        rounds.change_meeting(tx, found.id, state="cancelled")
        _withdraw(tx, f"meeting:{found.id}")
        audit.add(tx, "meeting.cancelled", actor="staff", now=now, data={"meeting": found.id})


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


def _tell_moved(voice: Voice, person_id: int, found: rounds.RoundRecord, day: date) -> None:
    for contact in contacts.of_person(voice.tx, person_id)[:1]:
        language: Language = voice.language_of(contact)
        words = say("round_moved", language, round=round_label(found, language), day=f"{day.day}/{day.month}")
        due = voice.context.calendar.after_quiet_hours(voice.now)
        voice.send(contact, words, key="round_moved", due_at=due)


def _withdraw(tx: Tx, subject: str) -> None:
    for batch_id in batches.of_subject(tx, subject):
        batches.change(tx, batch_id, state="cancelled")
        outbox.withdraw_batch(tx, batch_id)


def _round(tx: Tx, code: str) -> rounds.RoundRecord:
    found = rounds.round_by_code(tx, code)
    if found is None:
        raise ScheduleFault(f"there is no round {code}")
    return found


def _area(tx: Tx, code: str | None) -> int | None:
    if code is None:
        return None
    found = areas.by_code(tx, code)
    if found is None:
        raise ScheduleFault(f"there is no area with the code {code}")
    return found.id
