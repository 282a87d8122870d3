"""Files that came with messages: waiting to be fetched, kept encrypted, or given up with a reason."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from domain.inbound import Media, MediaKind
from storage.store import Tx
from storage.tables import Attachment, Message
from storage.tables.base import table_of

_T, _M = table_of(Attachment), table_of(Message)


@dataclass(frozen=True, slots=True)
class AttachmentRecord:
    """A file of a message, without its bytes."""

    id: int
    message_id: int
    gateway: str
    media: Media
    state: str
    attempts: int


def add(tx: Tx, *, message_id: int, gateway: str, media: Media, now: datetime) -> None:
    """Note a file that the provider keeps; a job fetches it after the commit."""
    tx.execute(
        insert(_T).values(
            message_id=message_id,
            gateway=gateway,
            kind=media.kind.value,
            ref=media.ref,
            claimed_mime=media.mime[:100],
            size=media.size,
            state="waiting",
            attempts=0,
            next_try_at=now,
        )
    )


def waiting(tx: Tx, now: datetime, limit: int) -> list[AttachmentRecord]:
    """Return files to fetch now (index `ix_attachment_waiting`)."""
    query = select(*_T.c).where(_T.c.state == "waiting", _T.c.next_try_at <= now).order_by(_T.c.id).limit(limit)
    return [_record(row) for row in tx.execute(query)]


def of_case(tx: Tx, case_id: int) -> list[AttachmentRecord]:
    """Return the files of a case's messages."""
    query = select(*_T.c).join(_M, _M.c.id == _T.c.message_id).where(_M.c.case_id == case_id).order_by(_T.c.id)
    return [_record(row) for row in tx.execute(query)]


def keep(tx: Tx, attachment_id: int, data: bytes, mime: str) -> None:
    """Keep a file's bytes with the type that was found by looking at them."""
    kept = update(_T).where(_T.c.id == attachment_id)
    tx.execute(kept.values(state="stored", data=data, mime=mime, size=len(data)))


def give_up(tx: Tx, attachment_id: int, state: str) -> None:
    """Note that a file will not come: `too_large` or `gone`."""
    tx.execute(update(_T).where(_T.c.id == attachment_id).values(state=state))


def postpone(tx: Tx, attachment_id: int, *, attempts: int, next_try_at: datetime) -> None:
    """Note that fetching failed and when to try again."""
    tx.execute(update(_T).where(_T.c.id == attachment_id).values(attempts=attempts, next_try_at=next_try_at))


def newest_message(tx: Tx, case_id: int) -> int:
    """Return the number of the newest message of a case."""
    return int(
        tx.execute(select(func.max(_M.c.id)).where(_M.c.case_id == case_id, _M.c.direction == "in")).scalar_one()
    )


def data_of(tx: Tx, attachment_id: int) -> bytes | None:
    """Return a file's bytes, or None where they were not fetched."""
    data: bytes | None = tx.execute(select(_T.c.data).where(_T.c.id == attachment_id)).scalar()
    return data


def _record(row: Any) -> AttachmentRecord:
    media = Media(MediaKind(row.kind), row.ref, row.claimed_mime, row.size)
    return AttachmentRecord(row.id, row.message_id, row.gateway, media, row.state, row.attempts)
