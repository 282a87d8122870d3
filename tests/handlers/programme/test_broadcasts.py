"""Broadcasts by Telegram: shown, approved by a second person where they are large, sent once, never at night."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from domain.inbound import Channel
from domain.ports import SendResult
from domain.reading import Language
from domain.settings import Level
from handlers.broadcasts import laying_out
from handlers.broadcasts.command import telling
from handlers.sending import dispatch
from handlers.sweeps import batches as sweep
from storage.queries import settings
from storage.queries.persons import contacts, people
from storage.queries.sending import batches
from tests.support.programme import DAY, beneficiary, local, paid
from tests.support.world import SMS, World


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


def bounded(world: World, **values: object) -> None:
    """Change what bounds broadcasts."""
    with world.store.transaction() as tx:
        settings.add(tx, settings.current(tx).model_copy(update=values), actor="staff", actor_id=None, now=world.now)
    world.context._read_at = -100.0


def at_rate(world: World, rate: float, **values: object) -> None:
    world.context.gateways = {
        **world.context.gateways,
        SMS: replace(world.context.gateways[SMS], rate=rate, **values),  # type: ignore[arg-type]
    }


def test_it_is_narrowed_in_words_and_told_with_its_end_cost_and_hours(world: World) -> None:
    at_rate(world, 1000.0, cost=0.05)
    she, he = beneficiary(world, "+85512000121"), beneficiary(world, "+85512000122")
    with world.store.transaction() as tx:
        people.change(tx, she, sex="f", group_name="សន្សំ")
        people.change(tx, he, sex="m", group_name="សន្សំ")
    member = world.officer("staff")
    (shown,) = member.writes("/broadcast 170107; ស្រី; ក្រុម សន្សំ; ដល់ 5/3 9.00៖ ប្រជុំ ថ្ងៃ 5/3 ម៉ោង 9:30")
    whom = "សារលេខ 1៖ 1 នាក់ · ឃុំស្រែខ្វាវ ស្រុកអង្គរជុំ · ស្រី · ក្រុម សន្សំ"
    for words in (whom, "តម្លៃ 0.05 ចប់ 3/3 10:00", "ប្រើបានដល់ 5/3 9:00", "«មកមិនបាន»"):
        assert words in shown
    assert "«ប្រជុំ ថ្ងៃ 5/3 ម៉ោង 9:30»" in shown
    member.taps("ផ្ញើ")
    sweep.lay_out_all(world.context, world.now)
    world.pass_time(days=3)
    assert world.phone("+85512000121").texts == world.phone("+85512000122").texts == []
    (told,) = member.writes("/broadcast 1")
    assert "មិនផ្ញើ 1" in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("/broadcast ស្រែខ្វាវ: ok", "170107; ឃុំស្រែខ្វាវ ស្រុកវ៉ារិន 170205"),
        ("/broadcast អង្គរជុំ; round r9: ok", "r9"),
        ("/broadcast អង្គរជុំ; ដល់ 31/2: ok", "«31/2»"),
        ("/broadcast អង្គរជុំ; វ៉ារិន: ok", "«វ៉ារិន»"),
        ("/broadcast 7", "គ្មានសារលេខ 7"),
    ],
)
def test_what_is_not_understood_is_told(world: World, words: str, said: str) -> None:
    beneficiary(world, "+85512000123")
    (told,) = world.officer("staff").writes(words)
    assert said in told


def test_a_fault_of_ours_is_told_and_not_in_its_own_words(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    beneficiary(world, "+85512000133")
    member = world.officer("staff")
    monkeypatch.setattr(telling, "preview_told", None)
    assert member.writes("/broadcast អង្គរជុំ: ប្រជុំ") == ["មានបញ្ហានៅខាងយើង មិនបានផ្ញើ ឬប្ដូរអ្វីទេ។ សូមសរសេរម្ដងទៀត។"]


def test_it_is_held_goes_on_and_ends_by_buttons_or_words_and_its_maker_is_told(world: World) -> None:
    second = world.add_officer("second", Level.STAFF, None, language=Language.KM)
    beneficiary(world, "+85512000131")
    maker = world.officer("staff")
    at_rate(world, 1000.0, cost=0.5)
    bounded(world, broadcast_second_above=0, broadcast_budget=0.25)
    maker.writes("/broadcast អង្គរជុំ: ប្រជុំ")
    maker.taps("ផ្ញើ")
    assert second.texts[-1].count("អង្គរជុំ") == 1
    for words in ("សារលេខ 1 ទៅ 1 នាក់", "អង្គរជុំ", "ពី staff។", "1 ផ្នែក តម្លៃ 0.5។", "«ប្រជុំ»"):
        assert words in second.texts[-1]
    (refused,) = second.taps("ផ្ញើ")
    assert "0.25" in refused
    bounded(world, broadcast_budget=1.0)
    (sent,) = second.writes("/broadcast 1 ផ្ញើ")
    assert sent == "កំពុងផ្ញើទៅ 1 នាក់។"
    assert maker.texts[-1] == "សារលេខ 1 ត្រូវបានយល់ព្រម។ កំពុងផ្ញើទៅ 1 នាក់។"
    sweep.lay_out_all(world.context, world.now)
    assert "ផ្អាកហើយ" in second.taps("ផ្អាក")[0]
    assert world.phone("+85512000131").texts == []
    assert "ផ្ញើបន្ត" in second.taps("ផ្ញើបន្ត")[0]
    second.taps("ផ្អាក")
    assert "អ្វីដែលមិនទាន់ចេញ មិនផ្ញើទេ" in second.writes("/broadcast 1 cancel")[0]
    assert "បានបោះបង់" in maker.texts[-1]
    world.sweep()
    assert world.phone("+85512000131").texts == []
    with world.store.reading() as tx:
        (batch,) = batches.of_kind(tx, "broadcast", 5)
    assert batch.cost == 0.0


def test_where_nobody_else_can_approve_it_the_maker_is_told(world: World) -> None:
    bounded(world, broadcast_second_above=0)
    beneficiary(world, "+85512000132")
    maker = world.officer("staff")
    maker.writes("/broadcast អង្គរជុំ: ok")
    assert "គ្មានបុគ្គលិកផ្សេងទៀតទេ" in maker.taps("ផ្ញើ")[0]


def test_two_take_turns_and_a_reminder_waits_behind_none_however_far_the_gateway_is_behind(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(laying_out, "_LEAST", 1)
    monkeypatch.setattr(laying_out, "_MOST", 1)
    world.now = world.context.calendar.at(DAY - timedelta(days=1), time(8, 0))
    persons = [beneficiary(world, f"+8551200014{n}") for n in range(6)]
    paid(world, persons[5])
    at_rate(world, 1.0)
    member = world.officer("staff")
    member.writes("/broadcast អង្គរជុំ: ទីមួយ")
    member.taps("ផ្ញើ")
    sweep.lay_out_all(world.context, world.now)
    world.now += timedelta(minutes=70)
    (shown,) = member.writes("/broadcast អង្គរជុំ: ទីពីរ")
    assert "ចប់ 11/3 9:10" in shown
    member.taps(member.labels()[-2])
    sweep.make_reminders(world.context, world.now)
    sweep.lay_out_all(world.context, world.now)
    came: list[str] = []
    for _ in range(15):
        world.now += timedelta(seconds=1)
        for item in dispatch.claim(world.context, SMS, world.now, limit=1):
            came.append(item.outbound.text)
            dispatch.record(world.context, SMS, [(item, SendResult.accepted("x"))], world.now)
    assert any(not said.startswith("ទី") for said in came[:3]), "the reminder is among the first"
    turns = [said for said in came if said.startswith("ទី")]
    assert 2 <= turns[:6].count("ទីពីរ") <= 4
    assert turns.count("ទីពីរ") == 6
