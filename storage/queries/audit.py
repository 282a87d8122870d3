"""The audit log: adding entries, sealing them into a chain, and finding what was changed, removed or put in.

An entry's hash is SHA-256 over canonical JSON of the hash before it and of everything that is not personal, with the
salted digest in place of what is. Erasure takes the personal value and its salt, and the chain still holds. Each entry
also bears a mark made with the installation's key: whoever has only the database cannot make one.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import LargeBinary, bindparam, func, insert, select, type_coerce, update

from storage.keys import KeyFault
from storage.store import Tx
from storage.tables import AuditEntry, AuditHead
from storage.tables.base import table_of

_T, _HEAD = table_of(AuditEntry), table_of(AuditHead)
START = "0" * 64
_TOLD = ("at", "type", "actor", "actor_id", "case_id", "data", "digest")
_REMARKS = ("case.noted", "case.escalated", "case.decision_refused", "case.called", "case.told_in_person",
            "case.extended", "case.back_to_desk")  # fmt: skip
_RELEASED = "case.released"
_INSERT = insert(_T)
_RAW = (*(c for c in _T.c if c.name != "personal"), type_coerce(_T.c.personal, LargeBinary).label("personal"))
_SEALED = select(*_RAW).where(_T.c.seq.is_not(None)).order_by(_T.c.seq)
_WAITING = select(*_RAW).where(_T.c.seq.is_(None)).order_by(_T.c.id)
_UNSEALED = _WAITING.limit(bindparam("most"))
_SEAL = update(_T).where(_T.c.id == bindparam("entry_id")).values(
    seq=bindparam("new_seq"), previous=bindparam("new_previous"), hash=bindparam("new_hash")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Event:
    """An entry as its readers see it."""

    id: int
    at: datetime
    type: str
    actor: str
    actor_id: int | None
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Remark:
    """What a member of staff wrote on a case for those who have it after him."""

    at: datetime
    staff_id: int | None
    type: str
    text: str


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the chain, and at which entry."""

    entry: int
    kind: str


def add(
    tx: Tx,
    type_: str,
    *,
    actor: str,
    now: datetime,
    actor_id: int | None = None,
    case_id: int | None = None,
    data: dict[str, Any] | None = None,
    personal: str | None = None,
) -> None:
    """Add an entry to the log, with what it tells of. `personal` is kept apart so that it can be erased."""
    salt = os.urandom(16) if personal is not None else None
    row = {
        "at": now,
        "type": type_,
        "actor": actor,
        "actor_id": actor_id,
        "case_id": case_id,
        "data": data or {},
        "personal": personal,
        "salt": salt,
        "digest": _digest(salt, personal),
    }
    tx.execute(_INSERT, row | {"mark": _mark(tx, row, os.urandom(8).hex())})


def of_case(tx: Tx, case_id: int) -> list[Event]:
    """Return what happened to a case, in order (index `ix_audit_entry_case`)."""
    rows = tx.execute(select(*_T.c).where(_T.c.case_id == case_id).order_by(_T.c.id))
    return [Event(row.id, row.at, row.type, row.actor, row.actor_id, row.data) for row in rows]


def remarks_of(tx: Tx, case_id: int, *, since_release: bool = False) -> list[Remark]:
    """Return what officers noted on a case and why they did what they did, in order (index `ix_audit_entry_case`).

    With `since_release` nothing of what was written before a focal point released it.
    """
    columns = (_T.c.at, _T.c.actor_id, _T.c.type, _T.c.personal)
    query = select(*columns).where(_T.c.case_id == case_id, _T.c.type.in_((*_REMARKS, _RELEASED))).order_by(_T.c.id)
    found: list[Remark] = []
    for row in tx.execute(query):
        if row.type == _RELEASED and since_release:
            found.clear()
        elif row.personal is not None:
            found.append(Remark(row.at, row.actor_id, row.type, row.personal))
    return found


def seal(tx: Tx, now: datetime, limit: int) -> int:
    """Chain the entries that are not sealed yet and count them. One sealer at a time: the head's row is locked."""
    end = _locked_head(tx, now)
    sealed = []
    for row in tx.execute(_UNSEALED, {"most": limit}).all():
        seq, previous = end.seq + 1, end.hash
        end = Head(seq, _hash(row, seq, previous))
        sealed.append({"entry_id": row.id, "new_seq": seq, "new_previous": previous, "new_hash": end.hash})
    if sealed:
        tx.execute(_SEAL, sealed)
        tx.execute(update(_HEAD).where(_HEAD.c.id == 1).values(seq=end.seq, hash=end.hash, at=now))
    return len(sealed)


