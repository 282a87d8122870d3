"""Spelling laid aside: search keys that are equal where two people typed the same words differently."""

import unicodedata
from functools import lru_cache

import regex

from domain.texts.digits import to_ascii_digits

TEXTS_REMEMBERED = 16
"""How many texts are remembered: one message is asked about many times, and nothing of it should stay for long."""
_INVISIBLE = regex.compile(r"[\p{Cf}\p{Cc}\p{Cs}\p{Co}\ufe00-\ufe0f\u17b4\u17b5]+")
_LINE_BREAKS = str.maketrans("\t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85", " " * 10)
_SPACES = regex.compile(r"\s+")
_LETTERLIKE = regex.compile(r"[\u2100-\u214f\u2460-\u24ff\uff01-\uff5e\U0001d400-\U0001d7ff\U0001f110-\U0001f149]+")
"""Letters, digits and signs in other forms: wide, circled, boxed, bold."""
_SPACED_OUT = regex.compile(r"(?<![a-z\d])[a-z\d](?:[ .,*_·\-]+[a-z\d](?![a-z\d])){2,11}")
_BETWEEN = regex.compile(r"[ .,*_·\-]+")
_MIXED = regex.compile(r"(?<![a-z\d$])(?=[\d$]*[a-z])(?=[a-z]*[\d$])[a-z\d$]{2,12}(?![a-z\d$])")
_FOR_LETTERS = str.maketrans("01345$7", "oleasst")
_REPEATED = regex.compile(r"([^\W\d_]|\p{M})\1{2,}")

_KHMER_CLUSTER = regex.compile(r"[\u1780-\u17b3](?:\u17d2[\u1780-\u17b3]|[\u17b6-\u17d1\u17dd])+")
_KHMER_PART = regex.compile(r"\u17d2[\u1780-\u17b3]|[\u17b6-\u17d1\u17dd]")
_KHMER_OLD = str.maketrans({"\u17a3": "អ", "\u17a4": "អា", "\u17d3": "\u17c6", "\u17a8": "ឧ"})
_KHMER_GIVE = regex.compile("អោយ|ឱ្យ|អោ្យ|ឱយ|ឲយ|អុយ")
_SHIFTERS = "\u17c9\u17ca"
_SUBSCRIPT_RO, _SUBSCRIPT_DA, _SUBSCRIPT_TA = "\u17d2រ", "\u17d2ដ", "\u17d2ត"

_TONES = "\u0ec8-\u0ecb"
_LAO_RULES = (
    (regex.compile("ເເ"), "ແ"),
    (regex.compile(rf"\u0ecd([{_TONES}]?)າ"), r"\1ຳ"),
    (regex.compile(rf"([{_TONES}])\u0ecdາ"), r"\1ຳ"),
    (regex.compile(rf"ຳ([{_TONES}])"), r"\1ຳ"),
    (regex.compile(rf"([{_TONES}]+)([\u0eb1\u0eb4-\u0eb9\u0ebb\u0ebc\u0ecd]+)"), r"\2\1"),
    (regex.compile("ຫນ"), "ໜ"),
    (regex.compile("ຫມ"), "ໝ"),
    (regex.compile("ຫຼ"), "ຫລ"),
)
_LAO_LOOSE = str.maketrans({"ີ": "ິ", "ື": "ຶ", "ູ": "ຸ", "ຣ": "ລ", **dict.fromkeys("່້໊໋໌")})
_KHMER_M_WITHIN = regex.compile("ម\u17d2(?![សហន]|ត(?:ង|ាយ))")
_KHMER_LOOSE = str.maketrans(dict.fromkeys(map(ord, "\u17c9\u17ca\u17cd\u17d0\u17cf\u17ce\u17cc")))


@lru_cache(TEXTS_REMEMBERED)
def normalise(text: str) -> str:
    """Return a search key of a text: equal for the usual ways of typing one word in Khmer, Lao or Latin letters.

    Composed, without invisible characters, digits as 0 to 9, marks in one order, letters typed three times or more
    once, case folded, single spaces. It merges a few words that differ (`្ដ` and `្ត`): search with it, show the
    original. Never fails; applying it twice changes nothing.
    """
    for _ in range(6):
        once = _normalised_once(text)
        if once == text:
            break
        text = once
    return text


def plain_letters(text: str) -> str:
    """Return a text with letters and digits of other forms (`ＳＴＯＰ`, `Ⓢ`, `𝐒`) as the plain ones; all else stays."""
    return _LETTERLIKE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)


def as_keyword(text: str) -> str:
    """Return a text as a keyword that somebody may have meant: letters apart joined, digits in words as letters.

    `S.T.O.P` and `st0p` are `stop`. For comparing with keywords only: other texts it may well make worse.
    """
    joined = _SPACED_OUT.sub(lambda found: _BETWEEN.sub("", found[0]), normalise(text))
    return _MIXED.sub(lambda found: found[0].translate(_FOR_LETTERS), joined)


@lru_cache(TEXTS_REMEMBERED)
def loose_key(text: str) -> str:
    """Return the key of a text for finding words in it: `normalise`, less tones, long vowels and rarely typed marks."""
    key = normalise(text).translate(_LAO_LOOSE).translate(_KHMER_LOOSE)
    return _KHMER_M_WITHIN.sub("\u17c6", key)


def _normalised_once(text: str) -> str:
    text = plain_letters(_INVISIBLE.sub("", text.translate(_LINE_BREAKS)))
    text = unicodedata.normalize("NFC", to_ascii_digits(text).casefold())
    text = _KHMER_CLUSTER.sub(_khmer_cluster, text.translate(_KHMER_OLD))
    text = _KHMER_GIVE.sub("ឲ្យ", text)
    for pattern, replacement in _LAO_RULES:
        text = pattern.sub(replacement, text)
    return _SPACES.sub(" ", _REPEATED.sub(r"\1", text)).strip()


@lru_cache(maxsize=4096)
def _ordered_cluster(cluster: str) -> str:
    parts = list(dict.fromkeys(_KHMER_PART.findall(cluster[1:])))
    subscripts = [_SUBSCRIPT_TA if p == _SUBSCRIPT_DA else p for p in parts if p[0] == "\u17d2"]
    subscripts.sort(key=lambda p: p == _SUBSCRIPT_RO)
    vowels = "".join(p for p in parts if "\u17b6" <= p <= "\u17c5")
    shifters = "".join(p for p in parts if p in _SHIFTERS)
    signs = "".join(p for p in parts if "\u17c6" <= p <= "\u17dd" and p not in _SHIFTERS and len(p) == 1)
    vowels, shifters = _one_vowel(vowels, shifters)
    return cluster[0] + "".join(subscripts) + shifters + vowels + signs


def _khmer_cluster(match: regex.Match[str]) -> str:
    return _ordered_cluster(match[0])


def _one_vowel(vowels: str, shifters: str) -> tuple[str, str]:
    """Return the vowel that was meant where two were typed: `េ` with `ី` is `ើ`, `ុ` under `ី` a register mark."""
    if "េ" in vowels and "ី" in vowels:
        return "ើ", shifters
    if "េ" in vowels and "ា" in vowels:
        return "ោ", shifters
    if len(vowels) == 2 and "ុ" in vowels and any(v in vowels for v in "ិីឹឺ"):
        return vowels.replace("ុ", ""), shifters or "\u17ca"
    return vowels, shifters
