"""Which of a few named things a short text means: a category, a list; asked back rather than guessed."""

from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz

from understanding.spelling.normal import loose_key

_GOOD, _AHEAD = 84.0, 8.0


def closest_label(text: str, names: Mapping[str, Sequence[str]]) -> str | None:
    """Return the label one of whose names is most like a text; None where none is, or two are about as like.

    A beginning counts as the whole where only one name begins so (`regist` for `registration`).
    """
    key = _key(text)
    if not key:
        return None
    begun = {label for label, listed in names.items() if any(_key(name).startswith(key) for name in listed)}
    if len(begun) == 1 and len(key) >= 4:
        return begun.pop()
    likeness = {label: max(fuzz.ratio(key, _key(name)) for name in listed) for label, listed in names.items()}
    best, *others = sorted(likeness, key=lambda label: -likeness[label])
    ahead = likeness[best] - max((likeness[label] for label in others), default=0.0)
    return best if likeness[best] >= _GOOD and ahead >= _AHEAD else None


def _key(text: str) -> str:
    return loose_key(text).replace("_", "").replace(" ", "")
