"""Whether a report of harm says that it is about to happen: a threat to life, being held, or a weapon or somebody at hand."""

from understanding.spelling.normal import loose_key

_LIFE = (
    *("kill me", "kill us", "kill my", "going to kill", "will kill", "wants to kill", "want to die", "kill myself"),
    *("locked me", "locked in", "cant get out", "can't get out", "help me now", "please come now", "save me"),
    *("សម្លាប់ខ្ញុំ", "ចង់សម្លាប់", "សម្លាប់កូន", "ចង់ស្លាប់", "មិនចង់រស់", "ចាក់សោខ្ញុំ", "ឃុំខ្ញុំ", "ចេញមិនបាន", "ជួយសង្គ្រោះ"),
    *("ຂ້າຂ້ອຍ", "ຈະຂ້າ", "ຢາກຂ້າ", "ຂ້າລູກ", "ຢາກຕາຍ", "ບໍ່ຢາກຢູ່ຕໍ່", "ຂັງຂ້ອຍ", "ອອກບໍ່ໄດ້", "ຊ່ວຍຊີວິດ"),
    *("somlab khnhom", "chong somlab", "samlab khnhom", "chong slab", "ja kha khoy", "yak tai"),
)
_WEAPON = (
    *("knife", "axe", "gun", "machete", "petrol", "acid"),
    *("កាំបិត", "ពូថៅ", "កាំភ្លើង", "ដាវ", "សាំង", "ទឹកអាស៊ីត"),
    *("ມີດ", "ຂວານ", "ປືນ", "ພ້າ", "ນ້ຳມັນ", "ນ້ຳກົດ"),
    *("kambet", "kamphlerng", "mit phra", "peun"),
)
_NOW = (
    *("is coming", "coming now", "right now", "outside my", "at the door", "in front of my", "tonight", "he is here"),
    *("កំពុងមក", "មកដល់", "ឥឡូវ", "មុខផ្ទះ", "មាត់ទ្វារ", "យប់នេះ", "ទីនេះ"),
    *("ກຳລັງມາ", "ມາຮອດ", "ດຽວນີ້", "ໜ້າເຮືອນ", "ປະຕູ", "ຄືນນີ້", "ຢູ່ນີ້"),
    *("kampung mok", "eilov", "kamlang ma", "diew ni"),
)


def _keys(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(loose_key(word) for word in words)


_LIFE_KEYS, _WEAPON_KEYS, _NOW_KEYS = _keys(_LIFE), _keys(_WEAPON), _keys(_NOW)


def says_danger(text: str) -> bool:
    """Tell whether a text that was read as a report of harm says that somebody is in danger at this moment.

    Asked of sensitive texts only, where a false alarm costs a focal point one look.
    """
    key = loose_key(text)
    return _has(key, _LIFE_KEYS) or (_has(key, _WEAPON_KEYS) and _has(key, _NOW_KEYS))


def _has(key: str, phrases: tuple[str, ...]) -> bool:
    return any(phrase in key for phrase in phrases)
