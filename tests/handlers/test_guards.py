"""Guards: machines that answer machines, floods, and senders that are no telephone; nothing that came is ever dropped."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from domain.inbound import Channel, InboundKind
from handlers.incoming.guards import FLOOD, REPEATS
from handlers.sending.voice import Voice
from storage.queries.persons import contacts
from storage.queries.staffing import staff
from tests.support.world import Phone, World

COMPLAINT = "លុយអត់ទាន់ចូលទេ ៣ខែហើយ"
ABUSE = "my husband beats me every night"


def rows(world: World, query: str) -> Sequence[Any]:
    with world.store.reading() as tx:
        return tx.execute(text(query)).all()


def kept(world: World) -> int:
    return len(rows(world, "SELECT id FROM message WHERE direction = 'in' AND kind <> 'guard'"))


def floods(world: World, she: Phone, messages: int = FLOOD + 5) -> None:
    for number in range(messages):
        she.writes(f"{COMPLAINT} {'ក' * number}")
        world.pass_time(seconds=2)


@pytest.mark.parametrize("channel", list(Channel))
def test_the_same_text_again_and_again_is_answered_for_a_while_only(world: World, channel: Channel) -> None:
    robot = world.phone("+85512345678" if channel is Channel.SMS else "7001", channel)
    for _ in range(30):
        robot.writes("Thank you for your message. We are closed.")
        world.pass_time(seconds=10)
    assert len(robot.texts) <= REPEATS + 2, "the notice is one more, and what is not text"
    assert kept(world) == 30
    assert len(world.officer("desk").texts) == 1


def test_the_same_answer_again_and_again_stops_though_the_texts_differ(world: World) -> None:
    robot = world.phone()
    for number in range(20):
        robot.writes("/start" if number % 2 else "/help")
        world.pass_time(seconds=10)
    assert len(robot.texts) <= REPEATS


def test_a_long_story_in_short_messages_is_no_machine(world: World) -> None:
    she = world.phone()
    for number in range(15):
        she.writes(f"{COMPLAINT} {'ក' * number}")
        world.pass_time(seconds=20)
    assert world.officer("desk").texts == []
    world.pass_time(minutes=20)
    assert "LP-" in she.writes(COMPLAINT)[0]


def test_a_silence_ends_by_itself(world: World) -> None:
    robot = world.phone()
    for _ in range(REPEATS + 4):
        robot.writes("zzz")
    assert robot.writes("ជំរាបសួរ") == []
    world.pass_time(minutes=61)
    assert len(robot.writes("ជំរាបសួរ")) == 1


def test_the_desk_is_told_once_a_day_of_one_sender(world: World) -> None:
    robot = world.phone()
    for _ in range(4):
        for _ in range(REPEATS + 4):
            robot.writes("zzz")
        world.pass_time(minutes=31)
    assert len([each for each in world.officer("desk").texts if "ម៉ាស៊ីន" in each]) == 1


def test_a_flood_is_kept_and_no_longer_answered(world: World) -> None:
    she = world.phone()
    floods(world, she)
    answers = len(she.texts)
    assert she.writes("another") == []
    assert len(she.texts) == answers
    assert kept(world) == FLOOD + 6
    assert rows(world, "SELECT id FROM grievance_case")
    assert len(rows(world, "SELECT id FROM audit_entry WHERE type = 'contact.silenced'")) == 1


def test_a_report_of_harm_in_a_flood_reaches_the_focal_points(world: World) -> None:
    she = world.phone()
    floods(world, she)
    assert world.officer("focal one").texts == []
    assert she.writes(ABUSE) == []
    assert len(world.officer("focal one").texts) == 1
    assert len(rows(world, "SELECT id FROM grievance_case WHERE sensitive IS NOT NULL")) == 1


def test_others_are_answered_during_a_flood(world: World) -> None:
    floods(world, world.phone())
    assert len(world.phone("+85512345679").writes(COMPLAINT)) == 2


def test_stop_is_obeyed_in_a_silence(world: World) -> None:
    she = world.phone()
    floods(world, she)
    assert she.writes("ឈប់") == []
    assert len(rows(world, "SELECT id FROM contact_point WHERE stopped_at IS NOT NULL")) == 1


def test_an_officers_commands_are_no_flood(world: World) -> None:
    officer = world.officer("facilitator")
    for _ in range(FLOOD + 5):
        assert officer.writes("/cases")


def test_an_officer_to_be_is_no_machine_whatever_number_he_shares_first(world: World) -> None:
    staff_id, dara = world.staff["neighbour"], world.telegram("7099")
    with world.store.transaction() as tx:
        at = world.now + timedelta(hours=48)
        staff.invite(tx, staff_id, code="secret-code", now=world.now, expires_at=at)
    for _ in range(REPEATS + 1):
        dara.writes("/start other-code")
        world.pass_time(seconds=80)
    assert dara.writes("/start secret-code")
    for _ in range(REPEATS + 1):
        assert dara.sends(InboundKind.CONTACT, phone="+85599999999")
        world.pass_time(seconds=10)
    assert rows(world, "SELECT id FROM audit_entry WHERE type = 'contact.silenced'") == []


@pytest.mark.parametrize("notice", ["officer_case_new", "desk_failed", "case_overdue"])
def test_an_officer_who_writes_as_a_person_after_many_notices_is_answered(world: World, notice: str) -> None:
    chief = world.officer("chief")
    with world.store.transaction() as tx:
        (contact,) = contacts.of_staff(tx, world.staff["chief"])
        for _ in range(REPEATS + 4):
            # As they were kept before it was noted whom of the staff they were for.
            Voice(world.context, tx, world.now).send(contact, "Look at a case.", key=notice, kind="notice")
    world.drain()
    assert "LP-" in chief.writes(COMPLAINT)[0]
    assert rows(world, "SELECT id FROM audit_entry WHERE type = 'contact.silenced'") == []


@pytest.mark.parametrize("sender", ["888", "1288", "12345", "123456", "Smart", "LTC-Info", "Metfone 4G", "ឡូត"])
def test_a_short_code_or_a_name_is_kept_and_ignored(world: World, sender: str) -> None:
    assert world.phone(sender).writes(f"You won! {ABUSE}") == []
    assert rows(world, "SELECT id FROM grievance_case") == []
    assert rows(world, "SELECT id FROM person") == []
    assert [each.texts for each in world.phones.values() if each.texts] == []
    assert len(rows(world, "SELECT id FROM message WHERE kind = 'spam' AND text IS NULL")) == 1


@pytest.mark.parametrize("sender", ["+85512345678", "+8562012345678", "012345678", "1234567"])
def test_a_number_is_a_person(world: World, sender: str) -> None:
    assert len(world.phone(sender).writes(COMPLAINT)) == 2


def test_an_account_of_telegram_is_never_a_short_code(world: World) -> None:
    assert world.telegram("7001").writes(COMPLAINT)
