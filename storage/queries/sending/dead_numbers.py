"""Numbers that are dead: nothing to many goes there any more, until their person writes from them again."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import and_, exists, func, or_, select, update

from domain.inbound import Channel
from domain.ports import FailureKind
from storage.store import Tx
from storage.tables import ContactPoint, Message
from storage.tables.base import table_of

_M, _C = table_of(Message), table_of(ContactPoint)
_THIS, _EARLIER, _ARRIVED = (_M.alias(name) for name in ("this", "earlier", "arrived"))

SILENT_FOR = timedelta(days=30)
"""After so long without a phone that could be reached, and nothing that arrived, a number counts as dead."""

GONE = (FailureKind.BAD_ADDRESS, FailureKind.LANDLINE)
"""What says that there is no such phone; twice, as an operator may err once."""

SILENT = (FailureKind.UNREACHABLE, FailureKind.EXPIRED)
FAILED = ("failed", "undelivered")
_SINCE_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def heed(tx: Tx, message_ids: Sequence[int], now: datetime) -> None:
    """Mark as dead the numbers of some messages that have just failed, where that makes them so.

    Only what failed since the person last wrote counts (indexes `ix_message_contact`, primary key).
    """
    numbers = select(_THIS.c.contact_point_id).where(_THIS.c.id.in_(message_ids))
    written = func.coalesce(_C.c.last_inbound_at, _SINCE_NEVER)
    about = (_EARLIER.c.contact_point_id == _C.c.id, _EARLIER.c.state.in_(FAILED), _EARLIER.c.at > written)
    gone = _EARLIER.c.failure.in_(GONE)
    times = select(func.count()).where(*about, gone).correlate(_C).scalar_subquery()
    silent = exists().where(*about, _EARLIER.c.failure.in_(SILENT), _EARLIER.c.at <= now - SILENT_FOR).correlate(_C)
    arrived = exists().where(
        _ARRIVED.c.contact_point_id == _C.c.id,
        _ARRIVED.c.state == "delivered",
        _ARRIVED.c.at > now - SILENT_FOR,
    )
    dead = or_(times >= 2, and_(silent, ~arrived.correlate(_C)))
    which = (_C.c.id.in_(numbers), _C.c.channel == Channel.SMS.value, _C.c.dead_at.is_(None), _C.c.staff_id.is_(None))
    tx.execute(update(_C).where(*which, dead).values(dead_at=now))
