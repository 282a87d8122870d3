"""What keeps an officer's words from the wrong person, and commands from the wrong hand."""

import re
from datetime import timedelta

import pytest

from domain.inbound import Channel, InboundKind
from domain.reading import Language
from domain.settings import Level
from handlers.incoming.marks import row_number
from handlers.officers.commands import parse
from storage.queries.casework import case_numbers, cases
from storage.queries.persons import contacts
from tests.handlers.officers.test_officers import COMPLAINT, REFERENCE, complain, status_of
from tests.support.world import World


def stop_her(world: World) -> None:
    with world.store.transaction() as tx:
        she = contacts.lock(tx, Channel.SMS, "+85512345678", now=world.now)
        contacts.change(tx, she.id, stopped_at=world.now)


def by_sms(world: World) -> tuple[str, object]:
    officer = world.add_officer("by sms", Level.FACILITATOR, "170107", language=Language.EN, channel=Channel.SMS)
    return complain(world), officer


def test_a_number_is_not_given_to_another_case_when_the_first_is_closed(world: World) -> None:
    first, officer = complain(world), world.officer("facilitator")
    officer.writes("/resolve 1 រួច")
    world.pass_time(days=8)
    assert status_of(world, first)[0] == "closed"
    second = complain(world, number="+85512000002")
    assert f"[2] {second}" in officer.texts[-1]
    assert first in officer.writes("/case 1")[0]


def test_above_99_the_number_of_a_case_long_closed_is_given_again(world: World) -> None:
    first = complain(world)
    staff_id = world.staff["facilitator"]
    later = complain(world, number="+85512000002")
    with world.store.transaction() as tx:
        one, two = cases.by_reference(tx, first), cases.by_reference(tx, later)
        assert one is not None
        assert two is not None
        cases.change(tx, one.id, status="closed", closed_at=world.now - timedelta(days=31))
        for number in range(100):
            case = cases.create(
                tx, prefix="LP", random=world.context.random, contact_id=None,
                values={name: getattr(two, name) for name in two.__dataclass_fields__ if name not in ("id", "reference")},
            )  # fmt: skip
            given = case_numbers.number_for(tx, staff_id, case.id)
            if number + 3 > 99:
                break
        assert given == 1


def test_a_held_answer_by_command_names_its_case(world: World) -> None:
    reference = complain(world)
    assert world.officer("facilitator").writes("/reply 1 មកថ្ងៃសុក្រ")[0].startswith(reference)


@pytest.mark.parametrize("command", ["take", "reply", "ask", "resolve", "reject", "escalate", "transfer"])
def test_who_is_below_the_level_of_a_case_can_only_note(world: World, command: str) -> None:
    reference, officer = complain(world), world.officer("facilitator")
    officer.writes("/escalate 1 not in my power")
    before = status_of(world, reference)
    (answer,) = officer.writes(f"/{command} 1 ចារឈូក")
    assert "/note 1" in answer
    assert status_of(world, reference) == before
    assert reference in officer.writes("/note 1 seen")[0]


def test_taps_and_drafts_of_who_is_below_change_nothing(world: World) -> None:
    reference, officer = complain(world), world.officer("facilitator")
    officer.replies_to_last("មកថ្ងៃសុក្រ")
    world.officer("district").writes(f"/escalate {reference} mine")
    before = status_of(world, reference)
    assert "/note 1" in officer.taps("ខ្ញុំទទួលធ្វើ")[0]
    send = next(b for m in officer.received for row in m.buttons for b in row if b.data.startswith("d:send"))
    assert "/note 1" in officer.sends(InboundKind.TAP, data=send.data)[0]
    assert status_of(world, reference) == before


def test_five_wrong_codes_lock_sms(world: World) -> None:
    reference, officer = by_sms(world)
    for _ in range(2):
        officer.writes("take 1")
        for wrong in ("0001", "0002", "0003"):
            last = officer.writes(wrong)
    assert "wrong codes" in officer.writes("take 1")[0]
    assert last
    assert status_of(world, reference)[0] == "new"
    world.pass_time(hours=25)
    assert "wrong codes" not in officer.writes("take 1")[0]


