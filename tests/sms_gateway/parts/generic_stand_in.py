"""Described providers for tests: a description, requests such as it speaks of, and an HTTP API on 127.0.0.1."""

import asyncio
import hmac
import json
import tomllib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from aiohttp import web

import sms_gateway
from sms_gateway.generic import GenericGateway
from sms_gateway.generic.reading import read_settings
from sms_gateway.generic.table import with_secrets
from tests.contract.sms_gateway_case import NUMBER, Behaviour, Call, Taken

SECRET, RECEIVE_KEY, STATUS_KEY = (f"{each}-secret-that-nobody-may-read" for each in ("send", "receive", "status"))
SENDER = "+85510777888"
PUBLIC_URL = "https://grm.example.org/samleng"
RECEIVE, STATUS = "/sms/main/receive", "/sms/main/status?m=42"

DESCRIPTION = """
[send]
url = "http://127.0.0.1:1/send"
body = "json"
[send.fields]
message = { to = ["{to}"], from = "{sender}", body = "{text}", unicode = true }
reference = "{id}"
callback = "{status_url}"
[[send.auth]]
kind = "bearer"
value_env = "SEND"
[send.answer]
status = [200, 201]
code = { json = "result.code" }
good = ["ok"]
id = { json = "result.messages[0].id" }
[send.answer.failures]
busy = "slow_down"
stopped = "opted_out"
login = "credentials"
broken = "provider_down"

[receive]
read = "json"
from = "message.from"
text = "message.text"
id = "message.id"
[[receive.proof]]
kind = "hmac"
at = "header:X-Proof"
secret_env = "RECEIVE"
prefix = "sha256="

[status]
our_id = "query:m"
id = "id"
state = "state"
error = "code"
[status.states]
QUEUED = "none"
SENT = "sent"
DELIVERED = "delivered"
FAILED = "failed"
UNDELIVERED = "undelivered"
[status.failures]
12 = "unreachable"
13 = "blocked"
[[status.proof]]
kind = "hmac"
at = "header:X-Proof"
secret_env = "STATUS"
prefix = "sha256="
"""

SEND = """
[send]
url = "http://127.0.0.1:1/send"
[send.answer]
"""
BARE = SEND.replace("[send.answer]", '[send.fields]\nto = "{to}"\n')
RECEIVING = (
    BARE.replace("{", "{{").replace("}", "}}")
    + """
[receive]
{keys}
[receive.answer]
body = "ACK/Jasmin"
[[receive.proof]]
{proof}
"""
)
FIELDS = 'from="f"\ntext="t"\nid="i"\ntime="when"\n'

SECRETS = {"SEND": SECRET, "RECEIVE": RECEIVE_KEY, "STATUS": STATUS_KEY}


def looked_up(_kind: str, name: str) -> str:
    return SECRETS.get(name, f"the-secret-{name}")


def described(text: str, base_url: str | None = None, timeout: float | None = None, **more: Any) -> GenericGateway:
    """Make a gateway of a description in TOML; `base_url` takes the place of its own scheme and host."""
    table = with_secrets(tomllib.loads(text), looked_up)
    if base_url:
        table["send"]["url"] = base_url + "/" + table["send"]["url"].split("/", 3)[3]
    if timeout:
        table["send"]["timeout"] = timeout
    return GenericGateway(read_settings(table, **({"name": "main", "sender": SENDER, "public_url": PUBLIC_URL} | more)))


def aggregator(name: str, base_url: str | None = None) -> GenericGateway:
    """Make the gateway of one of the examples that come with the project."""
    assert sms_gateway.__file__
    whole = (Path(sms_gateway.__file__).parent / "aggregators" / f"{name}.toml").read_text(encoding="utf-8")
    row = with_secrets(tomllib.loads(whole)["sms_gateway"][0], looked_up)
    if base_url:
        row["send"]["url"] = base_url + "/" + row["send"]["url"].split("/", 3)[3]
    return GenericGateway(read_settings(row, name=row["name"], sender=row["from"], public_url=PUBLIC_URL))


