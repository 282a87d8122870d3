"""Cases on one matter: earlier ones of the same person, the one that a case was added to, and those added to one."""

from datetime import datetime

from sqlalchemy import select

from domain.lifecycle import OPEN, CaseKind
from storage.queries.casework.cases import COLUMNS, CaseRecord, by_id, record_of
from storage.store import Tx
from storage.tables import Case, CaseContact, Message
from storage.tables.base import table_of

_T, _CC, _M = table_of(Case), table_of(CaseContact), table_of(Message)
_MOST = 5
_KINDS = (CaseKind.COMPLAINT.value, CaseKind.QUESTION.value)


def earlier(tx: Tx, case: CaseRecord, *, contact_id: int, since: datetime) -> list[CaseRecord]:
    """Return a person's earlier open cases that a new one may belong to, newest first (index on person and time).

    Only those that this contact point may ask about, on behalf of the same one, and that officers see.
    """
    same = _T.c.about_id.is_(None) if case.about_id is None else _T.c.about_id == case.about_id
    query = (
        select(*COLUMNS)
        .join(_CC, (_CC.c.case_id == _T.c.id) & (_CC.c.contact_point_id == contact_id))
        .where(
            _T.c.person_id == case.person_id,
            _T.c.received_at >= since,
            _T.c.id < case.id,
            _T.c.status.in_([each.value for each in OPEN]),
            _T.c.kind.in_(_KINDS),
            _T.c.sensitive.is_(None),
            _T.c.with_desk.is_(False),
            _T.c.topic.is_(None),
            same,
        )
    )
    return [record_of(row) for row in tx.execute(query.order_by(_T.c.id.desc()).limit(_MOST))]


def first_words(tx: Tx, case_id: int) -> str:
    """Return the words that a case began with, where they are not sealed (index `ix_message_case`)."""
    query = select(_M.c.text).where(_M.c.case_id == case_id, _M.c.direction == "in", _M.c.text.is_not(None))
    return str(tx.execute(query.order_by(_M.c.id).limit(1)).scalar() or "")


def survivor(tx: Tx, case: CaseRecord) -> CaseRecord:
    """Return the case that one was added to, over however many steps; itself where it was not."""
    while case.duplicate_of is not None:
        case = by_id(tx, case.duplicate_of)
    return case


def added_to(tx: Tx, case_id: int) -> list[CaseRecord]:
    """Return the cases that were added to one, and to those, in order (index on `duplicate_of`)."""
    found: list[CaseRecord] = []
    to = [case_id]
    while to:
        query = select(*COLUMNS).where(_T.c.duplicate_of.in_(to)).order_by(_T.c.id)
        added = [record_of(row) for row in tx.execute(query)]
        found += added
        to = [each.id for each in added]
    return found
