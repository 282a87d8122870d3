"""Which of the staff's ready answers fits a question, in whatever letters it is typed; none where none fits well."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from math import log, sqrt

import regex
from rapidfuzz import fuzz

from domain.reading import Category
from understanding.spelling.normal import loose_key
from understanding.spelling.sounds import word_sound

GOOD_NATIVE, GOOD_LATIN = 0.48, 0.65
"""What a match must score, 0 to 1, to be given as an answer, by letters: one that does not fit is worse than none.

Latin letters write few sounds in many words, so that more is alike by chance.
"""
_MARGIN = 0.08
_AGREES = 0.04
_SHAPE = 0.55
_ANOTHER_SORT = 0.75
_SIZES = (2, 3, 4)
_LONGEST = 160
_FEW = 12
"""Fewer entries than these are weighed as though there were so many: else every piece of a short list is rare."""
_TOKEN = regex.compile(r"[a-z]+|\d+|[\p{L}\p{M}ៗໆ]+")
_APOSTROPHES = regex.compile(r"(?<=[a-z])['’‘`´](?=[a-z])")
_FILLERS = regex.compile("តើ|ខ្ញុំ|ដែរ|សួស្តី|ជំរាបសួរ|ហើយ|បង(?=$|[ ?])|ຂ້ອຍ|ຂອຍ|ສະບາຍດິ|ແດ(?=$|[ ?])|ແລວ(?=$|[ ?])")
_FILLER_WORDS = frozenset(
    word_sound(word)
    for word in (
        "bong", "lok", "som", "nh", "nhom", "khnhom", "hz", "hery", "khoy", "leo", "dae", "der",
        "the", "a", "an", "i", "my", "me", "please", "hello", "hi", "sir",
    )
)  # fmt: skip
"""Courtesies and the like, native ones as `loose_key` spells them: they tell nothing of what is asked."""
_SAME = tuple(
    (regex.compile(said), meant)
    for said, meant in (
        ("ប្រាក់|ប្រាក", "លុយ"), ("ប័ណ្ណ|បណ្ណ", "កាត"), ("អី(?!ត)", "អ្វី"), ("ទូរស័?ព្ទ", "ទូរសព្ទ"), ("ឯណា", "ណា"),
        ("(?:យ៉?ាង|ដូច)(?:ណា|ម៉?េច|ម្តេច)|ម៉?េច", "មេច"), ("ដក(?=លុយ)", "បើក"), ("ແນວໃດດິ|ຈັງໃດ", "ແນວໃດ"),
    )
)  # fmt: skip
"""Words that people use one for the other."""
_SORTS = {
    "when": regex.compile(
        r"ថ្ងៃណា|ពេលណា|ខែណា|ឆ្នាំណា|មោងប៉?ុន្មាន|អង្កាល|ມຶໃດ|ຈັກໂມງ|ປິໃດ|ເວລາໃດ|ຍາມໃດ|ເມຶອໃດ"
        r"|\b(?:when|what time|what day|which day|how long|tng?h?ai na|pel na|mong ponman|mue dai|jak mong|pi dai)\b"
    ),
    "how many": regex.compile(r"ប៉?ុន្មាន|ຈັກ|ເທົາໃດ|\b(?:how many|how much|interest|ponman|jak|thao dai)\b"),
    "who is": regex.compile(r"អ្នកណាជា|ឈ្មោះអ្វ?ី|ໃຜເປັນ|ຊຶຫຍັງ|\b(?:who is|who are|neak na chea|phai pen)\b"),
}
"""Questions after a time, a number or a person: no entry answers them that none of its examples asks so."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A ready answer as it is looked for: its code, what it is about, and examples of how people ask for it."""

    code: str
    category: Category
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FaqMatch:
    """An entry that may answer a question, how well (0 to 1), and how well the next best does."""

    code: str
    score: float
    second: float


@dataclass(frozen=True, slots=True)
class _Text:
    """A text laid out for comparing: its pieces with how often each occurs, its words, and what it asks after."""

    pieces: Counter[str]
    words: str
    sorts: frozenset[str]


