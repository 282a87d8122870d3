"""What a case is about: officers correct it, by word, number or button; the person is asked where the text left it open."""

import re
from dataclasses import replace

import pytest

from domain.inbound import Channel
from domain.reading import Category, Language
from domain.settings import Level
from storage.queries import audit, console_lists, learning
from storage.queries.casework import caseload, cases
from storage.queries.casework.cases import CaseRecord
from storage.queries.persons import contacts
from tests.support.world import World
from understanding.model import packaged
from wording import say

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


def unsure(world: World) -> None:
    """Let every reading be unsure what a text is about."""
    model = packaged()
    about = {**model.about, "thresholds": {**model.about["thresholds"], "category_sure": 1.1}}
    world.context._model = replace(model, about=about)
    world.context._model_id = None


def asked(answers: list[str]) -> str | None:
    return next((text for text in answers if text.startswith("រឿងនេះអំពីអ្វី?")), None)


def test_where_the_reading_is_unsure_the_three_likeliest_matters_are_asked_after_the_receipt(world: World) -> None:
    unsure(world)
    phone = world.phone()
    answers = phone.writes(COMPLAINT)
    question = asked(answers)
    assert question is not None
    assert answers.index(question) == len(answers) - 1
    assert re.findall(r"\d", question) == ["1", "2", "3"]
    reference = REFERENCE.findall(answers[0])[0]
    second = case_of(world, reference).categories[1]
    said = phone.writes("២")
    case = case_of(world, reference)
    assert (case.category, case.category_by) == (second, "person")
    assert len(said) == 1
    assert "ស្រែខ្វាវ" in phone.writes("ស្រែខ្វាវ អង្គរជុំ")[0]
    assert case_of(world, reference).area_id is not None


def test_the_place_may_be_answered_first_and_nothing_need_be(world: World) -> None:
    unsure(world)
    phone = world.phone()
    reference = REFERENCE.findall(phone.writes(COMPLAINT)[0])[0]
    phone.writes("ស្រែខ្វាវ អង្គរជុំ")
    case = case_of(world, reference)
    assert case.area_id is not None
    assert case.category_by == "machine"


def test_a_tap_answers_it_too(world: World) -> None:
    unsure(world)
    phone = world.telegram()
    reference = REFERENCE.findall(phone.writes(COMPLAINT)[0])[0]
    first = case_of(world, reference).categories[0]
    phone.taps(say(f"category_{first}", Language.KM))
    assert (case_of(world, reference).category, case_of(world, reference).category_by) == (first, "person")


def test_what_is_or_may_be_sensitive_is_asked_nothing(world: World) -> None:
    unsure(world)
    assert asked(world.phone().writes("គាត់ឲ្យខ្ញុំទៅផ្ទះគាត់ពេលយប់សិន ទើបចុះហត្ថលេខាឲ្យ ខ្ញុំខ្លាច")) is None


@pytest.mark.parametrize("words", [ACCUSATION, "បុគ្គលិកគម្រោងស្រែកដាក់ខ្ញុំ"])
def test_an_accusation_is_named_in_no_message_that_others_may_read(world: World, words: str) -> None:
    unsure(world)
    said = " ".join(world.phone().writes(words))
    assert not any(say(f"category_{each}", Language.KM) in said for each in ("corruption", "staff_conduct", "abuse"))
    assert asked([said]) is None


def test_while_it_is_unsure_whether_a_text_accuses_nobody_whom_it_names_sees_it(world: World) -> None:
    unsure(world)
    phone = world.phone()
    reference = REFERENCE.findall(phone.writes(ACCUSATION)[0])[0]
    phone.writes("ស្រែខ្វាវ អង្គរជុំ")
    assert case_of(world, reference).level.value == "district"


def test_what_an_officer_named_meanwhile_stands(world: World) -> None:
    unsure(world)
    phone = world.phone()
    reference = REFERENCE.findall(phone.writes(COMPLAINT)[0])[0]
    phone.writes("ស្រែខ្វាវ អង្គរជុំ")
    world.officer("desk").writes(f"/category {reference} corruption")
    phone.writes("1")
    case = case_of(world, reference)
    assert (case.category, case.category_by, case.level.value) == ("corruption", "officer", "district")


def test_both_questions_may_be_answered_in_either_order(world: World) -> None:
    unsure(world)
    phone = world.phone()
    reference = REFERENCE.findall(phone.writes(COMPLAINT)[0])[0]
    phone.writes("ស្រែខ្វាវ អង្គរជុំ")
    second = case_of(world, reference).categories[1]
    phone.writes("2")
    case = case_of(world, reference)
    assert (case.category, case.category_by) == (second, "person")
    assert case.area_id is not None


def test_an_accusation_leaves_whoever_took_the_case(world: World) -> None:
    reference = complain(world)
    officer = world.officer("facilitator")
    officer.writes(f"/take {reference}")
    officer.writes(f"/category {reference} corruption")
    case = case_of(world, reference)
    assert (case.level.value, case.taken_by) == ("district", None)


def test_a_correction_never_takes_a_case_down_again(world: World) -> None:
    reference = complain(world, "គេយកលុយ ២ម៉ឺន ទើបចុះឈ្មោះឲ្យ")
    world.officer("district").writes(f"/escalate {reference} too high for me")
    assert case_of(world, reference).level.value == "province"
    world.officer("province").writes(f"/category {reference} registration")
    assert case_of(world, reference).level.value == "province"


