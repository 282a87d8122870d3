"""Which cases are due, and which of them somebody may see: every list, count and search of cases goes by `visible_to`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, false, func, literal_column, or_, select

from domain.ladder import rank
from domain.lifecycle import OPEN, CaseKind, Outcome, Status
from domain.settings import LADDER_LEVELS, Level
from storage.queries.casework.cases import COLUMNS, CaseRecord, record_of
from storage.queries.staffing.staff import PostHeld
from storage.store import Tx
from storage.tables import Alert, Case, CaseBar, Question
from storage.tables.base import table_of

_T, _AL, _Q, _BAR = table_of(Case), table_of(Alert), table_of(Question), table_of(CaseBar)
TOLD = 100
"""What `warned` is once those who have a case were told that it is overdue."""
NOT_TAKEN = "not_taken"
FEWEST_GRADES = 5
_DECIDED = (Outcome.UPHELD, Outcome.PARTLY, Outcome.INFORMATION, Outcome.NOT_UPHELD)
IS_OPEN = _T.c.status.in_(
    bindparam("open", [each.value for each in Status if each in OPEN], expanding=True, literal_execute=True)
)
"""Written out as the partial indexes have it, in their order: SQLite uses them only so."""
_RESOLVED, _CLOSED = (_T.c.status == literal_column(f"'{each}'") for each in (Status.RESOLVED, Status.CLOSED))


@dataclass(frozen=True, slots=True)
class Counted:
    """How many cases somebody sees that are open, and of these overdue or taken by nobody."""

    open: int
    overdue: int
    new: int


def visible_to(posts: Sequence[PostHeld]) -> ColumnElement[bool]:
    """Return the condition that lets the holder of these posts see a case.

    Officers see the cases of their areas that are not sensitive, not still with the desk, and do not bar their level;
    the provider's desk sees what lies with it; the desk sees all that is not sensitive; focal points see what is
    sensitive. Nobody sees a case that names him.
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
        elif post.level is Level.PROVIDER:
            allowed.append(
                and_(_T.c.sensitive.is_(None), _T.c.with_desk.is_(False), _T.c.level == Level.PROVIDER.value)
            )
        elif post.level is Level.DESK:
            allowed.append(_T.c.sensitive.is_(None))
        elif post.level is Level.FOCAL:
            allowed.append(_T.c.sensitive.is_not(None))
    if not allowed:
        return false()
    named = exists().where(_BAR.c.case_id == _T.c.id, _BAR.c.staff_id.in_({post.staff_id for post in posts}))
    return and_(or_(*allowed), ~named)


def find_visible(
    tx: Tx, posts: Sequence[PostHeld], *, case_id: int | None = None, reference: str | None = None
) -> CaseRecord | None:
    """Return one case by number or reference where the holder of these posts may see it, locked; else None."""
    which = _T.c.id == case_id if case_id is not None else _T.c.reference == reference
    row = tx.execute(select(*COLUMNS).where(which, visible_to(posts)).with_for_update(key_share=True)).first()
    return None if row is None else record_of(row)


def among_visible(tx: Tx, posts: Sequence[PostHeld], references: Sequence[str]) -> list[CaseRecord]:
    """Return those cases of these references that the holder of these posts may see, locked (unique index)."""
    query = select(*COLUMNS).where(_T.c.reference.in_(references), visible_to(posts)).order_by(_T.c.id)
    return [record_of(row) for row in tx.execute(query.with_for_update(key_share=True))]


def list_visible(
    tx: Tx, posts: Sequence[PostHeld], *, only: str = "open", now: datetime, limit: int
) -> list[CaseRecord]:
    """List cases that the holder of these posts may see, the most urgent first.

    `only` is `open`, `new` (nobody took them), `overdue` or `all`.
    """
    query = select(*COLUMNS).where(visible_to(posts))
    if only != "all":
        query = query.where(IS_OPEN)
    if only == "new":
        query = query.where(_T.c.taken_by.is_(None))
    if only == "overdue":
        query = query.where(_T.c.due_at < now)
    order = (_T.c.due_at.is_(None), _T.c.due_at, _T.c.id)
    return [record_of(row) for row in tx.execute(query.order_by(*order).limit(limit))]


