"""Codes by which two contact points are shown to be one person's, and the merging of two rows of people into one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Table, delete, func, insert, select, update

from storage.store import Tx
from storage.tables import (
    BatchPerson,
    Case,
    CaseContact,
    ConditionPerson,
    ContactPerson,
    ContactPoint,
    Joining,
    Message,
    Person,
    RoundRecipient,
)
from storage.tables.base import table_of

_J, _P, _K, _C, _CC, _M, _CP = (
    table_of(each) for each in (Joining, Person, ContactPoint, Case, CaseContact, Message, ContactPerson)
)
_LISTS: tuple[tuple[Table, str], ...] = (
    (table_of(RoundRecipient), "round_id"),
    (table_of(BatchPerson), "batch_id"),
    (table_of(ConditionPerson), "condition_id"),
    (_CP, "contact_point_id"),
)
_FILLED = (
    "external_id",
    "name",
    "language",
    "script",
    "sex",
    "area_id",
    "programme",
    "group_name",
    "spoken_language",
    "reads",
)
_WISHES = ("money_reminders", "surveys", "consent")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A code that was sent and has not come back."""

    id: int
    sent_to: int
    code_hash: str
    wrong_codes: int
    expires_at: datetime


def add(tx: Tx, *, asked_by: int, sent_to: int, code_hash: str, now: datetime, expires_at: datetime) -> None:
    """Keep a code; what the same contact point asked for before does not count any more."""
    tx.execute(delete(_J).where(_J.c.asked_by == asked_by, _J.c.done_at.is_(None), _J.c.code_hash == code_hash))
    row = {"asked_by": asked_by, "sent_to": sent_to, "code_hash": code_hash, "wrong_codes": 0}
    tx.execute(insert(_J).values(**row, created_at=now, expires_at=expires_at))


def waiting(tx: Tx, asked_by: int, *, since: datetime) -> Waiting | None:
    """Return the newest code that a contact point asked for since then and did not give, or None (index on `asked_by`)."""
    columns = (_J.c.id, _J.c.sent_to, _J.c.code_hash, _J.c.wrong_codes, _J.c.expires_at)
    query = (
        select(*columns)
        .where(_J.c.asked_by == asked_by, _J.c.done_at.is_(None), _J.c.created_at > since)
        .order_by(_J.c.id.desc())
        .limit(1)
    )
    row = tx.execute(query).first()
    return None if row is None else Waiting(**row._mapping)


def asked_since(tx: Tx, *, asked_by: int, sent_to: int, since: datetime) -> int:
    """Count the codes since then that one asked for, or that were sent to the other (their indexes)."""
    mine = (_J.c.asked_by == asked_by) | (_J.c.sent_to == sent_to)
    return int(tx.execute(select(func.count()).select_from(_J).where(mine, _J.c.created_at > since)).scalar_one())


def count_wrong(tx: Tx, joining_id: int) -> None:
    """Count a wrong code."""
    tx.execute(update(_J).where(_J.c.id == joining_id).values(wrong_codes=_J.c.wrong_codes + 1))


def done(tx: Tx, joining_id: int, now: datetime) -> None:
    """Mark a code as come back."""
    tx.execute(update(_J).where(_J.c.id == joining_id).values(done_at=now))


def shared(tx: Tx, contact_ids: Sequence[int]) -> bool:
    """Tell whether one of some contact points is shared by several people (primary key)."""
    query = select(func.count()).select_from(_CP).where(_CP.c.contact_point_id.in_(contact_ids))
    return int(tx.execute(query).scalar_one()) > 0


