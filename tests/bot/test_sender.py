"""What a person sees of an `Outbound`, and what each refusal of Telegram means to the dispatcher."""

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import BotConfig, TelegramSender
from bot.sender import LONGEST, MOST_PIECES, pieces
from domain.inbound import Channel, Media, MediaKind
from domain.ports import Button, FailureKind, Outbound, OutboundAction, SendOutcome, SendResult
from storage.tables import Message
from tests.support.telegram_emulator import TelegramEmulator

KHMER = "ខ្ញុំមិនទាន់ទទួលបានប្រាក់ខែកញ្ញាទេ "
ROWS = ((Button("១ បាទ", "v1:yes"), Button("២ ទេ", "v1:no")), (Button("☰", "v1:menu"),))


def outbound(text: str = KHMER, address: str = "77001", **fields: Any) -> Outbound:
    return Outbound(9, address, text, **fields)


def run(sender: TelegramSender, act: Callable[[], Awaitable[Any]]) -> Any:
    async def acted() -> Any:
        try:
            return await act()
        finally:
            await sender.close()

    return asyncio.run(acted())


def send(sender: TelegramSender, message: Outbound) -> SendResult:
    result = run(sender, lambda: sender.send(message))
    assert isinstance(result, SendResult)
    return result


def test_a_text_goes_out_as_it_is(sender: TelegramSender, telegram: TelegramEmulator) -> None:
    text = "*_[មិន](x) <b>&amp; https://example.org ```"
    result = send(sender, outbound(text))
    (call,) = telegram.sent
    assert result == SendResult.accepted(str(call.result["message_id"]))
    assert call.fields == {"chat_id": 77001, "text": text, "link_preview_options": {"is_disabled": True}}
    assert sender.channel is Channel.TELEGRAM


def test_buttons_and_protection(sender: TelegramSender, telegram: TelegramEmulator) -> None:
    assert send(sender, outbound(buttons=ROWS, protect=True)).outcome is SendOutcome.ACCEPTED
    (call,) = telegram.sent
    assert call.fields["protect_content"] is True
    assert call.fields["reply_markup"] == {
        "inline_keyboard": [
            [{"text": "១ បាទ", "callback_data": "v1:yes"}, {"text": "២ ទេ", "callback_data": "v1:no"}],
            [{"text": "☰", "callback_data": "v1:menu"}],
        ]
    }


@pytest.mark.parametrize(("rows", "label"), [(((Button("លេខខ្ញុំ", "x"),),), "លេខខ្ញុំ"), ((), "☎")])
def test_the_contact_keyboard(sender: TelegramSender, telegram: TelegramEmulator, rows: Any, label: str) -> None:
    send(sender, outbound(buttons=rows, request_contact=True))
    keyboard = telegram.sent[0].fields["reply_markup"]
    assert keyboard["keyboard"] == [[{"text": label, "request_contact": True}]]
    assert keyboard["one_time_keyboard"] is True


def test_a_long_text_is_cut_and_the_keyboard_stands_under_its_end(
    sender: TelegramSender, telegram: TelegramEmulator
) -> None:
    text = KHMER * 300
    result = send(sender, outbound(text, buttons=ROWS, protect=True))
    calls = telegram.sent
    assert [len(call.fields["text"]) <= LONGEST for call in calls] == [True, True, True]
    assert "".join(call.fields["text"] for call in calls) == text
    assert ["reply_markup" in call.fields for call in calls] == [False, False, True]
    assert all(call.fields["protect_content"] for call in calls)
    assert result.provider_id == ",".join(str(call.result["message_id"]) for call in calls)


def test_every_piece_is_taken_back(sender: TelegramSender, telegram: TelegramEmulator) -> None:
    sent = send(sender, outbound(KHMER * 300, protect=True))
    telegram.fail_next("deleteMessage", 400, "Bad Request: message to delete not found")
    telegram.fail_next("deleteMessage", 400, "Bad Request: message can't be deleted for everyone")
    taken = outbound("", action=OutboundAction.DELETE, provider_id=sent.provider_id)
    assert send(sender, taken) == SendResult.of(FailureKind.REJECTED)
    assert send(sender, taken) == SendResult.accepted(sent.provider_id)
    ids = [call.result["message_id"] for call in telegram.sent_by("sendMessage")]
    assert [call.fields["message_id"] for call in telegram.sent_by("deleteMessage")] == ids * 2


