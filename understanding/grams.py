"""A text as the pieces that the model weighs: runs of letters, words, sounds and concepts, alone and two together.

Runs, words and sounds are numbers of 64 bits made from them, so that a thousand of them are found at once; two different
ones of a vocabulary meet in one number less often than once in many millions of texts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import combinations

import numpy as np
import numpy.typing as npt
import regex

from domain.reading import Intent
from understanding.features import Features
from understanding.lexicon.keys import latin_words, native_key
from understanding.lexicon.rules import score, scores
from understanding.spelling.sounds import word_sound

Grams = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.intp]
_NATIVE = (1, 2, 3, 4, 5)
_SPELLED = (2, 3, 4, 5)
_WORDS_KEPT = 80
_WORDS_PAIRED, _CONCEPTS_PAIRED = 16, 14
_LENGTHS = (1, 2, 4, 8, 16, 32)
_LATIN = regex.compile(r"[a-z]+")
_RULES = tuple(intent.value for intent in Intent if intent is not Intent.GREETING)
_FULL_RULE, _FULL_SENSITIVE = 4.0, 3.0
_BETWEEN = "\0"
_TRUE = np.array([True])
_NONE: Grams = np.empty(0, dtype=np.uint64)


def _number(name: str) -> np.uint64:
    return np.uint64(int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little"))


_STEP, _FIRST, _SECOND, _MIXED = (
    _number(f"{name} of grams") | np.uint64(1) for name in ("step", "first", "second", "mix")
)
_HALF = np.uint64(32)
_NATIVE_KINDS, _SPELLED_KINDS = ([_number(f"{kind} run of {n}") for n in range(6)] for kind in ("native", "spelled"))
_NEXT, _TOGETHER = _number("next to each other"), _number("in one text")


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """What the model sees of a text: `grams` count by their rarity, `signs` by their own value (about 0 to 2).

    Grams are in order, each once.
    """

    grams: Grams
    signs: dict[str, float]


def pieces_of(text: str, features: Features) -> Pieces:
    """Return the pieces of a text. `features` are those of the same text."""
    return Pieces(grams_of(text), dict(_signs(features)))


def grams_of(text: str) -> Grams:
    """Return the runs of letters, words and sounds of a text, as numbers in order."""
    found = []
    if letters := _LATIN.sub(" ", native_key(text).text).strip():
        found.append(_runs(f"^{letters}$", _NATIVE, _NATIVE_KINDS))
    if words := latin_words(text)[:_WORDS_KEPT]:
        found += _latin(words)
    if not found:
        return _NONE
    grams = _mixed(np.concatenate(found))
    # Sorting a thousand numbers is quicker than `numpy.unique`, which hashes them.
    grams.sort()
    once: Grams = grams[np.concatenate([_TRUE, grams[1:] != grams[:-1]])]
    return once


def grams_of_each(texts: Sequence[str]) -> tuple[Grams, Rows]:
    """Return the runs, words and sounds of several short texts together, and to which of the texts each belongs.

    Words next to each other, or in one text, are left out; a run that a text has twice is there twice.
    """
    words = [latin_words(text) for text in texts]
    letters = [_LATIN.sub(" ", native_key(text).text).strip() for text in texts]
    spelled = [f" {' '.join(each)} " if each else "" for each in words]
    of_words = [(n, _word(word), _sound(word_sound(word))) for n, each in enumerate(words) for word in each]
    owners = np.array([n for n, _, _ in of_words], dtype=np.intp)
    found = [
        (np.array([word for _, word, _ in of_words], dtype=np.uint64), owners),
        (np.array([sound for _, _, sound in of_words], dtype=np.uint64), owners),
        _runs_of_each([f"^{each}$" if each else "" for each in letters], _NATIVE, _NATIVE_KINDS),
        _runs_of_each(spelled, _SPELLED, _SPELLED_KINDS),
    ]
    return _mixed(np.concatenate([grams for grams, _ in found])), np.concatenate([owner for _, owner in found])


def _runs_of_each(texts: Sequence[str], sizes: Sequence[int], kinds: Sequence[np.uint64]) -> tuple[Grams, Rows]:
    """Return the runs of several texts, none of them across two, and to which of the texts each belongs."""
    joined = _BETWEEN.join(texts)
    runs = _runs(joined, sizes, kinds)
    letters = np.array([*joined]) if joined else np.empty(0, dtype=np.str_)
    text_of = np.cumsum(letters == _BETWEEN)
    owners, within = [], []
    for size in range(sizes[0], sizes[-1] + 1):
        first, last = text_of[: max(0, len(joined) - size + 1)], text_of[size - 1 :]
        owners.append(last)
        within.append((first == last) & (letters[: len(first)] != _BETWEEN))
    kept = np.concatenate(within)
    return runs[kept], np.concatenate(owners)[kept]


def _runs(text: str, sizes: Sequence[int], kinds: Sequence[np.uint64]) -> Grams:
    """Return all runs of some lengths, up to the last of them, each as one number of its letters and its kind."""
    letters = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    runs, found = letters, []
    for size in range(1, sizes[-1] + 1):
        if size > 1:
            runs = runs[:-1] * _STEP + letters[size - 1 :]
        if size >= sizes[0]:
            found.append(runs + kinds[size])
    return np.concatenate(found)


def _latin(words: list[str]) -> Iterator[Grams]:
    sounds = [word_sound(word) for word in words]
    yield np.array([_word(word) for word in words], dtype=np.uint64)
    spoken = np.array([_sound(sound) for sound in sounds], dtype=np.uint64)
    yield spoken
    yield spoken[:-1] * _FIRST + spoken[1:] * _SECOND + _NEXT
    several = np.array([_sound(sound) for sound in sorted(set(sounds))[:_WORDS_PAIRED]], dtype=np.uint64)
    one, other = np.triu_indices(len(several), 1)
    yield several[one] * _FIRST + several[other] * _SECOND + _TOGETHER
    yield _runs(f" {' '.join(words)} ", _SPELLED, _SPELLED_KINDS)


@lru_cache(maxsize=16384)
def _word(word: str) -> np.uint64:
    return _number(f"word {word}")


@lru_cache(maxsize=16384)
def _sound(sound: str) -> np.uint64:
    return _number(f"sound {sound}")


def _mixed(numbers: Grams) -> Grams:
    """Spread numbers over the whole range, so that neighbours do not lie together."""
    numbers = (numbers ^ (numbers >> _HALF)) * _MIXED
    return numbers ^ (numbers >> _HALF)


def _signs(features: Features) -> Iterator[tuple[str, float]]:
    for concept in features.concepts:
        yield f"concept {concept}", 1.0
    for one, other in combinations(sorted(features.concepts)[:_CONCEPTS_PAIRED], 2):
        yield f"both {one} {other}", 1.0
    for concept in features.whole:
        yield f"whole {concept}", 1.0
    yield f"tongue {features.tongue.lexicon}", 1.0
    yield f"length {sum(features.words >= length for length in _LENGTHS)}", 1.0
    for label, weight in scores("category", features.concepts).items():
        yield f"rule {label}", min(weight / _FULL_RULE, 2.0)
    for label in _RULES:
        weight = score(label, features.concepts)
        if weight:
            yield f"rule {label}", min(weight / _FULL_RULE, 2.0)
    for label in ("sensitive", "afraid"):
        weight = score(label, features.concepts)
        if weight:
            yield f"rule {label}", min(weight / _FULL_SENSITIVE, 2.0)
