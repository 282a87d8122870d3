"""One gateway's messages on their way out: claimed, handed over side by side, and what became of them kept."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial

from domain.ports import FailureKind, Sender, SendResult
from handlers.context import Context
from handlers.faults import where
from handlers.sending import dispatch
from storage.queries.sending.outbox import Claimed
from storage.store import DatabaseAway

log = logging.getLogger(__name__)

LOOK_S = 1.0
"""How often a gateway looks for messages where nobody wakes it."""

_AHEAD = 4
"""How many times as many messages as may be on their way are claimed ahead, at most."""

_SOON_S = 0.25
_BACK_OFF_S = 1.0
_LONGEST_SEND_S = 60.0
"""After so many seconds from its claim a sending is given up: well before the claim runs out and another takes it."""


class Line:
    """One gateway's way out, in one event loop.

    At most `concurrency` messages are on their way at once (None: as many as the gateway is set to), one address's one
    after the other; a quarter of the places stays free of bulk, so that a slow provider does not keep replies waiting
    behind a broadcast. So many more are claimed ahead as arrived during the last look into the database, so that a
    quick provider never waits for it.
    """

    def __init__(
        self,
        context: Context,
        sender: Sender,
        name: str,
        clock: Callable[[], datetime],
        concurrency: int | None = None,
    ) -> None:
        self.sender, self.name = sender, name
        self._context, self._clock = context, clock
        self._concurrency = concurrency or context.gateways[name].concurrency
        self._places = asyncio.Semaphore(self._concurrency)
        self._flights: set[asyncio.Task[None]] = set()
        self._arrived = 0
        self._last_to: dict[str, asyncio.Task[None]] = {}
        self._results: list[tuple[Claimed, SendResult]] = []
        self._changed = asyncio.Event()
        self._more = False
        self._nothing_since: float | None = None

    def wake(self) -> None:
        """Have the line look at once."""
        self._changed.set()

    async def run(self, stopping: asyncio.Event) -> None:
        """Hand over what is due until `stopping` is set; no fault ends it."""
        while not stopping.is_set():
            self._changed.clear()
            try:
                pause = await self._turn()
            except DatabaseAway:
                log.warning("gateway %s: the database is away; looking again in a second", self.name)
                pause = await _pause_in_full(stopping, _BACK_OFF_S)
            except Exception as fault:
                log.error("gateway %s: %s", self.name, where(fault))
                pause = await _pause_in_full(stopping, _BACK_OFF_S)
            if pause > 0 and not stopping.is_set():
                await _within(self._changed, pause)

    async def finish(self, patience_s: float) -> None:
        """Let what is on its way arrive, for so many seconds; what has not by then has an unknown fate."""
        late: set[asyncio.Task[None]] = set()
        if self._flights:
            _, late = await asyncio.wait(self._flights, timeout=patience_s)
        for flight in late:
            flight.cancel()
        if late:
            await asyncio.wait(late)
        try:
            await self._record()
        except DatabaseAway:
            log.warning("gateway %s: the database is away; %d results are lost", self.name, len(self._results))

    async def drain(self, now: datetime) -> int:
        """Hand over all that is due at a moment, at the gateway's rate, and count it. Raises `DatabaseAway`."""
        rate, done = self._context.gateways[self.name].rate, 0
        size = min(self._concurrency, max(1, int(rate)))
        while claimed := await asyncio.to_thread(
            dispatch.claim, self._context, self.name, now, limit=size, paced=False
        ):
            if done:
                await asyncio.sleep(min(size / rate, _LONGEST_SEND_S / 2))
            self._send_all(claimed)
            await asyncio.wait(self._flights)
            await self._record()
            done += len(claimed)
        return done

    async def _turn(self) -> float:
        """Keep what became of messages and send others; return the seconds until there may be something to do."""
        ahead, self._arrived = min(self._arrived, _AHEAD * self._concurrency), 0
        free = self._concurrency + ahead - len(self._flights)
        if free <= 0:
            await self._record()
            return LOOK_S
        is_idle = not (self._more or self._results)
        if is_idle and (pause := await self._pause_until_due()) > 0:
            return pause
        claimed = await self._exchange(free)
        self._send_all(claimed)
        self._more = bool(claimed)
        if claimed:
            self._nothing_since = None
        return self._pause_for_tokens() if is_idle and not claimed else 0.0

    async def _pause_until_due(self) -> float:
        now = self._clock()
        due = await asyncio.to_thread(dispatch.next_due, self._context, self.name, now)
        if due is not None and due <= now:
            return 0.0
        self._nothing_since = None
        return LOOK_S if due is None else min(LOOK_S, (due - now).total_seconds())

    async def _exchange(self, limit: int) -> list[Claimed]:
        """Keep all results and claim in exchange. Raises `DatabaseAway`; results are then kept in mind."""
        async with self._taking_results() as results:
            return await asyncio.to_thread(
                dispatch.exchange,
                self._context,
                self.name,
                results,
                self._clock(),
                limit=limit,
                kept_for_replies=self._concurrency // 4,
            )

    def _pause_for_tokens(self) -> float:
        """Return how long to wait where something is due but may not leave: soon there are tokens, if that is it."""
        moment = asyncio.get_running_loop().time()
        self._nothing_since = self._nothing_since or moment
        return _SOON_S if moment - self._nothing_since < 2 * LOOK_S else LOOK_S

    def _send_all(self, claimed: list[Claimed]) -> None:
        for item in claimed:
            address = item.outbound.address
            flight = asyncio.create_task(self._fly(item, self._last_to.get(address)))
            self._flights.add(flight)
            self._last_to[address] = flight
            flight.add_done_callback(partial(self._landed, address))

    def _landed(self, address: str, flight: asyncio.Task[None]) -> None:
        self._flights.discard(flight)
        self._arrived += 1
        if self._last_to.get(address) is flight:
            del self._last_to[address]
        self._changed.set()

    async def _fly(self, item: Claimed, before: asyncio.Task[None] | None) -> None:
        begun = False
        # Until the sender has it, nobody can have received it.
        failure = FailureKind.PROVIDER_DOWN
        try:
            async with asyncio.timeout(_LONGEST_SEND_S):
                if before is not None:
                    await asyncio.wait({before})
                async with self._places:
                    begun = True
                    result = await self.sender.send(item.outbound)
        except (Exception, asyncio.CancelledError) as fault:
            if begun:
                failure = FailureKind.TIMEOUT
                log.error("gateway %s: sending ended with %s", self.name, type(fault).__name__)
            result = SendResult.of(failure)
        self._results.append((item, result))

    async def _record(self) -> None:
        """Keep all results. Raises `DatabaseAway`; they are then kept in mind for the next time."""
        if self._results:
            async with self._taking_results() as results:
                await asyncio.to_thread(dispatch.record, self._context, self.name, results, self._clock())

    @asynccontextmanager
    async def _taking_results(self) -> AsyncIterator[list[tuple[Claimed, SendResult]]]:
        taken, self._results = self._results, []
        try:
            yield taken
        except DatabaseAway:
            self._results = taken + self._results
            raise
        except Exception:
            await self._keep_each(taken)
            raise

    async def _keep_each(self, results: list[tuple[Claimed, SendResult]]) -> None:
        """Keep results one by one: one that cannot be kept must not let the others' messages be sent again."""
        for number, each in enumerate(results):
            try:
                await asyncio.to_thread(dispatch.record, self._context, self.name, [each], self._clock())
            except DatabaseAway:
                self._results = results[number:] + self._results
                raise
            except Exception as fault:
                about = each[0].outbound.message_id
                log.error("gateway %s: what became of message %d: %s", self.name, about, where(fault))


async def _within(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass


async def _pause_in_full(stopping: asyncio.Event, seconds: float) -> float:
    """Wait although there may be something to do; return that nothing is left to wait."""
    await _within(stopping, seconds)
    return 0.0
