"""Two cases on one matter: a person is asked once whether it is the same, officers merge, and both numbers stay good."""

import re

import pytest

from domain.inbound import Channel
from domain.reading import Language
from domain.settings import Level
from storage.queries.casework import cases
from storage.queries.casework.cases import CaseRecord
from tests.handlers.cases.test_deadlines import newest
from tests.support.world import Phone, World
from wording import say

KM = Language.KM
MISSING = "លុយអត់ទាន់ចូលទេ ៣ខែហើយ"
AGAIN = "លុយនៅតែអត់ចូលទេ សូមជួយផង"
ROAD = "ស្ពាននៅភូមិខ្ញុំបាក់ហើយ"
PLACE = "ស្រែខ្វាវ អង្គរជុំ"
ABUSE = "គាត់ឲ្យខ្ញុំទៅផ្ទះគាត់ពេលយប់សិន ទើបចុះហត្ថលេខាឲ្យ ខ្ញុំខ្លាច"


def complained(she: Phone, text: str = MISSING, place: str = PLACE) -> CaseRecord:
    she.writes(text)
    she.writes(place)
    return newest(she.world)


def of(world: World, case: CaseRecord) -> CaseRecord:
    with world.store.reading() as tx:
        return cases.by_id(tx, case.id)


def question(old: CaseRecord) -> str:
    return say("duplicate_question", KM, old=old.reference)


def test_the_same_person_again_is_asked_once_and_her_words_are_added(world: World) -> None:
    she = world.phone()
    old = complained(she)
    world.pass_time(days=2)
    receipt, asked = she.writes(AGAIN)
    new = newest(world)
    assert new.id != old.id
    assert new.reference in receipt
    assert asked == question(old)
    before = len(world.officer("facilitator").texts)
    assert she.writes("១") == [say("duplicate_added", KM, old=old.reference)]
    closed = of(world, new)
    assert (closed.status, closed.outcome, closed.duplicate_of) == ("closed", "duplicate", old.id)
    assert of(world, old).last_inbound_at == world.now
    told = world.officer("facilitator").texts[before:]
    assert any(old.reference in text for text in told)
    world.officer("facilitator").taps(say("button_read", KM))
    assert AGAIN in world.officer("facilitator").texts[-1]
    by_new, by_old = she.writes(new.reference)[0], she.writes(old.reference)[0]
    assert by_new.replace(new.reference, "") == by_old.replace(old.reference, "")
    world.pass_time(days=40)
    assert of(world, new).outcome == "duplicate"


def test_two_leaves_both(world: World) -> None:
    she = world.phone()
    old = complained(she)
    world.pass_time(days=2)
    she.writes(AGAIN)
    new = newest(world)
    assert she.writes("2") == [say("duplicate_kept", KM, ref=new.reference)]
    assert of(world, new).is_open
    assert of(world, old).is_open


def test_a_place_may_still_be_named_and_hours_too(world: World) -> None:
    she = world.phone()
    complained(she)
    world.pass_time(days=2)
    she.writes(AGAIN)
    she.writes("ខលព្រឹក ៨ ដល់ ១០")
    assert newest(world).call_hours == [8, 10]


@pytest.mark.parametrize("days", [15])
def test_after_fourteen_days_another_matter_or_another_person_nothing_is_asked(world: World, days: int) -> None:
    she = world.phone()
    old = complained(she)
    world.pass_time(minutes=20)
    assert question(old) not in complained_texts(she, ROAD)
    other = world.phone("+85512999888")
    assert question(old) not in complained_texts(other, MISSING)
    world.pass_time(days=days)
    assert question(old) not in complained_texts(she, AGAIN)


def complained_texts(she: Phone, text: str) -> list[str]:
    before = len(she.texts)
    complained(she, text)
    return she.texts[before:]


def test_sensitive_cases_are_neither_offered_nor_spoken_of(world: World) -> None:
    she = world.phone()
    old = complained(she)
    world.officer("facilitator").writes(f"/sensitive {old.reference}")
    world.pass_time(minutes=20)
    assert not any(old.reference in text for text in complained_texts(she, AGAIN))
    world.pass_time(minutes=20)
    assert len(she.writes(ABUSE)) == 1


def test_an_old_case_that_became_sensitive_meanwhile_is_not_linked(world: World) -> None:
    she = world.phone()
    old = complained(she)
    world.pass_time(minutes=20)
    she.writes(AGAIN)
    new = newest(world)
    world.officer("chief").writes(f"/sensitive {old.reference}")
    assert old.reference not in "".join(she.writes("1"))
    assert (of(world, new).duplicate_of, of(world, new).is_open) == (None, True)


def test_whom_the_new_words_name_loses_sight_of_the_old_case_too(world: World) -> None:
    she = world.phone()
    old = complained(she)
    world.pass_time(minutes=20)
    with world.store.transaction() as tx:
        from storage.queries.staffing import staff

        staff.change(tx, world.staff["facilitator"], other_names="ដារ៉ា")
    she.writes("លុយនៅតែអត់ចូលទេ លោក ដារ៉ា មិនជួយទេ")
    new = newest(world)
    she.writes("1")
    assert of(world, new).duplicate_of == old.id
    assert old.reference not in "".join(world.officer("facilitator").writes("/cases all"))


