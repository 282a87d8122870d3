"""What single cells say: yes or no, sex, language, days, sums and phone numbers, in three languages; and what may be shown."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import phonenumbers

from domain.reading import Language
from domain.texts.digits import to_ascii_digits
from handlers.importing.report import RowFault
from handlers.staffing.register import masked_phone, to_e164

LONGEST = {"code": 32, "parent": 32, "id": 64, "programme": 64, "spoken": 32, "ok": 32}
_LONGEST = 200
_SHOWN_WHOLE = {
    "code": 32, "level": 32, "parent": 32, "kind": 32, "area": 7, "language": 3, "sex": 3, "reads": 3, "consent": 3,
    "money_reminders": 3, "shared": 3, "ok": 3, "date": 10, "amount": 12,
}  # fmt: skip
"""Up to how many characters a column is shown as it is: a name or a phone number may stand in the wrong one."""
_SHOWN_PLACES = frozenset({"area", "village", "commune", "district", "province"})
_WHOLE_NUMBER = re.compile(r"[0-9]{1,10}|[0-9]{1,3}(,[0-9]{3}){1,3}")
_DAY = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4})")
_ROUNDED = re.compile(r"[0-9][.,]?[0-9]*e\+?[0-9]+", re.IGNORECASE)
_YES = frozenset(
    ("yes", "y", "true", "1", "x", "ok", "✓", "បាទ", "ចាស", "បាទ/ចាស", "មាន", "យល់ព្រម", "ចេះ", "បាន",
     "ແມ່ນ", "ມີ", "ໄດ້", "ຍິນຍອມ", "ຕົກລົງ")
)  # fmt: skip
_NO = frozenset(
    ("no", "n", "false", "0", "ទេ", "អត់", "គ្មាន", "មិនចេះ", "មិនយល់ព្រម", "មិនបាន",
     "ບໍ່", "ບໍ່ແມ່ນ", "ບໍ່ມີ", "ບໍ່ໄດ້", "ບໍ່ຍິນຍອມ")
)  # fmt: skip
_SEXES = {
    **dict.fromkeys(["f", "female", "woman", "w", "ស្រី", "ស", "នារី", "ຍິງ", "ຍ", "ແມ່ຍິງ"], "F"),
    **dict.fromkeys(["m", "male", "man", "ប្រុស", "ប", "បុរស", "ຊາຍ", "ຊ", "ຜູ້ຊາຍ"], "M"),
}
_LANGUAGES = {
    **{each.value: each for each in Language},
    **dict.fromkeys(["khmer", "ខ្មែរ", "ភាសាខ្មែរ", "ຂະເໝນ"], Language.KM),
    **dict.fromkeys(["lao", "ລາວ", "ພາສາລາວ", "ឡាវ"], Language.LO),
    **dict.fromkeys(["english", "អង់គ្លេស", "ភាសាអង់គ្លេស", "ອັງກິດ", "ພາສາອັງກິດ"], Language.EN),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list: its number as spreadsheets count, and what stands in columns of ours."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """Return what stands in a column of ours, empty where the list lacks it."""
        return self.cells.get(column, "")

    def fault(self, column: str, why: str) -> RowFault:
        """Return what is wrong or doubtful in a column, with what stands there masked."""
        return RowFault(self.number, column, shown(column, self[column]), why)


def shown(column: str, value: str) -> str:
    """Return a value as it may be shown: codes and names of places whole, of all others no more than tells them apart."""
    digits = sum(each.isdigit() for each in value)
    is_place = column in _SHOWN_PLACES and digits == 0 and len(value) <= 40
    whole = value.isascii() and len(value) <= _SHOWN_WHOLE.get(column, 0)
    return value if whole or is_place or not value else masked_phone(value)


def unfit(row: Row) -> list[RowFault]:
    """Return what cannot be kept of any column."""
    faults = []
    for column, cell in row.cells.items():
        longest = LONGEST.get(column, _LONGEST)
        if len(cell) > longest:
            faults.append(row.fault(column, f"is longer than {longest} characters"))
        if "\x00" in cell:
            faults.append(row.fault(column, "has a character that cannot be kept (NUL)"))
        if "\ufffd" in cell:
            faults.append(row.fault(column, "letters were lost here (\ufffd): the file was saved in another encoding"))
    return faults


def identifier(text: str) -> str:
    """Return an id as it is kept: digits of every script as 0 to 9, without the `.0` that spreadsheets leave."""
    plain = to_ascii_digits(text)
    return plain.removesuffix(".0") if plain.removesuffix(".0").isdigit() else plain


def phone(text: str, country: str) -> str | None:
    """Return a number in E.164, or None; also where `00` stands for the `+`, or a spreadsheet has lost it."""
    plain = re.sub(r"[\s\u00a0\u200b]+", "", to_ascii_digits(text)).removesuffix(".0")
    code = str(phonenumbers.country_code_for_region(country))
    for start in (f"00{code}", code):
        if plain.startswith(start) and len(plain) > len(start) + 6:
            return to_e164(f"+{code}{plain.removeprefix(start)}", country) or to_e164(plain, country)
    return to_e164(plain, country)


def why_no_phone(text: str) -> str:
    """Return what is wrong with a text that is no phone number."""
    if _ROUNDED.fullmatch(text):
        return "the spreadsheet has rounded this number; format the column as text and type it again"
    return "is no phone number"


def yes_or_no(text: str) -> bool | None:
    """Return what a cell says, or None where it says neither."""
    plain = to_ascii_digits(text).strip().casefold()
    return True if plain in _YES else False if plain in _NO else None


def sex(text: str) -> str | None:
    """Return F or M, or None."""
    return _SEXES.get(text.casefold().rstrip("."))


def language(text: str) -> Language | None:
    """Return which of the three languages is named, or None."""
    return _LANGUAGES.get(text.casefold())


def amount(text: str) -> int | None:
    """Return a sum in the smallest unit in use: a whole number above nought; None where it is none."""
    bare = to_ascii_digits(text).replace("\u00a0", "").replace(" ", "").removesuffix(".0")
    found = int(bare.replace(",", "")) if _WHOLE_NUMBER.fullmatch(bare) else 0
    return found if 0 < found < 2**31 else None


def day(text: str) -> date | None:
    """Return a day written as 2026-11-30 or 30/11/2026 (the day first, as in Cambodia and Laos), or None."""
    plain = to_ascii_digits(text).strip()
    written = _DAY.fullmatch(plain)
    try:
        if written:
            first, month, year = map(int, written.groups())
            return date(year, month, first)
        return date.fromisoformat(plain)
    except ValueError:
        return None
