"""Whose matter it is: written for another, on a phone that several share, and two matters in one text."""

import re
from typing import Any

from sqlalchemy import text

from domain.inbound import Channel
from storage.queries.persons import contacts, people
from tests.support.world import World

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
    words = ("ផ្លូវខូច ឡានទៅមិនបាន", "គាត់ឲ្យខ្ញុំទៅផ្ទះគាត់ពេលយប់សិន ទើបចុះហត្ថលេខាឲ្យ ខ្ញុំខ្លាច")
    for number, said in zip(("+85512000001", "+85512000002"), words, strict=True):
        phone = world.phone(number)
        phone.writes(COMPLAINT)
        phone.writes("ខ្ញុំជាអ្នកផ្សេង")
        world.pass_time(hours=3)
        asked.append([REFERENCE.sub("R", text) for text in phone.writes(said)])
    assert asked[0][-1] == asked[1][-1]


def test_an_accusation_as_the_second_matter_bars_whom_it_names(world: World) -> None:
    she = world.phone()
    reference = REFERENCE.findall(she.writes("លុយអត់ទាន់ចូលទេ ៣ខែហើយ មេឃុំយកលុយ ២ម៉ឺន ទើបចុះឈ្មោះឲ្យ")[0])[0]
    she.writes("ស្រែខ្វាវ អង្គរជុំ")
    (case,) = rows(world, "SELECT barred_to, category, secondary FROM grievance_case")
    assert {case.category, case.secondary} & {"corruption"}
    assert case.barred_to >= 1
    assert reference not in "".join(world.officer("chief").writes(f"/case {reference}")[1:])
    assert "ស្រែខ្វាវ" not in "".join(world.officer("chief").texts)
