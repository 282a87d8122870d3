"""Messages that a provider took and then did not send: which may be sent once more, and queuing them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, case, exists, false, func, insert, or_, select, update

from domain.ports import OutboundAction
from storage.store import Tx
from storage.tables import Batch, Case, CaseContact, ContactPerson, ContactPoint, Message, OutboxItem
from storage.tables.base import table_of

_T, _M, _C, _B, _K, _KC, _S = (
    table_of(each) for each in (OutboxItem, Message, ContactPoint, Batch, Case, CaseContact, ContactPerson)
)

_IS_FOLLOWED = exists().where(_KC.c.case_id == _M.c.case_id, _KC.c.contact_point_id == _M.c.contact_point_id)
_SHARES = exists().where(_S.c.contact_point_id == _C.c.id, _S.c.person_id == _M.c.person_id)
_IS_HERS = or_(func.coalesce(_M.c.person_id == _C.c.person_id, false()), _SHARES)
_IS_RECENT = _M.c.handed_over_at >= bindparam("since")
_RECENT = timedelta(hours=1)
"""An answer that belongs to no case is taken for that of whoever has the phone now for so long."""

_FOUND = (
    select(
        _M.c.id, _M.c.again, _M.c.contact_point_id, _M.c.gateway, _M.c.batch_id, _M.c.segments, _B.c.not_after,
        _C.c.address, _C.c.gateway.label("own"),
    )
    .join(_C, _C.c.id == _M.c.contact_point_id)
    .outerjoin(_B, _B.c.id == _M.c.batch_id)
    .outerjoin(_K, _K.c.id == _M.c.case_id)
    .where(
        _M.c.id == bindparam("number"),
        _M.c.text.is_not(None),
        _K.c.sensitive.is_(None),
        _C.c.staff_id.is_(None),
        case((_M.c.case_id.is_not(None), _IS_FOLLOWED), (_M.c.person_id.is_not(None), _IS_HERS), else_=_IS_RECENT),
        func.coalesce(_B.c.state, "") != "cancelled",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unsent:
    """A message that its gateway took and has not sent. `again` is how often it was queued once more already.

    `own` is the gateway that its person wrote to; `is_bulk` tells that it goes to many, of use until `not_after`.
    """

    message_id: int
    contact_id: int
    gateway: str
    own: str | None
    address: str
    parts: int
    again: int
    is_bulk: bool
    not_after: datetime | None


def found(tx: Tx, message_id: int, now: datetime) -> Unsent | None:
    """Return a message that was not sent, or None where it must not leave any more (primary keys).

    So it is where its case is sensitive by now, where the phone is not that of the case or the person any more, where
    its words are erased, and where its batch was cancelled. Nothing goes to an officer again: he may have been barred
    from the case meanwhile, and his digest tells what waits.
    """
    row = tx.execute(_FOUND, {"number": message_id, "since": now - _RECENT}).first()
    if row is None:
        return None
    return Unsent(
        message_id=row.id,
        contact_id=row.contact_point_id,
        gateway=row.gateway,
        own=row.own,
        address=row.address,
        parts=row.segments,
        again=row.again,
        is_bulk=row.batch_id is not None,
        not_after=row.not_after,
    )


def queue_again(tx: Tx, message: Unsent, *, gateway: str, due_at: datetime, now: datetime) -> None:
    """Queue a message once more that was not sent, at `gateway`; a receipt is then found by that one."""
    values = {"state": "queued", "state_at": now, "gateway": gateway, "again": message.again + 1}
    tx.execute(update(_M).where(_M.c.id == message.message_id).values(**values))
    item = {
        "message_id": message.message_id,
        "contact_point_id": message.contact_id,
        "gateway": gateway,
        "lane": "bulk" if message.is_bulk else "reply",
        "action": OutboundAction.SEND.value,
        "state": "queued",
        "due_at": due_at,
        "not_after": message.not_after,
        "attempts": 0,
        "repeated": False,
    }
    tx.queued = True
    tx.execute(insert(_T), item)
