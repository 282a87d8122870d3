"""The webhook's route: who gets in, what is stored, and what Telegram is told to do."""

import asyncio
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot import TelegramSender, WebhookBot, create_blueprint, set_webhook
from domain.inbound import Inbound, InboundKind
from domain.permissions import Permission
from handlers.context import Context
from handlers.incoming.intake import Taken
from storage.store import DatabaseAway
from tests.support.telegram_emulator import TelegramEmulator
from tests.support.telegram_updates import GROUP, membership, message, tap

CONTEXT = cast("Context", SimpleNamespace())
SECRET = "s3cret_of-this-bot"
SHOWN = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
ROUTE = "/telegram/kh/webhook"


class Desk:
    """A stand-in for intake that keeps what it receives; `fault` is raised instead."""

    def __init__(self) -> None:
        self.received: dict[str, Inbound] = {}
        self.fault: Exception | None = None

    def receive(self, _context: Context, inbound: Inbound, _now: datetime) -> Taken:
        if self.fault is not None:
            raise self.fault
        new = inbound.provider_id not in self.received
        self.received.setdefault(inbound.provider_id, inbound)
        return Taken(inbound.address, new)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def app(desk: Desk, clock: Callable[[], datetime]) -> Flask:
    flask = Flask("test")
    bots = {"kh": WebhookBot(SECRET), "la": WebhookBot("another")}
    flask.register_blueprint(create_blueprint(CONTEXT, bots, clock, receive=desk.receive))
    return flask


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    with app.test_client() as client:
        yield client


def test_an_update_is_stored_and_answered(client: FlaskClient, desk: Desk, now: datetime) -> None:
    answer = client.post(ROUTE, json=message(11, text="ខ្ញុំ"), headers=SHOWN)
    assert (answer.status_code, answer.json) == (200, {})
    (inbound,) = desk.received.values()
    assert (inbound.gateway, inbound.text, inbound.received_at) == ("kh", "ខ្ញុំ", now)


def test_a_repeat_is_answered_alike(client: FlaskClient, desk: Desk) -> None:
    answers = [client.post(ROUTE, json=message(11, text="x"), headers=SHOWN) for _ in range(2)]
    assert [(answer.status_code, answer.json) for answer in answers] == [(200, {})] * 2
    assert len(desk.received) == 1


@pytest.mark.parametrize("shown", [None, "", "wrong", SECRET + "x", SECRET[:-1], SECRET.upper(), "another", "é"])
def test_without_the_bots_secret_nobody_gets_in(client: FlaskClient, desk: Desk, shown: str | None) -> None:
    headers = {} if shown is None else {"X-Telegram-Bot-Api-Secret-Token": shown}
    answer = client.post(ROUTE, json=message(11, text="x"), headers=headers)
    assert (answer.status_code, desk.received) == (403, {})


def test_an_unknown_bot(client: FlaskClient, desk: Desk) -> None:
    answer = client.post("/telegram/vn/webhook", json=message(11, text="x"), headers=SHOWN)
    assert (answer.status_code, desk.received) == (404, {})


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[]", b'"x"', b"null", b"7", b"[" * 100_000], ids=repr)
def test_what_is_no_json_object(client: FlaskClient, desk: Desk, body: bytes) -> None:
    answer = client.post(ROUTE, data=body, headers=SHOWN, content_type="application/json")
    assert (answer.status_code, desk.received) == (400, {})


@pytest.mark.parametrize("body", [{}, {"update_id": 5}, {"update_id": 5, "poll": {"id": "1"}}])
def test_what_has_nobody_to_answer_is_passed_over(client: FlaskClient, desk: Desk, body: dict[str, Any]) -> None:
    answer = client.post(ROUTE, json=body, headers=SHOWN)
    assert (answer.status_code, answer.json, desk.received) == (200, {}, {})


def test_a_body_may_have_a_mebibyte(client: FlaskClient, desk: Desk) -> None:
    frame = len(json.dumps(message(11, text="")))
    most = json.dumps(message(11, text="x" * (2**20 - frame)))
    assert client.post(ROUTE, data=most, headers=SHOWN).status_code == 200
    assert client.post(ROUTE, data=most + " ", headers=SHOWN).status_code == 413
    assert len(desk.received) == 1


def test_without_the_database_telegram_is_told_to_try_again(client: FlaskClient, desk: Desk) -> None:
    desk.fault = DatabaseAway("OperationalError")
    assert client.post(ROUTE, json=message(11, text="x"), headers=SHOWN).status_code == 503
    desk.fault = None
    assert client.post(ROUTE, json=message(11, text="x"), headers=SHOWN).status_code == 200


def test_a_tap_rests_by_the_answer(client: FlaskClient, desk: Desk) -> None:
    answer = client.post(ROUTE, json=tap("v1:9", update_id=11), headers=SHOWN)
    assert answer.json == {"method": "answerCallbackQuery", "callback_query_id": "330712"}
    assert desk.received["u:11"].data == "v1:9"


@pytest.mark.parametrize("update", [message(501, chat=GROUP, text="x"), membership("member", GROUP)])
def test_a_group_is_left_by_the_answer(client: FlaskClient, desk: Desk, update: dict[str, Any]) -> None:
    answer = client.post(ROUTE, json=update, headers=SHOWN)
    assert answer.json == {"method": "leaveChat", "chat_id": GROUP["id"]}
    assert desk.received["u:501"].kind is InboundKind.GROUP


def test_only_post_is_answered_and_the_route_is_public(app: Flask, client: FlaskClient) -> None:
    assert client.get(ROUTE, headers=SHOWN).status_code == 405
    assert getattr(app.view_functions["telegram.webhook"], "permission", None) is Permission.PUBLIC


def test_a_webhook_needs_a_secret_and_does_not_show_it() -> None:
    with pytest.raises(ValueError, match="secret"):
        WebhookBot("")
    assert SECRET not in repr(WebhookBot(SECRET))


def test_telegram_is_told_of_the_route(sender: TelegramSender, telegram: TelegramEmulator) -> None:
    async def told() -> None:
        await set_webhook(sender, "https://samleng.example/", SECRET)
        await sender.close()

    asyncio.run(told())
    fields = telegram.sent_by("setWebhook")[0].fields
    assert fields["url"] == "https://samleng.example/telegram/kh/webhook"
    assert fields["secret_token"] == SECRET
    assert "callback_query" in fields["allowed_updates"]
    assert fields.get("drop_pending_updates") is not True