def head(tx: Tx) -> Head:
    """Return the end of the chain."""
    row = tx.execute(select(_HEAD.c.seq, _HEAD.c.hash).where(_HEAD.c.id == 1)).first()
    return Head(0, START) if row is None else Head(row.seq, row.hash)


def unsealed(tx: Tx) -> int:
    """Count the entries that wait for the sealer (index `ix_audit_entry_unsealed`)."""
    return int(tx.execute(select(func.count()).select_from(_T).where(_T.c.seq.is_(None))).scalar_one())


def entries(tx: Tx) -> int:
    """Count all entries."""
    return int(tx.execute(select(func.count()).select_from(_T)).scalar_one())


def newest(tx: Tx) -> datetime | None:
    """Return the moment of the newest entry (primary key), or None where there is none."""
    found: datetime | None = tx.execute(select(_T.c.at).order_by(_T.c.id.desc()).limit(1)).scalar()
    return found


def faults(tx: Tx, witnessed: dict[int, str]) -> Iterator[Fault]:
    """Walk the chain and yield what is wrong with it.

    `witnessed` are earlier heads kept in a second place, hash by sequence number: only they show that the whole chain
    was rewritten or its end cut off. Kinds: `changed`, `removed`, `inserted`, `cut`, `rewritten`.
    """
    expected, previous, seen = 1, START, dict(witnessed)
    for row in tx.connection.execution_options(yield_per=1000).execute(_SEALED):
        yield from (Fault(lost, "removed") for lost in range(expected, row.seq))
        if row.previous != previous and row.seq == expected:
            yield Fault(row.seq, "inserted")
        elif _hash(row, row.seq, row.previous or "") != row.hash or not _genuine(tx, row):
            yield Fault(row.seq, "changed")
        if seen.pop(row.seq, row.hash) != row.hash:
            yield Fault(row.seq, "rewritten")
        expected, previous = row.seq + 1, row.hash
    end = head(tx)
    if end.seq >= expected:
        yield from (Fault(lost, "removed") for lost in range(expected, end.seq + 1))
    elif end.seq < expected - 1:
        yield Fault(end.seq + 1, "inserted")
    yield from (Fault(seq, "cut") for seq in sorted(seen) if seq > end.seq)
    yield from (Fault(row.id, "inserted") for row in tx.execute(_WAITING) if not _genuine(tx, row))


def _locked_head(tx: Tx, now: datetime) -> Head:
    row = tx.execute(select(_HEAD.c.seq, _HEAD.c.hash).where(_HEAD.c.id == 1).with_for_update(key_share=True)).first()
    if row is None:
        tx.execute(insert(_HEAD).values(id=1, seq=0, hash=START, at=now))
        return Head(0, START)
    return Head(row.seq, row.hash)


def _hash(row: Any, seq: int, previous: str) -> str:
    chained = {"seq": seq, "previous": previous, "id": row.id, "mark": row.mark}
    return hashlib.sha256(_canonical(row._asdict() | chained, ("seq", "previous", "id", "mark", *_TOLD))).hexdigest()


def _mark(tx: Tx, row: dict[str, Any], nonce: str) -> str:
    return nonce + tx.keys.fingerprint("audit", nonce, _canonical(row, _TOLD).decode())


def _genuine(tx: Tx, row: Any) -> bool:
    if _mark(tx, row._asdict(), row.mark[:16]) != row.mark:
        return False
    return row.personal is None or _digest(row.salt, _decrypted(tx, row.personal)) == row.digest


def _decrypted(tx: Tx, personal: bytes) -> str | None:
    try:
        return tx.keys.decrypt("sensitive", bytes(personal)).decode()
    except (KeyFault, IndexError, UnicodeDecodeError):
        return None


def _canonical(row: dict[str, Any], names: tuple[str, ...]) -> bytes:
    values = {name: row[name] for name in names}
    values["at"] = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
    return orjson.dumps(values, option=orjson.OPT_SORT_KEYS)


def _digest(salt: bytes | None, personal: str | None) -> str | None:
    if salt is None or personal is None:
        return None
    return hashlib.sha256(salt + personal.encode("utf-8", "replace")).hexdigest()
