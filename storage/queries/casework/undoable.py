"""What officers may take back for some minutes: the columns that an act changed, and whether its messages have left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from storage.store import Tx
from storage.tables import Case, Message, OutboxItem, Question, UndoableAct
from storage.tables.base import UtcDateTime, table_of

_T, _CASE, _M, _O, _Q = (table_of(each) for each in (UndoableAct, Case, Message, OutboxItem, Question))


@dataclass(frozen=True, slots=True)
class Undoable:
    """An act that may be taken back: the columns it changed, as they were and as it left them, and what it queued."""

    id: int
    case_id: int
    act: str
    was: dict[str, Any]
    became: dict[str, Any]
    message_ids: tuple[int, ...]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Queued:
    """A message that an act queued: to whom it goes, and whether it still waits."""

    id: int
    to_staff: bool
    channel: str
    contact_point_id: int
    waits: bool


def add(
    tx: Tx,
    *,
    staff_id: int,
    case_id: int,
    act: str,
    changed: Mapping[str, tuple[Any, Any]],
    message_ids: Sequence[int],
    at: datetime,
    expires_at: datetime,
) -> int:
    """Keep what an act changed, as pairs of what was and what became, and return its number."""
    before = {"was": {name: was for name, (was, _) in changed.items()}}
    before["became"] = {name: became for name, (_, became) in changed.items()}
    row = {
        "staff_id": staff_id,
        "case_id": case_id,
        "act": act,
        "before": before,
        "message_ids": list(message_ids),
        "at": at,
        "expires_at": expires_at,
    }
    return int(tx.execute(insert(_T).values(**row).returning(_T.c.id)).scalar_one())


def newest(tx: Tx, staff_id: int, *, act_id: int | None = None) -> Undoable | None:
    """Return the newest act of somebody that was not taken back, or the one of this number (index on staff and number)."""
    query = select(_T).where(_T.c.staff_id == staff_id, _T.c.undone_at.is_(None))
    if act_id is not None:
        query = query.where(_T.c.id == act_id)
    row = tx.execute(query.order_by(_T.c.id.desc()).limit(1).with_for_update(key_share=True)).first()
    if row is None:
        return None
    return Undoable(
        id=row.id,
        case_id=row.case_id,
        act=row.act,
        was=_moments(row.before["was"]),
        became=_moments(row.before["became"]),
        message_ids=tuple(row.message_ids),
        expires_at=row.expires_at,
    )


def done(tx: Tx, act_id: int, now: datetime) -> None:
    """Note that an act was taken back."""
    tx.execute(update(_T).where(_T.c.id == act_id).values(undone_at=now))


def last_message(tx: Tx, case_id: int) -> int:
    """Return the number of a case's newest message; 0 where it has none (index `ix_message_case`)."""
    return int(tx.execute(select(func.coalesce(func.max(_M.c.id), 0)).where(_M.c.case_id == case_id)).scalar_one())


def queued_after(tx: Tx, case_id: int, message_id: int) -> list[int]:
    """Return the messages about a case that were queued after one (index `ix_message_case`)."""
    query = select(_M.c.id).where(_M.c.case_id == case_id, _M.c.id > message_id, _M.c.direction == "out")
    return list(tx.execute(query.order_by(_M.c.id)).scalars())


def answer_to(tx: Tx, contact_id: int) -> tuple[int, Any] | None:
    """Return number and buttons of what an officer's account was last told, while it waits (index `ix_message_contact`)."""
    query = select(_M.c.id, _M.c.buttons).where(
        _M.c.contact_point_id == contact_id, _M.c.direction == "out", _M.c.state == "queued"
    )
    row = tx.execute(query.order_by(_M.c.id.desc()).limit(1)).first()
    return None if row is None else (row.id, row.buttons)


def fates(tx: Tx, message_ids: Sequence[int]) -> list[Queued]:
    """Return which of these messages still wait, locked against being claimed meanwhile (primary key; outbox index)."""
    waiting = select(_O.c.message_id).where(
        _O.c.message_id.in_(message_ids), _O.c.state.in_(("queued", "held")), _O.c.attempts == 0, _O.c.action == "send"
    )
    waits = set(tx.execute(waiting.with_for_update(key_share=True)).scalars())
    query = select(_M.c.id, _M.c.staff_id, _M.c.channel, _M.c.contact_point_id, _M.c.kind)
    rows = tx.execute(query.where(_M.c.id.in_(message_ids)).order_by(_M.c.id))
    return [
        Queued(row.id, row.kind == "notice", row.channel, row.contact_point_id, row.id in waits)
        for row in rows
        if row.contact_point_id is not None
    ]


def put_off(tx: Tx, message_ids: Sequence[int], until: datetime) -> None:
    """Let what waits of these messages leave no earlier than then (outbox index on `message_id`)."""
    waiting = (_O.c.message_id.in_(message_ids), _O.c.state == "queued", _O.c.attempts == 0, _O.c.due_at < until)
    tx.execute(update(_O).where(*waiting).values(due_at=until))


def ask_again(tx: Tx, case_id: int, now: datetime) -> None:
    """Open the newest question about a case again that another question replaced, where it is still in time."""
    query = select(_Q.c.id, _Q.c.contact_point_id).where(
        _Q.c.case_id == case_id, _Q.c.kind == "ask", _Q.c.state == "replaced", _Q.c.expires_at > now
    )
    row = tx.execute(query.order_by(_Q.c.id.desc()).limit(1)).first()
    if row is None:
        return
    other = select(_Q.c.id).where(_Q.c.contact_point_id == row.contact_point_id, _Q.c.state == "open")
    if tx.execute(other).first() is None:
        tx.execute(update(_Q).where(_Q.c.id == row.id).values(state="open"))


def forget(tx: Tx, before: datetime) -> int:
    """Remove what cannot be taken back any more since then, and count it."""
    return tx.execute(delete(_T).where(_T.c.expires_at < before)).rowcount


def _moments(values: dict[str, Any]) -> dict[str, Any]:
    """Return columns as a case has them: moments were kept as text."""
    timed = {name for name in values if isinstance(_CASE.c[name].type, UtcDateTime)}
    return {name: datetime.fromisoformat(v) if name in timed and v is not None else v for name, v in values.items()}
