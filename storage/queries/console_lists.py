"""What the console lists: what the desk has still to read, who read a case, files with their transcripts, whom to call."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, literal_column, or_, select, update

from domain.settings import Level
from storage.queries.casework.caseload import IS_OPEN, visible_to
from storage.queries.casework.cases import COLUMNS, CaseRecord, record_of
from storage.queries.staffing.staff import PostHeld
from storage.store import Tx
from storage.tables import (
    Area,
    Attachment,
    AuditEntry,
    Case,
    ContactPerson,
    ContactPoint,
    Message,
    Person,
    SecondLook,
    Staff,
)
from storage.tables.base import table_of

_C, _M, _F, _E, _P, _S, _A, _K, _CP, _L = (
    table_of(each)
    for each in (Case, Message, Attachment, AuditEntry, Person, Staff, Area, ContactPoint, ContactPerson, SecondLook)
)
_FILE = (_F.c.id, _F.c.message_id, _F.c.kind, _F.c.mime, _F.c.size, _F.c.state, _F.c.transcript, _F.c.transcribed_at)
UNSORTED = "unsorted"
"""The kind of a message that nobody could read and that belongs to no case."""


@dataclass(frozen=True, slots=True)
class UnsortedRecord:
    """A message that nobody could read, and by which contact point and person it came."""

    id: int
    text: str
    language: str | None
    channel: str
    contact_id: int | None
    person_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file of a message, without its bytes; `mime` was found by looking at them, None while they are not there."""

    id: int
    message_id: int
    kind: str
    mime: str | None
    size: int | None
    state: str
    transcript: str | None
    transcribed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Callee:
    """How somebody is spoken to: the languages that are known of her, whether she reads, whether others use her phone."""

    language: str | None
    spoken_language: str | None
    reads: bool | None
    shares: bool


def to_read(tx: Tx, posts: Sequence[PostHeld], limit: int) -> list[CaseRecord]:
    """List the open cases that the desk has to read before anybody in the area, oldest first."""
    return _listed(tx, posts, limit, _C.c.with_desk)


def to_agree(tx: Tx, posts: Sequence[PostHeld], reader: int, limit: int) -> list[CaseRecord]:
    """Return cases whose decision waits for a second person, which this reader may be, the longest waiting first."""
    query = select(*COLUMNS).join(_L, _L.c.case_id == _C.c.id)
    query = query.where(_L.c.state == literal_column("'open'"), _L.c.proposed_by != reader, visible_to(posts))
    return [record_of(row) for row in tx.execute(query.order_by(_L.c.proposed_at, _L.c.id).limit(limit))]


def at_desk(tx: Tx, posts: Sequence[PostHeld], limit: int) -> list[CaseRecord]:
    """List the open cases that lie with the desk and were read: without a place, or where nobody is left; oldest first."""
    return _listed(tx, posts, limit, ~_C.c.with_desk, _C.c.level == Level.DESK.value)


def to_call(tx: Tx, posts: Sequence[PostHeld], limit: int) -> list[CaseRecord]:
    """List the open cases whose people want to be called and were not yet, oldest first."""
    wanted = or_(_C.c.call_wanted_at.is_not(None), _C.c.call_hours.is_not(None))
    return _listed(tx, posts, limit, wanted, _C.c.called_at.is_(None))


def unsorted(tx: Tx, limit: int) -> list[UnsortedRecord]:
    """List the messages that belong to no case and wait for the desk, oldest first."""
    return [_unsorted_record(row) for row in tx.execute(_unsorted().order_by(_M.c.id).limit(limit))]


def count_unsorted(tx: Tx) -> int:
    """Count the messages that belong to no case and wait for the desk (partial index `ix_message_unsorted`)."""
    return int(tx.execute(select(func.count()).select_from(_unsorted().subquery())).scalar_one())


def unsorted_message(tx: Tx, message_id: int) -> UnsortedRecord | None:
    """Return one message of the desk's list, locked, or None where it is not on it (primary key)."""
    row = tx.execute(_unsorted().where(_M.c.id == message_id).with_for_update(key_share=True)).first()
    return None if row is None else _unsorted_record(row)


def take_unsorted(tx: Tx, message_id: int) -> bool:
    """Take a message off the desk's list, once; False where it is not on it any more."""
    mine = update(_M).where(_M.c.id == message_id, _M.c.kind == UNSORTED, _M.c.case_id.is_(None))
    return tx.execute(mine.values(kind="message")).rowcount == 1


def files_of_case(tx: Tx, case_id: int) -> list[FileRecord]:
    """Return the files of a case's messages, in order (indexes on message and case)."""
    query = select(*_FILE).join(_M, _M.c.id == _F.c.message_id).where(_M.c.case_id == case_id)
    return [FileRecord(**row._mapping) for row in tx.execute(query.order_by(_F.c.id))]


