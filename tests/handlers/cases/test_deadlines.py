"""The deadlines of a case: written down when it begins, warned of in office hours, put off with a reason, and passed."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.inbound import Channel, InboundKind
from domain.reading import Category, Language
from domain.settings import Level, ProjectSettings, TimeRule
from storage import Store
from storage.queries import settings
from storage.queries.casework import cases
from storage.queries.casework.cases import CaseRecord
from tests.support.world import START, World, photo

PLACE = "ស្រែខ្វាវ អង្គរជុំ"
MISSING = "លុយអត់ទាន់ចូលទេ ៣ខែហើយ"
ROAD = "ស្ពាននៅភូមិខ្ញុំបាក់ហើយ"


def newest(world: World) -> CaseRecord:
    from storage.queries.casework import caseload

    with world.store.reading() as tx:
        return caseload.listed(tx, 1)[0]


def complained(world: World, text: str = MISSING) -> CaseRecord:
    she = world.phone()
    she.writes(text)
    she.writes(PLACE)
    return newest(world)


def ruled(world: World, *rules: TimeRule) -> None:
    changed = world.context.settings.model_copy(update={"times": rules})
    with world.store.transaction() as tx:
        settings.add(tx, ProjectSettings.model_validate(changed.model_dump()), actor="staff", actor_id=None, now=START)
    world.context._settings = None


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a moment of March 2026 by the project's clock."""
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC) - timedelta(hours=7)


def goes_to(world: World, moment: datetime) -> None:
    world.now = moment
    world.sweep()


def test_a_case_is_to_be_taken_in_two_working_days_and_answered_first_by_an_officer(world: World) -> None:
    case = complained(world)
    assert case.acknowledge_by == at(5, 17)
    assert (case.acknowledged_at, case.first_answer_at) == (None, None)
    world.now += timedelta(hours=1)
    world.officer("facilitator").writes("/take 1")
    taken = newest(world)
    assert (taken.acknowledged_at, taken.first_answer_at) == (world.now, None)
    world.now += timedelta(hours=1)
    world.officer("facilitator").writes("/reply 1 ថ្ងៃសុក្រ")
    answered = newest(world)
    assert (answered.acknowledged_at, answered.first_answer_at) == (taken.acknowledged_at, world.now)


def test_nobody_who_took_a_case_is_reminded_of_it_and_others_once(world: World) -> None:
    complained(world)
    officer = world.officer("facilitator")
    goes_to(world, at(6, 9))
    assert sum("/take 1" in text for text in officer.texts) == 1
    goes_to(world, at(6, 11))
    assert sum("/take 1" in text for text in officer.texts) == 1


def test_rules_of_time_are_decided_once_and_the_most_exact_holds(world: World) -> None:
    ruled(
        world,
        TimeRule(category=Category.INFRASTRUCTURE, acknowledge_days=4),
        TimeRule(level=Level.FACILITATOR, acknowledge_days=1, act_days=3),
        TimeRule(category=Category.INFRASTRUCTURE, level=Level.COMMUNE, act_days=7),
    )
    case = complained(world, ROAD)
    assert case.category == "infrastructure"
    assert case.acknowledge_by == at(9, 17)
    assert case.due_at == at(6, 17)
    assert [(step.level, step.days) for step in case.steps][:3] == [
        ("facilitator", 3),
        ("commune", 7),
        ("district", 10),
    ]
    ruled(world)
    assert newest(world).steps[1].days == 7


def test_the_receipt_promises_the_same_day_whatever_the_rules(world: World) -> None:
    plain = world.phone("+85512000001").writes(MISSING)[0]
    ruled(world, TimeRule(category=Category.PAYMENT_MISSING, act_days=2), TimeRule(level=Level.FACILITATOR, act_days=9))
    ruled_one = world.phone("+85512000002").writes(MISSING)[0]
    assert plain.split("។")[2] == ruled_one.split("។")[2]
    assert newest(world).due_at == at(5, 17)


