"""The outbox queue: putting messages in, claiming them within each gateway's rate, and keeping what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, bindparam, delete, exists, func, insert, or_, select, update

from domain.ports import Button, DeliveryState, Outbound, OutboundAction, Receipt, SendOutcome, SendResult
from domain.retry import CLAIM_LEASE, UNKNOWN_WAIT, next_send
from storage.queries import messages
from storage.store import AlreadyThere, Tx
from storage.tables import Batch, ContactPoint, GatewayState, Message, OutboxItem
from storage.tables.base import table_of

_T, _M, _C, _G, _B = (table_of(each) for each in (OutboxItem, Message, ContactPoint, GatewayState, Batch))
_EARLIER = _T.alias("earlier")
_INSERT = insert(_T)

RANKS = {
    "queued": 0,
    "sending": 1,
    "unknown": 2,
    "accepted": 3,
    "sent": 4,
    "undelivered": 5,
    "failed": 5,
    "delivered": 6,
}
"""How far each state is: a receipt never takes a message back."""


class Lane(StrEnum):
    """Replies go before bulk."""

    REPLY = "reply"
    BULK = "bulk"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this worker has to hand over now."""

    item_id: int
    outbound: Outbound
    attempts: int
    repeated: bool


def enqueue(
    tx: Tx,
    message_id: int,
    *,
    contact_id: int,
    gateway: str,
    due_at: datetime,
    lane: Lane = Lane.REPLY,
    action: OutboundAction = OutboundAction.SEND,
    not_after: datetime | None = None,
) -> None:
    """Queue a message for handing over at `due_at`; it is dropped where it has not left by `not_after`."""
    tx.queued = True
    row = {
        "message_id": message_id,
        "contact_point_id": contact_id,
        "gateway": gateway,
        "lane": lane.value,
        "action": action.value,
        "state": "queued",
        "due_at": due_at,
        "not_after": not_after,
        "attempts": 0,
        "repeated": False,
    }
    tx.execute(_INSERT, row)


def withdraw(tx: Tx, message_id: int) -> bool:
    """Take back a message that has not left; False where it is too late."""
    waiting = and_(_T.c.message_id == message_id, _T.c.state == "queued", _T.c.attempts == 0, _T.c.action == "send")
    gone = tx.execute(delete(_T).where(waiting)).rowcount > 0
    if gone:
        messages.change(tx, message_id, state="withdrawn")
    return gone


def withdraw_all(tx: Tx, contact_id: int) -> int:
    """Take back everything that waits for a contact point, and count it (index `ix_outbox_contact`)."""
    waiting = and_(_T.c.contact_point_id == contact_id, _T.c.state == "queued", _T.c.action == "send")
    ids = list(tx.execute(delete(_T).where(waiting).returning(_T.c.message_id)).scalars())
    if ids:
        tx.execute(update(_M).where(_M.c.id.in_(ids)).values(state="withdrawn"))
    return len(ids)


def withdraw_case(tx: Tx, case_id: int, *, kinds: Sequence[str]) -> None:
    """Take back what waits about a case, of these kinds of message."""
    about = select(_M.c.id).where(_M.c.case_id == case_id, _M.c.kind.in_(kinds), _M.c.direction == "out")
    waiting = and_(_T.c.message_id.in_(about), _T.c.state == "queued", _T.c.attempts == 0, _T.c.action == "send")
    ids = list(tx.execute(delete(_T).where(waiting).returning(_T.c.message_id)).scalars())
    if ids:
        tx.execute(update(_M).where(_M.c.id.in_(ids)).values(state="withdrawn"))


def _due(lane: Lane, dialect: str) -> Select[Any]:
    query = select(_T.c.id).where(
        _T.c.gateway == bindparam("from_gateway"),
        _T.c.lane == lane.value,
        _T.c.state == "queued",
        _T.c.due_at <= bindparam("moment"),
    )
    if lane is Lane.REPLY:
        not_done = or_(_EARLIER.c.state != "queued", _EARLIER.c.due_at <= bindparam("moment"), _EARLIER.c.attempts > 0)
        query = query.where(
            ~exists().where(
                _EARLIER.c.contact_point_id == _T.c.contact_point_id,
                _EARLIER.c.id < _T.c.id,
                _EARLIER.c.lane == lane.value,
                not_done,
            )
        )
    query = query.order_by(_T.c.due_at, _T.c.id).limit(bindparam("most"))
    return query.with_for_update(skip_locked=True) if dialect == "postgresql" else query


def _claim(lane: Lane, dialect: str) -> Any:
    taken = update(_T).where(_T.c.id.in_(_due(lane, dialect).scalar_subquery()))
    return taken.values(state="sending", claimed_at=bindparam("claimed"), attempts=_T.c.attempts + 1).returning(
        _T.c.id, _T.c.message_id, _T.c.attempts, _T.c.repeated, _T.c.action, _T.c.not_after
    )


