"""Conditions of a transfer: what people must have done by a day, and who has still to do it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from storage.store import Tx
from storage.tables import Condition, ConditionPerson
from storage.tables.base import table_of

_C, _CP = table_of(Condition), table_of(ConditionPerson)


@dataclass(frozen=True, slots=True)
class ConditionRecord:
    """What must be done by a day; `labels` says it in each language of the project."""

    id: int
    code: str
    labels: dict[str, str]
    due_on: date
    place: str | None
    state: str
    created_at: datetime


_COLUMNS = tuple(_C.c[name] for name in ConditionRecord.__dataclass_fields__)


def add(tx: Tx, now: datetime, **values: Any) -> int:
    """Add a condition and return its number. Raises `AlreadyThere` where its code is taken."""
    row = {"state": "open", "created_at": now, **values}
    return int(tx.execute(insert(_C).values(**row).returning(_C.c.id)).scalar_one())


def by_code(tx: Tx, code: str) -> ConditionRecord | None:
    """Return a condition by its code, or None (unique index)."""
    row = tx.execute(select(*_COLUMNS).where(_C.c.code == code)).first()
    return None if row is None else ConditionRecord(**row._mapping)


def by_id(tx: Tx, condition_id: int) -> ConditionRecord:
    """Return a condition (primary key)."""
    return ConditionRecord(**tx.execute(select(*_COLUMNS).where(_C.c.id == condition_id)).one()._mapping)


def due_on(tx: Tx, day: date) -> list[ConditionRecord]:
    """Return the open conditions of a day (index on `due_on`)."""
    query = select(*_COLUMNS).where(_C.c.due_on == day, _C.c.state == "open").order_by(_C.c.id)
    return [ConditionRecord(**row._mapping) for row in tx.execute(query)]


def everything(tx: Tx) -> list[tuple[ConditionRecord, int, int]]:
    """Return all conditions by day, each with how many people it is for and how many have met it."""
    query = (
        select(*_COLUMNS, func.count(_CP.c.person_id).label("people"), func.count(_CP.c.met_at).label("met"))
        .outerjoin(_CP, _CP.c.condition_id == _C.c.id)
        .group_by(*_COLUMNS)
        .order_by(_C.c.due_on, _C.c.id)
    )
    names = ConditionRecord.__dataclass_fields__
    return [
        (ConditionRecord(**{name: row._mapping[name] for name in names}), row.people, row.met)
        for row in tx.execute(query)
    ]


def change(tx: Tx, condition_id: int, **values: Any) -> None:
    """Set columns of a condition."""
    tx.execute(update(_C).where(_C.c.id == condition_id).values(**values))


def add_people(tx: Tx, condition_id: int, person_ids: Sequence[int]) -> int:
    """Let a condition be for these people, and count those for whom it was not yet (primary key)."""
    known = select(_CP.c.person_id).where(_CP.c.condition_id == condition_id, _CP.c.person_id.in_(person_ids))
    new = sorted(set(person_ids) - set(tx.execute(known).scalars()))
    if new:
        tx.execute(insert(_CP), [{"condition_id": condition_id, "person_id": each} for each in new])
    return len(new)


def meet(tx: Tx, condition_id: int, person_ids: Sequence[int], now: datetime) -> int:
    """Keep that these people met a condition, and count those who had not yet (primary key)."""
    mine = (_CP.c.condition_id == condition_id, _CP.c.person_id.in_(person_ids), _CP.c.met_at.is_(None))
    return tx.execute(update(_CP).where(*mine).values(met_at=now)).rowcount


def next_for(tx: Tx, person_id: int, today: date) -> ConditionRecord | None:
    """Return what a person has to do next, or None (index on `person_id`)."""
    query = (
        select(*_COLUMNS)
        .join(_CP, _CP.c.condition_id == _C.c.id)
        .where(_CP.c.person_id == person_id, _CP.c.met_at.is_(None), _C.c.state == "open", _C.c.due_on >= today)
        .order_by(_C.c.due_on, _C.c.id)
        .limit(1)
    )
    row = tx.execute(query).first()
    return None if row is None else ConditionRecord(**row._mapping)
