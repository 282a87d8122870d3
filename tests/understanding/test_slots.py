"""Slots of a whole text: each stretch once, nothing for references, no fault whatever the text."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.texts.slots import Slots
from understanding.slots import slots_of

TODAY = date(2026, 11, 20)
PIECES = st.sampled_from(
    [
        "ថ្ងៃទី",
        "១៥",
        "ខែ",
        "ធ្នូ",
        "៥ម៉ឺន",
        "ວັນທີ",
        "15",
        "ເດືອນ",
        "ແລ້ວ",
        "ລ້ານ",
        "012 345 678",
        "+856",
        "2569",
        "/",
        "-",
        ".",
        ",",
        " ",
        "$",
        "k",
        "dec",
        "may",
        "the",
        "th",
        "next",
        "friday",
        "ສຸກ",
        "sa'ek",
        "LP-7K3M-9Q",
        "\u200b",
        "\x00",
        "000",
        "៛",
        "ເ",
        "្",
        "İ",
        "ß",
    ]
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=14).map("".join))


def test_all_kinds_are_found_in_one_text():
    text = "LP-7K3M-9Q ថ្ងៃទី១៥ ខែធ្នូ ខ្វះ ៥ម៉ឺន ខែ៨ ទូរស័ព្ទ ០១២ ៣៤៥ ៦៧៨"
    found = slots_of(text, today=TODAY, country="KH", prefixes=("LP",))
    assert [each.typed for each in found.dates] == ["ថ្ងៃទី១៥ ខែធ្នូ"]
    assert [each.typed for each in found.months] == ["ខែ៨"]
    assert [each.typed for each in found.sums] == ["៥ម៉ឺន"]
    assert [each.typed for each in found.phones] == ["០១២ ៣៤៥ ៦៧៨"]


def test_plain_slots_are_json_without_phones():
    found = slots_of("tomorrow 40$ since august call 012345678", today=TODAY, country="KH", prefixes=("LP",))
    assert json.loads(json.dumps(found.as_plain())) == {
        "dates": [{"day": "2026-11-21", "typed": "tomorrow"}],
        "months": [{"month": "2026-08", "typed": "august"}],
        "sums": [{"amount": "40", "currency": "USD", "typed": "40$"}],
    }


def test_the_same_value_is_kept_once():
    assert len(slots_of("ស្អែកៗ ស្អែក", today=TODAY, country="KH", prefixes=("LP",)).dates) == 1


@pytest.mark.parametrize("text", ["", " ", "សួស្តី", "LP-7K3M-9Q", "RR 4K8C 5T", "PIN 4821", "1", "ສະບາຍດີ"])
def test_nothing_is_found_in_texts_without_slots(text):
    assert slots_of(text, today=TODAY, country="LA", prefixes=("LP", "RR")).is_empty
    assert Slots().is_empty


def test_references_are_those_of_the_project():
    assert slots_of("KM 4K8C 5T", today=TODAY, country="LA", prefixes=("KM",)).is_empty
    assert [each.typed for each in slots_of("KM 4K8C 5T", today=TODAY, country="LA", prefixes=("LP",)).sums] == ["4K"]


def test_a_long_text_is_read_at_its_beginning_only():
    assert slots_of("x" * 5000 + " 40$", today=TODAY, country="KH", prefixes=("LP",)).is_empty


@given(text=TEXTS, country=st.sampled_from(["KH", "LA"]), today=st.dates())
def test_no_text_makes_it_fail_and_what_was_typed_stands_in_the_text(text, country, today):
    found = slots_of(text, today=today, country=country, prefixes=("LP",))
    for each in (*found.dates, *found.months, *found.sums, *found.phones):
        assert each.typed
        assert each.typed in text
    json.dumps(found.as_plain())