class FaqIndex:
    """Entries ready to be looked up; build it once for many questions."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._examples = [(each, _laid_out(text)) for each in entries for text in each.questions]
        self._sorts: dict[str, frozenset[str]] = {}
        pieces: dict[str, set[str]] = {}
        for entry, text in self._examples:
            pieces.setdefault(entry.code, set()).update(text.pieces)
            self._sorts[entry.code] = self._sorts.get(entry.code, frozenset()) | text.sorts
        self._known = Counter(piece for each in pieces.values() for piece in each)
        self._lengths = [self._length(text) for _, text in self._examples]

    def best(self, text: str, category: Category | None = None) -> FaqMatch | None:
        """Return the entry that answers a question; None where none fits well, or two fit alike.

        `category` is what the reading takes the question to be about; an entry of that category is a little likelier.
        Beyond 160 characters a text tells a story: nothing ready answers it.
        """
        ranked = self.ranked(text, category)
        good = GOOD_LATIN if text.isascii() else GOOD_NATIVE
        if not ranked or ranked[0].score < good or ranked[0].score - ranked[0].second < _MARGIN:
            return None
        return ranked[0]

    def ranked(self, text: str, category: Category | None = None) -> Sequence[FaqMatch]:
        """Return every entry that has something in common with a text, best first, whether it fits or not."""
        asked = _laid_out(text) if len(text) <= _LONGEST else None
        if asked is None or not asked.pieces:
            return ()
        scores: dict[str, float] = {}
        length = self._length(asked)
        for (entry, example), its_length in zip(self._examples, self._lengths, strict=True):
            likeness = self._likeness(asked, example, length * its_length)
            if likeness > 0:
                score = likeness if asked.sorts <= self._sorts[entry.code] else likeness * _ANOTHER_SORT
                score += _AGREES if entry.category is category else 0.0
                scores[entry.code] = max(min(1.0, score), scores.get(entry.code, 0.0))
        order = sorted(scores.items(), key=lambda pair: -pair[1])
        seconds = (*(score for _, score in order[1:]), 0.0)
        return [FaqMatch(code, score, second) for (code, score), second in zip(order, seconds, strict=False)]

    def _likeness(self, asked: _Text, example: _Text, lengths: float) -> float:
        common = sum(
            count * example.pieces[piece] * self._weight(piece) ** 2
            for piece, count in asked.pieces.items()
            if piece in example.pieces
        )
        shape = common / lengths
        return _SHAPE * shape + (1 - _SHAPE) * sqrt(shape) * _words_alike(asked.words, example.words)

    def _length(self, text: _Text) -> float:
        return sqrt(sum((count * self._weight(piece)) ** 2 for piece, count in text.pieces.items())) or 1.0

    def _weight(self, piece: str) -> float:
        """Return what a piece tells: little where all entries have it, much where one has, most where none does."""
        return _told_by(self._known[piece], max(_FEW, len(self._sorts)))


@cache
def _told_by(known: int, entries: int) -> float:
    return log((1 + entries) / (1 + known)) + 0.15


def _laid_out(text: str) -> _Text:
    key = _APOSTROPHES.sub("", loose_key(text))
    sorts = frozenset(name for name, pattern in _SORTS.items() if pattern.search(key))
    key = _FILLERS.sub(" ", key)
    for said, meant in _SAME:
        key = said.sub(meant, key)
    words = [word for word in map(_sound, _TOKEN.findall(key)) if word not in _FILLER_WORDS]
    native = "".join(word for word in words if not word.isascii())
    pieces: Counter[str] = Counter()
    for word in (*(f" {each} " for each in words if each.isascii()), native):
        for size in _SIZES:
            pieces.update({word[start : start + size] for start in range(len(word) - size + 1)})
    return _Text(pieces, native or " ".join(words), sorts)


def _words_alike(one: str, other: str) -> float:
    """Compare words of Latin letters in any order, some left out or not; those that run on, letter by letter."""
    if not one.isascii():
        return fuzz.ratio(one, other) / 100
    return (fuzz.token_set_ratio(one, other) + fuzz.token_sort_ratio(one, other)) / 200


def _sound(token: str) -> str:
    return word_sound(token) if token.isascii() else token
