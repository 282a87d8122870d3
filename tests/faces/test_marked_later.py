"""A case that an officer marks as sensitive: whatever he and others held of it is gone, and stays gone."""

import re

import pytest
from sqlalchemy import text

from storage.queries.casework import cases
from tests.faces.cast import MISSING, PLACE, REFERENCE
from tests.support.world import World

READ = "អាន"


@pytest.fixture
def reference(world: World) -> str:
    she = world.phone()
    (found,) = REFERENCE.findall(she.writes(MISSING)[0])
    she.writes(PLACE)
    return str(found)


def rows(world: World, query: str) -> list[tuple[object, ...]]:
    with world.store.reading() as tx:
        return [tuple(row) for row in tx.execute(text(query))]


def marks(world: World, reference: str, by: str = "facilitator") -> None:
    world.officer(by).writes(f"/sensitive {reference}")


def test_notices_and_words_leave_the_officers_phones(world: World, reference: str) -> None:
    officer = world.officer("facilitator")
    officer.taps(READ)
    shown = [message.message_id for message in officer.received if reference in message.text]
    marks(world, reference)
    assert {message.message_id for message in world.deleted} >= set(shown)
    stored = rows(world, f"SELECT count(*) FROM message WHERE text LIKE '%{MISSING}%'")
    assert stored == [(0,)], "her words, and what officers were shown of them, lie under the sensitive key"


def test_what_still_waits_for_an_officer_is_taken_back(world: World, reference: str) -> None:
    case = rows(world, "SELECT id FROM grievance_case")[0][0]
    officer = world.officer("chief")
    heard = len(officer.texts)
    world.now = world.now.replace(hour=15)
    with world.store.transaction() as tx:
        tx.execute(
            text(
                f"UPDATE outbox SET state = 'queued' WHERE message_id IN (SELECT id FROM message WHERE case_id={case})"
            )
        )
    marks(world, reference)
    assert len(officer.texts) == heard
    waiting = (
        "SELECT count(*) FROM outbox JOIN message ON message.id = outbox.message_id WHERE message.kind = 'officer'"
    )
    assert rows(world, waiting) == [(0,)]


def test_a_draft_an_answer_and_a_code_come_to_nothing(world: World, reference: str) -> None:
    officer, she = world.officer("facilitator"), world.phone()
    officer.writes(f"/note {reference} noted before")
    officer.replies_to_last("she told me something secret")
    world.officer("desk").writes(f"/reply {reference} we look at it")
    heard = len(she.texts)
    marks(world, reference)
    officer.taps("ផ្ញើ")
    world.pass_time(minutes=5)
    assert len(she.texts) == heard, "neither the draft nor the held answer reaches her"
    payloads = rows(world, "SELECT state FROM pending_act WHERE case_id IS NOT NULL")
    assert {state for (state,) in payloads} <= {"dropped", "done"}


def test_undo_finds_nothing_and_takes_back_no_other_act(world: World, reference: str) -> None:
    other = world.phone("+85512777888")
    (second,) = REFERENCE.findall(other.writes(MISSING)[0])
    other.writes(PLACE)
    officer = world.officer("facilitator")
    officer.writes(f"/resolve {second} done")
    officer.writes(f"/resolve {reference} done")
    marks(world, reference, by="desk")
    before = rows(world, "SELECT reference, status FROM grievance_case ORDER BY id")
    (said,) = officer.writes("/undo")
    assert reference not in said
    assert rows(world, "SELECT reference, status FROM grievance_case ORDER BY id") == before


def test_a_second_look_lapses_and_an_incident_counts_one_less(world: World) -> None:
    she = world.phone()
    (reference,) = REFERENCE.findall(she.writes("មេឃុំយកលុយ ២ម៉ឺន ទើបចុះឈ្មោះឲ្យ")[0])
    she.writes(PLACE)
    world.officer("district").writes(f"/resolve {reference} upheld he gives it back")
    assert rows(world, "SELECT state FROM second_look") == [("open",)]
    with world.store.transaction() as tx:
        tx.execute(
            text(
                "INSERT INTO incident (category, area_id, state, opened_at) "
                "SELECT 'payment_missing', id, 'open', '2026-03-03 00:00:00+00:00' FROM area LIMIT 1"
            )
        )
        tx.execute(text("UPDATE grievance_case SET incident_id = (SELECT id FROM incident)"))
    marks(world, reference, by="district")
    assert rows(world, "SELECT state FROM second_look") == [("lapsed",)]
    assert rows(world, "SELECT incident_id FROM grievance_case") == [(None,)]


@pytest.mark.parametrize("ask", ["/case {}", "/take {}", "/note {} x", "/reply {} x", "/resolve {} x", "/sensitive {}"])
def test_its_number_answers_like_one_that_was_never_given(world: World, reference: str, ask: str) -> None:
    marks(world, reference)
    world.context.monotonic = lambda: 0.0
    officer = world.officer("facilitator")
    gone, never = ([each.replace(f"[{n}]", "[N]") for each in officer.writes(ask.format(n))] for n in (1, 77))
    assert gone == never
    assert reference not in "".join(gone)


def test_nobody_in_the_area_sees_it_in_lists_search_figures_or_the_morning(world: World, reference: str) -> None:
    marks(world, reference)
    for name in ("facilitator", "chief", "district", "province", "nation", "desk"):
        officer = world.officer(name)
        heard = len(officer.texts)
        for command in ("/cases all", "/stats", "/find លុយ", f"/find {reference[3:7]}"):
            officer.writes(command)
        world.pass_time(days=1)
        said = "\n".join(officer.texts[heard:])
        assert reference not in said, name
        assert not re.search(r"\[1\]", said), name


def test_a_release_brings_it_back_and_its_clocks_end(world: World, reference: str) -> None:
    marks(world, reference)
    world.officer("focal one").writes(f"/release {reference} not harm")
    with world.store.reading() as tx:
        found = cases.by_reference(tx, reference)
    assert found is not None
    assert found.sensitive is None
    heard = len(world.officer("focal two").texts)
    world.pass_time(hours=50)
    assert len(world.officer("focal two").texts) == heard
