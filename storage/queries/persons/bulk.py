"""People and their phones by the hundred, for lists: found and written in a few statements for many rows."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from domain.inbound import Channel
from storage.store import Tx
from storage.tables import ContactPerson, ContactPoint, Person
from storage.tables.base import table_of

_P, _C, _S = table_of(Person), table_of(ContactPoint), table_of(ContactPerson)
_NAMES_A_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """What lists may say of a person."""

    id: int
    external_id: str | None
    name: str | None
    language: str | None
    sex: str | None
    area_id: int | None
    programme: str | None
    group_name: str | None
    spoken_language: str | None
    reads: bool | None
    consent: bool
    money_reminders: bool


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose a phone is: `person_id` first of all (None: nobody's yet), `people` all who share it."""

    contact_id: int
    person_id: int | None
    external_id: str | None
    people: frozenset[int]


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """Somebody with a name, as lists compare them."""

    id: int
    external_id: str | None
    name: str
    sex: str | None
    group_name: str | None


_PERSON = tuple(_P.c[name] for name in KnownPerson.__dataclass_fields__)
_NAMED = tuple(_P.c[name] for name in NamedPerson.__dataclass_fields__)


def by_external_ids(tx: Tx, ids: Sequence[str]) -> dict[str, KnownPerson]:
    """Return the people with these identifiers (unique index)."""
    rows = tx.execute(select(*_PERSON).where(_P.c.external_id.in_(ids)))
    return {row.external_id: KnownPerson(**row._mapping) for row in rows}


def by_ids(tx: Tx, ids: Sequence[int]) -> dict[int, KnownPerson]:
    """Return people by their numbers (primary key)."""
    rows = tx.execute(select(*_PERSON).where(_P.c.id.in_(ids)))
    return {row.id: KnownPerson(**row._mapping) for row in rows}


def holders(tx: Tx, phones: Sequence[str]) -> dict[str, Holder]:
    """Return whose these phones are; phones that are not known are left out (unique index on channel and hash)."""
    hashes = {tx.keys.fingerprint(Channel.SMS, phone): phone for phone in phones}
    query = (
        select(_C.c.id, _C.c.address_hash, _C.c.person_id, _P.c.external_id)
        .outerjoin(_P, _P.c.id == _C.c.person_id)
        .where(_C.c.channel == Channel.SMS, _C.c.address_hash.in_(hashes))
    )
    rows = tx.execute(query).all()
    sharing: dict[int, set[int]] = defaultdict(set)
    shared = select(_S.c.contact_point_id, _S.c.person_id).where(_S.c.contact_point_id.in_([row.id for row in rows]))
    for sharer in tx.execute(shared):
        sharing[sharer.contact_point_id].add(sharer.person_id)
    for row in rows:
        if row.person_id is not None:
            sharing[row.id].add(row.person_id)
    return {
        hashes[row.address_hash]: Holder(row.id, row.person_id, row.external_id, frozenset(sharing[row.id]))
        for row in rows
    }


def names_in(tx: Tx, area_id: int) -> Iterator[list[NamedPerson]]:
    """Return everybody with a name in one area itself, some hundreds at a time (index on `area_id`)."""
    last = 0
    query = select(*_NAMED).where(_P.c.area_id == area_id, _P.c.name.is_not(None), _P.c.id > bindparam("last"))
    query = query.order_by(_P.c.id).limit(_NAMES_A_PAGE)
    while rows := tx.execute(query, {"last": last}).all():
        last = rows[-1].id
        yield [NamedPerson(**row._mapping) for row in rows]


def add_people(tx: Tx, now: datetime, rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Add people who have identifiers, and return their numbers by these. Raises `AlreadyThere`."""
    if not rows:
        return {}
    fresh = {"money_reminders": True, "surveys": True, "consent": True, "created_at": now}
    columns = {"name", "language", "sex", "area_id", "programme", "group_name", "spoken_language", "reads"}
    tx.execute(insert(_P), [dict.fromkeys(columns) | fresh | dict(row) for row in rows])
    ids = [row["external_id"] for row in rows]
    found = tx.execute(select(_P.c.external_id, _P.c.id).where(_P.c.external_id.in_(ids)))
    return {row.external_id: row.id for row in found}


def change_people(tx: Tx, changes: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
    """Set columns of many people, one statement for all who get the same columns."""
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for person_id, values in changes:
        if values:
            alike[tuple(sorted(values))].append({"changed_id": person_id, **{f"new_{k}": v for k, v in values.items()}})
    for columns, rows in alike.items():
        # The parameter takes its column's type, so that what is encrypted stays so.
        new = {name: bindparam(f"new_{name}", type_=_P.c[name].type) for name in columns}
        tx.execute(update(_P).where(_P.c.id == bindparam("changed_id")).values(**new), rows)


def give_phones(
    tx: Tx, given: Sequence[tuple[int, str]], known: Mapping[str, Holder], *, had: Sequence[int], now: datetime
) -> list[int]:
    """Make each phone that of a person, at most one for each of both, in place of what those who `had` one had.

    `known` are the holders of those phones that are known. A phone that others share with the person stays with one of
    them. Returns the contact points that changed hands. Raises `AlreadyThere` where a phone was taken meanwhile.
    """
    if not given:
        return []
    if had:
        _take_old(tx, had)
    moved = [{"contact_id": known[phone].contact_id, "whose": whose} for whose, phone in given if phone in known]
    if moved:
        tx.execute(update(_C).where(_C.c.id == bindparam("contact_id")).values(person_id=bindparam("whose")), moved)
    fresh = [
        {
            "channel": Channel.SMS.value,
            "address": phone,
            "address_hash": tx.keys.fingerprint(Channel.SMS, phone),
            "person_id": whose,
            "created_at": now,
        }
        for whose, phone in given
        if phone not in known
    ]
    if fresh:
        tx.execute(insert(_C), fresh)
    return [known[phone].contact_id for whose, phone in given if phone in known and known[phone].person_id != whose]


def _take_old(tx: Tx, person_ids: Sequence[int]) -> None:
    tx.execute(delete(_S).where(_S.c.person_id.in_(person_ids), _S.c.contact_point_id.in_(_sms_of(person_ids))))
    other = select(func.min(_S.c.person_id)).where(_S.c.contact_point_id == _C.c.id).scalar_subquery()
    mine = (_C.c.channel == Channel.SMS) & _C.c.person_id.in_(person_ids)
    tx.execute(update(_C).where(mine).values(person_id=other))


def _sms_of(person_ids: Sequence[int]) -> Any:
    shared = select(_S.c.contact_point_id).where(_S.c.person_id.in_(person_ids))
    return select(_C.c.id).where(_C.c.channel == Channel.SMS, _C.c.id.in_(shared) | _C.c.person_id.in_(person_ids))
