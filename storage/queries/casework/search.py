"""Searching in the cases that somebody may see: by reference, by category, by place, by words. Sensitive ones are in none."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from storage.queries.casework.caseload import visible_to
from storage.queries.casework.cases import COLUMNS, CaseRecord, record_of
from storage.queries.staffing.staff import PostHeld
from storage.store import Tx
from storage.tables import Case, Message
from storage.tables.base import table_of

_T, _M = table_of(Case), table_of(Message)


@dataclass(frozen=True, slots=True)
class Line:
    """A case as a search looks at it."""

    id: int
    category: str | None
    secondary: str | None
    area_path: str | None


def by_reference_part(tx: Tx, posts: Sequence[PostHeld], part: str, limit: int) -> list[int]:
    """Return the visible cases whose reference has a part in it, dashes aside, newest first."""
    bare = func.replace(_T.c.reference, "-", "")
    query = select(_T.c.id).where(bare.contains(part, autoescape=True), _T.c.sensitive.is_(None), visible_to(posts))
    return list(tx.execute(query.order_by(_T.c.id.desc()).limit(limit)).scalars())


def newest(tx: Tx, posts: Sequence[PostHeld], limit: int) -> list[Line]:
    """Return the newest cases that the holder of these posts may see and that are not sensitive."""
    columns = (_T.c.id, _T.c.category, _T.c.secondary, _T.c.area_path)
    query = select(*columns).where(_T.c.sensitive.is_(None), visible_to(posts)).order_by(_T.c.id.desc()).limit(limit)
    return [Line(row.id, row.category, row.secondary, row.area_path) for row in tx.execute(query)]


def words_of(tx: Tx, case_ids: Sequence[int], limit: int) -> list[tuple[int, str]]:
    """Return the newest words of conversations with their cases, never sealed ones (index `ix_message_case`)."""
    query = select(_M.c.case_id, _M.c.text).where(
        _M.c.case_id.in_(case_ids), _M.c.text.is_not(None), _M.c.kind.not_in(("notice", "system", "answer"))
    )
    return [(row.case_id, row.text) for row in tx.execute(query.order_by(_M.c.id.desc()).limit(limit))]


def of_ids(tx: Tx, case_ids: Sequence[int]) -> dict[int, CaseRecord]:
    """Return cases by number (primary key)."""
    return {row.id: record_of(row) for row in tx.execute(select(*COLUMNS).where(_T.c.id.in_(case_ids)))}
