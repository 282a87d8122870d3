"""What the sender wants and what it is about: whole answers by rule, all else as the model weighs it."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.reading import Category, Intent
from understanding.features import Features
from understanding.lexicon.rules import score
from understanding.model import Model

_WHOLE = (
    ("stop", Intent.STOP),
    ("start", Intent.START),
    ("help", Intent.HELP),
    ("language", Intent.LANGUAGE),
    ("answer_yes", Intent.YES),
    ("answer_no", Intent.NO),
    ("greeting", Intent.GREETING),
    ("thanks", Intent.FEEDBACK),
)
_SURE = 0.97
_BY_RULE = 3.0
_FOREIGN_AT_MOST = 0.5
_BEST = 3


@dataclass(frozen=True, slots=True)
class Decision:
    """An intent, and the probability that it is right."""

    intent: Intent
    confidence: float


@dataclass(frozen=True, slots=True)
class Matter:
    """The likeliest categories, best first; whether the first may well be wrong; and a second matter of the text."""

    categories: tuple[Category, ...]
    unsure: bool
    secondary: Category | None


def intent_of(features: Features, weighed: Mapping[str, float]) -> Decision:
    """Decide what the sender of a text wants.

    Silence is given only where the words ask for it: "stop hitting me" and "the water stopped" must be heard.
    """
    for concept, intent in _WHOLE:
        if concept in features.whole:
            return Decision(intent, _SURE)
    if not features.words:
        if features.reference:
            return Decision(Intent.STATUS, 0.95)
        return Decision(Intent.UNCLEAR, _FOREIGN_AT_MOST if features.tongue.foreign else 0.85)
    asks_for_silence = score("stop", features.concepts) >= _BY_RULE
    unasked = frozenset[str]() if asks_for_silence else _unasked(weighed)
    heard = {intent: share for intent, share in weighed.items() if intent not in unasked}
    best = max(heard, key=heard.__getitem__)
    confidence = min(weighed[best], _FOREIGN_AT_MOST) if features.tongue.foreign else weighed[best]
    return Decision(Intent(best), confidence)


def _unasked(weighed: Mapping[str, float]) -> frozenset[str]:
    """Return what a text is not taken for whose words do not ask for silence: nor for its opposite, where it looks like it."""
    looks_like_it = max(weighed, key=weighed.__getitem__) == Intent.STOP
    return frozenset({Intent.STOP, Intent.START} if looks_like_it else {Intent.STOP})


def matter_of(features: Features, weighed: Mapping[str, float], model: Model) -> Matter:
    """Decide what a text is about; mere thanks are about nothing in particular."""
    if "thanks" in features.whole:
        return Matter((Category.OTHER,), unsure=False, secondary=None)
    ordered = sorted(weighed, key=lambda label: -weighed[label])
    first, second = ordered[0], ordered[1]
    also = weighed[second] >= model.threshold("second_matter")
    return Matter(
        categories=tuple(Category(label) for label in ordered[:_BEST]),
        unsure=weighed[first] < model.threshold("category_sure"),
        secondary=Category(second) if also else None,
    )
