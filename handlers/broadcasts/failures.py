"""What failed of a broadcast, with reasons, and sending again what may arrive now: nobody gets it twice."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from domain.inbound import Channel
from domain.ports import TEMPORARY, FailureKind
from handlers.broadcasts.faults import BroadcastFault
from handlers.broadcasts.gate import within_budget
from handlers.broadcasts.preview import cost_of
from handlers.context import Context
from handlers.sending.gateways import gateway_for_many, shares
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
    after = 0
    while chunk := batch_failures.listed(tx, batch.id, after=after, limit=_CHUNK):
        for each in chunk:
            if each.reason != "cancelled":
                yield _line(each)
        after = chunk[-1].person_id


def _line(each: Failed) -> Failure:
    who = each.external_id or f"#{each.person_id}"
    reason = each.reason or "unclear"
    return Failure(who, each.channel.value, masked(each.channel, each.address), each.state, reason, each.failed_at)


def masked(channel: Channel, address: str) -> str:
    """Return an address of which nobody else can be reached: a number's first and last digits, no account at all."""
    return f"{address[:6]}{_HIDDEN}{address[-2:]}" if channel is Channel.SMS and len(address) > 9 else _HIDDEN


def resend(context: Context, tx: Tx, batch: BatchRecord, *, actor_id: int | None, now: datetime) -> int:
    """Queue once more what failed for a reason that passes by itself, or was mended, and count it.

    Raises `BroadcastFault` where there is nothing, the broadcast is not going on, its use has ended, or the month's
    budget does not allow it.
    """
    if batch.state not in ("sending", "laying_out"):
        raise BroadcastFault("officer_too_late")
    due = context.calendar.after_quiet_hours(now)
    if batch.not_after is not None and due >= batch.not_after:
        raise BroadcastFault("officer_too_late")
    with tx.attempt():
        done, cost = _queue_again(context, tx, batch, due, now)
        if not done:
            raise BroadcastFault("broadcast_not_failed")
        within_budget(context, tx, cost, now)
        batches.change(tx, batch.id, cost=(batch.cost or 0.0) + cost)
        what = {"batch": batch.id, "messages": done, "cost": cost}
        audit.add(tx, "broadcast.resent", actor="staff", actor_id=actor_id, now=now, data=what)
    return done


def _queue_again(context: Context, tx: Tx, batch: BatchRecord, due: datetime, now: datetime) -> tuple[int, float]:
    """Queue what may arrive now; return how many messages that are and what they cost."""
    shared, cost, done, after = shares(context, tx, now, bulk=True), 0.0, 0, 0
    while chunk := batch_failures.listed(tx, batch.id, after=after, limit=_CHUNK):
        again = []
        for each, to in ((each, _way(tx, each)) for each in chunk):
            if to is None:
                continue
            gateway = gateway_for_many(
                context, shared, channel=to.channel, own=to.gateway, address=to.address, parts=each.parts
            )
            if gateway is not None:
                again.append((each.message_id, to.id, gateway))
                cost += cost_of(context.gateways[gateway], each.parts) or 0.0
        batch_failures.queue_again(tx, again, due_at=due, not_after=batch.not_after, now=now)
        done, after = done + len(again), chunk[-1].person_id
    return done, cost


def _way(tx: Tx, each: Failed) -> contacts.Contact | None:
    """Return the contact point by which it may arrive now; None where it would fail again, or may have arrived."""
    if each.stopped or each.state in ("unknown", "withdrawn"):
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
