"""Which villages lie far off the others of the same round: so many say no that chance does not explain it."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import comb
from typing import TypeVar

Key = TypeVar("Key")

FEWEST, TIMES, CHANCE = 5, 3.0, 0.01
"""A village needs so many answers, a share of noes so many times that of the others, and chance no more than this."""


@dataclass(frozen=True, slots=True)
class Answers:
    """How many answered, and how many of them said no."""

    answered: int
    noes: int


def chance_of(here: Answers, others: Answers) -> float:
    """Return how likely so many noes, or more, would be here if the noes of all were spread by chance.

    Fisher's exact test, one-sided: the noes here follow the hypergeometric distribution.
    """
    all_answered, all_noes = here.answered + others.answered, here.noes + others.noes
    most = min(here.answered, all_noes)
    ways = sum(
        comb(all_noes, noes) * comb(all_answered - all_noes, here.answered - noes)
        for noes in range(here.noes, most + 1)
    )
    return ways / comb(all_answered, here.answered)


def far_off(found: Mapping[Key, Answers]) -> list[Key]:
    """Return the villages that lie far off all others together; none where the others are too few to compare with."""
    answered = sum(each.answered for each in found.values())
    noes = sum(each.noes for each in found.values())
    return [
        key for key, here in found.items() if _is_far_off(here, Answers(answered - here.answered, noes - here.noes))
    ]


def _is_far_off(here: Answers, others: Answers) -> bool:
    if here.answered < FEWEST or others.answered < FEWEST or not here.noes:
        return False
    much_more = here.noes * others.answered >= TIMES * others.noes * here.answered
    return much_more and chance_of(here, others) < CHANCE
