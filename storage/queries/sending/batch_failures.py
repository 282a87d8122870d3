"""Messages of one batch that failed or did not leave: listed with their reasons, and queued again where that may help."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from domain.inbound import Channel
from storage.queries.sending.outbox import Lane
from storage.store import Tx
from storage.tables import ContactPoint, Message, OutboxItem, Person
from storage.tables.base import table_of

_M, _P, _C, _O = (table_of(each) for each in (Message, Person, ContactPoint, OutboxItem))

FAILED = ("failed", "undelivered", "unknown", "withdrawn")
"""The states of messages that nobody is known to have got, and that nothing is done about any more."""


@dataclass(frozen=True, slots=True)
class Failed:
    """One message of a batch that failed. `reason` is a failure's name, or what dropped it before it left.

    `silent`: the person asked for silence or took her consent back; `out_of_use`: the account or number is.
    """

    message_id: int
    person_id: int
    external_id: str | None
    contact_id: int
    channel: Channel
    address: str
    state: str
    reason: str | None
    parts: int
    failed_at: datetime | None
    wrote_at: datetime | None
    silent: bool
    out_of_use: bool


def listed(tx: Tx, batch_id: int, *, after: int = 0, limit: int) -> list[Failed]:
    """Return a batch's failures after a person, by number (index `uq_message_batch_person`)."""
    query = (
        select(
            _M.c.id, _M.c.person_id, _P.c.external_id, _M.c.contact_point_id, _M.c.channel, _C.c.address, _M.c.state,
            _M.c.failure, _M.c.segments, _M.c.state_at, _M.c.at, _C.c.last_inbound_at, _C.c.stopped_at, _C.c.blocked_at,
            _C.c.dead_at, _P.c.consent,
        )
        .join(_P, _P.c.id == _M.c.person_id)
        .join(_C, _C.c.id == _M.c.contact_point_id)
        .where(_M.c.batch_id == batch_id, _M.c.state.in_(FAILED), _M.c.person_id > after)
        .order_by(_M.c.person_id)
        .limit(limit)
    )  # fmt: skip
    return [_failed(row) for row in tx.execute(query)]


def _failed(row: Any) -> Failed:
    return Failed(
        message_id=row.id,
        person_id=row.person_id,
        external_id=row.external_id,
        contact_id=row.contact_point_id,
        channel=Channel(row.channel),
        address=row.address,
        state=row.state,
        reason=row.failure,
        parts=row.segments,
        failed_at=row.state_at or row.at,
        wrote_at=row.last_inbound_at,
        silent=row.stopped_at is not None or not row.consent,
        out_of_use=row.blocked_at is not None or row.dead_at is not None,
    )


def queue_again(
    tx: Tx,
    again: Sequence[tuple[int, int, str]],
    *,
    due_at: Mapping[str, datetime],
    not_after: datetime | None,
    now: datetime,
) -> None:
    """Queue messages once more, each with its contact point and gateway, due by gateway.

    What is left of them in the queue goes.
    """
    if not again:
        return
    tx.queued = True
    tx.execute(delete(_O).where(_O.c.message_id.in_([message_id for message_id, _, _ in again])))
    for message_id, contact_id, gateway in again:
        fresh = {"state": "queued", "failure": None, "handed_over_at": None, "state_at": now, "again": _M.c.again + 1}
        values = {**fresh, "contact_point_id": contact_id, "gateway": gateway}
        tx.execute(update(_M).where(_M.c.id == message_id).values(**values))
    rows = [
        {
            "message_id": message_id,
            "contact_point_id": contact_id,
            "gateway": gateway,
            "lane": Lane.BULK.value,
            "action": "send",
            "state": "queued",
            "due_at": due_at[gateway],
            "not_after": not_after,
            "attempts": 0,
            "repeated": False,
        }
        for message_id, contact_id, gateway in again
    ]
    tx.execute(insert(_O), rows)


def ways_to(tx: Tx, person_id: int, channel: Channel) -> list[int]:
    """Return a person's contact points on a channel that may be written to, the newest first (index on `person_id`)."""
    usable = (_C.c.person_id == person_id, _C.c.channel == channel.value, _C.c.stopped_at.is_(None))
    query = select(_C.c.id).where(*usable, _C.c.blocked_at.is_(None), _C.c.dead_at.is_(None))
    return list(tx.execute(query.order_by(_C.c.id.desc())).scalars())
