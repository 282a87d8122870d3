"""SMS accepted a second, from the signed request to the last commit, against bare durable commits of one row."""

import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from statistics import mean

from sqlalchemy import func, select

from benchmarks.means.bare_commits import bare_commits
from benchmarks.means.databases import Databases
from benchmarks.means.figures import Figure, Goal, ms, percent, spread
from benchmarks.means.installation import Installation, free_port, installed, process, serving, wait_until_answered
from benchmarks.means.load import Load, load, one_by_one
from benchmarks.means.phones import People, Web
from benchmarks.means.sizes import Sizes
from storage.queries.persons import inbound as inbound_rows
from storage.tables import InboundItem
from storage.tables.base import table_of

GOALS = {"sqlite": Goal(0.12, "at least 12 %"), "postgresql": Goal(0.09, "at least 9 %")}
_SPREAD_GOAL = Goal(5, "at most 5", most=True)
_LONGEST_GOAL = Goal(1.0, "at most one second", most=True)
_PLAIN_GOAL = Goal(3, "at least 3")
_GOALS_FOR = 32
"""The goals speak of so many clients."""


@dataclass(frozen=True, slots=True)
class Level:
    """What was measured with so many clients: the product, and bare commits before and after it."""

    clients: int
    product: Load
    bare: float


def run(sizes: Sizes, databases: Databases, kinds: tuple[str, ...]) -> Iterator[Figure]:
    """Measure each database with each number of clients."""
    ceiling = _ceiling(sizes, databases)
    for kind in kinds:
        made = installed(databases, kind, people=sizes.people)
        levels = []
        with serving(made, "web"):
            people = People(made.filled.numbers, [area.name("km") for area in made.filled.communes])
            yield _first_figure(kind, one_by_one(made.web.port, islice(people.conversations(made.web), 8)))
            for clients in sizes.clients:
                levels.append(_level(sizes, databases, kind, made.web, people, clients=clients))
                yield from _figures(kind, levels[-1], ceiling)
            _check(made, levels)
        yield _against_plain(sizes, databases, kind, levels[-1])


def _first_figure(kind: str, durations: list[float]) -> Figure:
    """Tell of the first two conversations after the start: in the first one whatever is made once is made."""
    first, second = max(durations[:4]), max(durations[4:])
    return Figure(
        f"inbound, {kind}, first conversation after the start, longest wait",
        value=first,
        shown=f"{first / second:.1f} ×",
        limit="that of the second conversation",
        absolutes=f"{ms(first)} and {ms(second)}",
        goal=_LONGEST_GOAL,
    )


def _ceiling(sizes: Sizes, databases: Databases) -> float:
    """Return what the load generator reaches against a server that does nothing, in requests a second."""
    log = databases.new_folder() / "nothing.log"
    with process([sys.executable, "-m", "benchmarks.means.stand_in"], log=log) as running:
        port = 0
        while not port and running.poll() is None:
            port = int(log.read_text().strip() or 0)
        return _load(sizes, Web(port), People((), ("nowhere",)), clients=max(sizes.clients)).rate


def _load(sizes: Sizes, web: Web, people: People, *, clients: int) -> Load:
    each = [people.conversations(web) for _ in range(clients)]
    return load(web.port, each, seconds=sizes.seconds, warm_up=sizes.warm_up)


def _level(sizes: Sizes, databases: Databases, kind: str, web: Web, people: People, *, clients: int) -> Level:
    seconds = sizes.seconds / 3
    before = bare_commits(databases, kind, clients=clients, seconds=seconds)
    product = _load(sizes, web, people, clients=clients)
    after = bare_commits(databases, kind, clients=clients, seconds=seconds)
    return Level(clients, product, mean((before, after)))


def _figures(kind: str, level: Level, ceiling: float) -> Iterator[Figure]:
    rate, times = level.product.rate, spread(level.product.durations)
    name, has_goals = _name(kind, level.clients), level.clients == _GOALS_FOR
    yield Figure(
        name,
        value=rate / level.bare,
        shown=percent(rate / level.bare),
        limit="of bare durable single-row commits",
        absolutes=f"{rate:,.0f}/s of {level.bare:,.0f}/s; the load generator reaches {ceiling:,.0f}/s",
        goal=GOALS[kind] if has_goals else None,
    )
    yield Figure(
        f"{name}, slowest hundredth",
        value=times.p99 / times.middle,
        shown=f"{times.p99 / times.middle:.2f} ×",
        limit="its own median",
        absolutes=str(times),
        goal=_SPREAD_GOAL if has_goals else None,
    )
    yield Figure(
        f"{name}, longest wait",
        value=times.longest,
        shown=f"{times.longest / times.middle:.2f} ×",
        limit="its own median",
        absolutes=ms(times.longest),
        goal=_LONGEST_GOAL if has_goals else None,
    )


def _name(kind: str, clients: int) -> str:
    return f"inbound, {kind}, {clients} client{'s' if clients > 1 else ''}"


def _check(made: Installation, levels: list[Level]) -> None:
    """Raise unless everything that was accepted is stored, and nothing of it waits."""
    with closing(made.config.open_store()) as store, store.reading() as tx:
        waiting = inbound_rows.count_waiting(tx)
        table = table_of(InboundItem)
        failed = tx.execute(select(func.count()).where(table.c.fault.is_not(None))).scalar_one()
    accepted = sum(len(level.product.durations) for level in levels)
    if waiting or failed or not accepted:
        raise RuntimeError(f"of {accepted} messages {waiting} still wait, and {failed} could not be processed")


def _against_plain(sizes: Sizes, databases: Databases, kind: str, level: Level) -> Figure:
    """Compare with the plain ORM path under as many clients."""
    port, log = free_port(), databases.new_folder() / "plain.log"
    arguments = [databases.fresh_url(kind), str(port), str(sizes.people)]
    with process([sys.executable, "-m", "benchmarks.means.plain_orm", *arguments], log=log) as running:
        wait_until_answered(port, "/readyz", running, log)
        plain = _load(sizes, Web(port, "plain"), People((), ("nowhere",)), clients=level.clients).rate
    rate = level.product.rate
    return Figure(
        f"{_name(kind, level.clients)}, against the plain ORM path",
        value=rate / plain,
        shown=f"{rate / plain:.2f} ×",
        limit="the plain ORM path on the same server",
        absolutes=f"{rate:,.0f}/s and {plain:,.0f}/s",
        goal=_PLAIN_GOAL if level.clients == _GOALS_FOR else None,
    )
