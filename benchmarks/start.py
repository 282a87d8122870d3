"""How long `samleng run` takes until it is ready, and the memory of all its processes at rest."""

import subprocess
import sys
import time
from collections.abc import Iterator
from statistics import median

from benchmarks.means.databases import Databases
from benchmarks.means.figures import Figure, Goal
from benchmarks.means.installation import ROOT, START_WITHIN_S, installed, serving
from benchmarks.means.sizes import Sizes

MOST_MEMORY_MB = 350
_START_GOAL = Goal(3.0, "at most 3 s", most=True)
_MEMORY_GOAL = Goal(MOST_MEMORY_MB, f"at most {MOST_MEMORY_MB} MB", most=True)
_IMPORTS = "import flask, sqlalchemy, telegram, twilio"


def run(sizes: Sizes, databases: Databases, kinds: tuple[str, ...]) -> Iterator[Figure]:
    """Measure each database."""
    for kind in kinds:
        made = installed(databases, kind, people=sizes.people)
        starts, bare, memory = [], [], 0.0
        for turn in range(sizes.starts):
            bare.append(_bare_start())
            begun = time.perf_counter()
            with serving(made, "run") as running:
                starts.append(time.perf_counter() - begun)
                if turn == sizes.starts - 1:
                    time.sleep(sizes.rest)
                    memory = _memory_mb(running.pid)
        yield from _figures(kind, starts, bare, memory)


def _figures(kind: str, starts: list[float], bare: list[float], memory: float) -> Iterator[Figure]:
    ready, imports = median(starts), median(bare)
    yield Figure(
        f"start, {kind}",
        value=ready,
        shown=f"{ready / imports:.2f} ×",
        limit="the start of Python with its largest libraries",
        absolutes=f"{ready:.2f} s and {imports:.2f} s; slowest {max(starts):.2f} s of {len(starts)}",
        goal=_START_GOAL,
    )
    yield Figure(
        f"memory at rest, {kind}",
        value=memory,
        shown=f"{memory / MOST_MEMORY_MB:.0%}",
        limit=f"of {MOST_MEMORY_MB} MB",
        absolutes=f"{memory:.0f} MB resident",
        goal=_MEMORY_GOAL,
    )


def _bare_start() -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-W", "ignore", "-c", _IMPORTS], cwd=ROOT, check=True, timeout=START_WITHIN_S)
    return time.perf_counter() - begun


def _memory_mb(group: int) -> float:
    """Return the resident memory of all processes of a group, in MB; what they share counts for each."""
    listed = subprocess.run(["ps", "-A", "-o", "pgid=,rss="], capture_output=True, text=True, check=True).stdout
    sizes = (line.split() for line in listed.splitlines())
    return sum(int(kilobytes) for owner, kilobytes in sizes if int(owner) == group) / 1024
