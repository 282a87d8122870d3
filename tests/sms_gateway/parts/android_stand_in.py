"""The app "SMS Gateway for Android" for tests: signed webhooks such as it sends, and its API on 127.0.0.1.

Made after its published documentation and source: an id that is known is refused with 409, a webhook with a known id
is replaced, a token lives until it is revoked.
"""

import asyncio
import base64
import hmac
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from aiohttp import web

from domain.ports import Outbound, SendResult
from sms_gateway.android import AndroidGateway, AndroidSettings, AndroidSim
from sms_gateway.android.phone import AndroidAccess
from tests.contract.sms_gateway_case import NUMBER, Behaviour, Call, Taken
from tests.sms_gateway.parts.front import NOW
from tests.sms_gateway.parts.twilio_stand_in import serving

USERNAME, PASSWORD = "sms", "a-password-that-nobody-may-read"
BASIC = "Basic " + base64.b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()
KEY = "a-signing-key-that-nobody-may-read"
OWN_NUMBER = "+85510777888"
PUBLIC_URL = "https://grm.example.org/samleng"
RECEIVE, STATUS = "/sms/main/receive", "/sms/main/status"
OWN_ID = "42-0123456789ab"


def settings(base_url: str = "http://127.0.0.1:1", timeout: float = 5.0, **changes: Any) -> AndroidSettings:
    access = {name: changes.pop(name) for name in ("local", "jwt", "token", "device_id", "password") if name in changes}
    plain = AndroidSettings(
        name="main",
        access=AndroidAccess(base_url, username=USERNAME, **({"password": PASSWORD} | access), timeout=timeout),
        signing_key=KEY,
        public_url=PUBLIC_URL,
        sims=(AndroidSim("main", 1, OWN_NUMBER),),
    )
    return replace(plain, **changes)


def gateway(base_url: str = "http://127.0.0.1:1", timeout: float = 5.0, **changes: Any) -> AndroidGateway:
    return AndroidGateway(settings(base_url, timeout, **changes))


def signed(path: str, body: bytes, at: datetime = NOW, key: str = KEY) -> Call:
    stamp = str(int(at.timestamp()))
    mac = hmac.new(key.encode(), body + stamp.encode(), "sha256").hexdigest()
    headers = {"Content-Type": "application/json", "X-Timestamp": stamp, "X-Signature": mac}
    return Call(path, headers, body)


def envelope(event: str, payload: dict[str, Any], id_: str | None = "Ey6ECgOkVVFjz3CL48B8C") -> bytes:
    whole = {"deviceId": "ffffffffceb0b1db0000018e937c815b", "event": event, "id": id_, "payload": payload}
    kept = {name: value for name, value in whole.items() if value is not None} | {"webhookId": "LreFUt-Z3sSq0JufY9uWB"}
    return json.dumps(kept, ensure_ascii=False).encode()


def message(text: str = "hello", **more: Any) -> dict[str, Any]:
    return {
        "messageId": "abc123",
        "message": text,
        "sender": NUMBER,
        "recipient": OWN_NUMBER,
        "simNumber": 1,
        "phoneNumber": NUMBER,
        "receivedAt": "2026-11-03T09:30:00.000+07:00",
        **more,
    }


def inbound(id_: str, text: str, **more: Any) -> Call:
    return signed(RECEIVE, envelope("sms:received", message(text, **more), id_))


def inbound_without(name: str) -> Call:
    if name == "id":
        return signed(RECEIVE, envelope("sms:received", message(), None))
    gone = {"sender": ("sender", "phoneNumber"), "text": ("message",)}[name]
    payload = {key: value for key, value in message().items() if key not in gone}
    return signed(RECEIVE, envelope("sms:received", payload))


def broken() -> Call:
    return signed(RECEIVE, envelope("sms:received", message("a?b")).replace(b"a?b", b"a\xffb"))


def outcome(event: str, id_: str = "e1", **more: Any) -> Call:
    payload = {"messageId": OWN_ID, "sender": OWN_NUMBER, "recipient": NUMBER, "simNumber": 1, **more}
    return signed(STATUS, envelope(event, payload, id_))


def status(word: str, code: str = "") -> Call:
    return outcome(f"sms:{word}", **({"reason": code} if code else {}))


def ping(path: str = STATUS, at: datetime = NOW, **health: Any) -> Call:
    return signed(path, envelope("system:ping", {"health": health or HEALTH}), at)


def forge(call: Call) -> Call:
    return replace(call, headers={**call.headers, "X-Signature": "0" * 64})


def unsigned(call: Call) -> Call:
    return replace(call, headers={"Content-Type": call.headers["Content-Type"]})


HEALTH: dict[str, Any] = {
    "status": "warn",
    "version": "1.0.0",
    "releaseId": 1,
    "checks": {
        "messages:failed": {"observedUnit": "messages", "observedValue": 0, "status": "pass"},
        "battery:level": {"observedUnit": "percent", "observedValue": 21, "status": "warn"},
    },
}

Way = Callable[["AndroidStandIn"], web.StreamResponse]