_CLAIM = {(lane, dialect): _claim(lane, dialect) for lane in Lane for dialect in ("sqlite", "postgresql")}
_CONTENT = (
    select(
        _M.c.id, _M.c.text, _M.c.sealed_text, _M.c.buttons, _M.c.protect, _M.c.provider_id, _C.c.address,
        _C.c.stopped_at, _C.c.blocked_at, _M.c.key, _M.c.kind, _B.c.state.label("batch_state"),
    )
    .join(_C, _C.c.id == _M.c.contact_point_id)
    .outerjoin(_B, _B.c.id == _M.c.batch_id)
    .where(_M.c.id.in_(bindparam("ids", expanding=True)))
)  # fmt: skip


def claim(tx: Tx, gateway: str, *, rate: float, now: datetime, limit: int) -> list[Claimed]:
    """Take the messages that may leave by a gateway now, replies first, and pay for them in its tokens.

    Bulk gets at most what is left of one second's rate. Messages whose time is over, whose batch was cancelled, or
    whose person sent STOP meanwhile are dropped here. One person's replies leave in order.
    """
    allowed = min(limit, _tokens(tx, gateway, rate, now))
    if allowed <= 0:
        return []
    values = {"from_gateway": gateway, "moment": now, "claimed": now}
    taken = list(tx.execute(_CLAIM[Lane.REPLY, tx.dialect], {**values, "most": allowed}))
    if len(taken) < allowed:
        room = min(allowed - len(taken), max(1, int(rate)))
        taken += tx.execute(_CLAIM[Lane.BULK, tx.dialect], {**values, "most": room})
    if not taken:
        return []
    _pay(tx, gateway, len(taken))
    return _with_content(tx, sorted(taken, key=lambda row: row.id), now)


def _tokens(tx: Tx, gateway: str, rate: float, now: datetime) -> int:
    query = select(_G.c.tokens, _G.c.refilled_at, _G.c.paused_until).where(_G.c.gateway == gateway)
    row = tx.execute(query.with_for_update()).first()
    if row is None:
        return _first_tokens(tx, gateway, rate, now)
    if row.paused_until is not None and row.paused_until > now:
        return 0
    elapsed = max(0.0, (now - row.refilled_at).total_seconds())
    tokens = min(max(1.0, rate), row.tokens + elapsed * rate)
    refilled = update(_G).where(_G.c.gateway == gateway)
    tx.execute(refilled.values(tokens=tokens, refilled_at=max(now, row.refilled_at)))
    return int(tokens)


def _first_tokens(tx: Tx, gateway: str, rate: float, now: datetime) -> int:
    try:
        with tx.attempt():
            tx.execute(insert(_G).values(gateway=gateway, tokens=max(1.0, rate), refilled_at=now))
    except AlreadyThere:
        return 0
    return int(max(1.0, rate))


def _pay(tx: Tx, gateway: str, count: int) -> None:
    tx.execute(update(_G).where(_G.c.gateway == gateway).values(tokens=_G.c.tokens - count))


def _with_content(tx: Tx, taken: Sequence[Any], now: datetime) -> list[Claimed]:
    rows = {row.id: row for row in tx.execute(_CONTENT, {"ids": [row.message_id for row in taken]})}
    claimed, dropped = [], []
    for item in taken:
        content = rows[item.message_id]
        why = _reason_to_drop(item, content, now)
        if why is None:
            claimed.append(Claimed(item.id, _outbound(item, content), item.attempts, item.repeated))
        else:
            dropped.append((item, why))
    for item, why in dropped:
        tx.execute(delete(_T).where(_T.c.id == item.id))
        if item.action == OutboundAction.SEND:
            messages.change(tx, item.message_id, state="withdrawn", failure=why)
    return claimed


def _reason_to_drop(item: Any, content: Any, now: datetime) -> str | None:
    if item.action == OutboundAction.DELETE:
        return None if content.provider_id else "not_sent"
    if item.not_after is not None and item.not_after < now:
        return "expired"
    if content.batch_state == "cancelled":
        return "cancelled"
    if content.stopped_at is not None and content.key != "stopped":
        return "opted_out"
    return "blocked" if content.blocked_at is not None else None


def _outbound(item: Any, content: Any) -> Outbound:
    return Outbound(
        message_id=item.message_id,
        address=content.address,
        text=content.text if content.text is not None else content.sealed_text or "",
        buttons=tuple(tuple(Button(label, data) for label, data in line) for line in content.buttons or ()),
        protect=content.protect,
        request_contact=content.key == "officer_share_contact",
        action=OutboundAction(item.action),
        provider_id=content.provider_id,
    )


def record(tx: Tx, results: Sequence[tuple[Claimed, SendResult]], *, gateway: str, now: datetime) -> None:
    """Keep what became of claimed messages: done ones leave the queue, others wait for their next attempt."""
    done, told = [], []
    for item, result in results:
        state, next_at, repeated = _after(item, result, now)
        if next_at is None:
            done.append(item.item_id)
        else:
            again = update(_T).where(_T.c.id == item.item_id, _T.c.state == "sending")
            tx.execute(again.values(state="queued", due_at=next_at, repeated=repeated, claimed_at=None))
        if item.outbound.action is OutboundAction.SEND:
            told.append(_told(item, result, state, now))
    if done:
        tx.execute(delete(_T).where(_T.c.id.in_(done)))
    _advance(tx, told)
    slow = [result.retry_after or 1.0 for _, result in results if result.failure == "slow_down"]
    if slow:
        tx.execute(
            update(_G)
            .where(_G.c.gateway == gateway)
            .values(paused_until=now + timedelta(seconds=min(max(slow), 300.0)))
        )


