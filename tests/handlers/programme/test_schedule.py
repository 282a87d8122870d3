"""Rounds and meetings that are moved or cancelled: whoever knew of them is told, once, and nobody else."""

from datetime import time, timedelta

import pytest
from sqlalchemy import text

from benchmarks.queries import counting
from domain.inbound import Channel
from handlers.programme import meetings, schedule
from handlers.rounds import moving
from handlers.sweeps import SWEEPS
from handlers.sweeps import batches as sweep
from storage.queries.persons import contacts, people
from storage.queries.programme import round_lists, rounds
from storage.queries.programme.round_lists import Stop
from storage.queries.sending import batches
from tests.support.programme import DAY, beneficiary, deliver, local, paid
from tests.support.world import World
from wording import say


def test_a_moved_round_is_told_to_whoever_knew_the_old_date_and_reminded_anew(world: World) -> None:
    paid(world, beneficiary(world, "+85512000031"))
    she = world.phone("+85512000031")
    local(world, DAY - timedelta(days=1), 9)
    later = DAY + timedelta(days=7)
    assert moving.move_round(world.context, "r3", later, world.now) == 1
    deliver(world)
    assert "19/3" in she.texts[1]
    local(world, later - timedelta(days=1), 9)
    assert len(she.texts) == 3


def test_a_cancelled_round_is_not_reminded(world: World) -> None:
    paid(world, beneficiary(world, "+85512000041"))
    schedule.cancel_round(world.context, "r3", world.now)
    local(world, DAY - timedelta(days=1), 9)
    assert world.phone("+85512000041").texts == []


def test_a_round_moved_twice_is_told_twice(world: World) -> None:
    paid(world, beneficiary(world, "+85512000032"))
    she = world.phone("+85512000032")
    local(world, DAY - timedelta(days=1), 9)
    for days, named in ((7, "19/3"), (14, "26/3")):
        assert moving.move_round(world.context, "r3", DAY + timedelta(days=days), world.now) == 1
        deliver(world)
        assert named in she.texts[-1]
    assert len(she.texts) == 3


def test_who_knows_only_a_later_date_is_told_as_well(world: World) -> None:
    with_sms, with_telegram = beneficiary(world, "+85512000033"), beneficiary(world, "7033", channel=Channel.TELEGRAM)
    paid(world, with_sms, with_telegram)
    local(world, DAY - timedelta(days=7), 9)
    assert moving.move_round(world.context, "r3", DAY + timedelta(days=1), world.now) == 1
    local(world, DAY, 9)
    assert len(world.phone("+85512000033").texts) == 1
    assert moving.move_round(world.context, "r3", DAY + timedelta(days=2), world.now) == 2


def test_a_round_comes_back_to_a_day_and_is_reminded_of_it_again(world: World) -> None:
    paid(world, beneficiary(world, "7034", channel=Channel.TELEGRAM))
    she, later = world.telegram("7034"), DAY + timedelta(days=1)
    local(world, DAY - timedelta(days=7), 9)
    for day in (later, DAY, later, DAY):
        assert moving.move_round(world.context, "r3", day, world.now) == 1
        deliver(world)
        assert f"{day.day}/3" in she.texts[-1]
    assert len(she.texts) == 5
    world.sweep()
    assert len(she.texts) == 6


def test_a_retired_name_still_tells_its_round(world: World) -> None:
    number = paid(world, beneficiary(world, "+85512000035"))
    local(world, DAY - timedelta(days=1), 9)
    moving.move_round(world.context, "r3", DAY + timedelta(days=7), world.now)
    with world.store.reading() as tx:
        batch = batches.of_kind(tx, "reminder", 5)[0]
        assert batch.subject == f"round:{number}@2026-03-12#1"
        assert batches.round_of(tx, batch.id) == number


