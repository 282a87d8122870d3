"""Whom a complaint names does not handle it: by name in any script, by initials, by post, at once or in later words, by hand."""

import pytest

from domain.reading import Language
from domain.settings import Level
from storage.queries.casework import bars, cases
from storage.queries.casework.cases import CaseRecord
from storage.queries.staffing import staff
from tests.handlers.cases.test_deadlines import newest
from tests.support.world import Phone, World

PLACE = "ស្រែខ្វាវ អង្គរជុំ"
MISSING = "លុយអត់ទាន់ចូលទេ ៣ខែហើយ"
ROAD = "ស្ពាននៅភូមិខ្ញុំបាក់ហើយ"
NAMES = "សុខ ដារ៉ា\nສຸກ ດາຣາ"


@pytest.fixture
def dara(world: World) -> Phone:
    """A second facilitator of Srae Khvav, called Sok Dara."""
    phone = world.add_officer("Sok Dara", Level.FACILITATOR, "170107", language=Language.KM)
    with world.store.transaction() as tx:
        staff.change(tx, world.staff["Sok Dara"], other_names=NAMES)
    return phone


def complain(world: World, text: str, *, known: bool = False) -> CaseRecord:
    """Let a person complain, from a place that is asked for, or already known since she wrote a week ago."""
    she = world.phone()
    she.writes(ROAD if known else text)
    she.writes(PLACE)
    if known:
        world.pass_time(hours=2)
        she.writes(text)
    return newest(world)


def barred(world: World, case: CaseRecord) -> list[int]:
    with world.store.reading() as tx:
        return bars.of_case(tx, case.id)


@pytest.mark.parametrize(
    "text",
    [
        "លោក សុខ ដារ៉ា មិនចុះឈ្មោះឲ្យខ្ញុំទេ",
        "លុយអត់ចូល លោក ដារ៉ា មិនជួយទេ",
        "Sok Dara took my money and I got nothing",
        "mr Dara Sok keeps my money, I was not paid",
        "S.D. took my money, I was not paid",
        "ເງິນບໍ່ເຂົ້າ ທ່ານ ສຸກ ດາຣາ ເອົາໄປ",
    ],
)
@pytest.mark.parametrize("known", [False, True])
def test_who_is_named_neither_sees_it_nor_hears_of_it(world: World, dara: Phone, text: str, known: bool) -> None:
    case = complain(world, text, known=known)
    assert barred(world, case) == [world.staff["Sok Dara"]]
    assert case.level is Level.COMMUNE
    for phone in (dara, world.officer("facilitator")):
        assert not any(case.reference in text for text in phone.texts)
        assert phone.writes(f"/case {case.reference}") == [
            text.replace("LP-ZZZZ-Z1", case.reference) for text in phone.writes("/case LP-ZZZZ-Z1")
        ]
    assert any(case.reference in text for text in world.officer("chief").texts)


def test_a_name_that_comes_later_takes_the_case_away(world: World, dara: Phone) -> None:
    case = complain(world, MISSING)
    assert any(case.reference in text for text in dara.texts)
    world.officer("facilitator").writes("/ask 1 អ្នកណា?")
    world.pass_time(minutes=2)
    world.phone().writes("គឺលោក សុខ ដារ៉ា")
    moved = newest(world)
    assert (moved.level, moved.taken_by) == (Level.COMMUNE, None)
    assert case.reference not in "".join(dara.writes("/cases all"))
    assert world.deleted


def test_an_officer_of_another_area_is_not_meant(world: World) -> None:
    world.add_officer("Sok Dara", Level.FACILITATOR, "170101", language=Language.KM)
    case = complain(world, "Sok Dara took my money and I got nothing")
    assert barred(world, case) == []
    assert case.level is Level.FACILITATOR


def test_thanks_bar_nobody(world: World, dara: Phone) -> None:
    complain(world, MISSING)
    world.phone("+85512000009").writes("the training of Sok Dara was very good, people liked it")
    assert barred(world, newest(world)) == []


def test_a_named_focal_point_learns_nothing_and_the_other_has_it(world: World) -> None:
    world.add_officer("Chan Sophea", Level.FOCAL, None, language=Language.KM)
    reported = "Chan Sophea touched me and wants me to come to his house at night"
    world.phone().writes(reported)
    assert world.officer("Chan Sophea").texts == []
    assert world.officer("focal one").texts


