"""Understanding of what people write: a text becomes a reading, a place, a time, an answer; nothing is stored."""

from understanding.names import same_name
from understanding.normal import normalise
from understanding.places import Place, closest
from understanding.reader import read

__all__ = ["Place", "closest", "normalise", "read", "same_name"]