def test_what_had_not_left_was_not_told(world: World) -> None:
    paid(world, beneficiary(world, "+85512000036"))
    world.now = world.context.calendar.at(DAY - timedelta(days=1), time(9, 1))
    sweep.make_reminders(world.context, world.now)
    sweep.lay_out_all(world.context, world.now)
    assert moving.move_round(world.context, "r3", DAY + timedelta(days=7), world.now) == 0
    deliver(world)
    assert world.phone("+85512000036").texts == []


def test_a_round_is_moved_neither_to_its_own_day_nor_once_it_is_cancelled(world: World) -> None:
    paid(world, beneficiary(world, "+85512000037"))
    with pytest.raises(schedule.ScheduleFault, match="2026-03-12 is its day already"):
        moving.move_round(world.context, "r3", DAY, world.now)
    schedule.cancel_round(world.context, "r3", world.now)
    with pytest.raises(schedule.ScheduleFault, match="the round r3 is cancelled"):
        moving.move_round(world.context, "r3", DAY + timedelta(days=1), world.now)
    with pytest.raises(schedule.ScheduleFault, match="the round r3 is cancelled"):
        schedule.cancel_round(world.context, "r3", world.now)


def test_that_a_round_is_cancelled_is_told_to_whoever_knew_of_it(world: World) -> None:
    addresses = [f"+8551200004{n}" for n in range(2, 6)]
    khmer, english, stopped = (
        beneficiary(world, address, language=language)
        for address, language in zip(addresses, ("km", "en", "km"), strict=False)
    )
    paid(world, khmer, english, stopped)
    local(world, DAY - timedelta(days=1), 9)
    world.phone(addresses[2]).writes("ឈប់")
    before = len(world.phone(addresses[2]).texts)
    beneficiary(world, addresses[3])
    world.now = world.context.calendar.at(DAY - timedelta(days=1), time(22))
    assert schedule.cancel_round(world.context, "r3", world.now) == 2
    deliver(world)
    assert [len(world.phone(address).texts) for address in addresses] == [1, 1, before, 0]
    local(world, DAY, 8)
    assert world.phone(addresses[0]).texts[1:] == [
        "ការបើកប្រាក់ខែ 3 ថ្ងៃ 12/3 មិនមានទេ។ យើងនឹងប្រាប់ថ្ងៃថ្មី។ មិនត្រូវបង់ប្រាក់ឲ្យអ្នកណាឡើយ។"
    ]
    assert "12/3 does not take place" in world.phone(addresses[1]).texts[1]
    assert [len(world.phone(address).texts) for address in addresses] == [2, 2, before, 0]


def test_a_moved_round_that_is_cancelled_is_told_by_its_last_day(world: World) -> None:
    paid(world, beneficiary(world, "+85512000046"))
    local(world, DAY - timedelta(days=1), 9)
    moving.move_round(world.context, "r3", DAY + timedelta(days=7), world.now)
    assert schedule.cancel_round(world.context, "r3", world.now) == 1
    deliver(world)
    assert "19/3" in world.phone("+85512000046").texts[-1]


def test_that_a_meeting_is_cancelled_is_told_to_whoever_knew_of_it(world: World) -> None:
    beneficiary(world, "+85512000023")
    beneficiary(world, "+85512000024", area="170205")
    plan = schedule.MeetingPlan("m2", "ក្រុមសន្សំ", DAY, time(9), "វត្ត", area_code="1701")
    schedule.add_meeting(world.context, plan, world.now)
    local(world, DAY - timedelta(days=1), 9)
    assert schedule.cancel_meeting(world.context, "m2", world.now) == 1
    deliver(world)
    assert world.phone("+85512000023").texts[1:] == ["ប្រជុំ ក្រុមសន្សំ ថ្ងៃ 12/3 មិនមានទេ។"]
    assert world.phone("+85512000024").texts == []
    with pytest.raises(schedule.ScheduleFault, match="the meeting m2 is cancelled"):
        schedule.cancel_meeting(world.context, "m2", world.now)


