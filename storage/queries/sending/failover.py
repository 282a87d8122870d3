"""What waits at a gateway and may go by another: whose messages, in which order, and moving them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select, update

from domain.sending.gateway_health import GATEWAY_FAULTS
from storage.queries.sending.outbox import Lane
from storage.store import Tx
from storage.tables import ContactPoint, Message, OutboxItem
from storage.tables.base import table_of

_T, _M, _C = (table_of(each) for each in (OutboxItem, Message, ContactPoint))
_OTHER = _T.alias("other")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that waits at a gateway, with what choosing another for it needs. `own` is what its person wrote to.

    `is_put_off` tells that it waits longer because of its gateway's own fault.
    """

    item_id: int
    message_id: int
    contact_id: int
    address: str
    own: str | None
    parts: int
    is_put_off: bool


def _here(table: Any, lane: Lane) -> ColumnElement[bool]:
    return and_(table.c.gateway == bindparam("from_gateway"), table.c.lane == lane.value)


_READY = or_(_T.c.due_at <= bindparam("moment"), _T.c.attempts > 0)
_MOVABLE = and_(_T.c.state == "queued", _T.c.repeated.is_(False), _T.c.action == "send")


def _holds_order(table: Any) -> ColumnElement[bool]:
    """What may have reached a person already: nothing of hers overtakes it, for a while."""
    is_unknown = and_(table.c.repeated.is_(True), table.c.due_at > bindparam("held_since"))
    return or_(table.c.state == "sending", is_unknown)


_WAITS_AT = (
    select(_T.c.gateway)
    .where(_T.c.contact_point_id == bindparam("contact_id"), _T.c.lane == Lane.REPLY.value, _READY)
    .order_by(_T.c.id.desc())
    .limit(1)
)
_DUE_REPLIES = select(func.count()).where(
    _here(_T, Lane.REPLY), _T.c.state.in_(("queued", "sending")), _T.c.due_at <= bindparam("moment")
)
_OLDEST_READY = (
    select(_T.c.due_at)
    .where(
        _here(_T, Lane.REPLY),
        _T.c.state == "queued",
        _T.c.due_at <= bindparam("moment"),
        ~exists().where(
            _OTHER.c.contact_point_id == _T.c.contact_point_id, _OTHER.c.id < _T.c.id, _here(_OTHER, Lane.REPLY)
        ),
    )
    .order_by(_T.c.due_at)
    .limit(1)
)
_WHO_MAY_MOVE = (
    select(_T.c.contact_point_id)
    .where(
        _here(_T, Lane.REPLY),
        _MOVABLE,
        _READY,
        ~exists().where(
            _OTHER.c.contact_point_id == _T.c.contact_point_id, _here(_OTHER, Lane.REPLY), _holds_order(_OTHER)
        ),
    )
    .order_by(_T.c.due_at)
    .limit(bindparam("most"))
)
_COLUMNS = (
    _T.c.id, _T.c.message_id, _T.c.contact_point_id, _T.c.attempts, _MOVABLE.label("movable"),
)  # fmt: skip
_THEIRS = (
    select(*_COLUMNS, _holds_order(_T).label("holds"))
    .where(_here(_T, Lane.REPLY), _T.c.contact_point_id.in_(bindparam("contacts", expanding=True)))
    .order_by(_T.c.id)
    .with_for_update()
)
_BULK = (
    select(*_COLUMNS)
    .where(_here(_T, Lane.BULK), _MOVABLE, _READY)
    .order_by(_T.c.due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_ABOUT = (
    select(_M.c.id, _M.c.segments, _M.c.failure, _C.c.address, _C.c.gateway)
    .join(_C, _C.c.id == _M.c.contact_point_id)
    .where(_M.c.id.in_(bindparam("ids", expanding=True)))
)


def waits_at(tx: Tx, contact_id: int, now: datetime) -> str | None:
    """Return the gateway at which the newest of a person's due replies waits, or None (index `ix_outbox_contact`)."""
    found: str | None = tx.execute(_WAITS_AT, {"contact_id": contact_id, "moment": now}).scalar()
    return found


def due_replies(tx: Tx, gateway: str, now: datetime) -> int:
    """Count the replies that are due at a gateway or on their way (index `ix_outbox_due`)."""
    return int(tx.execute(_DUE_REPLIES, {"from_gateway": gateway, "moment": now}).scalar_one())


def oldest_ready(tx: Tx, gateway: str, now: datetime) -> datetime | None:
    """Return since when a gateway's oldest reply is due that waits for nothing but the gateway (index `ix_outbox_due`)."""
    oldest: datetime | None = tx.execute(_OLDEST_READY, {"from_gateway": gateway, "moment": now}).scalar()
    return oldest


def replies(tx: Tx, gateway: str, now: datetime, *, held_since: datetime, people: int) -> list[Waiting]:
    """Return the replies that may leave a gateway, locked, of so many people: all of each, or none.

    None of a person of whom one is on its way there, or of unknown fate since `held_since`: nobody may overtake it
    (indexes `ix_outbox_due`, `ix_outbox_contact`).
    """
    values = {"from_gateway": gateway, "moment": now, "held_since": held_since}
    found = set(tx.execute(_WHO_MAY_MOVE, {**values, "most": people}).scalars())
    if not found:
        return []
    rows = tx.execute(_THEIRS, {"from_gateway": gateway, "held_since": held_since, "contacts": sorted(found)}).all()
    held = {row.contact_point_id for row in rows if row.holds}
    return _told(tx, [row for row in rows if row.movable and row.contact_point_id not in held])


def bulk(tx: Tx, gateway: str, now: datetime, *, most: int) -> list[Waiting]:
    """Return messages of broadcasts and reminders that may leave a gateway, locked (index `ix_outbox_due`)."""
    rows = tx.execute(_BULK, {"from_gateway": gateway, "moment": now, "most": most}).all()
    return _told(tx, rows)


def move(tx: Tx, moves: Mapping[str, Iterable[Waiting]], now: datetime) -> int:
    """Let messages wait at other gateways, and count them; what its old gateway's fault has put off is due at once."""
    moved = 0
    for target, items in moves.items():
        chosen = list(items)
        numbers = [each.item_id for each in chosen]
        put_off = [each.item_id for each in chosen if each.is_put_off]
        tx.execute(update(_T).where(_T.c.id.in_(numbers)).values(gateway=target))
        if put_off:
            tx.execute(update(_T).where(_T.c.id.in_(put_off), _T.c.due_at > now).values(due_at=now))
        # A receipt is found by its gateway.
        tx.execute(update(_M).where(_M.c.id.in_([each.message_id for each in chosen])).values(gateway=target))
        moved += len(chosen)
    tx.queued = tx.queued or moved > 0
    return moved


def _told(tx: Tx, rows: Sequence[Any]) -> list[Waiting]:
    if not rows:
        return []
    about = {row.id: row for row in tx.execute(_ABOUT, {"ids": [row.message_id for row in rows]})}
    return [_waiting(row, about[row.message_id]) for row in rows]


def _waiting(row: Any, about: Any) -> Waiting:
    return Waiting(
        item_id=row.id,
        message_id=row.message_id,
        contact_id=row.contact_point_id,
        address=about.address,
        own=about.gateway,
        parts=about.segments,
        is_put_off=row.attempts > 0 and about.failure in GATEWAY_FAULTS,
    )
