"""A text as the pieces that the model weighs: runs of letters, words, sounds and concepts, alone and two together."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise

import regex

from domain.reading import Intent
from understanding.features import Features
from understanding.lexicon.keys import latin_words, native_key
from understanding.lexicon.rules import score, scores
from understanding.spelling.sounds import word_sound

_NATIVE = (1, 2, 3, 4, 5)
_SPELLED = (2, 3, 4, 5)
_WORDS_KEPT = 80
_WORDS_PAIRED, _CONCEPTS_PAIRED = 16, 14
_LENGTHS = (1, 2, 4, 8, 16, 32)
_LATIN = regex.compile(r"[a-z]+")
_RULES = tuple(intent.value for intent in Intent if intent is not Intent.GREETING)
_FULL_RULE, _FULL_SENSITIVE = 4.0, 3.0


@dataclass(frozen=True, slots=True)
class Pieces:
    """What the model sees of a text: `grams` count by their rarity, `signs` by their own value (about 0 to 2)."""

    grams: frozenset[str]
    signs: dict[str, float]


def pieces_of(text: str, features: Features) -> Pieces:
    """Return the pieces of a text. `features` are those of the same text."""
    return Pieces(grams_of(text), dict(_signs(features)))


def grams_of(text: str) -> frozenset[str]:
    """Return the runs of letters, words and sounds of a text."""
    grams = set(_native(native_key(text).text))
    words = latin_words(text)[:_WORDS_KEPT]
    if words:
        grams.update(_latin(words))
    return frozenset(grams)


def _native(key: str) -> Iterator[str]:
    letters = _LATIN.sub(" ", key).strip()
    if not letters:
        return
    padded = f"^{letters}$"
    for size in _NATIVE:
        for start in range(len(padded) - size + 1):
            yield padded[start : start + size]


def _latin(words: list[str]) -> Iterator[str]:
    sounds = [word_sound(word) for word in words]
    for word, sound in zip(words, sounds, strict=True):
        yield f"w:{word}"
        yield f"s:{sound}"
    for one, other in pairwise(sounds):
        yield f"b:{one} {other}"
    for one, other in combinations(sorted(set(sounds))[:_WORDS_PAIRED], 2):
        yield f"p:{one} {other}"
    spaced = f" {' '.join(words)} "
    for size in _SPELLED:
        for start in range(len(spaced) - size + 1):
            yield f"~{spaced[start : start + size]}"


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
