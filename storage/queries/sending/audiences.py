"""Whom a sending to many is for: the people of an audience, counted, frozen, and written to, all inside the database.

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
    false,
    func,
    insert,
    literal,
    null,
    select,
)

from domain.inbound import Channel
from storage.queries.sending.outbox import Lane
from storage.store import Tx
from storage.tables import Area, Batch, BatchPerson, Case, ContactPoint, Message, OutboxItem, Person, RoundRecipient
from storage.tables.base import table_of

_B, _P, _C, _A, _RR, _M, _O, _BP, _K = (
    table_of(each)
    for each in (Batch, Person, ContactPoint, Area, RoundRecipient, Message, OutboxItem, BatchPerson, Case)
)
_ANY = _C.alias("any_contact")
_BEST = _C.alias("best_contact")


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


@dataclass(frozen=True, slots=True)
class Plain:
    """A batch whose words differ by language only: the texts, their SMS parts, by what and until when it is sent."""

    batch_id: int
    kind: str
    texts: Mapping[str, str]
    parts: Mapping[str, int]
    ways: Ways
    channel: str | None
    default: str
    not_after: datetime | None


def _best(channel: str | None) -> Any:
    """Return the contact point that a person is written to: Telegram before SMS, none that is blocked or dead."""
    usable = [_ANY.c.person_id == _P.c.id, _ANY.c.blocked_at.is_(None), _ANY.c.dead_at.is_(None)]
    if channel is not None:
        usable.append(_ANY.c.channel == channel)
    query = select(_ANY.c.id).where(*usable).order_by(_ANY.c.channel.desc(), _ANY.c.id).limit(1)
    return query.correlate(_P).scalar_subquery()


def _language(default: str) -> ColumnElement[str]:
    return func.coalesce(_BEST.c.language, _P.c.language, literal(default))


def _reason(channel: str | None) -> ColumnElement[Any]:
    """Say why somebody gets nothing, null where she does get it."""
    there = [_ANY.c.person_id == _P.c.id] + ([_ANY.c.channel == channel] if channel is not None else [])
    dead = exists().where(*there, _ANY.c.dead_at.is_not(None)).correlate(_P)
    blocked = exists().where(*there, _ANY.c.blocked_at.is_not(None)).correlate(_P)
    return case(
        (_P.c.consent.is_(False), "no_consent"),
        (and_(_BEST.c.id.is_(None), dead), "dead"),
        (and_(_BEST.c.id.is_(None), blocked), "blocked"),
        (_BEST.c.id.is_(None), "no_contact"),
        (_BEST.c.stopped_at.is_not(None), "stopped"),
        else_=None,
    )


def _gets_it() -> ColumnElement[bool]:
    return and_(_P.c.consent.is_(True), _BEST.c.id.is_not(None), _BEST.c.stopped_at.is_(None))


def _source(audience: Mapping[str, Any]) -> FromClause:
    """Return the people with their best contact points, joined with what the audience is found by."""
    found: FromClause = _P
    if "batch" in audience:
        found = _BP.join(_P, _P.c.id == _BP.c.person_id)
    if "round" in audience:
        found = found.join(_RR, _RR.c.person_id == _P.c.id)
    if "area" in audience:
        found = found.join(_A, _A.c.id == _P.c.area_id)
    return found.outerjoin(_BEST, _BEST.c.id == _best(audience.get("channel")))


def _conditions(audience: Mapping[str, Any], default: str) -> list[ColumnElement[bool]]:
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
        found.append(_language(default) == audience["language"])
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
    reason, language = _reason(audience.get("channel")), _language(default)
    columns = (reason.label("reason"), language.label("language"), _BEST.c.channel, _BEST.c.gateway)
    query = select(*columns, func.count().label("people")).select_from(_source(audience))
    query = query.where(*_conditions(audience, default)).group_by(*columns)
    return [
        Group(row.reason, row.language, Channel(row.channel) if row.channel else None, row.gateway, row.people)
        for row in tx.execute(query)
    ]


def freeze(tx: Tx, batch_id: int, audience: Mapping[str, Any], *, default: str) -> None:
    """Write down whom a batch is for; from here on imports and moves change nothing (one INSERT … SELECT)."""
    people = select(literal(batch_id), _P.c.id).select_from(_source(audience)).where(*_conditions(audience, default))
    tx.execute(insert(_BP).from_select(["batch_id", "person_id"], people))


def frozen(tx: Tx, batch_id: int) -> int:
    """Count the people whom a batch is for (primary key)."""
    return int(tx.execute(select(func.count()).where(_BP.c.batch_id == batch_id)).scalar_one())


def chunk_end(tx: Tx, batch_id: int, *, after: int, size: int) -> tuple[int, int] | None:
    """Return the last person of a batch's next chunk and how many there are in it, None after the last (primary key)."""
    chunk = select(_BP.c.person_id).where(_BP.c.batch_id == batch_id, _BP.c.person_id > after)
    inner = chunk.order_by(_BP.c.person_id).limit(size).subquery()
    row = tx.execute(select(func.max(inner.c.person_id).label("last"), func.count().label("people"))).one()
    return None if row.last is None else (row.last, row.people)


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
    spoken = _language(default)
    query = select(
        _P.c.id.label("person_id"),
        _BEST.c.id.label("contact_id"),
        _BEST.c.channel,
        spoken.label("language"),
        _BEST.c.gateway,
        _P.c.area_id,
        _BEST.c.address if with_address else literal("").label("address"),
        _P.c.name if with_name else null().label("name"),
    ).select_from(_source(audience))
    query = query.where(*_conditions(audience, default), _gets_it(), _within(audience, span))
    if language is not None:
        query = query.where(spoken == language)
    if without is not None:
        query = query.where(_gateway(without).is_(None))
    rows = tx.execute(query.order_by(_number(audience)).limit(span.limit))
    return [Reader(**{**row._mapping, "channel": Channel(row.channel)}) for row in rows]


