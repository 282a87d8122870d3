"""A list gives somebody's old phone to another person: what was under way at it follows her, and nobody reads it there."""

from pathlib import Path

import pytest

from domain.inbound import Channel
from domain.lifecycle import Status
from handlers import importing
from storage.queries.casework import cases
from storage.queries.persons import contacts, people
from tests.support.world import Phone, World

PEOPLE = """id,name,phone,language,area
A,សុខ សុភា,012000111,km,170107
B,ចាន់ ដារ៉ា,,km,170101
"""
REPLACED, GIVEN = "id,phone\nA,012000222\n", "id,phone\nB,012000111\n"
NOT_PAID = "លុយមិនទាន់បានទេ ៣ខែហើយ"


@pytest.fixture
def old(world: World) -> Phone:
    return world.phone("+85512000111")


@pytest.fixture
def new(world: World) -> Phone:
    return world.phone("+85512000222")


def brings(world: World, path: Path, *lists: str) -> None:
    for each in lists:
        (path / "list.csv").write_text(each)
        report = importing.import_people(world.context, path / "list.csv", now=world.now)
        assert (report.written, report.faults) == (True, [])


def case_of(world: World) -> cases.CaseRecord:
    with world.store.reading() as tx:
        return cases.by_id(tx, 1)


def test_her_case_is_answered_at_her_new_phone_and_is_nobodys_at_the_old(
    world: World, tmp_path: Path, old: Phone, new: Phone
) -> None:
    brings(world, tmp_path, PEOPLE)
    old.writes(NOT_PAID)
    world.pass_time(hours=2)
    reference = case_of(world).reference
    facilitator = world.officer("facilitator")
    facilitator.writes(f"/take {reference}")
    facilitator.writes(f"/ask {reference} តើខែណាខ្លះ?")
    # What is held for a minute, and the question in it, go where she is.
    brings(world, tmp_path, REPLACED, GIVEN)
    before = len(old.received)
    world.pass_time(minutes=2)
    assert any("តើខែណាខ្លះ?" in each for each in new.texts)
    assert case_of(world).status is Status.AWAITING
    new.writes("ខែមករា និងកុម្ភៈ")
    assert case_of(world).status is Status.IN_PROGRESS
    facilitator.writes(f"/reply {reference} មកថ្ងៃសុក្រ")
    world.pass_time(minutes=2)
    assert "មកថ្ងៃសុក្រ" in new.texts[-1]
    assert len(old.received) == before
    (at_the_old,), (at_the_new,) = old.writes(reference), new.writes(reference)
    assert reference not in at_the_old
    assert reference in at_the_new


def test_a_question_that_was_hers_is_not_answered_by_who_has_the_phone_now(
    world: World, tmp_path: Path, old: Phone
) -> None:
    brings(world, tmp_path, PEOPLE)
    old.writes(NOT_PAID)
    reference = case_of(world).reference
    facilitator = world.officer("facilitator")
    facilitator.writes(f"/take {reference}")
    facilitator.writes(f"/resolve {reference} បានបើកលុយជូនហើយ")
    world.pass_time(minutes=2)
    brings(world, tmp_path, REPLACED, GIVEN)
    old.writes("1")
    assert case_of(world).confirmed is None


def test_a_sensitive_case_is_answered_at_no_number_that_a_list_gave(
    world: World, tmp_path: Path, old: Phone, new: Phone
) -> None:
    brings(world, tmp_path, PEOPLE)
    old.writes("មេភូមិចាប់រំលោភកូនស្រីខ្ញុំ")
    assert case_of(world).sensitive is not None
    brings(world, tmp_path, REPLACED, GIVEN)
    before = len(old.received)
    world.pass_time(hours=3)
    assert case_of(world).contact_point_id is None
    assert (len(old.received), new.received) == (before, [])


def test_who_wrote_unlisted_keeps_her_case_where_a_list_gives_her_phone_to_a_listed_person(
    world: World, tmp_path: Path, old: Phone
) -> None:
    """It may be she, or her husband: no other account of the listed person may ask about it."""
    brings(world, tmp_path, PEOPLE.replace("012000111", "012000333"))
    old.writes(NOT_PAID)
    old.writes("ស្រែខ្វាវ អង្គរជុំ")
    writer, reference = case_of(world).person_id, case_of(world).reference
    with world.store.transaction() as tx:
        listed = people.by_external_ids(tx, ["A"])["A"]
        account = contacts.lock(tx, Channel.TELEGRAM, "7001", now=world.now)
        contacts.change(tx, account.id, person_id=listed)
    brings(world, tmp_path, "id,phone\nA,012000111\n")
    facilitator = world.officer("facilitator")
    facilitator.writes(f"/take {reference}")
    facilitator.writes(f"/reply {reference} មកថ្ងៃសុក្រ")
    world.pass_time(minutes=2)
    assert "មកថ្ងៃសុក្រ" in old.texts[-1]
    assert reference in old.writes(reference)[0]
    assert all(reference not in each for each in world.telegram("7001").writes(reference))
    assert case_of(world).person_id == writer != listed
    with world.store.reading() as tx:
        (phone,) = [each for each in contacts.of_person(tx, listed) if each.channel is Channel.SMS]
        assert phone.address == old.address
        assert {each.person_id for each in contacts.sharers(tx, phone.id)} == {writer, listed}


@pytest.mark.parametrize(
    "rows", [("B,012000111", "A,012000222"), ("A,012000222", "B,012000111"), ("A,012000444", "B,012000111")]
)
def test_one_list_may_give_a_number_on_in_any_order_or_swap_two(
    world: World, tmp_path: Path, rows: tuple[str, ...]
) -> None:
    brings(world, tmp_path, PEOPLE.replace("ចាន់ ដារ៉ា,", "ចាន់ ដារ៉ា,012000444"))
    old, other = world.phone("+85512000111"), world.phone("+85512000444")
    new = world.phone("+855" + next(each for each in rows if each[0] == "A").split(",")[1][1:])
    old.writes(NOT_PAID)
    facilitator = world.officer("facilitator")
    facilitator.writes("/take 1")
    facilitator.writes("/resolve 1 បានបើកលុយជូនហើយ")
    world.pass_time(minutes=2)
    brings(world, tmp_path, "\n".join(("id,phone", *rows)) + "\n")
    before = len(old.received)
    new.writes("1")
    assert case_of(world).confirmed is True
    assert len(old.received) == before
    assert not any(case_of(world).reference in each for each in other.texts) or new is other
