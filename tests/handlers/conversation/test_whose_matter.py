"""Whose matter it is: written for another, on a phone that several share, and two matters in one text."""

import re
from typing import Any

import pytest
from sqlalchemy import text

from domain.inbound import Channel, InboundKind
from domain.reading import Language
from storage import Store
from storage.queries import console_lists
from storage.queries.persons import contacts, people
from tests.support.world import Phone, World, new_world, photo
from wording import say

ANOTHER, ROAD = "ខ្ញុំជាអ្នកផ្សេង", "ផ្លូវខូច ឡានទៅមិនបាន"
COMPLAINT = "លុយអត់ទាន់ចូលទេ ៣ខែហើយ"
REFERENCE = re.compile(r"LP-[0-9A-Z]{4}-[0-9A-Z]{2}")


def rows(world: World, query: str) -> list[Any]:
    with world.store.reading() as tx:
        return list(tx.execute(text(query)).all())


def read(world: World, reference: str) -> str:
    officer = world.officer("facilitator")
    officer.writes(f"/case {reference}")
    return officer.taps("អាន")[0]


def test_a_case_keeps_who_writes_and_whom_it_is_about(world: World) -> None:
    she = world.phone()
    words = "ខ្ញុំសរសេរជំនួសអ្នកជិតខាង ឈ្មោះ សុខ ចាន់។ លុយអត់ទាន់ចូលទេ នៅឃុំស្រែខ្វាវ ស្រុកអង្គរជុំ"
    reference = REFERENCE.findall(she.writes(words)[0])[0]
    (case,) = rows(world, "SELECT person_id, about_id FROM grievance_case")
    assert case.about_id not in (None, case.person_id)
    she.writes("ស្រែខ្វាវ អង្គរជុំ")
    assert "សរសេរជំនួស សុខ ចាន់" in read(world, reference)
    she.writes("គ្មានឈ្មោះ")
    hidden = read(world, reference)
    assert "សរសេរជំនួស" in hidden
    assert "សុខ ចាន់" not in hidden


def test_whom_it_is_about_is_found_among_the_names_of_her_village(world: World) -> None:
    with world.store.transaction() as tx:
        area = world.areas["170107"]
        known = people.create(tx, world.now, name="សុខ ចាន់", external_id="M-7", area_id=area)
        contact = contacts.lock(tx, Channel.SMS, "+85512345678", now=world.now)
        writer = people.create(tx, world.now, name="ស្រី", area_id=area)
        contacts.change(tx, contact.id, person_id=writer)
    world.phone().writes("ខ្ញុំសរសេរជំនួសម្ដាយខ្ញុំ ឈ្មោះ សុខ ចាន់។ លុយអត់ទាន់ចូលទេ")
    (case,) = rows(world, "SELECT person_id, about_id FROM grievance_case")
    assert (case.person_id, case.about_id) == (writer, known)


def test_nobody_is_asked_for_whom_she_writes(world: World) -> None:
    answers = world.phone().writes("ខ្ញុំសរសេរជំនួសម្ដាយខ្ញុំ លុយអត់ទាន់ចូលទេ ៣ខែហើយ")
    assert world.phone("+85512000222").writes(COMPLAINT)[1:] == answers[1:]


def test_two_people_on_one_phone_are_kept_apart(world: World) -> None:
    phone = world.phone()
    first = REFERENCE.findall(phone.writes(COMPLAINT)[0])[0]
    phone.writes("ខ្ញុំជាអ្នកផ្សេង")
    second = REFERENCE.findall(phone.writes("ផ្លូវខូច ឡានទៅមិនបាន")[0])[0]
    assert first != second
    assert len({row.person_id for row in rows(world, "SELECT person_id FROM grievance_case")}) == 2
    # By its reference each can be asked about from this phone.
    assert first in phone.writes(first)[0]
    # Within the hour nobody is asked whose matter it is; in another sitting once, and 1 is the first of them.
    world.pass_time(hours=3)
    third = phone.writes("ប្រជុំពេលណា ខ្ញុំមិនបានដឹងទេ គេមិនប្រាប់ ខ្ញុំតវ៉ា")
    assert "រឿងនេះរបស់អ្នកណា" in third[-1]
    phone.writes("1")
    owners = [row.person_id for row in rows(world, "SELECT person_id FROM grievance_case ORDER BY id")]
    assert owners[2] == owners[0]


