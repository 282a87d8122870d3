"""Which place a text names: official names against what people type, in Khmer, Lao or Latin letters."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import regex
from rapidfuzz import fuzz, process

from understanding.place_words import Mention, mentions, name_key, without_level_words
from understanding.spelling.normal import loose_key
from understanding.spelling.sounds import sound_key

_GOOD_ALONE, _GOOD_IN_TEXT = 82.0, 88.0
_EXACT = 100.0
_SHORTEST_FUZZY = 6
_SHORTEST_IN_TEXT, _SHORTEST_RUN_ON, _SHORTEST_SOUND = 4, 5, 5
_SOUND = "~"
_NUMBERED = regex.compile(r"(?:ទី)?\d+$|(?<=....)ti(?:muoy|pir|bei|buon)$")
_EXAMINED = 600
_FINENESS = {"village": 0, "commune": 1, "district": 2, "province": 3}
_OF_EACH = 40


@dataclass(frozen=True, slots=True)
class Place:
    """An area that can be named: its official code, its level (`commune`), its names in every script and language.

    `context` holds the names of the areas that it lies in, which tell places of one name apart.
    """

    code: str
    level: str
    names: tuple[str, ...]
    context: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A place that a text probably names: `score` 0 to 100, `exact` where it is spelled as the place is."""

    place: Place
    score: float
    exact: bool


@dataclass(frozen=True, slots=True)
class _Found:
    match: Match
    in_context: int
    start: int


class PlaceIndex:
    """Places ready to be looked up; build it once for many texts."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._by_key: dict[str, list[Place]] = {}
        for place in places:
            for key in {key for name in place.names for key in _keys(name)}:
                self._by_key.setdefault(key, []).append(place)
        self._spelled = [key for key in self._by_key if not key.startswith(_SOUND)]
        self._sounds = [key for key in self._by_key if key.startswith(_SOUND)]
        self._levels = {place.level for listed in self._by_key.values() for place in listed}
        self._longest = max(map(len, self._spelled), default=0)

    def closest(self, text: str, *, limit: int = 5) -> list[Match]:
        """Return the places that the text most probably names, best first; see `closest`."""
        text = text[:_EXAMINED]
        spelled = name_key(text), _sound(text)
        best: dict[str, _Found] = {}
        for mention in mentions(loose_key(text)):
            for found in self._named(mention, spelled):
                known = best.get(found.match.place.code)
                if known is None or _rank(found) < _rank(known):
                    best[found.match.place.code] = found
        ordered = sorted(best.values(), key=_rank)
        exact = [found.match for found in ordered if found.match.exact and found.in_context == ordered[0].in_context]
        return exact or [found.match for found in ordered][:limit]

    def is_all_of(self, text: str) -> bool:
        """Tell whether a text is nothing but the name of a place, with those of the areas that it lies in."""
        return any(match.exact and not _beside(match.place, text) for match in self.closest(text))

    def _named(self, mention: Mention, spelled: tuple[str, str]) -> list[_Found]:
        def found(key: str, score: float) -> list[_Found]:
            return [
                _Found(Match(place, score, exact=score >= _EXACT), _context_named(place, key, *spelled), mention.start)
                for place in self._at_level(key, mention.level)
            ]

        exact = [each for key in self._exact_keys(mention) for each in found(key, _EXACT)]
        if exact:
            return exact
        for part in mention.with_parent:
            in_parent = [each for key in self._keys_of(part) for each in found(key, _EXACT) if each.in_context]
            if in_parent:
                return in_parent
        return [each for key, score in self._near(mention).items() for each in found(key, min(score, _EXACT - 1))]

    def _exact_keys(self, mention: Mention) -> list[str]:
        for spelled in mention.spellings:
            if mention.whole_text or len(spelled) >= _SHORTEST_IN_TEXT or not spelled.isascii():
                keys = self._keys_of(spelled)
                if keys:
                    return keys
        longest = mention.spellings[0]
        sizes = range(min(len(longest) - 1, self._longest), _SHORTEST_RUN_ON - 1, -1) if mention.runs_on else ()
        return next(([longest[:size]] for size in sizes if longest[:size] in self._by_key), [])

    def _keys_of(self, spelled: str) -> list[str]:
        sound = _sound(spelled)
        keys = [spelled, sound] if len(sound) > _SHORTEST_SOUND else [spelled]
        return [key for key in keys if key in self._by_key]

    def _near(self, mention: Mention) -> dict[str, float]:
        scores: dict[str, float] = {}
        if not (mention.loose or mention.whole_text):
            return scores
        cutoff = _GOOD_ALONE if mention.whole_text else _GOOD_IN_TEXT
        for spelled in mention.spellings:
            for query, keys, least in (
                (spelled, self._spelled, cutoff),
                (_sound(spelled), self._sounds, _GOOD_IN_TEXT),
            ):
                if len(query) < (_SHORTEST_FUZZY if query.isascii() else _SHORTEST_FUZZY - 2):
                    continue
                near = process.extract(query, keys, scorer=fuzz.ratio, score_cutoff=least, limit=_OF_EACH)
                for key, score, _ in near:
                    scores[key] = max(score, scores.get(key, 0.0))
        return scores

    def _at_level(self, key: str, level: str | None) -> list[Place]:
        listed = self._by_key[key]
        if level is None or level not in self._levels:
            return listed
        return [place for place in listed if place.level == level]


def closest(text: str, places: Sequence[Place], *, limit: int = 5) -> list[Match]:
    """Return the places that the text most probably names, best first, in Khmer, Lao or Latin letters, misspelt too.

    Only good ones (82 of 100 and more). A place is looked for after a word for one (ឃុំ, ບ້ານ, commune) or as the
    whole text. Places whose parent the text names as well come first. Where the spelling is exact, all places of that
    name are returned, beyond `limit` too, and nothing else; only those in the parent that the text names, if it names
    one. For many texts, keep a `PlaceIndex`.
    """
    return PlaceIndex(places).closest(text, limit=limit)


def _keys(name: str) -> tuple[str, ...]:
    plain = name_key(name)
    bare = _NUMBERED.sub("", plain)
    forms = [form for form in dict.fromkeys((plain, bare)) if form]
    return (*forms, *(_sound(form) for form in forms if form.isascii()))


def _beside(place: Place, text: str) -> str:
    """Return what a text says beside a place's own name, those around it, and the words that announce places."""
    rest = name_key(text, joined=False)
    for name in sorted(
        (name_key(each, joined=False) for each in (*place.names, *place.context)), key=len, reverse=True
    ):
        rest = rest.replace(name, " ") if name else rest
    return without_level_words(rest).strip()


def _sound(text: str) -> str:
    return _SOUND + sound_key(name_key(text)) if text.isascii() else ""


def _context_named(place: Place, own: str, spelled: str, sound: str) -> int:
    """Count the areas around a place that the text names beside the place itself, which often bears the name of one."""
    named = 0
    spelled, sound = spelled.replace(own, "", 1), sound.replace(own.removeprefix(_SOUND), "", 1)
    for parent in place.context:
        key = name_key(parent)
        named += bool(key) and (key in spelled or (key.isascii() and len(key) > 3 and _sound(parent)[1:] in sound))
    return named


def _rank(found: _Found) -> tuple[int, bool, float, int, int, str]:
    place = found.match.place
    return (
        -found.in_context,
        not found.match.exact,
        -found.match.score,
        _FINENESS.get(place.level, len(_FINENESS)),
        found.start,
        place.code,
    )
