"""A text laid out for searching: its native letters without spaces, and its Latin words by spelling and by sound."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import regex

from understanding.spelling.normal import TEXTS_REMEMBERED, loose_key, normalise
from understanding.spelling.sounds import word_sound

_APOSTROPHES = regex.compile(r"(?<=[a-z])['’‘`´](?=[a-z])")
_LATIN_TOKEN = regex.compile(r"[a-z]+|\d+(?:[.,]\d+)*|[^\sa-z\d]")
_LATIN_WORD = regex.compile(r"[a-z]+")
_DOUBLED = regex.compile(r"([a-z])\1+")
_VOWELS = frozenset("aeiouy")


@dataclass(frozen=True, slots=True)
class Key:
    """One searchable form of a text; `bounds` are the offsets at which a clause begins or ends.

    `spelled` is the text less loosely: words as they were typed, native letters with their tones.
    """

    text: str
    bounds: frozenset[int]
    spelled: str


@lru_cache(TEXTS_REMEMBERED)
def native_key(text: str) -> Key:
    """Return the letters and digits of a text in Khmer or Lao, without spaces, case and loosely spelled."""
    kept: list[str] = []
    bounds = {0}
    for char in loose_key(text):
        if char.isalnum() or "\u17b6" <= char <= "\u17dd" or "\u0eb0" <= char <= "\u0ecd" or char in "ៗໆ$%":
            kept.append(char)
        else:
            bounds.add(len(kept))
    bounds.add(len(kept))
    return Key("".join(kept), frozenset(bounds), normalise(text).replace(" ", ""))


@lru_cache(TEXTS_REMEMBERED)
def english_key(text: str) -> Key:
    """Return the Latin words of a text as English stems, each between single spaces."""
    return _word_key(text, stem)


@lru_cache(TEXTS_REMEMBERED)
def sound_word_key(text: str) -> Key:
    """Return the Latin words of a text by their sound in Khmer or Lao, each between single spaces."""
    return _word_key(text, word_sound)


def latin_words(text: str) -> list[str]:
    """Return the words in Latin letters, lower case, without apostrophes."""
    return _LATIN_WORD.findall(_APOSTROPHES.sub("", loose_key(text)))


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """Return an English word without doubled letters and its commonest endings."""
    word = _DOUBLED.sub(r"\1", word)
    for ending in ("ing", "ed", "es", "s"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= 3 and _VOWELS & set(rest):
            return rest.rstrip("e") if len(rest) > 3 else rest
    return word.rstrip("e") if len(word) > 3 else word


def _word_key(text: str, form: Callable[[str], str]) -> Key:
    pieces, spelled = [" "], [""]
    length = 1
    bounds = {0, 1}
    for token in _LATIN_TOKEN.findall(_APOSTROPHES.sub("", loose_key(text))):
        if not token[0].isascii() or not token[0].isalnum():
            bounds.add(length)
            continue
        piece = form(token) if token[0].isalpha() else token
        pieces.append(piece + " ")
        spelled.append(token)
        length += len(piece) + 1
    bounds.add(length)
    return Key("".join(pieces), frozenset(bounds), " ".join([*spelled, ""]))
