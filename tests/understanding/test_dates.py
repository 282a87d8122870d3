"""Days and months in a text, in every spelling that people use; today is Friday 20 November 2026."""

from datetime import date

import pytest

from understanding.slots import slots_of

TODAY = date(2026, 11, 20)
KH, LA = "KH", "LA"


def days(text: str, country: str) -> list[str]:
    return [found.day.isoformat() for found in slots_of(text, today=TODAY, country=country, prefixes=("LP",)).dates]


def months(text: str, country: str) -> list[str]:
    return [f"{m.year}-{m.month:02}" for m in slots_of(text, today=TODAY, country=country, prefixes=("LP",)).months]


DAYS = [
    (KH, "ថ្ងៃទី១៥ មិនបានលុយ", "2026-11-15"),
    (KH, "ថ្ងៃទី ១៥ ខែ១២", "2026-12-15"),
    (KH, "ថ្ងៃទី១៥ខែធ្នូ", "2026-12-15"),
    (KH, "ទី១៥ខែក្រោយ", "2026-12-15"),
    (KH, "ថ្ងៃទី១៥ ខែមុន", "2026-10-15"),
    (KH, "ថ្ងៃទី១៥ ម៉ោង៨", "2026-11-15"),
    (KH, "ថ្ងៃទី៣១", "2026-10-31"),
    (KH, "ថ្ងៃទី១៥ ខែធ្នូ ឆ្នាំ២០២៥", "2025-12-15"),
    (KH, "១៥ ធ្នូ ២០២៦", "2026-12-15"),
    (KH, "ថ្ងៃទី១៥/១២/២៥៦៩", "2026-12-15"),
    (KH, "ថ្ងៃទី 15-12", "2026-12-15"),
    (KH, "ប្រជុំថ្ងៃ១៥", "2026-11-15"),
    (KH, "15/12", "2026-12-15"),
    (KH, "15-12-2026", "2026-12-15"),
    (KH, "15.12.26", "2026-12-15"),
    (KH, "15/12/69", "2026-12-15"),
    (KH, "2026-12-15", "2026-12-15"),
    (KH, "12/15/2026", "2026-12-15"),
    (KH, "born 12/02/2019", "2019-02-12"),
    (KH, "the 15th", "2026-11-15"),
    (KH, "come on the 15th we wait", "2026-11-15"),
    (KH, "15 dec", "2026-12-15"),
    (KH, "dec 15", "2026-12-15"),
    (KH, "December 15th, 2025", "2025-12-15"),
    (KH, "15th of december", "2026-12-15"),
    (KH, "5 may", "2026-05-05"),
    (KH, "15 next month", None),
    (KH, "the 15 next month", "2026-12-15"),
    (KH, "tngai ti 15", "2026-11-15"),
    (KH, "thngai ti 15 khae 12", "2026-12-15"),
    (KH, "tngay ty 5 khe tnu", "2026-12-05"),
    (KH, "ថ្ងៃនេះ", "2026-11-20"),
    (KH, "ស្អែក", "2026-11-21"),
    (KH, "ខានស្អែក", "2026-11-22"),
    (KH, "ម្សិលមិញ", "2026-11-19"),
    (KH, "ម្សិល\u200bមិញ", "2026-11-19"),
    (KH, "sa'ek mok", "2026-11-21"),
    (KH, "saek", "2026-11-21"),
    (KH, "sa ek", "2026-11-21"),
    (KH, "s'ek", "2026-11-21"),
    (KH, "msel menh", "2026-11-19"),
    (KH, "khan saek", "2026-11-22"),
    (KH, "tngai nis", "2026-11-20"),
    (KH, "today", "2026-11-20"),
    (KH, "Tomorrow", "2026-11-21"),
    (KH, "yesterday", "2026-11-19"),
    (KH, "day after tomorrow", "2026-11-22"),
    (KH, "day before yesterday", "2026-11-18"),
    (KH, "ថ្ងៃច័ន្ទ", "2026-11-23"),
    (KH, "ថ្ងៃចន្ទ", "2026-11-23"),
    (KH, "ថ្ងៃសុក្រមុន", "2026-11-13"),
    (KH, "ថ្ងៃពុធក្រោយ", "2026-11-25"),
    (KH, "tngai chan", "2026-11-23"),
    (KH, "monday", "2026-11-23"),
    (KH, "on Tuesday", "2026-11-17"),
    (KH, "next friday", "2026-11-27"),
    (KH, "last friday", "2026-11-13"),
    (LA, "ວັນທີ 15", "2026-11-15"),
    (LA, "ວັນທີ ໑໕", "2026-11-15"),
    (LA, "ວັນທີ 15 ເດືອນ 12", "2026-12-15"),
    (LA, "ມື້ທີ 15", "2026-11-15"),
    (LA, "ວັນທີ 15 ທັນວາ", "2026-12-15"),
    (LA, "ວັນທີ 15 ເດືອນໜ້າ", "2026-12-15"),
    (LA, "ວັນທີ15/12/2026", "2026-12-15"),
    (LA, "ວັນທີ 15 ເດືອນ 12 ປີ 2026", "2026-12-15"),
    (LA, "ມື້ນີ້", "2026-11-20"),
    (LA, "ມື້ອື່ນ", "2026-11-21"),
    (LA, "ມື້ວານ", "2026-11-19"),
    (LA, "ເມື່ອວານ", "2026-11-19"),
    (LA, "ມື້ຮື", "2026-11-22"),
    (LA, "ວັນຈັນ", "2026-11-23"),
    (LA, "ວັນສຸກໜ້າ", "2026-11-27"),
    (LA, "ວັນສຸກຫນ້າ", "2026-11-27"),
    (LA, "meu eun", "2026-11-21"),
    (LA, "mue uen", "2026-11-21"),
    (LA, "meu ni", "2026-11-20"),
    (LA, "meu van ni", "2026-11-19"),
    (LA, "van thi 15", "2026-11-15"),
    (LA, "vanthi 15 deuan 12", "2026-12-15"),
    (LA, "van chan", "2026-11-23"),
]

