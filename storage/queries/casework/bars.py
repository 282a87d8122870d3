"""Who is kept from a case because it names him: whose names are looked for, and the rows that keep him away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, insert, or_, select

from domain.settings import Level
from storage.store import AlreadyThere, Tx
from storage.tables import Area, CaseBar, Post, PostHolding, Staff
from storage.tables.base import table_of

_S, _P, _H, _A, _BAR = (table_of(each) for each in (Staff, Post, PostHolding, Area, CaseBar))


@dataclass(frozen=True, slots=True)
class Nameable:
    """A member of staff whom a text may name, on one of the posts held: with every way to write the name."""

    staff_id: int
    level: Level
    names: tuple[str, ...]


def nameable(tx: Tx, area_codes: Sequence[str], area_path: str | None) -> list[Nameable]:
    """Return the officers of an area, of those above it and in it, and everybody who stands outside all areas.

    One query, by the codes of the area's path (unique index on `area.code`) and the path itself: it never goes through
    the whole register.
    """
    here: list[ColumnElement[bool]] = [_P.c.area_id.is_(None), _A.c.code.in_(area_codes)]
    if area_path:
        here.append(_A.c.path.startswith(area_path, autoescape=True))
    query = (
        select(_S.c.id, _S.c.name, _S.c.other_names, _P.c.level)
        .join(_H, _H.c.staff_id == _S.c.id)
        .join(_P, _P.c.id == _H.c.post_id)
        .outerjoin(_A, _A.c.id == _P.c.area_id)
        .where(_H.c.until.is_(None), _S.c.active.is_(True), or_(*here))
        .order_by(_S.c.id)
    )
    return [
        Nameable(row.id, Level(row.level), (row.name, *(row.other_names or "").splitlines()))
        for row in tx.execute(query)
    ]


def add(tx: Tx, case_id: int, staff_ids: Iterable[int], *, by: str, now: datetime) -> list[int]:
    """Keep people from a case, and return those who were not kept from it before (primary key)."""
    added = []
    for staff_id in sorted(staff_ids):
        try:
            with tx.attempt():
                tx.execute(insert(_BAR).values(case_id=case_id, staff_id=staff_id, by=by, since=now))
        except AlreadyThere:
            continue
        added.append(staff_id)
    return added


def of_case(tx: Tx, case_id: int) -> list[int]:
    """Return who is kept from a case (primary key)."""
    query = select(_BAR.c.staff_id).where(_BAR.c.case_id == case_id)
    return list(tx.execute(query.order_by(_BAR.c.staff_id)).scalars())


def carry(tx: Tx, from_case: int, to_case: int, now: datetime) -> None:
    """Keep from one case whom another one names."""
    for by in ("machine", "desk"):
        query = select(_BAR.c.staff_id).where(_BAR.c.case_id == from_case, _BAR.c.by == by)
        add(tx, to_case, list(tx.execute(query).scalars()), by=by, now=now)


def lift(tx: Tx, case_id: int, staff_id: int | None = None) -> int:
    """Let somebody handle a case again, or everybody; return how many were kept from it."""
    whose = _BAR.c.staff_id == staff_id if staff_id is not None else _BAR.c.staff_id.is_not(None)
    return tx.execute(delete(_BAR).where(_BAR.c.case_id == case_id, whose)).rowcount


def has_posts(tx: Tx, level: Level) -> bool:
    """Tell whether anybody was ever put on a post of a level (unique index on level and area)."""
    return bool(tx.execute(select(exists().where(_P.c.level == level.value))).scalar())
