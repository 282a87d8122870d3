"""Where and when each area of a round is paid, gathered from the rows of its list."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Self

from handlers.importing import cells
from handlers.importing.places import Places
from handlers.importing.report import RowFault
from handlers.importing.round_plans import RoundPlan
from handlers.importing.round_rows import Paid
from storage import Tx
from storage.queries.programme import round_lists
from storage.queries.programme.round_lists import Stop
from storage.queries.programme.rounds import RoundRecord

_COLUMNS = ("date", "place", "agent")


@dataclass(slots=True)
class Stops:
    """The stops of one round: what the round itself says, what is known, and what the rows say, each with its first row.

    `so_far` remembers what was known of each area that was looked for.
    """

    own: Stop
    today: date
    places: Places
    known: dict[int, Stop]
    said: dict[int, tuple[int, Stop]] = field(default_factory=dict)
    so_far: dict[int, Stop] = field(default_factory=dict)

    @classmethod
    def of_round(cls, tx: Tx, known: RoundRecord | None, plan: RoundPlan, *, places: Places, today: date) -> Self:
        """Return the stops of a round that is known, or of one that is still to be made."""
        if known is not None:
            own = Stop(0, known.day, known.place, known.agent)
            return cls(own, today, places, round_lists.stops(tx, known.id))
        return cls(Stop(0, plan.day or today, plan.place, plan.agent), today, places, {})

    def faults(self, paid: Paid) -> Iterator[RowFault]:
        """Return what is wrong with a row's day, place or agent."""
        row = paid.row
        if not any(row[column] for column in _COLUMNS):
            return
        day = cells.day(row["date"]) if row["date"] else None
        if row["date"] and day is None:
            yield row.fault("date", "is no day; write it like 2026-11-30 or 30/11/2026")
        elif day is not None and day < self.today:
            yield row.fault("date", "is past")
        if paid.area_id is None:
            yield row.fault("area", "a day or place of its own needs the area; neither the row nor the person has one")
        elif (first := self.said.get(paid.area_id)) and first[1] != self._stop(paid, paid.area_id):
            column = next(column for column in _COLUMNS if row[column])
            yield row.fault(column, f"row {first[0]} says another day, place or agent for the same area")

    def take(self, paid: Paid) -> tuple[str, ...]:
        """Keep what a good row says, and return which columns that changes of where and when its area is paid."""
        if paid.area_id is None or not any(paid.row[column] for column in _COLUMNS):
            return ()
        stop = self._stop(paid, paid.area_id)
        self.said.setdefault(paid.area_id, (paid.row.number, stop))
        return tuple(self._changes(stop))

    def taken(self) -> Iterator[Stop]:
        """Return the stops that say something else than was known of their areas."""
        for _, stop in self.said.values():
            if any(self._changes(stop)):
                yield stop

    def _changes(self, stop: Stop) -> Iterator[str]:
        before = self._before(stop.area_id)
        pairs = (("date", stop.day, before.day), ("place", stop.place or self.own.place, before.place or self.own.place),
                 ("agent", stop.agent or self.own.agent, before.agent or self.own.agent))  # fmt: skip
        return (column for column, new, old in pairs if new != old)

    def _before(self, area_id: int) -> Stop:
        if area_id not in self.so_far:
            self.so_far[area_id] = self._nearest(area_id)
        return self.so_far[area_id]

    def _nearest(self, area_id: int) -> Stop:
        """Return where and when an area is paid so far: by the nearest area that has a stop, else by the round itself."""
        area = self.places.of_id(area_id)
        above = [(self._path(each), stop) for each, stop in self.known.items()]
        inside = [(path, stop) for path, stop in above if area is not None and path and area.path.startswith(path)]
        nearest = max(inside, key=lambda each: len(each[0]), default=None)
        return replace(nearest[1] if nearest is not None else Stop(area_id, self.own.day, None, None), area_id=area_id)

    def _path(self, area_id: int) -> str:
        area = self.places.of_id(area_id)
        return area.path if area is not None else ""

    def _stop(self, paid: Paid, area_id: int) -> Stop:
        """Return what a row says of its area; what it does not say stays as it was."""
        row, before = paid.row, self._before(area_id)
        day = cells.day(row["date"]) or before.day
        return Stop(area_id, day, row["place"] or before.place, row["agent"] or before.agent)
