"""Whom a sending to many is for: the people of an audience, counted and read inside the database.

An audience names a round's list (`round`) or an area's people (`area`: a path), and narrows them by `group`, `programme`,
`sex`, `language`, `channel`, or `unanswered` (a round that they have not answered for); `batch` is what was frozen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
)

from domain.inbound import Channel
from storage.store import Tx
from storage.tables import Area, BatchPerson, Case, ContactPoint, Person, RoundRecipient
from storage.tables.base import table_of

_P, _C, _A, _RR, _BP, _K = (table_of(each) for each in (Person, ContactPoint, Area, RoundRecipient, BatchPerson, Case))
_ANY = _C.alias("any_contact")
BEST = _C.alias("best_contact")
"""The contact point that a person is written to."""


@dataclass(frozen=True, slots=True)
class Group:
    """How many people of an audience are alike. `reason` says why they get nothing (None: they do get it).

    `gateway` is what they wrote to, None where they never did. Reasons: `no_consent`, `no_contact`, `dead`, `blocked`,
    `stopped`.
    """

    reason: str | None
    language: str
    channel: Channel | None
    gateway: str | None
    people: int


@dataclass(frozen=True, slots=True)
class Reader:
    """One who gets a message: how it reaches her, and what her text is made of. Address and name cost a decryption each."""

    person_id: int
    contact_id: int
    channel: Channel
    language: str
    gateway: str | None
    area_id: int | None
    address: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Ways:
    """Which gateway sends what, where it needs no choosing: `kept` are gateways that go on sending to their own people.

    `others` is, by channel, the one for whoever wrote to none of these; a channel that is missing has to be chosen for.
    """

    kept: Sequence[str]
    others: Mapping[Channel, str]


@dataclass(frozen=True, slots=True)
class Span:
    """A part of an audience by the people's numbers: after one, up to another (None: the last), so many at most."""

    after: int = 0
    until: int | None = None
    limit: int | None = None


WHOLE = Span()


def _best(channel: str | None) -> Any:
    """Return the contact point that a person is written to: Telegram before SMS, none that is blocked or dead."""
    usable = [_ANY.c.person_id == _P.c.id, _ANY.c.blocked_at.is_(None), _ANY.c.dead_at.is_(None)]
    if channel is not None:
        usable.append(_ANY.c.channel == channel)
    query = select(_ANY.c.id).where(*usable).order_by(_ANY.c.channel.desc(), _ANY.c.id).limit(1)
    return query.correlate(_P).scalar_subquery()


def language_of(default: str) -> ColumnElement[str]:
    """Return the language in which somebody is written to; `default` is that of who has none."""
    return func.coalesce(BEST.c.language, _P.c.language, literal(default))


def _reason(channel: str | None) -> ColumnElement[Any]:
    """Say why somebody gets nothing, null where she does get it."""
    there = [_ANY.c.person_id == _P.c.id] + ([_ANY.c.channel == channel] if channel is not None else [])
    dead = exists().where(*there, _ANY.c.dead_at.is_not(None)).correlate(_P)
    blocked = exists().where(*there, _ANY.c.blocked_at.is_not(None)).correlate(_P)
    return case(
        (_P.c.consent.is_(False), "no_consent"),
        (and_(BEST.c.id.is_(None), dead), "dead"),
        (and_(BEST.c.id.is_(None), blocked), "blocked"),
        (BEST.c.id.is_(None), "no_contact"),
        (BEST.c.stopped_at.is_not(None), "stopped"),
        else_=None,
    )


def gets_it() -> ColumnElement[bool]:
    """Say that somebody agreed, can be reached, and did not ask for silence."""
    return and_(_P.c.consent.is_(True), BEST.c.id.is_not(None), BEST.c.stopped_at.is_(None))


def source(audience: Mapping[str, Any], *, with_contacts: bool = True) -> FromClause:
    """Return the people, joined with what the audience is found by, and with their best contact points."""
    found: FromClause = _P
    if "batch" in audience:
        found = _BP.join(_P, _P.c.id == _BP.c.person_id)
    if "round" in audience:
        found = found.join(_RR, _RR.c.person_id == _P.c.id)
    if "area" in audience:
        found = found.join(_A, _A.c.id == _P.c.area_id)
    return found.outerjoin(BEST, BEST.c.id == _best(audience.get("channel"))) if with_contacts else found


def reached(audience: Mapping[str, Any]) -> FromClause:
    """Return those of a batch's people who have a contact point that may be written to, with the best one.

    The same as `source`, said so that both databases find it sooner, where nobody else is asked for.
    """
    wanted = [] if audience.get("channel") is None else [BEST.c.channel == audience["channel"]]
    usable = [BEST.c.person_id == _P.c.id, BEST.c.blocked_at.is_(None), BEST.c.dead_at.is_(None), *wanted]
    others = [
        _ANY.c.person_id == _P.c.id,
        _ANY.c.id != BEST.c.id,
        _ANY.c.blocked_at.is_(None),
        _ANY.c.dead_at.is_(None),
    ]
    if wanted:
        others.append(_ANY.c.channel == audience["channel"])
    same = and_(_ANY.c.channel == BEST.c.channel, _ANY.c.id < BEST.c.id)
    better = exists().where(*others, or_(_ANY.c.channel > BEST.c.channel, same)).correlate(_P, BEST)
    return _BP.join(_P, _P.c.id == _BP.c.person_id).join(BEST, and_(*usable, ~better))


