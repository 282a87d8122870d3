"""Ways of saying one thing: patterns of words that meet in any spelling, with polite words or a reason around them."""

import re
from collections.abc import Iterable
from functools import lru_cache

from understanding.spelling.normal import TEXTS_REMEMBERED, loose_key
from understanding.spelling.sounds import word_sound
from understanding.wishes.around import POLITE_WORDS, REASON_WORDS
from understanding.wishes.word_sets import SETS

_EXAMINED, _LONGEST, _MOST = 110, 64, 9
"""Letters of a text, letters of what it may say without all around it, and how many places either end is tried at."""
_APOSTROPHES = re.compile(r"(?<=[a-z])['’‘`´](?=[a-z])")
_LATIN = re.compile(r"[a-z]+")
_APART = re.compile(r"[^a-z0-9\u1780-\u17dd\u0e80-\u0edf]+")
_PLEASE = re.compile(r"\b(?:please|pls|plz|pliz)\b")
_TOKEN = re.compile(r"[\[\]()/]|<\w+>|[^\s\[\]()/<>]+")
_SIGNS = {"[": "(?:", "]": ")?", "(": "(?:", ")": ")", "/": "|"}
_HARD = {"b": "p", "d": "t"}
_KEPT = (
    *("dae", "girl", "girls", "gun", "guns", "he", "lock", "locks", "now", "ok", "phai", "phit", "she", "the", "they"),
    "us",
)
_AS_TYPED = {word: word.upper() for word in _KEPT}
"""What sounds like a word of another meaning: the please of Lao like its *can*, a gun like a child, she like *will*."""


class Ways:
    """Some ways of saying one thing, written in words, `<set>`s, `[what may be missing]` and `(this / that)`.

    Khmer, Lao and Latin letters stand side by side in a set: the order of words is the same. Latin words are compared
    by their sound, native ones by their loose key, and spaces count for nothing between them.
    """

    def __init__(self, *said: str) -> None:
        body = "|".join(_pattern(each) for each in said)
        self._whole = re.compile(f"(?:{body})")
        self._within = re.compile(rf"(?<![A-Za-z0-9])(?:{body})(?![A-Za-z0-9])")

    def is_said(self, text: str, *, reasons: bool = False) -> bool:
        """Tell whether a whole text says it, polite words aside; with `reasons`, whatever usual reason is given too."""
        if len(text) > _EXAMINED:
            return False
        key = spelled_alike(text)
        begins, ends = _core_bounds(key, reasons=reasons)
        if ends[0] - begins[0] > _LONGEST:
            return False
        return any(self._whole.fullmatch(key, begin, end) for begin in begins for end in ends if begin < end)

    def is_within(self, text: str) -> bool:
        """Tell whether it is said anywhere in a text."""
        return self._within.search(spelled_alike(text)) is not None

    def end_in(self, key: str, *, at_start: bool = False) -> int | None:
        """Return where in a key of `spelled_alike` the first place ends at which it is said, or that at its start."""
        found = self._within.match(key) if at_start else self._within.search(key)
        return found.end() if found else None


@lru_cache(TEXTS_REMEMBERED)
def spelled_alike(text: str) -> str:
    """Return the words of a text with single spaces between: Latin ones by sound, native ones by their loose key."""
    key = _APART.sub(" ", _PLEASE.sub("", _APOSTROPHES.sub("", loose_key(text))))
    return _LATIN.sub(_sound, key).strip()


@lru_cache(maxsize=16384)
def word_alike(word: str) -> str:
    """Return the sound of one word in small Latin letters, as it stands in `spelled_alike`."""
    sound = _AS_TYPED.get(word) or word_sound(word)
    return sound[:-1] + _HARD.get(sound[-1], sound[-1])


def _sound(found: re.Match[str]) -> str:
    return word_alike(found[0])


def _pattern(said: str) -> str:
    return "".join(_part(token) for token in _TOKEN.findall(said))


def _part(token: str) -> str:
    if token in _SIGNS:
        return _SIGNS[token]
    if token[0] != "<":
        return _words(token)
    longest_first = sorted(
        {_words(each.strip()) for each in SETS[token[1:-1]].split(",")}, key=lambda key: (-len(key), key)
    )
    return "(?:" + "|".join(longest_first) + ")"


def _words(written: str) -> str:
    return "".join(rf" ?{re.escape(word)}" for word in spelled_alike(written).split())


def _lengths(words: Iterable[str]) -> tuple[frozenset[str], tuple[int, ...]]:
    keys = frozenset(filter(None, (spelled_alike(each) for each in words)))
    return keys, tuple(sorted({len(key) for key in keys}))


_AROUND = {
    False: _lengths(POLITE_WORDS),
    True: _lengths((*POLITE_WORDS, *REASON_WORDS)),
}


@lru_cache(2 * TEXTS_REMEMBERED)
def _core_bounds(key: str, *, reasons: bool) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return where what is said may begin and end, innermost first, when words around it count for nothing."""
    begins = sorted(_reached(key, 0, 1, reasons=reasons), reverse=True)
    ends = sorted(_reached(key, len(key), -1, reasons=reasons))
    return (*begins[:_MOST], *begins[_MOST:][-1:]), (*ends[:_MOST], *ends[_MOST:][-1:])


def _reached(key: str, start: int, step: int, *, reasons: bool) -> set[int]:
    """Return the places that such words alone lie between and one end of a key; forwards or, with -1, backwards."""
    words, lengths = _AROUND[reasons]
    found, new = {start}, [start]
    while new:
        at = new.pop()
        for length in lengths:
            low, high = sorted((at, at + step * length))
            if low < 0 or high > len(key) or key[low:high] not in words or _is_split(key, at + step * length):
                continue
            beyond = high + (key[high : high + 1] == " ") if step > 0 else low - (key[low - 1 : low] == " ")
            if beyond not in found:
                found.add(beyond)
                new.append(beyond)
    return found


def _is_split(key: str, at: int) -> bool:
    """Tell whether a place is inside a Latin word."""
    return 0 < at < len(key) and key[at - 1].isascii() and key[at].isascii() and " " not in key[at - 1 : at + 1]
