"""What failed of a broadcast, with reasons, and sending again what may arrive now: nobody gets it twice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.inbound import Channel
from domain.ports import TEMPORARY, FailureKind
from handlers.broadcasts import gate
from handlers.broadcasts.faults import BroadcastFault
from handlers.broadcasts.preview import cost_of
from handlers.broadcasts.turns import turns
from handlers.context import Context
from handlers.sending.gateways import Shares, gateway_for_many, shares
from storage import Tx
from storage.queries import audit
from storage.queries.persons import contacts
from storage.queries.sending import batch_failures, batches
from storage.queries.sending.batch_failures import Failed
from storage.queries.sending.batches import BatchRecord

_CHUNK = 500
_PASSING = TEMPORARY | {FailureKind.EXPIRED}
"""What passes by itself; `expired` here is a phone that was off for too long."""
_MENDABLE = frozenset(
    {
        FailureKind.BAD_ADDRESS,
        FailureKind.LANDLINE,
        FailureKind.BLOCKED,
        FailureKind.REJECTED,
    }
)
"""What is sent again once the person has written since, or has another number or account."""

_HIDDEN = "•••"


@dataclass(frozen=True, slots=True)
class Failure:
    """One line of the list: who (the project's own number of her, else ours), where (masked), and why."""

    person: str
    channel: str
    address: str
    state: str
    reason: str
    at: datetime | None


def failures(tx: Tx, batch: BatchRecord) -> Iterator[Failure]:
    """Give the failures of a batch one after the other; those whom STOP kept from getting it are among them."""
    for chunk in _chunks(tx, batch.id):
        yield from (_line(each) for each in chunk if each.reason != "cancelled")


def _line(each: Failed) -> Failure:
    who = each.external_id or f"#{each.person_id}"
    reason = each.reason or "unclear"
    return Failure(who, each.channel.value, masked(each.channel, each.address), each.state, reason, each.failed_at)


def masked(channel: Channel, address: str) -> str:
    """Return an address of which nobody else can be reached: a number's first and last digits, no account at all."""
    return f"{address[:6]}{_HIDDEN}{address[-2:]}" if channel is Channel.SMS and len(address) > 9 else _HIDDEN


def resend(context: Context, batch_id: int, *, actor_id: int, now: datetime) -> int:
    """Queue once more what failed for a reason that passes by itself, or was mended, and count it.

    What all of it costs is held against the month's budget before any is queued; then it is queued chunk by chunk, so
    that nobody waits for many, and what a crash leaves out can be sent again. Raises `BroadcastFault` where there is
    nothing, the broadcast is not going on, its use has ended, or the budget does not allow it.
    """
    due = context.calendar.after_quiet_hours(now)
    with context.store.reading() as tx:
        gate.check_may_approve(tx, actor_id)
        _going_on(tx, batch_id, due)
        count, cost, unpriced = _counted(context, tx, batch_id, now)
    if not count:
        raise BroadcastFault("broadcast_not_failed")
    with context.store.transaction() as tx:
        gate.within_budget(context, tx, cost, now, without_price=unpriced)
        what = {"batch": batch_id, "messages": count, "cost": cost}
        audit.add(tx, "broadcast.resent", actor="staff", actor_id=actor_id, now=now, data=what)
    done = after = 0
    while (step := _queue_next(context, batch_id, after=after, due=due, now=now)) is not None:
        after, done = step[0], done + step[1]
    return done


def _counted(context: Context, tx: Tx, batch_id: int, now: datetime) -> tuple[int, float, tuple[str, ...]]:
    """Return how many messages may arrive now, at what cost, and the gateways among theirs without a price."""
    shared, count, cost, unpriced = shares(context, tx, now, bulk=True), 0, 0.0, set()
    for chunk in _chunks(tx, batch_id):
        again = _arriving(context, tx, chunk, shared)
        count, cost = count + len(again), cost + _cost(again)
        unpriced |= {each.gateway for each in again if each.cost is None}
    return count, cost, tuple(sorted(unpriced))


@dataclass(frozen=True, slots=True)
class _Again:
    """One message that is queued once more; `cost` is None where nobody told the gateway's price."""

    message_id: int
    contact_id: int
    gateway: str
    cost: float | None


def _cost(again: Sequence[_Again]) -> float:
    return sum(each.cost or 0.0 for each in again)


def _going_on(tx: Tx, batch_id: int, due: datetime) -> BatchRecord:
    """Return a broadcast that is going on and still of use, locked. Raises `BroadcastFault`."""
    batch = batches.by_id(tx, batch_id, locked=True)
    if batch is None or batch.state not in ("sending", "laying_out"):
        raise BroadcastFault("officer_too_late")
    if batch.not_after is not None and due >= batch.not_after:
        raise BroadcastFault("officer_too_late")
    return batch


def _queue_next(context: Context, batch_id: int, *, after: int, due: datetime, now: datetime) -> tuple[int, int] | None:
    """Queue what may arrive now of the next chunk; return its last person and how many messages, None after the last."""
    with context.store.transaction() as tx:
        batch = _going_on(tx, batch_id, due)
        chunk = batch_failures.listed(tx, batch_id, after=after, limit=_CHUNK)
        if not chunk:
            return None
        again = _arriving(context, tx, chunk, shares(context, tx, now, bulk=True))
        if again:
            gate.within_budget(context, tx, _cost(again), now)
        rows = [(each.message_id, each.contact_id, each.gateway) for each in again]
        due_at = turns(context, tx, due)
        batch_failures.queue_again(tx, rows, due_at=due_at, not_after=batch.not_after, now=now)
        batches.change(tx, batch_id, cost=(batch.cost or 0.0) + _cost(again))
    return chunk[-1].person_id, len(again)


def _chunks(tx: Tx, batch_id: int) -> Iterator[list[Failed]]:
    after = 0
    while chunk := batch_failures.listed(tx, batch_id, after=after, limit=_CHUNK):
        yield chunk
        after = chunk[-1].person_id


def _arriving(context: Context, tx: Tx, chunk: Sequence[Failed], shared: Shares) -> list[_Again]:
    """Return what of a chunk may arrive now, by which contact point and gateway, at what cost."""
    found = []
    for each, to in ((each, _way(tx, each)) for each in chunk):
        if to is None:
            continue
        gateway = gateway_for_many(
            context, shared, channel=to.channel, own=to.gateway, address=to.address, parts=each.parts
        )
        if gateway is not None:
            cost = cost_of(context.gateways[gateway], each.parts)
            found.append(_Again(each.message_id, to.id, gateway, cost))
    return found


def _way(tx: Tx, each: Failed) -> contacts.Contact | None:
    """Return the contact point by which it may arrive now; None where it would fail again, or may have arrived."""
    if each.silent or each.state in ("unknown", "withdrawn"):
        return None
    if each.reason in _PASSING and not each.out_of_use:
        return contacts.by_id(tx, each.contact_id)
    if each.reason not in _MENDABLE:
        return None
    has_written = each.wrote_at is not None and each.failed_at is not None and each.wrote_at > each.failed_at
    if has_written and not each.out_of_use:
        return contacts.by_id(tx, each.contact_id)
    return _another(tx, each)


def _another(tx: Tx, each: Failed) -> contacts.Contact | None:
    """Return another way to the same person on the same channel, such as a new number."""
    usable = batch_failures.ways_to(tx, each.person_id, each.channel)
    other = next((contact_id for contact_id in usable if contact_id != each.contact_id), None)
    return None if other is None else contacts.by_id(tx, other)
