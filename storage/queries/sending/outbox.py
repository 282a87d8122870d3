"""The outbox queue: putting messages in, taking them back, and keeping what became of those that were claimed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select, true, update

from domain.inbound import Channel, storable_id
from domain.ports import (
    FailureKind,
    Outbound,
    OutboundAction,
    SendOutcome,
    SendResult,
)
from domain.sending.retry import CLAIM_LEASE, UNKNOWN_WAIT, next_send
from storage.queries.persons import messages
from storage.queries.sending import dead_numbers, gateways
from storage.queries.sending.gateways import Terms
from storage.store import Tx
from storage.tables import Batch, ContactPoint, GatewayState, Message, OutboxItem
from storage.tables.base import table_of

_T, _M, _C, _G, _B = (table_of(each) for each in (OutboxItem, Message, ContactPoint, GatewayState, Batch))
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

LONGEST_PAUSE_S = 300.0
"""However long a provider asks us to wait, its gateway is tried again after so many seconds."""

_AT_ONCE = 10_000
NO_PHONE = frozenset((*dead_numbers.GONE, *dead_numbers.SILENT))
"""The failures that may mean that a number is dead."""


class Lane(StrEnum):
    """Replies go before everything; taking back what was sent waits behind no bulk."""

    REPLY = "reply"
    DELETE = "delete"
    BULK = "bulk"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this worker has to hand over now; `parts` are its SMS parts."""

    item_id: int
    outbound: Outbound
    attempts: int
    repeated: bool
    parts: int = 1


def behind_answers(tx: Tx, message_id: int) -> None:
    """Let a message wait in the bulk lane, so that no answer waits for it."""
    tx.execute(update(_T).where(_T.c.message_id == message_id).values(lane=Lane.BULK.value))


def take_back_sooner(tx: Tx, message_id: int, at: datetime) -> bool:
    """Let a message that is to be taken back later be so at `at`; False where nothing was queued to do it."""
    waiting = (_T.c.message_id == message_id, _T.c.action == OutboundAction.DELETE.value, _T.c.state == "queued")
    return tx.execute(update(_T).where(*waiting, _T.c.due_at > at).values(due_at=at)).rowcount > 0


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
    """Queue a message for handing over at `due_at`; it is dropped where it has not left by `not_after`.

    Taking back has a lane of its own, whatever lane is asked for.
    """
    tx.queued = True
    row = {
        "message_id": message_id,
        "contact_point_id": contact_id,
        "gateway": gateway,
        "lane": (Lane.DELETE if action is OutboundAction.DELETE else lane).value,
        "action": action.value,
        "state": "queued",
        "due_at": due_at,
        "not_after": not_after,
        "attempts": 0,
        "repeated": False,
    }
    tx.execute(_INSERT, row)


def withdraw(tx: Tx, message_id: int) -> bool:
    """Take back a message that has not left; False where it is too late (index on `message_id`)."""
    return _withdraw(tx, _T.c.message_id == message_id, _T.c.attempts == 0) > 0


def withdraw_all(tx: Tx, contact_id: int) -> int:
    """Take back everything that waits for a contact point, and count it (index `ix_outbox_contact`)."""
    return _withdraw(tx, _T.c.contact_point_id == contact_id)


def withdraw_rows(tx: Tx, ids: Sequence[int]) -> None:
    """Take back what waits in these rows, also for another attempt (primary key)."""
    _withdraw(tx, _T.c.id.in_(ids))


def withdraw_case(tx: Tx, case_id: int, *, kinds: Sequence[str]) -> None:
    """Take back what waits about a case, of these kinds of message (index `ix_message_case`)."""
    about = select(_M.c.id).where(_M.c.case_id == case_id, _M.c.kind.in_(kinds), _M.c.direction == "out")
    _withdraw(tx, _T.c.message_id.in_(about), _T.c.attempts == 0)


def withdraw_said(tx: Tx, case_id: int, *, keys: Sequence[str]) -> None:
    """Take back what waits about a case, of these wordings (index `ix_message_case`)."""
    about = select(_M.c.id).where(_M.c.case_id == case_id, _M.c.key.in_(keys), _M.c.direction == "out")
    _withdraw(tx, _T.c.message_id.in_(about), _T.c.attempts == 0)


def withdraw_batch(tx: Tx, batch_id: int) -> int:
    """Take back what has not left of a batch, and count it (index `uq_message_batch_person`)."""
    theirs = select(_M.c.id).where(_M.c.batch_id == batch_id)
    return _withdraw(tx, _T.c.message_id.in_(theirs), _T.c.attempts == 0)