MONTHS = [
    (KH, "ខែ៨", "2026-08"),
    (KH, "តាំងពីខែ៥មក", "2026-05"),
    (KH, "ខែសីហា", "2026-08"),
    (KH, "ខែមុន", "2026-10"),
    (KH, "ខែនេះ", "2026-11"),
    (KH, "ខែក្រោយ", "2026-12"),
    (KH, "ខែ៨ ឆ្នាំ២០២៥", "2025-08"),
    (KH, "ខែមេសា", "2026-04"),
    (KH, "ខែមករា", "2027-01"),
    (KH, "khae 8", "2026-08"),
    (KH, "khe mesa", "2026-04"),
    (KH, "khae kroy", "2026-12"),
    (KH, "august", "2026-08"),
    (KH, "since Aug", "2026-08"),
    (KH, "last month", "2026-10"),
    (KH, "next month", "2026-12"),
    (KH, "since may", "2026-05"),
    (KH, "April 2024", "2024-04"),
    (KH, "8/2026", "2026-08"),
    (LA, "ເດືອນ 8", "2026-08"),
    (LA, "ເດືອນສິງຫາ", "2026-08"),
    (LA, "ເດືອນແລ້ວ", "2026-10"),
    (LA, "ເດືອນກ່ອນ", "2026-10"),
    (LA, "ເດືອນທີ່ຜ່ານມາ", "2026-10"),
    (LA, "ເດືອນໜ້າ", "2026-12"),
    (LA, "deuan 8", "2026-08"),
    (LA, "deuan leo", "2026-10"),
    (LA, "deuan na", "2026-12"),
    (LA, "deuan singha", "2026-08"),
    (LA, "in august", "2026-08"),
]

