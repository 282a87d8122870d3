"""That each benchmark runs and gives figures; how large they are is no matter here."""

import math
from contextlib import closing

import pytest

from benchmarks.__main__ import BENCHMARKS
from benchmarks.means.databases import Databases
from benchmarks.means.figures import Figure, Goal, spread
from benchmarks.means.sizes import TINY
from handlers.officers.commands import Command

FIGURES = {
    "inbound": 5, "answer_time": 2, "handover": 4, "start": 2, "queries": 17 + len(Command),
    "understanding": 7, "sweep": 4, "importing": 3,
    "broadcast": 5,
    "year": 4,
}  # fmt: skip


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_benchmark_gives_its_figures(name: str) -> None:
    with closing(Databases()) as databases:
        figures = list(BENCHMARKS[name].run(TINY, databases, ("sqlite",)))
    assert len(figures) == FIGURES[name]
    assert all(math.isfinite(figure.value) and figure.value >= 0 for figure in figures)


def test_the_benchmarks_leave_no_files() -> None:
    with closing(Databases()) as databases:
        databases.new_folder()
    assert not databases.folder.exists()


def test_a_spread_is_of_the_nearest_rank() -> None:
    found = spread([n / 1000 for n in range(1, 201)])
    assert (found.count, found.middle, found.p99, found.longest) == (200, 0.1005, 0.198, 0.2)
    assert spread([0.5]).p99 == 0.5


def test_a_figure_says_whether_its_goal_is_met() -> None:
    goal = Goal(5, "at most 5", most=True)
    said = [str(Figure("f", value, f"{value} ×", "the limit", "1 of 2", goal)) for value in (5, 6)]
    assert said[0] == "f: 5 × the limit [1 of 2] (goal at most 5: met)"
    assert said[1].endswith("(goal at most 5: MISSED)")
