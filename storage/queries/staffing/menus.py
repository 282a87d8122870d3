"""Which Telegram chats show commands of their own, and which should."""

from dataclasses import dataclass

from sqlalchemy import or_, select, update

from domain.inbound import Channel
from storage.store import Tx
from storage.tables import ContactPoint
from storage.tables.base import table_of

_T = table_of(ContactPoint)
_CHATS = (
    select(_T.c.id, _T.c.staff_id, _T.c.gateway, _T.c.language, _T.c.menu, _T.c.blocked_at)
    .where(_T.c.channel == Channel.TELEGRAM.value, or_(_T.c.staff_id.is_not(None), _T.c.menu.is_not(None)))
    .order_by(_T.c.id)
)


@dataclass(frozen=True, slots=True)
class Chat:
    """A Telegram account of staff, or one that still shows what staff are shown; `shown` is None for everybody's."""

    contact_id: int
    staff_id: int | None
    gateway: str | None
    language: str | None
    shown: str | None
    blocked: bool


def chats(tx: Tx) -> list[Chat]:
    """Return the chats that show commands of their own or may have to (indexes on `staff_id` and on `menu`)."""
    return [
        Chat(row.id, row.staff_id, row.gateway, row.language, row.menu, row.blocked_at is not None)
        for row in tx.execute(_CHATS)
    ]


def set_shown(tx: Tx, contact_id: int, shown: str | None) -> None:
    """Keep what a chat shows (primary key)."""
    tx.execute(update(_T).where(_T.c.id == contact_id).values(menu=shown))