def _after(item: Claimed, result: SendResult, now: datetime) -> tuple[str, datetime | None, bool]:
    if result.outcome is SendOutcome.ACCEPTED:
        return "accepted", None, item.repeated
    if result.outcome is SendOutcome.RETRY:
        again = next_send(now, item.attempts, result.retry_after)
        return ("queued", again, item.repeated) if again else ("failed", None, item.repeated)
    if result.outcome is SendOutcome.UNKNOWN:
        return "unknown", None if item.repeated else now + UNKNOWN_WAIT, True
    return "failed", None, item.repeated


def _told(item: Claimed, result: SendResult, state: str, now: datetime) -> dict[str, Any]:
    return {
        "message_id": item.outbound.message_id,
        "new_state": state,
        "moment": now,
        "new_provider_id": result.provider_id,
        "new_failure": result.failure.value if result.failure else None,
    }


def _advance(tx: Tx, told: Sequence[dict[str, Any]]) -> None:
    """Set the new states, except where a receipt was quicker and a message is further already."""
    if not told:
        return
    ids = [each["message_id"] for each in told]
    states = {row.id: row.state for row in tx.execute(select(_M.c.id, _M.c.state).where(_M.c.id.in_(ids)))}
    fresh = [each for each in told if RANKS[each["new_state"]] >= RANKS.get(states[each["message_id"]], 0)]
    messages.record_results(tx, fresh)
    for each in told:
        if each not in fresh and each["new_provider_id"]:
            messages.change(tx, each["message_id"], provider_id=each["new_provider_id"])


def recover(tx: Tx, now: datetime, limit: int) -> int:
    """Bring back claims whose worker never reported (index `ix_outbox_claimed`) and count them.

    Such a message may have reached the provider: it is repeated once on the same gateway, and after a second silence
    its fate stays `unknown`.
    """
    lost = select(_T.c.id, _T.c.message_id, _T.c.repeated).where(
        _T.c.state == "sending", _T.c.claimed_at < now - CLAIM_LEASE
    )
    rows = tx.execute(lost.limit(limit).with_for_update(skip_locked=True)).all()
    for row in rows:
        if row.repeated:
            tx.execute(delete(_T).where(_T.c.id == row.id))
        else:
            again = update(_T).where(_T.c.id == row.id)
            tx.execute(again.values(state="queued", due_at=now, repeated=True, claimed_at=None))
        messages.change(tx, row.message_id, state="unknown", state_at=now)
    return len(rows)


_STATES = {
    DeliveryState.SENT: "sent",
    DeliveryState.DELIVERED: "delivered",
    DeliveryState.UNDELIVERED: "undelivered",
    DeliveryState.FAILED: "failed",
}


def apply_receipt(tx: Tx, receipt: Receipt, now: datetime) -> bool:
    """Keep what a provider says of a message, never going back, and tell whether the message is known."""
    row = messages.find_for_receipt(tx, receipt.gateway, message_id=receipt.message_id, provider_id=receipt.provider_id)
    if row is None:
        return False
    state = _STATES[receipt.state]
    if RANKS[state] <= RANKS.get(row.state, 0):
        return True
    values: dict[str, Any] = {"state": state, "state_at": now}
    if receipt.provider_id:
        values["provider_id"] = receipt.provider_id
    if receipt.failure:
        values["failure"] = receipt.failure.value
    messages.change(tx, row.id, **values)
    tx.execute(delete(_T).where(_T.c.message_id == row.id, _T.c.state == "queued", _T.c.repeated.is_(True)))
    if receipt.failure == "opted_out":
        tx.execute(update(_C).where(_C.c.id == row.contact_point_id).values(stopped_at=now))
    return True


def oldest_due(tx: Tx, now: datetime) -> datetime | None:
    """Return since when the longest waiting reply is due, or None."""
    query = select(func.min(_T.c.due_at)).where(_T.c.lane == Lane.REPLY.value, _T.c.due_at <= now)
    oldest: datetime | None = tx.execute(query).scalar()
    return oldest


def next_due(tx: Tx) -> datetime | None:
    """Return when the next message is due, whatever its lane, or None where the queue is empty."""
    query = select(func.min(_T.c.due_at)).where(_T.c.state == "queued")
    soonest: datetime | None = tx.execute(query).scalar()
    return soonest


def waiting(tx: Tx) -> dict[tuple[str, str], int]:
    """Count what waits by gateway and lane."""
    query = select(_T.c.gateway, _T.c.lane, func.count().label("items")).group_by(_T.c.gateway, _T.c.lane)
    return {(row.gateway, row.lane): row.items for row in tx.execute(query)}
