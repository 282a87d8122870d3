"""Case references such as `LP-7K3M-9Q`: making them, checking them, and mending how people type them.

Five random characters and one check character in Crockford's base 32 (no I, L, O, U); the check is Luhn's mod N over
that alphabet, which catches every single wrong character and nearly every swap of neighbours.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from stdnum import luhn

from domain.texts.digits import to_ascii_digits

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOK_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
_BODY = 5
_MARKS = r"\-.:–—‐‑·"
_NOT_BODY = re.compile(r"[^A-Z0-9]")
_LONE_WORD = re.compile(r"[A-Z0-9]{2}\s+[A-Z]$")
"""A single letter after a longer piece: the next word of the sentence ("… X8 I think"), unless the check says otherwise."""


@dataclass(frozen=True, slots=True)
class FoundReference:
    """A reference found in a text: as typed, as normalised, and whether its check character holds."""

    typed: str
    normalised: str
    valid: bool


def new_reference(prefix: str, random: Random) -> str:
    """Return a new reference under the project's two-letter prefix. The caller makes sure that it is unused.

    Its body has a digit and a letter, so that neither a word nor a sum of money is taken for a reference.
    """
    while True:
        body = "".join(random.choice(ALPHABET) for _ in range(_BODY))
        if _looks_like_body(body):
            return _formatted(prefix, body + luhn.calc_check_digit(body, ALPHABET))


def is_valid(reference: str) -> bool:
    """Tell whether a normalised reference carries the right check character."""
    body = reference.replace("-", "")[2:]
    return len(body) == _BODY + 1 and all(c in ALPHABET for c in body) and luhn.is_valid(body, ALPHABET)


def find_reference(text: str, prefixes: tuple[str, ...]) -> FoundReference | None:
    """Find the first thing in a text that was meant as a reference, whatever its case, spacing, dots or digits.

    A candidate whose check character holds is preferred to one whose check fails.
    """
    found = list(_candidates(text, prefixes))
    return next((each for each in found if each.valid), found[0] if found else None)


def within_one_slip(typed: str, known: str) -> bool:
    """Tell whether two normalised references differ by one wrong character or one swap of neighbours."""
    one, other = typed.replace("-", ""), known.replace("-", "")
    if len(one) != len(other) or one == other:
        return False
    wrong = [i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(wrong) == 1:
        return True
    if len(wrong) != 2 or wrong[1] != wrong[0] + 1:
        return False
    first, second = wrong
    return one[first] == other[second] and one[second] == other[first]


def one_slip_from(typed: str) -> tuple[str, ...]:
    """Return all references with the right check character that are one slip from a normalised one (`within_one_slip`)."""
    prefix, body = typed[:2], typed.replace("-", "")[2:]
    changed = {body[:i] + c + body[i + 1 :] for i in range(len(body)) for c in ALPHABET}
    swapped = {body[:i] + body[i + 1] + body[i] + body[i + 2 :] for i in range(len(body) - 1)}
    formed = (_formatted(prefix, each) for each in sorted((changed | swapped) - {body}))
    return tuple(each for each in formed if is_valid(each))


def _candidates(text: str, prefixes: tuple[str, ...]) -> Iterator[FoundReference]:
    plain = to_ascii_digits(text).upper()
    for length in (_BODY + 1, _BODY, _BODY + 2):
        for match in _pattern(prefixes, length).finditer(plain):
            reversed_word = match["prefix"] not in prefixes and match["body"][0].isalpha()
            bare = _NOT_BODY.sub("", match["body"])
            body = bare.translate(_LOOK_ALIKE)
            marked = match["body"][0] in _MARKS
            if reversed_word or not (_looks_like_body(bare) or (marked and (bare.isdigit() or _looks_like_body(body)))):
                continue
            normalised = _formatted(_prefix_of(match["prefix"], prefixes), body)
            valid = is_valid(normalised)
            if valid or not _LONE_WORD.search(match["body"]):
                yield FoundReference(typed=text[match.start() : match.end()], normalised=normalised, valid=valid)


def _looks_like_body(body: str) -> bool:
    return any(c.isdigit() for c in body) and any(c.isalpha() for c in body)


def _pattern(prefixes: tuple[str, ...], length: int) -> re.Pattern[str]:
    either_way = "|".join(f"{re.escape(p)}|{re.escape(p[::-1])}" for p in prefixes)
    return re.compile(
        rf"(?<![A-Z0-9])(?P<prefix>{either_way})(?P<body>(?:[\s{_MARKS}_/]{{0,3}}[A-Z0-9]){{{length}}})(?![A-Z0-9])"
    )


def _prefix_of(typed: str, prefixes: tuple[str, ...]) -> str:
    return typed if typed in prefixes else typed[::-1]


def _formatted(prefix: str, body: str) -> str:
    return f"{prefix}-{body[:4]}-{body[4:]}"
