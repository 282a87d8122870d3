"""Where and when each area of a round is paid, gathered from the rows of its list."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from handlers.importing import cells
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
    """The stops of one round: what the round itself says, what is known, and what the rows say, each with its first row."""

    day: date
    place: str
    agent: str | None
    today: date
    known: dict[int, Stop]
    said: dict[int, tuple[int, Stop]] = field(default_factory=dict)

    @classmethod
    def of_round(cls, tx: Tx, known: RoundRecord | None, plan: RoundPlan, *, today: date) -> Self:
        """Return the stops of a round that is known, or of one that is still to be made."""
        if known is not None:
            return cls(known.day, known.place, known.agent, today, round_lists.stops(tx, known.id))
        return cls(plan.day or today, plan.place or "", plan.agent, today, {})

    def faults(self, paid: Paid) -> Iterator[RowFault]:
        """Return what is wrong with a row's day, place or agent."""
        row = paid.row
        if not any(row[column] for column in _COLUMNS):
            return
        day = cells.day(row["date"]) if row["date"] else self.day
        if day is None:
            yield row.fault("date", "is no day; write it like 2026-11-30 or 30/11/2026")
        elif row["date"] and day < self.today:
            yield row.fault("date", "is past")
        if paid.area_id is None:
            yield row.fault("area", "a day or place of its own needs the area; neither the row nor the person has one")
        elif day is not None and (first := self.said.get(paid.area_id)) and first[1] != self._stop(paid, day):
            column = next(column for column in _COLUMNS if row[column])
            yield row.fault(column, f"row {first[0]} says another day, place or agent for the same area")

    def take(self, paid: Paid) -> tuple[str, ...]:
        """Keep what a good row says, and return which columns that changes of a stop that is known."""
        row = paid.row
        if paid.area_id is None or not any(row[column] for column in _COLUMNS):
            return ()
        stop = self._stop(paid, cells.day(row["date"]) or self.day)
        self.said.setdefault(paid.area_id, (row.number, stop))
        before = self.known.get(paid.area_id, Stop(paid.area_id, self.day, self.place, self.agent))
        pairs = (("date", stop.day, before.day), ("place", stop.place or self.place, before.place or self.place),
                 ("agent", stop.agent or self.agent, before.agent or self.agent))  # fmt: skip
        return tuple(column for column, new, old in pairs if new != old)

    def taken(self) -> Iterator[Stop]:
        """Return the stops that differ from the round's own day and place, or from what was known of them."""
        for area_id, (_, stop) in self.said.items():
            own = stop.day == self.day and stop.place in (None, self.place) and stop.agent in (None, self.agent)
            if not own or area_id in self.known:
                yield stop

    def _stop(self, paid: Paid, day: date) -> Stop:
        assert paid.area_id is not None
        return Stop(paid.area_id, day, paid.row["place"] or None, paid.row["agent"] or None)
