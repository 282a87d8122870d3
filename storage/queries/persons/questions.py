"""Open questions: asking one, finding the open one, and knowing when it was answered or ran out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from storage.store import Tx
from storage.tables import Question
from storage.tables.base import table_of

_T = table_of(Question)


@dataclass(frozen=True, slots=True)
class QuestionRecord:
    """What a contact point was asked. `options` says what each number stands for; its shape depends on the kind."""

    id: int
    contact_point_id: int
    kind: str
    case_id: int | None
    batch_id: int | None
    options: Any
    state: str
    answer: str | None
    asked_at: datetime
    expires_at: datetime


_COLUMNS = tuple(_T.c[name] for name in QuestionRecord.__dataclass_fields__)
_LATEST = (
    select(*_COLUMNS)
    .where(_T.c.contact_point_id == bindparam("contact_id"))
    .order_by(_T.c.asked_at.desc(), _T.c.id.desc())
    .limit(1)
)
_INSERT = insert(_T).returning(_T.c.id)


def latest(tx: Tx, contact_id: int) -> QuestionRecord | None:
    """Return the newest question to a contact point, open or not, or None (index `ix_question_latest`)."""
    row = tx.execute(_LATEST, {"contact_id": contact_id}).first()
    return None if row is None else QuestionRecord(**row._mapping)


def by_id(tx: Tx, question_id: int) -> QuestionRecord | None:
    """Return a question, or None (primary key)."""
    row = tx.execute(select(*_COLUMNS).where(_T.c.id == question_id)).first()
    return None if row is None else QuestionRecord(**row._mapping)


def open_of(tx: Tx, contact_id: int) -> QuestionRecord | None:
    """Return the open question to a contact point, or None (unique index `uq_question_open`)."""
    query = select(*_COLUMNS).where(_T.c.contact_point_id == contact_id, _T.c.state == "open")
    row = tx.execute(query).first()
    return None if row is None else QuestionRecord(**row._mapping)


def latest_of_kind(tx: Tx, contact_id: int, kind: str) -> QuestionRecord | None:
    """Return the newest question of a kind to a contact point, or None (index `ix_question_latest`)."""
    query = select(*_COLUMNS).where(_T.c.contact_point_id == contact_id, _T.c.kind == kind)
    row = tx.execute(query.order_by(_T.c.asked_at.desc(), _T.c.id.desc()).limit(1)).first()
    return None if row is None else QuestionRecord(**row._mapping)


def is_still_to_be_asked(tx: Tx, case_id: int, now: datetime) -> bool:
    """Tell whether a question about a case is open that has not left yet."""
    query = select(_T.c.id).where(_T.c.case_id == case_id, _T.c.state == "open", _T.c.asked_at > now)
    return tx.execute(query).first() is not None


def ask(
    tx: Tx,
    *,
    contact_id: int,
    kind: str,
    options: Any,
    now: datetime,
    expires_at: datetime,
    case_id: int | None = None,
    batch_id: int | None = None,
) -> int:
    """Open a question, which replaces the one that was open, and return its number."""
    end_open(tx, contact_id, "replaced")
    row = {
        "contact_point_id": contact_id,
        "kind": kind,
        "case_id": case_id,
        "batch_id": batch_id,
        "options": options,
        "state": "open",
        "asked_at": now,
        "expires_at": expires_at,
    }
    return int(tx.execute(_INSERT, row).scalar_one())


def end_open(tx: Tx, contact_id: int, state: str) -> None:
    """End the open question of a contact point, if there is one."""
    tx.execute(update(_T).where(_T.c.contact_point_id == contact_id, _T.c.state == "open").values(state=state))


def end_of_case(tx: Tx, case_id: int, state: str) -> None:
    """End the open questions about a case."""
    tx.execute(update(_T).where(_T.c.case_id == case_id, _T.c.state == "open").values(state=state))


def close(tx: Tx, question_id: int, *, answer: str, now: datetime) -> None:
    """Keep the answer to a question."""
    tx.execute(update(_T).where(_T.c.id == question_id).values(state="answered", answer=answer, answered_at=now))


def take_along(tx: Tx, phones: Sequence[int], to: Mapping[int, int | None]) -> None:
    """Let the open questions about some cases be to other contact points (None: to nobody), and end all others at phones."""
    about = (_T.c.state == "open") & _T.c.case_id.in_(to)
    moving = tx.execute(select(_T.c.id, _T.c.case_id).where(about).order_by(_T.c.id)).all()
    tx.execute(
        update(_T).where((_T.c.state == "open") & (_T.c.contact_point_id.in_(phones) | about)).values(state="replaced")
    )
    for row in moving:
        contact_id = to[row.case_id]
        if contact_id is not None:
            end_open(tx, contact_id, "replaced")
            tx.execute(update(_T).where(_T.c.id == row.id).values(contact_point_id=contact_id, state="open"))
