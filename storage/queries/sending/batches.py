"""Batches: reminders, surveys and broadcasts as they are made, frozen, laid out and sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, func, insert, literal, select, update

from domain.inbound import Channel
from storage.queries.programme.round_audience import for_rounds, number_of
from storage.queries.sending.outbox import Lane, withdraw
from storage.store import AlreadyThere, Tx
from storage.tables import Area, Batch, ContactPoint, Message, OutboxItem, Person, RoundRecipient, Setting
from storage.tables.base import table_of

_B, _P, _C, _A, _RR, _M, _O, _S = (
    table_of(each) for each in (Batch, Person, ContactPoint, Area, RoundRecipient, Message, OutboxItem, Setting)
)


@dataclass(frozen=True, slots=True)
class BatchRecord:
    """One sending to many. `plan` tells reminders of one subject apart.

    `subject` is `round:7`, `meeting:3` or `broadcast:…`; after a round was moved, `round:7@2026-03-12#1`.
    """

    id: int
    kind: str
    subject: str
    plan: str
    state: str
    channel: str | None
    texts: dict[str, str] | None
    audience: dict[str, Any] | None
    counts: dict[str, Any] | None
    maker_id: int | None
    approver_id: int | None
    created_at: datetime
    started_at: datetime | None
    not_after: datetime | None
    last_person_id: int
    cost: float | None


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody whom a batch is for, with the contact point that it goes to (None: there is none).

    `address` is empty where nobody asked for it: each costs a decryption.
    """

    person_id: int
    contact_id: int | None
    channel: Channel | None
    language: str | None
    gateway: str | None
    stopped: bool
    address: str = ""


_OF_MONEY = ("reminder", "late", "news")
"""Kinds of batches that tell of a payment, where their subject is a round."""
_ADD_MESSAGES = insert(_M).returning(_M.c.person_id, _M.c.id)
_ADD_ITEMS = insert(_O)
_COLUMNS = tuple(_B.c[name] for name in BatchRecord.__dataclass_fields__)


def create(tx: Tx, now: datetime, **values: Any) -> int | None:
    """Make a batch and return its number; None where the same one was made before (unique: kind, subject, plan)."""
    row = {"created_at": now, "last_person_id": 0, **values}
    try:
        with tx.attempt():
            return int(tx.execute(insert(_B).values(**row).returning(_B.c.id)).scalar_one())
    except AlreadyThere:
        return None


def exists(tx: Tx, kind: str, subject: str, plan: str) -> bool:
    """Tell whether a batch was made (unique index)."""
    query = select(_B.c.id).where(_B.c.kind == kind, _B.c.subject == subject, _B.c.plan == plan)
    return tx.execute(query).first() is not None


def by_id(tx: Tx, batch_id: int, *, locked: bool = False) -> BatchRecord | None:
    """Return a batch, or None (primary key)."""
    query = select(*_COLUMNS).where(_B.c.id == batch_id)
    row = tx.execute(query.with_for_update(key_share=True) if locked else query).first()
    return None if row is None else BatchRecord(**row._mapping)


def to_lay_out(tx: Tx) -> list[int]:
    """Return the batches whose messages are not all laid out yet (index on `state`)."""
    return list(tx.execute(select(_B.c.id).where(_B.c.state == "laying_out").order_by(_B.c.id)).scalars())


def of_kind(tx: Tx, kind: str, limit: int) -> list[BatchRecord]:
    """Return the newest batches of a kind."""
    query = select(*_COLUMNS).where(_B.c.kind == kind).order_by(_B.c.id.desc()).limit(limit)
    return [BatchRecord(**row._mapping) for row in tx.execute(query)]


def change(tx: Tx, batch_id: int, **values: Any) -> None:
    """Set columns of a batch."""
    tx.execute(update(_B).where(_B.c.id == batch_id).values(**values))


def round_of(tx: Tx, batch_id: int) -> int | None:
    """Return the round that a batch is about, or None."""
    subject = tx.execute(select(_B.c.subject).where(_B.c.id == batch_id)).scalar() or ""
    kind, _, number = subject.partition("@")[0].partition("/")[0].partition(":")
    return int(number) if kind == "round" else None


