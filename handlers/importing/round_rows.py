"""Checking the rows of a round's list: who is meant, by id, phone or name, how much she gets, and what speaks against it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from handlers.importing import cells
from handlers.importing.cells import Row
from handlers.importing.places import Places
from handlers.importing.report import RowFault
from storage import Tx
from storage.notebook import Notebook
from storage.queries.persons import bulk
from storage.queries.persons.bulk import Holder, KnownPerson, NamedPerson
from storage.queries.programme import round_lists
from understanding import same_name
from understanding.persons.near_names import NearNames

_SAME, _NEAR, _ANOTHER = 97.0, 85.0, 60.0
_AREAS_HELD = 8


@dataclass(frozen=True, slots=True)
class Paid:
    """What a row says of whom: the person and her area, the sum, and whether she is new on the list."""

    row: Row
    person_id: int | None
    area_id: int | None
    amount: int | None
    is_new: bool
    columns: tuple[str, ...]
    wrong: list[RowFault] = field(default_factory=list)
    doubtful: list[RowFault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Meant:
    """Who is meant by a row, with her area, if that is clear."""

    person_id: int | None = None
    area_id: int | None = None
    wrong: tuple[RowFault, ...] = ()
    doubtful: tuple[RowFault, ...] = ()


@dataclass(frozen=True, slots=True)
class _Around:
    """Who is known around a chunk of rows: by identifier, by phone, by number."""

    people: Mapping[str, KnownPerson]
    holders: Mapping[str, Holder]
    sharers: Mapping[int, KnownPerson]


class Checker:
    """Checks rows chunk by chunk, with a few queries for each chunk; names are read village by village."""

    def __init__(self, tx: Tx, places: Places, book: Notebook, *, country: str, round_id: int | None) -> None:
        self._tx, self._places, self._book = tx, places, book
        self._country, self._round_id = country, round_id
        self._names: dict[int, list[NamedPerson]] = {}

    def check(self, chunk: Sequence[Row]) -> Iterator[Paid]:
        """Return who is meant by each row, and what is wrong or doubtful with it."""
        phones = {row.number: cells.phone(row["phone"], self._country) for row in chunk if row["phone"]}
        around = self._around(chunk, sorted({phone for phone in phones.values() if phone}))
        meant = [self._meant(row, phones.get(row.number), around) for row in chunk]
        people = [each.person_id for each in meant if each.person_id is not None]
        sums = round_lists.amounts(self._tx, self._round_id, people) if self._round_id is not None else {}
        keys = [
            (f"person {m.person_id}", r.number) for m, r in zip(meant, chunk, strict=True) if m.person_id is not None
        ]
        first = self._book.first_rows(keys) if keys else {}
        for row, each in zip(chunk, meant, strict=True):
            yield _paid(row, each, sums, first.get(f"person {each.person_id}"))

    def _around(self, chunk: Sequence[Row], phones: Sequence[str]) -> _Around:
        people = bulk.by_external_ids(self._tx, sorted({cells.identifier(row["id"]) for row in chunk} - {""}))
        holders = bulk.holders(self._tx, phones)
        sharers = bulk.by_ids(self._tx, sorted({each for holder in holders.values() for each in holder.people}))
        return _Around(people, holders, sharers)

    def _meant(self, row: Row, phone: str | None, around: _Around) -> _Meant:
        area, wrong, doubtful = self._places.meant(row)
        if wrong:
            return _Meant(wrong=tuple(wrong))
        if row["id"]:
            found = _by_id(row, around.people.get(cells.identifier(row["id"])))
        elif row["phone"]:
            found = _by_phone(row, phone, around)
        elif row["name"]:
            found = self._by_name(row, area.id if area else None)
        else:
            found = _Meant(wrong=(row.fault("id", "nobody is named here; write an id, a phone number or a name"),))
        area_id = area.id if area is not None else found.area_id
        return _Meant(found.person_id, area_id, found.wrong, (*found.doubtful, *doubtful))

    def _by_name(self, row: Row, area_id: int | None) -> _Meant:
        if area_id is None:
            return _Meant(
                wrong=(row.fault("name", "a name alone is not enough; write the id, a phone or the village"),)
            )
        known = self._named_in(area_id)
        near = sorted(NearNames([row["name"]]).among([each.name for each in known], _NEAR), key=lambda found: -found[2])
        best = [known[place] for _, place, score in near if score >= min(_SAME, near[0][2])]
        if not best:
            return _Meant(
                wrong=(row.fault("name", "there is nobody of this name in this area; import the people first"),)
            )
        if len(best) > 1:
            return _Meant(wrong=(row.fault("name", "several people here have this name; write the id"),))
        doubtful = () if near[0][2] >= _SAME else (row.fault("name", "nobody has quite this name; one is near"),)
        return _Meant(best[0].id, area_id, doubtful=doubtful)

    def _named_in(self, area_id: int) -> list[NamedPerson]:
        if area_id not in self._names:
            if len(self._names) >= _AREAS_HELD:
                self._names.pop(next(iter(self._names)))
            self._names[area_id] = [person for page in bulk.names_in(self._tx, area_id) for person in page]
        return self._names[area_id]


def _by_id(row: Row, known: KnownPerson | None) -> _Meant:
    if known is None:
        return _Meant(wrong=(row.fault("id", "there is nobody with this id; import the people first"),))
    another = row["name"] and known.name and 0 < same_name(row["name"], known.name) < _ANOTHER
    doubtful = (row.fault("name", "somebody of quite another name has this id"),) if another else ()
    return _Meant(known.id, known.area_id, doubtful=doubtful)


def _by_phone(row: Row, phone: str | None, around: _Around) -> _Meant:
    if phone is None:
        return _Meant(wrong=(row.fault("phone", cells.why_no_phone(row["phone"])),))
    holder = around.holders.get(phone)
    people = [around.sharers[each] for each in sorted(holder.people)] if holder is not None else []
    if len(people) > 1:
        people = [each for each in people if row["name"] and same_name(row["name"], each.name or "") >= _SAME]
        if len(people) != 1:
            return _Meant(wrong=(row.fault("phone", "several people share this phone; write the id"),))
    if not people:
        return _Meant(wrong=(row.fault("phone", "nobody here has this number; import the people first"),))
    return _by_id(row, people[0])


def _paid(row: Row, meant: _Meant, sums: Mapping[int, int | None], first: int | None) -> Paid:
    wrong = [*cells.unfit(row), *meant.wrong]
    column = next((column for column in ("id", "phone", "name") if row[column]), "id")
    if first is not None and first != row.number:
        wrong.append(row.fault(column, f"stands in row {first} already"))
    amount = cells.amount(row["amount"]) if row["amount"] else None
    if row["amount"] and amount is None:
        wrong.append(row.fault("amount", "write a whole number above nought, without a currency"))
    is_new = meant.person_id not in sums
    changes = not is_new and amount is not None and amount != sums[meant.person_id or 0]
    columns = ("amount",) if changes else ()
    return Paid(row, meant.person_id, meant.area_id, amount, is_new, columns, wrong, list(meant.doubtful))