@pytest.mark.parametrize("rule", [{"act_days": 3}, {"level": "desk"}])
def test_a_rule_that_says_nothing_is_refused(rule: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\[deadlines\]|gives neither"):
        TimeRule.model_validate(rule)


def test_half_and_most_of_the_time_are_warned_of_once_each(world: World) -> None:
    case = complained(world)
    officer = world.officer("facilitator")
    assert case.due_at == at(10, 17)
    goes_to(world, at(5, 11, 59))
    assert not any("50%" in text for text in officer.texts)
    goes_to(world, at(6, 14))
    assert sum("50%" in text for text in officer.texts) == 1
    goes_to(world, at(6, 16))
    assert sum("50%" in text for text in officer.texts) == 1
    goes_to(world, at(10, 9))
    assert sum("80%" in text for text in officer.texts) == 1
    assert sum("50%" in text for text in officer.texts) == 1


def test_who_missed_the_first_warning_gets_the_later_one_only(world: World) -> None:
    complained(world)
    goes_to(world, at(10, 10))
    texts = world.officer("facilitator").texts
    assert [sum(percent in text for text in texts) for percent in ("50%", "80%")] == [0, 1]


@pytest.mark.parametrize("moment", [at(6, 20), at(7, 10), at(6, 7, 30)])
def test_no_warning_comes_outside_office_hours(world: World, moment: datetime) -> None:
    complained(world)
    goes_to(world, moment)
    assert not any("%" in text for text in world.officer("facilitator").texts)


def test_a_warning_by_sms_names_number_and_matter_only(world: World) -> None:
    officer = world.add_officer("sms", Level.FACILITATOR, "170107", language=Language.KM, channel=Channel.SMS)
    case = complained(world)
    goes_to(world, at(6, 14))
    (warning,) = [text for text in officer.texts if "50%" in text]
    assert case.reference not in warning


def test_overdue_is_told_to_him_and_to_the_level_above_in_the_morning(world: World) -> None:
    case = complained(world)
    goes_to(world, at(10, 22))
    officer, chief = world.officer("facilitator"), world.officer("chief")
    assert newest(world).level is Level.COMMUNE
    assert not any(case.reference in text for text in chief.texts)
    goes_to(world, at(11, 8))
    assert any("ហួសពេល" in text and case.reference in text for text in officer.texts)
    assert any(case.reference in text for text in chief.texts)


def test_at_the_last_level_its_officer_and_the_desk_are_told_once(world: World) -> None:
    case = complained(world)
    for _ in range(5):
        current = newest(world)
        assert current.due_at is not None
        goes_to(world, current.due_at + timedelta(hours=17))
    last = newest(world)
    assert last.level is Level.NATIONAL
    told = [text for text in world.officer("nation").texts if "ចុងក្រោយ" in text]
    world.pass_time(days=3)
    assert len(told) == 1
    assert [text for text in world.officer("nation").texts if "ចុងក្រោយ" in text] == told
    assert any(case.reference in text for text in world.officer("desk").texts)


def test_a_deadline_is_put_off_with_a_reason_that_she_is_told(world: World) -> None:
    case = complained(world)
    she, officer = world.phone(), world.officer("facilitator")
    assert case.reference in officer.writes("/extend 1 3 រង់ចាំឯកសារពីស្រុក")[0]
    world.pass_time(minutes=2)
    assert "រង់ចាំឯកសារពីស្រុក" in she.texts[-1]
    assert "13/3" in she.texts[-1]
    later = newest(world)
    assert (later.due_at, later.extended, later.warned) == (at(13, 17), 1, 0)


def test_a_deadline_is_put_off_twice_at_most_and_by_no_more_days_than_the_level_has(world: World) -> None:
    complained(world)
    officer = world.officer("facilitator")
    assert "/extend" in officer.writes("/extend 1 6 យូរណាស់")[0]
    assert "/extend" in officer.writes("/extend 1 យូរណាស់")[0]
    assert newest(world).extended == 0
    officer.writes("/extend 1 1 ក")
    officer.writes("/extend 1 ៥ ខ")
    assert newest(world).extended == 2
    assert "/escalate" in officer.writes("/extend 1 1 គ")[0]
    assert newest(world).extended == 2


def test_nothing_is_put_off_nor_sent_where_a_case_is_sensitive(world: World) -> None:
    she = world.phone()
    she.writes("គាត់ឲ្យខ្ញុំទៅផ្ទះគាត់ពេលយប់សិន ទើបចុះហត្ថលេខាឲ្យ ខ្ញុំខ្លាច")
    before = len(she.texts)
    with world.store.reading() as tx:
        (case,) = cases.askable_from(tx, 1) or [None]
    reference = case.reference if case else ""
    world.officer("focal one").writes(f"/extend {reference} 1 ក")
    world.pass_time(hours=2)
    assert len(she.texts) == before


def test_a_pause_moves_the_beginning_of_the_deadline(world: World) -> None:
    complained(world)
    officer, she = world.officer("facilitator"), world.phone()
    officer.writes("/ask 1 ឈ្មោះធនាគារអី?")
    world.pass_time(minutes=2)
    assert newest(world).due_at is None
    world.pass_time(days=1)
    she.writes("វីង")
    resumed = newest(world)
    assert resumed.due_from == world.now
    assert resumed.due_at == at(11, 17)


def test_a_vacant_post_is_named_every_working_day_until_it_is_filled(world: World) -> None:
    from storage.queries.staffing import staff

    with world.store.transaction() as tx:
        staff.leave_posts(tx, world.staff["chief"], world.now)
    desk = world.officer("desk")
    for day in (4, 5, 7):
        goes_to(world, at(day, 9))
    named = [text for text in desk.texts if "ស្រែខ្វាវ" in text]
    assert len(named) == 2
    with world.store.transaction() as tx:
        staff.hold(tx, staff.post(tx, Level.COMMUNE, world.areas["170107"]), world.staff["neighbour"], world.now)
    goes_to(world, at(9, 9))
    assert len([text for text in desk.texts if "ស្រែខ្វាវ" in text]) == 2


def test_what_was_told_of_is_not_looked_at_again(store: Store) -> None:
    from tests.support.world import new_world

    world = new_world(store, "leap")
    world.phone().writes(MISSING)
    world.pass_time(days=9)
    with world.store.reading() as tx:
        from storage.queries.casework import caseload

        assert caseload.due(tx, world.now, after=None, limit=10) == []


def test_what_the_desk_hands_on_has_the_time_of_its_level_and_not_the_desks(world: World) -> None:
    she = world.phone()
    she.sends(InboundKind.MEDIA, media=photo())
    case = newest(world)
    assert case.with_desk
    promised = case.answer_by
    assert case.due_at is not None
    assert case.due_at < promised
    world.officer("desk").writes(f"/transfer {case.reference} 170107")
    assert (newest(world).level, newest(world).due_at) == (Level.FACILITATOR, promised)


def test_an_overdue_case_that_waited_for_her_is_told_of_again(world: World) -> None:
    she = world.phone()
    she.writes("លុយអត់ទាន់ចូលទេ ៣ខែហើយ")
    she.writes("ស្រែខ្វាវ អង្គរជុំ")
    with world.store.transaction() as tx:
        cases.change(tx, newest(world).id, rung=4, level="national", post_id=None)
    world.pass_time(days=10)
    nation, reference = world.officer("nation"), newest(world).reference
    told = sum(reference in text for text in world.officer("desk").texts)
    nation.writes(f"/ask {reference} which month?")
    world.pass_time(minutes=2)
    she.writes("January")
    world.pass_time(days=5)
    assert sum(reference in text for text in world.officer("desk").texts) > told
