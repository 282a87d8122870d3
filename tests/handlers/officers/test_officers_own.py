"""An officer's own complaint: heard as a person's, outside his own chain, seen by nobody whom he works under."""

import re

import pytest

from domain.inbound import Channel
from domain.reading import Language
from domain.settings import Level
from storage.queries.casework import bars, caseload, cases
from storage.queries.staffing import staff
from tests.handlers.officers.test_officers import REFERENCE
from tests.support.world import World
from wording import say

KM = Language.KM
WORDS = "ប្រាក់ខែខ្ញុំ ៣ខែហើយមិនទាន់បាន"
CHAIN = ("facilitator", "chief", "district", "province", "nation")


def complain(world: World, who: str = "chief", words: str = f"/complain {WORDS}") -> str:
    (receipt,) = world.officer(who).writes(words)
    reference = REFERENCE.findall(receipt)[0]
    assert receipt == say("officer_own_receipt", KM, ref=reference, day=receipt.rpartition(" ")[2].strip("។"))
    return str(reference)


def case_of(world: World, reference: str) -> cases.CaseRecord:
    with world.store.reading() as tx:
        found = cases.by_reference(tx, reference)
    assert found is not None
    return found


def sees(world: World, reference: str) -> set[str]:
    with world.store.reading() as tx:
        seen = set()
        for name, staff_id in world.staff.items():
            record = staff.by_id(tx, staff_id)
            assert record is not None
            if caseload.find_visible(tx, record.posts, reference=reference) is not None:
                seen.add(name)
    return seen


@pytest.mark.parametrize("who", CHAIN)
def test_only_the_desk_sees_what_somebody_of_the_ladder_complains_of(world: World, who: str) -> None:
    reference = complain(world, who)
    assert sees(world, reference) == {"desk"}
    for name in CHAIN:
        assert not any(reference in text for text in world.officer(name).texts if name != who), name
    assert reference in world.officer("desk").texts[-1]
    case = case_of(world, reference)
    assert (case.topic, case.level, case.with_desk) == ("own", Level.DESK, False)


def test_what_somebody_of_the_desk_complains_of_goes_to_the_national_level(world: World) -> None:
    world.add_officer("desk two", Level.DESK, None, language=KM)
    reference = complain(world, "desk")
    assert sees(world, reference) == {"nation"}
    assert not any(reference in text for text in world.officer("desk two").texts)
    assert reference in world.officer("nation").texts[-1]


def test_he_is_barred_even_where_he_comes_to_the_desk(world: World) -> None:
    reference = complain(world)
    with world.store.transaction() as tx:
        staff.hold(tx, staff.post(tx, Level.DESK, None), world.staff["chief"], world.now)
        assert bars.of_case(tx, case_of(world, reference).id) == [world.staff["chief"]]
    assert reference not in "".join(world.officer("chief").writes("/cases all"))
    assert sees(world, reference) == {"desk"}


def test_he_is_a_person_in_it(world: World) -> None:
    reference = complain(world)
    chief, desk = world.officer("chief"), world.officer("desk")
    assert reference in chief.writes(reference)[0]
    desk.writes(f"/take {reference}")
    desk.writes(f"/reply {reference} យើងនឹងពិនិត្យ")
    from datetime import timedelta

    world.now += timedelta(seconds=61)
    world.drain()
    assert any("យើងនឹងពិនិត្យ" in text for text in chief.texts)


@pytest.mark.parametrize("word", ["/complain", "complain", "mine", "តវ៉ា", "/តវ៉ា", "ຮ້ອງທຸກ"])
def test_every_word_for_it_works(world: World, word: str) -> None:
    assert sees(world, complain(world, words=f"{word} {WORDS}")) == {"desk"}


def test_by_sms_it_is_heard_at_once(world: World) -> None:
    officer = world.add_officer("by sms", Level.FACILITATOR, "170107", language=Language.EN, channel=Channel.SMS)
    (receipt,) = officer.writes("mine nobody paid me")
    assert not re.search(r"Reply \d{4}", receipt)
    assert sees(world, REFERENCE.findall(receipt)[0]) == {"desk"}


def test_what_reports_harm_goes_to_the_focal_points_and_reads_the_same(world: World) -> None:
    harm = "គាត់ឲ្យខ្ញុំទៅផ្ទះគាត់ពេលយប់សិន ទើបចុះហត្ថលេខាឲ្យ ខ្ញុំខ្លាច"
    reference = complain(world, "facilitator", f"/complain {harm}")
    assert sees(world, reference) <= {"focal one", "focal two"}
    assert case_of(world, reference).sensitive is not None


def test_a_focal_point_does_not_see_the_own_case(world: World) -> None:
    harm = "គាត់ឲ្យខ្ញុំទៅផ្ទះគាត់ពេលយប់សិន ទើបចុះហត្ថលេខាឲ្យ ខ្ញុំខ្លាច"
    answers = world.officer("focal one").writes(f"/complain {harm}")
    reference = REFERENCE.findall("".join(answers))[0]
    assert sees(world, reference) <= {"focal two"}


def test_a_pin_in_it_is_hidden(world: World) -> None:
    reference = complain(world, words="/complain លេខសម្ងាត់ខ្ញុំ 4821 គេដឹង")
    (shown,) = [t for t in world.officer("desk").writes(f"/case {reference}") if reference in t][:1]
    assert "4821" not in shown
    with world.store.reading() as tx:
        from storage.queries.persons import messages

        said = [each.text for each in messages.of_case(tx, case_of(world, reference).id)]
    assert said
    assert not any("4821" in text for text in said)
