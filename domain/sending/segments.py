"""How many SMS segments a text takes, and where a long one may be cut.

GSM 03.38: 160 septets alone or 153 a part, extension characters count two. UCS-2: 70 UTF-16 units alone or 67 a part,
and a surrogate pair is never split. Cuts fall between grapheme clusters, never after a Lao leading vowel and never
before a vowel that Unicode keeps apart from its consonant.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import regex

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")
_LAO_LEADING = frozenset("ເແໂໃໄ")
_LAO_FOLLOWING = frozenset("ະາ")
_GRAPHEME = regex.compile(r"\X")


class Encoding(StrEnum):
    """The two alphabets of SMS."""

    GSM7 = "gsm7"
    UCS2 = "ucs2"


@dataclass(frozen=True, slots=True)
class SegmentCount:
    """What a text takes: its alphabet, its length in that alphabet's units, and the number of segments."""

    encoding: Encoding
    units: int
    segments: int


def count_segments(text: str) -> SegmentCount:
    """Count what a text takes as SMS. An empty text takes one segment."""
    fill = _Fill(encoding_of(text)).plus(text)
    return SegmentCount(fill.encoding, fill.units, fill.segments)


def encoding_of(text: str) -> Encoding:
    """Return the smaller alphabet that holds every character of the text."""
    return Encoding.GSM7 if all(c in _BASIC or c in _EXTENDED for c in text) else Encoding.UCS2


def cut(text: str, max_segments: int) -> list[str]:
    """Cut a text into messages of at most so many segments each, between clusters. Joined they give back the text.

    Only a cluster that is longer than a whole message is cut inside, between characters.
    """
    pieces: list[str] = []
    load, start, at = _Load(), 0, 0
    for unit in _units_to_place(text, max_segments):
        longer = load.plus(unit)
        if at > start and longer.segments > max_segments:
            pieces.append(text[start:at])
            longer, start = _Load().plus(unit), at
        load, at = longer, at + len(unit)
    return [*pieces, text[start:]] if text[start:] or not pieces else pieces


def clusters(text: str) -> list[str]:
    """Return the pieces between which a text may be cut."""
    starts = [each.start() for each in _GRAPHEME.finditer(text) if _may_cut_before(text, each.start())]
    return [text[a:b] for a, b in pairwise([*starts, len(text)])]


def _may_cut_before(text: str, at: int) -> bool:
    return at == 0 or not (text[at - 1] in _LAO_LEADING or text[at] in _LAO_FOLLOWING)


def _units_to_place(text: str, max_segments: int) -> Iterator[str]:
    for cluster in clusters(text):
        if _Load().plus(cluster).segments > max_segments:
            yield from cluster
        else:
            yield cluster


@dataclass(frozen=True, slots=True)
class _Fill:
    """How far segments are filled in one alphabet: units in all, parts begun, units in the last part."""

    encoding: Encoding
    units: int = 0
    parts: int = 1
    last: int = 0

    def plus(self, text: str) -> "_Fill":
        room = 153 if self.encoding is Encoding.GSM7 else 67
        units, parts, last = self.units, self.parts, self.last
        for character in text:
            width = _width(character, self.encoding)
            units += width
            if last + width > room:
                parts, last = parts + 1, 0
            last += width
        return _Fill(self.encoding, units, parts, last)

    @property
    def segments(self) -> int:
        single = 160 if self.encoding is Encoding.GSM7 else 70
        return 1 if self.units <= single else self.parts


@dataclass(frozen=True, slots=True)
class _Load:
    """What a growing text takes in both alphabets at once, so that it need not be counted anew when it leaves GSM-7."""

    encoding: Encoding = Encoding.GSM7
    gsm7: _Fill = _Fill(Encoding.GSM7)
    ucs2: _Fill = _Fill(Encoding.UCS2)

    def plus(self, text: str) -> "_Load":
        encoding = encoding_of(text) if self.encoding is Encoding.GSM7 else Encoding.UCS2
        gsm7 = self.gsm7.plus(text) if encoding is Encoding.GSM7 else self.gsm7
        return _Load(encoding, gsm7, self.ucs2.plus(text))

    @property
    def segments(self) -> int:
        return (self.gsm7 if self.encoding is Encoding.GSM7 else self.ucs2).segments


def _width(character: str, encoding: Encoding) -> int:
    if encoding is Encoding.GSM7:
        return 2 if character in _EXTENDED else 1
    return 2 if ord(character) > 0xFFFF else 1
