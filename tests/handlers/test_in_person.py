"""What is said in person: taken down with and without a number, told in person, and how she speaks is kept."""

from typing import Any

from sqlalchemy import text

from domain.inbound import InboundKind
from tests.support.world import World

WORDS = "មីងសុខ និយាយភាសាកួយ មិនចេះអាន លុយអត់ទាន់ចូល"


def rows(world: World, query: str) -> list[Any]:
    with world.store.reading() as tx:
        return list(tx.execute(text(query)).all())


def test_a_number_among_the_words_ties_her_phone_and_she_gets_the_receipt(world: World) -> None:
    officer = world.officer("facilitator")
    officer.writes(f"/log 012 345 678 {WORDS}")
    (case,) = rows(world, "SELECT reference, person_id FROM grievance_case")
    she = world.phone("+85512345678")
    assert case.reference in she.texts[-1]
    assert "យល់ព្រម" in she.texts[-1]
    assert "012 345 678" not in "".join(str(row.text) for row in rows(world, "SELECT text FROM message"))
    # She asks from her own phone, by the number that she was sent.
    assert case.reference in she.writes(case.reference)[0]
    (person,) = rows(world, "SELECT reads, spoken_language FROM person")
    assert (bool(person.reads), person.spoken_language) == (False, "kuy")


def test_an_officers_own_number_is_not_hers(world: World) -> None:
    world.phone("+85512345678").writes("លុយអត់ទាន់ចូលទេ ៣ខែហើយ")
    with world.store.transaction() as tx:
        tx.execute(text("UPDATE contact_point SET staff_id = 1, person_id = NULL WHERE channel = 'sms'"))
    before = len(world.phone("+85512345678").texts)
    world.officer("facilitator").writes(f"/log {WORDS} 012345678")
    assert len(world.phone("+85512345678").texts) == before


def test_who_has_no_phone_is_told_in_person(world: World) -> None:
    officer = world.officer("facilitator")
    officer.writes(f"/log {WORDS}")
    (case,) = rows(world, "SELECT reference FROM grievance_case")
    said = officer.writes(f"/resolve {case.reference} បើកប្រាក់ថ្ងៃសុក្រ")
    assert f"/told {case.reference}" in said[-1]
    assert case.reference in officer.writes(f"/told {case.reference} គាត់យល់")[0]
    assert rows(world, "SELECT id FROM audit_entry WHERE type = 'case.told_in_person'")


def test_a_wish_to_be_called_stands_on_the_list_until_it_is_done(world: World) -> None:
    she = world.phone()
    she.writes("លុយអត់ទាន់ចូលទេ ៣ខែហើយ")
    she.writes("ស្រែខ្វាវ អង្គរជុំ")
    she.writes("សុំខលមក អានមិនចេះ")
    she.writes("ខលព្រឹក ៨ ដល់ ១០")
    (case,) = rows(world, "SELECT reference, call_wanted_at, call_hours FROM grievance_case")
    assert case.call_wanted_at is not None
    officer = world.officer("facilitator")
    assert "☎" in officer.writes("/cases")[0]
    listed = officer.writes("/cases calls")[0]
    assert "+85512345678" in listed
    assert "8–10" in listed
    assert "+85512345678" not in "".join(world.officer("neighbour").writes("/cases calls"))
    # Whoever else uses the phone meanwhile, she is called on it; and the list lies sealed like all that tells who wrote.
    world.phone("+85512000333").writes("ជំរាបសួរ")
    she.writes("ខ្ញុំជាអ្នកផ្សេង")
    assert "+85512345678" in officer.writes("/cases calls")[0]
    she.writes("ខ្ញុំជាអ្នកផ្សេង")
    she.writes("1")
    assert not rows(world, "SELECT id FROM message WHERE text LIKE '%+855%'")
    assert case.reference in officer.writes(f"/called {case.reference} បាននិយាយគ្នា")[0]
    assert case.reference not in officer.writes("/cases calls")[0]
    # Another wish counts anew.
    she.writes("សុំខលមក")
    assert case.reference in officer.writes("/cases calls")[0]


def test_who_hid_her_name_stands_on_the_desks_list_alone(world: World) -> None:
    she = world.phone()
    she.writes("លុយអត់ទាន់ចូលទេ ៣ខែហើយ លេខខ្ញុំ 012 345 678")
    she.writes("ស្រែខ្វាវ អង្គរជុំ")
    she.writes("សុំខលមក")
    (case,) = rows(world, "SELECT reference FROM grievance_case")
    officer = world.officer("facilitator")
    officer.writes(f"/case {case.reference}")
    assert "+85512345678" in officer.taps("អាន")[0]
    she.writes("សុំលាក់ឈ្មោះ")
    world.pass_time(seconds=30)
    assert world.deleted, "what showed her number is taken off the officer's phone"
    assert case.reference not in officer.writes("/cases calls")[0]
    assert "☎" not in officer.writes("/cases")[0]
    officer.writes(f"/case {case.reference}")
    shown = officer.taps("អាន")[0]
    assert "012 345 678" not in shown
    assert "+855" not in shown
    assert "+85512345678" in world.officer("desk").writes("/cases calls")[0]
    she.writes("បង្ហាញឈ្មោះបាន")
    assert case.reference in officer.writes("/cases calls")[0]


def test_a_button_hides_the_name_too_and_the_answer_never_tells_whether_there_is_a_case(world: World) -> None:
    she = world.telegram()
    she.writes("លុយអត់ទាន់ចូលទេ ៣ខែហើយ")
    assert she.taps("លាក់ឈ្មោះខ្ញុំ") == world.phone("+85512000111").writes("គ្មានឈ្មោះ")
    assert all(row.anonymous for row in rows(world, "SELECT anonymous FROM grievance_case"))
    world.phone("+85512000111").writes("លុយអត់ទាន់ចូលទេ ៣ខែហើយ")
    assert all(row.anonymous for row in rows(world, "SELECT anonymous FROM grievance_case"))


def test_a_search_by_her_number_or_name_does_not_tell_who_hid_them(world: World) -> None:
    she = world.phone()
    reference = she.writes("លុយអត់ទាន់ចូលទេ ៣ខែហើយ លេខខ្ញុំ 012 345 678")[0].split("LP-")[1][:7]
    she.writes("ស្រែខ្វាវ អង្គរជុំ")
    officer = world.officer("facilitator")
    assert reference in officer.writes("/find 012 345 678")[0]
    she.writes("គ្មានឈ្មោះ")
    assert reference not in officer.writes("/find 012 345 678")[0]
    assert reference in officer.writes("/find លុយអត់ទាន់ចូល")[0]


def test_a_number_that_several_share_names_none_of_them(world: World) -> None:
    phone = world.phone()
    phone.writes("លុយអត់ទាន់ចូលទេ ៣ខែហើយ")
    phone.writes("ខ្ញុំជាអ្នកផ្សេង")
    world.officer("facilitator").writes(f"/log {WORDS} 012345678")
    assert len({row.person_id for row in rows(world, "SELECT person_id FROM grievance_case")}) == 2
    assert "LP-" in phone.texts[-1]


def test_a_missed_call_is_on_the_list(world: World) -> None:
    world.phone().sends(InboundKind.CALL)
    assert "+85512345678" in world.officer("desk").writes("/cases calls")[0]
