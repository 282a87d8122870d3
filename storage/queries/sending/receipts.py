"""What receipts change: a message's state, which never goes back, and what that says of its number and its gateway."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, true, update

from domain.inbound import storable_id
from domain.ports import DeliveryState, Receipt
from domain.sending.gateway_health import UNSENT, is_calm
from storage.queries.persons import messages
from storage.queries.sending import dead_numbers, gateways, signs
from storage.queries.sending.gateways import Terms
from storage.queries.sending.outbox import NO_PHONE, RANKS
from storage.store import Tx
from storage.tables import ContactPoint, OutboxItem
from storage.tables.base import table_of

_T, _C = table_of(OutboxItem), table_of(ContactPoint)
_TAKEN = frozenset(("accepted", "sent"))
_STATES = {
    DeliveryState.SENT: "sent",
    DeliveryState.DELIVERED: "delivered",
    DeliveryState.UNDELIVERED: "undelivered",
    DeliveryState.FAILED: "failed",
}


@dataclass(frozen=True, slots=True)
class Applied:
    """Whether a receipt's message is known, and its number where it was taken and has not been sent.

    `others_are_sent` tells whether its gateway is good all the same, and has been so for long.
    """

    known: bool
    unsent: int | None = None
    others_are_sent: bool = True


def apply(tx: Tx, receipt: Receipt, now: datetime, terms: Terms | None = None) -> Applied:
    """Keep what a provider says of a message, never going back, and return what that was.

    With `terms` the gateway's health is kept too, where it has not sent what it took.
    """
    row = messages.find_for_receipt(tx, receipt.gateway, message_id=receipt.message_id, provider_id=receipt.provider_id)
    if row is None:
        return Applied(known=False)
    state = _STATES[_state_of_whole(tx, row, receipt, now)]
    # What is told of an earlier try is old news, unless the message was delivered after all.
    is_old = state != "delivered" and _is_of_earlier_try(row, receipt)
    if is_old or RANKS[state] <= RANKS.get(row.state, 0):
        return Applied(known=True)
    values: dict[str, Any] = {"state": state, "state_at": now}
    if receipt.provider_id:
        values["provider_id"] = storable_id(receipt.provider_id)
    if receipt.failure:
        values["failure"] = receipt.failure.value
    messages.change(tx, row.id, **values)
    # What was delivered after all need not be sent again; else only the repeat of an unknown fate ends.
    needless = true() if state == "delivered" else _T.c.repeated.is_(True)
    tx.execute(delete(_T).where(_T.c.message_id == row.id, _T.c.state == "queued", _T.c.action == "send", needless))
    if receipt.failure in NO_PHONE and state in dead_numbers.FAILED:
        dead_numbers.heed(tx, [row.id], now)
    if receipt.failure == "opted_out":
        tx.execute(update(_C).where(_C.c.id == row.contact_point_id).values(stopped_at=now))
    if terms is None or state != "failed" or receipt.failure not in UNSENT:
        return Applied(known=True)
    health = gateways.note_unsent(tx, receipt.gateway, receipt.failure, terms, now)
    lost = row.id if row.state in _TAKEN else None
    return Applied(known=True, unsent=lost, others_are_sent=is_calm(health, now))


def _state_of_whole(tx: Tx, row: Any, receipt: Receipt, now: datetime) -> DeliveryState:
    """Return the state of the whole message: what one part is, the others may not be yet."""
    parts = receipt.parts or row.segments
    if parts != row.segments:
        messages.change(tx, row.id, segments=parts)
    if receipt.part is None or parts <= 1:
        return receipt.state
    told = signs.count_part(tx, receipt.gateway, row.id, receipt.part, parts=parts, now=now)
    return receipt.state if told >= parts else DeliveryState.SENT


def _is_of_earlier_try(message: Any, receipt: Receipt) -> bool:
    """Tell whether a receipt speaks of an earlier handing over of a message that was queued once more since."""
    if not message.again:
        return False
    waits = message.state == "queued"
    if receipt.provider_id is None or message.provider_id is None:
        return waits and receipt.provider_id is None
    is_of_kept_id = bool(message.provider_id == storable_id(receipt.provider_id))
    # Until the provider has taken it again, the id that is kept is that of the earlier time.
    return is_of_kept_id if waits else not is_of_kept_id
