"""The time from a webhook to the reply in the provider's hand, idle, against a bare round trip to the same stand-in."""

import asyncio
import time
from collections.abc import Iterator
from random import Random
from urllib.parse import parse_qs

from benchmarks.means.databases import Databases
from benchmarks.means.figures import Figure, Goal, Spread, ms, spread
from benchmarks.means.installation import installed, serving
from benchmarks.means.load import Connection
from benchmarks.means.phones import KHMER, Web, post
from benchmarks.means.sizes import Sizes
from benchmarks.means.stand_in import TAKEN, standing_in

_MEDIAN_GOAL = Goal(0.060, "at most 60 ms", most=True)
_P99_GOAL = Goal(0.250, "at most 250 ms", most=True)
_WAIT_S = 20.0
_FORM = b"To=%2B85512345678&From=%2B18005551212&Body=" + b"%E1%9E%9B" * 60


class Provider:
    """What the stand-in was handed: the moment of the first message to each number."""

    def __init__(self) -> None:
        self._first: dict[str, asyncio.Future[float]] = {}

    def took(self, body: bytes, moment: float) -> None:
        """Note a message."""
        first = self._first.get(parse_qs(body.decode())["To"][0])
        if first is not None and not first.done():
            first.set_result(moment)

    def expect(self, number: str) -> asyncio.Future[float]:
        """Return what will hold the moment of the first message to a number."""
        return self._first.setdefault(number, asyncio.get_running_loop().create_future())


def run(sizes: Sizes, databases: Databases, kinds: tuple[str, ...]) -> Iterator[Figure]:
    """Measure each database."""
    for kind in kinds:
        answers, bare = asyncio.run(_measure(sizes, databases, kind))
        yield _figure(f"answer time, {kind}, median", answers.middle, bare.middle, _MEDIAN_GOAL, answers)
        yield _figure(f"answer time, {kind}, 99 %", answers.p99, bare.middle, _P99_GOAL, answers)


def _figure(name: str, value: float, bare: float, goal: Goal, answers: Spread) -> Figure:
    return Figure(
        name,
        value=value,
        shown=f"{value / bare:,.0f} ×",
        limit="a bare round trip to the provider",
        absolutes=f"{ms(value)} and {ms(bare)}; {answers}",
        goal=goal,
    )


async def _measure(sizes: Sizes, databases: Databases, kind: str) -> tuple[Spread, Spread]:
    provider = Provider()
    async with standing_in(TAKEN, status="201 Created", kind="application/json", told=provider.took) as port:
        made = await asyncio.to_thread(installed, databases, kind, people=sizes.people, provider_port=port)
        running = serving(made, "run")
        await asyncio.to_thread(running.__enter__)
        try:
            # The first look of every sweep is no part of being idle.
            await asyncio.sleep(sizes.settle)
            bare = await _round_trips(port, sizes.answers)
            return await _answers(made.web, provider, sizes.answers), bare
        finally:
            await asyncio.to_thread(running.__exit__, None, None, None)


async def _round_trips(port: int, count: int) -> Spread:
    connection = await Connection.to(port)
    request = post("/bare", _FORM, port=port, headers={})
    taken = []
    for _ in range(count):
        begun = time.perf_counter()
        await connection.ask(request)
        taken.append(time.perf_counter() - begun)
    await connection.close()
    return spread(taken)


async def _answers(web: Web, provider: Provider, count: int) -> Spread:
    connection, random, taken = await Connection.to(web.port), Random(5), []
    for serial in range(count + 2):
        number = f"+85510{serial:06}"
        request = web.request(f"SManswer{serial:026}", number, KHMER[serial % len(KHMER)])
        answered = provider.expect(number)
        begun = time.perf_counter()
        status = await connection.ask(request)
        if status != 200:
            raise RuntimeError(f"answered with {status}")
        taken.append(await asyncio.wait_for(answered, _WAIT_S) - begun)
        await asyncio.sleep(random.uniform(0.05, 0.2))
    await connection.close()
    # The first messages find nothing in any cache; they are no idle answers either.
    return spread(taken[2:])
