"""Names of months and weekdays and words for days, in three languages, as patterns over a key."""

import regex

from understanding.slots.laid import loose
from understanding.slots.units import either

_NATIVE_MONTHS = (
    "មករា ມັງກອນ", "កុម្ភៈ កុម្ភះ កុម្ភ កុំភៈ កុំភះ កុំភ ກຸມພາ", "មីនា មិនា ມີນາ", "មេសា ເມສາ", "ឧសភា ឩសភា ພຶດສະພາ ພຶດສພາ",
    "មិថុនា មិថនា ມິຖຸນາ", "កក្កដា កក្កដ ກໍລະກົດ ກໍລກົດ", "សីហា សិហា ສິງຫາ", "កញ្ញា ກັນຍາ", "តុលា ຕຸລາ",
    "វិច្ឆិកា វិច្ឆកា វិចិ្ឆកា ພະຈິກ", "ធ្នូ ធ្នូរ ທັນວາ",
)  # fmt: skip
_ENGLISH_MONTHS = (
    "january jan", "february feb febuary", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
    "september sept sep", "october oct", "november nov", "december dec",
)  # fmt: skip
_ALSO_OTHER_WORDS = "may mar march nov jul មករា មីនា មិនា មេសា សីហា សិហា កញ្ញា តុលា ធ្នូ ມັງກອນ ມີນາ ເມສາ ກັນຍາ ຕຸລາ"
"""Names of people, and words (`nov` is Khmer នៅ, `jul` ជួស): months only beside a word for month or a day."""
_NATIVE_WEEKDAYS = (
    "ចន្ទ ច័ន្ទ ចន្ទ័ ច័ន ຈັນ", "អង្គារ អង្គា ອັງຄານ", "ពុធ ពុទ្ធ ពុត ພຸດ", "ព្រហស្បតិ៍ ព្រហស្បត្តិ៍ ព្រហស្បត ព្រហ ພະຫັດ", "សុក្រ ສຸກ",
    "សៅរ៍ សៅរិ៍ សៅ ເສົາ", "អាទិត្យ អាទិត ອາທິດ",
)  # fmt: skip
_ENGLISH_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _numbered(*lists: tuple[str, ...], first: int) -> dict[str, int]:
    return {
        loose(word): number for names in lists for number, words in enumerate(names, first) for word in words.split()
    }


MONTH_NUMBERS = _numbered(_NATIVE_MONTHS, _ENGLISH_MONTHS, first=1)
WEEKDAY_NUMBERS = _numbered(_NATIVE_WEEKDAYS, _ENGLISH_WEEKDAYS, first=0)
OTHER_WORDS = frozenset(loose(word) for word in _ALSO_OTHER_WORDS.split())

MONTH_NAME = either(" ".join((*_NATIVE_MONTHS, *_ENGLISH_MONTHS)))
ENGLISH_MONTH = either(" ".join(_ENGLISH_MONTHS))
NATIVE_WEEKDAY = either(" ".join(_NATIVE_WEEKDAYS))
ENGLISH_WEEKDAY = either(" ".join(_ENGLISH_WEEKDAYS))

MONTH_WORD = either("ខែ ເດືອນ")
DAY_TH = rf"(?:(?:{either('ថ្ងៃ ວັນ ມື້')})\s?(?:{either('ទី ທີ')})|{loose('ວ')}\.?\s?{loose('ທ')}\.?)"
"""`ថ្ងៃទី`, `ວັນທີ`: what follows is the number of a day."""
DAY_WORD = either("ថ្ងៃ ວັນ ມື້")
ORDINAL = either("ទី ທີ")

LAST = either("មុន កន្លងទៅ ແລ້ວ ກ່ອນ ຜ່ານມາ ທີ່ຜ່ານມາ")
NEXT = either("ក្រោយ មុខ ខាងមុខ ໜ້າ ຕໍ່ໄປ")
THIS = either("នេះ ហ្នឹង ນີ້")

_TOMORROW = f"{either('ស្អែក')}|(?<![a-z])sa ek(?![a-z])"
_VAN = f"{loose('ວານ')}|{loose('ວັນ')}(?!\\s?(?:{NATIVE_WEEKDAY}))"
RELATIVE_DAYS = (
    (
        f"{loose('ខាន')}\\s?(?:{_TOMORROW})|{loose('ມື້')}\\s?{loose('ຮື')}|(?<![a-z])(?:the )?day after tom+or+ow(?![a-z])",
        2,
    ),
    (
        (
            f"{either('ម្សិលម្ង៉ៃ ម្សិលម៉្ងៃ')}|{loose('ມື້')}\\s?{loose('ຊືນ')}(?:\\s?{loose('ນີ້')})?"
            "|(?<![a-z])(?:the )?day before yesterday(?![a-z])"
        ),
        -2,
    ),
    (
        (
            f"{loose('ម្សិល')}(?:\\s?{loose('មិញ')})?|{loose('យប់មិញ')}|(?:{either('ມື້ ເມື່ອ')})\\s?(?:{_VAN})(?:\\s?{loose('ນີ້')})?"
            "|(?<![a-z])(?:yesterda?y|last night)(?![a-z])"
        ),
        -1,
    ),
    (
        (
            f"(?:{loose('ថ្ងៃ')}\\s?)?(?:{_TOMORROW})(?:\\s?{loose('នេះ')})?|{loose('ມື້')}\\s?{loose('ອື່ນ')}"
            "|(?<![a-z])(?:tom+or+ow|tmrw?)(?![a-z])"
        ),
        1,
    ),
    (
        (
            f"{loose('ថ្ងៃ')}\\s?(?:{either('នេះ ហ្នឹង')})|(?<!\\d )(?:{either('ມື້ ວັນ')})\\s?{loose('ນີ້')}"
            "|(?<![a-z])(?:today|tonight)(?![a-z])"
        ),
        0,
    ),
)
"""Patterns for days by their distance from today, the longer ones first. Bare `មិញ` means a moment ago, no day."""

_REPEATS = "រាល់ គ្រប់ ທຸກ ທຸກໆ ແຕ່ລະ every each per"
_COUNTS = (
    "មួយ ពីរ បី បួន ប្រាំ ដប់ ប៉ុន្មាន ច្រើន កន្លះ រយៈពេល ប្រាក់ ໜຶ່ງ ນຶ່ງ ສອງ ສາມ ສີ່ ຫ້າ ຫົກ ເຈັດ ແປດ ເກົ້າ ສິບ ຈັກ ຫຼາຍ "
    "ຫຼາຍໆ ໝົດ ຕະຫຼອດ ເຄິ່ງ ກີ່ ລາງ one two three four five six seven eight nine ten many several few half brak prak song "
    "sam si ha hok chet paet kao sip chak lai pram bei buon dop"
)
REPEATED = regex.compile(rf"(?:{either(_REPEATS)})\s?$")
"""Before a day it makes it one of many (រាល់ថ្ងៃទី១៥, every monday)."""
SINCE = regex.compile(rf"(?:{either('since តាំងពី ຕັ້ງແຕ່ tangpi tangtae')})\s?$")
"""Before a day it says that the day is past."""
DIGIT_BEFORE = regex.compile(r"\d$")
"""Before `ថ្ងៃនេះ` it counts days (៣ថ្ងៃនេះ, these three days)."""
COUNTED_BEFORE = regex.compile(rf"(?:\d\s?|(?:{either(_REPEATS + ' ' + _COUNTS)})\s?)$")
"""Before a word for day or month it counts days or months (៣ខែ, ពីរខែ); `ប្រាក់ខែ` is a salary."""
