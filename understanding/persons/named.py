"""What a text names besides its matter: posts whose holders are kept from it, and a language to be answered in."""

from collections.abc import Set

from domain.reading import Language
from understanding.features import Features

_POSTS = {
    "facilitator_p": "facilitator",
    "village_p": "village",
    "commune_p": "commune",
    "district_p": "district",
    "province_p": "province",
    "agent_p": "agent",
}
_ASKED = (("wants_en", Language.EN), ("wants_lo", Language.LO), ("wants_km", Language.KM))


def named_posts(concepts: Set[str]) -> tuple[str, ...]:
    """Return the ladder levels, lowest first, and `agent`, whose holders are named among the concepts of a text."""
    return tuple(post for concept, post in _POSTS.items() if concept in concepts)


def wanted_language(features: Features) -> Language | None:
    """Return the language that a text asks for, None where it names none of the three or several."""
    named = [language for concept, language in _ASKED if concept in features.concepts]
    if len(named) > 1:
        named = [language for language in named if language is not _refused(features)]
    if len(named) == 1:
        return named[0]
    return None if named or "other_language" in features.concepts else features.tongue.language


def _refused(features: Features) -> Language | None:
    if "cannot_en" in features.concepts:
        return Language.EN
    return None
