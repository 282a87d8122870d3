"""A server on loopback that answers every request alike: Twilio's Messages API for answers, and nothing at all for load.

As a program it prints its port and answers as the application answers Twilio, until it is ended.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

NOTHING = b"<Response/>"
TAKEN = b'{"sid": "SM00000000000000000000000000000000", "status": "queued"}'


class StandIn(asyncio.Protocol):
    """One connection. `told` is given the body of each request and the moment at which it was there whole."""

    def __init__(self, answer: bytes, told: Callable[[bytes, float], object] | None) -> None:
        self._answer, self._told = answer, told
        self._buffer = b""
        self._transport: asyncio.BaseTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection, to answer by."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each request that is there whole."""
        self._buffer += data
        while (body := self._next_body()) is not None:
            if self._told is not None:
                self._told(body, time.perf_counter())
            assert isinstance(self._transport, asyncio.Transport)
            self._transport.write(self._answer)

    def _next_body(self) -> bytes | None:
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return None
        lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        length = int(lengths[0].partition(b":")[2]) if lengths else 0
        if len(rest) < length:
            return None
        self._buffer = rest[length:]
        return rest[:length]


@asynccontextmanager
async def standing_in(
    body: bytes, *, status: str = "200 OK", kind: str = "text/xml", told: Callable[[bytes, float], object] | None = None
) -> AsyncIterator[int]:
    """Serve on a free port of 127.0.0.1, and give the port."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    answer = head.encode() + body
    server = await asyncio.get_running_loop().create_server(lambda: StandIn(answer, told), "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def _serve() -> None:
    async with standing_in(NOTHING) as port:
        print(port, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve())
