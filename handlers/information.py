"""Answering what can be answered at once: when and where the next payment or meeting is, what must be done by when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from domain.calendar import WorkingCalendar
from domain.reading import Category, Language, Reading
from handlers.places import find_places
from storage.queries import areas
from storage.queries.persons import people
from storage.queries.programme import conditions, rounds, told
from storage.queries.programme.conditions import ConditionRecord
from storage.queries.programme.rounds import MeetingRecord, RoundRecord
from wording import say

if TYPE_CHECKING:
    from handlers.conversation.talk import Talk


def answer(talk: Talk, reading: Reading) -> bool:
    """Answer a question about the next payment or meeting; False where no date is known or it asks something else."""
    if reading.category is Category.PAYMENT_DATE:
        if _late(talk):
            return True
        found = _round(talk)
        if found is not None:
            talk.tell("payment_next", **round_words(found, talk.language))
            return True
    if reading.category is Category.MEETING:
        meeting = _meeting(talk)
        if meeting is not None:
            talk.tell("meeting_next", **meeting_words(talk.context.calendar, meeting))
            return True
    return reading.category is Category.HEALTH_NUTRITION and _condition(talk)


def condition_words(found: ConditionRecord, language: Language) -> dict[str, Any] | None:
    """Return how messages name a condition: what to do, by which day, where; None where the language has no words for it."""
    label = found.labels.get(language.value)
    if label is None:
        return None
    place = f" {say('at_place', language, place=found.place)}" if found.place else ""
    return {"label": label, "day": f"{found.due_on.day}/{found.due_on.month}", "place": place}


def round_words(found: RoundRecord, language: Language) -> dict[str, Any]:
    """Return how messages name a round: its label, day and place, and who pays there."""
    day, agent = f"{found.day.day}/{found.day.month}", found.agent or say("the_agent", language)
    return {"round": round_label(found, language), "day": day, "place": found.place, "agent": agent}


def round_label(found: RoundRecord, language: Language) -> str:
    """Return what a round is called: a bare month number is said as the month in the person's language."""
    return say("round_month", language, month=found.label) if found.label.isdigit() else found.label


def meeting_words(calendar: WorkingCalendar, meeting: MeetingRecord) -> dict[str, Any]:
    """Return how messages name a meeting: its title, day, time and place."""
    local = calendar.local(meeting.at)
    return {
        "title": meeting.title,
        "day": f"{local.day}/{local.month}",
        "time": f"{local.hour}:{local.minute:02}",
        "place": meeting.place,
    }


def _late(talk: Talk) -> bool:
    """Answer, where her payment is late and she was promised to hear more by a day, with that; else False."""
    assert talk.contact.person_id is not None
    promised = told.promised_to(talk.tx, talk.contact.person_id, talk.context.calendar.local_day(talk.now))
    if promised is None:
        return False
    part, by = promised
    talk.tell("round_late", round=round_label(part.round, talk.language), day=f"{by.day}/{by.month}")
    return True


def _condition(talk: Talk) -> bool:
    """Answer with what the person has to do next so that her transfer goes on, where there is such a thing."""
    assert talk.contact.person_id is not None
    found = conditions.next_for(talk.tx, talk.contact.person_id, talk.context.calendar.local_day(talk.now))
    words = condition_words(found, talk.language) if found is not None else None
    if words is None:
        return False
    talk.tell("condition_next", **words)
    return True


def _codes(talk: Talk) -> tuple[str, ...]:
    named = find_places(talk.context, talk.tx, talk.text, whole=False)
    if len(named) == 1:
        return areas.codes_in(named[0].path)
    assert talk.contact.person_id is not None
    person = people.by_id(talk.tx, talk.contact.person_id)
    return areas.codes_in(areas.by_id(talk.tx, person.area_id).path) if person.area_id is not None else ()


def _round(talk: Talk) -> RoundRecord | None:
    assert talk.contact.person_id is not None
    today = talk.context.calendar.local_day(talk.now)
    codes = _codes(talk)
    own = rounds.next_round(talk.tx, person_id=talk.contact.person_id, area_codes=codes, today=today)
    return own or (rounds.next_round_in(talk.tx, area_codes=codes, today=today) if codes else None)


def _meeting(talk: Talk) -> MeetingRecord | None:
    assert talk.contact.person_id is not None
    codes = _codes(talk)
    if not codes:
        return None
    group = people.by_id(talk.tx, talk.contact.person_id).group_name
    return rounds.next_meeting(talk.tx, area_codes=codes, group_name=group, now=talk.now)
