"""Places as people name them and as messages show them: the index of areas, and an area's name with its parent's."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from threading import Lock

from domain.reading import Language
from domain.settings import AREA_LEVELS
from handlers.context import Context
from storage.queries import areas
from storage.queries.areas import AreaRecord
from storage.store import Tx
from understanding import Place
from understanding.places import Match, PlaceIndex
from wording import say

_LOCK = Lock()
_WIDE = AREA_LEVELS[: AREA_LEVELS.index("district") + 1]


def find_places(context: Context, tx: Tx, text: str, *, whole: bool) -> list[AreaRecord]:
    """Return the areas that a text most probably names, best first; several where names are the same.

    `whole` says that the text answers the question for a place; otherwise a place must be named as one in the sentence.
    Only the first-ranked kind is returned: the project's asked level before the smaller ones.
    """
    for index in _indexes(context, tx):
        found = _best(index.closest(text, limit=5)) if whole else _named(index.closest(text, limit=5), text)
        if found:
            by_code = areas.by_codes(tx, [match.place.code for match in found])
            return [by_code[match.place.code] for match in found]
    return []


def find_wider(context: Context, tx: Tx, text: str) -> list[AreaRecord]:
    """Return the areas between the province and the asked kind that a whole text names, best first: a district."""
    for index in _cached(context, tx).wider:
        found = _best(index.closest(text, limit=5))
        if found:
            by_code = areas.by_codes(tx, [match.place.code for match in found])
            return [by_code[match.place.code] for match in found]
    return []


def is_place_alone(context: Context, tx: Tx, text: str) -> bool:
    """Tell whether a text is nothing but the name of a place, perhaps with those of the areas around it."""
    return any(index.is_all_of(text) for index in _indexes(context, tx))


def nearest_first(found: list[AreaRecord], path: str | None) -> list[AreaRecord]:
    """Return areas in order of nearness to one that is known: those in the same district before the same province.

    Areas have no coordinates: the more of the way from the province down is shared, the nearer. Equals keep their order.
    """
    known = areas.codes_in(path)

    def shared(area: AreaRecord) -> int:
        pairs = zip(known, areas.codes_in(area.path), strict=False)
        return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))

    return sorted(found, key=shared, reverse=True)


def short_place(tx: Tx, area_id: int | None, language: Language) -> str:
    """Return how a notice names an area."""
    if area_id is None:
        return say("place_nowhere", language)
    return say("place_short", language, **_words(tx, areas.by_id(tx, area_id), language))


def short_places(tx: Tx, paths: Sequence[str | None], language: Language) -> dict[str | None, str]:
    """Return how notices name the areas of these paths, in one query for all of them."""
    codes = {code for path in paths for code in areas.codes_in(path)}
    known = areas.by_codes(tx, sorted(codes)) if codes else {}
    named: dict[str | None, str] = {None: say("place_nowhere", language)}
    level = AREA_LEVELS.index("district")
    for path in filter(None, paths):
        own = areas.codes_in(path)
        area, above = known[own[-1]], known[own[level] if len(own) > level else own[-1]]
        named[path] = say("place_short", language, **_named_in(area, above, language))
    return named


def option_place(tx: Tx, area: AreaRecord, language: Language) -> str:
    """Return how a numbered choice names an area: with the area that it lies in."""
    return say("place_option", language, **_words(tx, area, language))


def bare_place(area: AreaRecord, language: Language) -> str:
    """Return an area's name with what it is."""
    return say(f"area_{area.kind}", language, name=area.name(language))


def full_place(tx: Tx, area: AreaRecord, language: Language) -> str:
    """Return an area's name with what it is, and that of its district where it lies in one."""
    if area.level in _WIDE:
        return bare_place(area, language)
    return say("place_full", language, **_words(tx, area, language))


def district_of(tx: Tx, area: AreaRecord) -> AreaRecord:
    """Return the district that an area lies in, or the area itself."""
    codes = areas.codes_in(area.path)
    level = AREA_LEVELS.index("district")
    return (areas.by_code(tx, codes[level]) if len(codes) > level else None) or area


def _words(tx: Tx, area: AreaRecord, language: Language) -> dict[str, str]:
    return _named_in(area, district_of(tx, area), language)


def _named_in(area: AreaRecord, parent: AreaRecord, language: Language) -> dict[str, str]:
    return {
        "name": area.name(language),
        "place": say(f"area_{area.kind}", language, name=area.name(language)),
        "parent": parent.name(language),
        "parent_place": say(f"area_{parent.kind}", language, name=parent.name(language)),
    }


def _best(matches: list[Match]) -> list[Match]:
    exact = [match for match in matches if match.exact]
    if exact:
        return exact
    top = [match for match in matches if match.score >= matches[0].score - 3] if matches else []
    return top[:5]


def _named(matches: list[Match], text: str) -> list[Match]:
    best = _best(matches)
    return best if len(best) == 1 and len(text) > len(best[0].place.names[0]) else []


@dataclass(frozen=True, slots=True)
class _Known:
    """The indexes of as many areas as there were: the asked kind and the smaller ones, and the larger, nearest first."""

    number: int
    asked: list[PlaceIndex]
    wider: list[PlaceIndex]


def _indexes(context: Context, tx: Tx) -> list[PlaceIndex]:
    return _cached(context, tx).asked


def _cached(context: Context, tx: Tx) -> _Known:
    number = areas.count(tx)
    known: _Known | None = context.place_indexes
    if known is None or known.number != number:
        with _LOCK:
            known = context.place_indexes = _build(context, tx, number)
    return known


def _build(context: Context, tx: Tx, number: int) -> _Known:
    every = areas.all_areas(tx)
    by_code = {area.code: area for area in every}
    asked = AREA_LEVELS.index(context.settings.asked_level)
    places: dict[str, list[Place]] = {level: [] for level in AREA_LEVELS}
    for area in every:
        above = [by_code[code] for code in areas.codes_in(area.path)[:-1] if code in by_code]
        context_names = tuple(name for each in above for name in each.names.values())
        names = tuple(area.names.values())
        if names:
            places[area.level].append(Place(code=area.code, level=area.level, names=names, context=context_names))

    def made(levels: Sequence[str]) -> list[PlaceIndex]:
        return [PlaceIndex(places[level]) for level in levels if places[level]]

    return _Known(number, made(AREA_LEVELS[asked:]), made(AREA_LEVELS[1:asked][::-1]))
