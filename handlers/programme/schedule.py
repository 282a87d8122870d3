"""Staff's work with rounds and meetings: adding, moving and cancelling them, and telling whoever knew of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from handlers.context import Context
from handlers.information import round_words
from handlers.programme.news import News, spread
from handlers.sending.voice import Voice
from storage import Tx
from storage.queries import areas, audit
from storage.queries.programme import round_parts, rounds, told
from storage.queries.programme.round_parts import Part
from storage.queries.programme.rounds import MeetingRecord
from storage.queries.programme.told import Answered
from storage.queries.sending import batches, outbox
from storage.store import AlreadyThere


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
    """Cancel a round: no reminder of it leaves any more. Tell whoever knew of it, and count them.

    Of a day that is past nothing is said. Raises `ScheduleFault`.
    """
    with context.store.transaction() as tx:
        found = planned_round(tx, code)
        parts = round_parts.parts_of(tx, found)
        rounds.change_round(tx, found.id, state="cancelled")
        audit.add(tx, "round.cancelled", actor="staff", now=now, data={"round": found.id})
        by_day: dict[date, list[Part]] = {}
        for part in parts:
            withdraw(tx, part.subject)
            by_day.setdefault(part.round.day, []).append(part)
        voice, today = Voice(context, tx, now), context.calendar.local_day(now)
        return sum(_tell_cancelled(voice, found, each) for day, each in by_day.items() if day >= today)


def cancel_meeting(context: Context, code: str, now: datetime) -> int:
    """Cancel a meeting in a transaction of its own, see `drop_meeting`."""
    with context.store.transaction() as tx:
        return drop_meeting(Voice(context, tx, now), code)


def drop_meeting(voice: Voice, code: str) -> int:
    """Cancel a meeting: no reminder of it leaves any more. Tell whoever knew of it, and count them.

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
    news = News(subject, "meeting_cancelled", lambda _: words, found.at)
    return spread(voice, news, lambda batch: told.freeze_of_meeting(tx, batch, found, answered_of(voice, found)))


def answered_of(voice: Voice, found: MeetingRecord) -> Answered:
    """Return how whoever asked was answered of a meeting."""
    return Answered("meeting_next", short_day(voice.context.calendar.local_day(found.at)), found.created_at)


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


def _tell_cancelled(voice: Voice, found: rounds.RoundRecord, parts: Sequence[Part]) -> int:
    """Tell the people of parts that are of one day."""
    tx, first = voice.tx, parts[0].round
    answered = Answered("payment_next", short_day(first.day), found.created_at)
    until = voice.context.calendar.at(first.day, time(23, 0))
    news = News(parts[0].subject, "round_cancelled", lambda language: round_words(first, language), until)
    return spread(voice, news, lambda batch: told.freeze_of_round(tx, batch, found, parts, answered))
