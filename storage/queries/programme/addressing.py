"""By which contact point each of an audience's people is written to: her own, one that she was told by, or a phone she shares.

What goes to many names nobody, so that one message to a phone is enough for all who share it.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, literal, select

from domain.inbound import Channel
from storage.queries.programme import told
from storage.queries.sending import batches
from storage.queries.sending.batches import Addressee
from storage.store import Tx
from storage.tables import ContactPerson, ContactPoint, Message, Person, Question
from storage.tables.base import table_of

_C, _S, _P, _M, _Q = (table_of(each) for each in (ContactPoint, ContactPerson, Person, Message, Question))


def addressed(
    tx: Tx, audience: dict[str, Any], *, after: int, limit: int, with_address: bool = False
) -> list[Addressee]:
    """Return the people of an audience after a number, in order, each with where she is written to (None: nowhere).

    With `told` (a subject) whoever was told of it hears more where she was told; see `batches.addressees` for the rest.
    """
    found = batches.addressees(tx, audience, after=after, limit=limit, with_address=with_address)
    if "told" in audience:
        found = _where_told(tx, audience, found, with_address=with_address)
    return _by_shared(tx, audience, found, with_address=with_address)


def labels(tx: Tx, contact_ids: Sequence[int]) -> dict[tuple[int, int], str]:
    """Return what people are called on those of some phones that several share, by phone and person (primary key)."""
    query = select(_S.c.contact_point_id, _S.c.person_id, _S.c.label, _P.c.name).join(_P, _P.c.id == _S.c.person_id)
    rows = tx.execute(query.where(_S.c.contact_point_id.in_(contact_ids))).all()
    sharing: defaultdict[int, int] = defaultdict(int)
    for row in rows:
        sharing[row.contact_point_id] += 1
    return {
        (row.contact_point_id, row.person_id): row.label or row.name or ""
        for row in rows
        if sharing[row.contact_point_id] > 1
    }


def asked_person(tx: Tx, batch_id: int, contact_id: int) -> int | None:
    """Return of whom the newest message of a batch to a contact point is, None where there is none (`ix_message_contact`)."""
    query = select(_M.c.person_id).where(_M.c.contact_point_id == contact_id, _M.c.batch_id == batch_id)
    return tx.execute(query.order_by(_M.c.id.desc()).limit(1)).scalar()


def phones_shared_by_them(now: datetime) -> Select[Any]:
    """Return the query of phones that a person of an outer query shares, and on which no question is open."""
    waits = select(_Q.c.id).where(_Q.c.contact_point_id == _C.c.id, _Q.c.state == "open", _Q.c.expires_at > now)
    shared = select(_C.c.id).join(_S, _S.c.contact_point_id == _C.c.id).where(_S.c.person_id == _P.c.id)
    usable = (_C.c.stopped_at.is_(None), _C.c.blocked_at.is_(None), _C.c.dead_at.is_(None))
    return shared.where(*usable, ~waits.exists()).correlate(_P)


def _where_told(tx: Tx, audience: dict[str, Any], found: list[Addressee], *, with_address: bool) -> list[Addressee]:
    ids = [each.person_id for each in found]
    known = told.known_points(tx, audience["told"], ids) if ids else {}
    mine: defaultdict[int, list[Any]] = defaultdict(list)
    for row in tx.execute(_usable(audience, with_address=with_address).where(_C.c.person_id.in_(ids))):
        if row.stopped_at is None:
            mine[row.person_id].append(row)
    best = {
        person_id: next((row for row in rows if row.id in known.get(person_id, ())), rows[0])
        for person_id, rows in mine.items()
    }
    return [_at(each, best[each.person_id]) if each.person_id in best else each for each in found]


def _by_shared(tx: Tx, audience: dict[str, Any], found: list[Addressee], *, with_address: bool) -> list[Addressee]:
    """Give those without a contact point of their own the phone that they share, where they are the one to be written to."""
    lacking = [each.person_id for each in found if each.contact_id is None]
    if not lacking:
        return found
    query = _usable(audience, with_address=with_address).add_columns(_S.c.person_id.label("sharer"))
    query = query.join(_S, _S.c.contact_point_id == _C.c.id).where(_S.c.person_id.in_(lacking))
    best: dict[int, Any] = {}
    for row in tx.execute(query):
        best.setdefault(row.sharer, row)
    spoken_to = _spoken_to(tx, audience, {row.id: row.person_id for row in best.values()})
    return [
        _at(each, best[each.person_id])
        if each.contact_id is None and each.person_id in best and spoken_to[best[each.person_id].id] == each.person_id
        else each
        for each in found
    ]


def _spoken_to(tx: Tx, audience: dict[str, Any], owners: dict[int, int | None]) -> dict[int, int | None]:
    """Return for each of some phones to whom of an audience its one message goes: its owner, else the first sharer."""
    if not owners:
        return {}
    sharing: defaultdict[int, set[int]] = defaultdict(set)
    for row in tx.execute(select(_S.c.contact_point_id, _S.c.person_id).where(_S.c.contact_point_id.in_(owners))):
        sharing[row.contact_point_id].add(row.person_id)
    all_of_them = {person for people in sharing.values() for person in people} | {o for o in owners.values() if o}
    there = set(tx.execute(batches.people_of(audience).where(_P.c.id.in_(all_of_them))).scalars())
    own: dict[int, int] = {}
    for row in tx.execute(_usable(audience, with_address=False).where(_C.c.person_id.in_(all_of_them))):
        own.setdefault(row.person_id, row.id)
    return {
        point: owner
        if owner is not None and owner in there and own.get(owner) == point
        else min((person for person in sharing[point] & there if person not in own), default=None)
        for point, owner in owners.items()
    }


def _usable(audience: dict[str, Any], *, with_address: bool) -> Select[Any]:
    address = _C.c.address if with_address else literal("").label("address")
    query = select(_C.c.person_id, _C.c.id, _C.c.channel, _C.c.language, _C.c.gateway, _C.c.stopped_at, address)
    query = query.where(_C.c.blocked_at.is_(None), _C.c.dead_at.is_(None))
    if audience.get("channel") is not None:
        query = query.where(_C.c.channel == audience["channel"])
    return query.order_by(_C.c.channel.desc(), _C.c.id)


def _at(each: Addressee, row: Any) -> Addressee:
    # On a phone of several the person's own language goes before that of whoever wrote last.
    language = row.language or each.language if row.person_id == each.person_id else each.language or row.language
    stopped = row.stopped_at is not None
    return replace(each, contact_id=row.id, channel=Channel(row.channel), language=language, gateway=row.gateway,
                   stopped=stopped, address=row.address)  # fmt: skip
