"""What was told to somebody, once: a key that is there already is not told again."""

from datetime import datetime

from sqlalchemy import insert, select

from storage.store import AlreadyThere, Tx
from storage.tables import Alert
from storage.tables.base import table_of

_AL = table_of(Alert)


def alert_once(tx: Tx, kind: str, key: str, *, case_id: int | None, now: datetime) -> bool:
    """Note that the desk is told something; False where it was told before (unique index on kind and key)."""
    try:
        with tx.attempt():
            tx.execute(insert(_AL).values(kind=kind, key=key, case_id=case_id, at=now))
    except AlreadyThere:
        return False
    return True


def was_told(tx: Tx, kind: str, key: str) -> bool:
    """Tell whether something was told once (unique index on kind and key)."""
    return tx.execute(select(_AL.c.id).where(_AL.c.kind == kind, _AL.c.key == key)).first() is not None
