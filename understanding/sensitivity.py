"""Whether a text reports or hints at abuse, violence, child labour or retaliation: decided on its own, for recall."""

from dataclasses import dataclass

from understanding.features import EXAMINED, Features, concepts_in
from understanding.lexicon.rules import score
from understanding.model import Model

_BY_RULE, _MAYBE_BY_RULE = 2.0, 1.0
_STEP, _OVERLAP = 1000, 80
_LONGEST = 200_000
_CONCEPTS = (
    "violence", "threat", "retaliation", "since_told", "if_told", "unless", "did_to", "sex", "body_touched",
    "body_talk", "pressed", "invited", "forced", "harm", "alone", "alone_hint", "girl", "kid", "odd_sign",
    "child_work", "work_verb", "hard_work", "fear", "person_feared", "returns", "married",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The decision, whether it is unsure, the words that fired, and whether the text speaks of fear or punishment."""

    sensitive: bool
    unsure: bool
    reason: tuple[str, ...]
    afraid: bool


def sensitivity_of(text: str, features: Features, likely: float, about_abuse: float, model: Model) -> Sensitivity:
    """Decide whether a text is sensitive; all of it is searched, however long.

    `likely` is what the model gives for the first part, `about_abuse` what it gives for that category: two opinions,
    of which one is enough. A rule that fires counts where the model does not speak clearly against it.
    """
    found = dict(features.phrases)
    beyond = len(text) > EXAMINED
    for start in range(EXAMINED - _OVERLAP, min(len(text), _LONGEST), _STEP):
        for concept, listed in concepts_in(text[start : start + _STEP + _OVERLAP], features.tongue).items():
            if concept in _CONCEPTS:
                found[concept] = found.get(concept, ()) + listed
    concepts = set(found) | features.concepts
    weight = score("sensitive", concepts)
    fired = tuple(dict.fromkeys(phrase for concept in _CONCEPTS for phrase in found.get(concept, ())))
    plausible = beyond or likely >= model.threshold("rule_plausible")
    by_model = likely >= model.threshold("sensitive") or about_abuse >= model.threshold("about_abuse")
    sensitive = by_model or (weight >= _BY_RULE and plausible)
    maybe = (
        likely >= model.threshold("maybe_sensitive") or weight >= _BY_RULE or (weight >= _MAYBE_BY_RULE and plausible)
    )
    return Sensitivity(
        sensitive=sensitive,
        unsure=not sensitive and (maybe or features.tongue.foreign),
        reason=fired if sensitive or maybe else (),
        afraid=score("afraid", concepts) >= 1,
    )
