"""Who was told of a round, a meeting or a condition: by what was sent to many, or by an answer to her own question."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, insert, literal, or_, select, true, union

from storage.queries.programme.round_parts import Part, go_by, of_subject
from storage.queries.programme.rounds import MeetingRecord, RoundRecord
from storage.queries.sending.batches import people_of
from storage.store import Tx
from storage.tables import (
    Area,
    Batch,
    BatchPerson,
    ConditionPerson,
    ContactPerson,
    ContactPoint,
    Message,
    Person,
    RoundRecipient,
)
from storage.tables.base import table_of

_B, _M, _P, _C, _A, _BP, _RR, _CP, _CN = (
    table_of(each)
    for each in (
        Batch, Message, Person, ContactPoint, Area, BatchPerson, RoundRecipient, ContactPerson, ConditionPerson,
    )
)  # fmt: skip
_SA = _A.alias("said_area")
LATE = "late"
"""The kind of the batches that say that a payment is late."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Whom the machine told a day when they asked: the wording, the day as it was said, and since when."""

    key: str
    day: str
    since: datetime


def about(subject: str) -> ColumnElement[bool]:
    """Return the condition that a batch is about a subject, or a part of it, on any day that it ever had."""
    others = [_B.c.subject.startswith(f"{subject}{mark}", autoescape=True) for mark in ("@", "/")]
    return or_(_B.c.subject == subject, *others)


def freeze_of_round(tx: Tx, batch_id: int, found: RoundRecord, parts: Sequence[Part], answered: Answered) -> int:
    """Write down who of some parts of a round was told of it, and count whom a message reaches (`uq_message_batch_person`).

    Whoever asked never to be reminded of money, or withdrew her consent, is left out.
    """
    mine = (*go_by(found.id, parts), _P.c.money_reminders.is_(True))
    concerned = [_P.c.id.in_(select(_RR.c.person_id).where(_RR.c.round_id == found.id))]
    if found.area_id is not None:
        path = select(_A.c.path).where(_A.c.id == found.area_id).scalar_subquery()
        concerned.append(_P.c.area_id.in_(select(_SA.c.id).where(_SA.c.path.startswith(path))))
    return _freeze(tx, batch_id, f"round:{found.id}", answered, mine=mine, concerned=or_(*concerned))


def freeze_of_meeting(tx: Tx, batch_id: int, found: MeetingRecord, answered: Answered) -> int:
    """Write down who was told of a meeting, and count whom a message reaches (index `uq_message_batch_person`)."""
    concerned: ColumnElement[bool] = true()
    if found.area_id is not None:
        path = select(_A.c.path).where(_A.c.id == found.area_id).scalar_subquery()
        concerned &= _P.c.area_id.in_(select(_SA.c.id).where(_SA.c.path.startswith(path)))
    if found.group_name:
        concerned &= _P.c.group_name == found.group_name
    return _freeze(tx, batch_id, f"meeting:{found.id}", answered, mine=(), concerned=concerned)


def freeze_of_condition(tx: Tx, batch_id: int, condition_id: int, answered: Answered) -> int:
    """Write down who was told of a condition and has not met it, and count whom a message reaches."""
    still = select(_CN.c.person_id).where(_CN.c.condition_id == condition_id, _CN.c.met_at.is_(None))
    mine = (_P.c.id.in_(still),)
    return _freeze(tx, batch_id, f"condition:{condition_id}", answered, mine=mine, concerned=true())


def known_points(tx: Tx, subject: str, person_ids: Sequence[int]) -> dict[int, set[int]]:
    """Return at which contact points people were told of a subject (index `uq_message_batch_person`)."""
    batches = list(tx.execute(select(_B.c.id).where(about(subject))).scalars())
    query = select(_M.c.person_id, _M.c.contact_point_id).where(
        _M.c.batch_id.in_(batches), _M.c.person_id.in_(person_ids), _M.c.state != "withdrawn"
    )
    told: dict[int, set[int]] = {}
    for row in tx.execute(query):
        told.setdefault(row.person_id, set()).add(row.contact_point_id)
    return told


def promises(tx: Tx, subject: str) -> list[date]:
    """Return by which days people were promised to hear more of what is late, in order (unique index of batches)."""
    query = select(_B.c.audience).where(_B.c.kind == LATE, _B.c.subject == subject).order_by(_B.c.id)
    return [date.fromisoformat(audience["by"]) for audience in tx.execute(query).scalars()]


def promised_to(tx: Tx, person_id: int, today: date) -> tuple[Part, date] | None:
    """Return what is late for a person and by which day she was promised to hear more, if that is not over; else None."""
    query = select(_B.c.subject, _B.c.audience).where(_B.c.kind == LATE, _B.c.state != "cancelled")
    for row in tx.execute(query.order_by(_B.c.id.desc())):
        by = date.fromisoformat(row.audience["by"])
        hers = {name: value for name, value in row.audience.items() if name != "money"}
        if by < today or "@" in row.subject:
            continue
        if tx.execute(people_of(hers).where(_P.c.id == person_id)).first() is not None:
            part = of_subject(tx, row.subject)
            return (part, by) if part is not None and part.round.state == "planned" else None
    return None


def _freeze(
    tx: Tx,
    batch_id: int,
    subject: str,
    answered: Answered,
    *,
    mine: Sequence[ColumnElement[bool]],
    concerned: ColumnElement[bool],
) -> int:
    found = union(_sent(subject, mine), _asked(answered, [*mine, concerned])).subquery()
    people = select(literal(batch_id), found.c.id)
    tx.execute(insert(_BP).from_select(["batch_id", "person_id"], people))
    return _reached(tx, batch_id)


def _sent(subject: str, mine: Sequence[ColumnElement[bool]]) -> Select[tuple[int]]:
    sent = select(_M.c.person_id).join(_B, _B.c.id == _M.c.batch_id).where(about(subject), _M.c.state != "withdrawn")
    return select(_P.c.id).where(_P.c.id.in_(sent), _P.c.consent.is_(True), *mine)


def _asked(answered: Answered, mine: Sequence[ColumnElement[bool]]) -> Select[tuple[int]]:
    """Return who was answered with the day (indexes on `contact_point.person_id`, `ix_message_contact`)."""
    said = (
        select(_M.c.id)
        .where(
            _M.c.contact_point_id == _C.c.id,
            _M.c.direction == "out",
            _M.c.key == answered.key,
            _M.c.at >= answered.since,
            _M.c.state != "withdrawn",
            _M.c.text.contains(answered.day, autoescape=True),
        )
        .correlate(_C)
    )
    points = select(_C.c.id).where(_C.c.person_id == _P.c.id, said.exists()).correlate(_P)
    return select(_P.c.id).where(points.exists(), _P.c.consent.is_(True), *mine)


def _reached(tx: Tx, batch_id: int) -> int:
    """Count whom a message of a batch can be sent to, by a contact point of hers or one that she shares."""
    shared = select(_CP.c.contact_point_id).where(_CP.c.person_id == _P.c.id).correlate(_P)
    point = select(_C.c.id).where(
        or_(_C.c.person_id == _P.c.id, _C.c.id.in_(shared)),
        _C.c.stopped_at.is_(None), _C.c.blocked_at.is_(None), _C.c.dead_at.is_(None),
    ).correlate(_P)  # fmt: skip
    query = select(func.count()).select_from(_BP.join(_P, _P.c.id == _BP.c.person_id))
    return int(tx.execute(query.where(_BP.c.batch_id == batch_id, point.exists())).scalar_one())
