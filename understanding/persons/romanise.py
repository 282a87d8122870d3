"""How a name in Khmer or Lao letters sounds in Latin ones: a rough key under which the scripts can be compared.

It is for finding a name again, never for writing one: registers of voice, length, aspiration and tone are laid aside, and
so is what people spell in several ways (b and p, d and t, r and l).
"""

import regex

from understanding.spelling.normal import normalise
from understanding.spelling.sounds import word_sound

_ALIKE = str.maketrans({"b": "p", "d": "t", "r": "l"})
_SILENT_E = regex.compile(r"(?<=[^aeiouy])e$")
_CLOSING_V = regex.compile(r"(?<=[aio])v(?![aio])")
_AFTER_CONSONANT = regex.compile(r"(?<=[bcdklmnpqrstv])h(?=[aio])")
_REPEATED = regex.compile(r"(.)\1+")

_KHMER = regex.compile(
    r"(?P<base>[\u1780-\u17a2])(?P<under>(?:\u17d2[\u1780-\u17a2])*)[\u17c9\u17ca]?(?P<vowel>[\u17b6-\u17c5]*)"
    r"(?P<sign>[\u17c6-\u17c8]?)(?P<mark>[\u17cb-\u17d1\u17dd]*)|(?P<own>[\u17a5-\u17b3])"
)
_KHMER_CONSONANTS = {
    "ក": "k", "ខ": "k", "គ": "k", "ឃ": "k", "ង": "q", "ច": "c", "ឆ": "c", "ជ": "c", "ឈ": "c", "ញ": "n", "ដ": "d",
    "ឋ": "t", "ឌ": "d", "ឍ": "t", "ណ": "n", "ត": "t", "ថ": "t", "ទ": "t", "ធ": "t", "ន": "n", "ប": "b", "ផ": "p",
    "ព": "p", "ភ": "p", "ម": "m", "យ": "y", "រ": "r", "ល": "l", "វ": "v", "ឝ": "s", "ឞ": "s", "ស": "s", "ហ": "h",
    "ឡ": "l", "អ": "",
}  # fmt: skip
_KHMER_VOWELS = {
    "ា": "a", "ិ": "i", "ី": "i", "ឹ": "i", "ឺ": "o", "ុ": "o", "ូ": "o", "ួ": "o", "ើ": "ai", "ឿ": "o", "ៀ": "i",
    "េ": "i", "ែ": "i", "ៃ": "ai", "ោ": "o", "ៅ": "o",
}  # fmt: skip
_KHMER_OWN = {"ឥ": "i", "ឦ": "i", "ឧ": "o", "ឩ": "o", "ឪ": "o", "ឫ": "ri", "ឬ": "ri", "ឭ": "li", "ឮ": "li", "ឯ": "i",
              "ឰ": "ai", "ឱ": "o", "ឲ": "o", "ឳ": "o"}  # fmt: skip
_KILLED = "\u17cd"
_OPENS = regex.compile(r"[\u1780-\u17a2]\u17d2[\u1780-\u17a2](?![\u17b6-\u17c8\u17d2])")
"""What a bare consonant stands before that opens a syllable: a doubled one that closes it."""

_LAO = regex.compile(
    r"(?P<before>[ເແໂໃໄ]?)(?P<mute>ຫ(?=[ງຍນມລຣວຼ]))?(?P<base>[ກ-ຮໜໝ])(?P<under>[ຼຣລວ](?=[ະາຳຶ-ູ]))?"
    r"(?P<tone>[່-໌])?(?P<vowel>[ະັາຳິີຶືຸູົໍຽ]*)(?P<later>[່-໌])?(?P<more>[ະາ]?)"
)
_LAO_CONSONANTS = {
    "ກ": "k", "ຂ": "k", "ຄ": "k", "ງ": "q", "ຈ": "c", "ສ": "s", "ຊ": "s", "ຍ": "y", "ດ": "d", "ຕ": "t", "ຖ": "t",
    "ທ": "t", "ນ": "n", "ບ": "b", "ປ": "p", "ຜ": "p", "ຝ": "p", "ພ": "p", "ຟ": "p", "ມ": "m", "ຢ": "y", "ຣ": "r",
    "ລ": "l", "ວ": "v", "ຫ": "h", "ອ": "", "ຮ": "h", "ໜ": "n", "ໝ": "m",
}  # fmt: skip
_LAO_VOWELS = {"ະ": "a", "ັ": "a", "າ": "a", "ຳ": "am", "ິ": "i", "ີ": "i", "ຶ": "o", "ື": "o", "ຸ": "o", "ູ": "o",
               "ົ": "o", "ໍ": "o", "ຽ": "i", "ເ": "i", "ແ": "i", "ໂ": "o", "ໃ": "ai", "ໄ": "ai"}  # fmt: skip


def cross_key(word: str) -> str:
    """Return the key of a word, or of a run of words without spaces, in any of the three scripts."""
    plain = normalise(word)
    if plain.isascii():
        sound = word_sound(_SILENT_E.sub("", plain)) if plain.isalnum() else ""
    elif regex.search(r"[\u1780-\u17b3]", plain):
        sound = _of_khmer(plain)
    else:
        sound = _of_lao(plain)
    sound = _CLOSING_V.sub("", _AFTER_CONSONANT.sub("", sound.replace("y", "i")))
    return _REPEATED.sub(r"\1", sound.translate(_ALIKE).replace("ia", "a"))


def _of_khmer(text: str) -> str:
    """Return the sound of Khmer letters; a bare consonant closes the syllable before it, or opens one with its own vowel."""
    parts: list[str] = []
    ends_in_vowel = False
    for found in _KHMER.finditer(text):
        if found["own"]:
            parts.append(_KHMER_OWN.get(found["own"], ""))
            ends_in_vowel = True
            continue
        if _KILLED in found["mark"]:
            continue
        letters = found["base"] + found["under"].replace("\u17d2", "")
        consonants = "".join(_KHMER_CONSONANTS.get(each, "") for each in letters)
        vowel = "".join(_KHMER_VOWELS.get(each, "") for each in found["vowel"])
        nasal = found["sign"] == "\u17c6"
        if not vowel and not found["sign"] and ends_in_vowel and not _OPENS.match(text, found.end()):
            parts.append(consonants.removesuffix("r"))
            ends_in_vowel = False
            continue
        parts.append(consonants + (vowel or "a") + ("m" if nasal else ""))
        ends_in_vowel = not nasal
    return "".join(parts)


def _of_lao(text: str) -> str:
    """Return the sound of Lao letters; ອ and ວ between consonants are vowels."""
    parts: list[str] = []
    for found in _LAO.finditer(text):
        vowel = "".join(_LAO_VOWELS.get(each, "") for each in found["before"] + found["vowel"] + found["more"])
        consonant = _LAO_CONSONANTS.get(found["base"], "")
        closing = found["base"] == "ວ" and parts and parts[-1].endswith(("a", "i", "o"))
        if not vowel and found["base"] in ("ອ", "ວ") and parts and not closing:
            consonant = "o"
        parts.append(consonant + _LAO_CONSONANTS.get(found["under"] or "", "") + vowel)
    return "".join(parts)
