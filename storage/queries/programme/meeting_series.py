"""Meetings that come again, and those that were made of each."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select, update

from storage.store import Tx
from storage.tables import Meeting, MeetingSeries
from storage.tables.base import table_of

_S, _M = table_of(MeetingSeries), table_of(Meeting)


@dataclass(frozen=True, slots=True)
class SeriesRecord:
    """A meeting that comes again by a rule; `made_until` is up to which day its meetings were made."""

    id: int
    code: str
    title: str
    rule: str
    clock: str
    place: str
    area_id: int | None
    group_name: str | None
    ends_on: date | None
    made_until: date | None
    state: str
    created_at: datetime


_COLUMNS = tuple(_S.c[name] for name in SeriesRecord.__dataclass_fields__)


def add(tx: Tx, now: datetime, **values: Any) -> int:
    """Add a series and return its number. Raises `AlreadyThere` where its code is taken."""
    row = {"state": "running", "created_at": now, **values}
    return int(tx.execute(insert(_S).values(**row).returning(_S.c.id)).scalar_one())


def by_code(tx: Tx, code: str) -> SeriesRecord | None:
    """Return a series by its code, or None (unique index)."""
    row = tx.execute(select(*_COLUMNS).where(_S.c.code == code)).first()
    return None if row is None else SeriesRecord(**row._mapping)


def by_id(tx: Tx, series_id: int) -> SeriesRecord:
    """Return a series, locked until the transaction ends (primary key)."""
    query = select(*_COLUMNS).where(_S.c.id == series_id).with_for_update(key_share=True)
    return SeriesRecord(**tx.execute(query).one()._mapping)


def everything(tx: Tx, *, running: bool = False) -> list[SeriesRecord]:
    """Return all series, or those that go on, by code."""
    query = select(*_COLUMNS).order_by(_S.c.code)
    rows = tx.execute(query.where(_S.c.state == "running") if running else query)
    return [SeriesRecord(**row._mapping) for row in rows]


def change(tx: Tx, series_id: int, **values: Any) -> None:
    """Set columns of a series."""
    tx.execute(update(_S).where(_S.c.id == series_id).values(**values))


def to_come(tx: Tx, series_id: int, now: datetime) -> list[str]:
    """Return the codes of a series' planned meetings that are still to come (index on `series_id`)."""
    query = select(_M.c.code).where(_M.c.series_id == series_id, _M.c.state == "planned", _M.c.at > now)
    return list(tx.execute(query.order_by(_M.c.at)).scalars())
