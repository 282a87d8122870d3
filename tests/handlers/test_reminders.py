"""Reminders, surveys and broadcasts: to the right people, once, never in quiet hours, never to whoever sent STOP."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import text

from domain.inbound import Channel
from handlers import schedule
from storage.queries import contacts, people, rounds
from tests.support.world import World

DAY = date(2026, 3, 12)


def beneficiary(
    world: World, address: str, *, channel: Channel = Channel.SMS, language: str = "km", area: str = "170107"
) -> int:
    with world.store.transaction() as tx:
        person = people.create(tx, world.now, language=language, area_id=world.areas[area])
        contact = contacts.lock(tx, channel, address, now=world.now)
        contacts.change(tx, contact.id, person_id=person)
    world.phone(address, channel)
    return person


def paid(world: World, *persons: int, day: date = DAY, code: str = "r3") -> int:
    with world.store.transaction() as tx:
        area = world.areas["1701"]
        number = rounds.add_round(tx, world.now, code=code, label="3", day=day, place="សាលាឃុំ", area_id=area)
        rounds.add_recipients(tx, number, [(person, 80_000) for person in persons])
    return number


def local(world: World, day: date, hour: int) -> None:
    """Let it be that hour of project time, and run the sweeps."""
    world.now = world.context.calendar.at(day, time(hour, 1))
    world.sweep()


def test_a_round_is_reminded_the_day_before_by_sms_once(world: World) -> None:
    paid(world, beneficiary(world, "+85512000001"))
    she = world.phone("+85512000001")
    for days in range(9, 0, -1):
        for hour in (7, 9, 10, 20):
            local(world, DAY - timedelta(days=days), hour)
    local(world, DAY, 9)
    assert len(she.texts) == 1
    assert "12/3" in she.texts[0]
    assert "80" not in she.texts[0].replace("12/3", "")


def test_by_telegram_also_a_week_before_and_that_morning(world: World) -> None:
    paid(world, beneficiary(world, "7001", channel=Channel.TELEGRAM))
    for days in range(9, -1, -1):
        for hour in (7, 9):
            local(world, DAY - timedelta(days=days), hour)
    assert len(world.telegram("7001").texts) == 3


def test_nobody_else_is_reminded(world: World) -> None:
    stopped, silent, foreign = (beneficiary(world, f"+8551200000{n}") for n in (2, 3, 4))
    paid(world, stopped, silent)
    with world.store.transaction() as tx:
        people.change(tx, silent, money_reminders=False)
    world.phone("+85512000002").writes("ឈប់")
    before = len(world.phone("+85512000002").texts)
    local(world, DAY - timedelta(days=1), 9)
    assert len(world.phone("+85512000002").texts) == before
    assert world.phone("+85512000003").texts == []
    assert world.phone("+85512000004").texts == []
    assert foreign


def test_stop_after_it_was_laid_out_still_counts(world: World) -> None:
    paid(world, beneficiary(world, "+85512000005"))
    world.now = world.context.calendar.at(DAY - timedelta(days=1), time(9, 1))
    from handlers.sweeps import SWEEPS

    SWEEPS["reminders"][0](world.context, world.now)
    SWEEPS["lay_out"][0](world.context, world.now)
    she = world.phone("+85512000005")
    with world.store.transaction() as tx:
        contact = contacts.find(tx, Channel.SMS, she.address)
        assert contact is not None
        contacts.change(tx, contact.id, stopped_at=world.now)
    world.drain()
    assert she.texts == []


def test_a_reminder_that_comes_too_late_is_not_sent(world: World) -> None:
    paid(world, beneficiary(world, "+85512000006"))
    local(world, DAY - timedelta(days=1), 16)
    assert world.phone("+85512000006").texts == []


def test_each_is_written_to_in_the_own_language(world: World) -> None:
    paid(world, beneficiary(world, "+85512000007"), beneficiary(world, "+85512000008", language="en"))
    local(world, DAY - timedelta(days=1), 9)
    assert "ខែ 3" in world.phone("+85512000007").texts[0]
    assert "month 3" in world.phone("+85512000008").texts[0]


def test_a_crash_while_laying_out_repeats_nobody(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from handlers.sweeps import batches as sweep

    monkeypatch.setattr(sweep, "_CHUNK", 2)
    paid(world, *(beneficiary(world, f"+8551200001{n}") for n in range(5)))
    world.now = world.context.calendar.at(DAY - timedelta(days=1), time(9, 1))
    sweep.make_reminders(world.context, world.now)
    real, calls = sweep._write, []

    def crashes(*args: object) -> int:
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("power cut")
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(sweep, "_write", crashes)
    with pytest.raises(RuntimeError):
        sweep.lay_out_all(world.context, world.now)
    world.sweep()
    assert [len(world.phone(f"+8551200001{n}").texts) for n in range(5)] == [1] * 5


def test_a_meeting_is_reminded_to_the_areas_people(world: World) -> None:
    beneficiary(world, "+85512000021")
    beneficiary(world, "+85512000022", area="170205")
    plan = schedule.MeetingPlan("m1", "ក្រុមសន្សំ", DAY, time(9), "វត្ត", area_code="1701")
    schedule.add_meeting(world.context, plan, world.now)
    local(world, DAY - timedelta(days=1), 9)
    assert "ក្រុមសន្សំ" in world.phone("+85512000021").texts[0]
    assert world.phone("+85512000022").texts == []
    with pytest.raises(schedule.ScheduleFault):
        schedule.add_meeting(world.context, plan, world.now)


def test_a_moved_round_is_told_to_whoever_knew_the_old_date_and_reminded_anew(world: World) -> None:
    paid(world, beneficiary(world, "+85512000031"))
    she = world.phone("+85512000031")
    local(world, DAY - timedelta(days=1), 9)
    later = DAY + timedelta(days=7)
    assert schedule.move_round(world.context, "r3", later, world.now) == 1
    world.drain()
    assert "19/3" in she.texts[1]
    local(world, later - timedelta(days=1), 9)
    assert len(she.texts) == 3


def test_a_cancelled_round_is_not_reminded(world: World) -> None:
    paid(world, beneficiary(world, "+85512000041"))
    schedule.cancel_round(world.context, "r3", world.now)
    local(world, DAY - timedelta(days=1), 9)
    assert world.phone("+85512000041").texts == []


def test_when_is_the_payment_is_answered_from_the_rounds(world: World) -> None:
    paid(world, beneficiary(world, "+85512000051"))
    she = world.phone("+85512000051")
    (answer,) = she.writes("ពេលណាបើកលុយ?")
    assert "12/3" in answer
    with world.store.reading() as tx:
        assert tx.execute(text("SELECT count(*) FROM grievance_case")).scalar() == 0


def test_what_cannot_be_answered_becomes_a_case_of_kind_question(world: World) -> None:
    answers = world.phone("+85512000061").writes("ពេលណាបើកលុយ?")
    assert "LP-" in answers[0]
    with world.store.reading() as tx:
        assert tx.execute(text("SELECT kind FROM grievance_case")).scalar() == "question"


def test_a_broadcast_is_shown_then_sent(world: World) -> None:
    beneficiary(world, "+85512000071")
    beneficiary(world, "+85512000072", area="170101")
    beneficiary(world, "7002", channel=Channel.TELEGRAM)
    member = world.officer("staff")
    (shown,) = member.writes("/broadcast ស្រែខ្វាវ អង្គរជុំ: ប្រជុំថ្ងៃសុក្រ ម៉ោង ៩ នៅវត្ត")
    assert "2" in shown
    assert world.phone("+85512000071").texts == []
    member.taps(member.labels()[0])
    world.sweep()
    assert world.phone("+85512000071").texts == ["ប្រជុំថ្ងៃសុក្រ ម៉ោង ៩ នៅវត្ត"]
    assert world.telegram("7002").texts == ["ប្រជុំថ្ងៃសុក្រ ម៉ោង ៩ នៅវត្ត"]
    assert world.phone("+85512000072").texts == []
    member.taps(member.labels()[0])
    world.sweep()
    assert len(world.phone("+85512000071").texts) == 1


def test_a_cancelled_broadcast_is_not_sent(world: World) -> None:
    beneficiary(world, "+85512000081")
    member = world.officer("staff")
    member.writes("/broadcast ស្រែខ្វាវ អង្គរជុំ: ប្រជុំថ្ងៃសុក្រ")
    member.taps(member.labels()[1])
    member.taps(member.labels()[0])
    world.sweep()
    assert world.phone("+85512000081").texts == []


def test_a_missing_language_is_refused(world: World) -> None:
    beneficiary(world, "+85512000091", language="en")
    (refused,) = world.officer("staff").writes("/broadcast ស្រែខ្វាវ អង្គរជុំ: ប្រជុំថ្ងៃសុក្រ")
    assert "1" in refused
    (shown,) = world.officer("staff").writes("/broadcast ស្រែខ្វាវ អង្គរជុំ: km: ប្រជុំថ្ងៃសុក្រ en: Meeting on Friday")
    assert "Meeting on Friday" in shown


def test_a_large_broadcast_needs_a_second_person(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from domain.reading import Language
    from domain.settings import Level
    from handlers import broadcasts

    monkeypatch.setattr(broadcasts, "SECOND_PERSON_ABOVE", 1)
    second = world.add_officer("second", Level.STAFF, None, language=Language.KM)
    beneficiary(world, "+85512000101")
    beneficiary(world, "+85512000102")
    maker = world.officer("staff")
    maker.writes("/broadcast ស្រែខ្វាវ អង្គរជុំ: ប្រជុំថ្ងៃសុក្រ")
    maker.taps(maker.labels()[0])
    maker.taps(maker.labels()[0])
    world.sweep()
    assert world.phone("+85512000101").texts == []
    second.taps(second.labels()[0])
    world.sweep()
    assert len(world.phone("+85512000101").texts) == 1


def test_at_night_a_broadcast_waits_for_the_morning(world: World) -> None:
    beneficiary(world, "+85512000111")
    world.now = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)
    member = world.officer("staff")
    member.writes("/broadcast ស្រែខ្វាវ អង្គរជុំ: ប្រជុំថ្ងៃសុក្រ")
    member.taps(member.labels()[0])
    world.sweep()
    assert world.phone("+85512000111").texts == []
    world.pass_time(hours=9, minutes=5)
    assert len(world.phone("+85512000111").texts) == 1
