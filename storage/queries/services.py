"""The directory of services: those in force, replacing them all at once, and the districts where people have none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import exists, func, insert, literal, or_, select, text, update

from domain.harm_form import ServiceKind
from storage.store import Tx
from storage.tables import Area, Person, Service
from storage.tables.base import table_of

_T, _A, _P = table_of(Service), table_of(Area), table_of(Person)
# Written out, as in the index: SQLite uses a partial index only where its condition stands in the query.
_ACTIVE = text("service.active")


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """A service as a project writes it: `area` is a district's code, None for the whole country; names by language."""

    code: str
    kind: ServiceKind
    area: str | None
    names: dict[str, str]
    phone: str | None
    hours: str | None
    for_children: bool
    checked_on: date

    def name(self, language: str) -> str:
        """Return the name in a language, or in another where that one is missing."""
        return self.names.get(language) or next(iter(self.names.values()), self.code)


@dataclass(frozen=True, slots=True)
class Changes:
    """The codes of services that a replacement brings, changes and takes out of force."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


def active(tx: Tx, *, area_codes: Sequence[str] | None = None) -> list[ServiceRow]:
    """Return the services in force, by kind and code; with `area_codes` those of these areas and of the whole country."""
    query = select(*_T.c, _A.c.code.label("area")).outerjoin(_A, _A.c.id == _T.c.area_id).where(_ACTIVE)
    if area_codes is not None:
        query = query.where(or_(_T.c.area_id.is_(None), _A.c.code.in_(area_codes)))
    rows = tx.execute(query.order_by(_T.c.area_id.is_(None), _T.c.kind, _T.c.code))
    return [_row(row) for row in rows]


def replace(tx: Tx, wanted: Sequence[ServiceRow], area_ids: dict[str, int]) -> Changes:
    """Put these services in force in place of those that are; unchanged ones stay, none is deleted.

    Raises `AlreadyThere` where somebody else replaces them at the same moment.
    """
    there = {each.code: each for each in active(tx)}
    changed = tuple(each.code for each in wanted if each.code in there and there[each.code] != each)
    new = tuple(each.code for each in wanted if each.code not in there)
    removed = tuple(sorted(there.keys() - {each.code for each in wanted}))
    if gone := (*changed, *removed):
        tx.execute(update(_T).where(_ACTIVE, _T.c.code.in_(gone)).values(active=False))
    fresh = {*new, *changed}
    if rows := [_values(each, area_ids) for each in wanted if each.code in fresh]:
        tx.execute(insert(_T), rows)
    return Changes(new, changed, removed)


def districts_without(tx: Tx) -> list[str]:
    """Return the codes of districts where people are registered and that no service in force is for, by code.

    What is for the whole country counts for every district.
    """
    if tx.execute(select(_T.c.id).where(_ACTIVE, _T.c.area_id.is_(None)).limit(1)).first() is not None:
        return []
    within = _A.alias("within")
    people = exists().where(
        _P.c.area_id == within.c.id, func.substr(within.c.path, 1, func.length(_A.c.path)) == _A.c.path
    )
    served = exists().where(_T.c.area_id == _A.c.id, _T.c.active == literal(value=True))
    query = select(_A.c.code).where(_A.c.level == "district", people, ~served)
    return list(tx.execute(query.order_by(_A.c.code)).scalars())


def _values(each: ServiceRow, area_ids: dict[str, int]) -> dict[str, Any]:
    return {
        "code": each.code,
        "kind": each.kind.value,
        "area_id": area_ids[each.area] if each.area is not None else None,
        "names": each.names,
        "phone": each.phone,
        "hours": each.hours,
        "for_children": each.for_children,
        "checked_on": each.checked_on,
        "active": True,
    }


def _row(row: Any) -> ServiceRow:
    return ServiceRow(
        code=row.code,
        kind=ServiceKind(row.kind),
        area=row.area,
        names=row.names,
        phone=row.phone,
        hours=row.hours,
        for_children=row.for_children,
        checked_on=row.checked_on,
    )
