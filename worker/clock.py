"""The clock: it wakes each sweep at its interval, in the one process that has the duty."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from handlers.context import Context
from handlers.faults import where
from handlers.sweeps import SWEEPS, Sweep
from storage.leadership import Leadership
from storage.store import DatabaseAway

log = logging.getLogger(__name__)

_ASK_AGAIN = timedelta(seconds=5)
"""How long a process that was refused the duty does without asking: each question costs a connection."""


class Duty(Protocol):
    """The right to run sweeps, which one process has at a time; see `storage.leadership.Leadership`."""

    def holds(self) -> bool:
        """Tell whether this process has the duty now."""
        ...

    def release(self) -> None:
        """Give the duty up."""
        ...


@dataclass(frozen=True, slots=True)
class SweepCount:
    """What a sweep has done in this process: runs, rows, failures; its last run's moment, and seconds it took."""

    runs: int = 0
    done: int = 0
    failures: int = 0
    last_run: datetime | None = None
    last_duration_s: float = 0.0


class Clock:
    """Wakes the sweeps. Each may be repeated and run anywhere, so that two clocks at once do no harm."""

    def __init__(
        self,
        context: Context,
        clock: Callable[[], datetime],
        *,
        sweeps: Mapping[str, tuple[Sweep, float]] = SWEEPS,
        duty: Duty | None = None,
    ) -> None:
        self._context, self._clock, self._sweeps = context, clock, sweeps
        self._duty = duty or Leadership(context.store, "clock")
        self._asking = threading.Lock()
        self._leads = False
        self._refused_until: datetime | None = None
        self._counting = threading.Lock()
        self._counts = {name: SweepCount() for name in sweeps}

    def run(self, stop: threading.Event) -> None:
        """Wake the sweeps until `stop` is set; those that run then come to their end."""
        # The library would tell of each sweep that takes longer than its interval, which is no fault here.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(max(1, len(self._sweeps)))},
            job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None},
            timezone=UTC,
        )
        now = datetime.now(UTC)
        for name, (_, seconds) in self._sweeps.items():
            scheduler.add_job(self.tick, IntervalTrigger(seconds=seconds, timezone=UTC), (name,), next_run_time=now)
        scheduler.start()
        try:
            stop.wait()
        finally:
            scheduler.shutdown(wait=True)
            self._duty.release()

    def tick(self, name: str) -> bool:
        """Run a sweep now, if this process has the duty, and tell whether it did. A failing sweep raises nothing."""
        if not self._has_duty():
            return False
        sweep, _ = self._sweeps[name]
        now, begun = self._clock(), self._context.monotonic()
        done, failed = 0, 1
        try:
            done, failed = sweep(self._context, now), 0
        except DatabaseAway:
            log.warning("sweep %s: the database is away", name)
        except Exception as fault:
            log.error("sweep %s: %s", name, where(fault))
        with self._counting:
            count = self._counts[name]
            self._counts[name] = replace(
                count,
                runs=count.runs + 1,
                done=count.done + done,
                failures=count.failures + failed,
                last_run=now,
                last_duration_s=self._context.monotonic() - begun,
            )
        return True

    def counters(self) -> dict[str, SweepCount]:
        """Return what each sweep has done so far, by name."""
        with self._counting:
            return dict(self._counts)

    def _has_duty(self) -> bool:
        with self._asking:
            now = self._clock()
            if self._refused_until is not None and self._refused_until - _ASK_AGAIN <= now < self._refused_until:
                return False
            leads = self._duty.holds()
            self._refused_until = None if leads else now + _ASK_AGAIN
            if leads != self._leads:
                log.info("this process %s the sweeps", "runs" if leads else "no longer runs")
            self._leads = leads
            return leads