def merge(tx: Tx, gone: int, kept: int) -> None:
    """Let everything of one person be another's, and remove the first row.

    Of a list that has both, the kept row stays and takes over what only the other knew. A reminder that both were sent
    stays with its contact point alone.
    """
    _fill(tx, gone, kept)
    for table, key in _LISTS:
        _move(tx, table, key, gone=gone, kept=kept)
    for column in (_C.c.person_id, _C.c.about_id):
        tx.execute(update(_C).where(column == gone).values({column.name: kept}))
    both = select(_M.c.batch_id).where(_M.c.person_id == kept, _M.c.batch_id.is_not(None))
    tx.execute(update(_M).where(_M.c.person_id == gone, _M.c.batch_id.in_(both)).values(person_id=None))
    tx.execute(update(_M).where(_M.c.person_id == gone).values(person_id=kept))
    tx.execute(update(_K).where(_K.c.person_id == gone).values(person_id=kept))
    tx.execute(delete(_P).where(_P.c.id == gone))
    _let_all_ask(tx, kept)


def give_case(tx: Tx, case_id: int, *, person_id: int, contact_id: int) -> None:
    """Give a case that came by a shared contact point to one of those who share it.

    From now on it may be asked about from that contact point and from her own, and not from those of whom it was first
    taken for.
    """
    tx.execute(update(_C).where(_C.c.id == case_id).values(person_id=person_id))
    hers = (_M.c.case_id == case_id, _M.c.contact_point_id == contact_id, _M.c.person_id.is_not(None))
    tx.execute(update(_M).where(*hers).values(person_id=person_id))
    tx.execute(delete(_CC).where(_CC.c.case_id == case_id, _CC.c.contact_point_id != contact_id))
    own = select(_K.c.id).where(_K.c.person_id == person_id, _K.c.id != contact_id)
    for other in tx.execute(own).scalars().all():
        tx.execute(insert(_CC).values(case_id=case_id, contact_point_id=other))


def _fill(tx: Tx, gone: int, kept: int) -> None:
    """Fill what is not known of the kept person from the other; a wish for less holds for both."""
    rows = {row.id: row for row in tx.execute(select(*_P.c).where(_P.c.id.in_((gone, kept))))}
    old, new = rows[gone], rows[kept]
    if old.external_id is not None:
        tx.execute(update(_P).where(_P.c.id == gone).values(external_id=None))
    values = {name: getattr(new, name) if getattr(new, name) is not None else getattr(old, name) for name in _FILLED}
    values |= {name: getattr(new, name) and getattr(old, name) for name in _WISHES}
    tx.execute(update(_P).where(_P.c.id == kept).values(**values))


def _move(tx: Tx, table: Table, key: str, *, gone: int, kept: int) -> None:
    on = table.c[key]
    theirs = {row[0] for row in tx.execute(select(on).where(table.c.person_id == kept))}
    for row in tx.execute(select(*table.c).where(table.c.person_id == gone)).all():
        mine = (table.c.person_id == gone, on == row._mapping[key])
        if row._mapping[key] not in theirs:
            tx.execute(update(table).where(*mine).values(person_id=kept))
            continue
        there = tx.execute(select(*table.c).where(table.c.person_id == kept, on == row._mapping[key])).one()._mapping
        news = {name: value for name, value in row._mapping.items() if there[name] is None and value is not None}
        if news:
            tx.execute(update(table).where(table.c.person_id == kept, on == row._mapping[key]).values(**news))
        tx.execute(delete(table).where(*mine))


def _let_all_ask(tx: Tx, person_id: int) -> None:
    """Let every contact point of somebody ask about every case of hers."""
    contact_ids = set(tx.execute(select(_K.c.id).where(_K.c.person_id == person_id)).scalars())
    case_ids = list(tx.execute(select(_C.c.id).where(_C.c.person_id == person_id)).scalars())
    there = tx.execute(select(_CC.c.case_id, _CC.c.contact_point_id).where(_CC.c.case_id.in_(case_ids)))
    known = {(row.case_id, row.contact_point_id) for row in there}
    missing = [(case, contact) for case in case_ids for contact in contact_ids if (case, contact) not in known]
    if missing:
        tx.execute(insert(_CC), [{"case_id": case, "contact_point_id": contact} for case, contact in missing])
