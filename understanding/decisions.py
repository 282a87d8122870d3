"""What the sender wants and what it is about, decided by the weighed concepts of a text."""

from collections.abc import Set
from dataclasses import dataclass

from domain.reading import Category, Intent
from understanding.features import Features
from understanding.lexicon.rules import score, scores

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
_FIRST = (Intent.STOP, Intent.START, Intent.HELP, Intent.LANGUAGE, Intent.HUMAN)
_THRESHOLD = 3.0
_LONG = 6
_BEST = 3


@dataclass(frozen=True, slots=True)
class Decision:
    """An intent, and the probability that it is right."""

    intent: Intent
    confidence: float


def intent_of(features: Features, concepts: Set[str]) -> Decision:
    """Decide what the sender of a text wants."""
    for concept, intent in _WHOLE:
        if concept in features.whole:
            return Decision(intent, 0.95)
    if not features.words:
        return Decision(Intent.STATUS, 0.9) if features.reference else Decision(Intent.UNCLEAR, 0.8)
    table: dict[Intent, float] = {
        intent: score(intent.value, concepts) for intent in Intent if intent is not Intent.GREETING
    }
    return _by_weight(features, concepts, table)


def categories_of(concepts: Set[str]) -> tuple[Category, ...]:
    """Return the three likeliest categories, likeliest first; `other` where nothing speaks for any."""
    weighed = scores("category", concepts)
    ordered = sorted((label for label in weighed if weighed[label] > 0), key=lambda label: -weighed[label])
    return tuple(Category(label) for label in ordered[:_BEST]) or (Category.OTHER,)


def _by_weight(features: Features, concepts: Set[str], table: dict[Intent, float]) -> Decision:
    return _service(table) or _about_a_case(table) or _matter(table) or _leftover(features, concepts, table)


def _service(table: dict[Intent, float]) -> Decision | None:
    """Return what is asked of the service itself: these wishes stand whatever else the text says."""
    asked = (intent for intent in _FIRST if table[intent] >= _THRESHOLD)
    return next((Decision(intent, 0.9) for intent in asked), None)


def _about_a_case(table: dict[Intent, float]) -> Decision | None:
    if table[Intent.STATUS] >= 4:
        return Decision(Intent.STATUS, 0.88)
    if table[Intent.NO] >= 4 and table[Intent.COMPLAINT] < 6:
        return Decision(Intent.NO, 0.8)
    if table[Intent.YES] >= 3 and table[Intent.COMPLAINT] < 3:
        return Decision(Intent.YES, 0.85)
    return Decision(Intent.UNCLEAR, 0.7) if table[Intent.UNCLEAR] >= _THRESHOLD else None


def _matter(table: dict[Intent, float]) -> Decision | None:
    complaint, question, feedback = (table[i] for i in (Intent.COMPLAINT, Intent.QUESTION, Intent.FEEDBACK))
    if complaint >= _THRESHOLD and complaint >= max(question, feedback):
        return Decision(Intent.COMPLAINT, 0.9 if complaint - max(question, feedback) >= 3 else 0.7)
    if question >= 2 and question >= feedback:
        return Decision(Intent.QUESTION, 0.85 if question - complaint >= 2 else 0.65)
    if feedback >= 2 and feedback >= complaint:
        return Decision(Intent.FEEDBACK, 0.85 if complaint == 0 else 0.6)
    return None


def _leftover(features: Features, concepts: Set[str], table: dict[Intent, float]) -> Decision:
    """Decide where little is known: a text about a matter of the project, or a long one, is heard as a complaint."""
    if table[Intent.COMPLAINT] or scores("category", concepts):
        return Decision(Intent.COMPLAINT, 0.6)
    if features.reference:
        return Decision(Intent.STATUS, 0.6)
    return Decision(Intent.COMPLAINT, 0.3) if features.words >= _LONG else Decision(Intent.UNCLEAR, 0.4)
