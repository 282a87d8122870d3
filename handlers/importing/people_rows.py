"""Checking the rows of a list of people: what each says, whom it is about, what it changes, and what speaks against it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.reading import Language
from handlers.importing import cells
from handlers.importing.cells import Row
from handlers.importing.places import Places
from handlers.importing.report import RowFault
from storage import Tx
from storage.notebook import Notebook
from storage.queries.areas import AreaRecord
from storage.queries.persons import bulk
from storage.queries.persons.bulk import Holder, KnownPerson

_YES_NO = {"reads": "reads", "consent": "consent", "money_reminders": "money_reminders"}
_TEXTS = {"name": "name", "group": "group_name", "programme": "programme", "spoken": "spoken_language"}
_OURS = {
    **{stored: ours for ours, stored in (_TEXTS | _YES_NO).items()},
    "language": "language",
    "sex": "sex",
    "area_id": "area",
    "external_id": "id",
}


@dataclass(frozen=True, slots=True)
class Circle:
    """Among whom a name is compared: those of one area."""

    area_id: int
    is_village: bool
    name: str
    sex: str | None
    group: str | None


@dataclass(frozen=True, slots=True)
class Checked:
    """What a row does: to whom (None: somebody new), which columns it sets, and whose the phone was that it gives.

    `is_freed` says that the owner gets another number in the same list.
    """

    row: Row
    identifier: str
    person_id: int | None
    is_new: bool
    values: dict[str, Any]
    phone: str | None
    owner_id: int | None
    is_shared: bool
    is_freed: bool
    circle: Circle | None
    wrong: list[RowFault] = field(default_factory=list)
    doubtful: list[RowFault] = field(default_factory=list)

    @property
    def columns(self) -> tuple[str, ...]:
        """Return which columns of ours change."""
        phone = ("phone",) if self.phone else ()
        return (*(_OURS[name] for name in self.values), *phone)


@dataclass(frozen=True, slots=True)
class _Around:
    """What is known around a chunk of rows."""

    people: Mapping[str, KnownPerson]
    owners: Mapping[int, KnownPerson]
    holders: Mapping[str, Holder]
    first: Mapping[str, int]


class Checker:
    """Checks rows chunk by chunk, with a few queries for each chunk.

    `freed` are the identifiers of those whose numbers may go to others, since the list gives them other ones.
    """

    def __init__(
        self, tx: Tx, places: Places, book: Notebook, *, country: str, shared: bool, freed: frozenset[str]
    ) -> None:
        self._tx, self._places, self._book = tx, places, book
        self._country, self._shared, self._freed = country, shared, freed
        self._wanted: set[str] = set()
        self._renumbered: list[tuple[str, int]] = []

    def check(self, chunk: Sequence[Row]) -> Iterator[Checked]:
        """Return what each row does, and what is wrong or doubtful with it."""
        ids = [cells.identifier(row["id"]) for row in chunk]
        phones = [cells.phone(row["phone"], self._country) if row["phone"] else None for row in chunk]
        around = self._around(chunk, ids, phones)
        for row, identifier, phone in zip(chunk, ids, phones, strict=True):
            yield self._one(row, identifier, phone, around)
        if self._renumbered:
            self._book.first_rows(self._renumbered)
            self._renumbered.clear()

    def to_free(self) -> frozenset[str]:
        """Return whose numbers the list gives to others while it gives them other ones."""
        return frozenset(each for each in self._wanted if self._book.has_seen(f"renumbered {each}"))

    def _around(self, chunk: Sequence[Row], ids: Sequence[str], phones: Sequence[str | None]) -> _Around:
        keys = [(f"id {each}", row.number) for each, row in zip(ids, chunk, strict=True) if each]
        keys += [(f"phone {each}", row.number) for each, row in zip(phones, chunk, strict=True) if each]
        holders = bulk.holders(self._tx, sorted({phone for phone in phones if phone}))
        unlisted = {h.person_id for h in holders.values() if h.person_id is not None and h.external_id is None}
        return _Around(
            bulk.by_external_ids(self._tx, sorted(set(ids))),
            bulk.by_ids(self._tx, sorted(unlisted)) if unlisted else {},
            holders,
            self._book.first_rows(keys) if keys else {},
        )

    def _one(self, row: Row, identifier: str, phone: str | None, around: _Around) -> Checked:
        area, wrong, doubtful = self._places.meant(row)
        wrong = [*cells.unfit(row), *_wrong_cells(row), *_wrong_id(row, identifier, around), *wrong]
        if row["phone"] and phone is None:
            wrong.append(row.fault("phone", cells.why_no_phone(row["phone"])))
        known, holder = around.people.get(identifier), around.holders.get(phone or "")
        is_first = around.first.get(f"phone {phone}") == row.number
        stored = known
        if known is None and holder is not None and holder.person_id is not None and is_first:
            stored = around.owners.get(holder.person_id)
        person_id = stored.id if stored is not None else None
        is_hers = holder is not None and person_id is not None and person_id in holder.people
        others = [] if is_hers or phone is None else _others(row, holder, around.first[f"phone {phone}"])
        is_freed = bool(others) and is_first and self._is_freed(holder)
        others = [] if is_freed else others
        is_shared = bool(others)
        if known is not None and phone is not None and not is_hers:
            self._renumbered.append((f"renumbered {identifier}", row.number))
        if others and not (self._shared or cells.yes_or_no(row["shared"])):
            doubtful = [*doubtful, *others]
        values = _values(row, identifier, area, stored)
        doubtful = [*doubtful, *_against_her_wish(row, values, stored)]
        return Checked(
            row=row,
            identifier=identifier,
            person_id=person_id,
            is_new=known is None,
            values=values,
            phone=None if is_hers else phone,
            owner_id=holder.person_id if holder is not None else None,
            is_shared=is_shared,
            is_freed=is_freed,
            circle=self._circle(values, stored, area),
            wrong=wrong,
            doubtful=doubtful,
        )

    def _is_freed(self, holder: Holder | None) -> bool:
        """Tell whether a number's holder gets another one here; remember to look for that where it is not known yet."""
        if holder is None or holder.external_id is None or len(holder.people) != 1:
            return False
        self._wanted.add(holder.external_id)
        return holder.external_id in self._freed

    def _circle(self, values: Mapping[str, Any], stored: KnownPerson | None, area: AreaRecord | None) -> Circle | None:
        """Return among whom a new name is compared; None where the name is known, or the area is not."""
        if area is None and stored is not None and stored.area_id is not None:
            area = self._places.of_id(stored.area_id)
        if "name" not in values or area is None:
            return None
        sex = values.get("sex") or (stored.sex if stored else None)
        group = values.get("group_name") or (stored.group_name if stored else None)
        return Circle(area.id, area.level == "village", values["name"], sex, group)


