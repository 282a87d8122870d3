"""Hours of the clock that are written as words in Khmer, Lao, English and Latin letters, as digits."""

from functools import partial

import regex

from understanding.spelling.normal import loose_key

_Lists = tuple[tuple[str, ...], ...]
_KHMER = (
    ("មួយ", "ពីរ", "បី", "បួន", "ប្រាំ", "ប្រាំមួយ", "ប្រាំពីរ", "ប្រាំបី", "ប្រាំបួន", "ដប់", "ដប់មួយ", "ដប់ពីរ"),
    ("muoy", "pi", "bei", "buon", "pram", "pram muoy", "pram pi", "pram bei", "pram buon", "dop", "dop muoy", "dop pi"),
    (
        "mouy",
        "pir",
        "bey",
        "boun",
        "bram",
        "bram muoy",
        "bram pi",
        "bram bei",
        "bram buon",
        "dob",
        "dob muoy",
        "dob pi",
    ),
)
_LAO = (
    ("ໜຶ່ງ", "ສອງ", "ສາມ", "ສີ່", "ຫ້າ", "ຫົກ", "ເຈັດ", "ແປດ", "ເກົ້າ", "ສິບ", "ສິບເອັດ", "ສິບສອງ"),
    ("neung", "song", "sam", "si", "ha", "hok", "chet", "paet", "kao", "sip", "sip et", "sip song"),
    ("nueng", "xong", "saam", "see", "haa", "hock", "jet", "pet", "kaow", "xip", "xip et", "xip xong"),
)
_ENGLISH = (("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),)
_O_CLOCK = (("ម៉ោង", "mong", "moung", "moang"), ("ໂມງ", "mong", "moong"))


def hours_in_digits(key: str) -> str:
    """Return a loose key with hours as digits where a word for the clock stands beside (`ម៉ោងប្រាំបី`, `ແປດໂມງ`)."""
    for hints, pattern, values in _WRITTEN:
        if any(each in key for each in hints):
            key = pattern.sub(partial(_digits, values), key)
    return key


def _digits(values: dict[str, int], found: regex.Match[str]) -> str:
    return f"{found['before']}{values[found['word'].replace(' ', '')]}{found['after']}"


def _values(lists: _Lists) -> dict[str, int]:
    return {loose_key(word).replace(" ", ""): n for words in lists for n, word in enumerate(words, 1)}


def _any(lists: _Lists) -> str:
    words = sorted({loose_key(word) for words in lists for word in words}, key=len, reverse=True)
    return "|".join(r"\s*".join(word.split()) for word in words)


_KM_CLOCK, _LO_CLOCK = ("|".join(map(loose_key, names)) for names in _O_CLOCK)
_WRITTEN = (
    (
        _KM_CLOCK.split("|"),
        regex.compile(rf"(?P<before>(?:{_KM_CLOCK})\s*)(?P<word>{_any(_KHMER)})(?![a-z])(?P<after>)"),
        _values(_KHMER),
    ),
    (
        _LO_CLOCK.split("|"),
        regex.compile(rf"(?P<before>)(?<![a-z])(?P<word>{_any(_LAO)})(?P<after>\s*(?:{_LO_CLOCK}))"),
        _values(_LAO),
    ),
    (
        [" oclock", "o'clock", " am", " pm", " in the"],
        regex.compile(
            rf"(?P<before>(?<![a-z]))(?P<word>{_any(_ENGLISH)})(?P<after> ?(?:o'?clock|am|pm|in the)(?![a-z]))"
        ),
        _values(_ENGLISH),
    ),
)