def addressees(
    tx: Tx, audience: dict[str, Any], *, after: int, limit: int, with_address: bool = False
) -> list[Addressee]:
    """Return the people of an audience after a number, in order, each with the best contact point for the channel asked.

    An audience names a round's list (`round`), or an area's people (`area`: a path) of a group (`group`); `channel`
    keeps those only whom it reaches, `money` and `surveys` leave out whoever asked not to be written to about them.
    """
    number = number_of(audience)
    people = people_of(audience).where(number > after).order_by(number).limit(limit)
    ids = list(tx.execute(people).scalars())
    if not ids:
        return []
    best: dict[int, Any] = {}
    address = _C.c.address if with_address else literal("").label("address")
    usable = (_C.c.person_id.in_(ids), _C.c.blocked_at.is_(None), _C.c.dead_at.is_(None))
    query = select(_C.c.person_id, _C.c.id, _C.c.channel, _C.c.language, _C.c.gateway, _C.c.stopped_at, address)
    query = query.where(*usable)
    for row in tx.execute(query.order_by(_C.c.channel.desc(), _C.c.id)):
        wanted = audience.get("channel") in (None, row.channel)
        if wanted:
            best.setdefault(row.person_id, row)
    languages = {row.id: row.language for row in tx.execute(select(_P.c.id, _P.c.language).where(_P.c.id.in_(ids)))}
    return [_addressee(person_id, best.get(person_id), languages[person_id]) for person_id in ids]


def _addressee(person_id: int, row: Any, language: str | None) -> Addressee:
    if row is None:
        return Addressee(person_id, None, None, language, None, stopped=False)
    stopped = row.stopped_at is not None
    spoken, channel = row.language or language, Channel(row.channel)
    return Addressee(person_id, row.id, channel, spoken, row.gateway, stopped=stopped, address=row.address)


def people_of(audience: dict[str, Any]) -> Select[Any]:
    """Return the query of an audience's people, whoever of them can be reached."""
    query = select(_P.c.id).where(_P.c.consent.is_(True))
    if "round" in audience:
        query = query.join(_RR, _RR.c.person_id == _P.c.id).where(_RR.c.round_id == audience["round"])
    if "area" in audience:
        inside = _A.c.path.startswith(audience["area"], autoescape=True)
        query = query.join(_A, _A.c.id == _P.c.area_id).where(inside)
    if audience.get("group"):
        query = query.where(_P.c.group_name == audience["group"])
    if audience.get("money"):
        query = query.where(_P.c.money_reminders.is_(True))
    if audience.get("surveys"):
        query = query.where(_P.c.surveys.is_(True))
    return for_rounds(query, audience)


def lay_out(
    tx: Tx,
    batch_id: int,
    rows: Sequence[dict[str, Any]],
    *,
    due_at: datetime | Mapping[str, datetime],
    now: datetime,
) -> None:
    """Write the messages of a batch and queue them in the bulk lane; a person who has one already gets no second.

    `due_at` is one moment, or one for each gateway.
    """
    if not rows:
        return
    tx.queued = True
    not_after = tx.execute(select(_B.c.not_after).where(_B.c.id == batch_id)).scalar()
    common = {"direction": "out", "batch_id": batch_id, "state": "queued", "at": now}
    texts = [
        {**common, "gateway": row["gateway_name"], **{key: row[key] for key in row if key != "gateway_name"}}
        for row in rows
    ]
    queued = {
        "lane": Lane.BULK.value,
        "action": "send",
        "state": "queued",
        "not_after": not_after,
        "attempts": 0,
        "repeated": False,
    }
    numbers = {row.person_id: row.id for row in tx.execute(_ADD_MESSAGES, texts)}
    items = [
        {
            **queued,
            "message_id": numbers[row["person_id"]],
            "contact_point_id": row["contact_point_id"],
            "gateway": row["gateway_name"],
            "due_at": due_at if isinstance(due_at, datetime) else due_at[row["gateway_name"]],
        }
        for row in rows
    ]
    tx.execute(_ADD_ITEMS, items)


def progress(tx: Tx, batch_id: int) -> dict[str, int]:
    """Count a batch's messages by state."""
    query = select(_M.c.state, func.count().label("messages")).where(_M.c.batch_id == batch_id).group_by(_M.c.state)
    return {row.state: row.messages for row in tx.execute(query)}


