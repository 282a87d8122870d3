"""The words that announce a place (ឃុំ, ບ້ານ, commune), and the spellings that may follow them in a text."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import regex

from understanding.spelling.normal import loose_key

_LEVEL_WORDS = {
    "village": ("ភូមិ", "ບ້ານ", "ບ", "village", "phum", "phoum", "ban", "baan"),
    "commune": ("ឃុំ", "សង្កាត់", "commune", "sangkat", "sangkhat", "songkat", "khum", "quarter"),
    "district": ("ស្រុក", "ខណ្ឌ", "ក្រុង", "ເມືອງ", "district", "srok", "khan", "muang", "meuang", "mueang"),
    "province": ("ខេត្ត", "ແຂວງ", "province", "khet", "khaet", "khoueng", "khwaeng"),
}
_LEVEL_OF = {loose_key(word): level for level, words in _LEVEL_WORDS.items() for word in words if len(word) > 1}
_NATIVE_WORDS = [word for word in _LEVEL_OF if not word.isascii()]
_LATIN_WORDS = [word for word in _LEVEL_OF if word.isascii()]
_AFTER_NAME = frozenset({"village", "commune", "district", "province", "quarter"})
_AROUND = frozenset({"district", "province"})
_ALSO_ORDINARY = _AFTER_NAME | {"ban", "baan", "khan", "khet", "muang", "phum"}

_HOLDERS = ("មេ", "ប្រធាន", "ចៅ", "ក្នុង", "អភិបាល", "សាលា", "មន្ត្រី", "ក្រុមប្រឹក្សា", "ប៉ុស្តិ៍", "ជើង", "ពេញ", "ថ្នាក់",
            "ນາຍ", "ເຈົ້າ", "ຊາວ", "ຫ້ອງການ", "ຂັ້ນ", "ປະຊາຊົນ", "ອຳນາດການປົກຄອງ")  # fmt: skip
_NOT_AFTER = "".join(rf"(?<!{loose_key(word)})" for word in _HOLDERS)
_WORD = regex.compile(
    rf"{_NOT_AFTER}(?:{'|'.join(sorted(_NATIVE_WORDS, key=len, reverse=True))})"
    rf"|(?<![a-z])(?:{'|'.join(sorted(_LATIN_WORDS, key=len, reverse=True))})(?![a-z])"
)
_LEADING_WORD = regex.compile(rf"^(?:{_WORD.pattern})[\s.:]*")
_FILLER_WORDS = ("ខ្ញុំបាទ", "ខ្ញុំ", "នាងខ្ញុំ", "យើង", "រស់នៅ", "ស្នាក់នៅ", "មកពី", "នៅ", "គឺ", "ຂ້ອຍ", "ຂ້າພະເຈົ້າ", "ຢູ່",
                 "ອາໄສ", "ມາຈາກ", "ແມ່ນ")  # fmt: skip
_LATIN_FILLER = (
    "i am|im|i|my|we|live|lives|living|in|at|from|is|the|nov|nou|nv|nh|khnhom|yu|you|khoy|koy|khoi|jak|mok pi|it"
)
_FILLER = regex.compile(
    rf"^(?:(?:{'|'.join(map(loose_key, _FILLER_WORDS))}|(?<![a-z])(?:{_LATIN_FILLER})(?![a-z]))\s*)+"
)
_TRAILING_WORDS = ("បាទ", "ចាស", "ចា៎", "ផង", "បង", "លោក", "ເດີ", "ຈ້າ", "ເຈົ້າ")
_TRAILING = regex.compile(rf"\s*(?:{'|'.join(map(loose_key, _TRAILING_WORDS))}|(?<![a-z])(?:bong|pls|please|der))$")
_BREAK = regex.compile(r"[\s,.;:!?។៖|/()\-]+")
_NOT_LETTERS = regex.compile(r"[^\p{L}\p{M}\p{N}]+")
_WHOLE_WORDS = 4
_WHOLE_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of text that may name a place: its likely spellings, longest first, and the level announced.

    `with_parent` holds spellings that count only where the rest names the place's parent; `loose` allows misspelling.
    """

    spellings: tuple[str, ...]
    level: str | None
    start: int
    whole_text: bool = False
    runs_on: bool = False
    loose: bool = True
    with_parent: tuple[str, ...] = ()


def name_key(name: str, *, joined: bool = True) -> str:
    """Return a place name for comparison: no leading word for a place, no spaces unless not `joined`, no marks."""
    key = loose_key(name)
    bare = _LEADING_WORD.sub("", key, count=1) or key
    return _NOT_LETTERS.sub("" if joined else " ", bare).strip()


def without_level_words(key: str) -> str:
    """Return a `loose_key` without the words that announce a place."""
    return _WORD.sub(" ", key)


def mentions(key: str) -> Iterator[Mention]:
    """Find what may name a place in a text given as `loose_key`."""
    words = list(_WORD.finditer(key))
    for n, word in enumerate(words):
        level = _LEVEL_OF[word[0]]
        end = words[n + 1].start() if n + 1 < len(words) else len(key)
        if word[0] in _AFTER_NAME:
            begin = words[n - 1].end() if n else 0
            yield from _before(key[begin : word.start()], level, word.start())
        yield from _after(key[word.end() : end], word[0], level, word.start())
    if not words:
        yield from _whole(key)
    elif words[0].start() and _LEVEL_OF[words[0][0]] in _AROUND:
        yield from _named_first(key[: words[0].start()])


def _after(rest: str, word: str, level: str, start: int) -> Iterator[Mention]:
    pieces = [piece for piece in _BREAK.split(_FILLER.sub("", rest[:48].strip())) if piece][:3]
    spellings = tuple("".join(pieces[:count]) for count in range(len(pieces), 0, -1))
    if spellings and len(spellings[-1]) > 1:
        yield Mention(spellings, level, start, runs_on=not spellings[0].isascii(), loose=word not in _ALSO_ORDINARY)


def _before(rest: str, level: str, start: int) -> Iterator[Mention]:
    pieces = [piece for piece in _BREAK.split(rest[-48:]) if piece][-3:]
    spellings = tuple("".join(pieces[-count:]) for count in range(len(pieces), 0, -1))
    if spellings:
        yield Mention(spellings, level, start)


def _named_first(before: str) -> Iterator[Mention]:
    """Find the name alone that stands before the announced district or province: "ນາຫວາຍ ເມືອງຄູນ"."""
    for found in _whole(before):
        yield replace(found, whole_text=False, loose=False)


def _whole(key: str) -> Iterator[Mention]:
    bare = _TRAILING.sub("", _FILLER.sub("", key)).strip(" .,!?។៖")
    pieces = [piece for piece in _BREAK.split(bare) if piece]
    if not pieces or len(bare) > _WHOLE_LENGTH or len(pieces) > _WHOLE_WORDS:
        return
    joined = "".join(pieces)
    parted = ["".join(pieces[:count]) for count in range(len(pieces) - 1, 0, -1)]
    if not joined.isascii():
        parted += [joined[:size] for size in range(len(joined) - 2, 3, -1)]
    yield Mention((joined,), None, 0, whole_text=True, with_parent=tuple(parted))