def proved(path: str, body: bytes, key: str, content_type: str = "application/json") -> Call:
    mac = hmac.new(key.encode(), body, "sha256").hexdigest()
    return Call(path, {"Content-Type": content_type, "X-Proof": f"sha256={mac}"}, body)


def inbound(id_: str, text: str, without: str = "") -> Call:
    message = {"id": id_, "from": NUMBER, "text": text}
    kept = {name: value for name, value in message.items() if name != without}
    return proved(RECEIVE, json.dumps({"message": kept}, ensure_ascii=False).encode(), RECEIVE_KEY)


def broken() -> Call:
    body = inbound("id-1", "a?b").body.replace(b"a?b", b"a\xffb")
    return proved(RECEIVE, body, RECEIVE_KEY)


def status(word: str, code: str = "") -> Call:
    body = urlencode({"id": "SM42", "state": word, "code": code}).encode()
    return proved(STATUS, body, STATUS_KEY, "application/x-www-form-urlencoded")


def forge(call: Call) -> Call:
    return replace(call, headers={**call.headers, "X-Proof": "sha256=" + "0" * 64})


def unsigned(call: Call) -> Call:
    return replace(call, headers={"Content-Type": call.headers["Content-Type"]})


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Way = Callable[["GenericStandIn"], web.StreamResponse]


@dataclass
class GenericStandIn:
    """Any provider, with one way of answering; it keeps what it was asked."""

    answer: Way
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    never: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.asked.append(Asked(request.method, request.path, dict(request.query), dict(request.headers), body))
        if request.path == "/send" and body.startswith(b"{"):
            message = self.asked[-1].json["message"]
            self.taken.append(Taken(message["to"][0], message["body"]))
        if self.answer is never_answer:
            await self.never.wait()
        if self.answer is hang_up and request.transport:
            request.transport.abort()
        return self.answer(self)


def accept(stand_in: GenericStandIn) -> web.StreamResponse:
    made = {"code": "ok", "messages": [{"id": f"SM{len(stand_in.asked)}"}]}
    return web.json_response({"result": made}, status=201)


def never_answer(_stand_in: GenericStandIn) -> web.StreamResponse:
    return web.Response()


def hang_up(_stand_in: GenericStandIn) -> web.StreamResponse:
    return web.Response()


def plain(http: int, text: str, headers: Mapping[str, str] | None = None) -> Way:
    return lambda _stand_in: web.Response(status=http, text=text, headers=headers)


def refusing(http: int, code: str, headers: Mapping[str, str] | None = None) -> Way:
    """Refuse with a code, in a text that names the number."""
    said = json.dumps({"result": {"code": code, "text": f"The number {NUMBER} is not good"}})
    return plain(http, said, headers)


BEHAVIOURS: dict[Behaviour, Way] = {
    Behaviour.ACCEPT: accept,
    Behaviour.SLOW_DOWN: refusing(429, "busy", {"Retry-After": "7"}),
    Behaviour.OPTED_OUT: refusing(200, "stopped"),
    Behaviour.WRONG_CREDENTIALS: refusing(401, "login"),
    Behaviour.DOWN: refusing(500, "broken"),
    Behaviour.LOST_ITS_BACK_END: plain(502, "<html>bad gateway</html>"),
    Behaviour.NEVER_ANSWER: never_answer,
    Behaviour.ANSWER_NONSENSE: plain(200, "<html>welcome</html>"),
    Behaviour.HANG_UP: hang_up,
}


@asynccontextmanager
async def stand_in(answer: Behaviour | Way) -> AsyncIterator[GenericStandIn]:
    provider = GenericStandIn(BEHAVIOURS[answer] if isinstance(answer, Behaviour) else answer)
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", provider.handle)
    # Some of these providers take the text in the address, which an access log would show.
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        provider.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield provider
    finally:
        provider.never.set()
        await runner.cleanup()
