"""From a text to a reading: features first, then one decision after the other."""

from domain.reading import CATEGORY_INTENTS, Category, Intent, Language, Reading, Script
from understanding.decisions import Decision, categories_of, intent_of
from understanding.features import Features, features_of
from understanding.named import named_posts, wanted_language
from understanding.sensitivity import Sensitivity, sensitivity_of

_HIDING = frozenset(
    {Intent.STATUS, Intent.LANGUAGE, Intent.HELP, Intent.GREETING, Intent.YES, Intent.NO, Intent.UNCLEAR}
)


def read(text: str, *, prefixes: tuple[str, ...], default_language: Language = Language.KM) -> Reading:
    """Return what a text is taken to mean. It never fails, whatever the text.

    `prefixes` are those of the project's case references; `default_language` stands where the text does not tell its
    language. A sensitive text is a complaint, whatever else it asks for, unless it wants no more messages or a person
    to talk to. Beyond its first 1,200 characters a text is searched for sensitive words only.
    """
    features = features_of(text, prefixes=prefixes, default_language=default_language)
    sensitivity = sensitivity_of(text, features)
    concepts = features.concepts | ({"sensitive"} if sensitivity.certain else set())
    decision = intent_of(features, concepts)
    if sensitivity.sensitive and decision.intent in _HIDING and features.words:
        decision = Decision(Intent.COMPLAINT, 0.6)
        concepts |= {"sensitive"}
    best = categories_of(concepts)
    return _reading(features, sensitivity, decision, best)


def _reading(features: Features, sensitivity: Sensitivity, decision: Decision, best: tuple[Category, ...]) -> Reading:
    has_category = decision.intent in CATEGORY_INTENTS
    reference = features.reference
    return Reading(
        language=features.tongue.language,
        script=features.tongue.script if features.tongue.language is not Language.EN else Script.NATIVE,
        intent=decision.intent,
        category=best[0] if has_category else None,
        categories=best if has_category else (),
        sensitive=sensitivity.sensitive,
        unsure_sensitive=sensitivity.unsure,
        sensitive_reason=sensitivity.reason,
        reference=reference.normalised if reference else None,
        reference_valid=reference.valid if reference else False,
        named_posts=named_posts(features.concepts),
        afraid=sensitivity.afraid,
        confidence=decision.confidence,
        wanted_language=wanted_language(features) if decision.intent is Intent.LANGUAGE else None,
    )
