"""What sensitive cases need beside themselves: the form and its clocks, who is called when nobody takes one, no trace left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, insert, or_, select, update

from domain.harm_form import Body
from domain.lifecycle import OPEN, Status
from domain.settings import Level
from storage.store import AlreadyThere, Tx
from storage.tables import (
    Alert,
    Area,
    AuditEntry,
    Case,
    CaseBar,
    HarmForm,
    PendingAct,
    Person,
    Post,
    PostHolding,
    Staff,
    UndoableAct,
)
from storage.tables.base import table_of

_T, _C, _AL, _A, _S, _H, _P, _BAR = (
    table_of(each) for each in (HarmForm, Case, Alert, AuditEntry, Staff, PostHolding, Post, CaseBar)
)
_PENDING, _UNDO, _PERSON, _AREA = (table_of(each) for each in (PendingAct, UndoableAct, Person, Area))
_OPEN = _C.c.status.in_([each.value for each in sorted(OPEN)])
_MOST_NAMES = 5000
CALLED = "focal_called"
"""The kind of alert that tells that all focal points were called to a case which nobody took."""


@dataclass(frozen=True, slots=True)
class FormRecord:
    """A case's form. `answers` is JSON; what has no `bank_due_at` is not for the Bank."""

    case_id: int
    answers: str
    project_due_at: datetime
    project_told_at: datetime | None
    project_told_by: int | None
    bank_due_at: datetime | None
    bank_told_at: datetime | None
    bank_told_by: int | None
    changed_by: int | None
    changed_at: datetime

    def due_at(self, body: Body) -> datetime | None:
        """Return by when somebody has to be notified."""
        return self.project_due_at if body is Body.PROJECT else self.bank_due_at

    def told_at(self, body: Body) -> datetime | None:
        """Return when somebody was notified."""
        return self.project_told_at if body is Body.PROJECT else self.bank_told_at


@dataclass(frozen=True, slots=True)
class Running:
    """A clock that nobody has stopped: of which case, whom it is for, and when it runs out."""

    case_id: int
    body: Body
    due_at: datetime


_COLUMNS = tuple(_T.c[name] for name in FormRecord.__dataclass_fields__)


def of_case(tx: Tx, case_id: int) -> FormRecord | None:
    """Return a case's form, or None (primary key)."""
    row = tx.execute(select(*_COLUMNS).where(_T.c.case_id == case_id)).first()
    return None if row is None else FormRecord(**row._mapping)


def begin(tx: Tx, case_id: int, **values: Any) -> bool:
    """Make a case's form; False where it has one."""
    try:
        with tx.attempt():
            tx.execute(insert(_T).values(case_id=case_id, **values))
    except AlreadyThere:
        return False
    return True


def change(tx: Tx, case_id: int, **values: Any) -> None:
    """Set columns of a case's form."""
    tx.execute(update(_T).where(_T.c.case_id == case_id).values(**values))


def running(tx: Tx, before: datetime) -> list[Running]:
    """Return the clocks that run out before then and that nobody has stopped, of cases that are not closed.

    One row of this small table a sensitive case; cases by their primary key.
    """
    query = (
        select(_T.c.case_id, _T.c.project_due_at, _T.c.project_told_at, _T.c.bank_due_at, _T.c.bank_told_at)
        .join(_C, _C.c.id == _T.c.case_id)
        .where(_C.c.sensitive.is_not(None), _C.c.status != Status.CLOSED.value)
        .where(or_(*(and_(due <= before, told.is_(None)) for _, due, told in _clocks())))
        .order_by(_T.c.case_id)
    )
    return [
        Running(row.case_id, body, row._mapping[due.name])
        for row in tx.execute(query)
        for body, due, told in _clocks()
        if row._mapping[told.name] is None and row._mapping[due.name] is not None and row._mapping[due.name] <= before
    ]


