"""Staff's work with rounds and meetings: adding, moving and cancelling them, and telling whoever knew of them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from domain.reading import Language
from handlers.context import Context
from handlers.information import round_label
from handlers.sending.voice import Voice
from storage import Tx
from storage.queries import areas, audit
from storage.queries.persons import contacts
from storage.queries.programme import round_parts, rounds
from storage.queries.programme.round_parts import Part
from storage.queries.sending import batches, outbox
from storage.store import AlreadyThere

WordsIn = Callable[[Language], Mapping[str, Any]]
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
        area_id = area_of(tx, plan.area_code)
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


def cancel_round(context: Context, code: str, now: datetime) -> int:
    """Cancel a round: no reminder of it leaves any more. Tell whoever was told of it, and count them.

    Of a day that is past nothing is said. Raises `ScheduleFault`.
    """
    with context.store.transaction() as tx:
        found = planned_round(tx, code)
        parts = round_parts.parts_of(tx, found)
        rounds.change_round(tx, found.id, state="cancelled")
        audit.add(tx, "round.cancelled", actor="staff", now=now, data={"round": found.id})
        today, sent = context.calendar.local_day(now), 0
        for part in parts:
            withdraw(tx, part.subject)
            if part.round.day >= today:
                told = told_of_part(tx, part)
                sent += tell(Voice(context, tx, now), told, "round_cancelled", round_words(part, part.round.day))
        return sent


def cancel_meeting(context: Context, code: str, now: datetime) -> int:
    """Cancel a meeting in a transaction of its own, see `drop_meeting`."""
    with context.store.transaction() as tx:
        return drop_meeting(Voice(context, tx, now), code)


def drop_meeting(voice: Voice, code: str) -> int:
    """Cancel a meeting: no reminder of it leaves any more. Tell whoever was told of it, and count them.

    Of a meeting that is past nothing is said. Raises `ScheduleFault`.
    """
    tx, now = voice.tx, voice.now
    found = rounds.meeting_by_code(tx, code)
    if found is None:
        raise ScheduleFault(f"there is no meeting {code}")
    if found.state == "cancelled":
        raise ScheduleFault(f"the meeting {code} is cancelled")
    subject = f"meeting:{found.id}"
    rounds.change_meeting(tx, found.id, state="cancelled")
    withdraw(tx, subject)
    audit.add(tx, "meeting.cancelled", actor="staff", now=now, data={"meeting": found.id})
    if found.at <= now:
        return 0
    words = {"title": found.title, "day": short_day(voice.context.calendar.local_day(found.at))}
    return tell(voice, batches.told_of(tx, subject), "meeting_cancelled", lambda _: words)


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


def tell(voice: Voice, told: Mapping[int, Collection[int]], key: str, words_in: WordsIn) -> int:
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


def round_words(part: Part, day: date) -> WordsIn:
    """Return what a message about a part of a round is filled in with, for a day."""
    return lambda language: {"round": round_label(part.round, language), "day": short_day(day)}


def told_of_part(tx: Tx, part: Part) -> dict[int, set[int]]:
    """Return who of a part's people was told a day of the round, and to which contact points."""
    told = batches.told_of(tx, f"round:{part.round.id}")
    if part.stop:
        for person_id, known in batches.told_of(tx, part.subject).items():
            told.setdefault(person_id, set()).update(known)
    mine = round_parts.people_of(tx, part, list(told))
    return {person_id: known for person_id, known in told.items() if person_id in mine}


def short_day(day: date) -> str:
    """Return a day as messages show it."""
    return f"{day.day}/{day.month}"


def withdraw(tx: Tx, subject: str) -> None:
    """Let nothing more leave that is about a subject."""
    for batch_id in batches.of_subject(tx, subject):
        batches.change(tx, batch_id, state="cancelled")
        outbox.withdraw_batch(tx, batch_id)


def planned_round(tx: Tx, code: str) -> rounds.RoundRecord:
    """Return a round that is neither cancelled nor paid. Raises `ScheduleFault`."""
    found = known_round(tx, code)
    if found.state != "planned":
        raise ScheduleFault(f"the round {code} is {found.state}")
    return found


def known_round(tx: Tx, code: str) -> rounds.RoundRecord:
    """Return a round by its code. Raises `ScheduleFault`."""
    found = rounds.round_by_code(tx, code)
    if found is None:
        raise ScheduleFault(f"there is no round {code}")
    return found


def area_of(tx: Tx, code: str | None) -> int | None:
    """Return the area of a code. Raises `ScheduleFault`."""
    if code is None:
        return None
    found = areas.by_code(tx, code)
    if found is None:
        raise ScheduleFault(f"there is no area with the code {code}")
    return found.id
