"""What officers began and have still to confirm."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from storage.store import Tx
from storage.tables import PendingAct
from storage.tables.base import table_of

_T = table_of(PendingAct)


@dataclass(frozen=True, slots=True)
class Pending:
    """A draft, a prompt or a command that waits for its code; `payload` is JSON."""

    id: int
    contact_point_id: int
    staff_id: int
    case_id: int | None
    command: str
    payload: str
    state: str
    code_hash: str | None
    wrong_codes: int
    expires_at: datetime


_COLUMNS = tuple(_T.c[name] for name in Pending.__dataclass_fields__)


def add(tx: Tx, **values: Any) -> int:
    """Keep an act until it is confirmed and return its number. Raises `AlreadyThere` for a second code at once."""
    return int(tx.execute(insert(_T).values(wrong_codes=0, **values).returning(_T.c.id)).scalar_one())


def newest(tx: Tx, contact_id: int, *, state: str, now: datetime | None) -> Pending | None:
    """Return the newest act of an account in a state, in time where `now` is given (index on `contact_point_id`)."""
    query = select(*_COLUMNS).where(_T.c.contact_point_id == contact_id, _T.c.state == state)
    if now is not None:
        query = query.where(_T.c.expires_at > now)
    row = tx.execute(query.order_by(_T.c.id.desc()).limit(1)).first()
    return None if row is None else Pending(**row._mapping)


def take(tx: Tx, act_id: int, *, contact_id: int, state: str, now: datetime) -> Pending | None:
    """Take an act to perform it; None where it is another's, was taken before, or its time is over."""
    taken = (
        update(_T)
        .where(_T.c.id == act_id, _T.c.contact_point_id == contact_id, _T.c.state == state, _T.c.expires_at > now)
        .values(state="done")
        .returning(*_COLUMNS)
    )
    row = tx.execute(taken).first()
    return None if row is None else Pending(**row._mapping)


def drop(tx: Tx, contact_id: int, *, state: str) -> None:
    """End what waits in a state."""
    tx.execute(update(_T).where(_T.c.contact_point_id == contact_id, _T.c.state == state).values(state="dropped"))


def count_wrong_code(tx: Tx, act_id: int) -> int:
    """Count one more wrong code and return how many there were."""
    counted = update(_T).where(_T.c.id == act_id).values(wrong_codes=_T.c.wrong_codes + 1).returning(_T.c.wrong_codes)
    return int(tx.execute(counted).scalar_one())


def wrong_codes_since(tx: Tx, contact_id: int, since: datetime) -> int:
    """Count the wrong codes that came from a contact point since then (index on `contact_point_id`)."""
    mine = (_T.c.contact_point_id == contact_id, _T.c.created_at > since)
    return int(tx.execute(select(func.coalesce(func.sum(_T.c.wrong_codes), 0)).where(*mine)).scalar_one())


def codes_since(tx: Tx, contact_id: int, since: datetime) -> int:
    """Count the codes that a contact point was sent since then and that never came back (index on `contact_point_id`)."""
    sent = (_T.c.contact_point_id == contact_id, _T.c.created_at > since, _T.c.code_hash.is_not(None))
    mine = (*sent, _T.c.state != "done")
    return int(tx.execute(select(func.count()).where(*mine)).scalar_one())
