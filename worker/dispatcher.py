"""The dispatcher: one event loop in which all senders live, and which hands over what waits in the outbox."""

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import cast

from domain.ports import MediaSource, Sender
from handlers.context import Context
from handlers.faults import where
from storage.store import DatabaseAway
from storage.wake import Wake
from worker.attachments import fetch_waiting
from worker.line import Line

log = logging.getLogger(__name__)

_NOTICE_STOP_S = 0.5
_PATIENCE_S = 10.0
_FETCH_EVERY_S = 5.0


class Dispatcher:
    """Hands over the messages of some gateways, and fetches the files that came by them.

    `senders` makes each gateway's sender, called within the loop; a sender with a `fetch` is that gateway's
    `MediaSource` too. Without `wake` it looks each second. `concurrency` is how many messages each gateway has on their
    way at once, in place of its own figure.
    """

    def __init__(
        self,
        context: Context,
        senders: Mapping[str, Callable[[], Sender]],
        clock: Callable[[], datetime],
        *,
        concurrency: int | None = None,
        wake: Wake | None = None,
    ) -> None:
        self._context, self._senders, self._clock = context, senders, clock
        self._concurrency, self._wake = concurrency, wake

    def run(self, stop: threading.Event) -> None:
        """Hand over what is due until `stop` is set; what is on its way then has ten seconds to arrive."""
        asyncio.run(self._run(stop))

    def drain(self, now: datetime) -> int:
        """Hand over all that is due at a moment, each message once, at the gateways' rates, and count it.

        To be called where no event loop is running. It keeps the rates by itself: a dispatcher that runs beside it
        sends as much again. Raises `DatabaseAway`.
        """
        return asyncio.run(self._drain(now))

    async def _drain(self, now: datetime) -> int:
        lines = self._lines(lambda: now)
        try:
            return sum(await asyncio.gather(*(line.drain(now) for line in lines)))
        finally:
            await _close(lines)

    async def _run(self, stop: threading.Event) -> None:
        lines, stopping, over = self._lines(self._clock), asyncio.Event(), threading.Event()
        loop = asyncio.get_running_loop()
        # One for each gateway's transaction, and some for files and for watching.
        loop.set_default_executor(ThreadPoolExecutor(len(lines) + 5, thread_name_prefix="dispatcher"))

        def told() -> None:
            if stop.is_set():
                stopping.set()
            for line in lines:
                line.wake()

        watching = asyncio.create_task(
            asyncio.to_thread(self._watch, stop, over, lambda: loop.call_soon_threadsafe(told))
        )
        fetching = asyncio.create_task(self._fetch(lines))
        try:
            await asyncio.gather(*(line.run(stopping) for line in lines), stopping.wait())
        finally:
            over.set()
            fetching.cancel()
            await asyncio.gather(fetching, return_exceptions=True)
            await asyncio.gather(*(line.finish(_PATIENCE_S) for line in lines), return_exceptions=True)
            await _close(lines)
            await watching

    def _lines(self, clock: Callable[[], datetime]) -> list[Line]:
        return [Line(self._context, make(), name, clock, self._concurrency) for name, make in self._senders.items()]

    def _watch(self, stop: threading.Event, over: threading.Event, tell: Callable[[], object]) -> None:
        """Pass on what is told to threads: that something was queued, and that it is time to stop."""
        wait = stop.wait if self._wake is None else self._wake.wait
        while not (stop.is_set() or over.is_set()):
            if wait(_NOTICE_STOP_S):
                tell()
        tell()

    async def _fetch(self, lines: list[Line]) -> None:
        sources = {
            line.name: cast("MediaSource", line.sender)
            for line in lines
            if callable(getattr(line.sender, "fetch", None))
        }
        while sources:
            try:
                await fetch_waiting(self._context, sources, self._clock())
            except DatabaseAway:
                log.warning("files cannot be fetched: the database is away")
            except Exception as fault:
                log.error("files cannot be fetched: %s", where(fault))
            await asyncio.sleep(_FETCH_EVERY_S)


async def _close(lines: list[Line]) -> None:
    for line in lines:
        try:
            await line.sender.close()
        except Exception as fault:
            log.error("gateway %s: it could not be closed: %s", line.name, where(fault))