def over(world: World, *, closed: bool) -> str:
    """Return the reference of a case that the district resolved, and that its person said is solved where `closed`."""
    reference = complain(world, "មេឃុំមិនមកប្រជុំ លុយអត់ទាន់ចូលទេ")
    world.officer("desk").writes(f"/category {reference} payment_missing")
    world.officer("facilitator").writes(f"/escalate {reference} too high for me")
    world.officer("chief").writes(f"/escalate {reference} too high for me")
    world.officer("district").writes(f"/resolve {reference} upheld លុយចូលហើយ")
    world.pass_time(minutes=5)
    if closed:
        world.phone().writes("1")
    assert case_of(world, reference).status == ("closed" if closed else "resolved")
    return reference


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("by_tap", [False, True])
def test_what_a_case_was_about_is_corrected_once_it_is_over(world: World, closed: bool, by_tap: bool) -> None:
    reference = over(world, closed=closed)
    officer, phones = world.officer("facilitator"), world.phones.values()
    before = case_of(world, reference)
    told = {phone.address: len(phone.received) for phone in phones if phone is not officer}
    if by_tap:
        officer.writes(f"/category {reference}")
        officer.taps("ប្រជុំ")
    else:
        officer.writes(f"/category {reference} meeting")
    assert reference in officer.texts[-1]
    case = case_of(world, reference)
    assert (case.category, case.category_by) == ("meeting", "officer")
    assert replace(case, category=before.category, category_by=before.category_by) == before
    world.pass_time(minutes=5)
    assert {phone.address: len(phone.received) for phone in phones if phone is not officer} == told
    with world.store.reading() as tx:
        assert [each.type for each in audit.of_case(tx, case.id)][-1] == "case.recategorised"
        assert [each.category for each in learning.corrected(tx, most=5)] == ["meeting"]


@pytest.mark.parametrize("closed", [False, True])
def test_an_accusation_found_afterwards_does_not_move_the_case_but_hides_it(world: World, closed: bool) -> None:
    reference = over(world, closed=closed)
    phones = [phone for name in ("chief", "district", "province", "desk") if (phone := world.officer(name))]
    said = [len(phone.received) for phone in (world.phone(), *phones)]
    before = case_of(world, reference)
    world.officer("facilitator").writes(f"/category {reference} corruption")
    case = case_of(world, reference)
    assert (case.category, case.level, case.post_id, case.rung) == (
        "corruption",
        before.level,
        before.post_id,
        before.rung,
    )
    assert case.status == before.status
    assert [len(phone.received) for phone in (world.phone(), *phones)] == said
    assert "ស្រែខ្វាវ" not in "".join(world.officer("chief").writes(f"/case {reference}"))


def test_while_it_goes_on_only_the_level_that_has_it_corrects_a_case(world: World) -> None:
    reference = complain(world)
    world.officer("facilitator").writes(f"/escalate {reference} too high for me")
    world.officer("facilitator").writes(f"/category {reference} meeting")
    assert case_of(world, reference).category_by == "machine"


def test_who_does_not_see_a_case_does_not_correct_it_afterwards_either(world: World) -> None:
    reference = over(world, closed=True)
    world.officer("neighbour").writes(f"/category {reference} meeting")
    assert case_of(world, reference).category == "payment_missing"


def test_one_word_in_english_does_not_change_her_language(world: World) -> None:
    phone = world.phone()
    phone.writes(COMPLAINT)
    assert "គម្រោង" in phone.writes("HELP")[0]


def test_an_officers_words_about_stopping_are_no_wish_for_silence(world: World) -> None:
    reference = complain(world)
    assert reference in world.officer("facilitator").writes(f"/note {reference} ឈប់")[0]


@pytest.mark.parametrize("by_telegram", [False, True])
@pytest.mark.parametrize("words", ["S T O P", "ＳＴＯＰ", "st0p", "ឈ ប់!!!", "chhop phnher"])
def test_stop_is_obeyed_however_it_is_typed(world: World, words: str, by_telegram: bool) -> None:
    she = world.telegram() if by_telegram else world.phone()
    she.writes(COMPLAINT)
    assert she.writes(words) == [say("stopped", Language.KM)]
    assert she.writes(words) == [say("stopped", Language.KM)]
    she.writes("stop the corruption")
    assert len(she.received[-1].text) > 0
    with world.store.reading() as tx:
        assert contacts.lock(tx, she.channel, she.address, now=world.now).stopped_at is None


@pytest.mark.parametrize("words", ["ຊ່ວຍແດ່ ມີບັນຫາ", "luy khe 6 min toan mok te bong", "ជួយខ្ញុំផង មានបញ្ហា"])
def test_what_looks_like_yes_or_no_or_help_and_may_be_more_is_read_by_somebody(world: World, words: str) -> None:
    world.phone("+85512000777").writes(words)
    with world.store.reading() as tx:
        assert console_lists.count_unsorted(tx) + len(caseload.listed(tx, 10)) == 1


def test_a_second_matter_is_kept(world: World) -> None:
    case = case_of(world, complain(world, "លុយអត់ចូល ហើយផ្លូវក៏ខូច គ្មានអ្នកជួសជុល"))
    assert {case.category, case.secondary} == {Category.PAYMENT_MISSING, Category.INFRASTRUCTURE}
