"""Phrases of the lexicon are found as words: not inside another word that only begins with the same letters."""

import pytest

from domain.reading import Language, Script
from understanding.features import concepts_in
from understanding.spelling.tongue import Tongue

LAO = Tongue(Language.LO, Script.NATIVE, 1.0)
LAO_LATIN = Tongue(Language.LO, Script.LATIN, 1.0)


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("ຂໍກູ້ເງິນກຸ່ມ", "loan"), ("ຜົວຕີບໍ່ຢຸດ", "violence"), ("ລາວຕີລູກ", "violence"), ("ມັນຊິຂ້າຂ້ອຍ", "threat"),
        ("ຖ້າບອກໃຜຊິໄລ່ອອກ", "threat"), ("ທໍ່ເພແລ້ວ", "broken"), ("ຊິມເສຍ", "sim"), ("ຄູບໍ່ມາ", "teacher"),
        ("ລາວລູບຂາຂ້ອຍ", "body_touched"), ("ປາຕາຍໝົດ", "livestock"),
    ],
)  # fmt: skip
def test_a_lao_word_is_found_though_nothing_parts_it_from_the_next(text, concept):
    assert concept in concepts_in(text, LAO)


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("ກຸ່ມບໍ່ປະຊຸມ", "loan"), ("ນາຍບ້ານ", "man_kin"), ("ຊາວບ້ານ", "not_come"), ("ເພາະຝົນ", "broken"), ("ຂອບຄຸນ", "teacher"),
        ("ຊິຂ້າມຂົວ", "threat"), ("ຄົນຂ້າງເຮືອນ", "harm"), ("ລາວຊິມາມື້ໃດ", "sim"), ("ຂໍຖາມໜັງສືຮ້ອງທຸກ", "if_told"),
        ("ອາຍໝູ່", "man_kin"), ("ຄຳຕອບຂອງບ້ານ", "body_touched"), ("ອະນຸມັດແລ້ວ", "harm"), ("ໃບປ່າວປະກາດ", "livestock"),
    ],
)  # fmt: skip
def test_a_lao_word_is_not_found_inside_a_longer_one(text, concept):
    assert concept not in concepts_in(text, LAO)


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("long seu laeo", "man_kin"),
        ("te khoy khon diao", "violence"),
        ("kha khoy khat", "violence"),
        ("khoi mit", "violence"),
    ],
)
def test_latin_spellings_that_only_sound_alike_are_told_apart(text, concept):
    assert concept not in concepts_in(text, LAO_LATIN)


def test_a_weight_is_no_threat():
    assert "threat" not in concepts_in("we sold 700 kilo", Tongue(Language.EN, Script.NATIVE, 1.0))
