"""Cases: making them with a reference nobody has, locking them, and the lists that each viewer may see."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, func, insert, or_, select, update

from domain.ladder import rank
from domain.lifecycle import OPEN, CaseKind, Status
from domain.references import new_reference
from domain.settings import LADDER_LEVELS, Level, Step
from storage.queries.staff import PostHeld
from storage.store import AlreadyThere, Tx
from storage.tables import Alert, Case, CaseContact, CaseNumber, Question, Staff
from storage.tables.base import table_of

_T, _CC, _N, _AL = table_of(Case), table_of(CaseContact), table_of(CaseNumber), table_of(Alert)
_Q, _S = table_of(Question), table_of(Staff)
_OPEN = _T.c.status.in_([status.value for status in sorted(OPEN)])
_TRIES = 8
_HIGHEST_NUMBER, _NUMBER_RESTS = 99, timedelta(days=30)


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """A case as stored; `steps` is the ladder that it was started with."""

    id: int
    reference: str
    kind: CaseKind
    status: Status
    outcome: str | None
    category: str | None
    categories: list[str]
    secondary: str | None
    category_by: str
    sensitive: str | None
    with_desk: bool
    anonymous: bool
    level: Level
    ladder: list[dict[str, Any]]
    rung: int
    barred_to: int
    area_id: int | None
    area_path: str | None
    post_id: int | None
    taken_by: int | None
    person_id: int
    contact_point_id: int | None
    round_id: int | None
    parent_id: int | None
    call_hours: list[int] | None
    received_at: datetime
    last_inbound_at: datetime
    answer_by: datetime
    due_at: datetime | None
    remaining_days: int | None
    acknowledged_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    confirmed: bool | None

    @property
    def steps(self) -> tuple[Step, ...]:
        """Return the rungs of the ladder."""
        return tuple(Step.model_validate(step) for step in self.ladder)

    @property
    def is_open(self) -> bool:
        """Tell whether somebody must act on it."""
        return self.status in OPEN


_NAMES = tuple(each.name for each in fields(CaseRecord))
_COLUMNS = tuple(_T.c[name] for name in _NAMES)
_BY_ID = select(*_COLUMNS).where(_T.c.id == bindparam("case_id"))
_BY_ID_LOCKED = _BY_ID.with_for_update(key_share=True)
_BY_REFERENCE = select(*_COLUMNS).where(_T.c.reference == bindparam("reference"))
_RECENT = (
    select(*_COLUMNS)
    .where(
        _T.c.person_id == bindparam("person_id"),
        _T.c.contact_point_id == bindparam("contact_id"),
        _T.c.last_inbound_at >= bindparam("since"),
        _T.c.status != Status.CLOSED.value,
    )
    .order_by(_T.c.received_at.desc(), _T.c.id.desc())
    .limit(1)
)
_RECENT_SENSITIVE = _RECENT.where(_T.c.sensitive.is_not(None))
_AWAITING = (
    select(*_COLUMNS)
    .where(
        _T.c.person_id == bindparam("person_id"),
        _T.c.contact_point_id == bindparam("contact_id"),
        _T.c.status == Status.AWAITING.value,
    )
    .order_by(_T.c.received_at.desc(), _T.c.id.desc())
    .limit(1)
)
_INSERT = insert(_T).returning(_T.c.id)
_INSERT_CONTACT = insert(_CC)


def create(tx: Tx, *, prefix: str, random: Random, contact_id: int | None, values: dict[str, Any]) -> CaseRecord:
    """Make a case under a reference that nobody has, known to the contact point that brought it."""
    for _ in range(_TRIES):
        try:
            with tx.attempt():
                row = {**dict.fromkeys(_NAMES), **values, "reference": new_reference(prefix, random)}
                row.pop("id")
                case_id = tx.execute(_INSERT, row).scalar_one()
                break
        except AlreadyThere:
            continue
    else:
        raise RuntimeError(f"no free reference in {_TRIES} tries")
    if contact_id is not None:
        tx.execute(_INSERT_CONTACT, {"case_id": case_id, "contact_point_id": contact_id})
    return _record(tuple({**row, "id": case_id}[name] for name in _NAMES))


def by_id(tx: Tx, case_id: int, *, locked: bool = False) -> CaseRecord:
    """Return a case, locked until the transaction ends where asked (primary key)."""
    return _record(tx.execute(_BY_ID_LOCKED if locked else _BY_ID, {"case_id": case_id}).one())


def by_reference(tx: Tx, reference: str) -> CaseRecord | None:
    """Return the case of a reference, or None (unique index)."""
    row = tx.execute(_BY_REFERENCE, {"reference": reference}).first()
    return None if row is None else _record(row)


def recent(tx: Tx, *, person_id: int, contact_id: int, since: datetime, sensitive: bool = False) -> CaseRecord | None:
    """Return the newest case of a contact point that was written to since then (index on person and time).

    `sensitive` looks among the sensitive ones only.
    """
    row = tx.execute(
        _RECENT_SENSITIVE if sensitive else _RECENT, {"person_id": person_id, "contact_id": contact_id, "since": since}
    ).first()
    return None if row is None else _record(row)


def awaiting(tx: Tx, *, person_id: int, contact_id: int) -> CaseRecord | None:
    """Return the newest case that waits for an answer from a contact point (index on person and time)."""
    row = tx.execute(_AWAITING, {"person_id": person_id, "contact_id": contact_id}).first()
    return None if row is None else _record(row)


def askable_from(tx: Tx, contact_id: int) -> list[CaseRecord]:
    """Return the cases that a contact point may ask about, newest first (index on `case_contact.contact_point_id`)."""
    query = select(*_COLUMNS).join(_CC, _CC.c.case_id == _T.c.id).where(_CC.c.contact_point_id == contact_id)
    return [_record(row) for row in tx.execute(query.order_by(_T.c.id.desc()).limit(50))]


def add_contact(tx: Tx, case_id: int, contact_id: int) -> None:
    """Let a contact point ask about a case."""
    known = select(_CC.c.case_id).where(_CC.c.case_id == case_id, _CC.c.contact_point_id == contact_id)
    if tx.execute(known).first() is None:
        tx.execute(_INSERT_CONTACT, {"case_id": case_id, "contact_point_id": contact_id})


def change(tx: Tx, case_id: int, **values: Any) -> None:
    """Set columns of a case."""
    tx.execute(update(_T).where(_T.c.id == case_id).values(**values))


def due(tx: Tx, now: datetime, *, after_id: int, limit: int) -> list[int]:
    """Return open cases whose deadline has passed (index `ix_grievance_case_due`)."""
    query = select(_T.c.id).where(_OPEN, _T.c.due_at <= now, _T.c.id > after_id).order_by(_T.c.id).limit(limit)
    return list(tx.execute(query).scalars())


def resolved_before(tx: Tx, moment: datetime, limit: int) -> list[int]:
    """Return cases that were resolved before then and not closed (index `ix_grievance_case_resolved`).

    Not the sensitive ones: their people are not asked, so silence says nothing, and focal points close them.
    """
    query = select(_T.c.id).where(
        _T.c.status == Status.RESOLVED.value, _T.c.resolved_at <= moment, _T.c.sensitive.is_(None)
    )
    return list(tx.execute(query.order_by(_T.c.resolved_at).limit(limit)).scalars())


def unanswered(tx: Tx, now: datetime, limit: int) -> list[int]:
    """Return cases that wait for the person although no question to her is open any more."""
    asked = select(_Q.c.id).where(_Q.c.case_id == _T.c.id, _Q.c.state == "open", _Q.c.expires_at > now).exists()
    query = select(_T.c.id).where(_T.c.status == Status.AWAITING.value, ~asked).order_by(_T.c.id)
    return list(tx.execute(query.limit(limit)).scalars())


def unplaced(tx: Tx, before: datetime, limit: int) -> list[int]:
    """Return open cases without an area that came in before then (index `ix_grievance_case_due`)."""
    query = select(_T.c.id).where(
        _OPEN,
        _T.c.area_path.is_(None),
        _T.c.sensitive.is_(None),
        _T.c.with_desk.is_(False),
        _T.c.received_at <= before,
        ~select(_AL.c.id).where(_AL.c.kind == "unplaced", _AL.c.case_id == _T.c.id).exists(),
    )
    return list(tx.execute(query.order_by(_T.c.id).limit(limit)).scalars())


def visible_to(posts: Sequence[PostHeld]) -> ColumnElement[bool]:
    """Return the condition that lets the holder of these posts see a case.

    Officers see the cases of their areas that are not sensitive, not still with the desk, and do not bar their level;
    the desk sees all that is not sensitive; focal points see what is sensitive.
    """
    allowed: list[ColumnElement[bool]] = []
    for post in posts:
        if post.level in LADDER_LEVELS:
            here = (
                _T.c.area_path.startswith(post.area_path, autoescape=True) if post.area_path else _T.c.id.is_not(None)
            )
            allowed.append(
                and_(_T.c.sensitive.is_(None), _T.c.with_desk.is_(False), _T.c.barred_to < rank(post.level), here)
            )
        elif post.level is Level.DESK:
            allowed.append(_T.c.sensitive.is_(None))
        elif post.level is Level.FOCAL:
            allowed.append(_T.c.sensitive.is_not(None))
    return or_(*allowed) if allowed else false()


def find_visible(
    tx: Tx, posts: Sequence[PostHeld], *, case_id: int | None = None, reference: str | None = None
) -> CaseRecord | None:
    """Return one case by number or reference where the holder of these posts may see it, locked; else None."""
    which = _T.c.id == case_id if case_id is not None else _T.c.reference == reference
    row = tx.execute(select(*_COLUMNS).where(which, visible_to(posts)).with_for_update(key_share=True)).first()
    return None if row is None else _record(row)


def list_visible(
    tx: Tx, posts: Sequence[PostHeld], *, only: str = "open", now: datetime, limit: int
) -> list[CaseRecord]:
    """List cases that the holder of these posts may see, the most urgent first.

    `only` is `open`, `new` (nobody took them), `overdue` or `all`.
    """
    query = select(*_COLUMNS).where(visible_to(posts))
    if only != "all":
        query = query.where(_OPEN)
    if only == "new":
        query = query.where(_T.c.taken_by.is_(None))
    if only == "overdue":
        query = query.where(_T.c.due_at < now)
    order = (_T.c.due_at.is_(None), _T.c.due_at, _T.c.id)
    return [_record(row) for row in tx.execute(query.order_by(*order).limit(limit))]


def count_visible(tx: Tx, posts: Sequence[PostHeld], now: datetime) -> tuple[int, int]:
    """Count the open cases that the holder of these posts may see, and those of them that are overdue."""
    overdue = func.count().filter(_T.c.due_at < now)
    query = select(func.count().label("every"), overdue.label("late")).where(_OPEN, visible_to(posts))
    row = tx.execute(query).one()
    return int(row.every), int(row.late)


def listed(tx: Tx, limit: int) -> list[CaseRecord]:
    """List cases that are not sensitive, newest first: what the command line shows."""
    query: Select[Any] = select(*_COLUMNS).where(_T.c.sensitive.is_(None)).order_by(_T.c.id.desc()).limit(limit)
    return [_record(row) for row in tx.execute(query)]


def number_for(tx: Tx, staff_id: int, case_id: int) -> int:
    """Return the short number by which somebody calls a case, given where there was none: one that he never read before.

    The row of the member of staff is held meanwhile, so that two cases at once do not get one number. Above 99 the
    smallest number is given again whose case had been closed for a month when this one was written to.
    """
    mine = _N.c.staff_id == staff_id
    known = tx.execute(select(_N.c.number).where(mine, _N.c.case_id == case_id)).scalar()
    if known is not None:
        return int(known)
    tx.execute(select(_S.c.id).where(_S.c.id == staff_id).with_for_update(key_share=True))
    number = int(tx.execute(select(func.coalesce(func.max(_N.c.number), 0)).where(mine)).scalar_one()) + 1
    if number > _HIGHEST_NUMBER and (old := _number_at_rest(tx, staff_id, case_id)) is not None:
        tx.execute(update(_N).where(mine, _N.c.number == old).values(case_id=case_id))
        return old
    tx.execute(insert(_N).values(staff_id=staff_id, case_id=case_id, number=number))
    return number


def _number_at_rest(tx: Tx, staff_id: int, case_id: int) -> int | None:
    written_at = tx.execute(select(_T.c.last_inbound_at).where(_T.c.id == case_id)).scalar_one()
    query = (
        select(_N.c.number)
        .join(_T, _T.c.id == _N.c.case_id)
        .where(
            _N.c.staff_id == staff_id, _T.c.status == Status.CLOSED.value, _T.c.closed_at < written_at - _NUMBER_RESTS
        )
    )
    return tx.execute(query.order_by(_N.c.number).limit(1)).scalar()


def numbered(tx: Tx, staff_id: int, number: int) -> int | None:
    """Return the case that somebody calls by a short number, whatever its status, or None (unique index)."""
    query = select(_N.c.case_id).where(_N.c.staff_id == staff_id, _N.c.number == number)
    return tx.execute(query).scalar()


def alert_once(tx: Tx, kind: str, key: str, *, case_id: int | None, now: datetime) -> bool:
    """Note that the desk is told something; False where it was told before (unique index on kind and key)."""
    try:
        with tx.attempt():
            tx.execute(insert(_AL).values(kind=kind, key=key, case_id=case_id, at=now))
    except AlreadyThere:
        return False
    return True


def _record(row: Any) -> CaseRecord:
    values = dict(zip(_NAMES, row, strict=True))
    values["kind"], values["status"] = CaseKind(values["kind"]), Status(values["status"])
    values["level"] = Level(values["level"])
    return CaseRecord(**values)
