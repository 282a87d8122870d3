"""Which area the columns of a row mean: codes, or names in either script, each narrowed by the wider ones beside it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.settings import AREA_LEVELS
from domain.texts.digits import to_ascii_digits
from handlers.importing.cells import Row
from handlers.importing.report import RowFault
from storage import Tx
from storage.queries import areas
from storage.queries.areas import AreaRecord
from understanding import Place
from understanding.places import PlaceIndex

_MOST_REMEMBERED = 20_000
_MOST_NAMED = 5
_NEAR_AS_GOOD = 3.0


@dataclass(frozen=True, slots=True)
class Meant:
    """What was found: the area, what is wrong, and what is doubtful; `several` that have the very name that was written."""

    area: AreaRecord | None = None
    several: tuple[AreaRecord, ...] = ()
    wrong: tuple[tuple[str, str], ...] = ()
    doubtful: tuple[tuple[str, str], ...] = ()


class Places:
    """The project's areas, ready to be looked up for many rows; built once for a list."""

    def __init__(self, tx: Tx, *, asked_level: str) -> None:
        every = areas.all_areas(tx)
        self._by_code = {area.code: area for area in every}
        self._by_id = {area.id: area for area in every}
        self._levels: dict[str, list[AreaRecord]] = {level: [] for level in AREA_LEVELS}
        for area in every:
            self._levels[area.level].append(area)
        # A name alone is most probably of the kind that the project asks people for.
        self._order = sorted(AREA_LEVELS, key=lambda level: level != asked_level)
        self._indexes: dict[tuple[str, str], PlaceIndex] = {}
        self._remembered: dict[tuple[str, ...], Meant] = {}
        self.unused: set[str] = set()

    def meant(self, row: Row) -> tuple[AreaRecord | None, list[RowFault], list[RowFault]]:
        """Return the finest area that a row names (None where it names none), what is wrong, and what is doubtful."""
        cells = tuple(row[column] for column in (*AREA_LEVELS, "area"))
        if not any(cells):
            return None, [], []
        found = self._remembered.get(cells)
        if found is None:
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            found = self._remembered[cells] = self._look(cells)
        wrong = [row.fault(column, why) for column, why in found.wrong]
        return found.area, wrong, [row.fault(column, why) for column, why in found.doubtful]

    def of_id(self, area_id: int) -> AreaRecord | None:
        """Return an area by its number."""
        return self._by_id.get(area_id)

    def of_code(self, code: str) -> AreaRecord | None:
        """Return the area of a code, also where a spreadsheet has taken a nought from before it."""
        plain = to_ascii_digits(code).removesuffix(".0")
        return self._by_code.get(plain) or (self._by_code.get(f"0{plain}") if plain.isdigit() else None)

    def _look(self, cells: tuple[str, ...]) -> Meant:
        so_far = Meant()
        for column, text, levels in self._written(cells):
            if so_far.several:
                return self._by_the_smaller(column, text, levels, so_far)
            found = self._one(column, text, levels, so_far.area)
            so_far = Meant(found.area, found.several, so_far.wrong + found.wrong, so_far.doubtful + found.doubtful)
            if found.area is None and not found.several:
                break
        return so_far

    def _written(self, cells: tuple[str, ...]) -> Iterator[tuple[str, str, Sequence[str]]]:
        """Return the columns that say something, widest first, each with the levels of area that it may mean."""
        for column, text in zip((*AREA_LEVELS, "area"), cells, strict=True):
            levels = [column] if column in AREA_LEVELS else self._order
            if text and any(self._levels[level] for level in levels):
                yield column, text, levels
            elif text:
                self.unused.add(column)

    def _by_the_smaller(self, column: str, text: str, levels: Sequence[str], wider: Meant) -> Meant:
        """Return the smaller area where only one of several wider ones of one name has it; else what was wrong with those."""
        inside = [self._one(column, text, levels, each) for each in wider.several]
        exact = [found.area for found in inside if found.area is not None and not found.doubtful]
        return Meant(exact[0], (), (), wider.doubtful) if len(exact) == 1 else wider

    def _one(self, column: str, text: str, levels: Sequence[str], within: AreaRecord | None) -> Meant:
        by_code = self.of_code(text)
        if by_code is not None and by_code.level in levels:
            return self._inside(column, by_code, within)
        doubtful: Meant | None = None
        for level in levels:
            named = self._named(column, text, level, within)
            if named.area is not None and not named.doubtful:
                return named
            if named.wrong and named.wrong[0][1].startswith("there are"):
                return named
            doubtful = doubtful or (named if named.doubtful else None)
        what = column if column in AREA_LEVELS else "area"
        inside = f" in {_called(within)}" if within is not None else ""
        why = f"there is no {what} with this name or code{inside}; import the areas first, or write the code"
        return doubtful or Meant(wrong=((column, why),))

    def _inside(self, column: str, area: AreaRecord, within: AreaRecord | None) -> Meant:
        if within is None or area.path.startswith(within.path):
            return Meant(area)
        if column == "area" and within.path.startswith(area.path):
            return Meant(within)
        return Meant(wrong=((column, f"does not lie in {_called(within)}"),))

    def _named(self, column: str, text: str, level: str, within: AreaRecord | None) -> Meant:
        matches = self._index(level, within).closest(text, limit=_MOST_NAMED + 1)
        if not matches:
            return Meant()
        best = [match for match in matches if match.score >= matches[0].score - _NEAR_AS_GOOD]
        found = [self._by_code[match.place.code] for match in best]
        if len(found) > 1:
            same = tuple(found) if best[0].exact else ()
            return Meant(several=same, wrong=((column, self._several(found, exact=best[0].exact)),))
        if best[0].exact:
            return Meant(found[0])
        why = f"there is no {level} of this name; the nearest is {_called(found[0])}"
        return Meant(found[0], doubtful=((column, why),))

    def _several(self, found: Sequence[AreaRecord], *, exact: bool) -> str:
        choices = ", ".join(self._called_within(area) for area in found[:_MOST_NAMED])
        more = ", …" if len(found) > _MOST_NAMED else ""
        said = f"there are {len(found)} of this name" if exact else "there are several with nearly this name"
        return f"{said}: {choices}{more}; write the code, or add a column with the district"

    def _called_within(self, area: AreaRecord) -> str:
        above = self._by_code.get(next(iter(areas.codes_in(area.path)[-2:-1]), ""))
        return f"{_called(area)} in {above.name('en')}" if above is not None else _called(area)

    def _index(self, level: str, within: AreaRecord | None) -> PlaceIndex:
        path = within.path if within is not None else ""
        index = self._indexes.get((level, path))
        if index is None:
            places = [
                Place(code=area.code, level=area.level, names=tuple(area.names.values()))
                for area in self._levels[level]
                if area.names and area.path.startswith(path)
            ]
            index = self._indexes[level, path] = PlaceIndex(places)
        return index


def _called(area: AreaRecord) -> str:
    return f"{area.name('en')} ({area.code})"
