"""Khmer and Lao in Latin letters: one key for the many spellings of a word (luy, loy, luoy; bo dai, br dai)."""

from functools import lru_cache

import regex

_WORD = regex.compile(r"[a-z]+|\d+")
_APOSTROPHES = regex.compile(r"['’‘`´]")
_CLUSTERS = (
    ("tch", "c"), ("chh", "c"), ("nh", "n"), ("ng", "q"), ("kh", "k"), ("gh", "k"), ("ph", "p"), ("th", "t"), ("dh", "d"),
    ("bh", "p"), ("ch", "c"), ("sh", "s"), ("ck", "k"), ("qu", "kv"),
)  # fmt: skip
_LETTERS = str.maketrans({"j": "c", "x": "s", "z": "s", "w": "v", "g": "k", "f": "p"})
_VOWELS = str.maketrans({"e": "i", "y": "i", "u": "o"})
_FINAL_R = regex.compile(r"(?<=[aio])r+(?![aio])")
_SYLLABIC_R = regex.compile(r"(?<=[bckdhlmnpqstv])r$")
_VOWEL_RUN = regex.compile(r"[aio]{2,}")
_REPEATED = regex.compile(r"(.)\1+")
_SILENT_END = regex.compile(r"(?<=[aio])[hs]$")


def sound_key(text: str) -> str:
    """Return the sound of a text in Latin letters, word by word, separated by single spaces."""
    return " ".join(word_sound(word) for word in _WORD.findall(_APOSTROPHES.sub("", text.lower())))


@lru_cache(maxsize=16384)
def word_sound(word: str) -> str:
    """Return the sound of one word: aspiration, doubled letters, silent endings and vowel shades laid aside."""
    if word.isdigit():
        return word
    sound = word
    for cluster, letter in _CLUSTERS:
        sound = sound.replace(cluster, letter)
    vowel_y = sound[0] + sound[1:].translate(_VOWELS) if sound[0] == "y" else sound.translate(_VOWELS)
    sound = _SYLLABIC_R.sub("o", vowel_y.translate(_LETTERS))
    sound = _VOWEL_RUN.sub(_vowel, _FINAL_R.sub("", sound))
    return _SILENT_END.sub("", _REPEATED.sub(r"\1", sound))


def _vowel(run: regex.Match[str]) -> str:
    first, last = run[0][0], run[0][-1]
    return first if first == last else first + last
