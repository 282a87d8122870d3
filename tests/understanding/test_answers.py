"""Short answers, hours to be called at, and secret numbers."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understanding.hours import bare_hour, call_hours
from understanding.pins import mask_pins
from understanding.wishes.answers import is_thanks, is_wrong, says_no_help, wants_no_name, yes_or_no


@pytest.mark.parametrize(
    "text",
    [
        "បាទ",
        "ចាស",
        "មែន",
        "រួច",
        "រួចហើយបង",
        "ແມ່ນ",
        "ໂດຍ",
        "ແລ້ວ",
        "ok",
        "OK 👍",
        "Yes.",
        "jas",
        "maen leo",
        "បានហើយ",
        "ໄດ້ແລ້ວ",
        "ចាស អរគុណ",
    ],
)
def test_yes(text):
    assert yes_or_no(text) is True


@pytest.mark.parametrize(
    "text",
    ["ទេ", "មិន", "មិនទាន់", "អត់ទេ", "ບໍ່", "ຍັງ", "ຍັງບໍ່ທັນ", "no", "not yet", "ot te", "bor", "No!!", "មិនទាន់បាន", "ຍັງບໍ່ໄດ້"],
)
def test_no(text):
    assert yes_or_no(text) is False


@pytest.mark.parametrize(
    "text",
    ["", "1", "no money came", "ບໍ່ເຄີຍໄດ້ຮັບເງິນ", "មិនទាន់បានលុយ", "👍👎", "ស្រែខ្វាវ", "ຂອບໃຈເຈົ້າ", "thank you", "yes no " * 50],
)
def test_neither_yes_nor_no(text):
    assert yes_or_no(text) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("it did not help", True),
        ("Didn't help!", True),
        ("still cannot", True),
        ("នៅតែមិនបានទេបង", True),
        ("អត់បានជួយទេ", True),
        ("ບໍ່ຊ່ວຍຫຍັງ", True),
        ("ເຮັດແລ້ວບໍ່ໄດ້", True),
        ("juoy ot ban te", True),
        ("bor xuay", True),
        ("no", False),
        ("it helped", False),
        ("nobody helps us", False),
        ("មេភូមិមិនជួយយើងទេ", False),
        ("ນາຍບ້ານບໍ່ຊ່ວຍພວກເຮົາ", False),
    ],
)
def test_an_answer_that_did_not_help(text, said):
    assert says_no_help(text) is said


@pytest.mark.parametrize(
    ("text", "wrong"), [("ខុស", True), ("«ខុស»", True), ("ຜິດ", True), ("wrong", True), ("ឈ្មោះខ្ញុំខុស", False)]
)
def test_an_answer_is_taken_back(text, wrong):
    assert is_wrong(text) is wrong


@pytest.mark.parametrize(
    "text",
    [
        "thanks",
        "Thank you!",
        "thank you very much sir 🙏",
        "orkun bong",
        "akun jreun",
        "អរគុណ",
        "អរគុណបង🙏",
        "អរគុណលោកគ្រូ",
        "ຂອບໃຈ",
        "ຂອບໃຈຫຼາຍໆເດີ",
        "ຂອບໃຈເຈົ້າ",
        "khop chai",
        "khob jai lai lai",
    ],
)
def test_thanks_alone(text):
    assert is_thanks(text)


@pytest.mark.parametrize("text", ["", "🙏", "yes", "បង", "ເຈົ້າ", "អរគុណ តែលុយមិនទាន់ចូល", "thank you but no money came"])
def test_more_or_less_than_thanks(text):
    assert not is_thanks(text)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("គ្មានឈ្មោះ", True),
        ("«ບໍ່ອອກຊື່»", True),
        ("anonymous", True),
        ("no name", True),
        ("គ្មានឈ្មោះក្នុងបញ្ជី", False),
        ("គ្មានឈ្មោះខ្ញុំ", False),
        ("ບໍ່ມີຊື່ຂ້ອຍ", False),
        ("bor mi xeu khoi", False),
        ("bo ork seu", True),
    ],
)
def test_a_name_is_to_be_left_out(text, hidden):
    assert wants_no_name(text) is hidden


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("ខលព្រឹក ៨ ដល់ ១០", (8, 10)),
        ("ໂທຕອນເຊົ້າ 8 ຫາ 10", (8, 10)),
        ("ល្ងាច ៥", (17, 18)),
        ("after 5pm", (17, 18)),
        ("ແລງ 5 ໂມງ", (17, 18)),
        ("afternoon 2-4", (14, 16)),
        ("8-10", (8, 10)),
        ("៨ ដល់ ១០", (8, 10)),
        ("2-4", (14, 16)),
        ("11 to 1 afternoon", (11, 13)),
        ("17:00", (17, 18)),
        ("ម៉ោង ៨", (8, 9)),
        ("ម៉ោង៨", (8, 9)),
        ("8 ໂມງ", (8, 9)),
        ("໘ໂມງ", (8, 9)),
        ("8am", (8, 9)),
        ("8h", (8, 9)),
        ("8", None),
        ("៨", None),
        ("ព្រឹក", (8, 11)),
        ("ring me after 6pm 010 555 234", (18, 19)),
        ("12", None),
        ("លុយអត់ទាន់ចូលទេ ៣ខែហើយ", None),
        ("LP-7K3M-9Q", None),
        ("20 000 - 30 000 ៛", None),
        ("", None),
    ],
)
def test_hours_to_be_called_at(text, hours):
    assert call_hours(text) == hours


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("8", (8, 9)),
        ("៨", (8, 9)),
        ("໘", (8, 9)),
        (" 08. ", (8, 9)),
        ("12", (12, 13)),
        ("3", (15, 16)),
        ("24", (23, 24)),
        ("0", None),
        ("25", None),
        ("8-10", None),
        ("8 riel", None),
        ("", None),
        ("8" * 200, None),
    ],
)
def test_a_number_alone_as_an_hour(text, hours):
    assert bare_hour(text) == hours


@given(st.text(max_size=150))
def test_hours_are_in_a_day(text):
    hours = call_hours(text)
    assert hours is None or 0 <= hours[0] < hours[1] <= 24


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("លេខសម្ងាត់ខ្ញុំ 4821 ចូលមិនបាន", "លេខសម្ងាត់ខ្ញុំ •••• ចូលមិនបាន"),
        ("ລະຫັດຂ້ອຍ 4821 ເຂົ້າບໍ່ໄດ້", "ລະຫັດຂ້ອຍ •••• ເຂົ້າບໍ່ໄດ້"),
        ("លេខ\u200bសម្ងាត់ ៤៨២១", "លេខ\u200bសម្ងាត់ ••••"),
        ("4821 is my pin", "•••• is my pin"),
        ("PIN: 48 21, phone 012345678", "PIN: •• ••, phone 012345678"),
        ("OTP 123456", "OTP ••••••"),
        ("lek samngat nh 4821", "lek samngat nh ••••"),
        ("lahat khoy 4821", "lahat khoy ••••"),
        ("My PIN is 4821. It costs 5000 riel", "My PIN is ••••. It costs 5000 riel"),
    ],
)
def test_secret_numbers_are_masked(text, masked):
    assert mask_pins(text) == (masked, True)


@pytest.mark.parametrize(
    "text",
    [
        "code LP-70352K",
        "LP-7K3M-9Q code",
        "pin 012 345 678",
        "pin 020 5555 1203",
        "paid 5000 riel for pin",
        "លេខកូដ បង់ ៥០០០រៀល",
        "pin 12/05/2024",
        "I forgot my pin since 2021",
        "got 150000 only",
        "80,000 pin",
        "",
    ],
)
def test_other_numbers_stay(text):
    assert mask_pins(text) == (text, False)


@given(st.text(max_size=120))
def test_masking_keeps_the_length(text):
    assert len(mask_pins(text)[0]) == len(text)


@pytest.mark.parametrize(
    "text", ["pin 1234 ", "1234 pin ", "pin ", "1234 ", "លេខសម្ងាត់ 4821 ", "pin 012345678 ", "0", "1 2 "]
)
def test_masking_a_very_long_text_takes_no_time(text):
    began = time.perf_counter()
    mask_pins(text * (100_000 // len(text)) + " pin")
    assert time.perf_counter() - began < 2
