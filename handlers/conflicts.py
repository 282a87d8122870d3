"""Whom a text names: the levels that then neither see nor handle its case."""

from domain import ladder
from domain.reading import Category, Reading
from domain.settings import LADDER_LEVELS, Level

_CONFLICTS = frozenset({Category.CORRUPTION, Category.STAFF_CONDUCT})
_NONE = -1


def barred_to(reading: Reading) -> int:
    """Return the rank of the highest level that a text accuses; -1 for none.

    Where the category is unsure, a post named beside a likely accusation counts: better once too careful.
    """
    likely = {reading.category, reading.secondary, *(reading.categories if reading.unsure_category else ())}
    if not likely & _CONFLICTS:
        return _NONE
    return highest_named(reading)


def highest_named(reading: Reading) -> int:
    """Return the rank of the highest level whose post a text names, whatever it says of it; -1 for none."""
    return max((_rank(post) for post in reading.named_posts), default=_NONE)


def is_accusation(category: Category) -> bool:
    """Tell whether cases of a category are kept from whom they name."""
    return category in _CONFLICTS


def _rank(post: str) -> int:
    """Return the rank of a named post's level; a village head stands with the facilitator, below the commune."""
    return ladder.rank(Level(post)) if post in LADDER_LEVELS else ladder.rank(Level.FACILITATOR)
