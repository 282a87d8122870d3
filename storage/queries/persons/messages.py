"""Messages of conversations: what was received, what was said, and in which key it lies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, insert, or_, select, update

from domain.inbound import Channel, storable_id
from domain.ports import Button, Rows
from storage.store import Tx
from storage.tables import Message
from storage.tables.base import table_of

_T = table_of(Message)
_INSERT = insert(_T).returning(_T.c.id)
_DEFAULTS: dict[str, Any] = {
    "contact_point_id": None, "case_id": None, "batch_id": None, "person_id": None, "staff_id": None, "key": None,
    "text": None, "sealed_text": None, "language": None, "reading": None, "buttons": None, "protect": False,
    "gateway": None, "provider_id": None, "segments": 1, "failure": None, "handed_over_at": None, "state_at": None,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class MessageRecord:
    """One message. `text` is the words whatever key they lie in: let nobody read them who may not see the case."""

    id: int
    direction: str
    contact_point_id: int | None
    case_id: int | None
    staff_id: int | None
    kind: str
    key: str | None
    text: str
    channel: Channel
    state: str
    provider_id: str | None
    at: datetime
    buttons: Rows


@dataclass(frozen=True, slots=True)
class Lately:
    """What guards look at of a message; `text` is None where it is sealed."""

    direction: str
    kind: str
    key: str | None
    text: str | None
    at: datetime


_LAST = (
    select(_T.c.direction, _T.c.kind, _T.c.key, _T.c.text, _T.c.at, _T.c.staff_id)
    .where(_T.c.contact_point_id == bindparam("contact_id"))
    .order_by(_T.c.id.desc())
    .limit(bindparam("most"))
    .subquery()
)
_LATELY = select(_LAST).where(_LAST.c.at > bindparam("since"), _LAST.c.staff_id.is_(None))
_COLUMNS = (
    _T.c.id, _T.c.direction, _T.c.contact_point_id, _T.c.case_id, _T.c.staff_id, _T.c.kind, _T.c.key, _T.c.text,
    _T.c.sealed_text, _T.c.channel, _T.c.state, _T.c.provider_id, _T.c.at, _T.c.buttons,
)  # fmt: skip


def add(tx: Tx, *, text: str, sealed: bool, **values: Any) -> int:
    """Keep a message, its text under the sensitive key where `sealed`, and return its number."""
    row = {**_DEFAULTS, **values, ("sealed_text" if sealed else "text"): text}
    return int(tx.execute(_INSERT, row).scalar_one())


def by_id(tx: Tx, message_id: int) -> MessageRecord | None:
    """Return a message, or None (primary key)."""
    row = tx.execute(select(*_COLUMNS).where(_T.c.id == message_id)).first()
    return None if row is None else _record(row)


def fate_of(tx: Tx, message_id: int) -> tuple[str, str | None]:
    """Return a message's state and failure (primary key)."""
    row = tx.execute(select(_T.c.state, _T.c.failure).where(_T.c.id == message_id)).one()
    return row.state, row.failure


def by_provider_id(tx: Tx, gateway: str, contact_id: int, provider_id: str) -> MessageRecord | None:
    """Return the message that a provider calls by this id in a conversation, or None (index `ix_message_provider`).

    A long message left in pieces, and is found by the id of each: among the conversation's (index `ix_message_contact`).
    """
    theirs = and_(_T.c.gateway == gateway, _T.c.contact_point_id == contact_id)
    whole = _T.c.provider_id == provider_id
    pieces = ("," + _T.c.provider_id + ",").contains(f",{provider_id},", autoescape=True)
    for which in (whole, and_(_T.c.provider_id.contains(","), pieces)):
        query = select(*_COLUMNS).where(theirs, which).order_by(_T.c.id.desc()).limit(1)
        if provider_id and (row := tx.execute(query).first()) is not None:
            return _record(row)
    return None


def of_case(tx: Tx, case_id: int) -> list[MessageRecord]:
    """Return the conversation of a case with its person, in order (index `ix_message_case`)."""
    theirs = and_(_T.c.case_id == case_id, _T.c.kind != "notice")
    return [_record(row) for row in tx.execute(select(*_COLUMNS).where(theirs).order_by(_T.c.id))]


def notices_of(tx: Tx, case_id: int) -> list[MessageRecord]:
    """Return what staff were sent about a case (index `ix_message_case`)."""
    query = select(*_COLUMNS).where(_T.c.case_id == case_id, _T.c.kind == "notice")
    return [_record(row) for row in tx.execute(query.order_by(_T.c.id))]


def of_contact(tx: Tx, contact_id: int, *, after_id: int, limit: int) -> list[MessageRecord]:
    """Return a contact point's messages after a number, in order (index `ix_message_contact`)."""
    query = select(*_COLUMNS).where(_T.c.contact_point_id == contact_id, _T.c.id > after_id)
    return [_record(row) for row in tx.execute(query.order_by(_T.c.id).limit(limit))]