def parts_gone(tx: Tx, batch_id: int) -> dict[str, int]:
    """Return how many SMS parts of a batch have left, by gateway (index `uq_message_batch_person`)."""
    gone = and_(_M.c.batch_id == batch_id, _M.c.state.not_in(("queued", "withdrawn")))
    query = select(_M.c.gateway, func.sum(_M.c.segments).label("parts")).where(gone).group_by(_M.c.gateway)
    return {row.gateway: int(row.parts) for row in tx.execute(query)}


def withdraw_hers(tx: Tx, person_id: int, *, surveys: bool) -> None:
    """Take back the surveys that wait for a person, or the reminders of money (index `ix_outbox_contact`)."""
    about = _B.c.kind == "survey" if surveys else and_(_B.c.kind.in_(_OF_MONEY), _B.c.subject.startswith("round:"))
    points = select(_C.c.id).where(_C.c.person_id == person_id)
    theirs = select(_M.c.id).join(_B, _B.c.id == _M.c.batch_id).where(_M.c.contact_point_id.in_(points), about)
    theirs = theirs.where(_M.c.person_id == person_id, _M.c.state == "queued")
    for message_id in tx.execute(theirs).scalars().all():
        withdraw(tx, message_id)


def asked_coming(tx: Tx, contact_id: int, *, since: datetime) -> int | None:
    """Return the newest message to a contact point that asked who comes, sent since a moment (index `ix_message_contact`).

    None where a later broadcast asked nothing: a yes is then no answer to the older one.
    """
    newest = select(_M.c.id, _B.c.audience).join(_B, _B.c.id == _M.c.batch_id)
    gone = (_M.c.direction == "out", _M.c.state.not_in(("queued", "withdrawn")), _M.c.handed_over_at >= since)
    query = newest.where(_M.c.contact_point_id == contact_id, _M.c.kind == "broadcast", *gone)
    row = tx.execute(query.order_by(_M.c.id.desc()).limit(1)).first()
    return row.id if row is not None and (row.audience or {}).get("asks_coming") else None


def keep_coming(tx: Tx, message_id: int, *, coming: bool) -> None:
    """Keep with a broadcast's message what was answered to it; a later answer takes its place."""
    tx.execute(update(_M).where(_M.c.id == message_id).values(reading={"coming": coming}))


def coming(tx: Tx, batch_id: int) -> dict[bool, int]:
    """Count what was answered to a broadcast that asked who comes (index `uq_message_batch_person`)."""
    answered = (_M.c.batch_id == batch_id, _M.c.reading.is_not(None))
    query = select(_M.c.reading, func.count().label("people")).where(*answered).group_by(_M.c.reading)
    return {bool(row.reading["coming"]): row.people for row in tx.execute(query)}


def one_approval_at_a_time(tx: Tx) -> None:
    """Hold the settings' newest row until the transaction ends, so that two approvals do not spend the same money."""
    tx.execute(select(_S.c.id).order_by(_S.c.id.desc()).limit(1).with_for_update(key_share=True))


def cost_between(tx: Tx, kinds: Sequence[str], first: datetime, last: datetime) -> float:
    """Return what the batches of some kinds cost that were approved in a time."""
    within = (_B.c.kind.in_(kinds), _B.c.started_at >= first, _B.c.started_at < last)
    return float(tx.execute(select(func.coalesce(func.sum(_B.c.cost), 0.0)).where(*within)).scalar_one())


def people_in(tx: Tx, batch_id: int) -> set[int]:
    """Return whom a batch has a message for (index `uq_message_batch_person`)."""
    return set(tx.execute(select(_M.c.person_id).where(_M.c.batch_id == batch_id)).scalars())


def of_subject(tx: Tx, subject: str) -> list[int]:
    """Return the batches about a subject."""
    return list(tx.execute(select(_B.c.id).where(_B.c.subject == subject)).scalars())


def retire(tx: Tx, subject: str, day: date) -> None:
    """Let the batches about a subject stand under a name with its old day, so that new ones can be made.

    A number makes the name unique: a subject may come back to a day.
    """
    before = select(func.count(_B.c.subject.distinct())).where(_B.c.subject.startswith(f"{subject}@", autoescape=True))
    new = f"{subject}@{day.isoformat()}#{tx.execute(before).scalar_one() + 1}"
    tx.execute(update(_B).where(_B.c.subject == subject).values(subject=new))
