"""Payment rounds, meetings, and who is on their lists."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, insert, or_, select, update

from storage.store import Tx
from storage.tables import Area, Meeting, PaymentRound, RoundRecipient, RoundStop
from storage.tables.base import table_of

_R, _M, _RR, _A, _S = (table_of(each) for each in (PaymentRound, Meeting, RoundRecipient, Area, RoundStop))
_SA = _A.alias("stop_area")


@dataclass(frozen=True, slots=True)
class RoundRecord:
    """One payment on a date at a place, for the people on its list or all of an area."""

    id: int
    code: str
    label: str
    day: date
    place: str
    agent: str | None
    area_id: int | None
    state: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class MeetingRecord:
    """A gathering of an area's people, or of one group among them."""

    id: int
    code: str
    title: str
    at: datetime
    place: str
    area_id: int | None
    group_name: str | None
    series_id: int | None
    state: str
    created_at: datetime


_ROUND = tuple(_R.c[name] for name in RoundRecord.__dataclass_fields__)
_MEETING = tuple(_M.c[name] for name in MeetingRecord.__dataclass_fields__)


def add_round(tx: Tx, now: datetime, **values: Any) -> int:
    """Add a round and return its number. Raises `AlreadyThere` where its code is taken."""
    row = {"state": "planned", "created_at": now, **values}
    return int(tx.execute(insert(_R).values(**row).returning(_R.c.id)).scalar_one())


def add_meeting(tx: Tx, now: datetime, **values: Any) -> int:
    """Add a meeting and return its number. Raises `AlreadyThere` where its code is taken."""
    row = {"state": "planned", "created_at": now, **values}
    return int(tx.execute(insert(_M).values(**row).returning(_M.c.id)).scalar_one())


def round_by_code(tx: Tx, code: str) -> RoundRecord | None:
    """Return a round by its code, or None (unique index)."""
    row = tx.execute(select(*_ROUND).where(_R.c.code == code)).first()
    return None if row is None else record_of(row)


def round_by_id(tx: Tx, round_id: int) -> RoundRecord:
    """Return a round (primary key)."""
    return record_of(tx.execute(select(*_ROUND).where(_R.c.id == round_id)).one())


def meeting_by_code(tx: Tx, code: str) -> MeetingRecord | None:
    """Return a meeting by its code, or None (unique index)."""
    row = tx.execute(select(*_MEETING).where(_M.c.code == code)).first()
    return None if row is None else _meeting(row)


def meeting_by_id(tx: Tx, meeting_id: int) -> MeetingRecord:
    """Return a meeting (primary key)."""
    return _meeting(tx.execute(select(*_MEETING).where(_M.c.id == meeting_id)).one())


def all_rounds(tx: Tx) -> list[RoundRecord]:
    """Return all rounds, by day."""
    return [record_of(row) for row in tx.execute(select(*_ROUND).order_by(_R.c.day, _R.c.id))]


def all_meetings(tx: Tx) -> list[MeetingRecord]:
    """Return all meetings, by time."""
    return [_meeting(row) for row in tx.execute(select(*_MEETING).order_by(_M.c.at, _M.c.id))]


def change_round(tx: Tx, round_id: int, **values: Any) -> None:
    """Set columns of a round."""
    tx.execute(update(_R).where(_R.c.id == round_id).values(**values))


def change_meeting(tx: Tx, meeting_id: int, **values: Any) -> None:
    """Set columns of a meeting."""
    tx.execute(update(_M).where(_M.c.id == meeting_id).values(**values))


def add_recipients(tx: Tx, round_id: int, people: Sequence[tuple[int, int | None]]) -> None:
    """Put people with their sums on a round's list."""
    if people:
        rows = [{"round_id": round_id, "person_id": person, "amount": amount} for person, amount in people]
        tx.execute(insert(_RR), rows)


def recipients(tx: Tx, round_id: int) -> int:
    """Count the people on a round's list."""
    return int(tx.execute(select(func.count()).where(_RR.c.round_id == round_id)).scalar_one())


def meetings_between(tx: Tx, first: datetime, last: datetime) -> list[MeetingRecord]:
    """Return the planned meetings from a moment to another (index on `at`)."""
    query = select(*_MEETING).where(_M.c.at.between(first, last), _M.c.state == "planned")
    return [_meeting(row) for row in tx.execute(query.order_by(_M.c.at, _M.c.id))]


