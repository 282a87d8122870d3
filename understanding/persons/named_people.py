"""Which of some people a text names: full names however they were typed, a given name after a title, initials with dots."""

from collections.abc import Sequence

import regex
from rapidfuzz import fuzz

from understanding.spelling.normal import loose_key
from understanding.spelling.sounds import word_sound

_NEAR = 90.0
_SHORTEST_RUN, _SHORTEST_FUZZY, _SHORTEST_GIVEN = 4, 7, 3
_EXAMINED = 1000
_WORDS = regex.compile(r"[\p{L}\p{M}]+")
_INITIALS = regex.compile(r"(?<![\p{L}\p{M}])(?:\p{L}\p{M}*\.\s?){1,3}\p{L}\p{M}*\.?(?![\p{L}\p{M}])")
_LETTER = regex.compile(r"\p{L}")
_TITLES = tuple(
    loose_key(title)
    for title in (
        *("លោកស្រី", "លោក", "អ្នកស្រី", "បង", "ពូ", "មីង", "ឈ្មោះ"),
        *("ທ້າວ", "ນາງສາວ", "ນາງ", "ທ່ານ", "ອ້າຍ", "ເອື້ອຍ", "ຊື່"),
        *("mr", "mrs", "ms", "miss", "lok", "lok srey", "neak srey", "bong", "pou", "thao", "nang", "than", "ay"),
        *("named", "called", "chmous", "seu"),
    )
)
_TITLED_WORD = regex.compile(rf"(?<!\S)(?:{'|'.join(each for each in _TITLES if each.isascii())})\s+(?=\p{{Latin}})")
_TITLED_RUN = regex.compile("|".join(each for each in _TITLES if not each.isascii()))


def named_in(text: str, people: Sequence[Sequence[str]]) -> frozenset[int]:
    """Return the places in `people` of those whom a text names; each has the full name first, then other ways to write it.

    Names are compared within one script: who is written of in Khmer, Lao and Latin letters needs a name in each. A full
    name of one word counts only behind a title, since many are words as well.
    """
    said = _Said(text[:_EXAMINED])
    return frozenset(
        n for n, names in enumerate(people) if any(said.names(name, alone=m > 0) for m, name in enumerate(names))
    )


class _Said:
    """A text ready to be looked through for names."""

    def __init__(self, text: str) -> None:
        key = loose_key(text)
        self._words = _WORDS.findall(key)
        self._sounds = [word_sound(word) if word.isascii() else word for word in self._words]
        self._run = "".join(self._words)
        self._initials = {_letters(found) for found in _INITIALS.findall(text)}
        after = " ".join(self._words)
        self._titled = [after[found.end() :] for found in _TITLED_WORD.finditer(after)]
        self._titled += [self._run[found.end() :] for found in _TITLED_RUN.finditer(self._run, overlapped=True)]

    def names(self, name: str, *, alone: bool) -> bool:
        """Tell whether the text holds a name; `alone` lets one of a single word stand without a title."""
        parts = _WORDS.findall(loose_key(name))
        if not parts:
            return False
        if self._initials & _initials_of(name, parts) or self._behind_a_title(parts):
            return True
        joined = "".join(parts)
        if len(joined) < _SHORTEST_RUN or (len(parts) == 1 and not alone):
            return False
        return self._in_words(parts) if joined.isascii() else self._in_run(joined)

    def _in_words(self, parts: list[str]) -> bool:
        """Look for a name in Latin letters, word for word, whichever part stands first; slips and sounds are looked over."""
        if len(parts) == 1:
            return parts[0] in self._words
        name, sound = " ".join(sorted(parts)), " ".join(sorted(word_sound(part) for part in parts))
        starts = range(len(self._words) - len(parts) + 1)
        return any(
            fuzz.ratio(_together(self._words, n, parts), name, score_cutoff=_NEAR)
            or fuzz.ratio(_together(self._sounds, n, parts), sound, score_cutoff=_NEAR)
            for n in starts
        )

    def _in_run(self, name: str) -> bool:
        """Look for a name in a script that leaves no spaces; a slip is looked over only in a long name."""
        if name in self._run:
            return True
        return len(name) >= _SHORTEST_FUZZY <= len(self._run) and fuzz.partial_ratio(name, self._run) >= _NEAR

    def _behind_a_title(self, parts: list[str]) -> bool:
        """Look for one part of a name behind a title, as people speak of officers."""
        given = [part for part in parts if len(part) >= _SHORTEST_GIVEN]
        return any(
            each.partition(" ")[0] == part if part.isascii() else each.startswith(part)
            for part in given
            for each in self._titled
        )


def _together(words: list[str], start: int, parts: list[str]) -> str:
    return " ".join(sorted(words[start : start + len(parts)]))


def _letters(initials: str) -> str:
    return loose_key("".join(_LETTER.findall(initials)))


def _initials_of(name: str, parts: list[str]) -> set[str]:
    """Return the first letters of a name's parts, both ways round, and a name that is initials itself."""
    first = "".join(part[0] for part in parts) if len(parts) > 1 else ""
    own = _letters(name) if "." in name else ""
    return {each for each in (first, first[::-1], own) if len(each) > 1}
