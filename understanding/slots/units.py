"""Words beside a number that say what it counts: money, or people, trees and kilometres; as patterns over a key."""

from understanding.slots.laid import loose


def either(words: str) -> str:
    """Return a pattern of any of the words, longest first; Latin ones only as whole words."""
    listed = sorted({loose(word) for word in words.split()}, key=lambda word: (-len(word), word))
    return "|".join(rf"(?<![a-z]){word}(?![a-z])" if word.isascii() else word for word in listed)


MULTIPLIERS = {
    "រយ": 100, "ពាន់": 1000, "ពាន": 1000, "ម៉ឺន": 10_000, "មុឺន": 10_000, "មើន": 10_000, "សែន": 100_000, "លាន": 1_000_000,
    "ຮ້ອຍ": 100, "ພັນ": 1000, "ໝື່ນ": 10_000, "ໝຶ່ນ": 10_000, "ແສນ": 100_000, "ລ້ານ": 1_000_000, "ຕື້": 1_000_000_000,
    "hundred": 100, "thousand": 1000, "k": 1000, "million": 1_000_000,
}  # fmt: skip
"""Unit words that make a number a multiple; after a number and without anything counted they mean money."""

CURRENCY_WORDS = {
    "KHR": "៛ រៀល រិល",
    "LAK": "₭ ກີບ lak",
    "USD": "usd ដុល្លារ ដុល្លា ដុល្លាអាមេរិក ដុល ໂດລາ ໂດລ້າ ໂດລ່າ",
    "THB": "฿ baht បាត ບາດ",
}

MULTIPLIER = either(" ".join(MULTIPLIERS))
COUNTED = either(
    "នាក់ គ្រួសារ គីឡូ គីឡូម៉ែត្រ គក្រ គ្រាប់ ដើម ម៉ែត្រ ហិកតា តោន លីត្រ ដង លើក ក្បាល ឆ្នាំ នាទី ភាគរយ ខ្នង កេស បាវ ម៉ាស៊ីន "
    "ឥដ្ឋ គ្រឿង សន្លឹក ពិន្ទុ មនុស្ស ຄົນ ຄອບຄົວ ຫລັງຄາ ກິໂລ ກິໂລແມັດ ແມັດ ຕົ້ນ ເຮັກຕາ ໂຕນ ລິດ ເທື່ອ ຄັ້ງ ປີ ນາທີ ເປີເຊັນ ກ້ອນ ຖົງ "
    "ໜ່ວຍ ເມັດ ຄະແນນ "
    "people persons person families family households household mothers mother women men kids children workers members "
    "trees bricks blocks posts bags kg kgs kilo kilos km meter meters metre metres hectare hectares ha tons ton cm mm "
    "litre litres liter liters times years year yrs hours hour hrs minutes points percent eggs animals chickens pigs "
    "cows goats villages groups kilu derm"
)
"""What numbers count that are neither sums nor days."""

NOT_COUNTED = rf"(?!\s?(?:%|{COUNTED}))"
_MONEY_WORDS = "|".join(either(words) for words in CURRENCY_WORDS.values())
NOT_MONEY = rf"(?!\s?(?:%|{MULTIPLIER}|{COUNTED}|{_MONEY_WORDS}))"