@pytest.mark.parametrize(
    ("status", "said", "outcome"),
    [(429, "Too Many Requests", SendOutcome.RETRY), (403, "Forbidden: blocked", SendOutcome.FAILED)],
)
def test_the_next_attempt_goes_on_behind_the_pieces_that_have_left(
    sender: TelegramSender, telegram: TelegramEmulator, status: int, said: str, outcome: SendOutcome
) -> None:
    text = KHMER * 300
    first = outbound(text, buttons=ROWS)
    cut = pieces(text)
    telegram.fail_after("sendMessage", 2, status, said)
    result = send(sender, first)
    left = [call for call in telegram.sent if call.result]
    assert result.outcome is outcome
    assert result.provider_id == ",".join(str(call.result["message_id"]) for call in left)
    again = send(sender, outbound(text, buttons=ROWS, provider_id=result.provider_id))
    arrived = [call for call in telegram.sent if call.result]
    assert [call.fields["text"] for call in arrived] == cut
    assert ["reply_markup" in call.fields for call in arrived] == [False, False, True]
    assert again == SendResult.accepted(",".join(str(call.result["message_id"]) for call in arrived))


def test_the_ids_of_as_many_pieces_as_there_may_be_can_be_kept() -> None:
    assert len(",".join(["4294967295"] * MOST_PIECES)) <= Message.__table__.c.provider_id.type.length


def test_a_text_of_more_pieces_is_not_begun(sender: TelegramSender, telegram: TelegramEmulator) -> None:
    result = send(sender, outbound("x" * (LONGEST * MOST_PIECES + 1)))
    assert (result, telegram.sent) == (SendResult.of(FailureKind.TOO_LONG), [])


@given(st.text(st.sampled_from("កខ្រ៉ុំ ເມືອງ👨\u200d👩a\u0301")), st.integers(1, 20))
def test_pieces_lose_nothing_but_blank_messages(text: str, longest: int) -> None:
    longest = max(longest, 2)
    cut = pieces(text, longest)
    assert all(len(piece.encode("utf-16-le")) // 2 <= longest for piece in cut)
    assert "".join("".join(cut).split()) == "".join(text.split())
    assert cut


def test_an_endless_cluster_is_cut_all_the_same() -> None:
    assert [len(piece) for piece in pieces("a" + "\u0301" * 20, 8)] == [8, 8, 5]


def test_a_message_is_taken_back(sender: TelegramSender, telegram: TelegramEmulator) -> None:
    result = send(sender, outbound("", action=OutboundAction.DELETE, provider_id="15"))
    assert result == SendResult.accepted("15")
    assert [(call.method, call.fields) for call in telegram.sent] == [
        ("deleteMessage", {"chat_id": 77001, "message_id": 15})
    ]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Bad Request: message to delete not found", SendResult.accepted("15")),
        ("Bad Request: message can't be deleted for everyone", SendResult.of(FailureKind.REJECTED)),
    ],
)
def test_what_cannot_be_taken_back(
    sender: TelegramSender, telegram: TelegramEmulator, said: str, expected: SendResult
) -> None:
    telegram.fail_next("deleteMessage", 400, said)
    assert send(sender, outbound("", action=OutboundAction.DELETE, provider_id="15")) == expected


def test_nothing_is_taken_back_without_its_id(sender: TelegramSender, telegram: TelegramEmulator) -> None:
    result = send(sender, outbound("", action=OutboundAction.DELETE))
    assert (result, telegram.sent) == (SendResult.of(FailureKind.REJECTED), [])


REFUSALS = [
    (403, "Forbidden: bot was blocked by the user", SendOutcome.FAILED, FailureKind.BLOCKED),
    (403, "Forbidden: user is deactivated", SendOutcome.FAILED, FailureKind.BLOCKED),
    (400, "Bad Request: chat not found", SendOutcome.FAILED, FailureKind.BAD_ADDRESS),
    (400, "Bad Request: BUTTON_DATA_INVALID", SendOutcome.FAILED, FailureKind.REJECTED),
    (401, "Unauthorized", SendOutcome.RETRY, FailureKind.CREDENTIALS),
    (404, "Not Found", SendOutcome.RETRY, FailureKind.CREDENTIALS),
    (500, "Internal Server Error", SendOutcome.RETRY, FailureKind.PROVIDER_DOWN),
    (502, "Bad Gateway", SendOutcome.RETRY, FailureKind.PROVIDER_DOWN),
]


@pytest.mark.parametrize(("status", "said", "outcome", "failure"), REFUSALS)
def test_a_refusal(
    sender: TelegramSender,
    telegram: TelegramEmulator,
    status: int,
    said: str,
    outcome: SendOutcome,
    failure: FailureKind,
) -> None:
    telegram.fail_next("sendMessage", status, said)
    assert send(sender, outbound()) == SendResult(outcome, failure=failure)
    assert len(telegram.sent) == 1


