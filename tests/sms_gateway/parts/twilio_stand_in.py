"""Twilio for tests: signed requests such as it sends, and its Messages API on 127.0.0.1."""

import asyncio
import base64
import hmac
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any
from urllib.parse import quote_from_bytes, urlencode

from aiohttp import web

from domain.ports import DeliveryState, FailureKind, SendOutcome, SendResult
from sms_gateway.gateway import form_bytes
from sms_gateway.twilio import TwilioConfig, TwilioGateway
from tests.contract.sms_gateway_case import NUMBER, Behaviour, Call, GatewayCase, StatusRow, Taken

ACCOUNT = "AC" + "0" * 32
TOKEN = "a-token-that-nobody-may-read"
SENDER = "+18005551212"
PUBLIC_URL = "https://grm.example.org/samleng"
RECEIVE, STATUS = "/sms/main/receive", "/sms/main/status?m=42"


def config(base_url: str | None = None, timeout: float = 5.0, **changes: Any) -> TwilioConfig:
    plain = TwilioConfig(
        name="main",
        account_sid=ACCOUNT,
        auth_token=TOKEN,
        sender=SENDER,
        base_url=base_url,
        public_url=PUBLIC_URL,
        timeout=timeout,
    )
    return replace(plain, **changes)


def signed(path: str, body: bytes) -> Call:
    """Sign as Twilio does: the public address, then every field's name and value in order, HMAC-SHA1."""
    fields = b"".join(name + value for name, value in sorted(form_bytes(body)))
    mac = hmac.digest(TOKEN.encode(), (PUBLIC_URL + path).encode() + fields, "sha1")
    headers = {
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        "X-Twilio-Signature": base64.b64encode(mac).decode(),
    }
    return Call(path, headers, body)


def message_fields(sid: str = "SM1", text: str = "hello", **more: str) -> dict[str, str]:
    return {
        "MessageSid": sid,
        "AccountSid": ACCOUNT,
        "From": NUMBER,
        "To": SENDER,
        "Body": text,
        "NumMedia": "0",
        "NumSegments": "1",
        "FromCity": "",
        **more,
    }


def inbound(sid: str, text: str, **more: str) -> Call:
    return signed(RECEIVE, urlencode(message_fields(sid, text, **more)).encode())


def inbound_without(name: str) -> Call:
    fields = message_fields()
    del fields[name]
    return signed(RECEIVE, urlencode(fields).encode())


def broken() -> Call:
    fields = message_fields()
    del fields["Body"]
    return signed(RECEIVE, urlencode(fields).encode() + b"&Body=" + quote_from_bytes(b"a\xffb").encode())


def status(word: str, code: str = "", path: str = STATUS) -> Call:
    fields = {"MessageSid": "SM42", "MessageStatus": word, "To": NUMBER, "From": SENDER, "AccountSid": ACCOUNT}
    return signed(path, urlencode(fields | ({"ErrorCode": code} if code else {})).encode())


def forge(call: Call) -> Call:
    return replace(call, headers={**call.headers, "X-Twilio-Signature": base64.b64encode(b"x" * 20).decode()})


def unsigned(call: Call) -> Call:
    return replace(call, headers={"Content-Type": call.headers["Content-Type"]})


Way = Callable[["TwilioStandIn", web.Request], web.StreamResponse]


@dataclass
class TwilioStandIn:
    """Twilio's Messages API with one way of answering; it keeps what it was handed, and gives each its own sid."""

    answer: Way
    url: str = ""
    taken: list[Taken] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    never: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.forms.append(form)
        self.logins.append(request.headers.get("Authorization", ""))
        self.taken.append(Taken(form.get("To", ""), form.get("Body", "")))
        if self.answer is never_answer:
            await self.never.wait()
        return self.answer(self, request)


def accept(stand_in: TwilioStandIn, _request: web.Request) -> web.StreamResponse:
    return web.json_response({"sid": f"SM{len(stand_in.taken)}", "status": "queued"}, status=201)


def never_answer(_stand_in: TwilioStandIn, _request: web.Request) -> web.StreamResponse:
    return web.Response(status=201)


def hang_up(_stand_in: TwilioStandIn, request: web.Request) -> web.StreamResponse:
    assert request.transport
    request.transport.abort()
    return web.Response(status=201)


def plain(http: int, text: str) -> Way:
    return lambda _stand_in, _request: web.Response(status=http, text=text)


def refusing(http: int, code: object, headers: dict[str, str] | None = None) -> Way:
    """Answer as Twilio does to a request that it refuses; its text names the number."""
    body = {"code": code, "message": f"The number {NUMBER} is not good", "more_info": "", "status": http}
    return lambda _stand_in, _request: web.json_response(body, status=http, headers=headers)


_BEHAVIOURS = {
    Behaviour.ACCEPT: accept,
    Behaviour.SLOW_DOWN: refusing(429, 20429, {"Retry-After": "7"}),
    Behaviour.OPTED_OUT: refusing(400, 21610),
    Behaviour.WRONG_CREDENTIALS: refusing(401, 20003),
    Behaviour.DOWN: refusing(500, 20500),
    Behaviour.LOST_ITS_BACK_END: plain(502, "<html>bad gateway</html>"),
    Behaviour.NEVER_ANSWER: never_answer,
    Behaviour.ANSWER_NONSENSE: plain(200, "<html>welcome</html>"),
    Behaviour.HANG_UP: hang_up,
}