def test_the_question_is_the_same_after_a_sensitive_report(world: World) -> None:
    asked = []
    words = (ROAD, "គាត់ឲ្យខ្ញុំទៅផ្ទះគាត់ពេលយប់សិន ទើបចុះហត្ថលេខាឲ្យ ខ្ញុំខ្លាច", "សុំខលមក")
    for n, said in enumerate(words):
        phone = shared(world, world.phone(f"+8551200000{n}"))
        world.pass_time(hours=3)
        asked.append([REFERENCE.sub("R", text) for text in phone.writes(said)])
    account = shared(world, world.telegram())
    world.pass_time(hours=3)
    asked.append(account.sends(InboundKind.MEDIA, media=photo()))
    assert len({each[-1] for each in asked}) == 1
    account.taps("អ្នកទី 2")
    assert len({row.person_id for row in cases_of(world, account)}) == 2


def shared(world: World, phone: Phone) -> Phone:
    """Let two people use a phone, the second last; the first has a complaint in a commune."""
    phone.writes(COMPLAINT)
    phone.writes("ស្រែខ្វាវ អង្គរជុំ")
    phone.writes(ANOTHER)
    return phone


def cases_of(world: World, phone: Phone) -> list[Any]:
    with world.store.reading() as tx:
        contact = contacts.find(tx, phone.channel, phone.address)
        assert contact is not None
        query = text("SELECT * FROM grievance_case WHERE contact_point_id = :id ORDER BY id")
        return list(tx.execute(query, {"id": contact.id}).all())


def test_what_somebody_else_writes_is_no_answer_to_what_one_was_asked(world: World) -> None:
    phone = world.phone()
    phone.writes(COMPLAINT)
    phone.writes("ស្រែខ្វាវ អង្គរជុំ")
    world.officer("facilitator").writes("/ask 1 ខែណា?")
    world.pass_time(minutes=2)
    phone.writes(ANOTHER)
    phone.writes(ROAD)
    first, second = cases_of(world, phone)
    assert (first.status, second.status) == ("awaiting", "new")
    assert first.person_id != second.person_id
    words = read(world, first.reference)
    assert ROAD not in words
    # Whoever works on it is told that others may read what is sent, or take the call.
    assert say("person_shares_phone", Language.KM) in words
    with world.store.reading() as tx:
        assert console_lists.callees(tx, {first.id})[first.id].shares


def test_what_one_wishes_is_not_done_to_another(world: World) -> None:
    phone = world.phone()
    phone.writes(COMPLAINT)
    phone.writes("គ្មានឈ្មោះ")
    phone.writes(ANOTHER)
    phone.writes("បង្ហាញឈ្មោះបាន")
    assert cases_of(world, phone)[0].anonymous
    phone.writes("សុំដករឿង")
    assert cases_of(world, phone)[0].status == "new"
    # Whose matters are open is not told to who wishes to be erased.
    assert phone.writes("លុបទិន្នន័យខ្ញុំ")[0].startswith("បានទទួលសំណើលុប")
    first, wish = cases_of(world, phone)
    assert (wish.topic, wish.person_id == first.person_id) == ("erasure", False)


def test_who_got_the_number_of_another_has_nothing_to_do_with_her_matters(world: World) -> None:
    phone = world.phone()
    phone.writes(COMPLAINT)
    with world.store.transaction() as tx:
        now_hers = people.create(tx, world.now, name="លី", external_id="M-2")
        tx.execute(text(f"UPDATE contact_point SET person_id = {now_hers} WHERE staff_id IS NULL"))
    world.pass_time(days=1)
    (case,) = cases_of(world, phone)
    assert case.reference not in "".join(phone.writes("សុំដករឿង"))
    assert case.reference not in "".join(phone.writes("លុបទិន្នន័យខ្ញុំ"))


