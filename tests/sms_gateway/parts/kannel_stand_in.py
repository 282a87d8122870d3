"""Kannel for tests without Kannel: smsbox's `sendsms` on 127.0.0.1 with the answers that the real one gave."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from tests.contract.sms_gateway_case import Behaviour, Taken
from tests.sms_gateway.parts.twilio_stand_in import serving

Way = Callable[["SmsboxStandIn", web.Request], web.StreamResponse]


@dataclass
class SmsboxStandIn:
    """smsbox with one way of answering; it keeps what it was handed."""

    answer: Way
    url: str = ""
    taken: list[Taken] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    never: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.headers.append(dict(request.headers))
        self.taken.append(Taken(request.headers["X-Kannel-To"], (await request.read()).decode()))
        if self.answer is never_answer:
            await self.never.wait()
        return self.answer(self, request)


def plain(http: int, text: str) -> Way:
    return lambda _stand_in, _request: web.Response(status=http, text=text)


def never_answer(_stand_in: SmsboxStandIn, _request: web.Request) -> web.StreamResponse:
    return web.Response(status=202)


def hang_up(_stand_in: SmsboxStandIn, request: web.Request) -> web.StreamResponse:
    assert request.transport
    request.transport.abort()
    return web.Response(status=202)


_BEHAVIOURS = {
    Behaviour.ACCEPT: plain(202, "0: Accepted for delivery"),
    Behaviour.WRONG_CREDENTIALS: plain(403, "Authorization failed for sendsms"),
    Behaviour.DOWN: plain(503, "Temporal failure, try again later."),
    Behaviour.LOST_ITS_BACK_END: plain(502, "<html>bad gateway</html>"),
    Behaviour.NEVER_ANSWER: never_answer,
    Behaviour.ANSWER_NONSENSE: plain(200, "<html>welcome</html>"),
    Behaviour.HANG_UP: hang_up,
}


@asynccontextmanager
async def stand_in(answer: Behaviour | Way) -> AsyncIterator[SmsboxStandIn]:
    smsbox = SmsboxStandIn(_BEHAVIOURS[answer] if isinstance(answer, Behaviour) else answer)
    application = web.Application(client_max_size=1 << 20)
    application.router.add_post("/cgi-bin/sendsms", smsbox.handle)
    async with serving(application) as smsbox.url:
        yield smsbox
        smsbox.never.set()