def conditions(audience: Mapping[str, Any], default: str) -> list[ColumnElement[bool]]:
    """Return what the people of an audience have in common, in terms of its `source`."""
    if "batch" in audience:
        return [_BP.c.batch_id == audience["batch"], _P.c.erased_at.is_(None)]
    found: list[ColumnElement[bool]] = [_P.c.erased_at.is_(None)]
    if "round" in audience:
        found.append(_RR.c.round_id == audience["round"])
    if "area" in audience:
        found.append(_A.c.path.startswith(audience["area"], autoescape=True))
    for key, column in (("group", _P.c.group_name), ("programme", _P.c.programme), ("sex", _P.c.sex)):
        if audience.get(key):
            found.append(column == audience[key])
    if "unanswered" in audience:
        mine = and_(_RR.c.round_id == audience["unanswered"], _RR.c.answer.is_(None))
        found.append(_P.c.id.in_(select(_RR.c.person_id).where(mine)))
    if "wrote" in audience:
        found.append(_P.c.id.in_(_who_wrote(audience["wrote"])))
    if audience.get("language"):
        found.append(language_of(default) == audience["language"])
    if audience.get("channel"):
        has = exists().where(_ANY.c.person_id == _P.c.id, _ANY.c.channel == audience["channel"])
        found.append(has.correlate(_P))
    return found


def _who_wrote(since_until_areas: Sequence[Any]) -> Select[Any]:
    """Return the people with a case of a time in some areas; those of sensitive cases are as though not there."""
    first, last, areas = since_until_areas
    within = _K.c.received_at >= datetime.fromisoformat(first), _K.c.received_at < datetime.fromisoformat(last)
    query = select(_K.c.person_id).where(*within, _K.c.area_id.in_(areas), _K.c.sensitive.is_(None))
    return query.where(_K.c.person_id.is_not(None))


def groups(tx: Tx, audience: Mapping[str, Any], *, default: str) -> list[Group]:
    """Count the people of an audience by what becomes of their message; `default` is the language of who has none."""
    reason, language = _reason(audience.get("channel")), language_of(default)
    columns = (reason.label("reason"), language.label("language"), BEST.c.channel, BEST.c.gateway)
    query = select(*columns, func.count().label("people")).select_from(source(audience))
    query = query.where(*conditions(audience, default)).group_by(*columns)
    return [
        Group(row.reason, row.language, Channel(row.channel) if row.channel else None, row.gateway, row.people)
        for row in tx.execute(query)
    ]


def readers(
    tx: Tx,
    audience: Mapping[str, Any],
    span: Span = WHOLE,
    *,
    default: str,
    language: str | None = None,
    without: Ways | None = None,
    with_address: bool = False,
    with_name: bool = False,
) -> list[Reader]:
    """Return those of a part of an audience who get a message, by number.

    `without` leaves out those whose gateway needs no choosing.
    """
    spoken = language_of(default)
    query = select(
        _P.c.id.label("person_id"),
        BEST.c.id.label("contact_id"),
        BEST.c.channel,
        spoken.label("language"),
        BEST.c.gateway,
        _P.c.area_id,
        BEST.c.address if with_address else literal("").label("address"),
        _P.c.name if with_name else null().label("name"),
    ).select_from(source(audience))
    query = query.where(*conditions(audience, default), gets_it(), within(audience, span))
    if language is not None:
        query = query.where(spoken == language)
    if without is not None:
        query = query.where(gateway_of(without).is_(None))
    rows = tx.execute(query.order_by(_number(audience)).limit(span.limit))
    return [Reader(**{**row._mapping, "channel": Channel(row.channel)}) for row in rows]


def _number(audience: Mapping[str, Any]) -> Any:
    return _BP.c.person_id if "batch" in audience else _P.c.id


def within(audience: Mapping[str, Any], span: Span) -> ColumnElement[bool]:
    """Say that somebody is in a part of an audience."""
    number = _number(audience)
    return number > span.after if span.until is None else and_(number > span.after, number <= span.until)


def gateway_of(ways: Ways) -> ColumnElement[Any]:
    """Return the gateway that sends to somebody without any choosing; null where one has to be chosen."""
    rules: list[Any] = [(BEST.c.gateway == name, name) for name in ways.kept]
    rules += [(BEST.c.channel == channel.value, name) for channel, name in ways.others.items()]
    return case(*rules, else_=None) if rules else cast(None, _C.c.gateway.type)


def without_text(tx: Tx, audience: Mapping[str, Any], span: Span, *, languages: Sequence[str], default: str) -> int:
    """Count the people of a part of a batch who would get it, were there a text in their language."""
    query = select(func.count()).select_from(source(audience))
    missing = language_of(default).not_in(languages)
    query = query.where(*conditions(audience, default), within(audience, span), gets_it(), missing)
    return int(tx.execute(query).scalar_one())
