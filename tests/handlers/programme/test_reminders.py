"""Reminders: to the right people, once, in their language, never in quiet hours, never to whoever sent STOP."""

import logging
from datetime import time, timedelta

import pytest
from sqlalchemy import event, text

from domain.inbound import Channel
from handlers.programme import schedule
from handlers.sweeps import batches as sweep
from storage.queries.persons import contacts, people
from storage.queries.sending import batches
from tests.support.programme import DAY, beneficiary, local, paid
from tests.support.world import World


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
