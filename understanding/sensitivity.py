"""Whether a text reports or hints at abuse, violence, child labour or retaliation: decided on its own, for recall."""

from dataclasses import dataclass

from understanding.features import EXAMINED, Features, concepts_in
from understanding.lexicon.rules import score

_CERTAIN, _SENSITIVE, _UNSURE = 3.0, 2.0, 1.0
_STEP, _OVERLAP = 1000, 80
_LONGEST = 200_000
_CONCEPTS = (
    "violence", "threat", "retaliation", "since_told", "if_told", "unless", "did_to", "sex", "body_touched",
    "body_talk", "pressed", "invited", "forced", "harm", "alone", "alone_hint", "girl", "kid", "odd_sign",
    "child_work", "work_verb", "hard_work", "fear", "person_feared", "returns", "married",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The decision, how sure, the words that fired, and whether the text speaks of fear or punishment.

    A `certain` one is what the text is about; any other is kept from all but the few, whatever it is about.
    """

    sensitive: bool
    certain: bool
    unsure: bool
    reason: tuple[str, ...]
    afraid: bool


def sensitivity_of(text: str, features: Features) -> Sensitivity:
    """Decide whether a text is sensitive; all of it is searched, however long."""
    found = dict(features.phrases)
    for start in range(EXAMINED - _OVERLAP, min(len(text), _LONGEST), _STEP):
        for concept, listed in concepts_in(text[start : start + _STEP + _OVERLAP], features.tongue).items():
            if concept in _CONCEPTS:
                found[concept] = found.get(concept, ()) + listed
    concepts = set(found) | features.concepts
    weight = score("sensitive", concepts)
    fired = tuple(dict.fromkeys(phrase for concept in _CONCEPTS for phrase in found.get(concept, ())))
    sensitive = weight >= _SENSITIVE
    return Sensitivity(
        sensitive=sensitive,
        certain=weight >= _CERTAIN,
        unsure=not sensitive and (weight >= _UNSURE or features.tongue.foreign),
        reason=fired if weight >= _UNSURE else (),
        afraid=score("afraid", concepts) >= 1,
    )
