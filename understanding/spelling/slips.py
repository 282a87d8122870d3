"""Which of some known words was meant where one was typed with a slip or two: letters left out, doubled, or swapped."""

from collections.abc import Iterable

from rapidfuzz.distance import OSA

from understanding.spelling.normal import normalise

_SHORTEST, _LONG = 4, 8


def meant_words(typed: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return the known words that a word may be a slip of, nearest first, all equally near ones; empty for none.

    One slip in words of four letters or more, two in words of eight or more; the first letter must hold, or be swapped.
    """
    key = normalise(typed)
    slips = {word: _slips(key, normalise(word)) for word in known}
    near = {word: count for word, count in slips.items() if count is not None}
    fewest = min(near.values(), default=None)
    return tuple(word for word, count in near.items() if count == fewest)


def _slips(typed: str, known: str) -> int | None:
    shorter = min(len(typed), len(known))
    if shorter < _SHORTEST or typed[0] not in known[:2]:
        return None
    most = 2 if shorter >= _LONG else 1
    count = OSA.distance(typed, known, score_cutoff=most)
    return count if 0 < count <= most else None
