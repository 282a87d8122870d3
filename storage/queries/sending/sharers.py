"""Those of a sending's audience who have only a phone that they share: one message to it is enough for all of them.

What goes to many names at most the one it is for, so it goes to the phone's owner where she is of the audience and is
written to there, else to the first of those who share it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, exists, func, literal, null, select

from domain.inbound import Channel
from storage.queries.sending.audiences import WHOLE, Reader, Span, conditions, source, within
from storage.store import Tx
from storage.tables import ContactPerson, ContactPoint, Person
from storage.tables.base import table_of

_P, _C, _S = (table_of(each) for each in (Person, ContactPoint, ContactPerson))
_ANY = _C.alias("own_contact")
_OWNED = _C.alias("owned_contact")


@dataclass(frozen=True, slots=True)
class Sharer:
    """One who is reached by a shared phone alone. `is_spoken_to` is False where another of that phone gets the message.

    `reason` is why she would get nothing otherwise: `no_contact`, `dead` or `blocked`.
    """

    reader: Reader
    is_spoken_to: bool
    reason: str


def there_are(tx: Tx) -> bool:
    """Tell whether any phone is shared at all."""
    return tx.execute(select(_S.c.person_id).limit(1)).first() is not None


def of_audience(
    tx: Tx,
    audience: Mapping[str, Any],
    span: Span = WHOLE,
    *,
    default: str,
    with_address: bool = False,
    with_name: bool = False,
) -> list[Sharer]:
    """Return those of a part of an audience who agreed, have no way of their own, and share a phone; by number.

    `default` is the language of who has none; on a phone of several her own goes before that of whoever wrote last.
    """
    usable = _usable(_C, audience)
    mine = _ANY.c.person_id == _P.c.id
    query = (
        select(
            _P.c.id.label("person_id"),
            _C.c.id.label("contact_id"),
            _C.c.person_id.label("owner"),
            _C.c.channel,
            func.coalesce(_P.c.language, _C.c.language, literal(default)).label("language"),
            _C.c.gateway,
            _P.c.area_id,
            _C.c.address if with_address else literal("").label("address"),
            _P.c.name if with_name else null().label("name"),
            exists().where(mine, _ANY.c.dead_at.is_not(None)).label("dead"),
            exists().where(mine, _ANY.c.blocked_at.is_not(None)).label("blocked"),
        )
        .select_from(_people(audience).join(_S, _S.c.person_id == _P.c.id).join(_C, _C.c.id == _S.c.contact_point_id))
        .where(*conditions(audience, default), within(audience, span), _P.c.consent.is_(True))
        .where(*usable, _C.c.stopped_at.is_(None), ~exists().where(mine, *_usable(_ANY, audience)))
        .order_by(_P.c.id, _C.c.id)
        .limit(span.limit)
    )
    first: dict[int, Any] = {}
    for row in tx.execute(query):
        first.setdefault(row.person_id, row)
    spoken_to = _spoken_to(tx, audience, {row.contact_id: row.owner for row in first.values()}, default)
    return [_sharer(row, spoken_to[row.contact_id]) for row in first.values()]


def _sharer(row: Any, spoken_to: int | None) -> Sharer:
    names = set(Reader.__dataclass_fields__)
    reader = Reader(**{**{name: row._mapping[name] for name in names}, "channel": Channel(row.channel)})
    reason = "dead" if row.dead else "blocked" if row.blocked else "no_contact"
    return Sharer(reader, spoken_to == row.person_id, reason)


def _spoken_to(
    tx: Tx, audience: Mapping[str, Any], owners: Mapping[int, int | None], default: str
) -> dict[int, int | None]:
    """Return to whom of an audience the one message to each of some phones goes; its owner, else the first sharer."""
    if not owners:
        return {}
    sharing: defaultdict[int, set[int]] = defaultdict(set)
    for row in tx.execute(select(_S.c.contact_point_id, _S.c.person_id).where(_S.c.contact_point_id.in_(owners))):
        sharing[row.contact_point_id].add(row.person_id)
    involved = {person for people in sharing.values() for person in people} | {each for each in owners.values() if each}
    there = _there(tx, audience, list(involved), default)
    own = _own(tx, audience, list(involved))
    return {
        point: owner
        if owner is not None and owner in there and own.get(owner) == point
        else min((person for person in sharing[point] & there if person not in own), default=None)
        for point, owner in owners.items()
    }


def _there(tx: Tx, audience: Mapping[str, Any], people: Sequence[int], default: str) -> set[int]:
    query = select(_P.c.id).select_from(_people(audience)).where(*conditions(audience, default))
    return set(tx.execute(query.where(_P.c.consent.is_(True), _P.c.id.in_(people))).scalars())


def _own(tx: Tx, audience: Mapping[str, Any], people: Sequence[int]) -> dict[int, int]:
    """Return the contact point by which each person is written to who has one of her own."""
    query = select(_OWNED.c.person_id, _OWNED.c.id).where(_OWNED.c.person_id.in_(people), *_usable(_OWNED, audience))
    found: dict[int, int] = {}
    for row in tx.execute(query.order_by(_OWNED.c.channel.desc(), _OWNED.c.id)):
        found.setdefault(row.person_id, row.id)
    return found


def _people(audience: Mapping[str, Any]) -> Any:
    return source(audience, with_contacts=bool(audience.get("language")))


def _usable(contact: Any, audience: Mapping[str, Any]) -> list[Any]:
    """Say that a contact point may be written to: neither blocked nor dead, and of the channel that is asked for."""
    wanted = [] if audience.get("channel") is None else [contact.c.channel == audience["channel"]]
    return [and_(contact.c.blocked_at.is_(None), contact.c.dead_at.is_(None), *wanted)]