def album_key(album: str | None) -> str | None:
    """Return what stands in `key` of the messages of one album, by the provider's id of the album."""
    return f"album:{album}" if album else None


def of_album(tx: Tx, contact_id: int, album: str) -> list[MessageRecord]:
    """Return what came of an album from a contact point so far, in order (index `ix_message_contact`)."""
    query = select(*_COLUMNS).where(
        _T.c.contact_point_id == contact_id, _T.c.direction == "in", _T.c.key == album_key(album)
    )
    return [_record(row) for row in tx.execute(query.order_by(_T.c.id))]


def said_since(tx: Tx, contact_id: int, key: str, since: datetime) -> int:
    """Count how often a contact point was told a thing since then (index `ix_message_contact`)."""
    query = select(func.count()).where(_T.c.contact_point_id == contact_id, _T.c.key == key, _T.c.at >= since)
    return int(tx.execute(query).scalar_one())


def lately(tx: Tx, contact_id: int, *, since: datetime, most: int) -> list[Lately]:
    """Return what was said with a contact point since then, newest first, among its `most` last messages at the most.

    Served by index `ix_message_contact`, from its end; what staff were told as staff is left out.
    """
    rows = tx.execute(_LATELY, {"contact_id": contact_id, "since": since, "most": most})
    return [Lately(row.direction, row.kind, row.key, row.text, row.at) for row in rows]


def change(tx: Tx, message_id: int, **values: Any) -> None:
    """Set columns of a message."""
    tx.execute(update(_T).where(_T.c.id == message_id).values(**values))


def set_text(tx: Tx, message_id: int, text: str, *, sealed: bool) -> None:
    """Replace the words of a message. The days and sums that stood in the old ones are forgotten: they lie in the open."""
    change(tx, message_id, **({"text": None, "sealed_text": text} if sealed else {"text": text, "sealed_text": None}))
    kept = tx.execute(select(_T.c.reading).where(_T.c.id == message_id)).scalar()
    if kept and "slots" in kept:
        change(tx, message_id, reading={name: value for name, value in kept.items() if name != "slots"})


def seal_case(tx: Tx, case_id: int, *, sealed: bool) -> None:
    """Move the words of a case's messages under the sensitive key, or back where a focal point released it.

    What officers were shown of its person stays sealed.
    """
    there = _T.c.text if sealed else _T.c.sealed_text
    which = [_T.c.case_id == case_id, there.is_not(None)] + ([] if sealed else [_T.c.protect.is_(False)])
    for row in tx.execute(select(_T.c.id, there.label("words")).where(*which)):
        set_text(tx, row.id, row.words, sealed=sealed)


def move_to_case(tx: Tx, message_ids: Sequence[int], case_id: int) -> None:
    """Let messages belong to a case."""
    tx.execute(update(_T).where(_T.c.id.in_(message_ids)).values(case_id=case_id))


_ADVANCE = (
    update(_T)
    .where(_T.c.id == bindparam("message_id"))
    .values(
        state=bindparam("new_state"),
        state_at=bindparam("moment"),
        handed_over_at=bindparam("handed_over"),
        provider_id=bindparam("new_provider_id"),
        failure=bindparam("new_failure"),
    )
)


def is_conversation(message: MessageRecord) -> bool:
    """Tell whether a message is her own words, or an officer's to her: what an officer reads of a case."""
    return (message.direction == "in" and message.kind != "answer") or message.kind in ("officer", "question")


def record_results(tx: Tx, results: Sequence[dict[str, Any]]) -> None:
    """Keep what became of messages that were handed over (primary key)."""
    if results:
        tx.execute(_ADVANCE, list(results))


def find_for_receipt(tx: Tx, gateway: str, *, message_id: int | None, provider_id: str | None) -> Any:
    """Return number, state, contact, parts and handing over of the message that a receipt speaks of, locked, or None."""
    ours = and_(_T.c.id == message_id, _T.c.gateway == gateway)
    theirs = and_(_T.c.gateway == gateway, _T.c.provider_id == storable_id(provider_id or ""))
    known = [condition for condition, given in ((ours, message_id), (theirs, provider_id)) if given is not None]
    if not known:
        return None
    wanted = (_T.c.id, _T.c.state, _T.c.contact_point_id, _T.c.segments, _T.c.provider_id, _T.c.again)
    query = select(*wanted).where(_T.c.direction == "out", or_(*known))
    return tx.execute(query.limit(1).with_for_update(key_share=True)).first()


def _record(row: Any) -> MessageRecord:
    rows = tuple(tuple(Button(label, data) for label, data in line) for line in row.buttons or ())
    return MessageRecord(
        id=row.id,
        direction=row.direction,
        contact_point_id=row.contact_point_id,
        case_id=row.case_id,
        staff_id=row.staff_id,
        kind=row.kind,
        key=row.key,
        text=row.text if row.text is not None else row.sealed_text or "",
        channel=Channel(row.channel),
        state=row.state,
        provider_id=row.provider_id,
        at=row.at,
        buttons=rows,
    )
