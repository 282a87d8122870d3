"""Cases: making them with a reference nobody has, locking them, finding those of a person, changing them."""

from dataclasses import dataclass, fields
from datetime import datetime
from random import Random
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from domain.lifecycle import OPEN, CaseKind, Status
from domain.settings import Level, Rung
from domain.texts.references import new_reference
from storage.store import AlreadyThere, Tx
from storage.tables import Alert, Case, CaseContact, CaseNumber, Question, Staff
from storage.tables.base import table_of

_T, _CC, _N, _AL = table_of(Case), table_of(CaseContact), table_of(CaseNumber), table_of(Alert)
_Q, _S = table_of(Question), table_of(Staff)
_TRIES = 8


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """A case as stored; `steps` is the ladder that it was started with."""

    id: int
    reference: str
    kind: CaseKind
    status: Status
    outcome: str | None
    category: str | None
    categories: list[str]
    secondary: str | None
    category_by: str
    sensitive: str | None
    with_desk: bool
    anonymous: bool
    level: Level
    ladder: list[dict[str, Any]]
    rung: int
    barred_to: int
    area_id: int | None
    area_path: str | None
    post_id: int | None
    taken_by: int | None
    person_id: int
    contact_point_id: int | None
    round_id: int | None
    parent_id: int | None
    about_id: int | None
    duplicate_of: int | None
    incident_id: int | None
    topic: str | None
    call_hours: list[int] | None
    call_wanted_at: datetime | None
    called_at: datetime | None
    received_at: datetime
    last_inbound_at: datetime
    answer_by: datetime
    due_at: datetime | None
    due_from: datetime | None
    remaining_days: int | None
    warned: int
    extended: int
    acknowledge_by: datetime | None
    acknowledged_at: datetime | None
    first_answer_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    confirmed: bool | None
    satisfaction: int | None
    trouble_asked_at: datetime | None

    @property
    def steps(self) -> tuple[Rung, ...]:
        """Return the rungs of the ladder."""
        return tuple(Rung.model_validate(step) for step in self.ladder)

    @property
    def is_open(self) -> bool:
        """Tell whether somebody must act on it."""
        return self.status in OPEN


_NAMES = tuple(each.name for each in fields(CaseRecord))
COLUMNS = tuple(_T.c[name] for name in _NAMES)
_BY_ID = select(*COLUMNS).where(_T.c.id == bindparam("case_id"))
_BY_ID_LOCKED = _BY_ID.with_for_update(key_share=True)
_BY_REFERENCE = select(*COLUMNS).where(_T.c.reference == bindparam("reference"))
_RECENT = (
    select(*COLUMNS)
    .where(
        _T.c.person_id == bindparam("person_id"),
        _T.c.contact_point_id == bindparam("contact_id"),
        _T.c.last_inbound_at >= bindparam("since"),
        _T.c.status != Status.CLOSED.value,
    )
    .order_by(_T.c.received_at.desc(), _T.c.id.desc())
    .limit(1)
)
_RECENT_SENSITIVE = _RECENT.where(_T.c.sensitive.is_not(None))
_AWAITING = (
    select(*COLUMNS)
    .where(
        _T.c.person_id == bindparam("person_id"),
        _T.c.contact_point_id == bindparam("contact_id"),
        _T.c.status == Status.AWAITING.value,
    )
    .order_by(_T.c.received_at.desc(), _T.c.id.desc())
    .limit(1)
)
_INSERT = insert(_T).returning(_T.c.id)
_INSERT_CONTACT = insert(_CC)