def test_who_was_told_by_sms_and_stopped_telegram_is_told_by_sms_again(world: World) -> None:
    person = beneficiary(world, "+85512000047")
    paid(world, person)
    with world.store.transaction() as tx:
        account = contacts.lock(tx, Channel.TELEGRAM, "7047", now=world.now)
        contacts.change(tx, account.id, person_id=person, stopped_at=world.now)
    local(world, DAY - timedelta(days=1), 9)
    assert schedule.cancel_round(world.context, "r3", world.now) == 1
    deliver(world)
    assert len(world.phone("+85512000047").texts) == 2
    assert world.telegram("7047").texts == []


def test_of_a_past_round_nothing_is_said(world: World) -> None:
    paid(world, beneficiary(world, "+85512000048"))
    local(world, DAY - timedelta(days=1), 9)
    local(world, DAY + timedelta(days=1), 9)
    assert schedule.cancel_round(world.context, "r3", world.now) == 0


def test_a_cancelled_round_is_not_surveyed(world: World) -> None:
    person = beneficiary(world, "+85512000052")
    paid(world, person)
    paid(world, person, code="r4")
    schedule.cancel_round(world.context, "r3", world.now)
    with world.store.transaction() as tx:
        found = rounds.round_by_code(tx, "r4")
        assert found is not None
        rounds.change_round(tx, found.id, state="paid")
    for days in range(8):
        local(world, DAY + timedelta(days=days), 9)
    assert len(world.phone("+85512000052").texts) == 1


def test_a_moved_round_is_surveyed_after_its_new_day(world: World) -> None:
    paid(world, beneficiary(world, "+85512000053"))
    she, later = world.phone("+85512000053"), DAY + timedelta(days=7)
    moving.move_round(world.context, "r3", later, world.now)
    for days in (3, 4, 5, 8, 9):
        local(world, DAY + timedelta(days=days), 9)
    assert she.texts == []
    local(world, later + timedelta(days=3), 9)
    local(world, later + timedelta(days=4), 9)
    assert len(she.texts) == 1
    assert "1" in she.texts[0]


def test_a_round_moved_after_its_survey_is_surveyed_again(world: World) -> None:
    paid(world, beneficiary(world, "+85512000054"))
    she, later = world.phone("+85512000054"), DAY + timedelta(days=10)
    local(world, DAY + timedelta(days=3), 9)
    assert len(she.texts) == 1
    assert moving.move_round(world.context, "r3", later, world.now) == 1
    deliver(world)
    local(world, later + timedelta(days=3), 9)
    assert len(she.texts) == 3


def test_whoever_knows_is_told_in_the_bulk_lane_and_in_as_many_statements_however_many_they_are(world: World) -> None:
    told = {}
    for code, first, count in (("few", 200, 2), ("many", 300, 40)):
        paid(world, *(beneficiary(world, f"+85512000{first + n}") for n in range(count)), code=code)
        local(world, DAY - timedelta(days=1), 9)
        with counting(world.store) as told[code]:
            assert moving.move_round(world.context, code, DAY + timedelta(days=7), world.now) == count
        SWEEPS["lay_out"][0](world.context, world.now)
        with world.store.reading() as tx:
            lanes = tx.execute(text("SELECT lane, count(*) FROM outbox GROUP BY lane")).all()
        assert [tuple(each) for each in lanes] == [("bulk", count)]
        world.drain()
        assert "19/3" in world.phone(f"+85512000{first + count - 1}").texts[-1]
    assert len(told["many"].statements) == len(told["few"].statements)


