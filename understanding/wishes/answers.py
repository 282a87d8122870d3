"""Short answers that say one thing and nothing else: yes, no, that was wrong, leave out my name, thank you."""

import re

from understanding.lexicon.phrases import whole_text
from understanding.spelling.normal import loose_key

_EXAMINED = 60
_OWN = "|".join(map(loose_key, ("គ្មានឈ្មោះ(?:ខ្ញុំ|យើង)", "(?:ខ្ញុំ|យើង)គ្មានឈ្មោះ", "ບໍ່ມີຊື່")))
_IS_MISSING = re.compile(rf"{_OWN}|\bm(?:i|ee) ?[sxz][euw]+\b")


def yes_or_no(text: str) -> bool | None:
    """Return whether a whole text says yes (`បាទ`, `ແມ່ນ`, `ok`) or no (`ទេ`, `ຍັງ`, `not yet`); None for all others."""
    found = _whole(text)
    if "answer_yes" in found and "answer_no" not in found:
        return True
    return False if "answer_no" in found else None


def is_wrong(text: str) -> bool:
    """Tell whether a whole text takes back an answer (`ខុស`, `ຜິດ`, `wrong`)."""
    return "answer_wrong" in _whole(text)


def wants_no_name(text: str) -> bool:
    """Tell whether a whole text asks that no name be shown (`គ្មានឈ្មោះ`, `ບໍ່ອອກຊື່`, `anonymous`).

    That one's own name is not there (`គ្មានឈ្មោះខ្ញុំ`, `ບໍ່ມີຊື່`) is a complaint about a list.
    """
    return "answer_no_name" in _whole(text) and _IS_MISSING.search(loose_key(text)) is None


def is_thanks(text: str) -> bool:
    """Tell whether a whole text only gives thanks (`អរគុណបង 🙏`, `ຂອບໃຈເດີ`, `thank you sir`)."""
    return "thanks" in _whole(text)


def says_no_help(text: str) -> bool:
    """Tell whether a whole text says that an answer did not help (`នៅតែមិនបាន`, `ບໍ່ຊ່ວຍ`, `it did not help`)."""
    return "answer_no_help" in _whole(text)


def _whole(text: str) -> frozenset[str]:
    return whole_text(text) if len(text) <= _EXAMINED else frozenset()
