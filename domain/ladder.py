"""Who acts next: the rungs of a case's ladder, the ones that conflict of interest bars, and the stepping over of vacant posts.

A case keeps the ladder that it was started with (`Rung`s are written down with it).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from domain.calendar import WorkingCalendar
from domain.settings import LADDER_LEVELS, Level, Rung, Step

Post = TypeVar("Post")
_BELOW_ALL = -1


@dataclass(frozen=True, slots=True)
class Placement(Generic[Post]):
    """Where a case comes to lie: the rung's place in the ladder, its level, the filled post, and what was stepped over.

    `post` is None where no rung from here on is filled: the desk has the case then, and `index` is the ladder's length.
    """

    index: int
    level: Level
    post: Post | None
    vacant: tuple[Level, ...]


def place(
    steps: Sequence[Step], *, start: int, barred_to: int, filled_post: Callable[[Level], Post | None]
) -> Placement[Post]:
    """Find the first rung from `start` on that is not barred and has a filled post.

    `barred_to` is the rank of the highest level that must not handle the case (-1: none); `filled_post` returns the
    post of a level that is filled, or None.
    """
    vacant: list[Level] = []
    for index in range(start, len(steps)):
        level = steps[index].level
        if is_barred(level, barred_to):
            continue
        post = filled_post(level)
        if post is not None:
            return Placement(index, level, post, tuple(vacant))
        vacant.append(level)
    return Placement(len(steps), Level.DESK, None, tuple(vacant))


def rank(level: Level) -> int:
    """Return a level's place in the order of levels: the facilitator is 0; those outside every area stand above all.

    The provider's desk, where a payment begins, stands below all.
    """
    if level is Level.PROVIDER:
        return _BELOW_ALL
    return LADDER_LEVELS.index(level) if level in LADDER_LEVELS else len(LADDER_LEVELS)


def is_barred(level: Level, barred_to: int) -> bool:
    """Tell whether a level is among those that must not handle a case.

    The provider's desk is not under the officers, and is barred by leaving it out of the case's ladder.
    """
    return level is not Level.PROVIDER and rank(level) <= barred_to


def due_at(
    calendar: WorkingCalendar, now: datetime, steps: Sequence[Rung], index: int, *, answer_days: int
) -> datetime:
    """Return by when a case on this rung must be acted on.

    On the first rung that is the day promised in the receipt, the same for every case, or an earlier one where a rule
    sets it; beyond the last rung the desk has as many days as the last rung had.
    """
    rung = steps[min(index, len(steps) - 1)]
    if index == 0:
        return calendar.deadline(now, min(answer_days, rung.days) if rung.ruled else answer_days)
    return calendar.deadline(now, rung.days)
