"""Erasure: by her wish through the desk, and when the time for keeping is over; figures and the audit chain stay."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import LargeBinary, Text, text

import storage.tables as tables
from domain.settings import Level
from handlers import erasing as erasing_acts
from storage import Store
from storage.queries import audit
from storage.queries.persons import erasing, people
from storage.tables.base import EncryptedBytes, EncryptedText, JsonText
from tests.support.world import Phone, World, new_world

COMPLAINT = "លុយអត់ទាន់ចូលទេ ៣ខែហើយ"
ABUSE = "គាត់ឲ្យខ្ញុំទៅផ្ទះគាត់ពេលយប់សិន ទើបចុះហត្ថលេខាឲ្យ ខ្ញុំខ្លាច"
WISH = {"km": "លុបទិន្នន័យខ្ញុំ", "lo": "ລຶບຂໍ້ມູນຂ້ອຍ"}


def rows(world: World, query: str) -> list[Any]:
    with world.store.reading() as tx:
        return list(tx.execute(text(query)).all())


def wish(world: World, she: Phone) -> str:
    she.writes(WISH["km"])
    (row,) = rows(world, "SELECT reference FROM grievance_case WHERE topic = 'erasure'")
    return str(row.reference)


def test_every_column_that_can_hold_words_is_in_the_register() -> None:
    wide = (EncryptedText, EncryptedBytes, JsonText, LargeBinary)
    found = {
        f"{table.name}.{column.name}"
        for table in tables.Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, wide) or type(column.type) is Text
    }
    assert found == set(erasing.REGISTER)


def test_what_is_kept_is_told_in_general_terms(world: World) -> None:
    she = world.phone()
    assert "24" in she.writes("រក្សាទុកអ្វីខ្លះអំពីខ្ញុំ")[0]
    assert rows(world, "SELECT id FROM grievance_case") == []


def test_she_is_erased_after_her_last_message_and_the_chain_holds(world: World) -> None:
    she = world.phone()
    she.writes(COMPLAINT)
    she.writes("ស្រែខ្វាវ អង្គរជុំ")
    world.pass_time(hours=1)
    assert "1" in she.writes(WISH["km"])[0]
    assert she.writes("2")
    reference = rows(world, "SELECT reference FROM grievance_case WHERE topic = 'erasure'")[0].reference
    desk = world.officer("desk")
    assert "/erase" in desk.texts[-1]
    desk.writes(f"/erase {reference}")
    assert rows(world, "SELECT id FROM grievance_case WHERE status <> 'closed'"), "a second person has to agree"
    second = world.add_officer("second of the desk", Level.DESK, None, language=world.context.settings.default_language)
    second.writes(f"/erase {reference}")
    assert reference in she.texts[-1]
    assert not rows(world, "SELECT id FROM grievance_case WHERE status <> 'closed'")
    world.pass_time(minutes=5)
    kept = rows(world, "SELECT text, sealed_text FROM message WHERE direction = 'in' AND case_id IS NOT NULL")
    assert kept
    assert all(row.text is None and row.sealed_text is None for row in kept)
    (person,) = rows(world, "SELECT name, external_id, erased_at FROM person")
    assert person.erased_at is not None
    # The category and the place of her case stay for the figures.
    assert rows(world, "SELECT category FROM grievance_case WHERE area_path = '17/1701/170107/'")
    with world.store.reading() as tx:
        assert list(audit.faults(tx, {})) == []
    # Whoever writes from this number is somebody new.
    she.writes(COMPLAINT)
    assert len(rows(world, "SELECT id FROM person")) == 2


def test_she_may_let_open_matters_be_settled_first(world: World) -> None:
    she = world.phone()
    she.writes(COMPLAINT)
    world.pass_time(hours=1)
    she.writes(WISH["km"])
    she.writes("1")
    assert [row.status for row in rows(world, "SELECT status FROM grievance_case WHERE topic = 'erasure'")] == [
        "closed"
    ]
    assert rows(world, "SELECT id FROM grievance_case WHERE status = 'new'")


def test_a_sensitive_case_neither_shows_nor_is_erased_by_the_desk(world: World) -> None:
    she = world.phone()
    she.writes(ABUSE)
    world.pass_time(hours=1)
    plain = world.phone("+85512999888")
    answers = [phone.writes(WISH["km"])[0] for phone in (she, plain)]
    assert answers[0].split("LP-")[0] == answers[1].split("LP-")[0]
    reference = answers[0][answers[0].index("LP-") :][:10]
    world.officer("desk").writes(f"/erase {reference}")
    world.pass_time(minutes=5)
    (sealed,) = rows(world, "SELECT reference FROM grievance_case WHERE sensitive IS NOT NULL")
    assert rows(world, "SELECT id FROM message WHERE sealed_text IS NOT NULL AND direction = 'in'")
    assert sealed.reference in world.officer("focal one").texts[-1]
    assert sealed.reference not in "".join(world.officer("desk").texts)
    world.officer("focal one").writes(f"/erase {sealed.reference}")
    world.pass_time(minutes=5)
    assert not rows(world, "SELECT id FROM message WHERE sealed_text IS NOT NULL AND direction = 'in'")


def test_nobody_is_erased_who_did_not_ask(world: World) -> None:
    she = world.phone()
    she.writes(COMPLAINT)
    (case,) = rows(world, "SELECT reference FROM grievance_case")
    world.officer("desk").writes(f"/erase {case.reference}")
    world.officer("facilitator").writes(f"/erase {case.reference}")
    world.pass_time(minutes=5)
    assert not rows(world, "SELECT id FROM person WHERE erased_at IS NOT NULL")


def test_what_was_said_outside_every_case_is_emptied_at_the_same_age(world: World) -> None:
    world.phone("+85512000001").writes("zzz qqq")
    listed = world.phone("+85512000002")
    listed.writes("ជំរាបសួរ")
    with world.store.transaction() as tx:
        whose = people.create(tx, world.now, name="Sok", external_id="M-1")
        tx.execute(text(f"UPDATE contact_point SET person_id = {whose} WHERE id = (SELECT max(id) FROM contact_point)"))
    world.pass_time(days=600)
    world.phone("+85512000003").writes("ជំរាបសួរ")
    world.pass_time(days=140)
    kept = rows(world, "SELECT text FROM message WHERE text IS NOT NULL AND staff_id IS NULL")
    assert len(kept) == 2, "those of the one who wrote last"
    assert not rows(world, "SELECT id FROM message WHERE kind = 'unsorted'")
    # Whoever is on a list is still reached; nobody knows any more who else wrote.
    hashes = rows(world, "SELECT address_hash FROM contact_point WHERE staff_id IS NULL ORDER BY id")
    assert [row.address_hash.startswith("erased:") for row in hashes] == [True, False, False]


def test_all_that_is_over_its_time_is_emptied_in_one_run(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasing_acts, "_AT_ONCE", 2)
    for number in range(5):
        world.phone(f"+8551200000{number}").writes(COMPLAINT)
    with world.store.transaction() as tx:
        tx.execute(text("UPDATE grievance_case SET status = 'closed', closed_at = received_at"))
    world.now += timedelta(days=760)
    assert world.sweep()["keeping"] == 5


def test_lists_on_which_she_stood_go_with_her(world: World) -> None:
    she = world.phone()
    she.writes(COMPLAINT)
    she.writes("ស្រែខ្វាវ អង្គរជុំ")
    she.writes("សុំខលមក")
    world.officer("facilitator").writes("/cases calls")
    with world.store.transaction() as tx:
        made = "INSERT INTO condition (id, code, labels, due_on, state, created_at)"
        tx.execute(text(f"{made} VALUES (1, 'c', '{{}}', '2026-03-20', 'open', '2026-03-01 00:00:00')"))
        tx.execute(text("INSERT INTO condition_person (condition_id, person_id) VALUES (1, 1)"))
        tx.execute(text("UPDATE grievance_case SET status = 'closed', closed_at = received_at"))
    world.pass_time(hours=1)
    world.officer("desk").writes(f"/erase {wish(world, she)}")
    world.pass_time(minutes=5)
    assert rows(world, "SELECT id FROM person WHERE erased_at IS NOT NULL")
    assert not rows(world, "SELECT * FROM condition_person")
    shown = rows(world, "SELECT sealed_text, text FROM message WHERE key = 'officer_calls'")
    assert [(row.sealed_text, row.text) for row in shown] == [(None, None)]


def test_closed_cases_are_emptied_when_their_time_is_over(world: World) -> None:
    she = world.phone()
    she.writes(COMPLAINT)
    with world.store.transaction() as tx:
        tx.execute(text("UPDATE grievance_case SET status = 'closed', closed_at = received_at"))
    world.pass_time(days=700)
    assert not rows(world, "SELECT id FROM person WHERE erased_at IS NOT NULL")
    world.pass_time(days=40)
    assert all(row.text is None for row in rows(world, "SELECT text FROM message WHERE case_id IS NOT NULL"))
    assert rows(world, "SELECT id FROM person WHERE erased_at IS NOT NULL")


@pytest.mark.parametrize("language", ["lo"])
def test_the_wish_is_heard_in_lao(store: Store, language: str) -> None:
    world = new_world(store, "rrpm")
    assert "LP-" in world.phone().writes(WISH[language])[0]