def count_visible(tx: Tx, posts: Sequence[PostHeld], now: datetime) -> Counted:
    """Count the open cases that the holder of these posts may see, and those of them that are overdue or nobody took."""
    overdue, new = func.count().filter(_T.c.due_at < now), func.count().filter(_T.c.taken_by.is_(None))
    columns = (func.count().label("open"), overdue.label("overdue"), new.label("new"))
    row = tx.execute(select(*columns).where(IS_OPEN, visible_to(posts))).one()
    return Counted(int(row.open), int(row.overdue), int(row.new))


def listed(tx: Tx, limit: int) -> list[CaseRecord]:
    """List cases that are not sensitive, newest first: what the command line shows."""
    query: Select[Any] = select(*COLUMNS).where(_T.c.sensitive.is_(None)).order_by(_T.c.id.desc()).limit(limit)
    return [record_of(row) for row in tx.execute(query)]


def due(tx: Tx, now: datetime, *, after: tuple[datetime, int] | None, limit: int) -> list[tuple[datetime, int]]:
    """Return deadline and number of open cases whose deadline has passed and was not told of yet, in this order.

    One pass along the index `ix_grievance_case_due`, from where the last one ended.
    """
    query = select(_T.c.due_at, _T.c.id).where(IS_OPEN, _T.c.due_at <= now, _T.c.warned < TOLD)
    if after is not None:
        query = query.where(_T.c.due_at >= after[0], or_(_T.c.due_at > after[0], _T.c.id > after[1]))
    return [(row.due_at, row.id) for row in tx.execute(query.order_by(_T.c.due_at, _T.c.id).limit(limit))]


def next_deadline(tx: Tx, after: datetime) -> datetime | None:
    """Return the next moment at which any open case is due (one step along the index `ix_grievance_case_due`)."""
    query = select(_T.c.due_at).where(IS_OPEN, _T.c.due_at > after).order_by(_T.c.due_at).limit(1)
    found: datetime | None = tx.execute(query).scalar()
    return found


def to_warn(tx: Tx, due_at: datetime, *, begun_before: datetime, percent: int, after_id: int, limit: int) -> list[int]:
    """Return the open cases due at a moment whose time began by another, and of which nobody was warned so far.

    Not the sensitive ones, whose focal points have a clock of their own (index `ix_grievance_case_due`).
    """
    began = func.coalesce(_T.c.due_from, _T.c.received_at)
    query = select(_T.c.id).where(
        IS_OPEN,
        _T.c.due_at == due_at,
        _T.c.warned < percent,
        _T.c.sensitive.is_(None),
        began <= begun_before,
        _T.c.id > after_id,
    )
    return list(tx.execute(query.order_by(_T.c.id).limit(limit)).scalars())


def not_taken(tx: Tx, now: datetime, *, since: datetime, limit: int) -> list[int]:
    """Return new cases on a post whose time to be taken passed lately, which nobody was reminded of.

    Along `ix_grievance_case_not_taken`, bounded by those moments, and `alert`'s index by case.
    """
    reminded = select(_AL.c.id).where(_AL.c.kind == NOT_TAKEN, _AL.c.case_id == _T.c.id).exists()
    query = select(_T.c.id).where(
        IS_OPEN,
        _T.c.due_at > now,
        _T.c.acknowledge_by <= now,
        _T.c.acknowledge_by > since,
        _T.c.acknowledged_at.is_(None),
        _T.c.post_id.is_not(None),
        _T.c.sensitive.is_(None),
        ~reminded,
    )
    return list(tx.execute(query.order_by(_T.c.acknowledge_by).limit(limit)).scalars())


def to_be_graded(tx: Tx, *, since: datetime, until: datetime, limit: int) -> list[int]:
    """Return cases closed between two moments whose people may be asked how it was settled, and were not.

    Along the index `ix_grievance_case_closed`; whether they were asked stands in `question` (index on `case_id`).
    """
    asked = select(_Q.c.id).where(_Q.c.case_id == _T.c.id, _Q.c.kind == "satisfaction").exists()
    query = _closed(since, until).where(_T.c.satisfaction.is_(None), _T.c.contact_point_id.is_not(None), ~asked)
    return list(tx.execute(query.limit(limit)).scalars())


