"""What can be learned from corrected cases, and the models that were learned here."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, func, insert, select, update

from storage.store import Tx
from storage.tables import AuditEntry, Case, LearnedModel, Message
from storage.tables.base import table_of

_C, _M, _A, _L = table_of(Case), table_of(Message), table_of(AuditEntry), table_of(LearnedModel)
_ONCE_SENSITIVE = ("case.marked_sensitive", "case.sensitive_because", "case.released", "case.to_be_read")
_ADOPTED = select(_L.c.id).where(_L.c.state == "adopted")
_OTHER = _M.alias("first_message")
_FIRST = (
    select(func.min(_OTHER.c.id))
    .where(_OTHER.c.case_id == _C.c.id, _OTHER.c.direction == "in", _OTHER.c.kind == "message")
    .correlate(_C)
    .scalar_subquery()
)
_CORRECTED = (
    select(_M.c.text, _M.c.language, _M.c.reading, _C.c.category, _C.c.person_id)
    .select_from(_C.join(_M, _M.c.id == _FIRST))
    .where(
        _C.c.category_by == "officer",
        _C.c.sensitive.is_(None),
        _C.c.with_desk.is_(False),
        _M.c.text.is_not(None),
        _M.c.reading.is_not(None),
        ~exists().where(_A.c.case_id == _C.c.id, _A.c.type.in_(_ONCE_SENSITIVE)),
    )
    .order_by(_C.c.id.desc())
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class CorrectedText:
    """The first text of a case whose category an officer named, with how it had been read."""

    text: str
    language: str
    reading: dict[str, Any]
    category: str
    person_id: int


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """A model that was learned here; `figures` are those before and after."""

    id: int
    state: str
    corrected: int
    figures: dict[str, Any]
    made_at: datetime
    decided_at: datetime | None


_KNOWN = (_L.c.id, _L.c.state, _L.c.corrected, _L.c.figures, _L.c.made_at, _L.c.decided_at)


def corrected(tx: Tx, *, most: int) -> list[CorrectedText]:
    """Return the texts of corrected cases, newest first, never one of a case that is or ever was or might be sensitive."""
    rows = tx.execute(_CORRECTED, {"most": most})
    return [
        CorrectedText(row.text, row.language, row.reading, row.category, row.person_id) for row in rows if row.language
    ]


def propose(tx: Tx, *, data: bytes, corrected_count: int, figures: dict[str, Any], now: datetime) -> int:
    """Keep a model for a person to decide on, and return its number."""
    row = {"state": "proposed", "corrected": corrected_count, "figures": figures, "data": data, "made_at": now}
    return int(tx.execute(insert(_L).returning(_L.c.id), row).scalar_one())


def models(tx: Tx) -> list[ModelRecord]:
    """Return the models that were learned here, newest first."""
    return [_record(row) for row in tx.execute(select(*_KNOWN).order_by(_L.c.id.desc()))]


def by_id(tx: Tx, model_id: int) -> ModelRecord | None:
    """Return a model, or None (primary key)."""
    row = tx.execute(select(*_KNOWN).where(_L.c.id == model_id)).first()
    return None if row is None else _record(row)


def adopted(tx: Tx) -> int | None:
    """Return the number of the model in use, None where it is the one that comes with the program (unique index)."""
    return tx.execute(_ADOPTED).scalar()


def data_of(tx: Tx, model_id: int) -> bytes:
    """Return the file of a model (primary key)."""
    return bytes(tx.execute(select(_L.c.data).where(_L.c.id == model_id)).scalar_one())


def retire(tx: Tx, now: datetime) -> None:
    """Take the model in use out of it."""
    tx.execute(update(_L).where(_L.c.state == "adopted").values(state="retired", decided_at=now))


def adopt(tx: Tx, model_id: int, now: datetime) -> None:
    """Put a model to use in place of any other."""
    retire(tx, now)
    tx.execute(update(_L).where(_L.c.id == model_id).values(state="adopted", decided_at=now))


def _record(row: Any) -> ModelRecord:
    return ModelRecord(row.id, row.state, row.corrected, row.figures, row.made_at, row.decided_at)
