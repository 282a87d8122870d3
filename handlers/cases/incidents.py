"""Incidents: one is raised where many people write on one matter, their cases hang under it, one answer goes to all."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from domain import ladder
from domain.lifecycle import CaseKind, Outcome
from domain.reading import Category, Language
from domain.settings import LADDER_LEVELS, Level
from handlers.cases.caseacts import CLOCK, Actor
from handlers.cases.casework import Casework
from handlers.cases.conflicts import is_accusation
from handlers.context import Context
from handlers.places import short_place
from storage import Tx
from storage.queries import alerts, areas, audit
from storage.queries.casework import cases, incidents
from storage.queries.casework.incidents import Crowd, IncidentRecord, Window
from storage.queries.staffing import staff
from storage.queries.staffing.staff import PostHeld, StaffRecord
from storage.store import AlreadyThere
from wording import say

PAYMENTS = (
    Category.PAYMENT_MISSING, Category.PAYMENT_AMOUNT, Category.PAYMENT_ACCESS, Category.PAYMENT_DATE,
)  # fmt: skip
MATTERS = tuple(each.value for each in Category if each not in (Category.ABUSE, Category.OTHER))
"""What incidents are of: never harm, and not what has no name in common."""
CHUNK = 200
_SHARE = 0.25
"""How much of a gateway's rate one answer to many takes, so that replies to others go between."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an incident is answered with: the words by language, the outcome of its cases, and which cases those are."""

    words: dict[str, str]
    outcome: Outcome
    cases: tuple[int, ...]

    def as_plain(self) -> dict[str, Any]:
        """Return the answer as it is kept."""
        return {"words": self.words, "outcome": self.outcome.value, "cases": list(self.cases)}


def answer_of(incident: IncidentRecord) -> Answer:
    """Return the answer that is kept with an incident."""
    kept = incident.texts
    return Answer(dict(kept["words"]), Outcome(kept["outcome"]), tuple(kept["cases"]))


def window(context: Context, tx: Tx, now: datetime) -> Window:
    """Return what counts now: the last days, and for payments the time since each round of the last weeks."""
    rules, calendar = context.settings.incidents, context.calendar
    today = calendar.local_day(now)
    days = incidents.round_days(tx, today - timedelta(days=rules.days_after_round), today)
    began = {day: calendar.at(day, datetime.min.time()) for day in days}
    return Window(now - timedelta(days=rules.days), [each.value for each in PAYMENTS], began)


def raise_one(context: Context, tx: Tx, crowd: Crowd, seen: Window, now: datetime) -> int | None:
    """Raise an incident with its cases and alert whom it concerns, once; None where one is open already."""
    try:
        with tx.attempt():
            number = incidents.raise_one(tx, category=crowd.category, area_id=crowd.area_id, now=now)
    except AlreadyThere:
        return None
    data = {"incident": number, "category": crowd.category, "area": areas.by_id(tx, crowd.area_id).code}
    audit.add(tx, "incident.raised", actor=CLOCK.kind, now=now, data=data)
    hang_all(tx, number, seen, now)
    if alerts.alert_once(tx, "incident", str(number), case_id=None, now=now):
        _alert(Casework(context, tx, now), number, crowd)
    return number


def hang_all(tx: Tx, number: int, seen: Window, now: datetime) -> int:
    """Put what belongs to an open incident under it, a chunk at most, and count it."""
    hung = incidents.hang(tx, found, number) if (found := incidents.belonging(tx, number, seen, CHUNK)) else []
    for case_id in hung:
        audit.add(tx, "case.joined_incident", actor=CLOCK.kind, case_id=case_id, now=now, data={"incident": number})
    return len(hung)


def take_out(tx: Tx, case_ids: list[int], now: datetime) -> int:
    """Take cases out of incidents to which they belong no more, and count them."""
    left = incidents.take_out(tx, case_ids)
    for case_id in left:
        audit.add(tx, "case.left_incident", actor=CLOCK.kind, case_id=case_id, now=now)
    return len(left)


def end(tx: Tx, number: int, now: datetime) -> None:
    """End an incident in which nothing is open any more, so that another may be raised there."""
    incident = incidents.by_id(tx, number, locked=True)
    if incident is not None and incident.state == incidents.RAISED and number in incidents.empty(tx):
        incidents.change(tx, number, state=incidents.OVER)
        audit.add(tx, "incident.over", actor=CLOCK.kind, now=now, data={"incident": number})


def answer_one(context: Context, tx: Tx, incident: IncidentRecord, *, case_id: int, place: int, now: datetime) -> bool:
    """Give one case the answer of its incident; False where it waits for that no more.

    `place` is how many others go before it: answers leave one after the other, slower than the gateway could.
    """
    case = cases.by_id(tx, case_id, locked=True)
    if not case.is_open or case.incident_id != incident.id or case.sensitive is not None:
        return False
    answer = answer_of(incident)
    work = Casework(context, tx, now)
    contact = work.contact_of(case)
    language = work.voice.language_of(contact) if contact is not None else context.settings.default_language
    text = answer.words.get(language.value) or next(iter(answer.words.values()))
    gateway = context.gateways.get(contact.gateway or "") if contact is not None else None
    rate = gateway.rate if gateway is not None else 1.0
    leaves = context.calendar.after_quiet_hours(now + timedelta(seconds=2 * place / (rate * _SHARE)))
    work.resolve(case, answer.outcome, text, Actor("officer", incident.answered_by), not_before=leaves)
    return True


