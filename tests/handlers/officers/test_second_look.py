"""Closing what accuses somebody: a second person agrees, or gives the decision back; until then nothing is said."""

import re

import pytest

from domain.inbound import Channel
from domain.reading import Language
from domain.settings import Level
from storage.queries import settings
from storage.queries.casework import cases
from tests.handlers.cases.test_deadlines import newest
from tests.support.world import Phone, World
from wording import say

CHIEF = "មេឃុំយកលុយ ២ម៉ឺន ទើបចុះឈ្មោះឲ្យ"
DECISION = "មេឃុំត្រូវសងលុយវិញ"


@pytest.fixture
def officer(world: World) -> Phone:
    """The district's officer, who has a case that accuses the chief."""
    she = world.phone()
    she.writes(CHIEF)
    she.writes("ស្រែខ្វាវ អង្គរជុំ")
    assert newest(world).level is Level.DISTRICT
    return world.officer("district")


def told(world: World) -> list[str]:
    world.pass_time(minutes=2)
    return [text for text in world.phone().texts if DECISION in text]


def test_she_is_told_nothing_until_a_second_person_agrees(world: World, officer: Phone) -> None:
    reference = newest(world).reference
    due = newest(world).due_at
    assert reference in officer.writes(f"/resolve 1 {DECISION}")[0]
    assert told(world) == []
    assert (newest(world).is_open, newest(world).due_at) == (True, due)
    province = world.officer("province")
    assert reference in province.texts[-1]
    assert DECISION not in province.texts[-1]
    province.taps("យល់ព្រម")
    assert len(told(world)) == 1
    assert "grievances@worldbank.org" in told(world)[0]
    assert newest(world).status == "resolved"
    assert reference in officer.texts[-1]


def test_who_proposed_cannot_agree_and_nobody_below_either(world: World, officer: Phone) -> None:
    officer.writes(f"/reject 1 {DECISION}")
    officer.writes("/agree 1")
    world.officer("chief").writes(f"/agree {newest(world).reference}")
    world.officer("facilitator").writes(f"/agree {newest(world).reference}")
    assert newest(world).is_open
    assert told(world) == []


def test_the_desk_agrees_and_reads_what_is_proposed(world: World, officer: Phone) -> None:
    officer.writes(f"/resolve 1 {DECISION}")
    desk = world.officer("desk")
    assert any(DECISION in text for text in desk.taps("អាន"))
    desk.writes(f"/agree {newest(world).reference}")
    assert len(told(world)) == 1


def test_who_does_not_agree_gives_it_back_with_the_reason(world: World, officer: Phone) -> None:
    officer.writes(f"/resolve 1 {DECISION}")
    province = world.officer("province")
    province.taps("មិនយល់ព្រម")
    province.writes("សូមសួរសាក្សីសិន")
    assert "សូមសួរសាក្សីសិន" in officer.texts[-1]
    assert newest(world).is_open
    assert told(world) == []
    assert "គ្មាន" in province.writes(f"/agree {newest(world).reference}")[0]


def test_by_sms_it_takes_a_code(world: World, officer: Phone) -> None:
    second = world.add_officer("second", Level.DISTRICT, "1701", language=Language.KM, channel=Channel.SMS)
    officer.writes(f"/resolve 1 {DECISION}")
    assert DECISION not in second.texts[-1]
    number = re.findall(r"\[(\d+)\]", second.texts[-1])[0]
    (asked,) = second.writes(f"យល់ព្រម {number}")
    assert newest(world).is_open
    code = re.findall(r"\b\d{4}\b", asked.replace(newest(world).reference, ""))[0]
    second.writes(code)
    assert newest(world).status == "resolved"


def test_a_decision_that_waits_falls_when_the_case_goes_up(world: World, officer: Phone) -> None:
    officer.writes(f"/resolve 1 {DECISION}")
    world.pass_time(days=9)
    assert newest(world).level is Level.PROVINCE
    assert "គ្មាន" in world.officer("desk").writes(f"/agree {newest(world).reference}")[0]
    assert told(world) == []


def test_other_matters_are_closed_by_one(world: World) -> None:
    she = world.phone()
    she.writes("លុយអត់ទាន់ចូលទេ ៣ខែហើយ")
    she.writes("ស្រែខ្វាវ អង្គរជុំ")
    world.officer("facilitator").writes(f"/resolve 1 {DECISION}")
    assert newest(world).status == "resolved"


def test_a_proposal_and_an_agreement_are_taken_back_in_time(world: World, officer: Phone) -> None:
    reference = newest(world).reference
    officer.writes(f"/resolve 1 {DECISION}")
    province = world.officer("province")
    officer.writes("/undo")
    assert any(each.message_id == province.received[-1].message_id for each in world.deleted)
    assert "គ្មាន" in province.writes(f"/agree {reference}")[0]
    officer.writes(f"/resolve 1 {DECISION}")
    province.writes(f"/agree {reference}")
    assert newest(world).status == "resolved"
    province.writes("/undo")
    assert newest(world).is_open
    assert told(world) == []
    world.officer("desk").writes(f"/agree {reference}")
    assert len(told(world)) == 1, "the decision had gone on waiting"


def test_who_answered_a_proposal_keeps_it_from_being_taken_back(world: World, officer: Phone) -> None:
    officer.writes(f"/resolve 1 {DECISION}")
    world.officer("province").writes(f"/disagree {newest(world).reference} ask the witnesses")
    assert officer.writes("/undo") == [say("officer_undo_gone_on", Language.KM, ref=newest(world).reference)]


@pytest.mark.parametrize("moves", ["transfer", "bar", "absent"])
def test_a_decision_that_waits_falls_when_another_has_the_case(world: World, officer: Phone, moves: str) -> None:
    reference = newest(world).reference
    officer.writes(f"/resolve 1 {DECISION}")
    desk = world.officer("desk")
    if moves == "transfer":
        desk.writes(f"/transfer {reference} 170205")
    elif moves == "bar":
        desk.writes(f"/bar {reference} {world.staff['district']}")
    else:
        officer.writes("/absent 20/3")
    assert "គ្មាន" in world.officer("province").writes(f"/agree {reference}")[0]
    assert told(world) == []


def test_an_accusation_as_second_matter_falls_too_when_the_case_goes_up(world: World, officer: Phone) -> None:
    with world.store.transaction() as tx:
        cases.change(tx, newest(world).id, category="payment_missing", secondary="corruption")
    officer.writes(f"/resolve 1 {DECISION}")
    officer.writes("/escalate 1 not in my power")
    assert "គ្មាន" in world.officer("desk").writes(f"/agree {newest(world).reference}")[0]
    assert newest(world).is_open


def test_a_decision_names_the_body_that_takes_corruption(world: World, officer: Phone) -> None:
    with world.store.transaction() as tx:
        project = settings.current(tx).model_copy(update={"integrity_address": "ACU 1282"})
        settings.add(tx, project, actor="staff", actor_id=None, now=world.now)
    world.context._read_at = -10.0
    officer.writes(f"/resolve 1 {DECISION}")
    world.officer("province").taps("យល់ព្រម")
    (decision,) = told(world)
    assert "ACU 1282" in decision
    assert "worldbank" not in decision
