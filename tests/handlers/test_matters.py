"""What a case is about: officers correct it, by word, number or button; the person is asked where the text left it open."""

import re

import pytest

from domain.inbound import Channel
from domain.reading import Category, Language
from domain.settings import Level
from storage.queries import cases
from storage.queries.cases import CaseRecord
from tests.support.world import World

REFERENCE = re.compile(r"LP-[0-9A-Z]{4}-[0-9A-Z]{2}")
COMPLAINT = "លុយអត់ទាន់ចូលទេ ៣ខែហើយ"
ACCUSATION = "មេឃុំយកលុយ ២ម៉ឺន ទើបចុះឈ្មោះឲ្យ កុំឲ្យគាត់ដឹង"


def complain(world: World, text: str = COMPLAINT) -> str:
    phone = world.phone()
    reference = REFERENCE.findall(phone.writes(text)[0])[0]
    phone.writes("ស្រែខ្វាវ អង្គរជុំ")
    return str(reference)


def case_of(world: World, reference: str) -> CaseRecord:
    with world.store.reading() as tx:
        case = cases.by_reference(tx, reference)
    assert case is not None
    return case


@pytest.mark.parametrize(
    ("words", "category"),
    [
        ("payment_amount", Category.PAYMENT_AMOUNT),
        ("2", Category.PAYMENT_AMOUNT),
        ("២", Category.PAYMENT_AMOUNT),
        ("ប្រាក់ខុសចំនួន", Category.PAYMENT_AMOUNT),
        ("eligib", Category.ELIGIBILITY),
    ],
)
def test_an_officer_corrects_what_a_case_is_about(world: World, words: str, category: Category) -> None:
    reference = complain(world)
    answer = world.officer("facilitator").writes(f"/category {reference} {words}")
    assert reference in answer[0]
    case = case_of(world, reference)
    assert (case.category, case.category_by) == (category.value, "officer")


@pytest.mark.parametrize("words", ["", " payment", " 17", " blue"])
def test_a_category_that_is_not_clear_is_asked_back_and_changes_nothing(world: World, words: str) -> None:
    reference = complain(world)
    officer = world.officer("facilitator")
    answer = officer.writes(f"/category {reference}{words}")
    assert answer[0].count("\n") == len(Category)
    assert case_of(world, reference).category_by == "machine"
    officer.taps("ប្រជុំ")
    case = case_of(world, reference)
    assert (case.category, case.category_by) == ("meeting", "officer")


def test_by_sms_a_category_is_changed_by_code_only(world: World) -> None:
    officer = world.add_officer("by sms", Level.FACILITATOR, "170107", language=Language.KM, channel=Channel.SMS)
    reference = complain(world)
    assert "16" in officer.writes(f"category {reference}")[0]
    code = re.findall(r"\b\d{4}\b", officer.writes(f"category {reference} 2")[0])[-1]
    assert case_of(world, reference).category_by == "machine"
    officer.writes(code)
    assert case_of(world, reference).category == "payment_amount"


def test_a_case_that_turns_out_to_be_abuse_goes_to_the_focal_points(world: World) -> None:
    reference = complain(world)
    officer = world.officer("facilitator")
    officer.writes(f"/category {reference} abuse")
    case = case_of(world, reference)
    assert case.sensitive is not None
    assert case.category == "abuse"
    assert COMPLAINT not in "".join(officer.writes(f"/case {reference}"))


def test_a_case_that_turns_out_to_accuse_is_taken_from_whom_it_names(world: World) -> None:
    reference = complain(world, "មេឃុំមិនមកប្រជុំ លុយអត់ទាន់ចូលទេ")
    world.officer("desk").writes(f"/category {reference} payment_missing")
    assert case_of(world, reference).barred_to < 0
    world.officer("desk").writes(f"/category {reference} corruption")
    case = case_of(world, reference)
    assert case.level.value == "district"
    assert "ស្រែខ្វាវ" not in "".join(world.officer("chief").writes(f"/case {reference}"))
