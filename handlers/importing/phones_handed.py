"""Phones that a list takes from one person and gives to another: what was under way at them follows its person."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from storage import Tx
from storage.queries import audit
from storage.queries.persons import moved

_AT_ONCE = 500


@dataclass(slots=True)
class PhonesHanded:
    """The contact points that became somebody's in one list, and the people whose phones it replaced.

    They are followed when all is written: a list may give away somebody's old phone rows before it names her new one.
    """

    phones: list[int] = field(default_factory=list)
    people: list[int] = field(default_factory=list)

    def note(self, phones: Sequence[int], people: Sequence[int]) -> None:
        """Keep which phones changed hands and whose were replaced."""
        self.phones += phones
        self.people += people

    def follow(self, tx: Tx, now: datetime) -> None:
        """Let cases, questions and what waits to be sent go where their people are reached now."""
        for start in range(0, len(self.phones), _AT_ONCE):
            self._follow(tx, now, phones=self.phones[start : start + _AT_ONCE])
        for start in range(0, len(self.people), _AT_ONCE):
            self._follow(tx, now, people=self.people[start : start + _AT_ONCE])

    def _follow(self, tx: Tx, now: datetime, *, phones: Sequence[int] = (), people: Sequence[int] = ()) -> None:
        for case_id in moved.follow(tx, phones=phones, people=people):
            audit.add(tx, "case.phone_replaced", actor="staff", case_id=case_id, now=now, data={})
