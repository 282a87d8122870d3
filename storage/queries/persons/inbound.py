"""Intake: storing what came in once, finding what waits for processing, and forgetting provider ids after 90 days."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
from sqlalchemy import Insert, bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from domain.inbound import Inbound
from storage.store import Tx
from storage.tables import InboundItem
from storage.tables.base import table_of

KEPT = timedelta(days=90)
_T = table_of(InboundItem)

_INSERT: dict[str, Insert] = {
    "sqlite": sqlite.insert(_T).on_conflict_do_nothing().returning(_T.c.id),
    "postgresql": postgresql.insert(_T).on_conflict_do_nothing().returning(_T.c.id),
}
_NEXT = (
    select(_T.c.id, _T.c.payload, _T.c.attempts, _T.c.next_try_at)
    .where(_T.c.sender == bindparam("sender"), _T.c.processed_at.is_(None))
    .order_by(_T.c.id)
    .limit(2)
)
_DONE = (
    update(_T).where(_T.c.id == bindparam("row_id")).values(processed_at=bindparam("moment"), payload=None, fault=None)
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something stored and not processed yet, how often processing it has failed, and whether nothing waits behind it."""

    id: int
    inbound: Inbound
    attempts: int
    next_try_at: datetime
    last: bool


def insert(tx: Tx, inbound: Inbound, *, sender: str, now: datetime) -> bool:
    """Store what came in; False where the gateway brought it before (unique by gateway and provider's id)."""
    row = tx.execute(
        _INSERT[tx.dialect],
        {
            "gateway": inbound.gateway,
            "provider_id": inbound.provider_id,
            "channel": inbound.channel.value,
            "sender": sender,
            "payload": orjson.dumps(inbound.to_json()).decode("utf-8", "replace"),
            "received_at": inbound.received_at,
            "next_try_at": now,
            "attempts": 0,
        },
    ).first()
    return row is not None


def oldest_waiting(tx: Tx, sender: str) -> Waiting | None:
    """Return a sender's earliest message that is not processed (index `ix_inbound_waiting`)."""
    rows = tx.execute(_NEXT, {"sender": sender}).all()
    if not rows:
        return None
    row = rows[0]
    item = Inbound.from_json(orjson.loads(row.payload))
    return Waiting(row.id, item, row.attempts, row.next_try_at, last=len(rows) == 1)


def finish(tx: Tx, row_id: int, now: datetime) -> None:
    """Mark as processed and forget the payload; the provider's id stays."""
    tx.execute(_DONE, {"row_id": row_id, "moment": now})


def record_failure(tx: Tx, row_id: int, *, attempts: int, next_try_at: datetime, fault: str) -> None:
    """Keep that processing failed, when to try again, and the fault's name (never its words, which may quote the text)."""
    tx.execute(
        update(_T)
        .where(_T.c.id == row_id, _T.c.processed_at.is_(None))
        .values(attempts=attempts, next_try_at=next_try_at, fault=fault[:120])
    )


def senders_due(tx: Tx, now: datetime, limit: int) -> list[str]:
    """Return senders with something to process now (index `ix_inbound_due`)."""
    due = select(_T.c.sender).where(_T.c.processed_at.is_(None), _T.c.next_try_at <= now).order_by(_T.c.next_try_at)
    return list(dict.fromkeys(tx.execute(due.limit(limit)).scalars()))


def count_waiting(tx: Tx) -> int:
    """Count what is stored and not processed (index `ix_inbound_due`)."""
    return int(tx.execute(select(func.count()).select_from(_T).where(_T.c.processed_at.is_(None))).scalar_one())


def forget_old(tx: Tx, now: datetime, limit: int) -> int:
    """Remove processed rows older than 90 days (index `ix_inbound_received`) and count them."""
    old = select(_T.c.id).where(_T.c.received_at < now - KEPT, _T.c.processed_at.is_not(None)).limit(limit)
    return tx.execute(delete(_T).where(_T.c.id.in_(old))).rowcount
