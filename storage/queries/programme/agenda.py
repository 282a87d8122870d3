"""Which rounds and meetings concern an area: what is held in it, above it, or below it."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, select

from storage.queries.areas import codes_in, paths_of
from storage.queries.programme.round_parts import Part, parts_between
from storage.queries.programme.rounds import MeetingRecord, meeting_columns
from storage.store import Tx
from storage.tables import Area, Meeting
from storage.tables.base import table_of

_M, _A = table_of(Meeting), table_of(Area)


def parts_near(tx: Tx, paths: Sequence[str], first: date, last: date) -> list[Part]:
    """Return the parts of rounds that concern these areas, cancelled ones too (indexes on `day`)."""
    found = parts_between(tx, first, last, states=("planned", "paid", "cancelled"))
    wanted = {each.round.area_id for each in found if each.round.area_id is not None}
    known = paths_of(tx, sorted(wanted))
    near = [each for each in found if _is_near(known.get(each.round.area_id or 0, ""), paths)]
    return [each for each in near if each.stop or not _all_apart(each, near, paths)]


def _all_apart(own: Part, near: Sequence[Part], paths: Sequence[str]) -> bool:
    """Tell whether each of these areas goes by a day that is not the round's own."""
    stops = [each.path for each in near if each.stop and each.round.id == own.round.id]
    return all(any(path.startswith(stop) for stop in stops) for path in paths)


def meetings_near(tx: Tx, paths: Sequence[str], first: datetime, last: datetime) -> list[MeetingRecord]:
    """Return the meetings that concern these areas, cancelled ones too (index on `at`)."""
    query = select(*meeting_columns()).outerjoin(_A, _A.c.id == _M.c.area_id)
    rows = tx.execute(query.where(_M.c.at.between(first, last), _near(paths)).order_by(_M.c.at, _M.c.id))
    return [MeetingRecord(**row._mapping) for row in rows]


def _is_near(path: str, paths: Sequence[str]) -> bool:
    return any(path.startswith(each) or each.startswith(path) for each in paths)


def _near(paths: Sequence[str]) -> ColumnElement[bool]:
    above = {code for path in paths for code in codes_in(path)}
    below = [_A.c.path.startswith(path, autoescape=True) for path in paths]
    return or_(_A.c.id.is_(None), _A.c.code.in_(above), *below)
