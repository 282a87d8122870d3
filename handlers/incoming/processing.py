"""Acting on what was stored: one sender's messages one by one, in the order in which they came, each in one transaction."""

import logging
from datetime import datetime

from domain.inbound import Inbound, InboundKind
from domain.sending.retry import next_processing
from domain.settings import Level
from handlers import conversation
from handlers.context import Context
from handlers.faults import where
from handlers.incoming import guards
from handlers.officers import desk_work
from handlers.sending.voice import Voice
from storage import Tx
from storage.queries.persons import contacts, inbound, messages
from storage.queries.persons.inbound import Waiting
from storage.store import DatabaseAway
from understanding.pins import mask_pins

log = logging.getLogger(__name__)

SWEEP_LIMIT = 200


def process_sender(context: Context, sender: str, now: datetime) -> int:
    """Process all that waits from a sender, oldest first, and count it.

    Where one message fails, it and those after it wait for the sweep; nothing raises but programming errors in tests.
    """
    done = 0
    while True:
        waiting = None
        try:
            with context.store.transaction() as tx:
                waiting = _next(tx, sender, now)
                if waiting is None:
                    return done
                _act(context, tx, waiting.inbound, now)
                inbound.finish(tx, waiting.id, now)
            done += 1
            if waiting.last:
                return done
        except DatabaseAway:
            log.warning("the database went away while processing; the sweep will go on")
            return done
        except Exception as fault:
            if waiting is None:
                raise
            log.error("processing failed (attempt %d): %s", waiting.attempts + 1, where(fault))
            if not _failed(context, waiting, fault, now):
                return done


def process_due(context: Context, now: datetime) -> int:
    """Process what waits and is due, whoever sent it, and count it: the sweep behind `receive`."""
    with context.store.reading() as tx:
        senders = inbound.senders_due(tx, now, SWEEP_LIMIT)
    return sum(process_sender(context, sender, now) for sender in senders)


def _next(tx: Tx, sender: str, now: datetime) -> Waiting | None:
    """Return the sender's oldest message with the contact point's row locked, so that no other worker has it too."""
    peeked = inbound.oldest_waiting(tx, sender)
    if peeked is None:
        return None
    if tx.dialect != "sqlite" and peeked.inbound.address:
        contacts.lock(tx, peeked.inbound.channel, peeked.inbound.address, now=now)
        peeked = inbound.oldest_waiting(tx, sender)
    return peeked if peeked is not None and (peeked.attempts == 0 or peeked.next_try_at <= now) else None


def _act(context: Context, tx: Tx, item: Inbound, now: datetime) -> None:
    if item.kind is InboundKind.GROUP:
        return
    if not item.address:
        _keep_unaddressed(context, tx, item, now)
        return
    contact = contacts.lock(tx, item.channel, item.address, now=now)
    if guards.is_service(item):
        _keep_unread(tx, item, contact.id, now, kind="spam")
        return
    if item.kind is InboundKind.BLOCKED:
        contacts.change(tx, contact.id, blocked_at=now)
        return
    contact = contacts.seen(tx, contact.id, gateway=item.gateway, now=now)
    if contact.staff_id is None:
        contact = guards.heed(context, tx, contact, item, now)
    if desk_work.handle(context, tx, contact, item, now):
        return
    if contact.staff_id is not None:
        contact = guards.heed(context, tx, contact, item, now)
    conversation.handle(context, tx, contact, item, now)


def _keep_unaddressed(context: Context, tx: Tx, item: Inbound, now: datetime) -> None:
    """Keep a message that nobody can be answered for, and tell the desk; a call from a hidden number is only kept."""
    if item.is_missed_call:
        _keep_unread(tx, item, None, now, kind="call")
        return
    _keep_unread(tx, item, None, now)
    Voice(context, tx, now).tell_level(Level.DESK, "desk_failed")


def _failed(context: Context, waiting: Waiting, fault: Exception, now: datetime) -> bool:
    """Keep that a message could not be processed; after the last try a person is told. True where the next may follow."""
    attempts = waiting.attempts + 1
    again = next_processing(now, attempts)
    with context.store.transaction() as tx:
        if again is not None:
            inbound.record_failure(tx, waiting.id, attempts=attempts, next_try_at=again, fault=type(fault).__name__)
            return False
        item = waiting.inbound
        contact = contacts.lock(tx, item.channel, item.address, now=now)
        _keep_unread(tx, item, contact.id, now)
        voice = Voice(context, tx, now)
        voice.tell(contact, "it_has_come")
        voice.tell_level(Level.DESK, "desk_failed")
        inbound.finish(tx, waiting.id, now)
        return True


def _keep_unread(tx: Tx, item: Inbound, contact_id: int | None, now: datetime, *, kind: str = "unsorted") -> None:
    messages.add(
        tx,
        text=mask_pins(item.text)[0],
        sealed=True,
        direction="in",
        kind=kind,
        contact_point_id=contact_id,
        state="received",
        gateway=item.gateway,
        channel=item.channel.value,
        provider_id=item.message_id or item.provider_id,
        at=now,
    )
