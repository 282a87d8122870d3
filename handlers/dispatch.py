"""Handing over what waits in the outbox: claimed in one transaction, sent outside any, its results kept in another."""

from collections.abc import Sequence
from datetime import datetime

from domain.ports import SendResult
from handlers.context import Context
from storage.queries import outbox
from storage.queries.outbox import Claimed

CLAIM_AT_ONCE = 100


def claim(context: Context, gateway: str, now: datetime) -> list[Claimed]:
    """Take the messages that may leave by a gateway now. Raises `DatabaseAway`."""
    info = context.gateways[gateway]
    with context.store.transaction() as tx:
        return outbox.claim(tx, gateway, rate=info.rate, now=now, limit=CLAIM_AT_ONCE)


def record(context: Context, gateway: str, results: Sequence[tuple[Claimed, SendResult]], now: datetime) -> None:
    """Keep what became of claimed messages. Raises `DatabaseAway`: the claims then run out and are recovered."""
    with context.store.transaction() as tx:
        outbox.record(tx, results, gateway=gateway, now=now)


def next_due(context: Context) -> datetime | None:
    """Return when the next message is due, or None where the queue is empty. Raises `DatabaseAway`."""
    with context.store.reading() as tx:
        return outbox.next_due(tx)
