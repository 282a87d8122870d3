"""Sums of money in a text, in every spelling that people use."""

from datetime import date

import pytest

from understanding.slots import slots_of

KH, LA = "KH", "LA"


def sums(text: str, country: str) -> list[str]:
    found = slots_of(text, today=date(2026, 11, 20), country=country, prefixes=("LP",))
    return [f"{m.amount:f} {m.currency}" for m in found.sums]


FOUND = [
    (KH, "50,000៛", "50000 KHR"),
    (KH, "៥ម៉ឺន", "50000 KHR"),
    (KH, "៥មុឺន", "50000 KHR"),
    (KH, "២ម៉ឺន៥ពាន់", "25000 KHR"),
    (KH, "១០ម៉ឺន", "100000 KHR"),
    (KH, "១លានរៀល", "1000000 KHR"),
    (KH, "៣លានកន្លះ", "3500000 KHR"),
    (KH, "មេភូមិយកពីរម៉ឺនប្រាំពាន់", "25000 KHR"),
    (KH, "ប្រាំបីម៉ឺន", "80000 KHR"),
    (KH, "កន្លះលាន", "500000 KHR"),
    (KH, "មួយលានកន្លះ", "1500000 KHR"),
    (KH, "សាមសិបដុល្លារ", "30 USD"),
    (KH, "two hundred and fifty thousand riel", "250000 KHR"),
    (LA, "ຂາດສອງແສນ", "200000 LAK"),
    (LA, "ຫ້າສິບພັນກີບ", "50000 LAK"),
    (LA, "ຊາວຫ້າພັນ", "25000 LAK"),
    (LA, "ສອງລ້ານຫ້າແສນ", "2500000 LAK"),
    (LA, "half a million", "500000 LAK"),
    (KH, "40$", "40 USD"),
    (KH, "$40", "40 USD"),
    (KH, "US$ 40", "40 USD"),
    (KH, "៤០ដុល្លារ", "40 USD"),
    (KH, "15 usd", "15 USD"),
    (KH, "150 dollars", "150 USD"),
    (KH, "1,500.50$", "1500.5 USD"),
    (KH, "USD 1.5 million", "1500000 USD"),
    (KH, "៧ម៉ឺនដុល្លារ", "70000 USD"),
    (KH, "20000r", "20000 KHR"),
    (KH, "៥០០០រ", "5000 KHR"),
    (KH, "200ពាន់", "200000 KHR"),
    (KH, "5 mern", "50000 KHR"),
    (KH, "5muen", "50000 KHR"),
    (KH, "10 pon", "10000 KHR"),
    (KH, "15pon", "15000 KHR"),
    (KH, "1 lean riel", "1000000 KHR"),
    (KH, "50000 riel", "50000 KHR"),
    (KH, "5k riel", "5000 KHR"),
    (KH, "50000", "50000 KHR"),
    (KH, "50.000", "50000 KHR"),
    (KH, "100 000", "100000 KHR"),
    (KH, "30 thousand less", "30000 KHR"),
    (KH, "40 dola", "40 USD"),
    (KH, "៥០០បាត", "500 THB"),
    (KH, "៥ម៉ឺន បាត់", "50000 KHR"),
    (KH, "1mern bat teat", "10000 KHR"),
    (KH, "១២៨ ០០០រៀល", "128000 KHR"),
    (KH, "luk phone iphone 11 180$", "180 USD"),
    (LA, "150 ພັນ", "150000 LAK"),
    (LA, "150.000 ກີບ", "150000 LAK"),
    (LA, "໑໕໐.໐໐໐ ກີບ", "150000 LAK"),
    (LA, "2 ແສນ", "200000 LAK"),
    (LA, "3 ໝື່ນ", "30000 LAK"),
    (LA, "3 ຫມື່ນ", "30000 LAK"),
    (LA, "1 ລ້ານ 5 ແສນ", "1500000 LAK"),
    (LA, "2 ລ້ານເຄິ່ງ", "2500000 LAK"),
    (LA, "2.5 ລ້ານ", "2500000 LAK"),
    (LA, "2,5 million", "2500000 LAK"),
    (LA, "5 ຮ້ອຍພັນ", "500000 LAK"),
    (LA, "250k", "250000 LAK"),
    (LA, "300 phan", "300000 LAK"),
    (LA, "2 lan kip", "2000000 LAK"),
    (LA, "5 saen", "500000 LAK"),
    (LA, "kip 50000", "50000 LAK"),
    (LA, "₭150.000", "150000 LAK"),
    (LA, "100.000 kip/day", "100000 LAK"),
    (LA, "8 million and", "8000000 LAK"),
    (LA, "500 ບາດ", "500 THB"),
    (LA, "300 baht", "300 THB"),
    (LA, "20 ໂດລາ", "20 USD"),
    (LA, "1.500.000", "1500000 LAK"),
    (LA, "40 ພັນ ບາດ", "40000 THB"),
]

NOT_FOUND = [
    (KH, "5000"),
    (KH, "២០១២"),
    (KH, "PIN 4821"),
    (KH, "៨ ដល់ 10"),
    (KH, "6pm"),
    (KH, "10%"),
    (KH, "២ពាន់នាក់"),
    (KH, "12,000 people"),
    (KH, "5 million people"),
    (KH, "៣ខែហើយ"),
    (KH, "៣ឆ្នាំ"),
    (KH, "012 345 000"),
    (KH, "15/12/2026"),
    (KH, "LP-7K3M-9Q"),
    (KH, "៥០០ បាត់"),
    (KH, "5 min"),
    (KH, "5 men"),
    (KH, "5 km"),
    (KH, "10 kg"),
    (KH, "1" * 40 + "000"),
    (LA, "2 ພັນຄົນ"),
    (LA, "3 ບາດ"),
    (LA, "70 lak"),
    (LA, "5 fish"),
    (LA, "020 5555 1000"),
    (LA, "8 ໂມງ ຫາ 10"),
    (LA, "ຂາຍໝູພັນ"),
    (KH, "មិនទាន់បានមួយរៀល"),
    (KH, "ពីរបីពាន់"),
    (KH, "ឆ្នាំពីរពាន់ម្ភៃប្រាំមួយ"),
    (KH, "មួយរយនាក់"),
    (KH, "khvah muoy muen bey poan"),
    (LA, "ສອງພັນຄົນ"),
    (LA, "pak lak si daeng phan khueng"),
]


@pytest.mark.parametrize(("country", "text", "expected"), FOUND)
def test_a_sum_is_found(country, text, expected):
    assert sums(text, country) == [expected]


@pytest.mark.parametrize(("country", "text"), NOT_FOUND)
def test_other_numbers_are_no_sums(country, text):
    assert sums(text, country) == []


def test_two_sums_stay_apart():
    assert sums("មុនបាន១៩ម៉ឺន ឥឡូវ១១ម៉ឺន", KH) == ["190000 KHR", "110000 KHR"]
    assert sums("ເຂົາບອກ 450 ພັນ ຂ້ອຍໄດ້ 300 ພັນ", LA) == ["450000 LAK", "300000 LAK"]
    assert sums("100 ກີບ 200 ກີບ", LA) == ["100 LAK", "200 LAK"]
    assert sums("$40 $50", KH) == ["40 USD", "50 USD"]