def next_round(tx: Tx, *, person_id: int, area_codes: Sequence[str], today: date) -> RoundRecord | None:
    """Return the next round for a person: one whose list has the person, or one of the area without a list."""
    on_list = select(_RR.c.round_id).where(_RR.c.person_id == person_id)
    with_list = select(_RR.c.round_id)
    return _next(tx, area_codes, today, or_(_R.c.id.in_(on_list), _R.c.id.not_in(with_list) & _here(area_codes)))


def next_round_in(tx: Tx, *, area_codes: Sequence[str], today: date) -> RoundRecord | None:
    """Return the next round that is paid in an area, whoever is on its list."""
    return _next(tx, area_codes, today, _here(area_codes))


def _next(tx: Tx, area_codes: Sequence[str], today: date, which: ColumnElement[bool]) -> RoundRecord | None:
    """Return the next of these rounds, with the day and place of the nearest of the areas that has its own."""
    nearest = (
        select(_S.c.area_id)
        .join(_SA, _SA.c.id == _S.c.area_id)
        .where(_S.c.round_id == _R.c.id, _SA.c.code.in_(area_codes))
        .order_by(func.length(_SA.c.path).desc())
        .limit(1)
        .correlate(_R)
        .scalar_subquery()
    )
    day = func.coalesce(_S.c.day, _R.c.day)
    query = (
        select(*_ROUND, _S.c.day.label("on"), _S.c.place.label("at_place"), _S.c.agent.label("by_agent"))
        .outerjoin(_A, _A.c.id == _R.c.area_id)
        .outerjoin(_S, (_S.c.round_id == _R.c.id) & (_S.c.area_id == nearest))
        .where(day >= today, _R.c.state == "planned", which)
        .order_by(day, _R.c.id)
        .limit(1)
    )
    row = tx.execute(query).first()
    if row is None:
        return None
    own = record_of(row)
    return replace(own, day=row.on or own.day, place=row.at_place or own.place, agent=row.by_agent or own.agent)


def next_meeting(tx: Tx, *, area_codes: Sequence[str], group_name: str | None, now: datetime) -> MeetingRecord | None:
    """Return the next meeting of an area, or of the person's group in it."""
    query = (
        select(*_MEETING)
        .outerjoin(_A, _A.c.id == _M.c.area_id)
        .where(
            _M.c.at >= now,
            _M.c.state == "planned",
            _here(area_codes),
            or_(_M.c.group_name.is_(None), _M.c.group_name == group_name),
        )
        .order_by(_M.c.at, _M.c.id)
        .limit(1)
    )
    row = tx.execute(query).first()
    return None if row is None else _meeting(row)


def record_answer(tx: Tx, round_id: int, person_id: int, answer: str | None, now: datetime) -> None:
    """Keep what a person said of a round's payment."""
    mine = (_RR.c.round_id == round_id) & (_RR.c.person_id == person_id)
    tx.execute(update(_RR).where(mine).values(answer=answer, answered_at=now if answer else None, told_amount=None))


def record_amount(tx: Tx, round_id: int, person_id: int, amount: int) -> None:
    """Keep how much a person said she got of a round."""
    mine = (_RR.c.round_id == round_id) & (_RR.c.person_id == person_id)
    tx.execute(update(_RR).where(mine).values(told_amount=amount))


def _here(area_codes: Sequence[str]) -> ColumnElement[bool]:
    return or_(_A.c.code.in_(area_codes), _A.c.id.is_(None))


def meeting_columns() -> tuple[ColumnElement[Any], ...]:
    """Return the columns that make a `MeetingRecord`."""
    return _MEETING


def round_columns() -> tuple[ColumnElement[Any], ...]:
    """Return the columns that `record_of` reads."""
    return _ROUND


def record_of(row: Row[Any]) -> RoundRecord:
    """Return a round from a row that has its columns, among others."""
    return RoundRecord(**{name: row._mapping[name] for name in RoundRecord.__dataclass_fields__})


def _meeting(row: Row[Any]) -> MeetingRecord:
    return MeetingRecord(**row._mapping)
