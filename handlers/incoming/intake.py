"""The two steps of whatever comes in: store it, so that it cannot be lost, and then act on it."""

import logging
from dataclasses import dataclass
from datetime import datetime

from domain.inbound import Inbound
from handlers.context import Context
from handlers.incoming.processing import process_sender
from storage.queries.persons import inbound as inbound_rows

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Taken:
    """That something was stored, and whether it was new."""

    sender: str
    new: bool


def take_in(context: Context, inbound: Inbound, now: datetime) -> Taken:
    """Store what came in and commit; a repeat (same gateway and provider's id) changes nothing.

    Raises `storage.store.DatabaseAway`, and then the provider must be told to try again.
    """
    inbound = inbound.cleaned()
    with context.store.transaction() as tx:
        sender = tx.keys.fingerprint(inbound.channel, inbound.address)
        return Taken(sender, inbound_rows.insert(tx, inbound, sender=sender, now=now))


def receive(context: Context, inbound: Inbound, now: datetime) -> Taken:
    """Store what came in, then process it at once; where processing fails, the sweep tries again.

    Raises `storage.store.DatabaseAway` only while nothing is stored yet.
    """
    taken = take_in(context, inbound, now)
    if taken.new:
        process_sender(context, taken.sender, now)
    return taken