def to_be_asked_after(tx: Tx, *, since: datetime, until: datetime, limit: int) -> list[int]:
    """Return complaints closed between two moments of whose people nobody asked whether somebody makes trouble for them.

    Those that were withdrawn too, for which there may be a bad reason, and another person's that was added to a case.
    Along the index `ix_grievance_case_closed`.
    """
    older = _T.alias("older")
    others = exists().where(older.c.id == _T.c.duplicate_of, older.c.person_id != _T.c.person_id)
    also = or_(_T.c.outcome == Outcome.WITHDRAWN.value, and_(_T.c.outcome == Outcome.DUPLICATE.value, others))
    unasked = (_T.c.trouble_asked_at.is_(None), _T.c.kind == CaseKind.COMPLAINT.value)
    query = _closed(since, until, also).where(*unasked)
    return list(tx.execute(query.limit(limit)).scalars())


def grades_of(tx: Tx, staff_id: int) -> dict[int, int]:
    """Count, by grade, how the cases were graded that somebody handled; nothing where there are fewer than five.

    Single grades are shown to nobody.
    """
    query = select(_T.c.satisfaction, func.count().label("cases")).where(
        _T.c.taken_by == staff_id,
        _CLOSED,
        _T.c.satisfaction.is_not(None),
        _T.c.sensitive.is_(None),
    )
    counts = {int(row.satisfaction): int(row.cases) for row in tx.execute(query.group_by(_T.c.satisfaction))}
    return counts if sum(counts.values()) >= FEWEST_GRADES else {}


def resolved_before(tx: Tx, moment: datetime, limit: int) -> list[int]:
    """Return cases that were resolved before then and not closed (index `ix_grievance_case_resolved`).

    Not the sensitive ones: their people are not asked, so silence says nothing, and focal points close them.
    """
    query = select(_T.c.id).where(_RESOLVED, _T.c.resolved_at <= moment, _T.c.sensitive.is_(None))
    return list(tx.execute(query.order_by(_T.c.resolved_at).limit(limit)).scalars())


def unanswered(tx: Tx, now: datetime, limit: int) -> list[int]:
    """Return cases that wait for the person although no question to her is open any more."""
    asked = select(_Q.c.id).where(_Q.c.case_id == _T.c.id, _Q.c.state == "open", _Q.c.expires_at > now).exists()
    query = select(_T.c.id).where(_T.c.status == Status.AWAITING.value, ~asked).order_by(_T.c.id)
    return list(tx.execute(query.limit(limit)).scalars())


def unplaced(tx: Tx, before: datetime, limit: int) -> list[int]:
    """Return open cases without an area that came in before then (index `ix_grievance_case_due`)."""
    query = select(_T.c.id).where(
        IS_OPEN,
        _T.c.area_path.is_(None),
        _T.c.sensitive.is_(None),
        _T.c.with_desk.is_(False),
        _T.c.received_at <= before,
        ~select(_AL.c.id).where(_AL.c.kind == "unplaced", _AL.c.case_id == _T.c.id).exists(),
    )
    return list(tx.execute(query.order_by(_T.c.id).limit(limit)).scalars())


def _closed(since: datetime, until: datetime, also: ColumnElement[bool] | None = None) -> Select[Any]:
    """Return the query of closed cases that may be spoken of afterwards: decided ones of no way of their own, and `also`."""
    decided = _T.c.outcome.in_([each.value for each in _DECIDED])
    ordinary = (
        _T.c.sensitive.is_(None),
        _T.c.topic.is_(None),
        decided if also is None else or_(decided, also),
    )
    closed = (_CLOSED, _T.c.closed_at > since, _T.c.closed_at <= until)
    return select(_T.c.id).where(*closed, *ordinary).order_by(_T.c.closed_at)
