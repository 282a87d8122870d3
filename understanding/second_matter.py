"""The second of two matters in one text: what one of its clauses is about, where the whole is taken to be about another's."""

from dataclasses import replace

import regex

from domain.reading import Category, Language, Reading
from understanding import model as models
from understanding.features import EXAMINED, features_of
from understanding.grams import pieces_of
from understanding.model import Model
from understanding.spelling.normal import plain_letters

_SURE = 0.88
"""A clause must say so clearly what it is about: a second matter that is none bars people from a case."""
_SHORTEST, _MOST = 8, 5
"""Letters of a clause, and clauses of a text: shorter ones say nothing alone, more are a story about one matter."""
_BETWEEN = regex.compile(
    r"[.!?។;\n]+\s*|,\s+|ម្យ៉ាងទៀត|ហើយ(?!$|[ ។.!?])|មួយទៀត|ចំណែក|ព្រមទាំង|ແລ້ວ(?=\S)|ແລະ|ອີກຢ່າງ|ອີກເລື່ອງ|ພ້ອມທັງ"
    r"|\b(?:and|also|plus|hery|hey|hz|lae|laew|leo)\b",
    regex.IGNORECASE,
)


def with_second_matter(
    reading: Reading, text: str, *, prefixes: tuple[str, ...], model: Model | None = None
) -> Reading:
    """Return a reading with the second matter of its text, where a clause each is clearly about the likeliest and
    another likely one.

    Abuse is never the second: whether a text is sensitive is decided on its own. `prefixes` and `model` are as in
    `understanding.read`. Of labelled messages with two matters one in seven is found, most of the others having both in
    one clause; of those with one, by writers whom the model does not know, one in forty is given a second.
    """
    if reading.secondary is not None or len(reading.categories) < 2 or reading.categories[0] is Category.ABUSE:
        return reading
    first, *others = (each for each in reading.categories if each is not Category.ABUSE)
    used = model or models.packaged()
    found = {_about(clause, reading.language, prefixes, used) for clause in _clauses(plain_letters(text)[:EXAMINED])}
    second = next((each for each in others if each in found), None)
    return replace(reading, secondary=second) if first in found and second is not None else reading


def _clauses(text: str) -> list[str]:
    found = [each for part in _BETWEEN.split(text) if len(each := part.strip()) >= _SHORTEST]
    return found if 2 <= len(found) <= _MOST else []


def _about(clause: str, language: Language, prefixes: tuple[str, ...], model: Model) -> Category | None:
    features = features_of(clause, prefixes=prefixes, default_language=language)
    weighed = model.weigh(pieces_of(clause, features))["category"]
    best = max(weighed, key=weighed.__getitem__)
    return Category(best) if weighed[best] >= _SURE else None