def may_see(incident: IncidentRecord, posts: tuple[PostHeld, ...], area_path: str) -> bool:
    """Tell whether the holder of these posts may look at an incident: in his area, of his desk, and the desk all.

    Accusations are for the desk alone; each case of them is seen by whom it does not name.
    """
    levels = {post.level for post in posts}
    if Level.DESK in levels:
        return True
    if is_accusation(incident.category):
        return False
    within = any(post.level in LADDER_LEVELS and area_path.startswith(post.area_path) for post in posts)
    return within or Level.PROVIDER in levels


def listed(context: Context) -> list[dict[str, Any]]:
    """Return all incidents with their figures, the newest first, as the command line shows them."""
    with context.store.reading() as tx:
        found = incidents.of_states(tx)
        figures = incidents.figures(tx, [each.id for each in found])
        codes = {each.area_id: areas.by_id(tx, each.area_id).code for each in found}
    nothing = incidents.Figures(0, 0, 0)
    return [_plain(each, codes[each.area_id], figures.get(each.id, nothing)) for each in reversed(found)]


def shown(context: Context, number: int) -> dict[str, Any] | None:
    """Return one incident with its answer by language, or None where there is none."""
    with context.store.reading() as tx:
        found = incidents.by_id(tx, number)
        if found is None:
            return None
        figures = incidents.figures(tx, [number]).get(number, incidents.Figures(0, 0, 0))
        plain = _plain(found, areas.by_id(tx, found.area_id).code, figures)
    answer = answer_of(found) if found.texts else None
    told = {"outcome": answer.outcome.value, "words": answer.words, "cases": len(answer.cases)} if answer else None
    return {**plain, "answer": told}


def _plain(incident: IncidentRecord, area: str, figures: incidents.Figures) -> dict[str, Any]:
    return {
        "number": incident.id,
        "state": incident.state,
        "category": incident.category,
        "area": area,
        "people": figures.people,
        "open": figures.open,
        "answered": figures.answered,
        "opened_at": incident.opened_at.isoformat(),
        "answered_at": incident.answered_at.isoformat() if incident.answered_at else None,
    }


def _alert(work: Casework, number: int, crowd: Crowd) -> None:
    """Tell the desk, the area's officers and those one level up; each is told of the people whom he may see.

    Whoever may see fewer than make an incident is told nothing: he could guess at the others.
    """
    incident = incidents.by_id(work.tx, number)
    assert incident is not None
    area = areas.by_id(work.tx, crowd.area_id)
    told = staff.of_level(work.tx, Level.DESK, work.now)
    if not is_accusation(crowd.category):
        told += _officers(work, area.path, Category(crowd.category))
    at = work.context.calendar.next_open(work.now)
    for staff_id in dict.fromkeys(told):
        record = staff.by_id(work.tx, staff_id)
        if record is None or not may_see(incident, record.posts, area.path):
            continue
        count = incidents.people_seen(work.tx, number, record.posts)
        if count >= work.context.settings.incidents.people:
            _tell(work, record, incident, count, at)


def _tell(work: Casework, record: StaffRecord, incident: IncidentRecord, count: int, at: datetime) -> None:
    voice = work.voice
    contact = voice.staff_contact(record.id)
    if contact is None:
        return
    language = voice.staff_language(contact)
    key = "officer_incident_accused" if is_accusation(incident.category) else "officer_incident_new"
    words = say(key, language, count=count, **named(work.tx, incident, language), day=voice.day(incident.opened_at))
    voice.send(contact, words, key=key, kind="notice", due_at=at, staff_id=record.id)


def named(tx: Tx, incident: IncidentRecord, language: Language) -> dict[str, Any]:
    """Return how an incident is named to staff: its number, its matter and its place."""
    return {
        "number": str(incident.id),
        "category": say(f"category_{incident.category}", language),
        "place": short_place(tx, incident.area_id, language),
    }


def _officers(work: Casework, area_path: str, category: Category) -> list[int]:
    """Return who has new cases of such a matter there, and the next level above."""
    steps = work.rungs_for(category, CaseKind.COMPLAINT)
    codes, found, start = areas.codes_in(area_path), list[int](), 0
    for _ in range(2):
        placed = ladder.place(
            steps,
            start=start,
            barred_to=-1,
            filled_post=lambda level: staff.filled_post(work.tx, level, codes, work.now),
        )
        if placed.post is None:
            break
        found += staff.holders(work.tx, placed.post, work.now)
        start = placed.index + 1
    return found
