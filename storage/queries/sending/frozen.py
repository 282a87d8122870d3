"""The people of a batch as they were when it was approved: found, written down in chunks, taken out again."""

from array import array
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import BigInteger, ColumnClause, cast, column, delete, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from storage.queries.sending.audiences import conditions, source
from storage.store import Tx
from storage.tables import Batch, BatchPerson, Person
from storage.tables.base import table_of

_B, _BP, _P = (table_of(each) for each in (Batch, BatchPerson, Person))


def found(
    tx: Tx, audience: Mapping[str, Any], *, after: int, made_by: datetime, default: str, most: int
) -> "array[int]":
    """Return the people of an audience after a number, in order, so many at most; none who came later than a moment."""
    people = source(audience, with_contacts=bool(audience.get("language")))
    query = select(_P.c.id).select_from(people).where(*conditions(audience, default))
    query = query.where(_P.c.id > after, _P.c.created_at <= made_by).order_by(_P.c.id).limit(most)
    return array("q", tx.execute(query).scalars())


def write(tx: Tx, batch_id: int, people: Sequence[int]) -> None:
    """Write down that a batch is for some people (one INSERT … SELECT)."""
    if tx.dialect == "sqlite":
        number: ColumnClause[int] = column("value")
        rows = select(literal(batch_id), number).select_from(func.json_each(orjson.dumps(list(people)).decode()))
    else:
        rows = select(literal(batch_id), func.unnest(cast(list(people), ARRAY(BigInteger))))
    tx.execute(insert(_BP).from_select(["batch_id", "person_id"], rows))


def advance(tx: Tx, batch_id: int, *, before: int, after: int) -> bool:
    """Keep how far the freezing of a batch has come; False where it is not frozen any more, or somebody else went on."""
    mine = update(_B).where(_B.c.id == batch_id, _B.c.state == "freezing", _B.c.last_person_id == before)
    return tx.execute(mine.values(last_person_id=after)).rowcount > 0


def clear(tx: Tx, batch_id: int, *, most: int) -> int:
    """Take some of a batch's people out again, and count them (primary key)."""
    some = select(_BP.c.person_id).where(_BP.c.batch_id == batch_id).order_by(_BP.c.person_id).limit(most).subquery()
    last = select(func.max(some.c.person_id)).scalar_subquery()
    return tx.execute(delete(_BP).where(_BP.c.batch_id == batch_id, _BP.c.person_id <= last)).rowcount


def left_behind(tx: Tx, before: datetime) -> list[tuple[int, int]]:
    """Return the batches that were approved before a moment and are not frozen yet, each with who approved it.

    Index on `state`.
    """
    query = select(_B.c.id, _B.c.approver_id).where(_B.c.state == "freezing", _B.c.started_at < before)
    return [(row.id, row.approver_id) for row in tx.execute(query.order_by(_B.c.id))]
