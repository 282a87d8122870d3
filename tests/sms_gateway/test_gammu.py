"""A modem through the real gammu-smsd: both ways in Khmer and Lao, receipts, kills in between, locks, and its health."""

import asyncio
import logging
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from domain.inbound import Inbound, InboundKind
from domain.ports import DeliveryState, FailureKind, Outbound, OutboundAction, SendOutcome, SendResult
from domain.sending.segments import count_segments
from sms_gateway.gammu.loop import GammuLoop
from sms_gateway.gammu.parts import GAP, MOST_PARTS, parts_to_send
from sms_gateway.gammu.receipts import SentPart
from storage.store import DatabaseAway
from tests.sms_gateway.parts.real_gammu import Core, PowerCut, RealGammu, needs_gammu, sent, stored, wait_for

KHMER = "សូមជួយ! ខ្ញុំមិនទាន់បានទទួលប្រាក់ ១២៣៤៥ រៀលទេ ស្រី្ដ 👩🏽‍🌾 " * 4
LAO = "ຂ້ອຍຍັງບໍ່ໄດ້ຮັບເງິນເທື່ອ ແລະ ນໍ້າບໍ່ໄຫຼ ໑໒໓ ຢູ່ບ້ານເຮົາ " * 3
NUMBER = "+85512345678"
LAO_NUMBER = "+8562055512345"
NOW = datetime(2026, 11, 3, 2, 30, tzinfo=UTC)
PRIVATE = (NUMBER, NUMBER[1:], LAO_NUMBER, LAO_NUMBER[1:], KHMER[:20], LAO[:20])


@pytest.fixture(autouse=True)
def nothing_private_in_logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.DEBUG)
    yield
    assert not [each for each in PRIVATE if each in caplog.text]


@pytest.fixture
def gammu(tmp_path: Path) -> Iterator[RealGammu]:
    """A phone and its database; the daemon does not run yet."""
    needs_gammu()
    real = RealGammu(tmp_path)
    yield real
    real.close()


