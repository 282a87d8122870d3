"""Phrases of concepts, read from the lexicon once, and where they stand in a text."""

import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import product

import regex

from understanding.lexicon.keys import Key, english_key, native_key, sound_word_key
from understanding.spelling.normal import TEXTS_REMEMBERED, as_keyword, normalise

TONGUES = ("km", "lo", "en", "km_latin", "lo_latin")
_NATIVE_GAP, _WORD_GAP = 16, 26
_BINDING = tuple("\u17d2ເແໂໃໄ")
_INSIDE_SYLLABLE = regex.compile(
    r"[\u1780-\u17b3\u17d2][\u17b6-\u17d3]|[\u17b6-\u17c5][\u17c6\u17c7]|[\u0e81-\u0eae\u0edc\u0edd][\u0eb0-\u0ebd\u0ecd]"
)
_LAO_FINAL = regex.compile(
    r"(?<=[\u0eb2\u0eb4\u0eb6\u0eb8]|[\u0ec0-\u0ec2][\u0e81-\u0eae\u0edc\u0edd])[ກງຍດນບມວ]"
    r"(?![\u0eb0-\u0ebd\u0ecd]|ອ(?![\u0eb0-\u0ebd\u0ecd])|ວ[\u0e81-\u0eae](?![\u0eb0-\u0ebd\u0ecd]))"
)
"""A consonant that ends the syllable of the open vowel before it: the ຍ of ນາຍ, where ນາ would be another word."""
_HEAD, _LEAD = 6, 2
_ALSO_POLITE = ("answer_yes", "answer_no")
_KEYWORDS = frozenset({"stop", "start", "help"})
"""What is taken for itself however its letters are set apart or replaced; a yes or no must be plain."""
_SET = regex.compile(r"\{(\w+)\}")
_NOT_NATIVE = regex.compile(r"[^\p{Khmer}\p{Lao}]+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of a concept; its parts follow each other with little between them. `^` and `$` bind it to a clause.

    `spelled` is what must stand in the text letter for letter, where the phrase is written with a leading `=`.
    """

    concept: str
    parts: tuple[str, ...]
    at_start: bool
    at_end: bool
    written: str
    spelled: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found in a text, by its offsets in the key."""

    concept: str
    start: int
    end: int
    written: str


class Phrases:
    """All phrases of one language and script, found in one walk over a key."""

    def __init__(self, tongue: str, source: dict[str, str], sets: dict[str, list[str]]) -> None:
        self._key = _key_of(tongue)
        self._gap = _NATIVE_GAP if tongue in ("km", "lo") else _WORD_GAP
        self._overlap = 0 if tongue in ("km", "lo") else 1
        self._by_head: dict[str, list[Phrase]] = {}
        self._parts: dict[str, str] = {}
        self.words: set[str] = set()
        for concept, listed in source.items():
            for written in _items(listed):
                for expanded in _expanded(written, sets):
                    self._add(concept, expanded)
        self._sizes = _sizes_after(self._by_head)

    def find(self, key: Key) -> Iterator[Hit]:
        """Find every phrase in a key made for this language and script."""
        text, by_head, sizes_after = key.text, self._by_head, self._sizes
        for start in self._starts(key):
            for size in sizes_after.get(text[start : start + _LEAD]) or sizes_after.get(text[start], ()):
                for phrase in by_head.get(text[start : start + size], ()):
                    end = self._end(phrase, key, start)
                    if end is not None:
                        yield Hit(phrase.concept, start, end, phrase.written)

    def _starts(self, key: Key) -> Iterable[int]:
        if not self._overlap:
            return range(len(key.text))
        return (offset for offset, char in enumerate(key.text) if char == " ")

    def _end(self, phrase: Phrase, key: Key, start: int) -> int | None:
        first, *rest = phrase.parts
        if not key.text.startswith(first, start) or phrase.spelled not in key.spelled:
            return None
        if key.text[start - 1 : start] in _BINDING or (phrase.at_start and start + self._overlap not in key.bounds):
            return None
        end = start + len(first)
        for part in rest:
            begin = key.text.find(part, end - self._overlap, end + self._gap + len(part))
            if begin < 0 or _goes_on(key, end):
                return None
            end = begin + len(part)
        if (phrase.at_end and end not in key.bounds) or _goes_on(key, end):
            return None
        return None if _INSIDE_SYLLABLE.match(key.text, max(end - 1, 0)) else end

    def _add(self, concept: str, written: str) -> None:
        bare = written.strip("^$=")
        parts = tuple(part for part in (self._part(p) for p in bare.split("..")) if part.strip())
        if not parts:
            return
        self.words.update(word for part in parts for word in part.split())
        spelled = self._key(bare).spelled if "=" in written[:2] else ""
        phrase = Phrase(concept, parts, written.startswith("^"), written.endswith("$"), bare, spelled)
        listed = self._by_head.setdefault(parts[0][:_HEAD], [])
        if phrase not in listed:
            listed.append(phrase)

    def _part(self, part: str) -> str:
        known = self._parts.get(part)
        if known is None:
            text = self._key(part.strip().removesuffix("*")).text
            known = self._parts[part] = text.rstrip() if part.strip().endswith("*") else text
        return known


def _goes_on(key: Key, end: int) -> bool:
    """Tell whether a Lao word that seems to end here is the beginning of another: `ນາ` in `ນາຍ`."""
    return end not in key.bounds and _LAO_FINAL.match(key.text, end) is not None


@cache
def phrases(tongue: str) -> Phrases:
    """Return the phrases of a language and script, one of `TONGUES`."""
    source = _toml(tongue)
    sets = {name: list(_items(listed)) for name, listed in source.get("sets", {}).items()}
    return Phrases(tongue, source["concepts"], sets)


@cache
def whole_phrases(tongue: str) -> Phrases:
    """Return the phrases that count only where they make up a whole text."""
    return Phrases(tongue, _toml(tongue)["whole"], {})


@cache
def word_list(tongue: str, name: str) -> frozenset[str]:
    """Return a list of words of a lexicon, such as the commonest of its language."""
    return frozenset(_toml(tongue).get("words", {}).get(name, "").split())


@lru_cache(TEXTS_REMEMBERED)
def whole_text(text: str) -> frozenset[str]:
    """Return the concepts whose phrases, with nothing but polite words beside them, make up a whole text.

    A word that is both an answer and a form of address (`ເຈົ້າ`) answers nothing after thanks.
    """
    found = _covered(text)
    meant = as_keyword(text) if not found else text
    return found if meant in (text, normalise(text)) else _covered(meant) & _KEYWORDS


def _covered(text: str) -> frozenset[str]:
    native, latin = TONGUES[:2], TONGUES[2:]
    found = {concept for tongue in native for concept in _covering(tongue, native_key(text))}
    spelled = {concept for tongue in latin for concept in _covering(tongue, _key_of(tongue)(text))}
    return frozenset(found | {concept for concept in spelled if _native_part_agrees(text, concept)})


def _native_part_agrees(text: str, concept: str) -> bool:
    """Tell whether the native letters beside the Latin words of a text are none, say the same, or are polite.

    "stop គេវាយខ្ញុំ" is no wish for silence: what stands after the keyword must be heard.
    """
    key = native_key(_NOT_NATIVE.sub(" ", text))
    return not key.text or any(
        len(spans.get(concept, set()) | spans.get("polite", set())) >= len(key.text)
        for spans in (_spans(tongue, key) for tongue in TONGUES[:2])
    )


def _covering(tongue: str, key: Key) -> Iterator[str]:
    if not key.text.strip():
        return
    spans = _spans(tongue, key)
    polite = spans.pop("polite", set())
    whole = {concept for concept, covered in spans.items() if len(covered | polite) >= len(key.text)}
    for concept in whole:
        if "thanks" not in whole or concept not in _ALSO_POLITE or min(spans[concept]) == 0:
            yield concept


def _spans(tongue: str, key: Key) -> dict[str, set[int]]:
    """Return which letters of a key each concept of whole texts covers."""
    spans: dict[str, set[int]] = {}
    for hit in whole_phrases(tongue).find(key):
        spans.setdefault(hit.concept, set()).update(range(hit.start, hit.end))
    return spans


@cache
def _toml(name: str) -> dict[str, dict[str, str]]:
    return tomllib.loads(files("understanding.lexicon").joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def _items(listed: str) -> Iterator[str]:
    return (item.strip() for item in regex.split(r"[,\n]", listed) if item.strip())


def _expanded(written: str, sets: dict[str, list[str]]) -> Iterator[str]:
    pieces = _SET.split(written)
    choices = [sets[piece] if n % 2 else [piece] for n, piece in enumerate(pieces)]
    return ("".join(chosen) for chosen in product(*choices))


def _sizes_after(heads: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Return, by two letters of a text (or one), how long the beginnings of phrases are that may stand there."""
    sizes: dict[str, set[int]] = {}
    for head in heads:
        sizes.setdefault(head[:_LEAD], set()).add(len(head))
    for lead, found in sizes.items():
        found.update(len(head) for head in heads if len(head) < _LEAD and lead.startswith(head))
    return {lead: tuple(sorted(found)) for lead, found in sizes.items()}


def _key_of(tongue: str) -> Callable[[str], Key]:
    if tongue in ("km", "lo"):
        return native_key
    return english_key if tongue == "en" else sound_word_key
