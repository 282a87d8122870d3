"""Meetings that come again are made ahead, put off and ended with a word to whoever knew; conditions are reminded."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import text

from domain.inbound import Channel
from domain.reading import Language
from domain.recurrence import OnHoliday
from handlers.programme import conditions, meetings, schedule
from storage.queries.persons import people
from tests.support.programme import DAY, beneficiary, deliver, local
from tests.support.world import World
from wording import say

KM = Language.KM
WEIGHING = {"km": "យកកូនទៅថ្លឹង", "en": "have your child weighed"}


def series(world: World, rule: str = "second Tuesday", **values: object) -> int:
    given = {"code": "sg", "title": "ក្រុមសន្សំ", "rule": rule, "clock": time(9), "place": "វត្ត", "area_code": "1701",
             "starts": date(2026, 3, 3), **values}  # fmt: skip
    return meetings.add_series(world.context, meetings.SeriesPlan(**given), world.now)  # type: ignore[arg-type]


def listed(world: World) -> list[str]:
    return [
        f"{each['code']} {each['at'][:10]}"
        for each in schedule.all_meetings(world.context)
        if each["state"] == "planned"
    ]


def test_a_series_is_made_eight_weeks_ahead_and_goes_on_by_itself(world: World) -> None:
    assert series(world) == 2
    assert listed(world) == ["sg-20260310 2026-03-10", "sg-20260414 2026-04-17"]
    world.pass_time(days=14)
    assert listed(world)[-1] == "sg-20260512 2026-05-12"
    before = listed(world)
    world.sweep()
    assert listed(world) == before


@pytest.mark.parametrize(("on_holiday", "day"), [(OnHoliday.KEPT, "2026-04-14"), (OnHoliday.DROPPED, None)])
def test_holidays_do_what_the_series_says(world: World, on_holiday: OnHoliday, day: str | None) -> None:
    series(world, on_holiday=on_holiday)
    assert listed(world)[1:] == ([f"sg-20260414 {day}"] if day else [])


def test_a_series_ends_on_its_last_day(world: World) -> None:
    assert series(world, rule="every Friday", ends=date(2026, 3, 20)) == 3
    world.pass_time(days=20)
    assert len(listed(world)) == 3


def test_what_is_wrong_with_a_series_is_said(world: World) -> None:
    with pytest.raises(schedule.ScheduleFault, match="write it like"):
        series(world, rule="now and then")
    series(world)
    with pytest.raises(schedule.ScheduleFault, match="there is a series sg already"):
        series(world)
    with pytest.raises(schedule.ScheduleFault, match="at most 39"):
        series(world, code="x" * 40)


def test_a_meeting_put_off_is_told_to_whoever_knew_and_reminded_anew(world: World) -> None:
    beneficiary(world, "+85512100001")
    beneficiary(world, "+85512100002", area="170205")
    series(world)
    she = world.phone("+85512100001")
    local(world, date(2026, 3, 9), 9)
    assert len(she.texts) == 1
    assert meetings.move_meeting(world.context, "sg-20260310", date(2026, 3, 12), time(14), world.now) == 1
    deliver(world)
    assert she.texts[1] == say("meeting_moved", KM, title="ក្រុមសន្សំ", day="12/3", time="14:00", place="វត្ត")
    assert world.phone("+85512100002").texts == []
    local(world, date(2026, 3, 11), 9)
    assert len(she.texts) == 3
    assert "12/3" in she.texts[2]
    assert "sg-20260310 2026-03-12" in listed(world)
    with pytest.raises(schedule.ScheduleFault, match="is past"):
        meetings.move_meeting(world.context, "sg-20260310", date(2026, 3, 2), None, world.now)


def test_a_series_that_is_ended_cancels_what_is_to_come_and_makes_no_more(world: World) -> None:
    beneficiary(world, "+85512100003")
    series(world)
    local(world, date(2026, 3, 9), 9)
    assert meetings.end_series(world.context, "sg", world.now) == 1
    deliver(world)
    assert world.phone("+85512100003").texts[-1] == say("meeting_cancelled", KM, title="ក្រុមសន្សំ", day="10/3")
    world.pass_time(days=60)
    assert listed(world) == []
    with pytest.raises(schedule.ScheduleFault, match="no series sg that goes on"):
        meetings.end_series(world.context, "sg", world.now)


def weighing(world: World, *addresses: str, channel: Channel = Channel.SMS) -> None:
    for n, address in enumerate(addresses):
        person = beneficiary(world, address, channel=channel)
        with world.store.transaction() as tx:
            people.change(tx, person, external_id=f"H{n}")
    conditions.add(world.context, conditions.ConditionPlan("gm3", WEIGHING, DAY, "មណ្ឌលសុខភាព"), world.now)
    conditions.put_people(world.context, "gm3", [f"H{n}" for n in range(len(addresses))], world.now)


def test_a_condition_is_reminded_to_whoever_has_not_met_it(world: World) -> None:
    weighing(world, "+85512100011", "+85512100012")
    assert conditions.met(world.context, "gm3", ["H1"], world.now) == 1
    assert conditions.met(world.context, "gm3", ["H1"], world.now) == 0
    for days in range(8, -1, -1):
        local(world, DAY - timedelta(days=days), 9)
    words = say("reminder_condition", KM, label=WEIGHING["km"], day="12/3", place=" នៅ មណ្ឌលសុខភាព")
    assert world.phone("+85512100011").texts == [words]
    assert world.phone("+85512100012").texts == []
    (row,) = conditions.listed(world.context)
    assert (row["people"], row["met"]) == (2, 1)


def test_who_knew_of_a_condition_is_told_that_it_moved_or_fell_away_but_for_who_met_it(world: World) -> None:
    weighing(world, "+85512100016", "+85512100017", "+85512100018")
    local(world, DAY - timedelta(days=3), 9)
    conditions.met(world.context, "gm3", ["H1"], world.now)
    later = DAY + timedelta(days=4)
    assert conditions.move(world.context, "gm3", later, world.now) == 2
    deliver(world)
    moved = say("condition_moved", KM, label=WEIGHING["km"], day="16/3", place=" នៅ មណ្ឌលសុខភាព")
    assert [world.phone(f"+8551210001{n}").texts.count(moved) for n in (6, 7, 8)] == [1, 0, 1]
    local(world, later - timedelta(days=3), 9)
    assert "16/3" in world.phone("+85512100016").texts[-1]
    assert conditions.cancel(world.context, "gm3", world.now) == 2
    deliver(world)
    gone = say("condition_cancelled", KM, label=WEIGHING["km"], day="16/3")
    assert [world.phone(f"+8551210001{n}").texts.count(gone) for n in (6, 7, 8)] == [1, 0, 1]


def test_a_condition_that_is_cancelled_or_wants_words_reminds_nobody(world: World) -> None:
    weighing(world, "+85512100013")
    conditions.cancel(world.context, "gm3", world.now)
    local(world, DAY - timedelta(days=3), 9)
    assert world.phone("+85512100013").texts == []
    with pytest.raises(schedule.ScheduleFault, match="missing in: en"):
        conditions.add(world.context, conditions.ConditionPlan("gm4", {"km": "ថ្លឹង"}, DAY), world.now)
    with pytest.raises(schedule.ScheduleFault, match="is cancelled"):
        conditions.put_people(world.context, "gm3", ["H0"], world.now)


def test_identifiers_that_nobody_has_change_nothing(world: World) -> None:
    weighing(world, "+85512100014")
    with pytest.raises(schedule.ScheduleFault, match="X9"):
        conditions.met(world.context, "gm3", ["H0", "X9"], world.now)
    assert conditions.listed(world.context)[0]["met"] == 0


def test_when_must_i_is_answered_with_what_she_has_to_do_next(world: World) -> None:
    weighing(world, "+85512100015")
    she = world.phone("+85512100015")
    (answer,) = she.writes("ពេលណាត្រូវយកកូនទៅថ្លឹងនៅមណ្ឌលសុខភាព?")
    assert answer == say("condition_next", KM, label=WEIGHING["km"], day="12/3", place=" នៅ មណ្ឌលសុខភាព")
    with world.store.reading() as tx:
        assert tx.execute(text("SELECT count(*) FROM grievance_case")).scalar() == 0