def withdraw_of_people(tx: Tx, batch_id: int, person_ids: Sequence[int]) -> int:
    """Take back what has not left of a batch for some people, and count it (index `uq_message_batch_person`)."""
    theirs = select(_M.c.id).where(_M.c.batch_id == batch_id, _M.c.person_id.in_(person_ids))
    return _withdraw(tx, _T.c.message_id.in_(theirs), _T.c.attempts == 0)


def _withdraw(tx: Tx, *which: ColumnElement[bool]) -> int:
    gone = delete(_T).where(_T.c.state.in_(("queued", "held")), _T.c.action == "send", *which)
    rows = tx.execute(gone.returning(_T.c.message_id, _T.c.repeated)).all()
    set_withdrawn(tx, rows)
    return len(rows)


def set_withdrawn(tx: Tx, rows: Iterable[Any], **values: Any) -> None:
    """Note that messages taken out of the queue will not leave; of one that may have left already nothing is said."""
    ids = [row.message_id for row in rows if not row.repeated]
    for start in range(0, len(ids), _AT_ONCE):
        theirs = _M.c.id.in_(ids[start : start + _AT_ONCE])
        tx.execute(update(_M).where(theirs).values(state="withdrawn", **values))


def record(
    tx: Tx,
    results: Sequence[tuple[Claimed, SendResult]],
    *,
    gateway: str,
    now: datetime,
    terms: Terms | None = None,
) -> None:
    """Keep what became of claimed messages: done ones leave the queue, others wait for their next attempt.

    Where a receipt was quicker, the message is not repeated. Where the claim ran out meanwhile, only that the provider
    took the message still counts. With `terms` the gateway's health, day and credit are kept too.
    """
    states = _states(tx, [item.outbound.message_id for item, _ in results])
    ours = _still_claimed(tx, [item for item, _ in results])
    done, told = [], []
    for item, result in results:
        if item.item_id not in ours and result.outcome is not SendOutcome.ACCEPTED:
            continue
        state, next_at, repeated = _after(item, result, now)
        sending = item.outbound.action is OutboundAction.SEND
        if next_at is None or (sending and _fate_is_known(states[item.outbound.message_id])):
            done.append(item.item_id)
        else:
            again = update(_T).where(_T.c.id == item.item_id)
            tx.execute(again.values(state="queued", due_at=next_at, repeated=repeated, claimed_at=None))
        if sending:
            told.append(_told(item, result, state, now))
    if done:
        tx.execute(delete(_T).where(_T.c.id.in_(done)))
    _advance(tx, told, states)
    _heed(tx, results, gateway, now)
    failed = [each["message_id"] for each in told if each["new_state"] == "failed" and each["new_failure"] in NO_PHONE]
    if failed:
        dead_numbers.heed(tx, failed, now)
    if terms is not None:
        gateways.note(tx, gateway, [(item.parts, result) for item, result in results], terms, now)


def _states(tx: Tx, message_ids: Sequence[int]) -> dict[int, str]:
    """Return the states of messages, locked so that no receipt comes between; receipts lock in the same order."""
    query = select(_M.c.id, _M.c.state).where(_M.c.id.in_(message_ids)).order_by(_M.c.id)
    return {row.id: row.state for row in tx.execute(query.with_for_update(key_share=True))}


def _still_claimed(tx: Tx, items: Sequence[Claimed]) -> set[int]:
    """Return which rows are still in this claim, and not in a later one of the same message."""
    query = select(_T.c.id, _T.c.attempts).where(_T.c.id.in_([item.item_id for item in items]), _T.c.state == "sending")
    attempts = {row.id: row.attempts for row in tx.execute(query.order_by(_T.c.id).with_for_update(key_share=True))}
    return {item.item_id for item in items if attempts.get(item.item_id) == item.attempts}


def _fate_is_known(state: str) -> bool:
    return RANKS.get(state, 0) >= RANKS["accepted"]


def _heed(tx: Tx, results: Sequence[tuple[Claimed, SendResult]], gateway: str, now: datetime) -> None:
    """Do what a provider's refusals ask for: silence towards some people, a pause of the whole gateway."""
    refused = defaultdict(list)
    for item, result in results:
        if result.failure is not None:
            refused[result.failure].append((item.outbound.message_id, result.retry_after or 1.0))
    if people := refused[FailureKind.OPTED_OUT]:
        _mark(tx, people, _C.c.stopped_at, now)
    if people := refused[FailureKind.BLOCKED]:
        # In SMS it is a network that blocks, perhaps this one text only.
        _mark(tx, people, _C.c.blocked_at, now, _C.c.channel == Channel.TELEGRAM)
    if slow := refused[FailureKind.SLOW_DOWN]:
        until = now + timedelta(seconds=min(max(seconds for _, seconds in slow), LONGEST_PAUSE_S))
        pausing = update(_G).where(_G.c.gateway == gateway, func.coalesce(_G.c.paused_until < until, true()))
        tx.execute(pausing.values(paused_until=until))


