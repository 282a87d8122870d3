"""Danger to a life in an ordinary case: who is called at once, what she is told, and that an answer waits for no morning."""

from datetime import timedelta

import pytest

from tests.support.world import World
from understanding.hazards import says_hazard

DANGER = (
    "UXO found where they dig the road, children play there",
    "the wire fell on the ground near the school",
    "a worker is buried under the wall",
    "ជីកដី២ម៉ែត្រ ដីបាក់សង្កត់ប្តីខ្ញុំ",
    "ខ្សែភ្លើងដាច់ធ្លាក់ក្នុងទឹក ក្បែរសាលា",
    "មានគ្រាប់បែកចាស់នៅកន្លែងជីកប្រឡាយ",
    "ພົບລະເບີດເກົ່າບ່ອນຂຸດທາງ",
    "ສາຍໄຟຂາດຕົກໃສ່ທາງ",
    "ໝູ່ຂ້ອຍໂດນໄຟຊັອດຢູ່ໜ້າງານ",
    "hen labert bon khut thang",
)
NONE = (
    "we are dying of hunger, when does the money come",
    "ລະເບີດຫີນແຮງ ຝາເຮືອນແຕກ",
    "ຊິຕາຍແລ້ວ ເງິນບໍ່ມາ",
    "ជិតស្លាប់ហើយ លុយមិនមក",
    "the road is broken since the flood",
    "no electricity wire to our village",
    "ផ្លូវបាក់អស់ហើយ",
)
NIGHT = timedelta(hours=13)


def test_danger_to_a_life_is_told_from_other_need() -> None:
    assert [each for each in DANGER if not says_hazard(each)] == []
    assert [each for each in NONE if says_hazard(each)] == []


@pytest.fixture
def wire(world: World) -> World:
    """At eleven at night a wire has come down."""
    world.now += NIGHT
    world.phone().writes("ខ្សែភ្លើងដាច់ធ្លាក់ក្នុងទឹក ក្បែរសាលា ភូមិស្រែខ្វាវ អង្គរជុំ")
    return world


def test_at_night_the_officer_and_the_desk_are_called_and_she_learns_whom_to_ring(wire: World) -> None:
    assert "គ្រោះថ្នាក់ដល់ជីវិត" in wire.phone().texts[-1]
    for name in ("facilitator", "desk"):
        assert any("គ្រោះថ្នាក់ដល់ជីវិត" in each for each in wire.officer(name).texts), name
    assert not any("គ្រោះថ្នាក់" in each for each in wire.officer("focal one").texts)
    told = len(wire.officer("desk").texts)
    wire.phone().writes("ក្មេងៗនៅជិតខ្សែភ្លើងដាច់នោះ")
    assert len(wire.officer("desk").texts) == told


def test_an_answer_to_it_waits_for_no_morning(wire: World) -> None:
    wire.now += timedelta(hours=2)
    officer = wire.officer("facilitator")
    officer.writes("/take 1")
    officer.writes("/reply 1 យើងកំពុងមក កុំឲ្យនរណាចូលជិត")
    wire.pass_time(minutes=2)
    assert "យើងកំពុងមក" in wire.phone().texts[-1]