@dataclass
class AndroidStandIn:
    """The API with one way of answering messages; it keeps what it was handed."""

    answer: Way
    url: str = ""
    taken: list[Taken] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)
    webhooks: dict[str, dict[str, Any]] = field(default_factory=dict)
    tokens: list[str] = field(default_factory=list)
    registered: int = 0
    devices: list[dict[str, Any]] = field(default_factory=list)
    health: tuple[int, Any] = (200, HEALTH)
    never: asyncio.Event = field(default_factory=asyncio.Event)

    def may(self, request: web.Request) -> bool:
        self.logins.append(request.headers.get("Authorization", ""))
        return self.logins[-1] in {BASIC, *(f"Bearer {each}" for each in self.tokens)}

    async def post_message(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.queries.append(request.query_string)
        if not self.may(request):
            return web.json_response({"message": "Unauthorized"}, status=401)
        (number,) = body["phoneNumbers"]
        known = [each["id"] for each in self.messages]
        self.messages.append(body)
        self.taken.append(Taken(number, body["textMessage"]["text"]))
        if self.answer is never_answer:
            await self.never.wait()
        if self.answer is accept and body["id"] in known:
            return refusing(409, "message with the same ID already exists")(self)
        return self.answer(self)

    async def list_webhooks(self, request: web.Request) -> web.StreamResponse:
        status = 200 if self.may(request) else 401
        return web.json_response(list(self.webhooks.values()) if status == 200 else {}, status=status)

    async def post_webhook(self, request: web.Request) -> web.StreamResponse:
        if not self.may(request):
            return web.json_response({}, status=401)
        webhook = await request.json()
        if webhook["event"] == "call:missed":
            return web.json_response({"message": "Unsupported event"}, status=400)
        self.registered += 1
        self.webhooks[webhook["id"]] = {"deviceId": None, "source": "Local", **webhook}
        return web.json_response(self.webhooks[webhook["id"]], status=201)

    async def list_devices(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(self.devices, status=200 if self.may(request) else 401)

    async def get_health(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response(self.health[1], status=self.health[0])

    async def post_token(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != BASIC:
            return web.json_response({"message": "Unauthorized"}, status=401)
        self.tokens.append(f"token-{len(self.tokens)}")
        made = {"id": "jti", "token_type": "Bearer", "access_token": self.tokens[-1], "refresh_token": "no"}
        return web.json_response(made | {"expires_at": "2026-11-03T03:30:00Z"}, status=201)


def accept(stand_in: AndroidStandIn) -> web.StreamResponse:
    sent = stand_in.messages[-1]
    states = [{"phoneNumber": sent["phoneNumbers"][0], "state": "Pending"}]
    return web.json_response({"id": sent["id"], "state": "Pending", "recipients": states, "states": {}}, status=202)


def never_answer(_stand_in: AndroidStandIn) -> web.StreamResponse:
    return web.Response(status=202)


def plain(http: int, text: str) -> Way:
    return lambda _stand_in: web.Response(status=http, text=text)


def refusing(http: int, said: str, headers: dict[str, str] | None = None, **more: str) -> Way:
    return lambda _stand_in: web.json_response({"message": said, **more}, status=http, headers=headers)


class HangUp(web.Response):
    """An answer that never leaves: the connection is cut instead."""

    async def prepare(self, request: Any) -> Any:
        request.transport.abort()
        return await super().prepare(request)


BEHAVIOURS: dict[Behaviour, Way] = {
    Behaviour.ACCEPT: accept,
    Behaviour.SLOW_DOWN: refusing(
        503, "queue limits exceeded: too many pending messages: 9 / 5", {"Retry-After": "7"}, error="QueueLimitExceeded"
    ),
    Behaviour.DOWN: refusing(503, "unavailable"),
    Behaviour.WRONG_CREDENTIALS: refusing(401, "Unauthorized"),
    Behaviour.LOST_ITS_BACK_END: plain(502, "<html>bad gateway</html>"),
    Behaviour.NEVER_ANSWER: never_answer,
    Behaviour.ANSWER_NONSENSE: plain(200, "<html>welcome</html>"),
    Behaviour.HANG_UP: lambda _stand_in: HangUp(),
}


@asynccontextmanager
async def stand_in(answer: Behaviour | Way) -> AsyncIterator[AndroidStandIn]:
    phone = AndroidStandIn(BEHAVIOURS[answer] if isinstance(answer, Behaviour) else answer)
    application = web.Application()
    application.router.add_post("/messages", phone.post_message)
    application.router.add_get("/webhooks", phone.list_webhooks)
    application.router.add_post("/webhooks", phone.post_webhook)
    application.router.add_get("/devices", phone.list_devices)
    application.router.add_get("/health", phone.get_health)
    application.router.add_post("/auth/token", phone.post_token)
    async with serving(application) as phone.url:
        yield phone
        phone.never.set()


Scenario = Callable[[AndroidGateway, AndroidStandIn], Awaitable[Any]]


def played(scenario: Scenario, answer: Behaviour | Way = Behaviour.ACCEPT, **changes: Any) -> Any:
    async def play() -> Any:
        async with stand_in(answer) as provider:
            made = gateway(provider.url, **changes)
            try:
                return await scenario(made, provider)
            finally:
                await made.close()

    return asyncio.run(play())


def sent(answer: Behaviour | Way, text: str = "hello", **changes: Any) -> tuple[SendResult, AndroidStandIn]:
    async def scenario(gateway: AndroidGateway, provider: AndroidStandIn) -> Any:
        return await gateway.send(Outbound(42, NUMBER, text)), provider

    result: tuple[SendResult, AndroidStandIn] = played(scenario, answer, **changes)
    return result


def alone(scenario: Callable[[AndroidGateway], Awaitable[Any]], **changes: Any) -> Any:
    """Play where nobody listens."""

    async def play() -> Any:
        made = gateway("http://127.0.0.1:1", **changes)
        try:
            return await scenario(made)
        finally:
            await made.close()

    return asyncio.run(play())
