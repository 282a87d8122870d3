"""What stands in a text: its language, its reference, and the concepts of the lexicon that it touches."""

from dataclasses import dataclass, replace

import regex

from domain.reading import Language, Script
from domain.texts.digits import to_ascii_digits
from domain.texts.references import FoundReference, find_reference
from understanding.lexicon.keys import english_key, native_key, sound_word_key
from understanding.lexicon.phrases import phrases, whole_text
from understanding.spelling.normal import normalise
from understanding.spelling.tongue import Tongue, tongue_of

EXAMINED = 1200
_WHOLE_EXAMINED = 80
_BORROWED = len(" word ")
_SUM = regex.compile(
    r"(?<![\d-])\d[\d.,]*\s*(?:\$|៛|₭|usd|riels?|r\b|kips?|dollars?|k\b|រៀល|ដុល្លារ|ពាន់|ម៉ឺន|លាន|ກີບ|ພັນ|ໝື່ນ|ແສນ|ລ້ານ|"
    r"phan|pan\b|lan\b|lean|mern|mun\b|poan|saen)|\$\s*\d|(?<![\d-])\d{1,3}[.,]000\b|(?<![\d-])\d{2,3}000\b"
)
_NUMBER = regex.compile(r"(?<![\d+])\d[\d.,]*")
_YOUNG = regex.compile(
    r"(?<![\d.,])(?:[6-9]|1[0-7])\s*(?:ឆ្នាំ|ប៊ី|ປີ|years?|yrs?|yo\b|chh?nam|pi\b)"
    r"|\b(?:boys?|girls?|kids?|child|children|she|he|age|aged)\s+(?:of\s+|is\s+)?(?:[6-9]|1[0-7])(?![\d.,])"
)
_NATIVE, _LATIN_WORD = regex.compile(r"[\p{Khmer}\p{Lao}]"), regex.compile(r"[A-Za-z]+")
_TWO_LATIN = regex.compile(r"[A-Za-z]{2}")
_PHONE = regex.compile(r"(?:\+?85[56]|0)[\d\s.\-]{7,12}\d")


@dataclass(frozen=True, slots=True)
class Features:
    """What was found in a text; `phrases` are the words that fired for each concept."""

    tongue: Tongue
    reference: FoundReference | None
    concepts: frozenset[str]
    phrases: dict[str, tuple[str, ...]]
    whole: frozenset[str]
    words: int


def features_of(text: str, *, prefixes: tuple[str, ...], default_language: Language) -> Features:
    """Return what stands in the first part of a text (`EXAMINED` characters)."""
    examined = text[:EXAMINED]
    reference = find_reference(examined, prefixes)
    rest = examined.replace(reference.typed, " ") if reference else examined
    tongue = tongue_of(rest, default=default_language)
    if reference and not tongue.surety and tongue.script is Script.NATIVE:
        # Nothing but a reference: its letters are Latin ones.
        tongue = replace(tongue, language=Language.EN)
    found = concepts_in(rest, tongue)
    concepts = set(found) | _signs(rest)
    if reference:
        concepts.add("reference")
    if {"young", "work_verb"} <= concepts and concepts & {"girl", "children"}:
        concepts.add("child_at_work")
    whole = whole_text(rest) if len(rest) <= _WHOLE_EXAMINED else frozenset[str]()
    return Features(tongue, reference, frozenset(concepts), found, whole, word_count(rest))


def concepts_in(text: str, tongue: Tongue) -> dict[str, tuple[str, ...]]:
    """Return the concepts that a text touches, with the phrases that did it, by all lexicons that may apply."""
    found: dict[str, list[str]] = {}
    for name in _lexicons(text, tongue):
        key = native_key(text) if name in ("km", "lo") else english_key(text) if name == "en" else sound_word_key(text)
        borrowed = name == "en" and tongue.lexicon != "en"
        for hit in phrases(name).find(key):
            if borrowed and hit.end - hit.start < _BORROWED:
                continue
            listed = found.setdefault(hit.concept, [])
            if hit.written not in listed:
                listed.append(hit.written)
    return {concept: tuple(listed) for concept, listed in found.items()}


def word_count(text: str) -> int:
    """Return about how many words a text has, native scripts counted by four letters a word."""
    native = len(_NATIVE.findall(text))
    return len(_LATIN_WORD.findall(text)) + (native + 3) // 4


def _lexicons(text: str, tongue: Tongue) -> tuple[str, ...]:
    names = [tongue.lexicon]
    if tongue.lexicon != "en" and _TWO_LATIN.search(text):
        names.append("en")
    return tuple(names)


def _signs(text: str) -> set[str]:
    plain = _PHONE.sub(" ", to_ascii_digits(normalise(text)))
    found = set()
    sums = _SUM.findall(plain)
    if sums:
        found.add("sum")
        if len(_NUMBER.findall(plain)) > 1:
            found.add("sum_twice")
    if _YOUNG.search(plain):
        found.add("young")
    if "?" in text or "？" in text:
        found.add("q_mark")
    return found
