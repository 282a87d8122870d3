"""Whether two names are one person's, however they were typed."""

import regex
from rapidfuzz import fuzz

from understanding.spelling.normal import loose_key
from understanding.spelling.sounds import sound_key

_TITLES = regex.compile(
    r"(?:^|(?<=\s))(?:{})(?=\s|$)|^(?:{})\s*".format(
        r"ນາງ|mr|mrs|ms|miss|mdm|lok|neak srey|bong|thao|nang|sao|nai",
        "|".join(loose_key(t) for t in ("លោកស្រី", "លោក", "អ្នកស្រី", "នាង", "បង", "ທ້າວ", "ນາງສາວ", "ທ່ານ")),
    )
)
_NOT_LETTERS = regex.compile(r"[^\p{L}\p{M}]+")


def same_name(one: str, other: str) -> float:
    """Return how probably two names are one person's, 0 to 100; names in different scripts cannot be compared: 0."""
    first, second = bare_name(one), bare_name(other)
    if not first or not second:
        return 0.0
    if first.isascii() != second.isascii():
        return 0.0
    spelled = _likeness(first, second)
    if not first.isascii():
        return spelled
    return max(spelled, 0.97 * _likeness(sound_key(first), sound_key(second)))


def bare_name(name: str) -> str:
    """Return a name for comparison: without titles, marks and differences of spelling."""
    key = loose_key(name)
    return _NOT_LETTERS.sub(" ", _TITLES.sub("", key) or key).strip()


def _likeness(one: str, other: str) -> float:
    in_order = fuzz.ratio(one.replace(" ", ""), other.replace(" ", ""))
    return max(in_order, fuzz.token_sort_ratio(one, other))