def test_ten_codes_an_hour_at_most(world: World) -> None:
    _, officer = by_sms(world)
    for _ in range(10):
        assert re.search(r"Reply \d{4}", officer.writes("take 1")[0])
    assert "wait an hour" in officer.writes("take 1")[0]


def test_a_changed_command_is_not_taken(world: World) -> None:
    complain(world)
    officer = world.officer("facilitator")
    (answer,) = officer.sends(InboundKind.EDIT, text=COMPLAINT, edit_of="m-unknown")
    assert not REFERENCE.findall(answer)


def test_an_officer_cannot_stop_notices_and_is_heard_again(world: World) -> None:
    officer = world.officer("facilitator")
    assert "ការិយាល័យ" in officer.writes("STOP")[0]
    with world.store.transaction() as tx:
        own = contacts.of_staff(tx, world.staff["facilitator"])[0]
        contacts.change(tx, own.id, stopped_at=world.now)
    assert officer.writes("/cases")
    assert complain(world) in officer.texts[-1]


@pytest.mark.parametrize("command", ["/help", "/log", "/start", "/reply 3"])
def test_a_strangers_words_after_a_command_are_read(world: World, command: str) -> None:
    assert REFERENCE.findall(world.telegram("5555").writes(f"{command} {COMPLAINT}")[0])


def test_who_logs_what_names_his_own_level_no_longer_sees_it(world: World) -> None:
    officer = world.officer("chief")
    (answer,) = officer.writes("/log មេឃុំសុំលុយ 20000 រៀល ទើបបើកប្រាក់ឲ្យ")
    reference = REFERENCE.findall(answer)[0]
    assert officer.writes(f"/case {reference}")[0].count(reference) == 1
    with world.store.reading() as tx:
        case = cases.by_reference(tx, reference)
    assert case is not None
    assert case.barred_to >= 1


def test_an_unknown_slash_command_gets_help(world: World) -> None:
    assert "/cases" in world.officer("facilitator").writes(f"/nothing {COMPLAINT}")[0]


@pytest.mark.parametrize(("text", "words"), [("រួច 1បានបើក", "បានបើក"), ("/reply1 abc", "abc")])
def test_a_number_may_touch_what_follows(text: str, words: str) -> None:
    given = parse(text, ("LP",))
    assert given is not None
    assert (given.number, given.words) == (1, words)


def test_an_amount_is_no_number() -> None:
    given = parse("រួច 1,000", ("LP",))
    assert given is None or given.number is None


def test_a_wrong_reference_is_not_found(world: World) -> None:
    given = parse("/case LP-AAAA-AA", ("LP",))
    assert given is not None
    assert given.reference == "LP-AAAA-AA"


@pytest.mark.parametrize(("word", "outcome"), [("ខ្លះ", "partly"), ("ຂໍ້ມູນ", "information")])
def test_outcomes_have_local_words(world: World, word: str, outcome: str) -> None:
    reference = complain(world)
    officer = world.officer("facilitator")
    assert "ត្រឹមត្រូវ" in officer.writes("/resolve 1")[0]
    officer.writes(f"/resolve 1 {word} បានបើក")
    with world.store.reading() as tx:
        case = cases.by_reference(tx, reference)
    assert case is not None
    assert case.outcome == outcome


def test_an_answer_to_the_prompt_is_for_the_prompt(world: World) -> None:
    reference, officer = complain(world), world.officer("facilitator")
    officer.taps("រួច")
    officer.replies_to_last("បានបើកប្រាក់")
    officer.taps("ផ្ញើ")
    assert status_of(world, reference)[0] == "resolved"


def test_the_officer_is_told_that_she_hears_nothing_after_stop(world: World) -> None:
    complain(world)
    stop_her(world)
    from wording import say

    officer = world.officer("facilitator")
    assert officer.writes("/resolve 1 រួច") == [say("officer_resolved_quiet", Language.KM)]


@pytest.mark.parametrize("text", ["²", "១", "", "1" * 19, "-1"])
def test_no_row_number(world: World, text: str) -> None:
    assert row_number(text) is None
    world.officer("facilitator").sends(InboundKind.TAP, data=f"c:take:{text}")


def test_pins_in_officers_words_are_masked(world: World) -> None:
    complain(world)
    (held,) = world.officer("facilitator").writes("/reply 1 PIN 4821 ok")
    assert "4821" not in held
