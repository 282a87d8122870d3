"""Reminders, surveys and broadcasts: to the right people, once, never in quiet hours, never to whoever sent STOP."""

import logging
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import event, text

from domain.inbound import Channel
from handlers.programme import schedule
from handlers.rounds import moving
from handlers.sweeps import batches as sweep
from storage.queries.persons import contacts, people
from storage.queries.programme import rounds
from storage.queries.sending import batches
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
    monkeypatch.setattr(sweep, "_CHUNK", 2)
    paid(world, *(beneficiary(world, f"+8551200001{n}") for n in range(5)))
    world.now = world.context.calendar.at(DAY - timedelta(days=1), time(9, 1))
    sweep.make_reminders(world.context, world.now)
    real, calls = sweep._write, []

    def crashes(*args: object) -> int:
        calls.append(1)
        if len(calls) == 2:
            raise SystemExit("power cut")
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(sweep, "_write", crashes)
    with pytest.raises(SystemExit):
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
    assert moving.move_round(world.context, "r3", later, world.now) == 1
    world.drain()
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
        world.drain()
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
        world.drain()
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
    world.drain()
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
    world.drain()
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
    world.drain()
    assert "19/3" in world.phone("+85512000046").texts[-1]


def test_that_a_meeting_is_cancelled_is_told_to_whoever_knew_of_it(world: World) -> None:
    beneficiary(world, "+85512000023")
    beneficiary(world, "+85512000024", area="170205")
    plan = schedule.MeetingPlan("m2", "ក្រុមសន្សំ", DAY, time(9), "វត្ត", area_code="1701")
    schedule.add_meeting(world.context, plan, world.now)
    local(world, DAY - timedelta(days=1), 9)
    assert schedule.cancel_meeting(world.context, "m2", world.now) == 1
    world.drain()
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
    world.drain()
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
    local(world, later + timedelta(days=3), 9)
    assert len(she.texts) == 3


def test_one_failing_batch_holds_no_other_up(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    paid(world, beneficiary(world, "+85512000055"))
    paid(world, beneficiary(world, "+85512000056"), code="r4")
    world.now = world.context.calendar.at(DAY - timedelta(days=1), time(9, 1))
    sweep.make_reminders(world.context, world.now)
    with world.store.reading() as tx:
        first = batches.to_lay_out(tx)[0]
    real = sweep._write

    def fails(context, tx, batch, chunk, now) -> int:
        if batch.id == first:
            raise KeyError("her words")
        return real(context, tx, batch, chunk, now)

    monkeypatch.setattr(sweep, "_write", fails)
    with caplog.at_level(logging.ERROR):
        assert sweep.lay_out_all(world.context, world.now) == 1
    world.drain()
    assert len(world.phone("+85512000056").texts) == 1
    assert f"batch {first} failed: KeyError" in caplog.text
    assert "her words" not in caplog.text
    with world.store.reading() as tx:
        assert batches.to_lay_out(tx) == [first]


def test_a_chunk_is_written_in_two_statements(world: World) -> None:
    paid(world, *(beneficiary(world, f"+855120006{n:02}") for n in range(12)))
    world.now = world.context.calendar.at(DAY - timedelta(days=1), time(9, 1))
    sweep.make_reminders(world.context, world.now)
    run: list[str] = []

    def keep(_connection, _cursor, statement: str, *_rest) -> None:
        run.append(statement)

    event.listen(world.store.engine, "before_cursor_execute", keep)
    sweep.lay_out_all(world.context, world.now)
    event.remove(world.store.engine, "before_cursor_execute", keep)
    assert sum(statement.startswith("INSERT INTO message") for statement in run) == 1
    assert sum(statement.startswith("INSERT INTO outbox") for statement in run) == 1
    with world.store.reading() as tx:
        same = "outbox.contact_point_id = message.contact_point_id AND outbox.gateway = message.gateway"
        joined = f"SELECT count(*) FROM outbox JOIN message ON message.id = outbox.message_id WHERE {same}"
        assert tx.execute(text(joined)).scalar() == 12
    world.drain()
    assert [len(world.phone(f"+855120006{n:02}").texts) for n in range(12)] == [1] * 12


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


def test_whose_language_is_missing_is_left_out_counted_and_blocks_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "_CHUNK", 2)
    addresses = [f"+8551200009{n}" for n in range(2, 8)]
    persons = [beneficiary(world, address) for address in addresses]
    paid(world, persons[0])
    world.now = world.context.calendar.at(DAY - timedelta(days=1), time(8, 50))
    member = world.officer("staff")
    member.writes("/broadcast ស្រែខ្វាវ អង្គរជុំ: ប្រជុំថ្ងៃសុក្រ")
    member.taps(member.labels()[0])
    with world.store.transaction() as tx:
        for person in (persons[1], persons[2], persons[5]):
            (contact,) = contacts.of_person(tx, person)
            contacts.change(tx, contact.id, language="en")
    local(world, DAY - timedelta(days=1), 9)
    assert [len(world.phone(address).texts) for address in addresses] == [2, 0, 0, 1, 1, 0]
    with world.store.reading() as tx:
        (batch,) = batches.of_kind(tx, "broadcast", 5)
    assert batch.state == "sending"
    assert batch.counts is not None
    assert batch.counts["no_text"] == 3
    assert batch.counts["reached"] == 6


def test_a_large_broadcast_needs_a_second_person(world: World) -> None:
    from domain.reading import Language
    from domain.settings import Level
    from storage.queries import settings

    with world.store.transaction() as tx:
        stricter = settings.current(tx).model_copy(update={"broadcast_second_above": 1})
        settings.add(tx, stricter, actor="staff", actor_id=None, now=world.now)
    world.context._read_at = -100.0
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
