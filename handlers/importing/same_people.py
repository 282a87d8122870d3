"""People who may be on a list twice: nearly the same name in the same village, under two identifiers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.importing.report import Choices, Report, RowFault
from handlers.staffing.register import masked_phone
from storage import Tx
from storage.notebook import Notebook
from storage.queries.persons import bulk
from understanding.persons.near_names import NearNames

_NEAR_IN_A_VILLAGE, _NEAR_IN_A_LARGER_AREA = 90.0, 100.0
"""In a commune or district many people share a name: there only what differs by spelling alone is doubtful."""


@dataclass(frozen=True, slots=True)
class _Other:
    """Somebody with whom a name is compared: at an earlier row of the list, or known already."""

    name: str
    sex: str | None
    group: str | None
    person_id: int | None
    row: int | None


def doubt_near_names(tx: Tx, book: Notebook, report: Report, choices: Choices) -> None:
    """Keep out rows whose new name is nearly that of somebody else in the same village, and tell of them.

    One village is looked at after the other, so that no more names are decrypted and held than one has. Rows that were
    accepted are not compared.
    """
    if choices.accept_doubtful:
        return
    for number, (key, rows) in enumerate(book.groups()):
        area_id, is_village = map(int, key.split())
        least = _NEAR_IN_A_VILLAGE if is_village else _NEAR_IN_A_LARGER_AREA
        for row, other in _same(tx, area_id, rows, least).items():
            where = f"row {other.row}" if other.row is not None else "somebody who is known already"
            name = dict(rows)[row]["name"]
            fault = RowFault(row, "name", masked_phone(name), f"nearly the name of {where}, in the same place")
            if book.keep_out(row, f"name: {fault.why}"):
                report.tell_doubtful([fault])
        choices.progress("comparing names", 1 - 1 / (number + 2))


def _same(tx: Tx, area_id: int, rows: Sequence[tuple[int, Mapping[str, Any]]], least: float) -> dict[int, _Other]:
    """Return with whom a row may be one: an earlier row of the area, else somebody who is known there."""
    names = NearNames([body["name"] for _, body in rows])
    beside = [_Other(body["name"], body["sex"], body["group"], body["person"], row) for row, body in rows]
    found: dict[int, _Other] = {}

    def keep(pairs: Iterator[tuple[int, int, float]], others: Sequence[_Other]) -> None:
        for mine, theirs, _ in pairs:
            row, body = rows[mine]
            if row not in found and not body["ok"] and _may_be_one(row, body, others[theirs]):
                found[row] = others[theirs]

    keep(names.within(least), beside)
    for page in bulk.names_in(tx, area_id):
        others = [_Other(known.name, known.sex, known.group_name, known.id, None) for known in page]
        keep(names.among([other.name for other in others], least), others)
    return found


def _may_be_one(row: int, body: Mapping[str, Any], other: _Other) -> bool:
    """Tell whether two with near names may be one: not a row with itself, nor where sex or group differ."""
    if other.row is not None and other.row >= row:
        return False
    if other.person_id is not None and other.person_id == body["person"]:
        return False
    return all(
        one is None or two is None or one == two
        for one, two in ((body["sex"], other.sex), (body["group"], other.group))
    )
