"""People: making one at the first message, and what is known of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from storage.store import Tx
from storage.tables import Person
from storage.tables.base import table_of

_T = table_of(Person)


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """A person, without contact points."""

    id: int
    external_id: str | None
    name: str | None
    language: str | None
    sex: str | None
    area_id: int | None
    group_name: str | None
    money_reminders: bool
    surveys: bool


_COLUMNS = (
    _T.c.id, _T.c.external_id, _T.c.name, _T.c.language, _T.c.sex, _T.c.area_id, _T.c.group_name, _T.c.money_reminders,
    _T.c.surveys,
)  # fmt: skip
_BY_ID = select(*_COLUMNS).where(_T.c.id == bindparam("person_id"))
_LOCKED = _BY_ID.with_for_update(key_share=True)
_INSERT = insert(_T).returning(_T.c.id)


def create(tx: Tx, now: datetime, **values: Any) -> int:
    """Make a person and return the number."""
    row = {"created_at": now, "money_reminders": True, "surveys": True, **values}
    return int(tx.execute(_INSERT, row).scalar_one())


def by_id(tx: Tx, person_id: int, *, locked: bool = False) -> PersonRecord:
    """Return a person, locked until the transaction ends where asked (primary key)."""
    row = tx.execute(_LOCKED if locked else _BY_ID, {"person_id": person_id}).one()
    return PersonRecord(**row._mapping)


def by_external_ids(tx: Tx, ids: Sequence[str]) -> dict[str, int]:
    """Return the numbers of the people whose identifiers in the project's own lists are given (unique index)."""
    rows = tx.execute(select(_T.c.external_id, _T.c.id).where(_T.c.external_id.in_(ids)))
    return {row.external_id: row.id for row in rows}


def named_in(tx: Tx, area_id: int, limit: int) -> list[tuple[int, str]]:
    """Return number and name of the people of one area, for comparing near names (index on `area_id`)."""
    query = select(_T.c.id, _T.c.name).where(_T.c.area_id == area_id, _T.c.name.is_not(None)).order_by(_T.c.id)
    return [(row.id, row.name) for row in tx.execute(query.limit(limit))]


def change(tx: Tx, person_id: int, **values: Any) -> None:
    """Set columns of a person."""
    tx.execute(update(_T).where(_T.c.id == person_id).values(**values))
