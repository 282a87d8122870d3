"""Contact points: finding one by its keyed hash, locking it for the time of a message, and what is known of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Insert, Row, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from domain.inbound import Channel
from storage.store import Tx
from storage.tables import ContactPerson, ContactPoint
from storage.tables.base import table_of

_T, _CP = table_of(ContactPoint), table_of(ContactPerson)


@dataclass(frozen=True, slots=True)
class Contact:
    """A phone number or Telegram account and what is known of it."""

    id: int
    channel: Channel
    address: str
    person_id: int | None
    staff_id: int | None
    gateway: str | None
    language: str | None
    stopped_at: datetime | None
    blocked_at: datetime | None
    noticed_at: datetime | None
    last_inbound_at: datetime | None


def _lock_statement(dialect: str) -> Insert:
    made = sqlite.insert(_T) if dialect == "sqlite" else postgresql.insert(_T)
    return made.on_conflict_do_update(
        index_elements=["channel", "address_hash"], set_={"address_hash": made.excluded.address_hash}
    ).returning(*_T.c)


_LOCK = {dialect: _lock_statement(dialect) for dialect in ("sqlite", "postgresql")}
_SEEN = (
    update(_T)
    .where(_T.c.id == bindparam("contact_id"))
    .values(gateway=bindparam("by"), last_inbound_at=bindparam("moment"), blocked_at=None, dead_at=None)
    .returning(*_T.c)
)
_BY_ID = select(*_T.c).where(_T.c.id == bindparam("contact_id"))


def lock(tx: Tx, channel: Channel, address: str, *, now: datetime) -> Contact:
    """Return the contact point of an address, made where it is new, and hold its row until the transaction ends."""
    row = tx.execute(
        _LOCK[tx.dialect],
        {
            "channel": channel.value,
            "address": address,
            "address_hash": tx.keys.fingerprint(channel, address),
            "created_at": now,
        },
    ).one()
    return _contact(row)


def seen(tx: Tx, contact_id: int, *, gateway: str, now: datetime) -> Contact:
    """Keep by which gateway the contact wrote last, and return it; whoever writes is neither blocked nor dead any more."""
    return _contact(tx.execute(_SEEN, {"contact_id": contact_id, "by": gateway, "moment": now}).one())


def by_id(tx: Tx, contact_id: int) -> Contact:
    """Return a contact point by its number (primary key)."""
    return _contact(tx.execute(_BY_ID, {"contact_id": contact_id}).one())


def find(tx: Tx, channel: Channel, address: str) -> Contact | None:
    """Return the contact point of an address, or None (unique index on channel and hash)."""
    found = select(*_T.c).where(_T.c.channel == channel, _T.c.address_hash == tx.keys.fingerprint(channel, address))
    row = tx.execute(found).first()
    return None if row is None else _contact(row)


def of_staff(tx: Tx, staff_id: int) -> list[Contact]:
    """Return the contact points of a member of staff, Telegram first (index on `staff_id`)."""
    rows = tx.execute(select(*_T.c).where(_T.c.staff_id == staff_id).order_by(_T.c.channel.desc(), _T.c.id))
    return [_contact(row) for row in rows]


def of_person(tx: Tx, person_id: int) -> list[Contact]:
    """Return the contact points of a person, Telegram first (index on `person_id`)."""
    rows = tx.execute(select(*_T.c).where(_T.c.person_id == person_id).order_by(_T.c.channel.desc(), _T.c.id))
    return [_contact(row) for row in rows]


def shared_by(tx: Tx, person_id: int) -> list[Contact]:
    """Return the contact points that a person shares with others, whoever used them last (index on `person_id`)."""
    query = select(*_T.c).join(_CP, _CP.c.contact_point_id == _T.c.id).where(_CP.c.person_id == person_id)
    return [_contact(row) for row in tx.execute(query.order_by(_T.c.channel.desc(), _T.c.id))]


@dataclass(frozen=True, slots=True)
class Sharer:
    """One of the people who share a contact point; `label` is what she is called on that phone."""

    person_id: int
    label: str | None
    last_used_at: datetime


def share(tx: Tx, contact_id: int, person_id: int, *, label: str | None, now: datetime) -> None:
    """Let somebody be one of those who share a contact point; a label that is known stays where none is given."""
    mine = (_CP.c.contact_point_id == contact_id, _CP.c.person_id == person_id)
    if tx.execute(select(_CP.c.person_id).where(*mine)).first() is None:
        row = {
            "contact_point_id": contact_id,
            "person_id": person_id,
            "label": label,
            "since": now,
            "last_used_at": now,
        }
        tx.execute(insert(_CP).values(**row))
    else:
        values: dict[str, Any] = {"last_used_at": now} | ({"label": label} if label is not None else {})
        tx.execute(update(_CP).where(*mine).values(**values))


def sharers(tx: Tx, contact_id: int) -> list[Sharer]:
    """Return those who share a contact point, in the order in which they came; none where it is one person's (primary key)."""
    query = select(_CP.c.person_id, _CP.c.label, _CP.c.last_used_at).where(_CP.c.contact_point_id == contact_id)
    rows = tx.execute(query.order_by(_CP.c.since, _CP.c.person_id))
    return [Sharer(row.person_id, row.label, row.last_used_at) for row in rows]


def change(tx: Tx, contact_id: int, **values: Any) -> None:
    """Set columns of a contact point."""
    tx.execute(update(_T).where(_T.c.id == contact_id).values(**values))


def _contact(row: Row[Any]) -> Contact:
    return Contact(
        id=row.id,
        channel=Channel(row.channel),
        address=row.address,
        person_id=row.person_id,
        staff_id=row.staff_id,
        gateway=row.gateway,
        language=row.language,
        stopped_at=row.stopped_at,
        blocked_at=row.blocked_at,
        noticed_at=row.noticed_at,
        last_inbound_at=row.last_inbound_at,
    )
