"""Whether a whole text says that somebody wants her matter taken up no more."""

from understanding.spelling.normal import loose_key

_EXAMINED = 60
_SAID = (
    *("i dont want it any more", "i dont want it anymore", "i do not want it any more", "i do not want it anymore"),
    *("withdraw", "i withdraw", "withdraw it", "withdraw my case", "i withdraw it", "i take it back", "take it back"),
    *("cancel my case", "cancel my complaint", "drop it", "i drop it", "forget it", "never mind"),
    *("no need any more", "no need anymore", "not needed any more", "please close my case", "close my case"),
    *("ខ្ញុំលែងយកទៀតហើយ", "ខ្ញុំមិនយកទៀតទេ", "មិនយកទៀតទេ", "លែងយករឿងនេះ", "លែងចង់បានហើយ", "ខ្ញុំសុំដករឿងវិញ"),
    *("សុំដករឿង", "សុំដករឿងវិញ", "ដករឿងវិញ", "ខ្ញុំដករឿង", "ដកពាក្យវិញ", "សុំដកពាក្យវិញ", "សុំលុបរឿង", "លុបរឿងចោល"),
    *("មិនបាច់ដោះស្រាយទេ", "មិនបាច់ដោះស្រាយទៀតទេ", "ឈប់ដោះស្រាយ", "លែងត្រូវការហើយ", "មិនត្រូវការទៀតទេ"),
    *("ຂ້ອຍບໍ່ເອົາແລ້ວ", "ບໍ່ເອົາແລ້ວ", "ບໍ່ເອົາເລື່ອງນີ້ແລ້ວ", "ຖອນເລື່ອງ", "ຂໍຖອນເລື່ອງ", "ຂ້ອຍຂໍຖອນເລື່ອງ", "ຂໍຖອນຄືນ"),
    *("ຍົກເລີກເລື່ອງ", "ຂໍຍົກເລີກເລື່ອງ", "ບໍ່ຕ້ອງແກ້ໄຂແລ້ວ", "ບໍ່ຕ້ອງແກ້ແລ້ວ", "ບໍ່ຕ້ອງການແລ້ວ", "ບໍ່ຕ້ອງກວດແລ້ວ"),
)
_POLITE = tuple(
    loose_key(word).replace(" ", "") for word in ("please", "សូម", "ផង", "បាទ", "ចាស", "ទេ", "ເດີ", "ແດ່", "ກະລຸນາ")
)
_DROPPED = str.maketrans("", "", " .,!?។,'’")


def says_withdraw(text: str) -> bool:
    """Tell whether a whole text takes a matter back (`ខ្ញុំលែងយកទៀតហើយ`, `ຂໍຖອນເລື່ອງ`, `I don't want it any more`)."""
    return len(text) <= _EXAMINED and _plain(text) in _KEYS


def _plain(text: str) -> str:
    key = loose_key(text).translate(_DROPPED)
    for word in _POLITE:
        key = key.removeprefix(word) if key != word else key
        key = key.removesuffix(word) if key != word else key
    return key


_KEYS = frozenset(_plain(text) for text in _SAID)
