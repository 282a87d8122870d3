"""Which of some people a text names: full names however they were typed, a given name after a title, initials with dots."""

from collections.abc import Sequence
from functools import cached_property, lru_cache

import regex
from rapidfuzz import fuzz

from understanding.persons.romanise import cross_key
from understanding.spelling.normal import loose_key, normalise
from understanding.spelling.sounds import word_sound

_NEAR, _NEAR_ACROSS = 90.0, 88.0
_SHORTEST_RUN, _SHORTEST_FUZZY, _SHORTEST_GIVEN = 4, 7, 3
_SHORTEST_KEY, _SHORTEST_GIVEN_KEY, _LONGEST_GIVEN = 6, 4, 20
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


def named_in(text: str, people: Sequence[Sequence[str]], *, across: bool = False) -> frozenset[int]:
    """Return the places in `people` of those whom a text names; each has the full name first, then other ways to write it.

    A full name of one word counts only behind a title, since many are words as well. With `across` a name is found in
    another script than its own too, by how it sounds: for a few names, since among thousands some always sound like it.
    """
    said = _Said(text[:_EXAMINED])
    across = across and bool(people)
    return frozenset(
        n
        for n, names in enumerate(people)
        if any(said.names(name, alone=m > 0) or (across and said.sounds(name)) for m, name in enumerate(names))
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
        self._across = _Across(text, self._titled)

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

    def sounds(self, name: str) -> bool:
        """Tell whether the text holds a name in another script than the name's own."""
        return self._across.names(name)

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


class _Across:
    """A text ready to be looked through for names of another script, by how they sound."""

    def __init__(self, text: str, titled: Sequence[str]) -> None:
        self._text, self._titled = text, titled

    @cached_property
    def _latin(self) -> list[str]:
        return [key for word in _WORDS.findall(normalise(self._text)) if word.isascii() and (key := cross_key(word))]

    @cached_property
    def _run(self) -> str:
        return "".join(cross_key(word) for word in _WORDS.findall(normalise(self._text)) if not word.isascii())

    @cached_property
    def _behind(self) -> tuple[list[str], list[str]]:
        """Return what stands behind titles: single words in Latin letters, and the beginnings of runs in the others."""
        latin = [cross_key(each.partition(" ")[0]) for each in self._titled if each[:1].isascii()]
        return latin, [cross_key(each[:_LONGEST_GIVEN]) for each in self._titled if not each[:1].isascii()]

    @cached_property
    def _initials(self) -> tuple[set[str], set[str]]:
        found = [_LETTER.findall(each) for each in _INITIALS.findall(self._text)]
        latin = {_sounds_of(each) for each in found if all(letter.isascii() for letter in each)}
        return latin, {_sounds_of(each) for each in found if not any(letter.isascii() for letter in each)}

    def names(self, name: str) -> bool:
        """Tell whether the text holds a name of another script."""
        native, keys = not name.isascii(), _keys_of(name)
        first = "".join(key[0] for key in keys)
        if len(first) > 1 and {first, first[::-1]} & self._initials[0 if native else 1]:
            return True
        if native:
            behind = any(key in self._behind[0] for key in keys if len(key) >= _SHORTEST_GIVEN_KEY)
        else:
            given = [key for key in keys if len(key) >= _SHORTEST_GIVEN_KEY]
            behind = any(each.startswith(key) for key in given for each in self._behind[1])
        return behind or (self._in_words(keys) if native else self._in_run("".join(keys)))

    def _in_words(self, keys: Sequence[str]) -> bool:
        """Look for a name among words in Latin letters, as one word or several, whichever part stands first."""
        wanted = {"".join(keys), "".join(reversed(keys))}
        if len("".join(keys)) < _SHORTEST_KEY:
            return False
        most = max(2, len(keys))
        spans = (
            "".join(self._latin[n : n + size])
            for size in range(1, most + 1)
            for n in range(len(self._latin) - size + 1)
        )
        return any(fuzz.ratio(each, key, score_cutoff=_NEAR) for each in spans for key in wanted)

    def _in_run(self, key: str) -> bool:
        """Look for a name in Latin letters where a script leaves no spaces."""
        if len(key) < _SHORTEST_KEY or len(self._run) < len(key):
            return False
        return key in self._run or (len(key) >= _SHORTEST_FUZZY and fuzz.partial_ratio(key, self._run) >= _NEAR_ACROSS)


@lru_cache(maxsize=2048)
def _keys_of(name: str) -> tuple[str, ...]:
    return tuple(key for word in _WORDS.findall(normalise(name)) if (key := cross_key(word)))


def _sounds_of(letters: Sequence[str]) -> str:
    return "".join(cross_key(letter)[:1] for letter in letters)


def _together(words: list[str], start: int, parts: list[str]) -> str:
    return " ".join(sorted(words[start : start + len(parts)]))


def _letters(initials: str) -> str:
    return loose_key("".join(_LETTER.findall(initials)))


def _initials_of(name: str, parts: list[str]) -> set[str]:
    """Return the first letters of a name's parts, both ways round, and a name that is initials itself."""
    first = "".join(part[0] for part in parts) if len(parts) > 1 else ""
    own = _letters(name) if "." in name else ""
    return {each for each in (first, first[::-1], own) if len(each) > 1}
