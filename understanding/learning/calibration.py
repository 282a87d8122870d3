"""Making probabilities honest: how sharp each head speaks, and from which probability on something is taken for true."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from understanding.learning.fit import HEADS
from understanding.learning.messages import Message

Weighed = tuple[Message, Mapping[str, Mapping[str, float]]]
"""A message, and what a model that did not see it gave each label of each head."""
_SHARPNESSES = tuple(np.round(np.arange(0.4, 2.05, 0.05), 2))
_ALARMS_RIGHT = 0.55
"""Of the texts taken for sensitive, at least so many are: more false alarms would no longer be read with care.

Among the packaged messages reports of harm are commoner than among what people send, where fewer alarms are right.
"""
_MAYBE = 0.75
_TINY = 1e-9


def calibration_of(weighed: Sequence[Weighed]) -> tuple[dict[str, float], dict[str, float]]:
    """Return each head's sharpness and the thresholds, as they fit messages that the weighing model had not seen."""
    sharpness = {name: _sharpness(weighed, name) for name in ("intent", "category")}
    sensitive = _sensitive_from(weighed)
    second = _second_from(weighed, sharpness["category"])
    return sharpness, {"sensitive": sensitive, "maybe_sensitive": sensitive * _MAYBE, "second_matter": second}


def _sharpness(weighed: Sequence[Weighed], head: str) -> float:
    """Return the exponent under which the right labels are likeliest (Guo and others 2017, "temperature")."""
    label_of = HEADS[head]
    rows = [(label, shares[head]) for message, shares in weighed if (label := label_of(message)) is not None]
    names = list(rows[0][1])
    table = np.log(np.array([[shares[name] for name in names] for _, shares in rows]) + _TINY)
    right = np.array([names.index(label) if label in names else -1 for label, _ in rows])
    known = right >= 0

    def loss(exponent: float) -> float:
        scores = table[known] * exponent
        scores -= np.log(np.exp(scores).sum(axis=1, keepdims=True))
        return -float(scores[np.arange(known.sum()), right[known]].mean())

    return float(min(_SHARPNESSES, key=loss))


def _sensitive_from(weighed: Sequence[Weighed]) -> float:
    """Return the lowest probability from which on enough alarms are right: so many reports are found as can be read."""
    ordered = sorted(((shares["sensitive"]["yes"], message.sensitive) for message, shares in weighed), reverse=True)
    found = 0
    lowest = 0.5
    for number, (share, sensitive) in enumerate(ordered, start=1):
        found += sensitive
        if number >= 20 and found / number >= _ALARMS_RIGHT:
            lowest = share
    return round(min(max(lowest, 0.05), 0.6), 3)


def _second_from(weighed: Sequence[Weighed], sharpness: float) -> float:
    """Return the probability from which on the second category is a second matter, by the best balance of both faults."""
    pairs = [(_second(shares["category"], sharpness), m.secondary) for m, shares in weighed if m.category is not None]
    return max(np.arange(0.1, 0.5, 0.02), key=lambda limit: _balance(pairs, float(limit))).round(2).item()


def _second(shares: Mapping[str, float], sharpness: float) -> tuple[str, float]:
    raised = {label: share**sharpness for label, share in shares.items()}
    ordered = sorted(raised, key=lambda label: -raised[label])
    return ordered[1], raised[ordered[1]] / sum(raised.values())


def _balance(pairs: Iterable[tuple[tuple[str, float], object]], limit: float) -> float:
    right = called = there = 0
    for (label, share), secondary in pairs:
        there += secondary is not None
        called += share >= limit
        right += share >= limit and label == secondary
    return 2 * right / (called + there) if called + there else 0.0
