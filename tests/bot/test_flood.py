"""What Telegram's refusals do to the queue: "later" rests the whole bot and keeps the order, a block lasts until she writes."""

import asyncio
from datetime import timedelta

import pytest

from bot import TelegramSender
from domain.inbound import Channel
from domain.ports import FailureKind
from handlers.sending import dispatch
from storage.queries.persons import messages
from tests.support.telegram_emulator import TelegramEmulator
from tests.support.world import TELEGRAM, World
from tests.worker.fakes import Queue, number

SECOND = timedelta(seconds=1)
LONG = "ខ្ញុំមិនទាន់ទទួលបានប្រាក់ខែកញ្ញាទេ " * 300


@pytest.fixture
def queue(world: World) -> Queue:
    return Queue(world.store, TELEGRAM, Channel.TELEGRAM)


def hand_over(world: World, telegram: TelegramEmulator, *, later: timedelta = timedelta(0)) -> list[str]:
    """Hand over what may leave at a moment, as the dispatcher does, and return the texts that Telegram took."""
    now, before = world.now + later, len(telegram.sent)
    sender = TelegramSender(TELEGRAM, telegram.token, base_url=telegram.base_url, chat_rate=1000)
    claimed = dispatch.claim(world.context, TELEGRAM, now)

    async def send() -> None:
        results = [(item, await sender.send(item.outbound)) for item in claimed]
        await sender.close()
        dispatch.record(world.context, TELEGRAM, results, now)

    asyncio.run(send())
    return [call.fields.get("text", "") for call in telegram.sent[before:] if call.result is not None]


def test_later_rests_the_whole_bot_and_keeps_the_order(world: World, queue: Queue, telegram: TelegramEmulator) -> None:
    first, second = queue.add(1, "first"), queue.add(1, "second")
    telegram.fail_next("sendMessage", 429, retry_after=17)
    assert hand_over(world, telegram) == []
    assert queue.tokens()[1] == world.now + 17 * SECOND
    queue.add(2, "to somebody else")
    assert hand_over(world, telegram, later=16 * SECOND) == []
    assert len(telegram.sent) == 1, "Telegram is not even asked"
    assert hand_over(world, telegram, later=17 * SECOND) == ["first", "to somebody else"]
    assert hand_over(world, telegram, later=18 * SECOND) == ["second"]
    assert (queue.state(first), queue.state(second)) == ("accepted", "accepted")


def test_later_in_the_middle_of_a_long_message_repeats_no_piece(
    world: World, queue: Queue, telegram: TelegramEmulator
) -> None:
    message_id = queue.add(1, LONG)
    queue.add(1, "behind it")
    telegram.fail_after("sendMessage", 2, 429)
    begun = hand_over(world, telegram)
    assert hand_over(world, telegram, later=SECOND / 2) == []
    rest = hand_over(world, telegram, later=10 * SECOND)
    assert (len(begun), "".join(begun + rest)) == (2, LONG)
    assert hand_over(world, telegram, later=11 * SECOND) == ["behind it"]
    queue.take_back(message_id, 1)
    hand_over(world, telegram, later=12 * SECOND)
    gone = [call.fields["message_id"] for call in telegram.sent_by("deleteMessage")]
    sent = [call.result["message_id"] for call in telegram.sent_by("sendMessage") if call.result]
    assert gone == sent[:3]


def test_a_reply_to_any_piece_is_a_reply_to_the_message(world: World, queue: Queue, telegram: TelegramEmulator) -> None:
    message_id, other = queue.add(1, LONG), queue.add(1, "short")
    hand_over(world, telegram)
    hand_over(world, telegram, later=SECOND)
    ids = [str(call.result["message_id"]) for call in telegram.sent_by("sendMessage")]
    contact = queue.contact(1).id
    with world.store.reading() as tx:
        found = [messages.by_provider_id(tx, TELEGRAM, contact, each) for each in (*ids, "", ",", f"{ids[0]},", "99")]
    assert [each and each.id for each in found] == [message_id] * 3 + [other] + [None] * 4


@pytest.mark.parametrize(
    ("status", "said", "failure", "blocks"),
    [
        (403, "Forbidden: bot was blocked by the user", FailureKind.BLOCKED, True),
        (403, "Forbidden: user is deactivated", FailureKind.BLOCKED, True),
        (400, "Bad Request: chat not found", FailureKind.BAD_ADDRESS, False),
    ],
)
def test_whom_nothing_reaches_is_left_alone_until_she_writes(
    world: World,
    queue: Queue,
    telegram: TelegramEmulator,
    status: int,
    said: str,
    failure: FailureKind,
    blocks: bool,
) -> None:
    message_id = queue.add(1, "first")
    queue.add(1, "second")
    telegram.fail_next("sendMessage", status, said)
    assert hand_over(world, telegram) == []
    with world.store.reading() as tx:
        assert messages.fate_of(tx, message_id) == ("failed", failure.value)
    assert (queue.contact(1).blocked_at is not None) is blocks
    assert hand_over(world, telegram, later=SECOND) == ([] if blocks else ["second"])
    assert world.telegram(number(1)).writes("លុយអត់ទាន់ចូលទេ ៣ខែហើយ")
    assert queue.contact(1).blocked_at is None