def _wrong_id(row: Row, identifier: str, around: _Around) -> Iterator[RowFault]:
    if not identifier:
        yield row.fault("id", "everybody needs an id, so that the next list finds the same person")
    elif (first := around.first[f"id {identifier}"]) != row.number:
        yield row.fault("id", f"stands in row {first} already")


def _wrong_cells(row: Row) -> Iterator[RowFault]:
    if row["language"] and cells.language(row["language"]) is None:
        yield row.fault("language", f"is none of {', '.join(Language)}")
    if row["sex"] and cells.sex(row["sex"]) is None:
        yield row.fault("sex", "write F or M, or leave it empty")
    for column in (*_YES_NO, "shared"):
        if row[column] and cells.yes_or_no(row[column]) is None:
            yield row.fault(column, "write yes or no, or leave it empty")


def _others(row: Row, holder: Holder | None, first: int) -> list[RowFault]:
    """Return that a phone is another's: of somebody on an earlier list, or of an earlier row."""
    if first != row.number:
        return [row.fault("phone", f"stands in row {first} already: one phone for two people?")]
    if holder is not None and holder.external_id is not None:
        return [row.fault("phone", "is the number of another person here: one phone for two people?")]
    return []


def _values(row: Row, identifier: str, area: AreaRecord | None, stored: KnownPerson | None) -> dict[str, Any]:
    language = cells.language(row["language"])
    given: dict[str, Any] = {
        "external_id": identifier,
        **{name: row[column] or None for column, name in _TEXTS.items()},
        "language": language.value if language else None,
        "sex": cells.sex(row["sex"]),
        "area_id": area.id if area else None,
        **{name: cells.yes_or_no(row[column]) for column, name in _YES_NO.items()},
    }
    return {name: value for name, value in given.items() if value is not None and value != getattr(stored, name, None)}


def _against_her_wish(row: Row, values: Mapping[str, Any], stored: KnownPerson | None) -> Iterator[RowFault]:
    if stored is not None and values.get("money_reminders") is True:
        yield row.fault("money_reminders", "she asked for none; leave the cell empty unless she wants them again")
