"""Which of many names are nearly the same, all against all: what `same_name` says of two, without comparing one by one."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from rapidfuzz import fuzz, process

from understanding.persons.names import bare_name
from understanding.spelling.sounds import sound_key

_BLOCK = 1_000
_SOUND_COUNTS = 0.97
_EXACT = 100.0
_Key = Callable[[str], str]
_Names = list[tuple[int, str]]
_Scores = np.ndarray[tuple[int, int], np.dtype[np.float32]]


class NearNames:
    """Names to be compared with many others; names in different scripts are not compared."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = _by_script(names)

    def within(self, least: float) -> Iterator[tuple[int, int, float]]:
        """Find the pairs among these names that are as near as `least` (0 to 100): two places, and how near."""
        return _all_pairs(self._names, self._names, least)

    def among(self, others: Sequence[str], least: float) -> Iterator[tuple[int, int, float]]:
        """Find the pairs of one of these and one of the others: a place in each, and how near.

        Memory is bounded by a block of each list; time grows with the product of both.
        """
        return _all_pairs(self._names, _by_script(others), least)


def _by_script(names: Sequence[str]) -> tuple[_Names, _Names]:
    bare = [(place, bare) for place, name in enumerate(names) if (bare := bare_name(name))]
    return [each for each in bare if not each[1].isascii()], [each for each in bare if each[1].isascii()]


def _all_pairs(
    ours: tuple[_Names, _Names], others: tuple[_Names, _Names], least: float
) -> Iterator[tuple[int, int, float]]:
    for mine, theirs, sounds in zip(ours, others, (False, True), strict=True):
        if least >= _EXACT:
            yield from _equal(mine, theirs)
            continue
        for start in range(0, len(mine), _BLOCK):
            for begin in range(0, len(theirs), _BLOCK):
                blocks = mine[start : start + _BLOCK], theirs[begin : begin + _BLOCK]
                yield from _pairs(*blocks, least, sounds=sounds)


def _equal(mine: _Names, theirs: _Names) -> Iterator[tuple[int, int, float]]:
    """Find the pairs that differ by spelling alone, without comparing all with all."""
    found: set[tuple[int, int]] = set()
    for key in (_joined, _sorted):
        places: dict[str, list[int]] = {}
        for place, name in theirs:
            places.setdefault(key(name), []).append(place)
        found |= {(place, other) for place, name in mine for other in places.get(key(name), ())}
    for one, other in sorted(found):
        yield one, other, _EXACT


def _pairs(mine: _Names, theirs: _Names, least: float, *, sounds: bool) -> Iterator[tuple[int, int, float]]:
    scores = _scores(mine, theirs, _joined, least)
    np.maximum(scores, _scores(mine, theirs, _sorted, least), out=scores)
    if sounds:
        for key in (_joined_sound, _sorted_sound):
            alike = _scores(mine, theirs, key, least / _SOUND_COUNTS)
            np.maximum(scores, alike * _SOUND_COUNTS, out=scores)
    for one, other in zip(*np.nonzero(scores >= least), strict=True):
        yield mine[one][0], theirs[other][0], float(scores[one, other])


def _scores(mine: _Names, theirs: _Names, key: _Key, least: float) -> _Scores:
    keys = [[key(name) for _, name in each] for each in (mine, theirs)]
    return process.cdist(*keys, scorer=fuzz.ratio, score_cutoff=min(least, 100.0), dtype=np.float32)


def _joined(name: str) -> str:
    return name.replace(" ", "")


def _sorted(name: str) -> str:
    return " ".join(sorted(name.split()))


def _joined_sound(name: str) -> str:
    return _joined(sound_key(name))


def _sorted_sound(name: str) -> str:
    return _sorted(sound_key(name))
