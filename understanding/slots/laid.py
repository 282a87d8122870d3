"""A text laid out for finding dates and sums: loosely spelled, Latin words as the native ones, offsets remembered."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

import regex

from understanding.slots.glossary import Country, native_word
from understanding.spelling.normal import loose_key

TAKEN = "\x00"
"""Stands for every letter that another slot has taken; no pattern matches it."""
_CHUNK = regex.compile(
    r"[A-Za-z]+(?:['’‘`´][A-Za-z]+)*"
    r"|[\u1780-\u17b3](?:\u17d2[\u1780-\u17b3]|[\u17b6-\u17d1\u17dd])*"
    r"|ເເ|(?:ຫ[ນມລຼ]|[\u0e81-\u0eae\u0edc-\u0edf])[\u0eb0-\u0ebc\u0ec8-\u0ecd]*"
    r"|\X"
)
Value_co = TypeVar("Value_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Found(Generic[Value_co]):
    """A value and where it stands, as offsets in the key (in the text itself for phone numbers)."""

    start: int
    end: int
    value: Value_co


@dataclass(frozen=True, slots=True)
class Laid:
    """A text as a key, and for each letter of the key where it came from."""

    text: str
    key: str
    starts: list[int]
    ends: list[int]

    def typed(self, start: int, end: int) -> str:
        """Return what was typed for a stretch of the key."""
        return self.text[self.starts[start] : self.ends[end - 1]].strip()

    def is_sure(self, found: Found[Value_co]) -> bool:
        """Tell whether something stands there as it was typed: of Latin number words only some are known, so that what
        they say together would be a guess.
        """
        typed = self.typed(found.start, found.end)
        plain = any(char.isdigit() for char in typed) or not typed.isascii()
        return plain or self.key[found.start].isascii()


def lay(text: str, country: Country) -> Laid:
    """Lay out a text. Its key has Latin words for dates and money as the words of the country that sound so."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _CHUNK.finditer(text):
        form = _form(match[0], country)
        pieces.append(form)
        size = len(form)
        starts.extend([match.start()] * size)
        ends.extend([match.end()] * size)
    return Laid(text, "".join(pieces), starts, ends)


@lru_cache(maxsize=4096)
def loose(words: str) -> str:
    """Return words as they stand in a key: native ones loosely spelled, Latin ones as they are."""
    return "".join(_loose_chunk(match[0]) for match in _CHUNK.finditer(words))


def taken(key: str, start: int, end: int) -> str:
    """Return a key in which a stretch is taken."""
    return key[:start] + TAKEN * (end - start) + key[end:]


@lru_cache(maxsize=8192)
def _form(chunk: str, country: Country) -> str:
    if chunk == TAKEN:
        return TAKEN
    if chunk[0].isascii() and chunk[0].isalpha():
        native = native_word(chunk.lower(), country)
        return loose(native) if native else chunk.lower()
    return _loose_chunk(chunk)


def _loose_chunk(chunk: str) -> str:
    return " " if chunk.isspace() else loose_key(chunk)