def test_villages_of_the_rounds_own_day_move_with_it_and_those_of_another_do_not(world: World) -> None:
    here, there = beneficiary(world, "+85512000401"), beneficiary(world, "+85512000402", area="170101")
    far = beneficiary(world, "+85512000403", area="170205")
    number = paid(world, here, there, far)
    with world.store.transaction() as tx:
        rounds.change_round(tx, number, area_id=None)
        round_lists.put_stop(tx, number, Stop(world.areas["170101"], DAY, "វត្តចារឈូក", None))
        round_lists.put_stop(tx, number, Stop(world.areas["170205"], DAY + timedelta(days=1), None, None))
    local(world, DAY - timedelta(days=1), 9)
    local(world, DAY, 9)
    assert moving.move_round(world.context, "r3", DAY + timedelta(days=7), world.now) == 2
    deliver(world)
    assert [world.phone(f"+8551200040{n}").texts[-1].count("19/3") for n in (1, 2, 3)] == [1, 1, 0]
    local(world, DAY + timedelta(days=6), 9)
    assert "វត្តចារឈូក" in world.phone("+85512000402").texts[-1]


def test_another_place_is_told_and_goes_to_every_area_that_has_none_of_its_own(world: World) -> None:
    here, there = beneficiary(world, "+85512000411"), beneficiary(world, "+85512000412", area="170101")
    paid(world, here, there)
    local(world, DAY - timedelta(days=1), 9)
    moving.move_round(world.context, "r3", DAY + timedelta(days=2), world.now, area_code="170101")
    assert moving.move_round(world.context, "r3", None, world.now, place="សាលារៀន", agent="វីង") == 2
    deliver(world)
    for n, day in ((1, "12/3"), (2, "14/3")):
        words = say("round_elsewhere", "km", round="ខែ 3", place="សាលារៀន", day=day)
        assert world.phone(f"+8551200041{n}").texts[-1] == words
    assert moving.move_round(world.context, "r3", None, world.now, agent="អេស៊ីលីដា") == 0
    with pytest.raises(schedule.ScheduleFault, match="it is so already"):
        moving.move_round(world.context, "r3", None, world.now, place="សាលារៀន")
    with pytest.raises(schedule.ScheduleFault, match="say another day, place or agent"):
        moving.move_round(world.context, "r3", None, world.now)


def test_who_asked_and_was_told_the_day_hears_that_it_moved(world: World) -> None:
    paid(world, beneficiary(world, "+85512000421"), beneficiary(world, "+85512000422"))
    plan = schedule.MeetingPlan("m1", "ក្រុមសន្សំ", DAY, time(9), "វត្ត", area_code="1701")
    schedule.add_meeting(world.context, plan, world.now)
    she = world.phone("+85512000421")
    assert "12/3" in she.writes("ពេលណាបើកលុយ?")[0]
    assert "12/3" in she.writes("ប្រជុំថ្ងៃណា?")[0]
    assert moving.move_round(world.context, "r3", DAY + timedelta(days=7), world.now) == 1
    assert meetings.move_meeting(world.context, "m1", None, None, world.now, place="សាលារៀន") == 1
    deliver(world)
    assert sorted("19/3" in each for each in she.texts[-2:]) == [False, True]
    assert any("សាលារៀន" in each for each in she.texts[-2:])
    assert world.phone("+85512000422").texts == []


def test_who_wants_no_word_of_money_hears_of_no_move_and_a_second_move_takes_the_first_back(world: World) -> None:
    silent = beneficiary(world, "+85512000431")
    paid(world, silent, beneficiary(world, "+85512000432"), beneficiary(world, "+85512000433"))
    local(world, DAY - timedelta(days=1), 9)
    with world.store.transaction() as tx:
        people.change(tx, silent, money_reminders=False)
    world.now = world.context.calendar.at(DAY - timedelta(days=1), time(22))
    for days in (7, 8):
        assert moving.move_round(world.context, "r3", DAY + timedelta(days=days), world.now) == 2
        deliver(world)
    world.phone("+85512000433").writes("no money reminders")
    local(world, DAY, 8)
    assert len(world.phone("+85512000431").texts) == 1
    assert not [each for each in world.phone("+85512000433").texts if "20/3" in each]
    assert [each.count("20/3") for each in world.phone("+85512000432").texts] == [0, 1]
