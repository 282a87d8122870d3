"""Kannel for tests without Kannel: smsbox's `sendsms` on 127.0.0.1 with the answers that the real one gave."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from tests.contract.sms_gateway_case import Behaviour, Taken
from tests.sms_gateway.parts.twilio_stand_in import serving

Way = Callable[["SmsboxStandIn", web.Request], web.StreamResponse | Awaitable[web.StreamResponse]]


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
        answer = self.answer(self, request)
        return answer if isinstance(answer, web.StreamResponse) else await answer


def in_pieces(*pieces: bytes, ends: bool) -> Way:
    """Answer in pieces, and go on to the end or break off after the last."""

    async def answer(_stand_in: SmsboxStandIn, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(status=202)
        response.content_length = sum(map(len, pieces)) + (0 if ends else 10)
        await response.prepare(request)
        for piece in pieces:
            await response.write(piece)
            await asyncio.sleep(0.02)
        if not ends:
            assert request.transport
            request.transport.close()
        return response

    return answer


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
