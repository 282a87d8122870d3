"""Areas: finding them by code or path, with their names and those of the areas they lie in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, insert, select

from domain.reading import Language
from storage.store import Tx
from storage.tables import Area
from storage.tables.base import table_of

_T = table_of(Area)


@dataclass(frozen=True, slots=True)
class AreaRecord:
    """An area. `path` holds the codes from the province down, each followed by a slash."""

    id: int
    code: str
    level: str
    kind: str
    parent_id: int | None
    path: str
    names: dict[str, str]

    def name(self, language: Language | str) -> str:
        """Return the name in a language, or in another where that one is missing (names are not translated)."""
        return self.names.get(str(language)) or next(iter(self.names.values()), self.code)


def by_id(tx: Tx, area_id: int) -> AreaRecord:
    """Return an area by its number (primary key)."""
    return _area(tx.execute(select(*_T.c).where(_T.c.id == area_id)).one())


def by_code(tx: Tx, code: str) -> AreaRecord | None:
    """Return an area by its official code, or None (unique index)."""
    row = tx.execute(select(*_T.c).where(_T.c.code == code)).first()
    return None if row is None else _area(row)


def by_codes(tx: Tx, codes: Sequence[str]) -> dict[str, AreaRecord]:
    """Return areas by their official codes (unique index)."""
    rows = tx.execute(select(*_T.c).where(_T.c.code.in_(codes)))
    return {row.code: _area(row) for row in rows}


def paths_of(tx: Tx, area_ids: Sequence[int]) -> dict[int, str]:
    """Return the paths of areas by their numbers (primary key)."""
    rows = tx.execute(select(_T.c.id, _T.c.path).where(_T.c.id.in_(area_ids)))
    return {row.id: row.path for row in rows}


def of_level(tx: Tx, level: str) -> list[AreaRecord]:
    """Return all areas of one kind, by code."""
    return [_area(row) for row in tx.execute(select(*_T.c).where(_T.c.level == level).order_by(_T.c.code))]


def all_areas(tx: Tx) -> list[AreaRecord]:
    """Return all areas, larger ones first."""
    return [_area(row) for row in tx.execute(select(*_T.c).order_by(func.length(_T.c.path), _T.c.code))]


def count(tx: Tx) -> int:
    """Count the areas."""
    return int(tx.execute(select(func.count()).select_from(_T)).scalar_one())


def add(
    tx: Tx, *, code: str, level: str, parent: AreaRecord | None, names: dict[str, str], kind: str | None = None
) -> AreaRecord:
    """Add an area under another. Raises `AlreadyThere` where the code is taken."""
    path = f"{parent.path if parent else ''}{code}/"
    row = tx.execute(
        insert(_T)
        .values(
            code=code,
            level=level,
            kind=kind or level,
            parent_id=parent.id if parent else None,
            path=path,
            **{f"name_{language}": name for language, name in names.items()},
        )
        .returning(*_T.c)
    ).one()
    return _area(row)


def codes_in(path: str | None) -> tuple[str, ...]:
    """Return the codes that a path holds, the province first."""
    return tuple(filter(None, (path or "").split("/")))


def _area(row: Row[Any]) -> AreaRecord:
    named = {"km": row.name_km, "lo": row.name_lo, "en": row.name_en}
    return AreaRecord(
        id=row.id,
        code=row.code,
        level=row.level,
        kind=row.kind,
        parent_id=row.parent_id,
        path=row.path,
        names={language: name for language, name in named.items() if name},
    )
