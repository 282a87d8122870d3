"""Decisions that wait for a second person: proposing one, finding the open one of a case, and how it ended."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, literal_column, select, update

from storage.store import Tx
from storage.tables import SecondLook
from storage.tables.base import table_of

_T = table_of(SecondLook)


@dataclass(frozen=True, slots=True)
class LookRecord:
    """A decision that somebody proposed, with the words that the person is to be told."""

    id: int
    case_id: int
    outcome: str
    words: str
    proposed_by: int
    proposed_at: datetime


_COLUMNS = tuple(_T.c[name] for name in LookRecord.__dataclass_fields__)
_WAITS = _T.c.state == literal_column("'open'")
"""Written out as the index has it: SQLite uses it only so."""


def propose(tx: Tx, case_id: int, *, outcome: str, words: str, staff_id: int, now: datetime) -> int:
    """Keep a decision until a second person agrees; it takes the place of one that was proposed before."""
    end_of_case(tx, case_id, "replaced", now=now)
    row = {"case_id": case_id, "outcome": outcome, "words": words, "proposed_by": staff_id}
    query = insert(_T).values(**row, state="open", proposed_at=now).returning(_T.c.id)
    return int(tx.execute(query).scalar_one())


def open_of(tx: Tx, case_id: int) -> LookRecord | None:
    """Return the decision about a case that waits, or None (unique index `uq_second_look_open`)."""
    row = tx.execute(select(*_COLUMNS).where(_T.c.case_id == case_id, _WAITS)).first()
    return None if row is None else LookRecord(**row._mapping)


def decide(tx: Tx, look_id: int, *, state: str, staff_id: int, now: datetime) -> None:
    """Keep what the second person said: `agreed` or `refused`."""
    tx.execute(update(_T).where(_T.c.id == look_id).values(state=state, decided_by=staff_id, decided_at=now))


def reopen(tx: Tx, case_id: int, staff_id: int) -> None:
    """Let the decision wait again to which somebody agreed last."""
    newest = select(func.max(_T.c.id)).where(_T.c.case_id == case_id, _T.c.decided_by == staff_id)
    agreed = (_T.c.id == newest.scalar_subquery(), _T.c.state == "agreed")
    tx.execute(update(_T).where(*agreed).values(state="open", decided_by=None, decided_at=None))


def end_of_case(tx: Tx, case_id: int, state: str, *, now: datetime) -> None:
    """End the decision about a case that waits, if there is one (unique index `uq_second_look_open`)."""
    query = update(_T).where(_T.c.case_id == case_id, _WAITS)
    tx.execute(query.values(state=state, decided_at=now))
