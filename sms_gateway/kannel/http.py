"""One request to smsbox, and how far it got.

It is a POST: a GET would put text and password into addresses, which proxies write down, and aiohttp repeats a GET of
its own accord when the connection breaks after the request was written, which would send the message twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace

from aiohttp import ClientSession, TCPConnector, TraceConfig, TraceRequestHeadersSentParams

_LONGEST_ANSWER = 4096


@dataclass(slots=True)
class Reply:
    """How far one request got: whether any of it may have left, and the answer's status and text once they came."""

    written: bool = False
    status: int | None = None
    text: str = field(default="", repr=False)


class Line:
    """Requests to one address. Its session is made at the first message, since it needs a running loop.

    Each request has a connection of its own: a kept one may be closed by smsbox just as the next message is written,
    whose fate would then be unknown.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._session: ClientSession | None = None

    async def post(self, reply: Reply, headers: Mapping[str, str], body: bytes) -> None:
        """Post a body, noting in `reply` how far that got. Raises what aiohttp raises; the caller sets the timeout."""
        session = self._opened()
        async with session.post(
            self._url, data=body, headers=headers, allow_redirects=False, trace_request_ctx=reply
        ) as answer:
            text = (await answer.content.read(_LONGEST_ANSWER)).decode("utf-8", "replace")
            reply.status, reply.text = answer.status, text

    async def close(self) -> None:
        """Close the session."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _opened(self) -> ClientSession:
        if self._session is None:
            trace = TraceConfig()
            trace.on_request_headers_sent.append(_note_written)
            self._session = ClientSession(connector=TCPConnector(force_close=True), trace_configs=[trace])
        return self._session


async def _note_written(
    _session: ClientSession, context: SimpleNamespace, _params: TraceRequestHeadersSentParams
) -> None:
    context.trace_request_ctx.written = True
