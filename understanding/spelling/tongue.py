"""Which language a text is in, and in whose letters it is spelled."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache

import regex

from domain.reading import Language, Script
from understanding.lexicon.keys import latin_words, stem
from understanding.lexicon.phrases import phrases, word_list
from understanding.spelling.sounds import word_sound

_KHMER, _LAO = regex.compile(r"\p{Khmer}"), regex.compile(r"\p{Lao}")
_LATIN, _LETTER = regex.compile(r"\p{Latin}"), regex.compile(r"\p{L}")
_READ = regex.compile(r"[\p{L}&&[\p{Khmer}\p{Lao}\p{Latin}]]", regex.V1)
_NATIVE_SHARE = 0.3
_UNTOLD, _TOLD = 0.0, 0.5
_TELLING = {
    "km_latin": regex.compile(
        r"^(?:nh|khn|hz|hx|ng[aeo]|pht|chh|kr[ou]|tn|jm|chm|sr[aeou]|ml)|(?:eung|oeu|ouy|aey|eun|nh|ouk|eak)$"
    ),
    "lo_latin": regex.compile(
        r"^(?:x[aeiou]|ng[eo]|kh[ao]|ph[au]|th[aiou]|bor$|bo$|nam|hu)|(?:aeng|uea|ern|eung|ao|aeo|uan)$"
    ),
    "en": regex.compile(r"(?:ing|ed|tion|ly|ment|ght|ck|ould|ty|sh|ive|ee\w|ss)$|^(?:th|wh|sh|qu)"),
}
_BY_TONGUE = {
    "en": (Language.EN, Script.NATIVE),
    "km_latin": (Language.KM, Script.LATIN),
    "lo_latin": (Language.LO, Script.LATIN),
}


@dataclass(frozen=True, slots=True)
class Tongue:
    """The language and script of a text, how surely (0 to 1), and whether most of it is in letters not read here."""

    language: Language
    script: Script
    surety: float
    foreign: bool = False

    @property
    def lexicon(self) -> str:
        """The name of the lexicon that this language and script are written in."""
        native = self.script is Script.NATIVE
        return self.language.value if native else f"{self.language.value}_latin"


def tongue_of(text: str, *, default: Language) -> Tongue:
    """Tell the language and script of a text; the default, unsurely, where it has no letters.

    Latin letters that make no word of Khmer or Lao (`STOP`, `ok`) are English ones.
    """
    khmer, lao, latin = len(_KHMER.findall(text)), len(_LAO.findall(text)), len(_LATIN.findall(text))
    letters = len(_LETTER.findall(text))
    read = len(_READ.findall(text)) if letters else 0
    foreign = letters > 0 and letters - read > read
    native = khmer + lao
    if native and native >= _NATIVE_SHARE * latin:
        return Tongue(Language.KM if khmer >= lao else Language.LO, Script.NATIVE, 1.0, foreign)
    if latin:
        found = _of_words(latin_words(text), default)
        return Tongue(found.language, found.script, found.surety, foreign)
    return Tongue(default, Script.NATIVE, 0.0, foreign)


def _of_words(words: list[str], default: Language) -> Tongue:
    counted = [word for word in words if word not in word_list("en", "brands")]
    scores = {tongue: sum(_weight(tongue, word) for word in counted) for tongue in _BY_TONGUE}
    best = max(scores.values())
    if best <= 0:
        return Tongue(Language.EN, Script.NATIVE, 0.2)
    order = ["en", "km_latin", "lo_latin"]
    if default is not Language.EN:
        order.sort(key=lambda tongue: not tongue.startswith(default.value))
    winner = max(order, key=lambda tongue: scores[tongue])
    second = max(score for tongue, score in scores.items() if tongue != winner)
    language, script = _BY_TONGUE[winner]
    return Tongue(language, script, (best - second) / best)


def settled(found: Tongue, weighed: Mapping[str, float]) -> Tongue:
    """Return the tongue of a text in Latin letters as the model weighs it; native letters speak for themselves."""
    if found.surety in (0.0, 1.0) and found.script is Script.NATIVE and found.language is not Language.EN:
        return found
    best = max(_BY_TONGUE.values(), key=lambda each: weighed.get(f"{each[0]} {each[1]}", 0.0))
    share = weighed.get(f"{best[0]} {best[1]}", 0.0)
    if found.surety <= _UNTOLD or share < _TOLD:
        return found
    return replace(found, language=best[0], script=best[1], surety=share)


@lru_cache(maxsize=16384)
def _weight(tongue: str, word: str) -> float:
    if word in word_list(tongue, "common"):
        return 2.0
    form = stem(word) if tongue == "en" else word_sound(word)
    known = 0.0
    if form in _forms(tongue, "common"):
        known = 1.2
    elif form in phrases(tongue).words and len(form) > 2:
        known = 0.9
    return max(known, 0.4 if _TELLING[tongue].search(word) else 0.0)


@cache
def _forms(tongue: str, name: str) -> frozenset[str]:
    form = stem if tongue == "en" else word_sound
    return frozenset(form(word) for word in word_list(tongue, name))
