"""From a text to a reading: its pieces are weighed by the model, and what must never be missed is decided by rule too."""

from collections.abc import Mapping
from dataclasses import replace

from domain.reading import CATEGORY_INTENTS, Category, Intent, Language, Reading, Script
from understanding import model as models
from understanding.decisions import Decision, Matter, intent_of, matter_of
from understanding.features import Features, features_of
from understanding.grams import pieces_of
from understanding.model import Model
from understanding.persons.named import named_posts, wanted_language
from understanding.reasons import telling_words
from understanding.sensitivity import Sensitivity, sensitivity_of
from understanding.spelling.normal import plain_letters
from understanding.spelling.tongue import settled

_NOT_CONTRADICTED = 0.03
_MAY_HAVE_A_CATEGORY = 0.2
_HIDING = frozenset({Intent.LANGUAGE, Intent.HELP, Intent.START, Intent.GREETING, Intent.YES, Intent.UNCLEAR})
"""What a text that reports harm is never taken for: it would be answered with a menu or with thanks."""


def read(
    text: str,
    *,
    prefixes: tuple[str, ...],
    default_language: Language = Language.KM,
    model: Model | None = None,
) -> Reading:
    """Return what a text is taken to mean. It never fails, whatever the text.

    `prefixes` are those of the project's case references; `default_language` stands where the text does not tell its
    language; `model` is the one that comes with the program unless another is given. Beyond its first 1,200 characters
    a text is searched for sensitive words only.
    """
    text = plain_letters(text)
    used = model or models.packaged()
    features = features_of(text, prefixes=prefixes, default_language=default_language)
    weighed = used.weigh(pieces_of(text, features))
    features = replace(features, tongue=settled(features.tongue, weighed["tongue"]))
    decision = intent_of(features, weighed["intent"])
    likely, about_abuse = _opinions(features, weighed, decision)
    sensitivity = sensitivity_of(text, features, likely, about_abuse, used)
    if sensitivity.sensitive and not sensitivity.reason:
        sensitivity = replace(sensitivity, reason=telling_words(text, used))
    matter = matter_of(features, weighed["category"], used)
    if sensitivity.sensitive and decision.intent in _HIDING and features.words:
        decision = Decision(Intent.COMPLAINT, weighed["intent"]["complaint"])
        matter = replace(matter, categories=_with_abuse_first(matter.categories))
    return _reading(features, sensitivity, decision, matter)


def _opinions(
    features: Features, weighed: Mapping[str, Mapping[str, float]], decision: Decision
) -> tuple[float, float]:
    """Return how likely a text is sensitive, and about abuse: a mere keyword is neither, whatever its letters recall.

    A category is an opinion only on what has one, and where the other opinion does not contradict it. A wish for
    silence in words that are not known as one is decided to be a complaint, and is about nothing all the same.
    """
    likely = 0.0 if features.whole else weighed["sensitive"].get("yes", 0.0)
    may_have = sum(weighed["intent"].get(intent, 0.0) for intent in CATEGORY_INTENTS) >= _MAY_HAVE_A_CATEGORY
    has_category = decision.intent in CATEGORY_INTENTS and may_have and likely >= _NOT_CONTRADICTED
    return likely, weighed["category"].get("abuse", 0.0) if has_category else 0.0


def _with_abuse_first(categories: tuple[Category, ...]) -> tuple[Category, ...]:
    return (Category.ABUSE, *(each for each in categories if each is not Category.ABUSE))[: len(categories)]


def _reading(features: Features, sensitivity: Sensitivity, decision: Decision, matter: Matter) -> Reading:
    has_category = decision.intent in CATEGORY_INTENTS
    reference = features.reference
    return Reading(
        language=features.tongue.language,
        script=features.tongue.script if features.tongue.language is not Language.EN else Script.NATIVE,
        intent=decision.intent,
        category=matter.categories[0] if has_category else None,
        categories=matter.categories if has_category else (),
        secondary=matter.secondary if has_category else None,
        unsure_category=matter.unsure and has_category,
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
