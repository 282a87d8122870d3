"""How alike two texts are, however they are spelled."""

from rapidfuzz import fuzz

from understanding.spelling.normal import loose_key

_SHORTEST = 8
_NEAR = 82.0


def are_near(one: str, other: str) -> bool:
    """Tell whether two texts say nearly the same words; never of very short ones, which say too little."""
    keys = loose_key(one), loose_key(other)
    if min(map(len, keys)) < _SHORTEST:
        return False
    return fuzz.ratio(*keys, score_cutoff=_NEAR) > 0
