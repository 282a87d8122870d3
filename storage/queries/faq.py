"""Staff's questions and answers: those in force, replacing them, and how often each was given and helped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, insert, select, text, update

from domain.reading import Category
from storage.store import Tx
from storage.tables import FaqEntry, FaqUse, Message
from storage.tables.base import table_of

_T, _USE, _MESSAGE = table_of(FaqEntry), table_of(FaqUse), table_of(Message)
_USES = select(_USE.c.id, _USE.c.message_id, _T.c.code, _USE.c.helped, _USE.c.at).join(_T, _T.c.id == _USE.c.entry_id)
# Written out, as in the index: SQLite uses a partial index only where its condition stands in the query.
_ACTIVE = text("faq_entry.active")

Words = Mapping[str, Mapping[str, Any]]
"""By language code, `{"questions": […], "answer": "…"}`."""


@dataclass(frozen=True, slots=True)
class FaqText:
    """A question with its answer, as staff write it."""

    code: str
    category: Category
    words: Words


@dataclass(frozen=True, slots=True)
class FaqRecord:
    """An entry in force."""

    id: int
    code: str
    category: Category
    words: Words


@dataclass(frozen=True, slots=True)
class Changes:
    """The codes of entries that a replacement brings, changes and takes out of force."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]

    def __bool__(self) -> bool:
        """Tell whether anything changes."""
        return bool(self.new or self.changed or self.removed)


@dataclass(frozen=True, slots=True)
class UseRecord:
    """An answer that was given: to which message, from which entry."""

    id: int
    message_id: int
    code: str
    helped: bool | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """How often an entry was given, in all its wordings, and what people said of it."""

    given: int = 0
    helped: int = 0
    not_helped: int = 0


def version(tx: Tx) -> tuple[int, int]:
    """Return what changes whenever the entries do: the newest number and how many are in force (both from indexes)."""
    newest = select(func.max(_T.c.id)).scalar_subquery()
    in_force = select(func.count()).select_from(_T).where(_ACTIVE).scalar_subquery()
    row = tx.execute(select(newest.label("newest"), in_force.label("in_force"))).one()
    return row.newest or 0, row.in_force


def active(tx: Tx) -> list[FaqRecord]:
    """Return the entries in force, by code (index `uq_faq_entry_active`)."""
    rows = tx.execute(select(_T.c.id, _T.c.code, _T.c.category, _T.c.words).where(_ACTIVE).order_by(_T.c.code))
    return [FaqRecord(row.id, row.code, Category(row.category), row.words) for row in rows]


def changes(tx: Tx, wanted: Sequence[FaqText]) -> Changes:
    """Return what replacing the entries would change."""
    there = {each.code: each for each in active(tx)}
    return Changes(
        new=tuple(each.code for each in wanted if each.code not in there),
        changed=tuple(each.code for each in wanted if each.code in there and not _same(each, there[each.code])),
        removed=tuple(code for code in there if code not in {each.code for each in wanted}),
    )


def replace(tx: Tx, wanted: Sequence[FaqText], now: datetime) -> Changes:
    """Put these entries in force in place of those that are. Unchanged ones stay; none is deleted.

    Raises `AlreadyThere` where somebody else replaces them at the same moment.
    """
    found = changes(tx, wanted)
    gone = (*found.changed, *found.removed)
    if gone:
        tx.execute(update(_T).where(_ACTIVE, _T.c.code.in_(gone)).values(active=False))
    rows = [
        {"code": each.code, "category": each.category.value, "words": each.words, "active": True, "made_at": now}
        for each in wanted
        if each.code in (*found.new, *found.changed)
    ]
    if rows:
        tx.execute(insert(_T), rows)
    return found


def record_use(tx: Tx, entry_id: int, message_id: int, now: datetime) -> int:
    """Keep that a message was answered from an entry, and return the use's number."""
    values = {"entry_id": entry_id, "message_id": message_id, "helped": None, "at": now}
    return int(tx.execute(insert(_USE).returning(_USE.c.id), values).scalar_one())


def use(tx: Tx, use_id: int) -> UseRecord:
    """Return an answer that was given (primary keys)."""
    return UseRecord(**tx.execute(_USES.where(_USE.c.id == use_id)).one()._mapping)


def unjudged_use(tx: Tx, contact_id: int, since: datetime, *, code: str | None = None) -> UseRecord | None:
    """Return the newest answer given to a contact point of which she has not said whether it helped, or None.

    `code` narrows it to one entry, in any of its wordings (indexes `ix_message_contact`, `ix_faq_use_message_id`).
    """
    query = _USES.join(_MESSAGE, _MESSAGE.c.id == _USE.c.message_id)
    query = query.where(_MESSAGE.c.contact_point_id == contact_id, _USE.c.helped.is_(None), _USE.c.at > since)
    if code is not None:
        query = query.where(_T.c.code == code)
    row = tx.execute(query.order_by(_MESSAGE.c.id.desc()).limit(1)).first()
    return None if row is None else UseRecord(**row._mapping)


def record_helped(tx: Tx, use_id: int, *, helped: bool) -> None:
    """Keep whether an answer helped (primary key)."""
    tx.execute(update(_USE).where(_USE.c.id == use_id).values(helped=helped))


def counts(tx: Tx) -> dict[str, Counts]:
    """Return by code how often each entry was given and helped, its earlier wordings too; one query."""
    query = select(
        _T.c.code,
        func.count(_USE.c.id).label("given"),
        func.count(case((_USE.c.helped.is_(True), 1))).label("helped"),
        func.count(case((_USE.c.helped.is_(False), 1))).label("not_helped"),
    )
    rows = tx.execute(query.join(_USE, _USE.c.entry_id == _T.c.id).group_by(_T.c.code))
    return {row.code: Counts(row.given, row.helped, row.not_helped) for row in rows}


def _same(wanted: FaqText, there: FaqRecord) -> bool:
    return wanted.category is there.category and dict(wanted.words) == dict(there.words)