@asynccontextmanager
async def stand_in(
    answer: Behaviour | Way,
) -> AsyncIterator[TwilioStandIn]:
    twilio = TwilioStandIn(_BEHAVIOURS[answer] if isinstance(answer, Behaviour) else answer)
    application = web.Application()
    application.router.add_post(f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json", twilio.handle)
    async with serving(application) as twilio.url:
        yield twilio
        twilio.never.set()


@asynccontextmanager
async def serving(application: web.Application) -> AsyncIterator[str]:
    """Serve an application on a free port of 127.0.0.1 and give its address."""
    runner = web.AppRunner(application, shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


TWILIO = GatewayCase(
    name="twilio",
    gateway=lambda base_url, timeout: TwilioGateway(config(base_url, timeout)),
    inbound=inbound,
    broken=broken,
    without={
        "id": partial(inbound_without, "MessageSid"),
        "sender": partial(inbound_without, "From"),
        "text": partial(inbound_without, "Body"),
    },
    status=status,
    forge=forge,
    unsigned=unsigned,
    answer=("<Response/>", "text/xml"),
    statuses=(
        StatusRow("accepted", "", None),
        StatusRow("scheduled", "", None),
        StatusRow("queued", "", None),
        StatusRow("sending", "", None),
        StatusRow("sent", "", DeliveryState.SENT),
        StatusRow("delivered", "", DeliveryState.DELIVERED),
        StatusRow("delivered", "30003", DeliveryState.DELIVERED),
        StatusRow("read", "", DeliveryState.DELIVERED),
        StatusRow("canceled", "", DeliveryState.FAILED, FailureKind.REJECTED),
        StatusRow("failed", "21610", DeliveryState.FAILED, FailureKind.OPTED_OUT),
        StatusRow("failed", "20429", DeliveryState.FAILED, FailureKind.SLOW_DOWN),
        StatusRow("failed", "21614", DeliveryState.FAILED, FailureKind.LANDLINE),
        StatusRow("failed", "21635", DeliveryState.FAILED, FailureKind.LANDLINE),
        StatusRow("failed", "21611", DeliveryState.FAILED, FailureKind.SLOW_DOWN),
        StatusRow("failed", "21211", DeliveryState.FAILED, FailureKind.BAD_ADDRESS),
        StatusRow("failed", "21217", DeliveryState.FAILED, FailureKind.BAD_ADDRESS),
        StatusRow("failed", "21617", DeliveryState.FAILED, FailureKind.TOO_LONG),
        StatusRow("failed", "20003", DeliveryState.FAILED, FailureKind.CREDENTIALS),
        StatusRow("undelivered", "30001", DeliveryState.UNDELIVERED, FailureKind.SLOW_DOWN),
        StatusRow("undelivered", "30003", DeliveryState.UNDELIVERED, FailureKind.UNREACHABLE),
        StatusRow("undelivered", "30004", DeliveryState.UNDELIVERED, FailureKind.BLOCKED),
        StatusRow("undelivered", "30005", DeliveryState.UNDELIVERED, FailureKind.BAD_ADDRESS),
        StatusRow("undelivered", "30006", DeliveryState.UNDELIVERED, FailureKind.LANDLINE),
        StatusRow("undelivered", "30007", DeliveryState.UNDELIVERED, FailureKind.FILTERED),
        StatusRow("undelivered", "30008", DeliveryState.UNDELIVERED, FailureKind.UNCLEAR),
        StatusRow("undelivered", "99999", DeliveryState.UNDELIVERED, FailureKind.UNCLEAR),
        StatusRow("undelivered", "", DeliveryState.UNDELIVERED, FailureKind.UNCLEAR),
        StatusRow("undelivered", "not a number", DeliveryState.UNDELIVERED, FailureKind.UNCLEAR),
    ),
    stand_in=stand_in,
    sending={
        Behaviour.ACCEPT: SendResult.accepted("SM1"),
        Behaviour.SLOW_DOWN: SendResult(SendOutcome.RETRY, failure=FailureKind.SLOW_DOWN, retry_after=7.0),
        Behaviour.OPTED_OUT: SendResult(SendOutcome.FAILED, failure=FailureKind.OPTED_OUT),
        Behaviour.WRONG_CREDENTIALS: SendResult(SendOutcome.RETRY, failure=FailureKind.CREDENTIALS),
        Behaviour.DOWN: SendResult(SendOutcome.RETRY, failure=FailureKind.PROVIDER_DOWN),
        Behaviour.LOST_ITS_BACK_END: SendResult(SendOutcome.UNKNOWN, failure=FailureKind.TIMEOUT),
        Behaviour.NEVER_ANSWER: SendResult(SendOutcome.UNKNOWN, failure=FailureKind.TIMEOUT),
        Behaviour.ANSWER_NONSENSE: SendResult(SendOutcome.UNKNOWN, failure=FailureKind.TIMEOUT),
        Behaviour.HANG_UP: SendResult(SendOutcome.UNKNOWN, failure=FailureKind.TIMEOUT),
    },
    secrets=(TOKEN, base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()),
    sender=SENDER,
)
