"""One HTTP request to a provider, told apart by how far it got; used where no provider's own library is."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace

from aiohttp import (
    ClientConnectionError,
    ClientError,
    ClientHandlerType,
    ClientRequest,
    ClientResponse,
    ClientSession,
    TCPConnector,
    TraceConfig,
    TraceRequestHeadersSentParams,
)
from yarl import URL

from domain.ports import FailureKind

_LONGEST_ANSWER = 64 * 1024
_LONGEST_PAUSE_S = 3600.0


@dataclass(frozen=True, slots=True)
class Reply:
    """A provider's answer: HTTP status, the first 64 KB of its body as text, and Retry-After in seconds if given.

    Where the connection broke within the body it is not `whole`: the status counts, and what came of the text.
    """

    status: int
    text: str = field(repr=False)
    retry_after: float | None = None
    whole: bool = True


class NoReply(Exception):
    """No whole answer came. `written` tells whether any of the request may have left."""

    def __init__(self, *, written: bool) -> None:
        super().__init__("the provider did not answer" if written else "the provider was not reached")
        self.written = written

    @property
    def failure(self) -> FailureKind:
        """Return what that means for a message: nothing was handed over, or its fate is unknown."""
        return FailureKind.TIMEOUT if self.written else FailureKind.PROVIDER_DOWN


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask. `url` may have a query of its own; `query` is added to it. A GET carries no `body`."""

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)


class Caller:
    """A session that is made at the first request, since it needs a running loop; `timeout` is in seconds."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._session: ClientSession | None = None

    async def ask(self, request: Request) -> Reply:
        """Send one request and return the answer, of whatever status. Redirects are not followed. Raises `NoReply`."""
        attempt = SimpleNamespace(written=False)
        try:
            async with asyncio.timeout(self._timeout):
                return await self._ask(request, attempt)
        except (ClientError, OSError, ValueError):
            # ValueError: an answer that is no HTTP. The messages of these errors hold the address, so they end here.
            raise NoReply(written=attempt.written) from None

    async def close(self) -> None:
        """Let go of connections; a later request makes new ones."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _ask(self, request: Request, attempt: SimpleNamespace) -> Reply:
        if self._session is None:
            # See docs/decisions/023-a-connection-a-message.md.
            self._session = ClientSession(trace_configs=[_trace()], connector=TCPConnector(force_close=True))

        async def once(ready: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
            # aiohttp by itself repeats a GET whose connection broke, which would send twice where a GET sends.
            if attempt.written:
                raise ClientConnectionError("not repeated")
            return await handler(ready)

        async with self._session.request(
            request.method,
            URL(request.url).extend_query(request.query),
            headers=request.headers,
            data=request.body,
            allow_redirects=False,
            trace_request_ctx=attempt,
            middlewares=(once,),
        ) as response:
            body, whole = await _body(response)
            pause = _seconds(response.headers.get("Retry-After", ""))
            return Reply(response.status, body.decode(errors="replace"), pause, whole)


async def _body(response: ClientResponse) -> tuple[bytes, bool]:
    """Return the beginning of a body, and whether it came as far as it was wanted."""
    body = b""
    try:
        while len(body) < _LONGEST_ANSWER and (more := await response.content.read(_LONGEST_ANSWER - len(body))):
            body += more
    except (ClientError, OSError):
        return body, False
    return body, True


def _trace() -> TraceConfig:
    trace = TraceConfig()
    trace.on_request_headers_sent.append(_note_written)
    return trace


async def _note_written(
    _session: ClientSession, context: SimpleNamespace, _params: TraceRequestHeadersSentParams
) -> None:
    context.trace_request_ctx.written = True


def _seconds(value: str) -> float | None:
    plain = value.strip()
    is_number = plain.isascii() and plain.isdigit() and len(plain) <= 9
    return min(float(plain), _LONGEST_PAUSE_S) if is_number else None


HTTP_FAILURES: Mapping[int, FailureKind] = {
    401: FailureKind.CREDENTIALS,
    402: FailureKind.NO_CREDIT,
    403: FailureKind.CREDENTIALS,
    404: FailureKind.CREDENTIALS,
    405: FailureKind.CREDENTIALS,
    408: FailureKind.TIMEOUT,
    429: FailureKind.SLOW_DOWN,
    503: FailureKind.PROVIDER_DOWN,
}
"""What a status means by RFC 9110 and 6585. A wrong address (404, 405) is the operator's to mend, like credentials."""


def failure_of_status(status: int) -> FailureKind:
    """Return what an HTTP status other than the expected one means for the message that was sent with it.

    A bare 5xx may come from a proxy that lost the provider after the request was carried out: unknown. 503 alone says
    that it was not handled. A redirect comes from something that stands where the provider should.
    """
    if status in HTTP_FAILURES:
        return HTTP_FAILURES[status]
    if status >= 500 or status < 300:
        return FailureKind.TIMEOUT
    return FailureKind.REJECTED if status >= 400 else FailureKind.PROVIDER_DOWN


def readable(word: str) -> str:
    """Return a provider's word where a log may show it: short, ASCII letters and few signs, no digits in a row."""
    letters = word.replace("_", "").replace("-", "").replace(":", "")
    return word if letters.isascii() and letters.isalpha() and len(word) <= 40 else "(unreadable)"
