"""What was said once of the columns of a project's files, found again by the files' headings."""

from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from storage.store import Tx
from storage.tables import ImportMapping
from storage.tables.base import table_of

_T = table_of(ImportMapping)


def of_headings(tx: Tx, kind: str, headings: str) -> dict[str, str] | None:
    """Return which heading means which column of ours, or None where nothing was said (unique index)."""
    found = select(_T.c["columns"]).where(
        _T.c.kind == kind, _T.c.header_hash == tx.keys.fingerprint("import", headings)
    )
    return cast("dict[str, str] | None", tx.execute(found).scalar())


def remember(tx: Tx, kind: str, headings: str, columns: dict[str, str], *, now: datetime) -> None:
    """Keep what headings mean, in place of what was said before."""
    values = {
        "kind": kind,
        "header_hash": tx.keys.fingerprint("import", headings),
        "columns": columns,
        "used_at": now,
    }
    made = (sqlite if tx.dialect == "sqlite" else postgresql).insert(_T).values(**values)
    again = {"columns": made.excluded["columns"], "used_at": made.excluded.used_at}
    tx.execute(made.on_conflict_do_update(index_elements=["kind", "header_hash"], set_=again))
