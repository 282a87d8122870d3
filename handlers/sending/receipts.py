"""What becomes of a message after the provider took it: receipts, late and out of order ones too; and signs of life."""

from datetime import datetime, timedelta

from domain.ports import DeliveryState, Receipt
from domain.sending.retry import next_after_unsent
from handlers.context import Context
from handlers.sending.gateways import shares
from storage.queries.sending import receipts, signs, unsent
from storage.queries.sending.gateways import Terms
from storage.store import Tx

_SOON = timedelta(minutes=15)
"""An answer that comes so much later comes to nobody who waits for it: not in quiet hours."""


def take_receipt(context: Context, receipt: Receipt, now: datetime) -> bool:
    """Store what a provider says of a message, and tell whether the message is known.

    One that names it by a provider's id which is not known yet is kept until it is.

    A receipt never takes a message back to an earlier state; one for a part counts when all parts have theirs. One for
    a message whose fate was unknown ends its repeat. Raises `storage.store.DatabaseAway`.
    """
    with context.store.transaction() as tx:
        known = apply(context, tx, receipt, now)
        if known or receipt.message_id is not None or receipt.provider_id is None:
            return known
        signs.results_wait(tx, receipt.gateway)
        known = apply(context, tx, receipt, now)
        if not known:
            signs.keep_early(tx, receipt, now)
        return known


def apply(context: Context, tx: Tx, receipt: Receipt, now: datetime) -> bool:
    """Keep what a receipt says within a transaction, and tell whether its message is known.

    What a provider took and has not sent is handed over once more, where that can harm nobody.
    """
    done = receipts.apply(tx, receipt, now, _terms(context, receipt, now))
    if done.unsent is not None:
        _send_again(context, tx, done.unsent, now, others_are_sent=done.others_are_sent)
    return done.known


def _send_again(context: Context, tx: Tx, message_id: int, now: datetime, *, others_are_sent: bool) -> None:
    """Queue a message once more: by another gateway where its own sends nothing, or has failed with it twice."""
    found = unsent.found(tx, message_id, now)
    if found is None:
        return
    due = next_after_unsent(now, found.again, others_are_sent=others_are_sent)
    if due is None:
        return
    gateway = None
    if found.again or not others_are_sent:
        others = shares(context, tx, now, bulk=found.is_bulk, without=found.gateway)
        gateway = others.choose_able(found.own, found.address, found.parts)
    if gateway is not None:
        due = now
    elif due - now > _SOON:
        due = context.calendar.after_quiet_hours(due)
    if found.not_after is None or due <= found.not_after:
        unsent.queue_again(tx, found, gateway=gateway or found.gateway, due_at=due, now=now)


def take_early(context: Context, gateway: str, provider_id: str, now: datetime) -> None:
    """Take the receipts of a message that came before its provider's id was known. Raises `DatabaseAway`."""
    with context.store.reading() as tx:
        waiting = signs.early(tx, gateway, [provider_id])
    if waiting:
        with context.store.transaction() as tx:
            for receipt in waiting:
                apply(context, tx, receipt, now)


def take_sign_of_life(context: Context, gateway: str, now: datetime) -> None:
    """Keep that a gateway called, which ought to call even when nobody writes. Raises `DatabaseAway`."""
    with context.store.transaction() as tx:
        signs.note_heard(tx, gateway, now)


def _terms(context: Context, receipt: Receipt, now: datetime) -> Terms | None:
    """Return what the gateway is held to, where a receipt may speak of the gateway and not only of a message."""
    judged = receipt.state is DeliveryState.FAILED and receipt.gateway in context.gateways
    return context.terms_of(receipt.gateway, now) if judged else None
