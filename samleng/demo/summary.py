"""What a loaded demo holds, and what to try in it; kept as a file beside the demo's database."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

_FILE = "summary.json"


@dataclass(frozen=True, slots=True)
class Someone:
    """Somebody of the staff to be played: number in the register, name, level, and where."""

    staff_id: int
    name: str
    level: str
    place: str


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """A demo in figures, with who and what to try.

    `counts` has areas, staff, vacant posts, people, rounds, meetings, cases, and the sensitive ones among them;
    `statuses` the others by status. `beneficiary` is a number to write from, `resolved` the reference of a case that
    waits for an answer with the number that may ask about it, `texts` are lines to type.
    """

    project: str
    counts: Mapping[str, int]
    statuses: Mapping[str, int]
    beneficiary: str
    officer: Someone
    desk: Someone
    resolved: tuple[str, str]
    texts: tuple[str, ...]

    @property
    def to_try(self) -> list[str]:
        """Return what to try, in lines for a terminal."""
        reference, phone = self.resolved
        officer = f"{self.officer.name} (number {self.officer.staff_id}, {self.officer.level}, {self.officer.place})"
        return [
            f"Write as a beneficiary, from {self.beneficiary}: " + " | ".join(self.texts),
            f"Work as an officer: {officer}; write /cases",
            f"Work at the desk: {self.desk.name} (number {self.desk.staff_id}); write /cases overdue",
            f"Say how it went with {reference}, from {phone}: write 1 (solved) or 2 (not yet)",
        ]


def write_summary(folder: Path, summary: DemoSummary) -> None:
    """Keep a summary in the demo's folder."""
    (folder / _FILE).write_bytes(orjson.dumps(asdict(summary), option=orjson.OPT_INDENT_2))


def read_summary(folder: Path) -> DemoSummary:
    """Return the summary that was kept in the demo's folder. Raises `FileNotFoundError`."""
    values = orjson.loads((folder / _FILE).read_bytes())
    reference, phone = values["resolved"]
    return DemoSummary(
        **{
            **values,
            "officer": Someone(**values["officer"]),
            "desk": Someone(**values["desk"]),
            "resolved": (reference, phone),
            "texts": tuple(values["texts"]),
        }
    )
