"""Figures of the cases that somebody may see, for a month; of sensitive cases there is nothing in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select

from storage.queries.casework.caseload import IS_OPEN, visible_to
from storage.queries.staffing.staff import PostHeld
from storage.store import Tx
from storage.tables import Case
from storage.tables.base import table_of

_T = table_of(Case)
_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Figures:
    """A month's figures. `days` are those from receipt to resolution; `ratings` count each grade, 1 being good.

    `extended` counts those of the resolved cases whose deadline was put off.
    """

    received: int
    open: int
    overdue: int
    in_time: int
    extended: int
    days: tuple[int, ...]
    categories: tuple[tuple[str | None, int], ...]
    ratings: tuple[int, ...]


def of_month(tx: Tx, posts: Sequence[PostHeld], start: datetime, end: datetime, now: datetime) -> Figures:
    """Count what was received and resolved from `start` to before `end`, and what is open now."""
    seen = and_(_T.c.sensitive.is_(None), visible_to(posts))
    standing = select(func.count().label("every"), func.count().filter(_T.c.due_at < now).label("late"))
    row = tx.execute(standing.where(IS_OPEN, seen)).one()
    categories = _received(tx, seen, start, end)
    resolved = select(_T.c.received_at, _T.c.resolved_at, _T.c.answer_by, _T.c.satisfaction, _T.c.extended)
    solved = tx.execute(resolved.where(seen, _T.c.resolved_at >= start, _T.c.resolved_at < end).limit(_MOST)).all()
    return Figures(
        received=sum(count for _, count in categories),
        open=int(row.every),
        overdue=int(row.late),
        in_time=sum(each.resolved_at <= each.answer_by for each in solved),
        extended=sum(each.extended > 0 for each in solved),
        days=tuple(sorted((each.resolved_at - each.received_at).days for each in solved)),
        categories=categories,
        ratings=tuple(each.satisfaction for each in solved if each.satisfaction is not None),
    )


def _received(tx: Tx, seen: ColumnElement[bool], start: datetime, end: datetime) -> tuple[tuple[str | None, int], ...]:
    """Return how many cases of each category came in, the most frequent first."""
    count = func.count().label("cases")
    query = select(_T.c.category, count).where(seen, _T.c.received_at >= start, _T.c.received_at < end)
    rows = tx.execute(query.group_by(_T.c.category).order_by(count.desc(), _T.c.category))
    return tuple((each.category, int(each.cases)) for each in rows)