def _mark(
    tx: Tx, people: Sequence[tuple[int, float]], flag: Any, now: datetime, *conditions: ColumnElement[bool]
) -> None:
    theirs = select(_M.c.contact_point_id).where(_M.c.id.in_([message_id for message_id, _ in people]))
    tx.execute(update(_C).where(_C.c.id.in_(theirs), flag.is_(None), *conditions).values({flag: now}))


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
        "handed_over": now if state == "accepted" else None,
        "moment": now,
        "new_provider_id": storable_id(result.provider_id) if result.provider_id else None,
        "new_failure": result.failure.value if result.failure else None,
    }


def _advance(tx: Tx, told: Sequence[dict[str, Any]], states: Mapping[int, str]) -> None:
    """Set the new states, except where a receipt was quicker and a message is further already."""
    fresh = [each for each in told if RANKS[each["new_state"]] >= RANKS.get(states[each["message_id"]], 0)]
    messages.record_results(tx, fresh)
    for each in told:
        if each not in fresh and each["new_provider_id"]:
            messages.change(tx, each["message_id"], provider_id=each["new_provider_id"])


def recover(tx: Tx, now: datetime, limit: int) -> int:
    """Bring back claims whose worker never reported (index `ix_outbox_claimed`) and count them.

    Such a message may have reached the provider: it is repeated once on the same gateway, and after a second silence
    its fate stays `unknown`. Where a receipt has told its fate meanwhile, it leaves the queue.
    What was held with a paused batch comes back here too, once the batch goes on, and counts.
    """
    lost = select(_T.c.id, _T.c.message_id, _T.c.repeated, _T.c.action, _M.c.state).join(_M, _M.c.id == _T.c.message_id)
    lost = lost.where(_T.c.state == "sending", _T.c.claimed_at < now - CLAIM_LEASE)
    rows = tx.execute(lost.limit(limit).with_for_update(skip_locked=True)).all()
    for row in rows:
        sending = row.action == OutboundAction.SEND
        known = sending and _fate_is_known(row.state)
        if known or row.repeated:
            tx.execute(delete(_T).where(_T.c.id == row.id))
        else:
            again = update(_T).where(_T.c.id == row.id)
            tx.execute(again.values(state="queued", due_at=now, repeated=True, claimed_at=None))
        if sending and not known:
            messages.change(tx, row.message_id, state="unknown", state_at=now)
    return len(rows) + _release_held(tx, limit)


def _release_held(tx: Tx, limit: int) -> int:
    """Put back what was held with its batch, where the batch goes on or was cancelled, and count it."""
    waits_on = select(_M.c.id).join(_B, _B.c.id == _M.c.batch_id).where(_M.c.id == _T.c.message_id)
    held = select(_T.c.id).where(
        _T.c.gateway.in_(select(_G.c.gateway)), _T.c.lane == Lane.BULK.value, _T.c.state == "held"
    )
    free = held.where(~waits_on.where(_B.c.state == "paused").exists()).limit(limit).cte("free")
    released = update(_T).where(_T.c.id.in_(select(free.c.id))).values(state="queued").returning(_T.c.id)
    # SQLite does not count the rows of such a statement.
    return len(tx.execute(released).all())


def latest_due(tx: Tx, contact_id: int) -> datetime | None:
    """Return when the last of a contact point's waiting replies leaves, or None (index `ix_outbox_contact`)."""
    query = select(func.max(_T.c.due_at)).where(
        _T.c.contact_point_id == contact_id, _T.c.lane == Lane.REPLY.value, _T.c.action == "send"
    )
    latest: datetime | None = tx.execute(query).scalar()
    return latest


def oldest_due(tx: Tx, now: datetime) -> datetime | None:
    """Return since when the longest waiting reply is due, or None."""
    query = select(func.min(_T.c.due_at)).where(_T.c.lane == Lane.REPLY.value, _T.c.due_at <= now)
    oldest: datetime | None = tx.execute(query).scalar()
    return oldest


def waiting(tx: Tx) -> dict[tuple[str, str], int]:
    """Count what waits by gateway and lane."""
    query = select(_T.c.gateway, _T.c.lane, func.count().label("items")).group_by(_T.c.gateway, _T.c.lane)
    return {(row.gateway, row.lane): row.items for row in tx.execute(query)}
