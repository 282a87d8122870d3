"""Incidents: where many people write on one matter, the cases under each, and who hears its one answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, exists, func, insert, literal, or_, select, update

from domain.inbound import Channel
from domain.lifecycle import OPEN, CaseKind
from storage.queries.casework.caseload import visible_to
from storage.queries.casework.cases import COLUMNS, CaseRecord, record_of
from storage.queries.staffing.staff import PostHeld
from storage.store import Tx
from storage.tables import Area, Case, ContactPoint, Incident, PaymentRound, Person
from storage.tables.base import table_of

_I, _T, _A, _C, _P, _R = (table_of(each) for each in (Incident, Case, Area, ContactPoint, Person, PaymentRound))
_ABOVE, _ABOVE2, _RA = _A.alias("above"), _A.alias("above_that"), _A.alias("round_area")
RAISED, ANSWERING, ANSWERED, OVER = "open", "answering", "answered", "over"
"""An incident is open, then its answer is on its way, then it is answered; or it is over with nothing left in it."""
_IS_OPEN = _T.c.status.in_([each.value for each in OPEN])
_WHO = func.coalesce(_T.c.about_id, _T.c.person_id)


@dataclass(frozen=True, slots=True)
class IncidentRecord:
    """One incident. `texts` is the answer: its words by language, the outcome, and the cases that it goes to."""

    id: int
    category: str
    area_id: int
    state: str
    texts: Any
    answered_by: int | None
    opened_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Window:
    """What counts: since when, and for payments since the day of a round of the area, each with its first moment."""

    since: datetime
    payments: Sequence[str]
    rounds: Mapping[date, datetime]

    @property
    def earliest(self) -> datetime:
        """Return since when anything counts at all."""
        return min([self.since, *self.rounds.values()])


@dataclass(frozen=True, slots=True)
class Crowd:
    """So many people of one area on one matter, whom no incident holds yet; `spread` over the places of a district."""

    category: str
    area_id: int
    district_id: int
    people: int
    spread: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """The people of an incident, and its cases by whether they are open and whether somebody answered them."""

    people: int
    open: int
    answered: int


@dataclass(frozen=True, slots=True)
class Hearer:
    """By what the person of a case is answered: no channel where she has none; not `reached` where nothing may be sent."""

    case_id: int
    channel: Channel | None
    language: str | None
    reached: bool


_COLUMNS = tuple(_I.c[name] for name in IncidentRecord.__dataclass_fields__)


def by_id(tx: Tx, incident_id: int, *, locked: bool = False) -> IncidentRecord | None:
    """Return an incident, or None (primary key)."""
    query = select(*_COLUMNS).where(_I.c.id == incident_id)
    row = tx.execute(query.with_for_update(key_share=True) if locked else query).first()
    return None if row is None else IncidentRecord(**row._mapping)


def of_states(tx: Tx, *states: str) -> list[IncidentRecord]:
    """Return the incidents of some states, oldest first; of none given, all."""
    query = select(*_COLUMNS).order_by(_I.c.id)
    rows = tx.execute(query.where(_I.c.state.in_(states)) if states else query)
    return [IncidentRecord(**row._mapping) for row in rows]


def raise_one(tx: Tx, *, category: str, area_id: int, now: datetime) -> int:
    """Add an incident and return its number. Raises `AlreadyThere` where one is open (index `uq_incident_open`)."""
    row = {"category": category, "area_id": area_id, "state": RAISED, "opened_at": now}
    return int(tx.execute(insert(_I).values(**row).returning(_I.c.id)).scalar_one())


def change(tx: Tx, incident_id: int, **values: Any) -> None:
    """Set columns of an incident."""
    tx.execute(update(_I).where(_I.c.id == incident_id).values(**values))


def round_days(tx: Tx, first: date, last: date) -> list[date]:
    """Return the days in between on which anybody was to be paid (index on `day`)."""
    query = select(_R.c.day).where(_R.c.day.between(first, last), _R.c.state != "cancelled")
    return list(tx.execute(query.distinct().order_by(_R.c.day)).scalars())


def crowded(tx: Tx, window: Window, *, categories: Sequence[str], asked_level: str, people: int) -> list[Crowd]:
    """Return where at least so many different people wrote on one matter: in a place, or spread over its district.

    One pass along the index `ix_grievance_case_category`.
    """
    loose = _loose(window, categories).cte("loose")
    columns = (loose.c.category, loose.c.district_id, func.count(loose.c.who.distinct()).label("people"))
    place = select(*columns, loose.c.place_id.label("area_id"), literal(0).label("spread"))
    place = place.where(loose.c.place_id.is_not(None)).group_by(loose.c.category, loose.c.place_id, loose.c.district_id)
    around = select(*columns, loose.c.district_id.label("area_id"), literal(1).label("spread"))
    around = around.where(loose.c.district_id.is_not(None)).group_by(loose.c.category, loose.c.district_id)
    many = [each.having(func.count(loose.c.who.distinct()) >= people) for each in (place, around)]
    found = many[0].union_all(many[1]).order_by("spread", "category", "area_id")
    rows = tx.execute(found, {"asked_level": asked_level})
    return [Crowd(r.category, r.area_id, r.district_id or r.area_id, r.people, bool(r.spread)) for r in rows]


def belonging(tx: Tx, incident_id: int, window: Window, limit: int) -> list[int]:
    """Return the cases that belong under an open incident and are not (index `ix_grievance_case_category`)."""
    query = (
        select(_T.c.id)
        .join(_I, _I.c.category == _T.c.category)
        .join(_A, _A.c.id == _I.c.area_id)
        .where(
            _I.c.id == incident_id,
            _I.c.state == RAISED,
            _T.c.received_at >= window.earliest,
            or_(_T.c.received_at >= _I.c.opened_at, _in(window)),
            _T.c.area_path.startswith(_A.c.path, autoescape=False),
            *_counted(),
        )
    )
    return list(tx.execute(query.order_by(_T.c.id).limit(limit)).scalars())


def strays(tx: Tx, limit: int) -> list[int]:
    """Return the cases under open incidents that are of another matter or place by now (index on `incident_id`)."""
    query = (
        select(_T.c.id)
        .join(_I, _I.c.id == _T.c.incident_id)
        .join(_A, _A.c.id == _I.c.area_id)
        .where(
            _I.c.state == RAISED,
            or_(
                _T.c.category.is_(None),
                _T.c.category != _I.c.category,
                _T.c.sensitive.is_not(None),
                ~func.coalesce(_T.c.area_path, "").startswith(_A.c.path, autoescape=False),
            ),
        )
    )
    return list(tx.execute(query.order_by(_T.c.id).limit(limit)).scalars())


def empty(tx: Tx) -> list[int]:
    """Return the open incidents in which no case is open any more (index on `incident_id`)."""
    left = exists().where(_T.c.incident_id == _I.c.id, _IS_OPEN)
    return list(tx.execute(select(_I.c.id).where(_I.c.state == RAISED, ~left).order_by(_I.c.id)).scalars())


def hang(tx: Tx, case_ids: Sequence[int], incident_id: int) -> list[int]:
    """Put cases under an incident, and return those that were still free for it (primary key)."""
    free = [row.id for row in tx.execute(_locked(case_ids, *_counted()))]
    tx.execute(update(_T).where(_T.c.id.in_(free)).values(incident_id=incident_id))
    return free


def take_out(tx: Tx, case_ids: Sequence[int]) -> list[int]:
    """Take cases out of their incidents, and return those that were in one (primary key)."""
    held = [row.id for row in tx.execute(_locked(case_ids, _T.c.incident_id.is_not(None)))]
    tx.execute(update(_T).where(_T.c.id.in_(held)).values(incident_id=None))
    return held


def figures(tx: Tx, incident_ids: Sequence[int], posts: Sequence[PostHeld] | None = None) -> dict[int, Figures]:
    """Return the figures of incidents as the holder of these posts may see them; of what is not sensitive where None.

    None for an incident of which nothing is seen (index on `incident_id`).
    """
    seen = visible_to(posts) if posts is not None else _T.c.sensitive.is_(None)
    answered = and_(~_IS_OPEN, _T.c.resolved_at.is_not(None))
    query = select(
        _T.c.incident_id,
        func.count(_WHO.distinct()).label("people"),
        func.count().filter(_IS_OPEN).label("open"),
        func.count().filter(answered).label("answered"),
    )
    rows = tx.execute(query.where(_T.c.incident_id.in_(incident_ids), seen).group_by(_T.c.incident_id))
    return {row.incident_id: Figures(int(row.people), int(row.open), int(row.answered)) for row in rows}


def people_seen(tx: Tx, incident_id: int, posts: Sequence[PostHeld]) -> int:
    """Count the people of an incident whose cases the holder of these posts may see."""
    found = figures(tx, [incident_id], posts).get(incident_id)
    return found.people if found is not None else 0


def open_cases(tx: Tx, incident_id: int, posts: Sequence[PostHeld]) -> list[CaseRecord]:
    """Return the open cases of an incident that the holder of these posts may see (index on `incident_id`)."""
    query = select(*COLUMNS).where(_T.c.incident_id == incident_id, _IS_OPEN, visible_to(posts))
    return [record_of(row) for row in tx.execute(query.order_by(_T.c.id))]


def hearers(tx: Tx, incident_id: int) -> dict[int, Hearer]:
    """Return by case how the people of an incident's open cases are answered (index on `incident_id`)."""
    query = (
        select(
            _T.c.id, _C.c.channel, _C.c.stopped_at, _C.c.blocked_at,
            func.coalesce(_C.c.language, _P.c.language).label("language"),
        )
        .join(_P, _P.c.id == _T.c.person_id)
        .outerjoin(_C, _C.c.id == _T.c.contact_point_id)
        .where(_T.c.incident_id == incident_id, _IS_OPEN)
    )  # fmt: skip
    return {row.id: _hearer(row) for row in tx.execute(query)}


