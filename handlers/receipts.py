"""What becomes of a message after the provider took it: receipts, late and out of order ones too."""

from datetime import datetime

from domain.ports import Receipt
from handlers.context import Context
from storage.queries import outbox


def take_receipt(context: Context, receipt: Receipt, now: datetime) -> bool:
    """Store what a provider says of a message, and tell whether the message is known.

    A receipt never takes a message back to an earlier state. One for a message whose fate was unknown ends its repeat.
    Raises `storage.store.DatabaseAway`.
    """
    with context.store.transaction() as tx:
        return outbox.apply_receipt(tx, receipt, now)
