"""What will happen when, in the order in which it happens: each thing may put later ones on the list."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count

from domain.calendar import WorkingCalendar
from samleng.demo.stage import Stage

Act = Callable[[], None]

_PAUSE, _DELIVERED_AFTER = timedelta(minutes=10), timedelta(minutes=2)
"""Where nothing happens for so long, what was queued is delivered so long after the last thing."""


@dataclass(slots=True)
class Agenda:
    """The things to come until `end`; what would come later never happens."""

    stage: Stage
    calendar: WorkingCalendar
    end: datetime
    _acts: list[tuple[datetime, int, Act]] = field(default_factory=list)
    _order: "count[int]" = field(default_factory=count)

    def at(self, moment: datetime, act: Act) -> None:
        """Put something on the list."""
        heappush(self._acts, (moment, next(self._order), act))

    def on(self, day: date, clock: time, act: Act) -> None:
        """Put something on the list by the project's own clock."""
        self.at(self.calendar.at(day, clock), act)

    def soon(self, minutes: float, act: Act) -> None:
        """Put something on the list so many minutes from the play's now."""
        self.at(self.stage.now + timedelta(minutes=minutes), act)

    def in_office(self, working_days: int, clock: time, act: Act) -> None:
        """Put something on the list so many working days from the play's now, at an hour of the office."""
        today = self.calendar.local_day(self.stage.now)
        self.on(self.calendar.working_days_after(today, working_days), clock, act)

    def play(self) -> None:
        """Let everything happen up to the end."""
        while self._acts and self._acts[0][0] <= self.end:
            moment, _, act = heappop(self._acts)
            if moment - self.stage.now > _PAUSE:
                self.stage.now += _DELIVERED_AFTER
                self.stage.deliver()
            self.stage.now = moment
            act()
        self.stage.now = self.end
        self.stage.deliver_all()
