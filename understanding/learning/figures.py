"""How good readings are: shares with their intervals, confusions, honesty of the confidence, and the worst misses."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from domain.reading import Reading
from domain.texts.references import find_reference
from understanding.learning.messages import Message

SURE = 0.8
"""From this confidence on, at least 95 of 100 readings must have the right intent."""
GOALS = {
    "language": 0.99,
    "intent": 0.93,
    "category": 0.84,
    "best_three": 0.95,
    "sensitive_recall": 0.98,
    "sensitive_precision": 0.55,
    "reference": 0.98,
    "sure_and_right": 0.95,
}
"""What each share must reach over all messages."""
GROUP_GOALS = {"intent": 0.88, "category": 0.76}
"""What it must reach in each language and script."""
_BINS = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
_Z = 1.96


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled message and what it was read as."""

    message: Message
    reading: Reading

    @property
    def intent_right(self) -> bool:
        """Tell whether the intent was read rightly."""
        return self.message.intent == self.reading.intent

    @property
    def category_right(self) -> bool:
        """Tell whether the category was read rightly; for messages that have one."""
        return self.message.category == self.reading.category


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many, with the 95 % interval by Wilson's formula."""

    right: int
    of: int

    @property
    def value(self) -> float | None:
        """Return the share, None of nothing."""
        return self.right / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float]:
        """Return the ends of the 95 % interval."""
        if not self.of:
            return 0.0, 1.0
        share, n = self.right / self.of, self.of
        middle = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
        half = _Z * math.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2)) / (1 + _Z**2 / n)
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Bin:
    """Readings of about one confidence: how many, how sure on average, and how many had the right intent."""

    low: float
    high: float
    mean: float
    share: Share


@dataclass(frozen=True, slots=True)
class Report:
    """All figures of a set of judged messages; `shares` by group, `all` first."""

    shares: dict[str, dict[str, Share]]
    reliability: tuple[Bin, ...]
    confusions: dict[str, list[tuple[str, str, int]]]
    misses: dict[str, list[Judged]]

    def missed_goals(self) -> list[str]:
        """Return what falls short of the goals, in words."""
        short = []
        for group, shares in self.shares.items():
            for name, goal in (GOALS if group == "all" else GROUP_GOALS).items():
                value = shares[name].value
                if value is not None and value < goal:
                    short.append(f"{name} of {group}: {value:.3f}, the goal is {goal}")
        return short

    def plain(self) -> dict[str, Any]:
        """Return the figures as plain values, for scripts and for the database."""
        return {
            group: {"n": shares["intent"].of, **{name: share.value for name, share in shares.items()}}
            for group, shares in self.shares.items()
        }


def judge(messages: Iterable[Message], read: Callable[[str], Reading]) -> list[Judged]:
    """Read messages and keep what was made of each."""
    return [Judged(message, read(message.text)) for message in messages]


def report(judged: Sequence[Judged], *, prefixes: tuple[str, ...], worst: int = 12) -> Report:
    """Return the figures of judged messages, and up to `worst` misses of each kind."""
    groups = sorted({each.message.group for each in judged})
    shares = {"all": _shares(judged, prefixes)}
    shares |= {group: _shares([each for each in judged if each.message.group == group], prefixes) for group in groups}
    return Report(
        shares=shares,
        reliability=tuple(_reliability(judged)),
        confusions={group: _confusions(judged, group) for group in groups},
        misses=_misses(judged, worst),
    )


def _shares(judged: Sequence[Judged], prefixes: tuple[str, ...]) -> dict[str, Share]:
    matters = [each for each in judged if each.message.category]
    sensitive = [each for each in judged if each.message.sensitive]
    called = [each for each in judged if each.reading.sensitive]
    sure = [each for each in judged if each.reading.confidence >= SURE]
    named = [each for each in judged if _reference(each.message, prefixes) is not None]
    return {
        "language": _share(
            (e.message.language, e.message.script) == (e.reading.language, e.reading.script) for e in judged
        ),
        "intent": _share(each.intent_right for each in judged),
        "category": _share(each.category_right for each in matters),
        "best_three": _share(each.message.category in each.reading.categories[:3] for each in matters),
        "sensitive_recall": _share(each.reading.sensitive for each in sensitive),
        "sensitive_precision": _share(each.message.sensitive for each in called),
        "reference": _share(each.reading.reference == _reference(each.message, prefixes) for each in named),
        "sure_and_right": _share(each.intent_right for each in sure),
    }


def _reference(message: Message, prefixes: tuple[str, ...]) -> str | None:
    """Return the normalised form of the reference that a message's label gives; None where it gives none."""
    found = find_reference(message.reference, prefixes) if message.reference else None
    return found.normalised if found else message.reference


def _share(results: Iterable[bool]) -> Share:
    listed = list(results)
    return Share(sum(listed), len(listed))


def _reliability(judged: Sequence[Judged]) -> Iterable[Bin]:
    for low, high in pairwise(_BINS):
        last = high == _BINS[-1]
        inside = [e for e in judged if low <= e.reading.confidence < high or (last and e.reading.confidence >= high)]
        if inside:
            mean = sum(each.reading.confidence for each in inside) / len(inside)
            yield Bin(low, high, mean, _share(each.intent_right for each in inside))


def _confusions(judged: Sequence[Judged], group: str) -> list[tuple[str, str, int]]:
    """Return what was taken for what in a group: intents first, then categories, each by frequency."""
    inside = [each for each in judged if each.message.group == group]
    intents = Counter((e.message.intent.value, e.reading.intent.value) for e in inside if not e.intent_right)
    categories = Counter(
        (e.message.category.value, e.reading.category.value if e.reading.category else e.reading.intent.value)
        for e in inside
        if e.message.category and not e.category_right
    )
    return [(*pair, count) for table in (intents, categories) for pair, count in table.most_common()]


def _misses(judged: Sequence[Judged], worst: int) -> dict[str, list[Judged]]:
    """Return the misses that harm most: overlooked reports first, then what was surely read wrongly."""
    wrong = sorted((e for e in judged if not e.intent_right), key=lambda e: -e.reading.confidence)
    matter = [e for e in judged if e.message.category and e.intent_right and not e.category_right]
    beyond = [e for e in matter if e.message.category not in e.reading.categories[:3]]
    return {
        "sensitive overlooked": [e for e in judged if e.message.sensitive and not e.reading.sensitive][:worst],
        "intent, surest first": wrong[:worst],
        "category, not among the best three": beyond[:worst],
        "false alarm": [e for e in judged if e.reading.sensitive and not e.message.sensitive][:worst],
    }
