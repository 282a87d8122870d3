"""Typing slips of officers: reading goes on, said back; what would change something is asked; her words are never eaten."""

import re

import pytest

from domain.inbound import Channel
from domain.reading import Language
from domain.settings import Level
from domain.texts.references import is_valid, one_slip_from, within_one_slip
from tests.handlers.officers.test_officers import COMPLAINT, REFERENCE, complain, status_of
from tests.support.world import Phone, World
from understanding.spelling.slips import meant_words
from wording import say

KM = Language.KM


def by_sms(world: World) -> Phone:
    return world.add_officer("by sms", Level.FACILITATOR, "170107", language=Language.EN, channel=Channel.SMS)


def with_slip(reference: str) -> str:
    """Return a reference with one wrong character, which no reference of the world is."""
    body = reference[5]
    return reference[:5] + ("2" if body != "2" else "3") + reference[6:]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("resolv", "resolve"),
        ("resovle", "resolve"),
        ("tkae", "take"),
        ("trasnfer", "transfer"),
        ("បដិសធ", "បដិសេធ"),
        ("ປະຕິເສທ", "ປະຕິເສດ"),
    ],
)
def test_words_are_found_by_a_slip(typed: str, meant: str) -> None:
    assert meant in meant_words(typed, ["resolve", "take", "transfer", "note", "ask", "បដិសេធ", "ປະຕິເສດ"])


@pytest.mark.parametrize("typed", ["money", "as", "nothing", "cat", "លុយ", "ເງິນ", "resolve"])
def test_other_words_are_no_slip(typed: str) -> None:
    assert meant_words(typed, ["resolve", "take", "note", "ask", "យក", "ຮັບ"]) == ()


def test_every_reference_one_slip_away_is_valid_and_near() -> None:
    near = one_slip_from("LP-7K3M-9Q")
    assert near
    assert all(is_valid(each) and within_one_slip("LP-7K3M-9Q", each) for each in near)


def test_a_mistyped_reading_command_is_done_and_said_back(world: World) -> None:
    reference = complain(world)
    said, shown = world.officer("facilitator").writes("/cass 1")
    assert said == say("officer_taken_for", KM, command="/case 1")
    assert reference in shown


@pytest.mark.parametrize(("typed", "acts"), [("/resolv 1 បើកប្រាក់ហើយ", "resolved"), ("/tkae 1", "in_progress")])
def test_a_mistyped_changing_command_is_asked_back(world: World, typed: str, acts: str) -> None:
    reference = complain(world)
    officer = world.officer("facilitator")
    (asked,) = officer.writes(typed)
    assert reference in asked
    assert status_of(world, reference)[0] == "new"
    officer.taps(say("button_yes", KM))
    assert status_of(world, reference)[0] == acts


def test_a_reference_with_a_slip_is_mended_for_reading_and_asked_for_changing(world: World) -> None:
    reference = complain(world)
    officer = world.officer("facilitator")
    wrong = with_slip(reference)
    said, shown = officer.writes(f"/case {wrong}")
    assert said == say("officer_taken_for", KM, command=f"/case {reference}")
    assert reference in shown
    (asked,) = officer.writes(f"/resolve {wrong} បើកប្រាក់ហើយ")
    assert f"/resolve {reference}" in asked
    assert status_of(world, reference)[0] == "new"
    officer.taps(say("button_yes", KM))
    assert status_of(world, reference)[0] == "resolved"


def test_a_wrong_prefix_is_a_slip_too(world: World) -> None:
    reference = complain(world)
    said, _ = world.officer("facilitator").writes(f"/case LB{reference[2:]}")
    assert reference in said


def test_a_slip_finds_no_case_that_he_may_not_see(world: World) -> None:
    reference = complain(world)
    (answer,) = world.officer("neighbour").writes(f"/case {with_slip(reference)}")
    assert reference not in answer
    world.officer("facilitator").writes("/sensitive 1")
    (answer,) = world.officer("facilitator").writes(f"/case {with_slip(reference)}")
    assert reference not in answer


def test_by_sms_the_question_for_the_code_says_back_what_was_meant(world: World) -> None:
    officer = by_sms(world)
    reference = complain(world)
    (asked,) = officer.writes("resovle 1 paid on Friday")
    assert reference in asked
    officer.writes(re.findall(r"\b\d{4}\b", asked.replace(reference, ""))[0])
    assert status_of(world, reference)[0] == "resolved"


@pytest.mark.parametrize(
    "words",
    [
        "cash 3 months late, nobody tells us why",
        "repay 1 me the money that was taken",
        "resovled nothing, the money did not come",
        "resovle 7 our money did not come",
        COMPLAINT,
    ],
)
def test_an_officers_own_words_by_sms_are_heard_as_a_persons(world: World, words: str) -> None:
    officer = by_sms(world)
    complain(world)
    answers = officer.writes(words)
    assert not any(re.search(r"Reply \d{4}", each) for each in answers)
    assert any(REFERENCE.findall(each) for each in answers) or words != COMPLAINT


def test_an_officers_own_words_by_telegram_are_no_slip(world: World) -> None:
    complain(world)
    answers = world.officer("facilitator").writes("resovle 1 បើកប្រាក់ហើយ")
    assert not any(say("officer_did_you_mean", KM, command="")[:8] in each for each in answers)
    buttons = [button for each in world.officer("facilitator").received for row in each.buttons for button in row]
    assert not [button for button in buttons if button.data.startswith("d:")]


def test_a_command_that_is_like_nothing_gets_help(world: World) -> None:
    assert "/cases" in world.officer("facilitator").writes("/nothing at all")[0]


def test_who_may_not_use_a_command_is_not_led_to_it(world: World) -> None:
    assert "/release" not in world.officer("facilitator").writes("/relase 1 not a personal matter")[0]


def test_the_number_of_a_case_that_became_sensitive_answers_as_an_unknown_one(world: World) -> None:
    complain(world)
    officer = world.officer("facilitator")
    officer.writes("/sensitive 1")
    unknown = officer.writes("/case 77")[0].replace("77", "1")
    assert officer.writes("/case 1") == [unknown]
    asked = queries_for(world, officer, "/case 1")
    assert asked == queries_for(world, officer, "/case 77")


def queries_for(world: World, officer: Phone, text: str) -> list[str]:
    """Return the statements that answering a text takes, without their values."""
    from sqlalchemy import event

    engine = world.store.engine
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(re.sub(r"\s+", " ", statement))

    event.listen(engine, "before_cursor_execute", note)
    try:
        officer.writes(text)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return seen
