"""Handing over what waits in the outbox: claimed in one transaction, sent outside any, its results kept in another."""

from collections.abc import Sequence
from datetime import datetime

from domain.inbound import Channel
from domain.ports import SendResult
from handlers.context import Context
from handlers.sending import receipts
from storage.queries.sending import claims, outbox, signs
from storage.queries.sending.outbox import Claimed
from storage.store import Tx

CLAIM_AT_ONCE = 100


def claim(
    context: Context,
    gateway: str,
    now: datetime,
    *,
    limit: int = CLAIM_AT_ONCE,
    kept_for_replies: int = 0,
    paced: bool = True,
) -> list[Claimed]:
    """Take the messages that may leave by a gateway now; none where there are none. Raises `DatabaseAway`.

    At most `limit`, and no more than the gateway's health and day allow; so many of these places stay free of bulk, and in
    quiet hours all. Who asks for what is not `paced` keeps the gateway's rate himself.
    """
    return exchange(context, gateway, (), now, limit=limit, kept_for_replies=kept_for_replies, paced=paced)


def exchange(
    context: Context,
    gateway: str,
    results: Sequence[tuple[Claimed, SendResult]],
    now: datetime,
    *,
    limit: int,
    kept_for_replies: int,
    paced: bool = True,
) -> list[Claimed]:
    """Keep what became of claimed messages, and in the same transaction take as `claim` does. Raises `DatabaseAway`."""
    rate = context.gateways[gateway].rate if paced else None
    bulk = 0 if _is_quiet(context, now) else max(0, limit - kept_for_replies)
    terms = context.terms_of(gateway, now)
    while True:
        with context.store.transaction() as tx:
            _keep(context, tx, gateway, results, now)
            taken = claims.claim(tx, gateway, rate=rate, now=now, limit=limit, bulk=bulk, terms=terms)
        results = ()
        if taken.items or not taken.dropped:
            return taken.items


def record(context: Context, gateway: str, results: Sequence[tuple[Claimed, SendResult]], now: datetime) -> None:
    """Keep what became of claimed messages, what that says of the gateway, and the receipts that were quicker.

    Raises `DatabaseAway`: the claims then run out and are recovered.
    """
    with context.store.transaction() as tx:
        _keep(context, tx, gateway, results, now)


def _keep(context: Context, tx: Tx, gateway: str, results: Sequence[tuple[Claimed, SendResult]], now: datetime) -> None:
    if not results:
        return
    terms = context.terms_of(gateway, now)
    signs.receipts_wait(tx, gateway)
    outbox.record(tx, results, gateway=gateway, now=now, terms=terms)
    ids = [result.provider_id for _, result in results if result.provider_id is not None]
    if ids and context.gateways[gateway].channel is Channel.SMS:
        for receipt in signs.early(tx, gateway, ids):
            receipts.apply(context, tx, receipt, now)


def next_due(context: Context, gateway: str, now: datetime) -> datetime | None:
    """Return when a gateway's next message is due, or None where nothing waits. Raises `DatabaseAway`.

    In quiet hours bulk is not counted.
    """
    bulk = not _is_quiet(context, now)
    with context.store.reading() as tx:
        return claims.next_due(tx, gateway, bulk=bulk)


def _is_quiet(context: Context, now: datetime) -> bool:
    return context.calendar.after_quiet_hours(now) > now
