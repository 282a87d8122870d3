"""A district named where a smaller place was asked for: the case goes there, and the smaller place is asked for once."""

import pytest

from storage import Store
from storage.queries import areas
from storage.queries.casework import cases
from storage.queries.casework.cases import CaseRecord
from tests.support.world import World, new_world

SAID = {
    "leap": ("លុយអត់ទាន់ចូលទេ ៣ខែហើយ", "ស្រុកអង្គរជុំ", "ឃុំណា", "ស្រែខ្វាវ", "170107"),
    "rrpm": ("ເງິນຍັງບໍ່ເຂົ້າ 3 ເດືອນແລ້ວ", "ເມືອງຄູນ", "ບ້ານໃດ", "ນາຫວາຍ", "090101"),
}


def case_of(world: World) -> CaseRecord:
    with world.store.reading() as tx:
        (found,) = cases.askable_from(tx, 1 + len(world.staff))
    return found


def area_code(world: World) -> str | None:
    case = case_of(world)
    with world.store.reading() as tx:
        return areas.by_id(tx, case.area_id).code if case.area_id is not None else None


@pytest.mark.parametrize("project", ["leap", "rrpm"])
def test_a_district_is_taken_and_the_smaller_place_asked_for_once(store: Store, project: str) -> None:
    world = new_world(store, project)
    complaint, district, asked, place, code = SAID[project]
    she = world.phone()
    she.writes(complaint)
    (answer,) = she.writes(district)
    assert asked in answer
    assert area_code(world) == code[:4]
    assert world.officer("district").texts
    assert not world.officer("facilitator").texts
    assert "\n1." not in "".join(world.officer("desk").texts[-1:])
    # The name that two districts have is clear by now: it is the one in the district she named.
    assert place in she.writes(place)[0]
    assert area_code(world) == code
    assert world.officer("facilitator").texts


def test_the_smaller_place_is_not_asked_for_twice(world: World) -> None:
    she = world.phone()
    she.writes(SAID["leap"][0])
    she.writes("ស្រុកអង្គរជុំ")
    again = she.writes("ស្រុកអង្គរជុំ")
    assert "ឃុំណា" not in "".join(again)
    assert area_code(world) == "1701"


def test_no_post_is_called_vacant_that_nobody_can_know(world: World) -> None:
    she = world.phone()
    she.writes(SAID["leap"][0])
    she.writes("ស្រុកអង្គរជុំ")
    assert "គ្មានអ្នកទទួលការងារ" not in "".join(world.officer("desk").texts)


def test_wide_digits_count(world: World) -> None:
    she = world.phone()
    she.writes(SAID["leap"][0])
    assert "1 " in she.writes("ស្រែខ្វាវ")[0]
    assert "អង្គរជុំ" in she.writes("１")[0]
    assert area_code(world) == "170107"


@pytest.mark.parametrize("answer", ["ນາຫວາຍ ເມືອງຄູນ", "ບ້ານນາຫວາຍ ເມືອງຄູນ", "ນາຫວາຍ ຄູນ"])
def test_a_village_named_with_its_district_is_taken_at_once(lao_world: World, answer: str) -> None:
    she = lao_world.phone()
    she.writes(SAID["rrpm"][0])
    (thanks,) = she.writes(answer)
    assert "ນາຫວາຍ" in thanks
    assert area_code(lao_world) == "090101"


def test_a_report_of_harm_beside_a_place_is_no_answer(lao_world: World) -> None:
    she = lao_world.phone()
    she.writes(SAID["rrpm"][0])
    she.writes("ນາຫວາຍ ຜົວຕີຂ້ອຍທຸກຄືນ")
    assert lao_world.officer("focal one").texts
