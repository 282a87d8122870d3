"""Phone numbers in a text, as typed in Cambodia and Laos."""

from datetime import date

import pytest

from understanding.slots import slots_of

KH, LA = "KH", "LA"


def phones(text: str, country: str) -> list[str]:
    return [p.e164 for p in slots_of(text, today=date(2026, 11, 20), country=country, prefixes=("LP",)).phones]


CAMBODIAN, LAO = "+85512345678", "+8562055551234"
FOUND = [
    (KH, "012345678", CAMBODIAN),
    (KH, "012 345 678", CAMBODIAN),
    (KH, "012-345-678", CAMBODIAN),
    (KH, "012.345.678", CAMBODIAN),
    (KH, "012 34 56 78", CAMBODIAN),
    (KH, "០១២ ៣៤៥ ៦៧៨", CAMBODIAN),
    (KH, "លេខ០១២៣៤៥៦៧៨ទេ", CAMBODIAN),
    (KH, "+85512345678", CAMBODIAN),
    (KH, "+855 12 345 678", CAMBODIAN),
    (KH, "+855 012 345 678", CAMBODIAN),
    (KH, "(+855) 12 345 678", CAMBODIAN),
    (KH, "0085512345678", CAMBODIAN),
    (KH, "00855 12 345 678", CAMBODIAN),
    (KH, "85512345678", CAMBODIAN),
    (KH, "855 12 345 678", CAMBODIAN),
    (KH, "096 123 4567", "+855961234567"),
    (KH, "call me 0961234567 pls", "+855961234567"),
    (KH, "012 345 678 50000", CAMBODIAN),
    (KH, "15 012345678", CAMBODIAN),
    (KH, "tel:012345678.", CAMBODIAN),
    (KH, "+66 81 234 5678", "+66812345678"),
    (KH, "02055551234", LAO),
    (KH, "+8562055551234", LAO),
    (KH, "LP-7K3M-9Q 012345678", CAMBODIAN),
    (KH, "012\u200b345\u200b678", CAMBODIAN),
    (LA, "02055551234", LAO),
    (LA, "020 5555 1234", LAO),
    (LA, "020 55 551 234", LAO),
    (LA, "020-5555-1234", LAO),
    (LA, "໐໒໐ ໕໕໕໕ ໑໒໓໔", LAO),
    (LA, "ເບີ02055551234ແດ່", LAO),
    (LA, "+856 20 5555 1234", LAO),
    (LA, "+856 020 5555 1234", LAO),
    (LA, "008562055551234", LAO),
    (LA, "8562055551234", LAO),
    (LA, "2055551234", LAO),
    (LA, "20 5555 1234", LAO),
    (LA, "030 2345678", "+856302345678"),
    (LA, "030 234 5678", "+856302345678"),
    (LA, "021 212 345", "+85621212345"),
    (LA, "012 345 678", CAMBODIAN),
]

NOT_FOUND = [
    (KH, "PIN 4821"),
    (KH, "050000000"),
    (KH, "1234567890"),
    (KH, "12345678"),
    (KH, "50 000 000"),
    (KH, "15-12-2026"),
    (KH, "05.12.2026 8"),
    (KH, "2026-12-15 10 20"),
    (KH, "66812345678"),
    (KH, "0123"),
    (KH, "LP-0123-45"),
    (KH, "001234567890123456789"),
    (LA, "020 5555 xxxx"),
    (LA, "20.000.000"),
    (LA, "20 000 000 ກີບ"),
    (LA, "150.000.000 ກີບ"),
    (LA, "020 123"),
    (LA, "8 9 10 11 12"),
]


@pytest.mark.parametrize(("country", "text", "e164"), FOUND)
def test_a_phone_number_is_found(country, text, e164):
    assert phones(text, country) == [e164]


@pytest.mark.parametrize(("country", "text"), NOT_FOUND)
def test_other_numbers_are_no_phones(country, text):
    assert phones(text, country) == []


def test_two_numbers_are_both_found():
    assert phones("012 345 678 / 096 123 4567", KH) == [CAMBODIAN, "+855961234567"]
    assert phones("012 345 678 096 123 4567", KH) == [CAMBODIAN, "+855961234567"]


def test_the_digits_of_a_phone_are_no_sum():
    found = slots_of("012 345 000 ខ្វះ ៥ម៉ឺន", today=date(2026, 11, 20), country="KH", prefixes=("LP",))
    assert [p.typed for p in found.phones] == ["012 345 000"]
    assert [m.typed for m in found.sums] == ["៥ម៉ឺន"]
