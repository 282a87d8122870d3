"""Spellings that mean one word have one key, and keys are stable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understanding import normalise
from understanding.spelling.normal import as_keyword, plain_letters
from understanding.spelling.sounds import sound_key

KHMER = st.text(alphabet=st.characters(min_codepoint=0x1780, max_codepoint=0x17DD), max_size=30)
LAO = st.text(
    alphabet=st.characters(min_codepoint=0x0E81, max_codepoint=0x0EDF, categories=("L", "M", "N")), max_size=30
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("បេីក", "បើក"),
        ("ខ្ញំុ", "ខ្ញុំ"),
        ("ស្រី", "ស\u200b្រី"),
        ("ប្តី", "ប្ដី"),
        ("អោយ", "ឲ្យ"),
        ("ឱ្យ", "ឲ្យ"),
        ("ស្រែខា្វវ", "ស្រែខ្វាវ"),
        ("លុយ\u200bចូល", "លុយចូល"),
        ("១២", "12"),
        ("໑໒", "12"),
        ("ນໍ້າ", "ນ້ຳ"),
        ("ນ້ໍາ", "ນ້ຳ"),
        ("ນຳ້", "ນ້ຳ"),
        ("ເເມ່", "ແມ່"),
        ("ຫນ້າ", "ໜ້າ"),
        ("ຫມູ", "ໝູ"),
        ("ຫຼາຍ", "ຫລາຍ"),
        ("ມ່ື", "ມື່"),
        ("HELP", "help"),
        ("ＬＰ－７Ｋ３Ｍ", "LP-7K3M"),
        ("𝐇𝐞𝐥𝐩", "help"),
        ("Ⓗⓔⓛⓟ", "help"),
        ("pleaseeee", "please"),
        ("  a \n b ", "a b"),
    ],
)
def test_spellings_of_one_word_have_one_key(one, other):
    assert normalise(one) == normalise(other)


@given(st.one_of(KHMER, LAO))
def test_plain_letters_leave_khmer_and_lao_alone(text):
    assert plain_letters(text) == text


@pytest.mark.parametrize(
    ("typed", "keyword"),
    [
        ("S T O P", "stop"),
        ("s.t.o.p!", "stop!"),
        ("S-T-O-P please", "stop please"),
        ("ST0P", "stop"),
        ("5t0p", "stop"),
        ("he1p", "help"),
        ("i am a man", "i am a man"),
        ("40 000", "40 000"),
        ("៣ ខែ", "3 ខែ"),
    ],
)
def test_keywords_are_recognised_however_they_are_set(typed, keyword):
    assert as_keyword(typed) == keyword


@pytest.mark.parametrize("text", ["1000000", "55555", "ចាស", "ແມ່ນ", "yes"])
def test_digits_and_plain_words_stay(text):
    assert normalise(text) == text


@given(st.one_of(st.text(max_size=60), KHMER, LAO))
def test_normalising_twice_changes_nothing(text):
    once = normalise(text)
    assert normalise(once) == once


@pytest.mark.parametrize(
    "spellings",
    [
        ("luy", "loy", "luoy", "lui"),
        ("bo dai", "bor dai", "br dai"),
        ("khnhom", "knhom"),
        ("chmous", "jmous"),
        ("xuay", "suay"),
    ],
)
def test_latin_spellings_of_one_word_sound_alike(spellings):
    assert len({sound_key(spelling) for spelling in spellings}) == 1


@given(st.text(max_size=60))
def test_any_text_has_a_sound(text):
    assert sound_key(text) == sound_key(text).strip()