def not_taken(tx: Tx, before: datetime) -> list[int]:
    """Return the open sensitive cases that lie with the focal points since before then, and that nobody took.

    Not those which a focal point read, or to which all were called, after that moment (indexes by case of the audit log
    and of alerts).
    """
    since = func.coalesce(_C.c.due_from, _C.c.received_at)
    called = select(_AL.c.id).where(_AL.c.case_id == _C.c.id, _AL.c.kind == CALLED, _AL.c.at > before)
    read = select(_A.c.id).where(
        _A.c.case_id == _C.c.id, _A.c.type == "case.read", _A.c.at > before, _A.c.actor_id.in_(_focal())
    )
    query = (
        select(_C.c.id)
        .join(_T, _T.c.case_id == _C.c.id)
        .where(_OPEN, _C.c.sensitive.is_not(None), _C.c.taken_by.is_(None), since <= before)
        .where(~called.exists(), ~read.exists())
    )
    return list(tx.execute(query.order_by(_C.c.id)).scalars())


def focal_points(tx: Tx, now: datetime, case_id: int) -> list[int]:
    """Return the focal points who are there and are not named by a case, in the order in which they took the post."""
    there = and_(_S.c.active.is_(True), or_(_S.c.absent_until.is_(None), _S.c.absent_until <= now))
    named = select(_BAR.c.staff_id).where(_BAR.c.case_id == case_id, _BAR.c.staff_id == _S.c.id).exists()
    query = (
        select(_S.c.id)
        .join(_H, _H.c.staff_id == _S.c.id)
        .join(_P, _P.c.id == _H.c.post_id)
        .where(_P.c.level == Level.FOCAL.value, _H.c.until.is_(None), there, ~named)
        .group_by(_S.c.id)
        .order_by(func.min(_H.c.since), _S.c.id)
    )
    return list(tx.execute(query).scalars())


def names_near(tx: Tx, *, person_id: int, area_path: str | None) -> list[str]:
    """Return the names of a person, and of the people of an area and all that lies in it (index on `person.area_id`)."""
    here: list[ColumnElement[bool]] = [_PERSON.c.id == person_id]
    if area_path is not None:
        within = select(_AREA.c.id).where(_AREA.c.path.startswith(area_path, autoescape=True))
        here.append(_PERSON.c.area_id.in_(within))
    query = select(_PERSON.c.name).where(_PERSON.c.name.is_not(None), or_(*here))
    return list(tx.execute(query.limit(_MOST_NAMES)).scalars())


def names_of_staff(tx: Tx) -> list[tuple[str, ...]]:
    """Return the names of everybody of the staff, each with the further ways to write it."""
    rows = tx.execute(select(_S.c.name, _S.c.other_names).order_by(_S.c.id))
    return [(row.name, *(row.other_names or "").splitlines()) for row in rows]


def forget_traces(tx: Tx, case_id: int, now: datetime) -> None:
    """Take what officers began with a case out of their hands: drafts with their words, and acts that could be undone.

    An act stays as one that is over, so that its officer's next `/undo` does not take back the one before it.
    """
    begun = (_PENDING.c.case_id == case_id, _PENDING.c.state.in_(("draft", "prompt", "code")))
    tx.execute(update(_PENDING).where(*begun).values(state="dropped"))
    tx.execute(update(_PENDING).where(_PENDING.c.case_id == case_id).values(payload='{"words": ""}'))
    tx.execute(update(_UNDO).where(_UNDO.c.case_id == case_id, _UNDO.c.expires_at > now).values(expires_at=now))


def count_received(tx: Tx, start: datetime, end: datetime) -> int:
    """Count the sensitive cases that came in from `start` to before `end`; what was added to another counts with that."""
    query = select(func.count()).select_from(_C).where(_C.c.sensitive.is_not(None), _C.c.duplicate_of.is_(None))
    return int(tx.execute(query.where(_C.c.received_at >= start, _C.c.received_at < end)).scalar_one())


def _focal() -> Any:
    """Return the query of everybody who holds a focal point's post."""
    query = select(_H.c.staff_id).join(_P, _P.c.id == _H.c.post_id)
    return query.where(_P.c.level == Level.FOCAL.value, _H.c.until.is_(None))


def _clocks() -> Sequence[tuple[Body, Any, Any]]:
    return (
        (Body.PROJECT, _T.c.project_due_at, _T.c.project_told_at),
        (Body.BANK, _T.c.bank_due_at, _T.c.bank_told_at),
    )