@pytest.mark.parametrize(
    ("wish", "done"),
    [
        ("លុបទិន្នន័យខ្ញុំ", "SELECT person_id FROM grievance_case WHERE topic = 'erasure'"),
        ("កុំសួរទៀត", "SELECT id FROM person WHERE NOT surveys"),
    ],
)
def test_after_an_hour_it_is_asked_who_wishes_what_concerns_one_alone(world: World, wish: str, done: str) -> None:
    phone = shared(world, world.phone())
    world.pass_time(hours=3)
    assert phone.writes(wish) == ["អ្នកណាកំពុងសរសេរ? 1 អ្នកទី 1 2 អ្នកទី 2 3 អ្នកផ្សេង។ មិនតបក៏បាន។"]
    # Unanswered it waits for the desk, and nothing is done to anybody.
    assert rows(world, "SELECT id FROM message WHERE kind = 'unsorted'")
    assert rows(world, done) == []
    phone.writes("1")
    assert [row[0] for row in rows(world, done)] == [cases_of(world, phone)[0].person_id]
    assert rows(world, "SELECT id FROM message WHERE kind = 'unsorted'") == []


def test_until_it_is_known_whose_it_is_nobody_is_named_and_nobody_elses_account_asks(world: World) -> None:
    account = world.telegram()
    phone = shared(world, world.phone())
    with world.store.transaction() as tx:
        people.change(tx, 1, name="សុខ ចាន់")
        tx.execute(text("UPDATE contact_point SET person_id = 1 WHERE channel = 'sms' AND staff_id IS NULL"))
        contact = contacts.lock(tx, Channel.TELEGRAM, account.address, now=world.now)
        contacts.change(tx, contact.id, person_id=1)
    world.pass_time(hours=3)
    reference = REFERENCE.findall(phone.writes(f"{ROAD} ស្រែខ្វាវ អង្គរជុំ")[0])[0]
    assert "សុខ ចាន់" not in read(world, reference)
    assert reference not in account.writes(reference)[0]
    phone.writes("2")
    assert reference not in account.writes(reference)[0]
    assert cases_of(world, phone)[1].person_id != 1
    assert not cases_of(world, phone)[1].anonymous


def test_it_is_offered_to_add_to_ones_own_once_it_is_known_whose_it_is(world: World) -> None:
    phone = shared(world, world.phone())
    world.pass_time(hours=3)
    phone.writes(f"{COMPLAINT} ទៀត")
    first = cases_of(world, phone)[0]
    assert first.reference in phone.writes("1")[-1]
    phone.writes("1")
    assert cases_of(world, phone)[1].duplicate_of == first.id


@pytest.mark.parametrize("by", ["sms", "telegram"])
def test_a_matter_of_somebody_elses_is_a_case_of_its_own(world: World, by: str) -> None:
    she = world.phone() if by == "sms" else world.telegram()
    she.writes(COMPLAINT)
    she.writes("ខ្ញុំសរសេរជំនួសអ្នកជិតខាង ឈ្មោះ សុខ ចាន់ ផ្លូវខូច ឡានទៅមិនបាន")
    first, second = cases_of(world, she)
    assert first.about_id is None
    assert second.about_id not in (None, second.person_id)


def test_for_whom_she_writes_may_be_told_afterwards(store: Store) -> None:
    world = new_world(store, "rrpm")
    she = world.phone("+8562055512345")
    she.writes("ເງິນຍັງບໍ່ເຂົ້າ 3 ເດືອນແລ້ວ")
    assert she.writes("ຂ້ອຍຂຽນແທນແມ່ຂ້ອຍ") == [say("noted", Language.LO)]
    she.writes("ໂພນງາມ")
    (case,) = cases_of(world, she)
    # The place is that of whom it is about; where she lives herself nobody knows.
    assert [row.area_id for row in rows(world, "SELECT area_id FROM person ORDER BY id")] == [None, case.area_id]
    assert case.about_id is not None


def test_an_accusation_as_the_second_matter_bars_whom_it_names(world: World) -> None:
    she = world.phone()
    reference = REFERENCE.findall(she.writes("លុយអត់ទាន់ចូលទេ ៣ខែហើយ មេឃុំយកលុយ ២ម៉ឺន ទើបចុះឈ្មោះឲ្យ")[0])[0]
    she.writes("ស្រែខ្វាវ អង្គរជុំ")
    (case,) = rows(world, "SELECT barred_to, category, secondary FROM grievance_case")
    assert {case.category, case.secondary} & {"corruption"}
    assert case.barred_to >= 1
    assert reference not in "".join(world.officer("chief").writes(f"/case {reference}")[1:])
    assert "ស្រែខ្វាវ" not in "".join(world.officer("chief").texts)
