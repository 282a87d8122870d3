"""That sweeps run in one process at a time, and that one which fails does not stop the others."""

import logging
import threading
from datetime import datetime, timedelta

import pytest

from handlers.context import Context
from storage import Store
from storage.leadership import Leadership
from storage.store import DatabaseAway
from tests.support.world import START
from tests.worker.fakes import running
from worker import Clock


class Sweeps:
    """Sweeps that note when they ran; those in `faults` raise."""

    def __init__(self, *names: str, faults: dict[str, Exception] | None = None) -> None:
        self.ran: dict[str, threading.Event] = {name: threading.Event() for name in names}
        self.times = 0
        self._faults = faults or {}

    def table(self):
        return {name: (self._sweep(name), 3600.0) for name in self.ran}

    def _sweep(self, name: str):
        def sweep(_context: Context, _now: datetime) -> int:
            self.times += 1
            self.ran[name].set()
            if name in self._faults:
                raise self._faults[name]
            return 3

        return sweep


@pytest.fixture
def context(store: Store) -> Context:
    return Context(store, {})


def test_all_sweeps_run_at_once_and_then_at_their_intervals(context: Context) -> None:
    sweeps = Sweeps("one", "two")
    with running(Clock(context, lambda: START, sweeps=sweeps.table()).run):
        for each in sweeps.ran.values():
            assert each.wait(20)


def test_a_failing_sweep_does_not_stop_the_others(context: Context, caplog: pytest.LogCaptureFixture) -> None:
    faults = {"broken": ValueError("her words"), "away": DatabaseAway("OperationalError")}
    sweeps = Sweeps("broken", "away", "good", faults=faults)
    clock = Clock(context, lambda: START, sweeps=sweeps.table())
    with caplog.at_level(logging.DEBUG, logger="worker"), running(clock.run):
        for each in sweeps.ran.values():
            assert each.wait(20)
    counts = clock.counters()
    assert {name: (each.failures, each.done) for name, each in counts.items()} == {
        "broken": (1, 0),
        "away": (1, 0),
        "good": (0, 3),
    }
    assert counts["good"].last_run == START
    assert counts["good"].last_duration_s >= 0
    assert "ValueError at clock.py" in caplog.text
    assert "her words" not in caplog.text


def test_of_two_clocks_one_runs_and_the_other_takes_over(context: Context) -> None:
    sweeps, now = Sweeps("only"), [START]
    duty = Leadership(context.store, "clock")
    first = Clock(context, lambda: now[0], sweeps=sweeps.table(), duty=duty)
    second = Clock(context, lambda: now[0], sweeps=sweeps.table())
    assert first.tick("only")
    assert not second.tick("only")
    duty.release()
    assert not second.tick("only"), "it does not ask at every tick"
    now[0] += timedelta(seconds=5)
    assert second.tick("only")
    assert not first.tick("only")
    assert sweeps.times == 2
    second._duty.release()


def test_the_duty_is_given_up_at_the_end(context: Context) -> None:
    sweeps = Sweeps("only")
    with running(Clock(context, lambda: START, sweeps=sweeps.table()).run):
        assert sweeps.ran["only"].wait(20)
    duty = Leadership(context.store, "clock")
    assert duty.holds()
    duty.release()


def test_the_real_sweeps_run(world) -> None:
    clock = Clock(world.context, lambda: START)
    for name in clock.counters():
        assert clock.tick(name)
    assert all(each.failures == 0 for each in clock.counters().values())
    clock._duty.release()
