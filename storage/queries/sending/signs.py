"""What gateways tell besides messages, kept among their intake rows: signs of life, parts delivered, early receipts.

Such a row is done from the beginning and holds no payload. It is forgotten with the others, 90 days after it came.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Insert, bindparam, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from domain.inbound import Channel
from domain.ports import DeliveryState, FailureKind, Receipt
from storage.store import Tx
from storage.tables import InboundItem
from storage.tables.base import table_of

_T = table_of(InboundItem)
# No provider's own ids begin so: they are numbers, or made of letters without a colon in this place.
_CLASS = 0x5A11
_HEARD, _PART, _EARLY = "sign:heard", "sign:part", "sign:early"


def _put_heard(dialect_insert: Any) -> Insert:
    put = dialect_insert(_T)
    found: Insert = put.on_conflict_do_update(
        index_elements=(_T.c.gateway, _T.c.provider_id),
        set_={"received_at": put.excluded.received_at},
        where=put.excluded.received_at > _T.c.received_at,
    )
    return found


_PUT_HEARD = {"sqlite": _put_heard(sqlite.insert), "postgresql": _put_heard(postgresql.insert)}
_PUT_ONCE = {
    "sqlite": sqlite.insert(_T).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(_T).on_conflict_do_nothing(),
}
_HEARD_AT = select(_T.c.received_at).where(_T.c.gateway == bindparam("gateway"), _T.c.provider_id == _HEARD)
_PARTS = select(_T.c.sender).where(
    _T.c.gateway == bindparam("gateway"), _T.c.provider_id.in_(bindparam("ids", expanding=True))
)


def note_heard(tx: Tx, gateway: str, now: datetime) -> None:
    """Note that a gateway gave a sign of life, to whatever process it came; an earlier one changes nothing."""
    tx.execute(_PUT_HEARD[tx.dialect], _row(gateway, _HEARD, now))


def heard_at(tx: Tx, gateway: str) -> datetime | None:
    """Return when a gateway last gave a sign of life, or None (unique index on gateway and provider's id)."""
    heard: datetime | None = tx.execute(_HEARD_AT, {"gateway": gateway}).scalar()
    return heard


def count_part(tx: Tx, gateway: str, message_id: int, part: str, *, parts: int, now: datetime) -> int:
    """Note that one of the parts of a message is told of, and return how many are.

    `part` is the provider's id of that report: a repeat of it counts once. The message's row must be locked. Served by
    the unique index on gateway and provider's id, under which each part has a row.
    """
    mark = _mark(part)
    ids = [f"{_PART}:{message_id}:{number}" for number in range(1, parts + 1)]
    told = list(tx.execute(_PARTS, {"gateway": gateway, "ids": ids}).scalars())
    if mark in told or len(told) == parts:
        return len(told)
    tx.execute(insert(_T), {**_row(gateway, ids[len(told)], now), "sender": mark})
    return len(told) + 1


def results_wait(tx: Tx, gateway: str) -> None:
    """Let results of a gateway that are being kept be done, and further ones wait, until this transaction ends.

    A receipt for an id that is not known and the result that makes it known would else miss each other. SQLite has one
    writer at a time.
    """
    if tx.dialect == "postgresql":
        tx.execute(select(func.pg_advisory_xact_lock(_CLASS, _lock_number(gateway))))


def receipts_wait(tx: Tx, gateway: str) -> None:
    """Let receipts for ids that are not known wait until this transaction ends, which is to make some known.

    Results do not wait for one another. To be taken before any row is locked.
    """
    if tx.dialect == "postgresql":
        tx.execute(select(func.pg_advisory_xact_lock_shared(_CLASS, _lock_number(gateway))))


def _lock_number(gateway: str) -> int:
    return int.from_bytes(sha256(gateway.encode()).digest()[:4], "big", signed=True)


def keep_early(tx: Tx, receipt: Receipt, now: datetime) -> None:
    """Keep a receipt that names a message by a provider's id which is not known, perhaps not yet; a repeat is one."""
    row = _row(receipt.gateway, _early_id(receipt.provider_id or "", receipt.state), now)
    tx.execute(_PUT_ONCE[tx.dialect], row | {"fault": receipt.failure.value if receipt.failure else None})


def early(tx: Tx, gateway: str, provider_ids: Sequence[str]) -> list[Receipt]:
    """Return the receipts that came for providers' ids before they were known (unique index on gateway and such an id)."""
    kept = {_early_id(id_, state): (id_, state) for id_ in provider_ids for state in DeliveryState}
    query = select(_T.c.provider_id, _T.c.fault).where(_T.c.gateway == gateway, _T.c.provider_id.in_(kept))
    found = []
    for row in tx.execute(query):
        id_, state = kept[row.provider_id]
        failure = FailureKind(row.fault) if row.fault else None
        found.append(Receipt(gateway, state, provider_id=id_, failure=failure))
    return found


def _early_id(provider_id: str, state: DeliveryState) -> str:
    return f"{_EARLY}:{state}:{_mark(provider_id)}"


def _mark(id_: str) -> str:
    return sha256(id_.encode(errors="replace")).hexdigest()[:32]


def _row(gateway: str, provider_id: str, now: datetime) -> dict[str, Any]:
    return {
        "gateway": gateway,
        "provider_id": provider_id,
        "channel": Channel.SMS.value,
        "sender": "",
        "received_at": now,
        "next_try_at": now,
        "processed_at": now,
        "attempts": 0,
        "fault": None,
    }
