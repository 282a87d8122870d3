"""Cases, the contact points that may ask about them, officers' numbers for them, open questions, and alerts to the desk."""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Id, JsonText, UtcDateTime

OPEN_STATUSES = "status IN ('new', 'acknowledged', 'in_progress', 'awaiting')"
NOT_TAKEN = f"{OPEN_STATUSES} AND acknowledged_at IS NULL"


class Case(Base):
    """One grievance, question or piece of feedback, from first message to closing.

    `ladder` is written down when the case starts and stays; `rung` is the place in it. `barred_to` is the rank of the
    highest level that may neither see nor handle it (-1: none). `secondary` is the second matter of its text;
    `category_by` tells who named the category last: the `machine`, the `person`, or an `officer`. `area_path` repeats
    the area's path so that lists by area need no join. `with_desk` marks what the desk reads before anybody in the
    area. `remaining_days` keeps the working days left while the clock stands still; `due_from` is when the present
    deadline began, `warned` how much of it (in percent) had gone by at the last warning, `extended` how often it was
    put off. `about_id` is whom the case is about, where somebody writes for another; `topic` marks what goes a way of
    its own: `erasure`, or an officer's `own` complaint.
    """

    __tablename__ = "grievance_case"
    __table_args__ = (
        Index("ix_grievance_case_due", "due_at", postgresql_where=text(OPEN_STATUSES), sqlite_where=text(OPEN_STATUSES)),
        Index("ix_grievance_case_resolved", "resolved_at", postgresql_where=text("status = 'resolved'"),
              sqlite_where=text("status = 'resolved'")),
        Index("ix_grievance_case_area_open", "area_path", "due_at", postgresql_where=text(OPEN_STATUSES),
              sqlite_where=text(OPEN_STATUSES)),
        Index("ix_grievance_case_not_taken", "acknowledge_by", postgresql_where=text(NOT_TAKEN), sqlite_where=text(NOT_TAKEN)),
        Index("ix_grievance_case_person", "person_id", "received_at"),
        Index("ix_grievance_case_category", "category", "received_at"),
        Index("ix_grievance_case_closed", "closed_at", postgresql_where=text("status = 'closed'"),
              sqlite_where=text("status = 'closed'")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    status: Mapped[str] = mapped_column(String(16))
    outcome: Mapped[str | None] = mapped_column(String(16))
    category: Mapped[str | None] = mapped_column(String(24))
    categories: Mapped[Any] = mapped_column(JsonText)
    secondary: Mapped[str | None] = mapped_column(String(24))
    category_by: Mapped[str] = mapped_column(String(8), default="machine", server_default="machine")
    sensitive: Mapped[str | None] = mapped_column(String(16))
    with_desk: Mapped[bool] = mapped_column(Boolean, default=False)
    anonymous: Mapped[bool] = mapped_column(Boolean, default=False)
    level: Mapped[str] = mapped_column(String(16))
    ladder: Mapped[Any] = mapped_column(JsonText)
    rung: Mapped[int] = mapped_column(SmallInteger)
    barred_to: Mapped[int] = mapped_column(SmallInteger, default=-1)
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    area_path: Mapped[str | None] = mapped_column(String(160))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"), index=True)
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    contact_point_id: Mapped[int | None] = mapped_column(ForeignKey("contact_point.id"), index=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("payment_round.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("grievance_case.id"))
    about_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    duplicate_of: Mapped[int | None] = mapped_column(ForeignKey("grievance_case.id"), index=True)
    incident_id: Mapped[int | None] = mapped_column(ForeignKey("incident.id"), index=True)
    topic: Mapped[str | None] = mapped_column(String(12))
    call_hours: Mapped[Any | None] = mapped_column(JsonText)
    call_wanted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    called_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_inbound_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer_by: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    remaining_days: Mapped[int | None] = mapped_column(Integer)
    warned: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    extended: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    acknowledge_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    first_answer_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed: Mapped[bool | None] = mapped_column(Boolean)
    satisfaction: Mapped[int | None] = mapped_column(SmallInteger)
    trouble_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CaseContact(Base):
    """A contact point from which a case may be asked about."""

    __tablename__ = "case_contact"

    case_id: Mapped[int] = mapped_column(ForeignKey("grievance_case.id"), primary_key=True)
    contact_point_id: Mapped[int] = mapped_column(ForeignKey("contact_point.id"), primary_key=True, index=True)


class CaseNumber(Base):
    """The short number by which one member of staff calls a case; it is not given to another for long."""

    __tablename__ = "case_number"
    __table_args__ = (UniqueConstraint("staff_id", "number"), UniqueConstraint("staff_id", "case_id"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("grievance_case.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)


class Question(Base):
    """What a contact point was asked; the unique index lets at most one be open."""

    __tablename__ = "question"
    __table_args__ = (
        Index("uq_question_open", "contact_point_id", unique=True, postgresql_where=text("state = 'open'"),
              sqlite_where=text("state = 'open'")),
        Index("ix_question_latest", "contact_point_id", "asked_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    contact_point_id: Mapped[int] = mapped_column(ForeignKey("contact_point.id"))
    kind: Mapped[str] = mapped_column(String(16))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("grievance_case.id"), index=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))
    options: Mapped[Any] = mapped_column(JsonText)
    state: Mapped[str] = mapped_column(String(12))
    answer: Mapped[str | None] = mapped_column(String(32))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Alert(Base):
    """Something that the desk was told; `key` makes it once only."""

    __tablename__ = "alert"
    __table_args__ = (UniqueConstraint("kind", "key"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(64))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("grievance_case.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
