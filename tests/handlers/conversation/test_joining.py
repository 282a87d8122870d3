"""One person over SMS and Telegram: joined by the number that Telegram vouches for, or by a code; never two people's rows."""

import re
from typing import Any

import pytest
from sqlalchemy import text

from domain.inbound import InboundKind
from tests.support.world import Phone, World

COMPLAINT = "លុយអត់ទាន់ចូលទេ ៣ខែហើយ"
NUMBER = "+85512345678"
REFERENCE = re.compile(r"LP-[0-9A-Z]{4}-[0-9A-Z]{2}")


def rows(world: World, query: str) -> list[Any]:
    with world.store.reading() as tx:
        return list(tx.execute(text(query)).all())


@pytest.fixture
def both(world: World) -> tuple[Phone, Phone, str, str]:
    """Her SMS and her Telegram, each with a case of its own."""
    sms, telegram = world.phone(NUMBER), world.telegram()
    first = REFERENCE.findall(sms.writes(COMPLAINT)[0])[0]
    second = REFERENCE.findall(telegram.writes("ផ្លូវខូច ឡានទៅមិនបាន")[0])[0]
    return sms, telegram, first, second


def test_it_is_offered_once_and_her_shared_number_joins_both(world: World, both: tuple[Phone, Phone, str, str]) -> None:
    sms, telegram, first, second = both
    world.pass_time(hours=3)
    assert sum(each.request_contact for each in telegram.received) == 1
    telegram.sends(InboundKind.CONTACT, phone=NUMBER)
    assert len(rows(world, "SELECT id FROM person")) == 1
    assert first in telegram.writes(first)[0]
    assert second in sms.writes(second)[0]
    third = REFERENCE.findall(telegram.writes(COMPLAINT)[0])[0]
    assert third in sms.writes(third)[0]
    # STOP on one silences both; START on one opens both.
    sms.writes("STOP")
    assert len(rows(world, "SELECT id FROM contact_point WHERE stopped_at IS NOT NULL")) == 2
    telegram.writes("START")
    assert not rows(world, "SELECT id FROM contact_point WHERE stopped_at IS NOT NULL")


def test_a_number_that_telegram_does_not_vouch_for_joins_nothing(
    world: World, both: tuple[Phone, Phone, str, str]
) -> None:
    _, telegram, first, _ = both
    telegram.sends(InboundKind.CONTACT, phone=None)
    assert len(rows(world, "SELECT id FROM person")) == 2
    assert first not in "".join(telegram.writes(first))


def test_a_code_joins_them_within_ten_minutes(world: World, both: tuple[Phone, Phone, str, str]) -> None:
    sms, telegram, first, _ = both
    telegram.writes("ភ្ជាប់ ០១២ ៣៤៥ ៦៧៨")
    code = re.findall(r"\d{6}", sms.texts[-1])[0]
    telegram.writes("000000" if code != "000000" else "111111")
    assert len(rows(world, "SELECT id FROM person")) == 2
    telegram.writes(code)
    assert len(rows(world, "SELECT id FROM person")) == 1
    assert first in telegram.writes(first)[0]


def test_a_code_is_over_after_ten_minutes_and_after_three_tries(
    world: World, both: tuple[Phone, Phone, str, str]
) -> None:
    sms, telegram, _, _ = both
    telegram.writes("join 012345678")
    code = re.findall(r"\d{6}", sms.texts[-1])[0]
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for _ in range(3):
        telegram.writes(wrong)
    telegram.writes(code)
    telegram.writes("join 012345678")
    late = re.findall(r"\d{6}", sms.texts[-1])[0]
    world.pass_time(minutes=11)
    telegram.writes(late)
    assert len(rows(world, "SELECT id FROM person")) == 2


def test_two_people_of_lists_are_never_made_one(world: World, both: tuple[Phone, Phone, str, str]) -> None:
    _, telegram, _, _ = both
    with world.store.transaction() as tx:
        tx.execute(text("UPDATE person SET external_id = CAST(id AS VARCHAR)"))
    before = len(world.officer("desk").texts)
    telegram.sends(InboundKind.CONTACT, phone=NUMBER)
    assert len(rows(world, "SELECT id FROM person")) == 2
    assert len(world.officer("desk").texts) == before + 1


def test_an_officers_number_joins_nothing(world: World, both: tuple[Phone, Phone, str, str]) -> None:
    _, telegram, _, _ = both
    with world.store.transaction() as tx:
        tx.execute(text("UPDATE contact_point SET staff_id = 1 WHERE channel = 'sms'"))
    telegram.sends(InboundKind.CONTACT, phone=NUMBER)
    assert len(rows(world, "SELECT id FROM person")) == 2


def test_what_both_were_on_is_kept_once(world: World, both: tuple[Phone, Phone, str, str]) -> None:
    _, telegram, _, _ = both
    with world.store.transaction() as tx:
        tx.execute(text("UPDATE person SET external_id = 'M-1' WHERE id = 1"))
        made = "INSERT INTO payment_round (id, code, label, day, place, state, created_at)"
        tx.execute(text(f"{made} VALUES (1, 'r', '3', '2026-03-01', 'x', 'open', '2026-03-01 00:00:00')"))
        tx.execute(text("INSERT INTO round_recipient (round_id, person_id, amount) VALUES (1, 1, 500)"))
        tx.execute(text("INSERT INTO round_recipient (round_id, person_id, answer) VALUES (1, 2, 'received')"))
        tx.execute(text("UPDATE person SET surveys = false WHERE id = 2"))
    telegram.sends(InboundKind.CONTACT, phone=NUMBER)
    (row,) = rows(world, "SELECT amount, answer FROM round_recipient")
    assert (row.amount, row.answer) == (500, "received")
    (person,) = rows(world, "SELECT external_id, surveys FROM person")
    assert (person.external_id, bool(person.surveys)) == ("M-1", False)
