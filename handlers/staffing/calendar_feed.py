"""The calendar of a member of staff: rounds and meetings of his areas, as iCalendar; no people, no cases."""

import hmac
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from icalendar import Calendar, Event, Timezone

from domain.reading import Language
from handlers.context import Context
from handlers.information import round_label
from storage import Tx
from storage.queries import areas
from storage.queries.programme import agenda
from storage.queries.programme.round_parts import Part
from storage.queries.programme.rounds import MeetingRecord
from storage.queries.staffing import calendar_links, staff
from storage.queries.staffing.staff import StaffRecord
from wording import say

_BACK, _AHEAD = timedelta(days=92), timedelta(days=366)
_MEETS_FOR = timedelta(hours=2)
"""How long a meeting is shown: nobody says when one ends."""


def token(tx: Tx, staff_id: int) -> str:
    """Return the token in the address of somebody's calendar."""
    return f"{staff_id}-{calendar_links.secret_of(tx, staff_id)}"


def feed(context: Context, given: str, now: datetime, *, area_code: str | None = None) -> bytes | None:
    """Return the calendar of a token, of one area of his where that is named; None where the token is nobody's.

    What depends on the moment is the days that it covers alone, so that the same calendar has the same bytes.
    """
    with context.store.reading() as tx:
        owner = _owner(tx, given)
        paths = _paths(tx, owner, area_code) if owner is not None else []
        if owner is None or not paths:
            return None
        language = Language(owner.language)
        today = context.calendar.local_day(now)
        parts = agenda.parts_near(tx, paths, today - _BACK, today + _AHEAD)
        meetings = agenda.meetings_near(tx, paths, now - _BACK, now + _AHEAD)
    return _written(context, language, parts, meetings)


def _owner(tx: Tx, given: str) -> StaffRecord | None:
    """Return whose token it is, None where it is nobody's who still works here; takes as long for each."""
    number, _, secret = given.partition("-")
    staff_id = int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else 0
    expected = calendar_links.secret_of(tx, staff_id)
    if not hmac.compare_digest(secret.encode(), expected.encode()):
        return None
    found = staff.by_id(tx, staff_id)
    return found if found is not None and found.active and found.posts else None


def _paths(tx: Tx, owner: StaffRecord, area_code: str | None) -> list[str]:
    """Return the paths of his areas, shortest first; of the one that is named where it lies within them."""
    held = sorted({post.area_path for post in owner.posts}, key=len)
    if area_code is None:
        return held
    area = areas.by_code(tx, area_code)
    return [area.path] if area is not None and any(area.path.startswith(path) for path in held) else []


def _written(context: Context, language: Language, parts: Sequence[Part], meetings: Sequence[MeetingRecord]) -> bytes:
    settings = context.settings
    made = Calendar()
    made.add("prodid", f"-//Samleng//{settings.name}//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", settings.name)
    made.add("x-wr-timezone", settings.timezone)
    made.add_component(Timezone.from_tzid(settings.timezone))
    for event in (*_rounds(settings.prefix, language, parts), *_meetings(context, meetings)):
        made.add_component(event)
    return bytes(made.to_ical())


def _rounds(prefix: str, language: Language, parts: Sequence[Part]) -> Iterator[Event]:
    for part in parts:
        found = part.round
        event = Event()
        event.add("uid", f"round-{found.id}-{part.stop}@{prefix.lower()}.samleng")
        event.add("summary", say("calendar_round", language, round=round_label(found, language)))
        event.add("dtstart", found.day)
        event.add("dtend", found.day + timedelta(days=1))
        _finish(event, found.place, found.state, found.created_at)
        yield event


def _meetings(context: Context, meetings: Sequence[MeetingRecord]) -> Iterator[Event]:
    for meeting in meetings:
        event, local = Event(), context.calendar.local(meeting.at)
        event.add("uid", f"meeting-{meeting.id}@{context.settings.prefix.lower()}.samleng")
        event.add("summary", meeting.title)
        event.add("dtstart", local)
        event.add("dtend", local + _MEETS_FOR)
        _finish(event, meeting.place, meeting.state, meeting.created_at)
        yield event


def _finish(event: Event, place: str, state: str, created_at: datetime) -> None:
    event.add("dtstamp", created_at)
    event.add("location", place)
    event.add("status", "CANCELLED" if state == "cancelled" else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
