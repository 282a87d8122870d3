"""What an import did or would do: counts, what changes, what is doubtful and what is wrong, bounded however long the list."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

MOST_TOLD = 2_000
"""How many rows of each kind a report names; all are counted."""


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong or doubtful at a row, as spreadsheets count (0: the whole file), and column.

    `value` is masked if personal; `why` names no person.
    """

    row: int
    column: str
    value: str
    why: str


@dataclass(frozen=True, slots=True)
class Change:
    """Which of our columns a row changes of somebody who is known already."""

    row: int
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """How a list is to be brought in.

    `columns` says for names of ours which heading of the file is meant. With `skip_wrong` all but the wrong and the
    doubtful rows are written, and those come back in that file with the reasons. `progress` is told what is being done and
    how much of it, 0 to 1.
    """

    dry_run: bool = False
    skip_wrong: Path | None = None
    accept_doubtful: bool = False
    shared_phones: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    progress: Callable[[str, float], None] = lambda _what, _share: None


@dataclass(slots=True)
class Report:
    """What an import did, or would do. Each row is counted once; a row with both is wrong, not doubtful.

    `written` tells whether the list was brought in, `rows_written` how many rows of people changed something so far,
    `columns` how many rows change each column, `headings` what the file calls ours, `removed` who went from a round's
    list, `kept_out` how many rows a dry run would leave out.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    doubtful: int = 0
    wrong: int = 0
    written: bool = False
    rows_written: int = 0
    kept_out: int = 0
    faults: list[RowFault] = field(default_factory=list)
    doubts: list[RowFault] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    columns: Counter[str] = field(default_factory=Counter)
    headings: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def tell_wrong(self, faults: list[RowFault]) -> None:
        """Tell of one wrong row, or of the whole file."""
        self.wrong += 1
        self.faults += faults[: max(0, MOST_TOLD - len(self.faults))]

    def tell_doubtful(self, doubts: list[RowFault]) -> None:
        """Tell of one doubtful row."""
        self.doubtful += 1
        self.doubts += doubts[: max(0, MOST_TOLD - len(self.doubts))]

    def count(self, row: int, columns: tuple[str, ...], *, is_new: bool) -> None:
        """Count one row that is written: somebody new, or which columns change."""
        self.new += is_new
        self.changed += not is_new and bool(columns)
        self.unchanged += not is_new and not columns
        if columns and not is_new:
            self.columns.update(columns)
            if len(self.changes) < MOST_TOLD:
                self.changes.append(Change(row, columns))

    @property
    def is_blocked(self) -> bool:
        """Tell whether something stands against writing the whole list."""
        return bool(self.wrong or self.doubtful)


class Refused(Exception):
    """A file that cannot be brought in at all; its arguments are the faults."""

    @property
    def faults(self) -> list[RowFault]:
        """Return what is wrong."""
        return list(self.args)


def changed_meanwhile(rows_written: int = 0) -> Refused:
    """Return that somebody else changed what was checked before it could be written, all of it or what is left."""
    so_far = f"{rows_written} rows were written and stay" if rows_written else "nothing was written"
    return Refused(RowFault(0, "", "", f"somebody changed the same people meanwhile; {so_far}, run it again"))
