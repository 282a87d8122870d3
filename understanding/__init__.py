"""Understanding of what people write: a text becomes a reading, a place, a time, an answer; nothing is stored."""

from understanding.persons.names import same_name
from understanding.places import Place, closest
from understanding.reader import read
from understanding.spelling.normal import normalise

__all__ = ["Place", "closest", "normalise", "read", "same_name"]
