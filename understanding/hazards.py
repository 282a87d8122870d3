"""Whether a text, whatever it is about, says that a life is in danger: a bomb found, somebody buried, a wire that came down."""

import re

from understanding.spelling.normal import loose_key


def says_hazard(text: str) -> bool:
    """Tell whether a text speaks of danger to a life, whatever it is about; a false alarm costs an officer one look."""
    key = loose_key(text)
    return any(pattern.search(key) for pattern in _HAZARDS)


def _any(*words: str) -> str:
    return "(?:" + "|".join(r"\s*".join(map(re.escape, loose_key(word).split())) for word in words) + ")"


def _near(first: str, second: str, gap: int = 30) -> re.Pattern[str]:
    return re.compile(f"{first}.{{0,{gap}}}?{second}|{second}.{{0,{gap}}}?{first}")


_BOMB = re.compile(
    _any("unexploded", "bombie", "landmine", "land mine", "គ្រាប់បែក", "គ្រាប់មីន", "យុទ្ធភណ្ឌមិនទាន់ផ្ទុះ", "ບົມບີ", "ບອມບີ", "ລບຕ")
    + rf"|{_any('ລະເບີດ')}(?!{_any('ຫີນ')})"
    r"|\buxo\b|\b(?:old|found|see|saw|is|a) (?:a )?bombs?\b|\bkr[uo]+a?b b[ae]+k\b|\bla ?b[eou]+[rt]?[td]\b|\bbom ?bi\b"
)
_STRUCK = re.compile(
    r"\bdrown(?:s|ed|ing)?\b|electrocut|electric shock|not breathing|cannot breathe|cant breathe|unconscious"
    r"|\bbleed\w* (?:a lot|badly|much)"
    r"|\b(?:buried|trapped) (?:under|alive|inside)|\bsonlob\b|\blong teuk\b|\bchom nam\b|\bfai ?(?:fa )?s[ho]+[rt]*\b"
    "|"
    + _any(
        *("លង់ទឹក", "ភ្លើងឆក់", "ឆក់ខ្សែភ្លើង", "សន្លប់", "មិនដកដង្ហើម", "ហូរឈាមខ្លាំង", "ឈាមហូរខ្លាំង", "ដីកប់", "រលំសង្កត់", "បាក់សង្កត់"),
        *("ຈົມນ້ຳ", "ໄຟຊ໋ອດ", "ໄຟຊັອດ", "ໄຟຟ້າຊັອດ", "ໄຟດູດ", "ສະຫຼົບ", "ບໍ່ຫາຍໃຈ", "ເລືອດອອກຫຼາຍ", "ດິນທັບ", "ພັງທັບ", "ລົ້ມທັບ"),
    )
)
_WIRE = _near(
    _any("wire", "power line", "ខ្សែភ្លើង", "ສາຍໄຟ", "khse phleung", "khse plerng", "sai fai"),
    _any(
        *("on the ground", "fell", "fallen", "hanging low", "in the water", "live", "sparks"),
        *("ធ្លាក់", "ដាច់", "ក្នុងទឹក", "លើដី", "សំយាក"),
        *("ຕົກ", "ຂາດ", "ໃນນ້ຳ", "ຫ້ອຍ", "dach", "thleak", "khat leo", "tok long"),
    ),
)
_HAZARDS = (_BOMB, _STRUCK, _WIRE)
