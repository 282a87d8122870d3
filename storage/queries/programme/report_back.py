"""A month's totals by area, and the officers of areas; sensitive cases are as though not there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from storage.store import Tx
from storage.tables import Case, Post, PostHolding, Staff
from storage.tables.base import table_of

_K, _P, _H, _S = (table_of(each) for each in (Case, Post, PostHolding, Staff))


@dataclass(frozen=True, slots=True)
class Totals:
    """What came in from an area in a time; how much of it is resolved, and how much was not answered in time."""

    received: int
    resolved: int
    late: int


def by_path(tx: Tx, first: datetime, last: datetime, now: datetime) -> dict[str, Totals]:
    """Count the cases that came in from `first` to before `last`, by the path of their area (index on `received_at`)."""
    is_late = func.coalesce(_K.c.resolved_at, now) > _K.c.answer_by
    query = select(
        _K.c.area_path,
        func.count().label("received"),
        func.count(_K.c.resolved_at).label("resolved"),
        func.count().filter(is_late).label("late"),
    )
    within = (_K.c.received_at >= first, _K.c.received_at < last, _K.c.sensitive.is_(None), _K.c.area_path.is_not(None))
    rows = tx.execute(query.where(*within).group_by(_K.c.area_path))
    return {row.area_path: Totals(row.received, row.resolved, row.late) for row in rows}


def officers(tx: Tx, area_ids: Sequence[int]) -> list[tuple[int, int]]:
    """Return who holds a post in some areas, as numbers of staff and area."""
    query = select(_S.c.id, _P.c.area_id).join(_H, _H.c.staff_id == _S.c.id).join(_P, _P.c.id == _H.c.post_id)
    query = query.where(_P.c.area_id.in_(area_ids), _H.c.until.is_(None), _S.c.active.is_(True)).distinct()
    return [(row.id, row.area_id) for row in tx.execute(query.order_by(_S.c.id, _P.c.area_id))]
