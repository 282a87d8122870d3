"""Bringing in areas: provinces, districts, communes and villages with their codes and names, in any order."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from domain.settings import AREA_LEVELS
from handlers.context import Context
from handlers.importing.cells import Row, unfit
from handlers.importing.lists import CHUNK, Listing, headings_of, listed, may_write, told_in, with_rejects
from handlers.importing.report import Choices, Report, RowFault
from storage import Tx
from storage.notebook import Notebook, notebook
from storage.queries import areas, audit
from storage.queries.areas import AreaRecord

_NAMES = ("name_km", "name_lo", "name_en")
_COLUMNS = ("code", "level", "parent", "kind", *_NAMES)
_KINDS = {
    "province": frozenset({"province"}),
    "district": frozenset({"district", "khan", "krong"}),
    "commune": frozenset({"commune", "sangkat"}),
    "village": frozenset({"village"}),
}
"""What each level of area may be called."""


def import_areas(context: Context, path: Path, *, now: datetime, choices: Choices | None = None) -> Report:
    """Bring in areas. What is known already stays as it is; a row that says otherwise is wrong."""
    choices, report = choices or Choices(), Report()
    with told_in(report), ExitStack() as stack:
        book = stack.enter_context(notebook())
        listing = stack.enter_context(listed(context, "areas", path, choices))
        report.headings.update(headings_of(listing))
        with context.store.reading() as tx:
            good = _check(tx, listing, book, report)
        report.kept_out = book.kept_out()
        if may_write(report, choices):
            with_rejects(
                path, book, report, choices, write=lambda: _write(context, listing, good, report=report, now=now)
            )
    return report


def _check(tx: Tx, listing: Listing, book: Notebook, report: Report) -> dict[str, Row]:
    """Return the rows that may be written by their codes; a project's areas are few enough to be held."""
    rows: dict[str, Row] = {}
    faults: dict[int, list[RowFault]] = {}
    kept: set[str] = set()
    for chunk in listing.chunks():
        known = areas.by_codes(tx, [row["code"] for row in chunk])
        kept |= set(known)
        for row in chunk:
            found = list(_row_faults(row, rows, known.get(row["code"])))
            if found:
                faults[row.number] = found
            rows.setdefault(row["code"], row)
    _check_parents(tx, rows, faults)
    for number in sorted(faults):
        report.tell_wrong(faults[number])
        book.keep_out(number, "; ".join(f"{fault.column}: {fault.why}" for fault in faults[number]))
    good = {code: row for code, row in rows.items() if row.number not in faults}
    for code, row in good.items():
        report.count(row.number, (), is_new=code not in kept)
    return good


def _row_faults(row: Row, before: Mapping[str, Row], known: AreaRecord | None) -> Iterator[RowFault]:
    yield from unfit(row)
    code, level, kind = row["code"], row["level"].lower(), row["kind"].lower()
    if not code or not code.isascii() or not code.replace("-", "").replace(".", "").isalnum():
        yield row.fault("code", "a code has digits, Latin letters, points and hyphens")
    elif code in before:
        yield row.fault("code", f"stands in row {before[code].number} already")
    if level not in AREA_LEVELS:
        yield row.fault("level", f"is none of {', '.join(AREA_LEVELS)}")
    elif kind and kind not in _KINDS[level]:
        yield row.fault("kind", f"a {level} is none of that; write {' or '.join(sorted(_KINDS[level]))}")
    if not any(row[name] for name in _NAMES):
        yield row.fault("name_en", "an area needs a name in at least one language")
    if known is not None:
        yield from _differences(row, known)


def _differences(row: Row, known: AreaRecord) -> Iterator[RowFault]:
    parent = next(iter(areas.codes_in(known.path)[-2:-1]), "")
    names = dict.fromkeys(_NAMES, "") | {f"name_{language}": name for language, name in known.names.items()}
    for column, stored in ({"level": known.level, "parent": parent, "kind": known.kind} | names).items():
        if row[column] and row[column].casefold() != stored.casefold():
            yield row.fault(column, "this area is known with another; an import does not change areas")


def _check_parents(tx: Tx, rows: Mapping[str, Row], faults: dict[int, list[RowFault]]) -> None:
    """Find rows without a larger area to lie in, larger areas first: who lies in a wrong one is wrong too."""
    wanted = sorted({row["parent"] for row in rows.values()} - {""})
    stored = {code: area.level for start in range(0, len(wanted), CHUNK)
              for code, area in areas.by_codes(tx, wanted[start : start + CHUNK]).items()}  # fmt: skip
    for level in AREA_LEVELS:
        for row in (row for row in rows.values() if row["level"].lower() == level):
            found = _parent_fault(row, level, rows, stored, faults)
            if found is not None:
                faults.setdefault(row.number, []).append(found)


def _parent_fault(
    row: Row, level: str, rows: Mapping[str, Row], stored: Mapping[str, str], faults: Mapping[int, list[RowFault]]
) -> RowFault | None:
    parent = row["parent"]
    if not parent:
        return (
            None if level == AREA_LEVELS[0] else row.fault("parent", f"a {level} lies in a larger area; write its code")
        )
    beside = rows.get(parent)
    there = beside["level"].lower() if beside is not None else stored.get(parent)
    if there not in AREA_LEVELS[: AREA_LEVELS.index(level)]:
        said = f"is a {there}" if there else "there is no such area"
        return row.fault("parent", f"{said}; a {level} lies in a larger area")
    if beside is not None and beside.number in faults and parent not in stored:
        return row.fault("parent", f"lies in an area that is wrong itself, in row {beside.number}")
    return None


def _write(context: Context, listing: Listing, good: Mapping[str, Row], *, report: Report, now: datetime) -> None:
    with context.store.transaction() as tx:
        for level in AREA_LEVELS:
            ours = [row for row in good.values() if row["level"].lower() == level]
            for start in range(0, len(ours), CHUNK):
                _write_level(tx, ours[start : start + CHUNK], level)
        listing.remember(tx, now)
        audit.add(tx, "areas.imported", actor="staff", now=now, data={"new": report.new})
    report.written = True


def _write_level(tx: Tx, rows: list[Row], level: str) -> None:
    known = areas.by_codes(tx, [code for row in rows for code in (row["code"], row["parent"]) if code])
    for row in (row for row in rows if row["code"] not in known):
        names = {column.removeprefix("name_"): row[column] for column in _NAMES if row[column]}
        kind = row["kind"].lower() or None
        areas.add(tx, code=row["code"], level=level, parent=known.get(row["parent"]), names=names, kind=kind)
