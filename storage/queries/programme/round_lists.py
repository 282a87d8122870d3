"""The list of a payment round as files bring it: who stands on it, copied, corrected, and where each area is paid."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, literal, null, select, update

from storage.store import Tx
from storage.tables import Person, RoundRecipient, RoundStop
from storage.tables.base import table_of

_R, _S, _P = table_of(RoundRecipient), table_of(RoundStop), table_of(Person)
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Stop:
    """Where and when one area of a round is paid."""

    area_id: int
    day: date
    place: str | None
    agent: str | None


@dataclass(frozen=True, slots=True)
class Got:
    """What somebody should have got of a round, and what she says that she got."""

    due: int | None
    told: int | None


def got(tx: Tx, round_id: int, person_id: int) -> Got | None:
    """Return a person's sums of a round, None where she is not on its list (primary key)."""
    query = select(_R.c.amount, _R.c.told_amount).where(_R.c.round_id == round_id, _R.c.person_id == person_id)
    row = tx.execute(query).first()
    return None if row is None else Got(row.amount, row.told_amount)


def amounts(tx: Tx, round_id: int, person_ids: Sequence[int]) -> dict[int, int | None]:
    """Return the sums of those of these people who are on a round's list (primary key)."""
    query = select(_R.c.person_id, _R.c.amount).where(_R.c.round_id == round_id, _R.c.person_id.in_(person_ids))
    return {row.person_id: row.amount for row in tx.execute(query)}


def change_amounts(tx: Tx, round_id: int, sums: Mapping[int, int]) -> None:
    """Set the sums of people on a round's list."""
    if sums:
        mine = (_R.c.round_id == round_id) & (_R.c.person_id == bindparam("whose"))
        rows = [{"whose": person_id, "total": amount} for person_id, amount in sums.items()]
        tx.execute(update(_R).where(mine).values(amount=bindparam("total")), rows)


def listed(tx: Tx, round_id: int) -> Iterator[list[tuple[int, bool]]]:
    """Return who is on a round's list and whether each answered already, some hundreds at a time (primary key)."""
    last = 0
    answered = _R.c.answered_at.is_not(None).label("answered")
    query = select(_R.c.person_id, answered).where(_R.c.round_id == round_id, _R.c.person_id > bindparam("last"))
    query = query.order_by(_R.c.person_id).limit(_PAGE)
    while rows := tx.execute(query, {"last": last}).all():
        last = rows[-1].person_id
        yield [(row.person_id, bool(row.answered)) for row in rows]


def remove(tx: Tx, round_id: int, person_ids: Sequence[int]) -> None:
    """Take people off a round's list (primary key)."""
    if person_ids:
        tx.execute(delete(_R).where(_R.c.round_id == round_id, _R.c.person_id.in_(person_ids)))


def copy(tx: Tx, from_id: int, to_id: int, *, with_sums: bool) -> int:
    """Put everybody of one round's list on another's, but for those who were erased; return how many they are."""
    columns = (literal(to_id), _R.c.person_id, _R.c.amount if with_sums else null())
    whole = select(*columns).join(_P, _P.c.id == _R.c.person_id)
    whole = whole.where(_R.c.round_id == from_id, _P.c.erased_at.is_(None))
    tx.execute(insert(_R).from_select(["round_id", "person_id", "amount"], whole))
    return int(tx.execute(select(func.count()).where(_R.c.round_id == to_id)).scalar_one())


def stops(tx: Tx, round_id: int) -> dict[int, Stop]:
    """Return where and when each area of a round is paid, where that differs from the round's own (primary key)."""
    query = select(_S.c.area_id, _S.c.day, _S.c.place, _S.c.agent).where(_S.c.round_id == round_id)
    return {row.area_id: Stop(**row._mapping) for row in tx.execute(query)}


def put_stop(tx: Tx, round_id: int, stop: Stop) -> None:
    """Say where and when one area of a round is paid, in place of what was said before."""
    values: dict[str, Any] = {"day": stop.day, "place": stop.place, "agent": stop.agent}
    mine = (_S.c.round_id == round_id) & (_S.c.area_id == stop.area_id)
    if tx.execute(update(_S).where(mine).values(**values)).rowcount == 0:
        tx.execute(insert(_S).values(round_id=round_id, area_id=stop.area_id, **values))
