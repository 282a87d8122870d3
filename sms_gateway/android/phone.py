"""A phone with "SMS Gateway for Android": asking its API, its health, and its webhooks.

The API is described at https://docs.sms-gate.app; `local` asks the phone itself, otherwise its cloud or private server.
"""

import base64
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from sms_gateway.generic.http import Caller, NoReply, Reply, Request

EVENTS: Mapping[str, str] = {
    "sms:received": "receive",
    "mms:received": "receive",
    "sms:sent": "status",
    "sms:delivered": "status",
    "sms:failed": "status",
    "sms:cancelled": "status",
    "system:ping": "status",
}
"""The events that are asked for, and the route of each. The app has none for calls (checked in version of July 2026)."""

_SCOPES = ("messages:send", "devices:list", "webhooks:list", "webhooks:write")
_TOKEN_S = 3600
_EARLY_S = 60


@dataclass(frozen=True, slots=True)
class AndroidAccess:
    """How the API is reached.

    `base_url` is the phone's own address (`local`, http://192.168.1.10:8080) or the server's up to its version
    (https://api.sms-gate.app/3rdparty/v1). `username` and `password` are from the app's home page; `jwt` exchanges
    them for bearer tokens of an hour. `token` is a bearer token made by hand, in place of both. `timeout` in seconds.
    `device_id` chooses among several phones of one account.
    """

    base_url: str
    local: bool = False
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    jwt: bool = False
    token: str = field(default="", repr=False)
    device_id: str | None = None
    timeout: float = 15.0


@dataclass(frozen=True, slots=True)
class PhoneHealth:
    """How a phone is: `status` is its own word (`pass`, `warn`, `fail`) or `unreachable`.

    `troubles` are the names of the checks that did not pass, `battery` is in percent, `last_seen` is when a server
    last heard of the phone (unknown in local mode, where the phone itself answered).
    """

    status: str
    troubles: tuple[str, ...] = ()
    battery: int | None = None
    last_seen: datetime | None = None


class WebhooksRefused(Exception):
    """Webhooks could not be registered; the text says why and what to do."""


class LoginRefused(Exception):
    """The API gave no token; no message was handed over."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(f"no token: HTTP {reply.status}")
        self.reply = reply


class Phone:
    """The phone's API. Its methods belong to one event loop."""

    def __init__(self, access: AndroidAccess) -> None:
        self._access = access
        self._caller = Caller(access.timeout)
        self._token, self._token_until = "", 0.0

    async def ask(self, method: str, path: str, payload: object = None) -> Reply:
        """Ask the API with login. Raises `NoReply` where the request got no answer, `LoginRefused` without a token.

        A token that is refused is exchanged once: the API has done nothing with that request.
        """
        reply = await self._ask(method, path, payload, await self._authorization())
        if reply.status == 401 and self._access.jwt and not self._access.token:
            self._token = ""
            reply = await self._ask(method, path, payload, await self._authorization())
        return reply

    async def health(self) -> PhoneHealth:
        """Return how the phone is. The server's own health says nothing of it, so there the list of phones is asked."""
        try:
            if self._access.local:
                return health_of(parsed((await self._ask("GET", "/health", None, "")).text))
            return self._seen(parsed((await self.ask("GET", "/devices")).text))
        except (NoReply, LoginRefused):
            return PhoneHealth("unreachable")

    async def register(self, urls: Mapping[str, str], owner: str) -> tuple[str, ...]:
        """Have events sent to these addresses (event -> URL), and return those that were not registered so before.

        Each registration has an id made of its event and `owner` (a gateway's name), which the API replaces: repeating
        it changes nothing, and a new address takes the old one's place. Raises `WebhooksRefused`.
        """
        for url in urls.values():
            parts = urlsplit(url)
            if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname == "127.0.0.1"):
                raise WebhooksRefused("the app calls https addresses only: set public_url to one")
        try:
            known = parsed((await self.ask("GET", "/webhooks")).text)
            return tuple(
                [
                    event
                    for event, url in urls.items()
                    if await self._register(_webhook_id(event, owner), event, url, known)
                ]
            )
        except (NoReply, LoginRefused) as fault:
            raise WebhooksRefused(f"{fault}: look at base_url, login and the phone's network") from None

    async def close(self) -> None:
        """Let go of connections."""
        await self._caller.close()

    async def _register(self, id_: str, event: str, url: str, known: object) -> bool:
        wanted = {"id": id_, "url": url, "event": event}
        rows = known if isinstance(known, list) else []
        if any(isinstance(row, dict) and wanted.items() <= row.items() for row in rows):
            return False
        device = self._access.device_id
        reply = await self.ask("POST", "/webhooks", wanted | ({"deviceId": device} if device else {}))
        if reply.status not in {200, 201}:
            raise WebhooksRefused(
                f"the API refused {event} with HTTP {reply.status}: update the app, or check its login"
            )
        return True

    def _seen(self, devices: object) -> PhoneHealth:
        rows = [each for each in devices if isinstance(each, dict)] if isinstance(devices, list) else []
        device = self._access.device_id
        times = [_time(each.get("lastSeen")) for each in rows if device in {None, each.get("id")}]
        last = max((each for each in times if each is not None), default=None)
        return PhoneHealth("pass" if last else "unreachable", last_seen=last)

    async def _ask(self, method: str, path: str, payload: object, authorization: str) -> Reply:
        headers = {"Authorization": authorization} if authorization else {}
        body = None
        if payload is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(payload).encode()
        return await self._caller.ask(Request(method, self._access.base_url.rstrip("/") + path, headers, body=body))

    async def _authorization(self) -> str:
        access = self._access
        if access.token:
            return f"Bearer {access.token}"
        basic = "Basic " + base64.b64encode(f"{access.username}:{access.password}".encode()).decode()
        if not access.jwt:
            return basic
        if not self._token or time.monotonic() >= self._token_until:
            await self._exchange(basic)
        return f"Bearer {self._token}"

    async def _exchange(self, basic: str) -> None:
        try:
            reply = await self._ask("POST", "/auth/token", {"ttl": _TOKEN_S, "scopes": _SCOPES}, basic)
        except NoReply:
            raise NoReply(written=False) from None  # the request it was for was not written
        answer = parsed(reply.text)
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if reply.status not in {200, 201} or not isinstance(token, str) or not token.isascii() or not token:
            raise LoginRefused(reply)
        self._token, self._token_until = token, time.monotonic() + _TOKEN_S - _EARLY_S


def parsed(text: str) -> Any:
    """Return what a JSON text holds, or None where it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def health_of(answer: object) -> PhoneHealth:
    """Read the health that the phone gives; `unreachable` where there is none."""
    if not isinstance(answer, dict) or answer.get("status") not in {"pass", "warn", "fail"}:
        return PhoneHealth("unreachable")
    found = answer.get("checks")
    checks = {str(k): v for k, v in found.items() if isinstance(v, dict)} if isinstance(found, dict) else {}
    troubles = tuple(sorted(name for name, check in checks.items() if check.get("status") != "pass"))
    level = checks.get("battery:level", {}).get("observedValue")
    return PhoneHealth(answer["status"], troubles, battery=level if isinstance(level, int) else None)


def _time(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found and found.tzinfo else None


def _webhook_id(event: str, owner: str) -> str:
    # The API allows 36 characters.
    return "samleng-" + sha256(f"{event} {owner}".encode()).hexdigest()[:24]