def test_where_every_focal_point_is_named_the_desk_is_told_without_a_word_of_it(world: World) -> None:
    with world.store.transaction() as tx:
        for name, other in (("focal one", "Chan Sophea"), ("focal two", "Keo Bopha")):
            staff.change(tx, world.staff[name], other_names=other)
    world.phone().writes("Chan Sophea and Keo Bopha touched me and force me to sleep with them")
    assert world.officer("focal one").texts == world.officer("focal two").texts == []
    (alert,) = world.officer("desk").texts
    assert "LP-" not in alert


def test_the_desk_keeps_somebody_from_a_case_by_hand_and_lets_him_back(world: World) -> None:
    case = complain(world, MISSING)
    desk, facilitator = world.officer("desk"), world.officer("facilitator")
    assert case.reference in desk.writes(f"/bar {case.reference} {world.staff['facilitator']}")[0]
    assert newest(world).level is Level.COMMUNE
    assert case.reference not in "".join(facilitator.writes("/cases all"))
    desk.writes(f"/unbar {case.reference}")
    assert barred(world, case) == []
    assert case.reference in "".join(facilitator.writes("/cases all"))


def test_the_desk_bars_a_level(world: World) -> None:
    case = complain(world, MISSING)
    desk = world.officer("desk")
    assert "/bar" in desk.writes(f"/bar {case.reference} somebody")[0]
    desk.writes(f"/bar {case.reference} commune")
    assert newest(world).level is Level.DISTRICT
    assert case.reference not in "".join(world.officer("chief").writes("/cases all"))


def test_nobody_but_the_desk_bars(world: World) -> None:
    case = complain(world, MISSING)
    world.officer("facilitator").writes(f"/bar {case.reference} commune")
    assert newest(world).level is Level.FACILITATOR


def test_names_cost_one_query_whatever_the_number_of_staff(world: World) -> None:
    from benchmarks.queries import counting

    def cost(number: str) -> int:
        with counting(world.store) as counted:
            world.phone(number).writes(f"{MISSING} {PLACE}")
        return counted.queries

    cost("+85512000010")
    few = cost("+85512000011")
    for n in range(30):
        world.add_officer(f"Officer Number{n}", Level.COMMUNE, "170101", language=Language.KM)
    assert cost("+85512000012") == few


def test_an_appeal_keeps_from_it_whom_the_first_case_named(world: World, dara: Phone) -> None:
    case = complain(world, "លុយអត់ចូល លោក ដារ៉ា មិនជួយទេ")
    world.officer("chief").writes(f"/resolve {case.reference} upheld x")
    world.officer("desk").writes(f"/agree {case.reference}")
    world.pass_time(minutes=2)
    world.phone().writes("1")
    world.phone().writes("2")
    world.phone().writes(f"{case.reference} not solved")
    with world.store.reading() as tx:
        appeal = cases.appeal_of(tx, case.contact_point_id or 0, case.id)
    if appeal is None:
        pytest.fail("there is no appeal")
    assert barred(world, appeal) == [world.staff["Sok Dara"]]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Sok Dara", "លុយអត់ចូល លោកសុខដារ៉ា យកទៅហើយ"),
        ("សុខ ដារ៉ា", "luy ot chol te, bong Dara yok luy knhom"),
        ("សុខ ដារ៉ា", "S.D. took my money, I was not paid"),
    ],
)
def test_a_name_is_found_in_another_script_than_the_registers(world: World, name: str, text: str) -> None:
    world.add_officer(name, Level.FACILITATOR, "170107", language=Language.KM)
    case = complain(world, text, known=True)
    assert barred(world, case) == [world.staff[name]]


def test_a_name_is_found_across_scripts_in_laos(lao_world: World) -> None:
    lao_world.add_officer("Somphone Vongsa", Level.FACILITATOR, "090101", language=Language.LO)
    she = lao_world.phone("+8562055512345")
    she.writes("ເງິນບໍ່ເຂົ້າ 3 ເດືອນແລ້ວ ທ່ານສົມພອນເອົາໄປ")
    she.writes("ນາຫວາຍ")
    she.writes("1")
    assert barred(lao_world, newest(lao_world)) == [lao_world.staff["Somphone Vongsa"]]
