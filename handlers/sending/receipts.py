"""What becomes of a message after the provider took it: receipts, late and out of order ones too; and signs of life."""

from datetime import datetime

from domain.ports import DeliveryState, Receipt
from handlers.context import Context
from storage.queries.sending import outbox, signs
from storage.queries.sending.gateways import Terms


def take_receipt(context: Context, receipt: Receipt, now: datetime) -> bool:
    """Store what a provider says of a message, and tell whether the message is known.

    One that names it by a provider's id which is not known yet is kept until it is.

    A receipt never takes a message back to an earlier state; one for a part counts when all parts have theirs. One for
    a message whose fate was unknown ends its repeat. Raises `storage.store.DatabaseAway`.
    """
    with context.store.transaction() as tx:
        terms = _terms(context, receipt, now)
        known = outbox.apply_receipt(tx, receipt, now, terms)
        if known or receipt.message_id is not None or receipt.provider_id is None:
            return known
        signs.results_wait(tx, receipt.gateway)
        known = outbox.apply_receipt(tx, receipt, now, terms)
        if not known:
            signs.keep_early(tx, receipt, now)
        return known


def take_early(context: Context, gateway: str, provider_id: str, now: datetime) -> None:
    """Take the receipts of a message that came before its provider's id was known. Raises `DatabaseAway`."""
    with context.store.reading() as tx:
        waiting = signs.early(tx, gateway, [provider_id])
    if waiting:
        with context.store.transaction() as tx:
            for receipt in waiting:
                outbox.apply_receipt(tx, receipt, now, _terms(context, receipt, now))


def take_sign_of_life(context: Context, gateway: str, now: datetime) -> None:
    """Keep that a gateway called, which ought to call even when nobody writes. Raises `DatabaseAway`."""
    with context.store.transaction() as tx:
        signs.note_heard(tx, gateway, now)


def _terms(context: Context, receipt: Receipt, now: datetime) -> Terms | None:
    """Return what the gateway is held to, where a receipt may speak of the gateway and not only of a message."""
    judged = receipt.state is DeliveryState.FAILED and receipt.gateway in context.gateways
    return context.terms_of(receipt.gateway, now) if judged else None
