"""A small load generator: requests over kept connections, bare asyncio, so that little of a core is its own."""

import asyncio
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass


class Refused(Exception):
    """The server answered other than 200: what is measured then is not what should be."""


@dataclass(frozen=True, slots=True)
class Load:
    """What a load brought: answers a second, and how long each took, in seconds."""

    rate: float
    durations: list[float]


class Connection:
    """One kept HTTP/1.1 connection on loopback."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def to(cls, port: int) -> "Connection":
        """Connect."""
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def ask(self, request: bytes) -> int:
        """Send a whole request, read the whole answer, and return its status."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = _content_length(head)
        if length:
            await self._reader.readexactly(length)
        return int(head[9:12])

    async def close(self) -> None:
        """Close."""
        self._writer.close()
        await self._writer.wait_closed()


def load(port: int, clients: Sequence[Iterator[bytes]], *, seconds: float, warm_up: float = 0.0) -> Load:
    """Let each client send its requests one after the other for so long; those of the warm-up are not counted.

    Raises `Refused` at the first answer that is not 200.
    """
    return asyncio.run(_load(port, clients, seconds, warm_up))


def one_by_one(port: int, requests: Iterable[bytes]) -> list[float]:
    """Send some requests one after the other and return how long each took, in seconds. Raises `Refused`."""
    return asyncio.run(_one_by_one(port, requests))


async def _one_by_one(port: int, requests: Iterable[bytes]) -> list[float]:
    connection, durations = await Connection.to(port), []
    for request in requests:
        sent = time.perf_counter()
        _taken(await connection.ask(request))
        durations.append(time.perf_counter() - sent)
    await connection.close()
    return durations


async def _load(port: int, clients: Sequence[Iterator[bytes]], seconds: float, warm_up: float) -> Load:
    connections = [await Connection.to(port) for _ in clients]
    begin = time.perf_counter() + warm_up
    pairs = zip(connections, clients, strict=True)
    async with asyncio.timeout(warm_up + seconds + 60):
        taken = await asyncio.gather(*(_client(*pair, begin, begin + seconds) for pair in pairs))
    for connection in connections:
        await connection.close()
    durations = [duration for each in taken for duration in each]
    return Load(len(durations) / seconds, durations)


async def _client(connection: Connection, requests: Iterator[bytes], begin: float, end: float) -> list[float]:
    durations = []
    for request in requests:
        sent = time.perf_counter()
        if sent >= end:
            break
        _taken(await connection.ask(request))
        answered = time.perf_counter()
        if begin <= answered < end:
            durations.append(answered - sent)
    return durations


def _taken(status: int) -> None:
    if status != 200:
        raise Refused(f"answered with {status}")


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
