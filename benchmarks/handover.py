"""Messages handed over a second by one worker and by four, a worker's memory, and what replies wait, while many wait."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from benchmarks.means.databases import Databases
from benchmarks.means.figures import Figure, Goal, Spread, ms, percent, spread
from benchmarks.means.installation import START_WITHIN_S, Installation, process
from benchmarks.means.no_op_provider import Operator, bare_clients
from benchmarks.means.sizes import Sizes
from benchmarks.means.waiting import queue_reminders, replies, sending

_AT_ONCE = 16
"""How many messages a worker has on their way by one gateway."""

_MEMORY_GOAL = Goal(1.25, "at most 1.25", most=True)
_REPLY_GOAL = Goal(2.0, "at most 2 s", most=True)
_STARTED = b"Samleng runs"
_STOP_WITHIN_S = 30.0


@dataclass(frozen=True, slots=True)
class Rate:
    """Messages a second of so many workers, and of as many bare clients before and after them."""

    workers: int
    product: float
    bare: float


@dataclass(frozen=True, slots=True)
class State:
    """One worker with nothing in the outbox, or with much: its peak of memory in MB, and how late replies were."""

    memory: float
    replies: Spread


def run(sizes: Sizes, databases: Databases, kinds: tuple[str, ...]) -> Iterator[Figure]:
    """Measure each database."""
    for kind in kinds:
        with closing(Operator()) as operator:
            yield from _of_database(sizes, databases, kind, operator)


def _of_database(sizes: Sizes, databases: Databases, kind: str, operator: Operator) -> Iterator[Figure]:
    made = sending(databases, kind, people=sizes.people, operator=operator)
    with _working(made, 1) as pids:
        time.sleep(sizes.settle)
        idle = _state(made, operator, pids[0], range(sizes.answers))
    queue_reminders(made, sizes.waiting)
    for workers in sizes.workers:
        yield _rate_figure(kind, _rate(sizes, made, operator, workers))
    with _working(made, 1) as pids:
        operator.wait_for_more()
        loaded = _state(made, operator, pids[0], range(sizes.answers, 2 * sizes.answers))
    yield from _figures(kind, sizes.waiting, idle, loaded)


@contextmanager
def _working(made: Installation, count: int) -> Iterator[list[int]]:
    """Run so many workers until the block ends, and give their process ids; it begins when all are ready.

    They are asked to end, so that nothing stays claimed which the next ones would have to leave alone.
    """
    with ExitStack() as running:
        logs = [made.path.with_name(f"worker{number}.log") for number in range(count)]
        workers = [
            running.enter_context(process(made.command("worker"), log=log, environ=made.environ)) for log in logs
        ]
        for log in logs:
            _wait_until_started(log)
        yield [worker.pid for worker in workers]
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.wait(_STOP_WITHIN_S)


def _wait_until_started(log: Path) -> None:
    until = time.monotonic() + START_WITHIN_S
    while _STARTED not in log.read_bytes():
        if time.monotonic() > until:
            raise RuntimeError(f"a worker does not start:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.02)


def _rate(sizes: Sizes, made: Installation, operator: Operator, workers: int) -> Rate:
    before = _bare(sizes, operator, workers)
    with _working(made, workers):
        operator.wait_for_more()
        time.sleep(sizes.warm_up)
        product = operator.rate(sizes.seconds)
    return Rate(workers, product, mean((before, _bare(sizes, operator, workers))))


def _bare(sizes: Sizes, operator: Operator, processes: int) -> float:
    with bare_clients(operator.port, processes=processes, at_once=_AT_ONCE):
        operator.wait_for_more()
        time.sleep(sizes.warm_up)
        return operator.rate(sizes.seconds / 3)


def _state(made: Installation, operator: Operator, pid: int, marks: range) -> State:
    late = spread(replies(made, operator, marks))
    return State(_peak_mb(pid), late)


def _peak_mb(pid: int) -> float:
    """Return the most memory that a process had resident so far, in MB (proc(5), VmHWM)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def _rate_figure(kind: str, rate: Rate) -> Figure:
    plural = "s" if rate.workers > 1 else ""
    return Figure(
        f"handed over, {kind}, {rate.workers} worker{plural}",
        value=rate.product / rate.bare,
        shown=percent(rate.product / rate.bare),
        limit=f"of what {rate.workers} bare client{plural} may hand over",
        absolutes=f"{rate.product:,.0f}/s of {rate.bare:,.0f}/s, each {_AT_ONCE} at once",
    )


def _figures(kind: str, waiting: int, idle: State, loaded: State) -> Iterator[Figure]:
    yield Figure(
        f"memory of a worker, {kind}, {waiting:,} waiting",
        value=loaded.memory / idle.memory,
        shown=f"{loaded.memory / idle.memory:.2f} ×",
        limit="that with none waiting",
        absolutes=f"peaks of {loaded.memory:.0f} MB and {idle.memory:.0f} MB",
        goal=_MEMORY_GOAL,
    )
    for name, late, without in (
        ("median", loaded.replies.middle, idle.replies.middle),
        ("99 %", loaded.replies.p99, idle.replies.p99),
    ):
        yield Figure(
            f"reply after it is due, {kind}, {waiting:,} waiting, {name}",
            value=late,
            shown=f"{late / without:.1f} ×",
            limit="the same with none waiting",
            absolutes=f"{ms(late)} and {ms(without)}, of {loaded.replies.count:,}",
            goal=_REPLY_GOAL,
        )