def kinds_of_files(tx: Tx, case_ids: Collection[int]) -> dict[int, set[str]]:
    """Return which kinds of file the messages of these cases brought."""
    query = select(_M.c.case_id, _F.c.kind).join(_F, _F.c.message_id == _M.c.id).where(_M.c.case_id.in_(case_ids))
    found: dict[int, set[str]] = {}
    for row in tx.execute(query):
        found.setdefault(row.case_id, set()).add(row.kind)
    return found


def bytes_of(tx: Tx, attachment_id: int, case_id: int) -> tuple[bytes, str] | None:
    """Return bytes and type of a file that belongs to a case, or None (primary key)."""
    query = select(_F.c.data, _F.c.mime).join(_M, _M.c.id == _F.c.message_id)
    row = tx.execute(query.where(_F.c.id == attachment_id, _M.c.case_id == case_id)).first()
    return None if row is None or row.data is None else (row.data, row.mime or "application/octet-stream")


def transcribe(tx: Tx, attachment_id: int, case_id: int, *, words: str, staff_id: int, now: datetime) -> bool:
    """Keep what was heard or seen in a file of a case; False where there is no such file."""
    theirs = select(_M.c.id).where(_M.c.case_id == case_id)
    written = update(_F).where(_F.c.id == attachment_id, _F.c.message_id.in_(theirs))
    values = {"transcript": words, "transcribed_by": staff_id, "transcribed_at": now}
    return tx.execute(written.values(**values)).rowcount == 1


def transcripts(tx: Tx, case_id: int) -> dict[int, list[str]]:
    """Return what the desk wrote down of a case's files, by message."""
    found: dict[int, list[str]] = {}
    for file in files_of_case(tx, case_id):
        if file.transcript:
            found.setdefault(file.message_id, []).append(file.transcript)
    return found


def readers(tx: Tx, case_id: int) -> list[tuple[int, datetime]]:
    """Return who read the words of a case and when last, by number, in the order of that (index `ix_audit_entry_case`)."""
    last = func.max(_E.c.id)
    query = select(_E.c.actor_id, last.label("entry")).where(
        _E.c.case_id == case_id, _E.c.type == "case.read", _E.c.actor_id.is_not(None)
    )
    newest = {row.entry: row.actor_id for row in tx.execute(query.group_by(_E.c.actor_id))}
    rows = tx.execute(select(_E.c.id, _E.c.at).where(_E.c.id.in_(newest)).order_by(_E.c.id))
    return [(newest[row.id], row.at) for row in rows]


def names_of(tx: Tx, staff_ids: Collection[int]) -> dict[int, str]:
    """Return the names of members of staff by number (primary key)."""
    return {row.id: row.name for row in tx.execute(select(_S.c.id, _S.c.name).where(_S.c.id.in_(staff_ids)))}


def callees(tx: Tx, case_ids: Collection[int]) -> dict[int, Callee]:
    """Return how the people of cases are spoken to, by the case's number (primary keys)."""
    language = func.coalesce(_P.c.language, _K.c.language).label("language")
    sharers = select(func.count()).where(_CP.c.contact_point_id == _K.c.id).correlate(_K).scalar_subquery()
    query = (
        select(_C.c.id, language, _P.c.spoken_language, _P.c.reads, (sharers > 1).label("shares"))
        .join(_P, _P.c.id == _C.c.person_id)
        .outerjoin(_K, _K.c.id == _C.c.contact_point_id)
        .where(_C.c.id.in_(case_ids))
    )
    return {
        row.id: Callee(row.language, row.spoken_language, row.reads, shares=bool(row.shares))
        for row in tx.execute(query)
    }


def area_names(tx: Tx, area_ids: Collection[int], language: str) -> dict[int, str]:
    """Return the names of areas by number, in a language where there is one."""
    rows = tx.execute(select(*_A.c).where(_A.c.id.in_(area_ids)))
    return {row.id: row._mapping[f"name_{language}"] or row.name_en or row.name_km or row.name_lo for row in rows}


def _unsorted() -> Any:
    return select(*_M.c).where(
        _M.c.kind == literal_column(f"'{UNSORTED}'"), _M.c.case_id.is_(None), _M.c.direction == "in"
    )


def _unsorted_record(row: Any) -> UnsortedRecord:
    return UnsortedRecord(
        id=row.id,
        text=row.text if row.text is not None else row.sealed_text or "",
        language=row.language,
        channel=row.channel,
        contact_id=row.contact_point_id,
        person_id=row.person_id,
        at=row.at,
    )


def _listed(tx: Tx, posts: Sequence[PostHeld], limit: int, *which: Any) -> list[CaseRecord]:
    query = select(*COLUMNS).where(IS_OPEN, visible_to(posts), *which)
    return [record_of(row) for row in tx.execute(query.order_by(_C.c.received_at, _C.c.id).limit(limit))]