def still_to_answer(tx: Tx, incident_id: int, case_ids: Sequence[int]) -> list[int]:
    """Return those of some cases that wait for the answer of their incident, in order (primary key)."""
    theirs = (_T.c.id.in_(case_ids), _T.c.incident_id == incident_id, _IS_OPEN, _T.c.sensitive.is_(None))
    return list(tx.execute(select(_T.c.id).where(*theirs).order_by(_T.c.id)).scalars())


def _loose(window: Window, categories: Sequence[str]) -> Select[Any]:
    """Return the query of the cases that count and hang under nothing: matter, person, place and district."""

    def nearest(level: Any) -> Any:
        return case(*((each.c.level == level, each.c.id) for each in (_A, _ABOVE, _ABOVE2)), else_=None)

    return (
        select(
            _T.c.category,
            _WHO.label("who"),
            nearest(bindparam("asked_level")).label("place_id"),
            nearest("district").label("district_id"),
        )
        .join(_A, _A.c.id == _T.c.area_id)
        .outerjoin(_ABOVE, _ABOVE.c.id == _A.c.parent_id)
        .outerjoin(_ABOVE2, _ABOVE2.c.id == _ABOVE.c.parent_id)
        .where(_T.c.category.in_(categories), _T.c.received_at >= window.earliest, _in(window), *_counted())
    )