def test_slow_down_names_the_time_and_is_not_tried_again_here(
    sender: TelegramSender, telegram: TelegramEmulator
) -> None:
    telegram.fail_next("sendMessage", 429, retry_after=17)
    assert send(sender, outbound()) == SendResult.of(FailureKind.SLOW_DOWN, 17.0)
    assert len(telegram.sent) == 1


@pytest.mark.parametrize("status", [400, 403, 500])
def test_a_page_of_something_in_between_says_nothing_about_the_person(
    sender: TelegramSender, telegram: TelegramEmulator, status: int
) -> None:
    telegram.garble_next("sendMessage", status)
    assert send(sender, outbound()) == SendResult.of(FailureKind.PROVIDER_DOWN)


def test_a_connection_lost_after_writing_leaves_it_unknown(sender: TelegramSender, telegram: TelegramEmulator) -> None:
    telegram.drop_next("sendMessage")
    assert send(sender, outbound()).outcome is SendOutcome.UNKNOWN


def test_an_unreadable_answer_leaves_it_unknown(sender: TelegramSender, telegram: TelegramEmulator) -> None:
    telegram.garble_next("sendMessage", 200)
    assert send(sender, outbound()).outcome is SendOutcome.UNKNOWN


def test_nobody_listening_is_a_provider_that_is_down(telegram: TelegramEmulator) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        sender = TelegramSender("kh", telegram.token, base_url=f"http://127.0.0.1:{bound.getsockname()[1]}")
        assert send(sender, outbound()) == SendResult.of(FailureKind.PROVIDER_DOWN)


@pytest.mark.parametrize("address", ["", "@sokchea", "+85512345678x"])
def test_an_address_that_is_no_chat_id(sender: TelegramSender, telegram: TelegramEmulator, address: str) -> None:
    result = send(sender, outbound(address=address))
    assert (result, telegram.sent) == (SendResult.of(FailureKind.BAD_ADDRESS), [])


def test_an_empty_text_is_refused_by_telegram_itself(sender: TelegramSender) -> None:
    assert send(sender, outbound("")) == SendResult.of(FailureKind.REJECTED)


def test_a_sender_can_be_used_again_after_it_was_closed(sender: TelegramSender, telegram: TelegramEmulator) -> None:
    assert [send(sender, outbound()).outcome for _ in range(2)] == [SendOutcome.ACCEPTED] * 2
    assert len(telegram.sent) == 2


def test_one_chat_waits_its_turn_and_another_does_not(config: BotConfig, telegram: TelegramEmulator) -> None:
    """A hundredth of a message a second: the second message to a chat would wait a hundred seconds."""
    sender = TelegramSender("kh", config.token, base_url=config.base_url, chat_rate=0.01)

    async def three() -> list[bool]:
        tasks = [asyncio.create_task(sender.send(outbound(address=chat))) for chat in ("1", "1", "2")]
        await asyncio.wait({tasks[0], tasks[2]})
        waiting = not tasks[1].done()
        tasks[1].cancel()
        await asyncio.wait({tasks[1]})
        return [tasks[0].done(), waiting, tasks[2].done()]

    assert run(sender, three) == [True, True, True]
    assert sorted(call.fields["chat_id"] for call in telegram.sent) == [1, 2]


def test_taking_back_does_not_wait_for_the_chats_turn(config: BotConfig, telegram: TelegramEmulator) -> None:
    sender = TelegramSender("kh", config.token, base_url=config.base_url, chat_rate=0.01)
    taken = outbound("", action=OutboundAction.DELETE, provider_id="15")

    async def all_of_them() -> list[SendResult]:
        return [await sender.send(each) for each in (outbound(), taken, taken, taken)]

    results = run(sender, all_of_them)
    assert [result.outcome for result in results] == [SendOutcome.ACCEPTED] * 4


