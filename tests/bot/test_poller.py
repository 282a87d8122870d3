"""That nothing is lost between Telegram and the store, whatever fails, and that one process polls at a time."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest

from bot import Announcement, BotConfig, Poller, Steps
from bot.poller import growing_pause
from domain.inbound import Inbound, InboundKind
from handlers.context import Context
from handlers.incoming.intake import Taken
from storage.leadership import Leadership
from storage.store import DatabaseAway
from tests.support.telegram_emulator import Call, TelegramEmulator
from tests.support.telegram_updates import GROUP, SOK, message, tap

CONTEXT = cast("Context", SimpleNamespace())
COMMANDS = Announcement({"en": [("help", "Help")]}, {"en": "Ask or tell us."})


@dataclass
class Desk:
    """A stand-in for storing and processing; `faults` are raised by the next storings, `poison` by that text always."""

    faults: list[Exception | None] = field(default_factory=list)
    poison: str = ""
    stored: dict[str, Inbound] = field(default_factory=dict)
    processed: list[str] = field(default_factory=list)
    process_fault: Exception | None = None

    @property
    def steps(self) -> Steps:
        return Steps(self.take_in, self.process)

    def take_in(self, _context: Context, inbound: Inbound, _now: datetime) -> Taken:
        if self.poison and inbound.text == self.poison:
            raise ValueError(inbound.text)
        if self.faults and (fault := self.faults.pop(0)) is not None:
            raise fault
        new = inbound.provider_id not in self.stored
        self.stored.setdefault(inbound.provider_id, inbound)
        return Taken(inbound.address, new)

    def process(self, _context: Context, sender: str, _now: datetime) -> None:
        self.processed.append(sender)
        if self.process_fault is not None:
            raise self.process_fault


@dataclass
class Held:
    """A duty that this process has, or has not."""

    held: bool = True
    asked: threading.Event = field(default_factory=threading.Event)
    released: bool = False

    def holds(self) -> bool:
        self.asked.set()
        return self.held

    def release(self) -> None:
        self.released = True


@contextmanager
def polling(poller: Poller) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=poller.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(10)
    assert not thread.is_alive()


@pytest.fixture
def make(config: BotConfig, clock: Callable[[], datetime]) -> Callable[..., Poller]:
    def made(desk: Desk, **options: Any) -> Poller:
        usual: dict[str, Any] = {"steps": desk.steps, "duty": Held(), "pause_s": lambda _: 0.0}
        return Poller(options.pop("context", CONTEXT), config, clock, **{**usual, **options})

    return made


def asks(offset: int | None) -> Callable[[Call], bool]:
    return lambda call: call.fields.get("offset") == offset


def person(person_id: int) -> dict[str, Any]:
    return {"chat": {"id": person_id, "type": "private"}, "from": {**SOK, "id": person_id}}


def test_updates_are_stored_then_acknowledged_and_processed(
    make: Callable[..., Poller], telegram: TelegramEmulator
) -> None:
    desk = Desk()
    with polling(make(desk)):
        for update in (message(11, text="១"), message(12, text="២"), message(13, text="x", **person(88))):
            telegram.push(update)
        telegram.wait_for("getUpdates", where=asks(14))
    assert {key: each.text for key, each in desk.stored.items()} == {"u:11": "១", "u:12": "២", "u:13": "x"}
    assert set(desk.processed) == {"77001", "88"}
    assert telegram.sent_by("getUpdates")[0].fields["allowed_updates"][:2] == ["message", "edited_message"]


def test_what_the_database_did_not_take_is_asked_for_again(
    make: Callable[..., Poller], telegram: TelegramEmulator
) -> None:
    for number in (11, 12, 13):
        telegram.push(message(number, text=str(number), **person(number)))
    desk = Desk(faults=[None, DatabaseAway("OperationalError")])
    with polling(make(desk)):
        telegram.wait_for("getUpdates", where=asks(14))
    offsets = [call.fields.get("offset") for call in telegram.sent_by("getUpdates")]
    assert offsets == [None, None, 14]
    assert list(desk.stored) == ["u:11", "u:12", "u:13"]
    assert desk.processed == ["11", "12", "13"]


def test_the_offset_never_passes_what_is_stored(make: Callable[..., Poller], telegram: TelegramEmulator) -> None:
    """While storing hangs, Telegram is asked for nothing; so a process killed there has acknowledged nothing."""
    hangs, goes_on = threading.Event(), threading.Event()
    desk = Desk()

    def take_in(context: Context, inbound: Inbound, now: datetime) -> Taken:
        hangs.set()
        assert goes_on.wait(10)
        return desk.take_in(context, inbound, now)

    telegram.push(message(11, text="x"))
    with polling(make(desk, steps=Steps(take_in, desk.process))):
        assert hangs.wait(10)
        before = telegram.sent_by("getUpdates")
        goes_on.set()
        telegram.wait_for("getUpdates", where=asks(12))
    assert [call.fields.get("offset") for call in before] == [None]


def test_a_repeat_is_not_processed_twice(
    make: Callable[..., Poller], telegram: TelegramEmulator, now: datetime
) -> None:
    desk = Desk()
    desk.take_in(CONTEXT, Inbound.from_json({**_stored(), "provider_id": "u:11"}), now)
    telegram.push(message(11, text="x"))
    with polling(make(desk)):
        telegram.wait_for("getUpdates", where=asks(12))
    assert desk.processed == []


def _stored() -> dict[str, Any]:
    kind, at = InboundKind.TEXT, "2026-11-02T03:04:05+00:00"
    usual = {"gateway": "kh", "channel": "telegram", "provider_id": "u:1", "address": "77001", "kind": kind}
    return {**usual, "received_at": at, "media": []}


def test_a_tap_rests_at_once_and_a_group_is_left(make: Callable[..., Poller], telegram: TelegramEmulator) -> None:
    desk = Desk()
    telegram.push(tap(update_id=11))
    telegram.push(message(12, chat=GROUP, text="secret words"))
    telegram.push(message(13, chat=GROUP, text="more"))
    with polling(make(desk)):
        telegram.wait_for("getUpdates", where=asks(14))
    assert [call.fields for call in telegram.sent_by("answerCallbackQuery")] == [{"callback_query_id": "330712"}]
    assert [call.fields for call in telegram.sent_by("leaveChat")] == [{"chat_id": GROUP["id"]}]
    assert [each.kind for each in desk.stored.values()] == [InboundKind.TAP, InboundKind.GROUP, InboundKind.GROUP]


def test_a_tap_that_is_too_old_holds_nothing_up(make: Callable[..., Poller], telegram: TelegramEmulator) -> None:
    telegram.fail_next("answerCallbackQuery", 400, "Bad Request: query is too old and response timeout expired")
    telegram.push(tap(update_id=11))
    desk = Desk()
    with polling(make(desk)):
        telegram.wait_for("getUpdates", where=asks(12))
    assert desk.processed == ["77001"]


def test_what_nobody_can_answer_is_passed_over(make: Callable[..., Poller], telegram: TelegramEmulator) -> None:
    desk = Desk()
    with polling(make(desk)):
        telegram.push({"update_id": 11, "message": {"message_id": 1, "text": "x"}})
        telegram.push(message(12, text="y"))
        telegram.wait_for("getUpdates", where=asks(13))
    assert list(desk.stored) == ["u:12"]


def test_processing_that_fails_is_left_to_the_sweep(
    make: Callable[..., Poller], telegram: TelegramEmulator, caplog: pytest.LogCaptureFixture
) -> None:
    desk = Desk(process_fault=ValueError("secret words"))
    with polling(make(desk)):
        telegram.push(message(11, text="x"))
        telegram.wait_for("getUpdates", where=asks(12))
        telegram.push(message(12, text="y"))
        telegram.wait_for("getUpdates", where=asks(13))
    assert desk.processed == ["77001", "77001"]
    assert "secret words" not in caplog.text


def test_one_message_that_cannot_be_kept_does_not_hold_up_the_others(
    make: Callable[..., Poller], telegram: TelegramEmulator, caplog: pytest.LogCaptureFixture
) -> None:
    desk = Desk(poison="poison")
    telegram.push(message(11, text="poison"))
    telegram.push(message(12, text="y"))
    with polling(make(desk)):
        telegram.wait_for("getUpdates", where=asks(13))
    assert [(each.kind, each.text) for each in desk.stored.values()] == [
        (InboundKind.OTHER, ""),
        (InboundKind.TEXT, "y"),
    ]
    assert "update 11" in caplog.text
    assert "poison" not in caplog.text


def test_polling_begins_by_ending_webhooks_and_announcing(
    make: Callable[..., Poller], telegram: TelegramEmulator
) -> None:
    with polling(make(Desk(), announcement=COMMANDS)):
        telegram.wait_for("getUpdates")
    methods = [call.method for call in telegram.sent]
    assert methods == ["deleteWebhook", *["setMyCommands"] * 2, *["setMyDescription"] * 2, "getUpdates"]
    assert telegram.sent[0].fields.get("drop_pending_updates") is not True


def test_what_telegram_did_not_take_of_the_announcement_is_said_again(
    make: Callable[..., Poller], telegram: TelegramEmulator
) -> None:
    telegram.fail_next("setMyCommands", 429, retry_after=60)
    desk = Desk()
    with polling(make(desk, announcement=COMMANDS, announce_again_s=0.0)):
        telegram.push(message(11, text="x"))
        telegram.wait_for("setMyDescription")
        telegram.wait_for("getUpdates", where=asks(12))
    assert len(telegram.sent_by("setMyCommands")) == 3
    assert len(telegram.sent_by("setMyDescription")) == 2
    assert list(desk.stored) == ["u:11"], "and nobody waits for it"


@pytest.mark.parametrize("status", [401, 429, 500, 502])
def test_a_fault_of_telegram_is_waited_out(
    make: Callable[..., Poller], telegram: TelegramEmulator, status: int
) -> None:
    telegram.fail_next("deleteWebhook", status)
    telegram.fail_next("getUpdates", status)
    telegram.garble_next("getUpdates", 200)
    telegram.drop_next("getUpdates")
    telegram.push(message(11, text="x"))
    desk, faults = Desk(), list[int]()

    def pause_s(count: int) -> float:
        faults.append(count)
        return 0.0

    with polling(make(desk, pause_s=pause_s)):
        telegram.wait_for("getUpdates", where=asks(12))
    assert list(desk.stored) == ["u:11"]
    assert faults == [1, 2, 3, 4]


def test_telegrams_own_pause_is_kept(make: Callable[..., Poller], telegram: TelegramEmulator) -> None:
    """It asks for an hour; the poller waits, and still ends at once when it is told to."""
    telegram.fail_next("getUpdates", 429, retry_after=3600)
    with polling(make(Desk())):
        telegram.wait_for("getUpdates")
    assert len(telegram.sent_by("getUpdates")) == 1


def test_another_poller_is_named_as_such(
    make: Callable[..., Poller], telegram: TelegramEmulator, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.fail_next("getUpdates", 409)
    with polling(make(Desk())):
        telegram.wait_for("getUpdates", count=2)
    assert "another program polls with its token" in caplog.text
    assert telegram.token not in caplog.text


def test_a_webhook_that_takes_the_updates_is_named_by_its_host(
    make: Callable[..., Poller], telegram: TelegramEmulator, caplog: pytest.LogCaptureFixture
) -> None:
    with polling(make(Desk())):
        telegram.wait_for("getUpdates")
        url = f"{telegram.base_url}/bot{telegram.token}/setWebhook"
        httpx.post(url, json={"url": "https://elsewhere.example/hidden-path"}).raise_for_status()
        telegram.wait_for("getWebhookInfo")
    assert "webhook at elsewhere.example" in caplog.text
    assert "hidden-path" not in caplog.text


def test_without_the_duty_telegram_is_not_asked(make: Callable[..., Poller], telegram: TelegramEmulator) -> None:
    duty = Held(held=False)
    with polling(make(Desk(), duty=duty)):
        assert duty.asked.wait(10)
    assert telegram.sent == []
    assert duty.released


def test_a_duty_that_cannot_be_asked_for_does_not_end_the_poller(
    make: Callable[..., Poller], telegram: TelegramEmulator
) -> None:
    class Broken(Held):
        def holds(self) -> bool:
            if self.asked.is_set():
                return True
            self.asked.set()
            raise PermissionError

    with polling(make(Desk(), duty=Broken())):
        telegram.wait_for("getUpdates")


def test_of_two_processes_one_polls(make: Callable[..., Poller], telegram: TelegramEmulator, tmp_path: Path) -> None:
    store = SimpleNamespace(sqlite_path=tmp_path / "samleng.db")
    context = cast("Context", SimpleNamespace(store=store))
    first, second = Desk(), Desk()
    asked = threading.Event()

    class Watched(Leadership):
        def holds(self) -> bool:
            held = super().holds()
            asked.set()
            return held

    with polling(make(first, duty=None, context=context)):
        telegram.wait_for("getUpdates")
        with polling(make(second, duty=Watched(cast("Any", store), "bot-kh"))):
            assert asked.wait(10)
            telegram.push(message(11, text="x"))
            telegram.wait_for("getUpdates", where=asks(12))
    assert (list(first.stored), list(second.stored)) == (["u:11"], [])
    with polling(make(second, duty=Watched(cast("Any", store), "bot-kh"))):
        telegram.push(message(12, text="y"))
        telegram.wait_for("getUpdates", where=asks(13))
    assert "u:12" in second.stored


def test_pauses_grow_to_a_minute() -> None:
    assert [growing_pause(count) for count in (1, 2, 3, 7, 5000)] == [1, 2, 4, 60, 60]
