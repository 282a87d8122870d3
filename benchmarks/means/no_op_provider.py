"""A provider of SMS that does nothing but take messages, in a process of its own, and the bare client that shows its limit."""

import asyncio
import multiprocessing
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

from aiohttp import ClientSession, TCPConnector

from benchmarks.means.stand_in import standing_in

MARK = "bench"
"""A message with this word and six digits in it is noted with the moment at which it was there whole."""

_TAKEN = b'{"status": "ok"}'
_MARKED = re.compile(rb"bench(\d{6})")
_BARE = {"to": "+85512345678", "text": "ថ្ងៃស្អែកមានប្រជុំក្រុមសន្សំ ម៉ោង ៨ ព្រឹក នៅសាលាឃុំ", "id": "1"}
_PATIENCE_S = 30.0
_FORK = multiprocessing.get_context("fork")


class Operator:
    """The provider. `count` is how many messages it was handed; moments are those of `time.perf_counter`."""

    def __init__(self) -> None:
        # One process writes it and one reads it, so that it needs no lock.
        self._count: Any = _FORK.Value("L", 0, lock=False)
        self._heard, telling = _FORK.Pipe(duplex=False)
        self._process = _FORK.Process(target=_serve, args=(self._count, telling), daemon=True)
        self._process.start()
        telling.close()
        if not self._heard.poll(_PATIENCE_S):
            raise RuntimeError("the provider does not start")
        self.port: int = self._heard.recv()
        self._came: dict[int, float] = {}

    @property
    def count(self) -> int:
        """Return how many messages came so far."""
        return int(self._count.value)

    def rate(self, seconds: float) -> float:
        """Return how many messages a second come now, watching for so many seconds, or until one has come."""
        before, begun = self.count, time.perf_counter()
        time.sleep(seconds)
        if self.count == before:
            self.wait_for_more()
        return (self.count - before) / (time.perf_counter() - begun)

    def wait_for_more(self, patience_s: float = _PATIENCE_S) -> None:
        """Wait until something comes. Raises `RuntimeError`."""
        before, until = self.count, time.monotonic() + patience_s
        while self.count == before:
            if time.monotonic() > until:
                raise RuntimeError("nothing is handed over")
            time.sleep(0.01)

    def came(self, mark: int, patience_s: float = _PATIENCE_S) -> float:
        """Return when a marked message first came, waiting for it. Raises `RuntimeError`."""
        while mark not in self._came:
            if not self._heard.poll(patience_s):
                raise RuntimeError(f"message {mark} was not handed over")
            number, moment = self._heard.recv()
            self._came.setdefault(number, moment)
        return self._came[mark]

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.join(_PATIENCE_S)
        self._heard.close()


def _serve(count: Any, telling: Connection) -> None:
    def told(body: bytes, moment: float) -> None:
        count.value += 1
        found = _MARKED.search(body)
        if found is not None:
            telling.send((int(found[1]), moment))

    async def serve() -> None:
        async with standing_in(_TAKEN, kind="application/json", told=told) as port:
            telling.send(port)
            await asyncio.Event().wait()

    asyncio.run(serve())


@contextmanager
def bare_clients(port: int, *, processes: int, at_once: int) -> Iterator[None]:
    """Let so many processes send as fast as they can, each `at_once` messages side by side, until the block ends.

    They use the library of the senders, and as these a connection for each message.
    """
    clients = [_FORK.Process(target=_send, args=(port, at_once), daemon=True) for _ in range(processes)]
    for client in clients:
        client.start()
    try:
        yield
    finally:
        for client in clients:
            client.kill()
            client.join(_PATIENCE_S)


def _send(port: int, at_once: int) -> None:
    async def one(session: ClientSession) -> None:
        while True:
            async with session.post(f"http://127.0.0.1:{port}/send", data=_BARE) as answer:
                await answer.read()

    async def all_of_them() -> None:
        async with ClientSession(connector=TCPConnector(force_close=True)) as session:
            await asyncio.gather(*(one(session) for _ in range(at_once)))

    asyncio.run(all_of_them())
