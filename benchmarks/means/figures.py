"""A figure as benchmarks print it: a ratio against a named limit of the same run, the absolutes, and the goal."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure should reach; `most` says that it is an upper bound. `said` is how it is written."""

    bound: float
    said: str
    most: bool = False

    def met_by(self, value: float) -> bool:
        """Tell whether a value reaches the goal."""
        return value <= self.bound if self.most else value >= self.bound


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `value` is what the goal is about, `shown` how it reads, `limit` what it is a ratio of."""

    name: str
    value: float
    shown: str
    limit: str
    absolutes: str
    goal: Goal | None = None

    def __str__(self) -> str:
        """Return the figure as one line."""
        line = f"{self.name}: {self.shown} {self.limit} [{self.absolutes}]"
        if self.goal is None:
            return line
        return f"{line} (goal {self.goal.said}: {'met' if self.goal.met_by(self.value) else 'MISSED'})"


@dataclass(frozen=True, slots=True)
class Spread:
    """How a number of durations are spread, in seconds."""

    count: int
    middle: float
    p99: float
    longest: float

    def __str__(self) -> str:
        """Return the spread in milliseconds."""
        return f"median {ms(self.middle)}, 99 % {ms(self.p99)}, longest {ms(self.longest)}, of {self.count:,}"


def spread(durations: Sequence[float]) -> Spread:
    """Return median, 99th percentile (nearest rank) and longest of some durations in seconds."""
    ordered = sorted(durations)
    rank = max(0, -(-99 * len(ordered) // 100) - 1)
    return Spread(len(ordered), median(ordered), ordered[rank], ordered[-1])


def ms(seconds: float) -> str:
    """Return a duration in milliseconds, to three digits."""
    return f"{seconds * 1000:.3g} ms" if seconds < 1 else f"{seconds * 1000:,.0f} ms"


def percent(ratio: float) -> str:
    """Return a ratio as a percentage."""
    return f"{ratio * 100:.2f} %"
