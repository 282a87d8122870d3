"""Files of services: a CSV table read whole, so that all its faults are told by row and column."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from domain.harm_form import ServiceKind
from domain.reading import Language
from samleng.files.projects import ConfigFaults, Fault
from storage.queries.services import ServiceRow

COLUMNS = (
    "code", "kind", "area", "name_km", "name_lo", "name_en", "phone", "hours", "for_children", "checked_on",
)  # fmt: skip
_CODE = re.compile(r"[a-z][a-z0-9_]{0,31}")
_PHONE = re.compile(r"\+?[0-9][0-9 ]{1,17}")
_YES_NO = {"yes": True, "no": False, "": False}


def read_services(path: Path, today: date) -> list[ServiceRow]:
    """Read a directory of services; lines that begin with # are left out. Raises `ConfigFaults` with every fault."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise ConfigFaults(path, [Fault(path.name, "the file is not UTF-8", "save it as UTF-8")]) from None
    numbered = [(n, line) for n, line in enumerate(lines, start=1) if line.strip() and not line.startswith("#")]
    rows = csv.DictReader(line for _, line in numbered)
    if set(rows.fieldnames or ()) != set(COLUMNS):
        remedy = f"let its first line be {','.join(COLUMNS)}"
        raise ConfigFaults(path, [Fault(path.name, "its columns are not those of a directory", remedy)])
    read = [(f"row {numbered[n + 1][0]}", _cells(row)) for n, row in enumerate(rows) if n + 1 < len(numbered)]
    faults = [fault for place, row in read for fault in _faults(place, row, today)]
    for code, times in Counter(row["code"] for _, row in read).items():
        if code and times > 1:
            faults.append(Fault(f"code {code}", f"{times} rows have this code", "give each service a code of its own"))
    if not read:
        faults.append(Fault(path.name, "there are no services in it", "write one on each line"))
    if faults:
        raise ConfigFaults(path, faults)
    return [_service(row) for _, row in read]


def _cells(row: dict[str | None, str | list[str] | None]) -> dict[str, str]:
    return {name: cell.strip() if isinstance(cell := row.get(name), str) else "" for name in COLUMNS}


def _faults(place: str, row: dict[str, str], today: date) -> Iterator[Fault]:
    if not _CODE.fullmatch(row["code"]):
        yield Fault(f"{place}, code", "has not the right form", "write small letters, digits and _, like kh_police")
    if row["kind"] not in set(ServiceKind):
        yield Fault(f"{place}, kind", "is none of the kinds", f"write one of {', '.join(ServiceKind)}")
    if not _names(row):
        yield Fault(f"{place}, name_en", "the service has no name", "write its name in one language at least")
    if row["phone"] and not _PHONE.fullmatch(row["phone"]):
        yield Fault(f"{place}, phone", "is no number", "write digits, or leave it empty where one has to go there")
    if row["for_children"].lower() not in _YES_NO:
        yield Fault(f"{place}, for_children", "is neither yes nor no", "write yes or no")
    checked = _day(row["checked_on"])
    if checked is None:
        what = "nobody has checked this service" if not row["checked_on"] else "is no day"
        yield Fault(f"{place}, checked_on", what, "ring it or go there, then write the day, like 2026-11-23")
    elif checked > today:
        yield Fault(f"{place}, checked_on", "lies in the future", "write the day on which it was checked")


def _service(row: dict[str, str]) -> ServiceRow:
    checked = _day(row["checked_on"])
    assert checked is not None
    return ServiceRow(
        code=row["code"],
        kind=ServiceKind(row["kind"]),
        area=row["area"] or None,
        names=_names(row),
        phone=row["phone"] or None,
        hours=row["hours"] or None,
        for_children=_YES_NO[row["for_children"].lower()],
        checked_on=checked,
    )


def _names(row: dict[str, str]) -> dict[str, str]:
    return {each.value: row[f"name_{each}"] for each in Language if row[f"name_{each}"]}


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
