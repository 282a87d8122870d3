"""Whole texts that are compared with closed lists where a single word turns the meaning round, such as a no."""

from understanding.spelling.normal import loose_key

_EXAMINED = 80
_DROPPED = str.maketrans("", "", " .,!។:;«»\"'’\u200b")


class ExactSayings:
    """Some sayings that mean the same; polite words around them count for nothing, a no always counts."""

    def __init__(self, *said: str) -> None:
        self.keys = frozenset(_bare(_key(text)) for text in said)

    def is_said(self, text: str) -> bool:
        """Tell whether a whole text is one of them; what asks never is."""
        return len(text) <= _EXAMINED and "?" not in text and _bare(_key(text)) in self.keys


def _key(text: str) -> str:
    return loose_key(text).translate(_DROPPED)


def _bare(key: str) -> str:
    for word in _BEFORE:
        key = key.removeprefix(word) if key != word else key
    for word in _AFTER:
        key = key.removesuffix(word) if key != word else key
    return key


_BEFORE = tuple(
    _key(word)
    for word in (
        *("yes", "sorry", "ok", "hello", "please"),
        *("បាទ", "ចាស", "សុំទោស", "សូមទោស", "សូម"),
        *("ໂດຍ", "ເຈົ້າ", "ຂໍໂທດ", "ກະລຸນາ"),
    )
)
_AFTER = tuple(
    _key(word)
    for word in ("please", "sorry", "thank you", "ទេ", "ណា", "ផង", "បាទ", "ចាស", "អរគុណ", "ເດີ", "ແດ່", "ໄດ໋", "ຂອບໃຈ")
)