class TestReceiving:
    def test_short_and_long_texts_arrive_whole_and_once_and_leave_nothing_behind(self, gammu: RealGammu) -> None:
        core = Core(gammu)
        gammu.start()
        gammu.arrives(NUMBER, "ជួយខ្ញុំ")
        gammu.arrives(NUMBER, KHMER)
        gammu.arrives(LAO_NUMBER, LAO)
        gammu.arrives("012345678", "Reply: 'yes'; {~}€ @£\n")
        gammu.arrives("1288", "balance")
        messages = core.looks_until(5)
        assert [(each.address, each.text) for each in messages] == [
            (NUMBER, "ជួយខ្ញុំ"),
            (NUMBER, KHMER),
            (LAO_NUMBER, LAO),
            (NUMBER, "Reply: 'yes'; {~}€ @£\n"),
            ("1288", "balance"),
        ]
        assert {(each.gateway, each.kind) for each in messages} == {("main", InboundKind.TEXT)}
        assert len({each.provider_id for each in messages}) == 5
        assert all(abs(each.received_at - core.now()) < timedelta(minutes=1) for each in messages)
        core.loop.turn()
        assert len(messages) == 5
        assert set(gammu.rows("SELECT Processed, SenderNumber || Text || TextDecoded FROM inbox")) == {("true", "")}
        wait_for(lambda: gammu.on_sim() == 0)

    def test_parts_in_any_order_and_a_surrogate_pair_that_the_sender_cut(self, gammu: RealGammu) -> None:
        core = Core(gammu)
        gammu.start()
        text = "ក" * 66 + "😀" + "ខ" * 80
        late = gammu.arrives(NUMBER, text, without=(1,))
        wait_for(lambda: gammu.rows("SELECT 1 FROM inbox WHERE ID = 2"))
        core.loop.turn()
        assert core.received == []
        gammu.put(late[0])
        assert [each.text for each in core.looks_until(1)] == [text]

    def test_a_part_that_never_comes_is_waited_for_and_then_seen_as_a_gap(self, gammu: RealGammu) -> None:
        core = Core(gammu, part_wait=timedelta(minutes=10))
        gammu.start()
        text = "ក" * 67 + "ខ" * 67 + "គ" * 20
        late = gammu.arrives(NUMBER, text, without=(2,))
        wait_for(lambda: gammu.rows("SELECT 1 FROM inbox WHERE ID = 2"))
        core.loop.turn()
        assert core.received == []
        core.ahead = timedelta(minutes=11)
        core.loop.turn()
        assert [each.text for each in core.received] == ["ក" * 67 + GAP + "គ" * 20]
        gammu.put(late[0])
        wait_for(lambda: gammu.rows("SELECT 1 FROM inbox WHERE Processed = 'false'"))
        core.ahead = timedelta(minutes=22)
        core.loop.turn()
        assert [each.text for each in core.received[1:]] == [GAP + "ខ" * 67 + GAP]

    def test_a_crash_before_the_mark_brings_the_same_message_again(self, gammu: RealGammu) -> None:
        gammu.start()
        gammu.arrives(NUMBER, KHMER)
        wait_for(lambda: gammu.rows("SELECT 1 FROM inbox"))
        crashing = Core(gammu)
        crashing.refuses = [PowerCut()]
        with pytest.raises(PowerCut):
            crashing.looks_until(1)
        after = Core(gammu)
        (again,) = after.looks_until(1)
        assert again == crashing.received[0]

    def test_a_daemon_killed_before_it_cleared_the_sim_tells_nothing_twice(self, gammu: RealGammu) -> None:
        core = Core(gammu)
        gammu.start()
        told = gammu.arrives(NUMBER, KHMER, without=tuple(range(1, 20)))
        for part in told:
            gammu.put(part)
        core.looks_until(1)
        gammu.kill()
        # Killed after the insert and before the deletion: every part is still on the SIM.
        for part in told:
            gammu.put(part)
        gammu.start()
        wait_for(lambda: gammu.on_sim() == 0 and gammu.rows("SELECT 1 FROM inbox WHERE Processed = 'false'"))
        core.loop.turn()
        assert [each.text for each in core.received] == [KHMER]
        assert gammu.rows("SELECT 1 FROM inbox WHERE Processed = 'false'") == []

    def test_what_came_while_the_daemon_was_dead_is_there_afterwards(self, gammu: RealGammu) -> None:
        core = Core(gammu)
        gammu.start().kill()
        gammu.arrives(LAO_NUMBER, LAO)
        gammu.start()
        assert [each.text for each in core.looks_until(1)] == [LAO]

    def test_a_locked_database_delays_and_loses_nothing(self, gammu: RealGammu) -> None:
        core = Core(gammu, busy_s=0.1)
        gammu.start()
        with sqlite3.connect(gammu.settings.database, isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            gammu.arrives(NUMBER, KHMER)
            wait_for(lambda: "database is locked" in (gammu.folder / "out").read_text())
            assert core.send(42, NUMBER, "hello") == SendResult.of(FailureKind.PROVIDER_DOWN)
            other.execute("COMMIT")
        other.close()
        # Neither does the daemon say what it could not store.
        assert not [each for each in PRIVATE if each in (gammu.folder / "out").read_text()]
        assert core.send(42, NUMBER, "hello").outcome is SendOutcome.ACCEPTED
        assert [each.text for each in core.looks_until(1)] == [KHMER]
        assert len(core.is_told(1)) == 1

    def test_our_own_database_away_keeps_every_word(self, gammu: RealGammu) -> None:
        core = Core(gammu)
        stored(gammu, NUMBER, parts_to_send(KHMER, 1))
        core.refuses = [DatabaseAway("OperationalError") for _ in range(20)]
        pauses = [core.loop.turn() for _ in range(20)]
        assert pauses[0] == 2.0
        assert max(pauses) == 60.0
        assert core.loop.turn() == 1.0
        assert core.received[-1].text == KHMER
        assert len({each.provider_id for each in core.received}) == 1

    def test_a_message_that_cannot_be_stored_holds_up_nobody(self, gammu: RealGammu) -> None:
        core = Core(gammu)
        stored(gammu, NUMBER, parts_to_send("poison", 1))
        stored(gammu, LAO_NUMBER, parts_to_send("good", 2))
        kept: list[Inbound] = []

        def keep(inbound: Inbound) -> None:
            if inbound.text == "poison":
                raise ValueError(inbound.text)
            kept.append(inbound)

        loop = GammuLoop(gammu.settings, keep, core.receipts.append, core.now)
        for _ in range(6):
            loop.turn()
        assert [(each.kind, each.text) for each in kept] == [(InboundKind.TEXT, "good"), (InboundKind.OTHER, "")]
        assert gammu.rows("SELECT 1 FROM inbox WHERE Processed = 'false'") == []

    def test_answers_of_the_network_and_pictures_are_no_texts(self, gammu: RealGammu) -> None:
        core = Core(gammu)
        stored(gammu, "", parts_to_send("Your balance is 1 $", 1), sms_class=127)
        stored(gammu, NUMBER, parts_to_send("ab", 2), coding="8bit")
        stored(gammu, "", parts_to_send("who?", 3))
        core.loop.turn()
        assert [(each.kind, each.address, each.text) for each in core.received] == [
            (InboundKind.OTHER, NUMBER, ""),
            (InboundKind.OTHER, "", "who?"),
        ]


class TestSending:
    def test_long_khmer_lao_and_latin_leave_as_they_were_written_and_come_back_as_receipts(
        self, gammu: RealGammu
    ) -> None:
        core = Core(gammu)
        latin = "Reference LP-7K3M-9Q: [ok] {~} 5€ @£$ Çüñ " * 5
        texts = {42: KHMER, 43: LAO, 44: latin, 45: "ok", 46: ""}
        results = {each: core.send(each, f"+8551234500{each}", text) for each, text in texts.items()}
        assert {each.outcome for each in results.values()} == {SendOutcome.ACCEPTED}
        assert core.gateway.health(core.now()).waiting == 5
        gammu.start()
        wait_for(lambda: not gammu.rows("SELECT 1 FROM outbox"))
        for message_id, text in texts.items():
            parts = gammu.sent_parts(str(results[message_id].provider_id))
            assert "".join(words for _, words in parts) == text
            assert len(parts) == count_segments(text).segments
            total = len(parts)
            headers = [f"050003{message_id:02X}{total:02X}{at:02X}" for at in range(1, total + 1)]
            assert [header for header, _ in parts] == (headers if total > 1 else [""])
        for number, word in ((42, "Delivered"), (43, "Failed"), (44, "Pending")):
            gammu.reports(f"+8551234500{number}", word)
        wait_for(lambda: len(gammu.rows("SELECT DISTINCT ID FROM sentitems WHERE Status != 'SendingOK'")) == 3)
        receipts = core.is_told(5)
        assert {(each.message_id, each.state, each.failure) for each in receipts} == {
            (42, DeliveryState.DELIVERED, None),
            (43, DeliveryState.UNDELIVERED, FailureKind.UNCLEAR),
            (44, DeliveryState.SENT, None),
            (45, DeliveryState.SENT, None),
            (46, DeliveryState.SENT, None),
        }
        assert {each.message_id: each.provider_id for each in receipts} == {
            each: result.provider_id for each, result in results.items()
        }
        core.loop.turn()
        Core(gammu).loop.turn()
        assert len(receipts) == 5
        assert set(gammu.rows("SELECT Text || TextDecoded FROM sentitems")) == {("",)}
        gammu.reports("+855123450044", "Delivered")
        assert core.is_told(6)[-1].state is DeliveryState.DELIVERED

    def test_a_receipt_that_cannot_be_stored_comes_again(self, gammu: RealGammu) -> None:
        core = Core(gammu)
        core.send(42, NUMBER, "ok")
        gammu.start()
        wait_for(lambda: not gammu.rows("SELECT 1 FROM outbox"))
        core.refuses = [DatabaseAway("OperationalError")]
        assert core.loop.turn() > 1.0
        assert [each.message_id for each in core.is_told(1)] == [42]

    def test_a_message_that_has_left_is_not_sent_again_after_a_kill(self, gammu: RealGammu) -> None:
        core = Core(gammu)
        sent_id = core.send(42, NUMBER, KHMER).provider_id
        outbox = "INSERT INTO outbox SELECT * FROM kept_outbox"
        parts = "INSERT INTO outbox_multipart SELECT * FROM kept_parts"
        gammu.rows("CREATE TABLE kept_outbox AS SELECT * FROM outbox")
        gammu.rows("CREATE TABLE kept_parts AS SELECT * FROM outbox_multipart")
        gammu.start()
        wait_for(lambda: not gammu.rows("SELECT 1 FROM outbox"))
        gammu.kill()
        (sent,) = gammu.rows("SELECT max(Sent) FROM phones")[0]
        # Killed after sending the first two parts and before noting it in its outbox.
        gammu.rows("DELETE FROM sentitems WHERE SequencePosition > 2")
        gammu.rows(outbox)
        gammu.rows(parts)
        core.loop.turn()
        assert core.receipts == []
        gammu.start()
        wait_for(lambda: not gammu.rows("SELECT 1 FROM outbox"))
        assert "".join(words for _, words in gammu.sent_parts(str(sent_id))) == KHMER
        assert gammu.rows("SELECT max(Sent) FROM phones")[0][0] == sent - 2
        assert [each.state for each in core.is_told(1)] == [DeliveryState.SENT]

    def test_a_daemon_killed_in_the_middle_of_a_message_sends_the_rest_of_it(self, gammu: RealGammu) -> None:
        core = Core(gammu)
        text = "".join(chr(0x1780 + at % 35) for at in range(67 * MOST_PARTS))
        before, tries = MOST_PARTS, count(42)
        while before == MOST_PARTS:  # a slow machine may see it only when it is through
            sent_id = core.send(next(tries), NUMBER, text).provider_id
            gammu.begin()
            wait_for(partial(gammu.rows, "SELECT 1 FROM sentitems WHERE ID = ? AND SequencePosition = 5", sent_id))
            gammu.kill()
            before = len(gammu.sent_parts(sent_id))
        core.loop.turn()
        assert gammu.rows("SELECT state FROM samleng_told WHERE id = ?", sent_id) == []
        # The daemon would leave the message alone for a minute, which this takes away.
        gammu.rows("UPDATE outbox SET SendingTimeOut = '2000-01-01 00:00:00'")
        gammu.start()
        wait_for(lambda: not gammu.rows("SELECT 1 FROM outbox"))
        assert "".join(words for _, words in gammu.sent_parts(sent_id)) == text
        (after,) = gammu.rows("SELECT max(Sent) FROM phones")[0]
        # The one part that was in flight may go twice.
        assert before + after in (MOST_PARTS, MOST_PARTS + 1)
        core.loop.turn()
        assert (core.receipts[-1].provider_id, core.receipts[-1].state) == (sent_id, DeliveryState.SENT)

    def test_a_send_repeated_while_it_waits_is_the_same_message(self, gammu: RealGammu) -> None:
        core = Core(gammu)
        results = [core.send(42, NUMBER, KHMER) for _ in range(2)]
        assert results[0] == results[1]
        assert len(gammu.rows("SELECT 1 FROM outbox")) == 1

    @pytest.mark.parametrize("number", ["", "+", "Metfone", "+855 12 345", "*100#", "+855;rm"])
    def test_what_is_no_number_is_not_dialled(self, gammu: RealGammu, number: str) -> None:
        assert Core(gammu).send(42, number, "ok") == SendResult.of(FailureKind.BAD_ADDRESS)

    def test_more_parts_than_the_daemon_reads_are_refused(self, gammu: RealGammu) -> None:
        core = Core(gammu)
        assert core.send(1, NUMBER, "ក" * 67 * MOST_PARTS).outcome is SendOutcome.ACCEPTED
        assert core.send(2, NUMBER, "ក" * (67 * MOST_PARTS + 1)) == SendResult.of(FailureKind.TOO_LONG)

    def test_a_database_that_is_not_there_is_not_made(self, gammu: RealGammu) -> None:
        gammu.settings.database.unlink()
        core = Core(gammu)
        assert core.send(42, NUMBER, "ok") == SendResult.of(FailureKind.PROVIDER_DOWN)
        assert core.loop.turn() > 1.0
        assert "samleng gateway files" in str(core.gateway.health(NOW).fault)
        assert not gammu.settings.database.exists()

    def test_a_sent_sms_cannot_be_taken_back(self, gammu: RealGammu) -> None:
        message = Outbound(42, NUMBER, "", action=OutboundAction.DELETE, provider_id="1")
        assert asyncio.run(Core(gammu).gateway.send(message)) == SendResult.of(FailureKind.REJECTED)

    def test_what_other_programs_send_by_the_modem_is_not_ours_to_tell(self, gammu: RealGammu) -> None:
        sent(gammu, 7, "Gammu 1.42.0", SentPart("SendingOK"))
        core = Core(gammu)
        core.loop.turn()
        assert core.receipts == []


class TestHealth:
    def test_a_running_modem_says_how_it_is_and_a_silent_one_is_found_out(self, gammu: RealGammu) -> None:
        core = Core(gammu, daily_cap=10)
        before = core.gateway.health(core.now())
        assert before.fault is not None
        assert "never reached" in before.fault
        core.send(42, NUMBER, KHMER)
        gammu.start()
        wait_for(lambda: not gammu.rows("SELECT 1 FROM outbox"))
        health = core.gateway.health(core.now())
        assert health.is_healthy
        assert health.last_seen is not None
        assert abs(core.now() - health.last_seen) < timedelta(seconds=30)
        assert (health.signal, health.battery, health.network) == (42, 100, "GammuT3l")
        assert health.sent_today == count_segments(KHMER).segments
        assert health.cap_used == health.sent_today / 10
        for _ in range(3):
            core.loop.turn()
        assert core.heard == [health.last_seen], "told to the core, and not at every look"
        gammu.kill()
        core.send(43, NUMBER, "ok")
        silent = core.gateway.health(core.now() + timedelta(minutes=6))
        assert not silent.is_healthy
        assert "for 6 minutes" in str(silent.fault) or "for 5 minutes" in str(silent.fault)
        assert silent.waiting == 1
        assert silent.waiting_since is not None
        assert abs(core.now() - silent.waiting_since) < timedelta(minutes=1)

    def test_the_sims_day_ends_at_midnight_where_it_is(self, gammu: RealGammu) -> None:
        sent(gammu, 1, "1", SentPart("SendingOK"), at="2026-11-02 23:59:59")
        sent(gammu, 2, "2", SentPart("SendingError"), at="2026-11-03 00:00:00")
        sent(gammu, 3, "3", SentPart("DeliveryOK"), at="2026-11-03 00:00:00")
        early = datetime(2026, 11, 3, 0, 30, tzinfo=ZoneInfo("Asia/Phnom_Penh"))
        assert Core(gammu).gateway.health(early.astimezone(UTC)).sent_today == 1

    def test_done_rows_are_cleared_after_a_week_and_the_rest_stays(self, gammu: RealGammu) -> None:
        core = Core(gammu)
        stored(gammu, NUMBER, parts_to_send("old", 1))
        sent(gammu, 1, "42", SentPart("DeliveryOK"))
        sent(gammu, 2, "Gammu 1.42.0", SentPart("DeliveryOK"))
        core.loop.turn()
        core.ahead = timedelta(days=8)
        core.loop.turn()
        assert gammu.rows("SELECT count(*) FROM inbox") == [(0,)]
        assert gammu.rows("SELECT ID FROM sentitems") == [(2,)]
        assert gammu.rows("SELECT * FROM samleng_taken") == gammu.rows("SELECT * FROM samleng_told") == []
