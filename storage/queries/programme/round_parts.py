"""Parts of a round: its own day and place, and those of each area that has others; who goes by which, what is paid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select, update

from storage.queries.programme.rounds import RoundRecord, record_of, round_by_id, round_columns
from storage.store import Tx
from storage.tables import Alert, Area, PaymentRound, Person, RoundStop
from storage.tables.base import table_of

_R, _S, _A, _P, _AL = (table_of(each) for each in (PaymentRound, RoundStop, Area, Person, Alert))
_SA, _PA = _A.alias("stop_area"), _A.alias("person_area")
PAID_MARK = "round_paid"
"""The kind of the mark that one part of a round was paid; its key is the part's subject."""
_DAY_MARK = "round_day_was"


@dataclass(frozen=True, slots=True)
class Part:
    """A round as some of its people know it: `round` has the day, place, agent and area of the part.

    `stop` is the area whose own day it is, 0 where it is the round's; `path` is that area's.
    """

    round: RoundRecord
    stop: int = 0
    path: str = ""

    @property
    def subject(self) -> str:
        """Return under which name batches are about it."""
        return f"round:{self.round.id}/{self.stop}" if self.stop else f"round:{self.round.id}"


@dataclass(frozen=True, slots=True)
class KeptDay:
    """The day that a part had before it was marked as paid on another, and when that was."""

    day: date
    at: datetime


def parts_between(tx: Tx, first: date, last: date, *, states: Sequence[str] = ("planned",)) -> list[Part]:
    """Return the parts of rounds in these states from a day to another (indexes on `day`)."""
    whole = select(*round_columns()).where(_R.c.day.between(first, last), _R.c.state.in_(states))
    own = [Part(record_of(row)) for row in tx.execute(whole.order_by(_R.c.day, _R.c.id))]
    stops = _stops().where(_S.c.day.between(first, last), _R.c.state.in_(states))
    return own + [_part(row) for row in tx.execute(stops.order_by(_S.c.day, _R.c.id, _A.c.path))]


def parts_of(tx: Tx, found: RoundRecord) -> list[Part]:
    """Return all parts of a round, its own first (primary key)."""
    rows = tx.execute(_stops().where(_R.c.id == found.id).order_by(_A.c.path))
    return [Part(found), *(_part(row) for row in rows)]


def part(tx: Tx, found: RoundRecord, stop: int) -> Part:
    """Return one part of a round; its own where the area has no day of its own."""
    return next((each for each in parts_of(tx, found) if each.stop == stop), Part(found))


def of_subject(tx: Tx, subject: str) -> Part | None:
    """Return the part that a subject names, such as `round:7` or `round:7/55`; None where it names no round."""
    kind, _, rest = subject.partition("@")[0].partition(":")
    if kind != "round":
        return None
    number, _, stop = rest.partition("/")
    return part(tx, round_by_id(tx, int(number)), int(stop or 0))


def nearest(tx: Tx, found: RoundRecord, path: str) -> Part:
    """Return the part by which the people of an area go, given its path (primary key)."""
    above = [each for each in parts_of(tx, found) if path.startswith(each.path)]
    return max(above, key=lambda each: len(each.path))


def goes_by(round_id: int, stop: int, path: str) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a person of the query goes by this part: by the nearest area that has a day of its own.

    Nearest is the longest path (village, commune, district). One look at the round's stops a person (primary key).
    """
    is_this = _nearest_stop(round_id) == stop
    if not stop:
        return (is_this,)
    within = select(_A.c.id).where(_A.c.path.startswith(path, autoescape=True))
    return _P.c.area_id.in_(within), is_this


def go_by(round_id: int, parts: Sequence[Part]) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a person of the query goes by one of these parts, see `goes_by`."""
    if len(parts) == 1:
        return goes_by(round_id, parts[0].stop, parts[0].path)
    return (_nearest_stop(round_id).in_([each.stop for each in parts]),)


def people_of(tx: Tx, each: Part, among: Sequence[int]) -> set[int]:
    """Return those of some people who go by a part (primary key)."""
    found: set[int] = set()
    for start in range(0, len(among), 500):
        chunk = list(among[start : start + 500])
        query = select(_P.c.id).where(_P.c.id.in_(chunk), *goes_by(each.round.id, each.stop, each.path))
        found |= set(tx.execute(query).scalars())
    return found


def change(tx: Tx, each: Part, values: Mapping[str, Any]) -> None:
    """Set columns of a part: its day, place or agent (primary key)."""
    if each.stop:
        mine = (_S.c.round_id == each.round.id) & (_S.c.area_id == each.stop)
        tx.execute(update(_S).where(mine).values(**values))
    else:
        tx.execute(update(_R).where(_R.c.id == each.round.id).values(**values))


def paid_parts(tx: Tx, subjects: Sequence[str]) -> set[str]:
    """Return which of these parts are marked as paid (unique index on kind and key)."""
    query = select(_AL.c.key).where(_AL.c.kind == PAID_MARK, _AL.c.key.in_(subjects))
    return set(tx.execute(query).scalars())


def unmark_paid(tx: Tx, subject: str) -> None:
    """Take away the mark that a part was paid (unique index on kind and key)."""
    tx.execute(delete(_AL).where(_AL.c.kind == PAID_MARK, _AL.c.key == subject))


def keep_day(tx: Tx, each: Part, now: datetime) -> None:
    """Keep the day that a part had before it was marked as paid on another (unique index on kind and key)."""
    take_kept_day(tx, each.subject)
    row = {"kind": _DAY_MARK, "key": f"{each.subject}@{each.round.day.isoformat()}", "at": now}
    tx.execute(insert(_AL).values(**row))


def take_kept_day(tx: Tx, subject: str) -> KeptDay | None:
    """Return the day that was kept for a part, None where none was, and keep it no more (unique index on kind and key)."""
    mine = (_AL.c.kind == _DAY_MARK, _AL.c.key.startswith(f"{subject}@", autoescape=True))
    row = tx.execute(delete(_AL).where(*mine).returning(_AL.c.key, _AL.c.at)).first()
    return None if row is None else KeptDay(date.fromisoformat(row.key.rpartition("@")[2]), row.at)


def _nearest_stop(round_id: int) -> ColumnElement[int]:
    """Return the nearest area of a person of the query that has a day of its own, 0 where none has."""
    nearest = (
        select(_S.c.area_id)
        .join(_SA, _SA.c.id == _S.c.area_id)
        .join(_PA, func.substr(_PA.c.path, 1, func.length(_SA.c.path)) == _SA.c.path)
        .where(_S.c.round_id == round_id, _PA.c.id == _P.c.area_id)
        .order_by(func.length(_SA.c.path).desc())
        .limit(1)
        .correlate(_P)
        .scalar_subquery()
    )
    return func.coalesce(nearest, 0)


def _stops() -> Any:
    columns = (_S.c.area_id.label("stop"), _S.c.day.label("on"), _S.c.place.label("at_place"),
               _S.c.agent.label("by_agent"), _A.c.path)  # fmt: skip
    joined = select(*round_columns(), *columns).select_from(_S).join(_R, _R.c.id == _S.c.round_id)
    return joined.join(_A, _A.c.id == _S.c.area_id)


def _part(row: Any) -> Part:
    own = record_of(row)
    place, agent = row.at_place or own.place, row.by_agent or own.agent
    return Part(replace(own, day=row.on, place=place, agent=agent, area_id=row.stop), row.stop, row.path)