def test_logs_hold_no_token_no_address_and_no_words(
    sender: TelegramSender, telegram: TelegramEmulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    telegram.fail_next("sendMessage", 429, retry_after=17)
    telegram.garble_next("sendMessage", 200)
    telegram.fail_next("setMyCommands", 500)

    async def all_ways() -> None:
        for _ in range(3):
            await sender.send(outbound())
        await sender.announce({"en": [("help", "Help")]})
        await sender.fetch(Media(MediaKind.PHOTO, "unknown"), 100)
        await sender.leave("-1001")

    run(sender, all_ways)
    everything = caplog.text + repr(sender) + repr(BotConfig("kh", telegram.token))
    for hidden in (telegram.token, "77001", KHMER.strip(), "<html>"):
        assert hidden not in everything


def photo(telegram: TelegramEmulator, data: bytes, *, stated: bool = True) -> Media:
    held = telegram.upload("photo", data, stated=stated)
    return Media(MediaKind.PHOTO, held["file_id"], "image/jpeg", held.get("file_size"))


def fetch(sender: TelegramSender, media: Media, limit: int) -> bytes | None:
    held = run(sender, lambda: sender.fetch(media, limit))
    assert held is None or isinstance(held, bytes)
    return held


@pytest.mark.parametrize("stated", [True, False])
def test_a_file_is_fetched_up_to_the_limit(sender: TelegramSender, telegram: TelegramEmulator, stated: bool) -> None:
    held = photo(telegram, b"\xff\xd8" * 500, stated=stated)
    assert fetch(sender, held, 1000) == b"\xff\xd8" * 500
    assert fetch(sender, held, 999) is None


def test_a_file_that_telegram_calls_large_is_not_asked_for(sender: TelegramSender, telegram: TelegramEmulator) -> None:
    assert fetch(sender, Media(MediaKind.VIDEO, "v", size=2001), 2000) is None
    assert telegram.sent == []


@pytest.mark.parametrize("said", ["Bad Request: file is too big", "Bad Request: wrong file_id"])
def test_a_file_that_telegram_does_not_give(sender: TelegramSender, telegram: TelegramEmulator, said: str) -> None:
    telegram.fail_next("getFile", 400, said)
    assert fetch(sender, photo(telegram, b"x"), 10) is None


def test_a_file_that_is_gone(sender: TelegramSender, telegram: TelegramEmulator) -> None:
    held = photo(telegram, b"x")
    telegram.forget(held.ref)
    assert fetch(sender, held, 10) is None


def test_a_file_that_cannot_be_asked_for_now(sender: TelegramSender, telegram: TelegramEmulator) -> None:
    telegram.fail_next("getFile", 500)
    with pytest.raises(ConnectionError) as raised:
        fetch(sender, photo(telegram, b"x"), 10)
    assert telegram.token not in str(raised.value)


def test_a_voice_message_is_fetched(sender: TelegramSender, telegram: TelegramEmulator) -> None:
    held = telegram.upload("voice", b"OggS")
    assert fetch(sender, Media(MediaKind.VOICE, held["file_id"]), 10) == b"OggS"


COMMANDS = {"km": [("help", "ជំនួយ")], "lo": [("help", "ຊ່ວຍ")], "en": [("help", "Help")]}


def test_commands_are_announced_in_every_language(sender: TelegramSender, telegram: TelegramEmulator) -> None:
    assert run(sender, lambda: sender.announce(COMMANDS, {"en": "Ask or tell us."})) is True
    announced = {call.fields.get("language_code", ""): call.fields for call in telegram.sent_by("setMyCommands")}
    assert announced.keys() == {"", "km", "lo", "en"}
    assert announced["lo"]["commands"] == [{"command": "help", "description": "ຊ່ວຍ"}]
    assert announced[""]["commands"] == announced["km"]["commands"]
    assert [call.fields["description"] for call in telegram.sent_by("setMyDescription")] == ["Ask or tell us."] * 2


def test_short_descriptions_are_announced_too(sender: TelegramSender, telegram: TelegramEmulator) -> None:
    assert run(sender, lambda: sender.announce({}, None, {"km": "សួរ", "lo": "ຖາມ"})) is True
    told = {call.fields.get("language_code"): call.fields["short_description"] for call in telegram.sent}
    assert told == {None: "សួរ", "km": "សួរ", "lo": "ຖາມ"}
    assert {call.method for call in telegram.sent} == {"setMyShortDescription"}


def test_everybody_else_may_have_a_language_of_their_own(sender: TelegramSender, telegram: TelegramEmulator) -> None:
    run(sender, lambda: sender.announce({**COMMANDS, "": COMMANDS["en"]}))
    (default,) = [call for call in telegram.sent_by("setMyCommands") if "language_code" not in call.fields]
    assert default.fields["commands"][0]["description"] == "Help"


def test_a_bot_that_cannot_be_announced_says_so(sender: TelegramSender, telegram: TelegramEmulator) -> None:
    telegram.fail_next("setMyCommands", 429, retry_after=600)
    assert run(sender, lambda: sender.announce(COMMANDS)) is False


def test_a_group_is_left_even_if_telegram_refuses(sender: TelegramSender, telegram: TelegramEmulator) -> None:
    telegram.fail_next("leaveChat", 403, "Forbidden: bot is not a member of the supergroup chat")
    run(sender, lambda: sender.leave("-1001"))
    run(sender, lambda: sender.leave("-1001"))
    assert [call.fields for call in telegram.sent] == [{"chat_id": -1001}] * 2