def _counted() -> tuple[ColumnElement[bool], ...]:
    """Return what makes a case count: open, unanswered, seen by officers, under no incident, and no appeal."""
    kinds = (CaseKind.COMPLAINT.value, CaseKind.QUESTION.value)
    return (
        _IS_OPEN,
        _T.c.kind.in_(kinds),
        # Not `IS NULL`: SQLite would look up nearly all cases by the index on that column.
        func.coalesce(_T.c.incident_id, 0) == 0,
        _T.c.sensitive.is_(None),
        _T.c.with_desk.is_(False),
        _T.c.first_answer_at.is_(None),
        _T.c.parent_id.is_(None),
        _T.c.topic.is_(None),
    )


def _in(window: Window) -> ColumnElement[bool]:
    """Return the condition that a case came within the days that count: of payments, since a round of its area too."""
    after_round = [
        and_(_T.c.received_at >= moment, _paid_on(day))
        for day, moment in window.rounds.items()
        if moment < window.since
    ]
    if not after_round:
        return _T.c.received_at >= window.since
    paid = and_(_T.c.category.in_(window.payments), or_(*after_round))
    return or_(_T.c.received_at >= window.since, paid)


def _paid_on(day: date) -> ColumnElement[bool]:
    """Return the condition that a round of that day was for a case's area, or for all."""
    here = or_(_R.c.area_id.is_(None), _T.c.area_path.startswith(_RA.c.path, autoescape=False))
    paid = select(_R.c.id).outerjoin(_RA, _RA.c.id == _R.c.area_id)
    return paid.where(_R.c.day == day, _R.c.state != "cancelled", here).exists()


def _locked(case_ids: Sequence[int], *which: ColumnElement[bool]) -> Select[Any]:
    query = select(_T.c.id).where(_T.c.id.in_(case_ids), *which)
    return query.order_by(_T.c.id).with_for_update(key_share=True)


def _hearer(row: Any) -> Hearer:
    channel = Channel(row.channel) if row.channel is not None else None
    reached = channel is not None and row.stopped_at is None and row.blocked_at is None
    return Hearer(row.id, channel, row.language, reached)
