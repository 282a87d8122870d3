"""Whole texts that are compared with a closed list of sayings, whatever polite words stand around them."""

from understanding.spelling.normal import loose_key

_EXAMINED = 80
_DROPPED = str.maketrans("", "", " .,!?។:;«»\"'’")
_POLITE = tuple(
    loose_key(word).replace(" ", "")
    for word in (
        *("please", "hello", "ok", "thankyou", "thanks", "sir"),
        *("សូម", "ផង", "បាទ", "ចាស", "ទេ", "បង", "អរគុណ", "សួស្ដី"),
        *("ເດີ", "ແດ່", "ກະລຸນາ", "ສະບາຍດີ", "ຂອບໃຈ", "ຂໍ", "ບໍ"),
    )
)


class Sayings:
    """Some sayings that mean the same."""

    def __init__(self, *said: str) -> None:
        self._keys = frozenset(key for text in said for key in (_joined(text), _plain(text)))

    def is_said(self, text: str) -> bool:
        """Tell whether a whole text is one of them."""
        return len(text) <= _EXAMINED and (_joined(text) in self._keys or _plain(text) in self._keys)

    def is_within(self, text: str) -> bool:
        """Tell whether one of them stands anywhere in a text."""
        key = _joined(text)
        return any(each in key for each in self._keys)


def _joined(text: str) -> str:
    return loose_key(text).translate(_DROPPED)


def _plain(text: str) -> str:
    key = _joined(text)
    for word in _POLITE:
        key = key.removeprefix(word) if key != word else key
        key = key.removesuffix(word) if key != word else key
    return key