def create(tx: Tx, *, prefix: str, random: Random, contact_id: int | None, values: dict[str, Any]) -> CaseRecord:
    """Make a case under a reference that nobody has, known to the contact point that brought it."""
    for _ in range(_TRIES):
        try:
            with tx.attempt():
                row = {
                    **dict.fromkeys(_NAMES),
                    "warned": 0,
                    "extended": 0,
                    **values,
                    "reference": new_reference(prefix, random),
                }
                row.pop("id")
                case_id = tx.execute(_INSERT, row).scalar_one()
                break
        except AlreadyThere:
            continue
    else:
        raise RuntimeError(f"no free reference in {_TRIES} tries")
    if contact_id is not None:
        tx.execute(_INSERT_CONTACT, {"case_id": case_id, "contact_point_id": contact_id})
    return record_of(tuple({**row, "id": case_id}[name] for name in _NAMES))


def by_id(tx: Tx, case_id: int, *, locked: bool = False) -> CaseRecord:
    """Return a case, locked until the transaction ends where asked (primary key)."""
    return record_of(tx.execute(_BY_ID_LOCKED if locked else _BY_ID, {"case_id": case_id}).one())


def by_reference(tx: Tx, reference: str) -> CaseRecord | None:
    """Return the case of a reference, or None (unique index)."""
    row = tx.execute(_BY_REFERENCE, {"reference": reference}).first()
    return None if row is None else record_of(row)


def recent(tx: Tx, *, person_id: int, contact_id: int, since: datetime, sensitive: bool = False) -> CaseRecord | None:
    """Return the newest case of a contact point that was written to since then (index on person and time).

    `sensitive` looks among the sensitive ones only.
    """
    row = tx.execute(
        _RECENT_SENSITIVE if sensitive else _RECENT, {"person_id": person_id, "contact_id": contact_id, "since": since}
    ).first()
    return None if row is None else record_of(row)


def awaiting(tx: Tx, *, person_id: int, contact_id: int) -> CaseRecord | None:
    """Return the newest case that waits for an answer from a contact point (index on person and time)."""
    row = tx.execute(_AWAITING, {"person_id": person_id, "contact_id": contact_id}).first()
    return None if row is None else record_of(row)


def askable_from(tx: Tx, contact_id: int) -> list[CaseRecord]:
    """Return the cases that a contact point may ask about, newest first (index on `case_contact.contact_point_id`)."""
    query = select(*COLUMNS).join(_CC, _CC.c.case_id == _T.c.id).where(_CC.c.contact_point_id == contact_id)
    return [record_of(row) for row in tx.execute(query.order_by(_T.c.id.desc()).limit(50))]


def appeal_of(tx: Tx, contact_id: int, case_id: int) -> CaseRecord | None:
    """Return the newest case of a contact point that takes another one up again (index on `case_contact`)."""
    query = select(*COLUMNS).join(_CC, _CC.c.case_id == _T.c.id)
    query = query.where(_CC.c.contact_point_id == contact_id, _T.c.parent_id == case_id)
    row = tx.execute(query.order_by(_T.c.id.desc()).limit(1)).first()
    return None if row is None else record_of(row)


def carry_contacts(tx: Tx, from_case: int, to_case: int) -> None:
    """Let every contact point that may ask about one case ask about another (primary key of `case_contact`)."""
    for contact_id in tx.execute(select(_CC.c.contact_point_id).where(_CC.c.case_id == from_case)).scalars():
        add_contact(tx, to_case, contact_id)


def add_contact(tx: Tx, case_id: int, contact_id: int) -> None:
    """Let a contact point ask about a case."""
    known = select(_CC.c.case_id).where(_CC.c.case_id == case_id, _CC.c.contact_point_id == contact_id)
    if tx.execute(known).first() is None:
        tx.execute(_INSERT_CONTACT, {"case_id": case_id, "contact_point_id": contact_id})


def change(tx: Tx, case_id: int, **values: Any) -> None:
    """Set columns of a case."""
    tx.execute(update(_T).where(_T.c.id == case_id).values(**values))


def record_of(row: Any) -> CaseRecord:
    """Return a row of `COLUMNS` as a record."""
    values = dict(zip(_NAMES, row, strict=True))
    values["kind"], values["status"] = CaseKind(values["kind"]), Status(values["status"])
    values["level"] = Level(values["level"])
    return CaseRecord(**values)
