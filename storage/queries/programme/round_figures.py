"""How a round goes: told, delivered, asked, answered and what was answered, by village; and who can still be asked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from storage.queries.programme import addressing
from storage.queries.sending.batches import BatchRecord, people_of
from storage.store import Tx
from storage.tables import Batch, ContactPoint, Message, Person, Question, RoundRecipient
from storage.tables.base import table_of

_B, _M, _P, _RR, _C, _Q = (table_of(e) for e in (Batch, Message, Person, RoundRecipient, ContactPoint, Question))


@dataclass(frozen=True, slots=True)
class Village:
    """The figures of one area of a round; None: of those whose area is not known.

    `received` in full, `less`, `missing` are answers; `silent` were asked and did not answer. `less_told` is what those
    with less say that they got, `less_due` what they should have got; both in the currency's smallest unit in use.
    """

    area_id: int | None
    people: int = 0
    told: int = 0
    delivered: int = 0
    asked: int = 0
    received: int = 0
    less: int = 0
    missing: int = 0
    silent: int = 0
    less_told: int = 0
    less_due: int = 0

    @property
    def answered(self) -> int:
        """Return how many answered."""
        return self.received + self.less + self.missing


def by_village(tx: Tx, round_id: int) -> list[Village]:
    """Return the figures of a round's list by area, in two queries (index on `person_id`, `uq_message_batch_person`)."""
    found: dict[int | None, dict[str, Any]] = {}
    for row in tx.execute(_answers(round_id)):
        found[row.area_id] = {name: int(value or 0) for name, value in row._mapping.items() if name != "area_id"}
    for row in tx.execute(_messages(round_id)):
        values = {name: int(value or 0) for name, value in row._mapping.items() if name != "area_id"}
        found.setdefault(row.area_id, {}).update(values)
    return [Village(area_id, **values) for area_id, values in found.items()]


def survey_of(tx: Tx, subject: str) -> BatchRecord | None:
    """Return the survey of a part of a round, or None (unique index on kind, subject, plan)."""
    columns = [_B.c[name] for name in BatchRecord.__dataclass_fields__]
    row = tx.execute(select(*columns).where(_B.c.kind == "survey", _B.c.subject == subject)).first()
    return None if row is None else BatchRecord(**row._mapping)


def can_be_asked(tx: Tx, audience: dict[str, Any], now: datetime) -> bool:
    """Tell whether somebody of an audience can be reached of whom no question about a case waits for an answer."""
    waits = exists().where(
        _Q.c.contact_point_id == _C.c.id,
        _Q.c.state == "open",
        _Q.c.case_id.is_not(None),
        _Q.c.expires_at > now,
    )
    reached = exists().where(
        _C.c.person_id == _P.c.id, _C.c.stopped_at.is_(None), _C.c.blocked_at.is_(None), _C.c.dead_at.is_(None), ~waits
    )
    shared = addressing.phones_shared_by_them(now).exists()
    return tx.execute(people_of(audience).where(reached | shared).limit(1)).first() is not None


def _answers(round_id: int) -> Any:
    less = _RR.c.answer == "less"
    named = less & _RR.c.told_amount.is_not(None)
    return (
        select(
            _P.c.area_id,
            func.count().label("people"),
            func.count().filter(_RR.c.answer == "received").label("received"),
            func.count().filter(less).label("less"),
            func.count().filter(_RR.c.answer == "missing").label("missing"),
            func.sum(_RR.c.told_amount).filter(named).label("less_told"),
            func.sum(_RR.c.amount).filter(named).label("less_due"),
        )
        .join(_P, _P.c.id == _RR.c.person_id)
        .where(_RR.c.round_id == round_id)
        .group_by(_P.c.area_id)
    )


def _messages(round_id: int) -> Any:
    handed = and_(_M.c.handed_over_at.is_not(None), _M.c.state.not_in(("failed", "undelivered", "withdrawn")))
    asked = and_(_B.c.kind == "survey", handed)
    mine = (_RR.c.round_id == round_id) & (_RR.c.person_id == _M.c.person_id)
    who = _M.c.person_id.distinct()
    return (
        select(
            _P.c.area_id,
            func.count(who).filter(handed, _B.c.kind != "survey").label("told"),
            func.count(who).filter(_M.c.state == "delivered", _B.c.kind != "survey").label("delivered"),
            func.count(who).filter(asked).label("asked"),
            func.count(who).filter(asked, _RR.c.answer.is_(None)).label("silent"),
        )
        .select_from(_B)
        .join(_M, _M.c.batch_id == _B.c.id)
        .join(_RR, mine)
        .join(_P, _P.c.id == _M.c.person_id)
        .where(_about(round_id))
        .group_by(_P.c.area_id)
    )


def _about(round_id: int) -> ColumnElement[bool]:
    """Return the condition that a batch is about a round, any part of it, on any day that it ever had."""
    name = f"round:{round_id}"
    others = [_B.c.subject.startswith(f"{name}{mark}", autoescape=True) for mark in ("@", "/")]
    return or_(_B.c.subject == name, *others)