def test_officers_merge_two_peoples_cases_and_each_has_her_own_number(world: World) -> None:
    one, two = world.phone("+85512000001"), world.phone("+85512000002")
    old, new = complained(one), complained(two)
    heard = len(one.texts), len(two.texts)
    officer = world.officer("facilitator")
    assert officer.writes(f"/merge {new.reference} {old.reference}") == [
        say("officer_merged_two", KM, ref=new.reference, old=old.reference)
    ]
    assert of(world, new).duplicate_of == old.id
    assert (len(one.texts), len(two.texts)) == heard
    world.officer("desk").writes(f"/escalate {old.reference} x")
    assert two.writes(new.reference)[0] == one.writes(old.reference)[0].replace(old.reference, new.reference)
    assert two.writes(old.reference) == [say("status_other_phone", KM)]
    world.officer("chief").writes(f"/resolve {old.reference} upheld បើកថ្ងៃសុក្រ")
    world.pass_time(minutes=5)
    assert sum("បើកថ្ងៃសុក្រ" in text for text in one.texts) == 1
    assert sum("បើកថ្ងៃសុក្រ" in text and new.reference in text for text in two.texts) == 1
    two.writes(f"{new.reference} មិនទាន់រួចទេ")
    assert of(world, old).status == "resolved"


def test_a_merge_is_taken_back(world: World) -> None:
    old, new = complained(world.phone("+85512000001")), complained(world.phone("+85512000002"))
    officer = world.officer("facilitator")
    before = of(world, new)
    officer.writes("/merge 1 2")
    assert of(world, new).duplicate_of == old.id
    assert officer.writes("/undo") == [say("officer_undone", KM, ref=new.reference)]
    assert of(world, new) == before


def test_by_sms_a_merge_waits_for_its_code(world: World) -> None:
    officer = world.add_officer("by sms", Level.FACILITATOR, "170107", language=Language.EN, channel=Channel.SMS)
    old, new = complained(world.phone("+85512000001")), complained(world.phone("+85512000002"))
    asked = officer.writes(f"merge {old.reference} {new.reference}")[0]
    assert of(world, new).duplicate_of is None
    officer.writes(re.findall(r"\b\d{4}\b", asked.replace(old.reference, ""))[0])
    assert of(world, new).duplicate_of == old.id


def test_what_is_not_merged(world: World) -> None:
    old = complained(world.phone("+85512000001"))
    far = complained(world.phone("+85512000002"), place="ចារឈូក")
    third = complained(world.phone("+85512000003"))
    district = world.officer("district")
    refused = say("officer_merge_areas", KM, ref=far.reference, old=old.reference)
    assert district.writes(f"/merge {old.reference} {far.reference}") == [refused]
    facilitator = world.officer("facilitator")
    (answer,) = facilitator.writes(f"/merge {old.reference} {far.reference}")
    assert answer == say("officer_not_found", KM, ref=far.reference)
    assert facilitator.writes(f"/merge {old.reference} {old.reference}") == [say("officer_merge_two", KM)]
    assert facilitator.writes(f"/merge {old.reference} something") == [say("officer_merge_two", KM)]
    world.officer("desk").writes(f"/sensitive {third.reference}")
    (answer,) = facilitator.writes(f"/merge {old.reference} {third.reference}")
    assert answer == say("officer_not_found", KM, ref=third.reference)
    assert world.officer("desk").writes(f"/merge {old.reference} {far.reference}")
    assert of(world, far).duplicate_of == old.id
    (answer,) = facilitator.writes(f"/merge {old.reference} {old.reference}")
    assert all(of(world, each).duplicate_of is None for each in (old, third))


def decided_with(world: World) -> tuple[CaseRecord, CaseRecord]:
    """Return the cases of two people of which the younger was added to the older, which the chief decided."""
    old, young = complained(world.phone("+85512000001")), complained(world.phone("+85512000002"))
    world.officer("facilitator").writes(f"/merge {old.reference} {young.reference}")
    world.officer("facilitator").writes(f"/escalate {old.reference} not in my power")
    world.officer("chief").writes(f"/resolve {old.reference} បើកថ្ងៃសុក្រ")
    world.pass_time(minutes=2)
    return old, young


def test_another_person_is_told_until_when_and_her_appeal_goes_above_who_decided(world: World) -> None:
    _, young = decided_with(world)
    she = world.phone("+85512000002")
    assert "24/3" in she.texts[-1]
    she.writes(f"{young.reference} មិនទាន់រួចទេ")
    appeal = newest(world)
    assert (appeal.parent_id, appeal.level) == (young.id, Level.DISTRICT)
    district = world.officer("district")
    district.taps(say("button_read", KM))
    assert "បើកថ្ងៃសុក្រ" in district.texts[-1], "what was decided stands in it"


def test_who_says_not_solved_before_anything_is_decided_hears_where_it_stands(world: World) -> None:
    old, young = complained(world.phone("+85512000001")), complained(world.phone("+85512000002"))
    world.officer("facilitator").writes(f"/merge {old.reference} {young.reference}")
    (told,) = world.phone("+85512000002").writes(f"{young.reference} មិនទាន់រួចទេ")
    assert young.reference in told
    assert newest(world).id == young.id, "no appeal is made of what nobody decided"


def test_what_was_added_to_a_case_becomes_sensitive_with_it_and_is_read_by_its_focal_points(world: World) -> None:
    old, young = complained(world.phone("+85512000001")), complained(world.phone("+85512000002"), AGAIN)
    facilitator = world.officer("facilitator")
    facilitator.writes(f"/merge {old.reference} {young.reference}")
    facilitator.writes(f"/sensitive {old.reference}")
    assert of(world, young).sensitive == "unsorted"
    assert young.reference not in "".join(facilitator.writes(f"/case {young.reference}")).replace(
        say("officer_not_found", KM, ref=young.reference), ""
    )
    world.officer("focal one").writes(f"/release {old.reference} no harm in it")
    assert of(world, young).sensitive is None
    facilitator.writes(f"/case {old.reference}")
    facilitator.taps(say("button_read", KM))
    assert AGAIN in facilitator.texts[-1]