NEITHER = [
    (KH, "៣ខែហើយ"),
    (KH, "ពីរខែហើយ"),
    (KH, "3 months"),
    (KH, "3 khe hz"),
    (KH, "៣ឆ្នាំ"),
    (KH, "១ឆ្នាំ២ខែហើយ"),
    (KH, "៣ថ្ងៃ"),
    (KH, "៣ថ្ងៃនេះ"),
    (KH, "ប្រាក់ខែ ៥ម៉ឺន"),
    (KH, "រាល់ខែ"),
    (KH, "រាល់ថ្ងៃទី១៥"),
    (KH, "every monday"),
    (KH, "៨ ដល់ 10"),
    (KH, "ព្រឹក ៨ ដល់ ១០"),
    (KH, "6pm"),
    (KH, "PIN 4821"),
    (KH, "២០១២"),
    (KH, "LP-7K3M-9Q"),
    (KH, "កូនទី៤"),
    (KH, "1/2"),
    (KH, "24/7"),
    (KH, "12/15"),
    (KH, "31/2/2026"),
    (KH, "it may come, 3 may come"),
    (KH, "my 4th child"),
    (KH, "the 3rd group"),
    (KH, "tngai mun nov phum"),
    (KH, "មិញនេះ"),
    (KH, "012 345 678"),
    (KH, "ថ្ងៃ១៥កើត"),
    (LA, "2 ເດືອນແລ້ວ"),
    (LA, "ສອງເດືອນແລ້ວ"),
    (LA, "ຫຼາຍເດືອນແລ້ວ"),
    (LA, "2 deuan leo"),
    (LA, "3 ປີ"),
    (LA, "ທຸກວັນຈັນ"),
    (LA, "ທຸກວັນທີ 15"),
    (LA, "ມື້ກ່ອນ"),
    (LA, "ເດືອນລະ 3 ມື້"),
    (LA, "ສຸກສາລາ"),
    (LA, "ຂຶ້ນ 15 ຄ່ຳ"),
    (LA, "3 ມື້ນີ້"),
    (LA, "8 ໂມງ ຫາ 10"),
]


@pytest.mark.parametrize(("country", "text", "day"), DAYS)
def test_a_day_is_found(country, text, day):
    assert days(text, country) == ([day] if day else [])


@pytest.mark.parametrize(("country", "text", "month"), MONTHS)
def test_a_month_is_found_and_is_no_day(country, text, month):
    assert (months(text, country), days(text, country)) == ([month], [])


@pytest.mark.parametrize(("country", "text"), NEITHER)
def test_durations_ages_hours_and_what_comes_again_are_neither(country, text):
    assert (days(text, country), months(text, country)) == ([], [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [("ថ្ងៃទី១៥ ដល់ ២០", ["2026-11-15", "2026-11-20"]), ("ຈາກ ວັນທີ 15-20", ["2026-11-15", "2026-11-20"])],
)
def test_a_span_of_days_gives_both_ends(text, expected):
    assert days(text, KH) == expected


def test_months_in_a_row_are_all_found():
    assert months("ខែកក្កដា សីហា បាត់", KH) == ["2026-07", "2026-08"]
    assert months("ເດືອນ6 ເດືອນ7 ເດືອນ8 ບໍ່ມາ", LA) == ["2026-06", "2026-07", "2026-08"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("down since monday", "2026-11-16"),
        ("តាំងពីថ្ងៃទី៤", "2026-11-04"),
        ("ຕັ້ງແຕ່ວັນຈັນ", "2026-11-16"),
        ("since the 4th", "2026-11-04"),
    ],
)
def test_after_since_a_day_is_past(text, day):
    assert days(text, KH) == [day]


def test_what_was_typed_is_kept_as_typed():
    found = slots_of("ជួបគ្នាថ្ងៃទី ១៥ ខែធ្នូ នៅវត្ត", today=TODAY, country="KH", prefixes=("LP",)).dates[0]
    assert found.typed == "ថ្ងៃទី ១៥ ខែធ្នូ"


@pytest.mark.parametrize("today", [date(1, 1, 1), date(9999, 12, 31)])
@pytest.mark.parametrize(
    "text", ["ថ្ងៃទី៣១ ខែក្រោយ", "ម្សិលមិញ", "ស្អែក", "last friday", "next friday", "ខែមុន", "15 dec", "ថ្ងៃទី៣១"]
)
def test_the_ends_of_the_calendar_are_no_fault(today, text):
    slots_of(text, today=today, country="KH", prefixes=("LP",))
