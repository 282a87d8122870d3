"""What the grievance process keeps beside its cases: incidents, who is barred, second looks, and what can be undone."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, EncryptedText, Id, JsonText, UtcDateTime


class Incident(Base):
    """Many cases of one area on one matter within some days, answered together. `texts` holds the answer by language."""

    __tablename__ = "incident"
    __table_args__ = (
        Index("uq_incident_open", "category", "area_id", unique=True, postgresql_where=text("state = 'open'"),
              sqlite_where=text("state = 'open'")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    category: Mapped[str] = mapped_column(String(24))
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"), index=True)
    state: Mapped[str] = mapped_column(String(12))
    texts: Mapped[Any | None] = mapped_column(JsonText)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CaseBar(Base):
    """Somebody who may neither see nor handle a case, since it names him; `by` tells who found it: `machine` or `desk`."""

    __tablename__ = "case_bar"

    case_id: Mapped[int] = mapped_column(ForeignKey("grievance_case.id"), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True, index=True)
    by: Mapped[str] = mapped_column(String(8))
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class SecondLook(Base):
    """A decision that a second person must agree to before it holds; at most one is open for a case."""

    __tablename__ = "second_look"
    __table_args__ = (
        Index("uq_second_look_open", "case_id", unique=True, postgresql_where=text("state = 'open'"),
              sqlite_where=text("state = 'open'")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("grievance_case.id"))
    outcome: Mapped[str] = mapped_column(String(16))
    words: Mapped[str] = mapped_column(EncryptedText("sensitive"))
    state: Mapped[str] = mapped_column(String(8))
    proposed_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class UndoableAct(Base):
    """An act that its officer may take back for some minutes: the case's columns as they were, and the messages it queued."""

    __tablename__ = "undoable_act"
    __table_args__ = (Index("ix_undoable_act_newest", "staff_id", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("grievance_case.id"), index=True)
    act: Mapped[str] = mapped_column(String(16))
    before: Mapped[Any] = mapped_column(JsonText)
    message_ids: Mapped[Any] = mapped_column(JsonText)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ContactPerson(Base):
    """One of the people who share a contact point; `label` is what she is called on that phone."""

    __tablename__ = "contact_person"

    contact_point_id: Mapped[int] = mapped_column(ForeignKey("contact_point.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    label: Mapped[str | None] = mapped_column(EncryptedText())
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Joining(Base):
    """A code sent to one contact point so that another can be joined to the same person; only its hash is kept."""

    __tablename__ = "joining"
    __table_args__ = (UniqueConstraint("code_hash"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    asked_by: Mapped[int] = mapped_column(ForeignKey("contact_point.id"), index=True)
    sent_to: Mapped[int] = mapped_column(ForeignKey("contact_point.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(40))
    wrong_codes: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
