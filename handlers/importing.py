"""Bringing in lists from CSV files: areas, people, the people of a payment round; whole, or not at all.

A file is read twice, in chunks: first every row is checked, and only where none is wrong is it written, in one
transaction. An empty cell says nothing and changes nothing, and the same file again changes nothing.
"""

import csv
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from domain.digits import to_ascii_digits
from domain.inbound import Channel
from domain.reading import Language
from domain.settings import AREA_LEVELS
from handlers.context import Context
from handlers.register import masked_phone, to_e164
from storage import Tx
from storage.queries import areas, audit, contacts, people, rounds
from storage.queries.areas import AreaRecord
from storage.queries.people import PersonRecord

_CHUNK = 500
_NAMES = ("name_km", "name_lo", "name_en")
_AREA = ("code", "level", "parent", "kind", *_NAMES)
_PERSON = ("id", "name", "phone", "language", "sex", "area", "group", "programme")
_RECIPIENT = ("id", "amount")
_KINDS = {
    "province": frozenset({"province"}),
    "district": frozenset({"district", "khan", "krong"}),
    "commune": frozenset({"commune", "sangkat"}),
    "village": frozenset({"village"}),
}
"""What each level of area may be called."""
_SEXES = {"f": "F", "m": "M"}
_LONGEST = {"code": 32, "parent": 32, "area": 32, "id": 64, "programme": 64, "name": 200, "group": 200}
_WHOLE_NUMBER = re.compile(r"[0-9]{1,10}|[0-9]{1,3}(,[0-9]{3}){1,3}")
_NEEDED = frozenset({"code", "level", "id"})
_SHOWN_WHOLE = {"code": 32, "level": 32, "parent": 32, "kind": 32, "area": 7, "language": 3, "sex": 3}
"""Up to how many characters a column is shown as it is: a name or a phone number may stand in the wrong one."""


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong at a row, as spreadsheets count (0: the whole file), and column; `value` is masked if personal."""

    row: int
    column: str
    value: str
    why: str


@dataclass(slots=True)
class Report:
    """What an import did, or would do; with faults, nothing was written."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    faults: list[RowFault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """The round that a list of people is for; `day` is in project time."""

    code: str
    label: str
    day: date
    place: str
    agent: str | None = None
    area_code: str | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def fault(self, column: str, why: str) -> RowFault:
        return RowFault(self.number, column, _masked(column, self[column]), why)


class _Unreadable(Exception):
    """A file that cannot be read to its end; its arguments are the faults."""


def import_areas(context: Context, path: Path, *, now: datetime, dry_run: bool = False) -> Report:
    """Bring in areas: `code`, `level`, `parent`, `kind`, `name_km`, `name_lo`, `name_en`, in any order.

    What is known already stays as it is; a row that says otherwise is a fault.
    """
    report = Report()
    with _told_in(report), context.store.reading() as tx:
        listed: dict[str, _Row] = {}
        for chunk in _chunks(path, _AREA):
            known = areas.by_codes(tx, [row["code"] for row in chunk])
            for row in chunk:
                report.faults += _area_faults(row, listed, known.get(row["code"]))
                listed.setdefault(row["code"], row)
                report.new += row["code"] not in known
                report.unchanged += row["code"] in known
        report.faults += _parent_faults(tx, listed)
    if not report.faults and not dry_run:
        _write_areas(context, path, report, now)
    return report


def import_people(context: Context, path: Path, *, now: datetime, dry_run: bool = False) -> Report:
    """Bring in people: `id`, `name`, `phone`, `language`, `sex`, `area`, `group`, `programme`; each may be reached by SMS.

    Whoever wrote before being on a list is the person whose phone it is. Another phone takes the place of the old one.
    A change of `programme` alone is written and not counted.
    """
    report = Report()
    with _told_in(report), context.store.reading() as tx:
        seen: _Seen = {}
        for chunk in _chunks(path, _PERSON):
            for step in _people_steps(context, tx, chunk, seen, report.faults):
                changes = bool(step.values or step.new_phone)
                report.new += not step.listed
                report.changed += step.listed and changes
                report.unchanged += step.listed and not changes
    if not report.faults and not dry_run:
        with _told_in(report), context.store.transaction() as tx:
            for chunk in _chunks(path, _PERSON):
                for step in _people_steps(context, tx, chunk, {}, report.faults):
                    _write_person(tx, step, now)
            if report.faults:
                # Somebody else changed the people since they were checked.
                raise _Unreadable
            data = {"new": report.new, "changed": report.changed, "unchanged": report.unchanged}
            audit.add(tx, "people.imported", actor="staff", now=now, data=data)
    return report


def import_round(context: Context, path: Path, plan: RoundPlan, *, now: datetime, dry_run: bool = False) -> Report:
    """Make a payment round with its list: `id`, `amount` (a whole number in the smallest unit in use; may be empty)."""
    report = Report()
    with _told_in(report), context.store.reading() as tx:
        report.faults += _plan_faults(context, tx, plan, now)
        seen: set[str] = set()
        for chunk in _chunks(path, _RECIPIENT):
            known = people.by_external_ids(tx, [row["id"] for row in chunk])
            for row in chunk:
                report.faults += _recipient_faults(row, known, seen)
                seen.add(row["id"])
                report.new += 1
    if not report.faults and not dry_run:
        _write_round(context, path, plan, now=now, report=report)
    return report


def _write_areas(context: Context, path: Path, report: Report, now: datetime) -> None:
    with context.store.transaction() as tx:
        for level in AREA_LEVELS:
            for chunk in _chunks(path, _AREA):
                ours = [row for row in chunk if row["level"].lower() == level]
                known = areas.by_codes(tx, [code for row in ours for code in (row["code"], row["parent"]) if code])
                for row in (row for row in ours if row["code"] not in known):
                    names = {column.removeprefix("name_"): row[column] for column in _NAMES if row[column]}
                    parent, kind = known.get(row["parent"]), row["kind"].lower() or None
                    areas.add(tx, code=row["code"], level=level, parent=parent, names=names, kind=kind)
        audit.add(tx, "areas.imported", actor="staff", now=now, data={"new": report.new})


def _area_faults(row: _Row, listed: Mapping[str, _Row], known: AreaRecord | None) -> Iterator[RowFault]:
    yield from _length_faults(row)
    code, level, kind = row["code"], row["level"].lower(), row["kind"].lower()
    if not code or not code.isascii() or not code.replace("-", "").replace(".", "").isalnum():
        yield row.fault("code", "a code has digits, Latin letters, points and hyphens")
    elif code in listed:
        yield row.fault("code", f"stands in row {listed[code].number} already")
    if level not in AREA_LEVELS:
        yield row.fault("level", f"is none of {', '.join(AREA_LEVELS)}")
    elif kind and kind not in _KINDS[level]:
        yield row.fault("kind", f"a {level} is none of that; write {' or '.join(sorted(_KINDS[level]))}")
    if not any(row[name] for name in _NAMES):
        yield row.fault("name_en", "an area needs a name in at least one language")
    if known is not None:
        yield from _differences(row, known)


def _differences(row: _Row, known: AreaRecord) -> Iterator[RowFault]:
    parent = next(iter(areas.codes_in(known.path)[-2:-1]), "")
    names = dict.fromkeys(_NAMES, "") | {f"name_{language}": name for language, name in known.names.items()}
    for column, stored in ({"level": known.level, "parent": parent, "kind": known.kind} | names).items():
        if row[column] and row[column].casefold() != stored.casefold():
            yield row.fault(column, "this area is known with another; an import does not change areas")


def _parent_faults(tx: Tx, listed: Mapping[str, _Row]) -> Iterator[RowFault]:
    levels = {code: row["level"].lower() for code, row in listed.items()}
    wanted = sorted({row["parent"] for row in listed.values()} - set(listed) - {""})
    levels |= {code: area.level for code, area in areas.by_codes(tx, wanted).items()}
    for row in listed.values():
        level, parent = row["level"].lower(), row["parent"]
        if level not in AREA_LEVELS:
            continue
        if not parent and level != AREA_LEVELS[0]:
            yield row.fault("parent", f"a {level} lies in a larger area; write its code")
        elif parent and levels.get(parent) not in AREA_LEVELS[: AREA_LEVELS.index(level)]:
            there = f"is a {levels[parent]}" if parent in levels else "there is no such area"
            yield row.fault("parent", f"{there}; a {level} lies in a larger area")


_Seen = dict[tuple[str, str], int]  # In which row an id or a phone stood before.


@dataclass(frozen=True, slots=True)
class _PersonStep:
    """What a row does: to whom (None: somebody new; `listed`: on a list before), which columns change, which new phone."""

    row: _Row
    person_id: int | None
    listed: bool
    values: Mapping[str, Any]
    new_phone: str | None


def _people_steps(
    context: Context, tx: Tx, chunk: Sequence[_Row], seen: _Seen, faults: list[RowFault]
) -> Iterator[_PersonStep]:
    """Return what the rows do; a row with a fault is told of and does nothing."""
    known = people.by_external_ids(tx, [row["id"] for row in chunk])
    places = areas.by_codes(tx, sorted({row["area"] for row in chunk if row["area"]}))
    for row in chunk:
        phone = to_e164(row["phone"], context.settings.country) if row["phone"] else None
        contact = contacts.find(tx, Channel.SMS, phone) if phone is not None else None
        owner = people.by_id(tx, contact.person_id) if contact and contact.person_id is not None else None
        wrong = [*_length_faults(row), *_person_faults(row, places, seen), *_phone_faults(row, phone, owner, seen)]
        faults += wrong
        for key in (("id", row["id"]), ("phone", phone or "")):
            seen.setdefault(key, row.number)
        if not wrong:
            yield _step(tx, row, known.get(row["id"]), places.get(row["area"]), phone=phone, owner=owner)


def _step(
    tx: Tx, row: _Row, person_id: int | None, area: AreaRecord | None, *, phone: str | None, owner: PersonRecord | None
) -> _PersonStep:
    listed = person_id is not None
    person_id = owner.id if person_id is None and owner is not None else person_id
    given = {
        "external_id": row["id"],
        "name": row["name"],
        "language": row["language"].lower(),
        "sex": _SEXES.get(row["sex"].lower()),
        "area_id": area.id if area else None,
        "group_name": row["group"],
    }
    stored = people.by_id(tx, person_id) if person_id is not None else None
    values = {column: value for column, value in given.items() if value and value != getattr(stored, column, None)}
    new_phone = phone if owner is None or owner.id != person_id else None
    return _PersonStep(row, person_id, listed, values, new_phone)


def _write_person(tx: Tx, step: _PersonStep, now: datetime) -> None:
    values = {**step.values, **({"programme": step.row["programme"]} if step.row["programme"] else {})}
    person_id = step.person_id
    if person_id is None:
        person_id = people.create(tx, now, **values)
    elif values:
        people.change(tx, person_id, **values)
    if step.new_phone is None:
        return
    for old in contacts.of_person(tx, person_id):
        if old.channel is Channel.SMS:
            contacts.change(tx, old.id, person_id=None)
    contact = contacts.lock(tx, Channel.SMS, step.new_phone, now=now)
    contacts.change(tx, contact.id, person_id=person_id)


def _person_faults(row: _Row, places: Mapping[str, AreaRecord], seen: _Seen) -> Iterator[RowFault]:
    if not row["id"]:
        yield row.fault("id", "everybody needs an id, so that the next list finds the same person")
    elif first := seen.get(("id", row["id"])):
        yield row.fault("id", f"stands in row {first} already")
    if row["language"] and row["language"].lower() not in set(Language):
        yield row.fault("language", f"is none of {', '.join(Language)}")
    if row["sex"] and row["sex"].lower() not in _SEXES:
        yield row.fault("sex", "write F or M, or leave it empty")
    if row["area"] and row["area"] not in places:
        yield row.fault("area", "there is no area with this code; import the areas first")


def _phone_faults(row: _Row, phone: str | None, owner: PersonRecord | None, seen: _Seen) -> Iterator[RowFault]:
    if row["phone"] and phone is None:
        yield row.fault("phone", "is no phone number")
    elif phone is not None and (first := seen.get(("phone", phone))):
        yield row.fault("phone", f"stands in row {first} already; leave it with one person")
    if owner is not None and owner.external_id not in (None, row["id"]):
        yield row.fault("phone", "is the number of another person here; leave it with one of them")


def _write_round(context: Context, path: Path, plan: RoundPlan, *, now: datetime, report: Report) -> None:
    with context.store.transaction() as tx:
        area = areas.by_code(tx, plan.area_code) if plan.area_code else None
        values = {name: value for name, value in asdict(plan).items() if name != "area_code"}
        round_id = rounds.add_round(tx, now, **values, area_id=area.id if area else None)
        for chunk in _chunks(path, _RECIPIENT):
            known = people.by_external_ids(tx, [row["id"] for row in chunk])
            rounds.add_recipients(tx, round_id, [(known[row["id"]], _amount(row["amount"])) for row in chunk])
        audit.add(tx, "round.imported", actor="staff", now=now, data={"round": round_id, "people": report.new})


def _plan_faults(context: Context, tx: Tx, plan: RoundPlan, now: datetime) -> Iterator[RowFault]:
    for column, value, longest in (("code", plan.code, 48), ("label", plan.label, 80), ("place", plan.place, 200)):
        if not 0 < len(value.strip()) <= longest:
            yield RowFault(0, column, value[:longest], f"write 1 to {longest} characters")
    if rounds.round_by_code(tx, plan.code) is not None:
        yield RowFault(0, "code", plan.code, "there is a round with this code already")
    if plan.day < context.calendar.local_day(now):
        yield RowFault(0, "date", plan.day.isoformat(), "is past")
    if plan.area_code and areas.by_code(tx, plan.area_code) is None:
        yield RowFault(0, "area", plan.area_code, "there is no area with this code")


def _recipient_faults(row: _Row, known: Mapping[str, int], seen: Collection[str]) -> Iterator[RowFault]:
    if row["id"] not in known:
        yield row.fault("id", "there is nobody with this id; import the people first")
    elif row["id"] in seen:
        yield row.fault("id", "stands in an earlier row already")
    if row["amount"] and _amount(row["amount"]) is None:
        yield row.fault("amount", "write a whole number above nought, without a currency")


def _amount(text: str) -> int | None:
    bare = to_ascii_digits(text).replace("\u00a0", "").replace(" ", "").removesuffix(".0")
    amount = int(bare.replace(",", "")) if _WHOLE_NUMBER.fullmatch(bare) else 0
    return amount if 0 < amount < 2**31 else None


def _length_faults(row: _Row) -> Iterator[RowFault]:
    for column, cell in row.cells.items():
        if len(cell) > _LONGEST.get(column, 200):
            yield row.fault(column, f"is longer than {_LONGEST.get(column, 200)} characters")
        if "\x00" in cell:
            yield row.fault(column, "has a character that cannot be kept (NUL)")


def _masked(column: str, value: str) -> str:
    """Return a value as it may be shown: codes whole, of all others no more than tells them apart."""
    whole = value.isascii() and len(value) <= _SHOWN_WHOLE.get(column, 0)
    return value if whole or not value else masked_phone(value)


@contextmanager
def _told_in(report: Report) -> Iterator[None]:
    try:
        yield
    except _Unreadable as unreadable:
        report.faults += unreadable.args


def _chunks(path: Path, columns: Sequence[str]) -> Iterator[list[_Row]]:
    rows = _rows(path, columns)
    while chunk := list(islice(rows, _CHUNK)):
        yield chunk


def _rows(path: Path, columns: Sequence[str]) -> Iterator[_Row]:
    number = 1
    try:
        # Editors on Windows put a byte order mark before the text.
        with path.open(encoding="utf-8-sig", newline="") as stream:
            first = stream.readline()
            stream.seek(0)
            reader = csv.reader(stream, delimiter=max(",;\t", key=first.count))
            header = [cell.strip().lower() for cell in next(reader, [])]
            _check_header(header, columns)
            for number, cells in enumerate(reader, start=2):
                if any(cell.strip() for cell in cells[len(header) :]):
                    raise _Unreadable(RowFault(number, "", "", f"{len(cells)} cells, and {len(header)} columns"))
                row = _Row(number, dict(zip(header, map(str.strip, cells), strict=False)))
                if any(row.cells.values()):
                    yield row
    except UnicodeDecodeError:
        raise _Unreadable(RowFault(number, "", "", "the file is not UTF-8; save it as CSV UTF-8")) from None
    except csv.Error as broken:
        raise _Unreadable(RowFault(number + 1, "", "", f"is no CSV: {broken}")) from None


def _check_header(header: Sequence[str], columns: Sequence[str]) -> None:
    faults = [RowFault(1, name, "", "this column is missing") for name in columns if name in _NEEDED - set(header)]
    # A file without a header has somebody's name here: it is not shown.
    known = f"there is no such column; known are {', '.join(columns)}"
    faults += [RowFault(1, f"column {n}", "", known) for n, name in enumerate(header, start=1) if name not in columns]
    faults += [RowFault(1, name, "", "stands here twice") for name in columns if header.count(name) > 1]
    if faults:
        raise _Unreadable(*faults)