def _number(audience: Mapping[str, Any]) -> Any:
    return _BP.c.person_id if "batch" in audience else _P.c.id


def _within(audience: Mapping[str, Any], span: Span) -> ColumnElement[bool]:
    number = _number(audience)
    return number > span.after if span.until is None else and_(number > span.after, number <= span.until)


def _gateway(ways: Ways) -> ColumnElement[Any]:
    """Return the gateway that sends to somebody without any choosing; null where one has to be chosen."""
    rules: list[Any] = [(_BEST.c.gateway.in_(ways.kept), _BEST.c.gateway)] if ways.kept else []
    rules += [(_BEST.c.channel == channel.value, name) for channel, name in ways.others.items()]
    return case(*rules, else_=None) if rules else cast(None, _C.c.gateway.type)


def lay_out_plain(tx: Tx, what: Plain, span: Span, *, due: Mapping[str, datetime], now: datetime) -> dict[str, int]:
    """Write and queue the messages of a part of a batch's people, due by gateway, and count them by gateway.

    Nobody is left out but who gets nothing, has no text in her language, or needs a gateway chosen (see `Ways`; primary
    key of `batch_person`, index on `contact_point.person_id`).
    """
    audience = {"batch": what.batch_id, "channel": what.channel}
    language, gateway = _language(what.default), _gateway(what.ways)
    segments = case(dict(what.parts), value=language, else_=1)
    columns = {
        "direction": literal("out"),
        "contact_point_id": _BEST.c.id,
        "batch_id": literal(what.batch_id),
        "person_id": _P.c.id,
        "kind": literal(what.kind),
        "key": literal(what.kind),
        "text": case(dict(what.texts), value=language),
        "language": language,
        "protect": false(),
        "state": literal("queued"),
        "gateway": gateway,
        "channel": _BEST.c.channel,
        "segments": case((_BEST.c.channel == Channel.SMS.value, segments), else_=1),
        "at": literal(now, _M.c.at.type),
    }
    chosen = (_gets_it(), language.in_(list(what.texts)), gateway.is_not(None))
    source = select(*(column.label(name) for name, column in columns.items())).select_from(_source(audience))
    source = source.where(*_conditions(audience, what.default), _within(audience, span), *chosen)
    tx.execute(insert(_M).from_select(list(columns), source, include_defaults=False))
    ours = (_M.c.batch_id == what.batch_id, _M.c.person_id > span.after, _M.c.person_id <= span.until)
    counted = select(_M.c.gateway, func.count().label("messages")).where(*ours).group_by(_M.c.gateway)
    written = {row.gateway: row.messages for row in tx.execute(counted)}
    if written:
        _queue(tx, what, ours, {name: due[name] for name in written})
    return written


def _queue(tx: Tx, what: Plain, ours: Sequence[ColumnElement[bool]], due: Mapping[str, datetime]) -> None:
    """Queue the messages that were just written (index `uq_message_batch_person`)."""
    tx.queued = True
    columns = {
        "message_id": _M.c.id,
        "contact_point_id": _M.c.contact_point_id,
        "gateway": _M.c.gateway,
        "lane": literal(Lane.BULK.value),
        "action": literal("send"),
        "state": literal("queued"),
        "due_at": case({name: literal(at, _O.c.due_at.type) for name, at in due.items()}, value=_M.c.gateway),
        "not_after": literal(what.not_after, _O.c.not_after.type),
        "attempts": literal(0),
        "repeated": false(),
    }
    source = select(*(column.label(name) for name, column in columns.items())).where(*ours)
    tx.execute(insert(_O).from_select(list(columns), source, include_defaults=False))


def without_text(tx: Tx, audience: Mapping[str, Any], span: Span, *, languages: Sequence[str], default: str) -> int:
    """Count the people of a part of a batch who would get it, were there a text in their language."""
    query = select(func.count()).select_from(_source(audience))
    missing = _language(default).not_in(languages)
    query = query.where(*_conditions(audience, default), _within(audience, span), _gets_it(), missing)
    return int(tx.execute(query).scalar_one())
