"""What sensitive cases need: the incident form without identity, and the services to which somebody can be referred."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Date, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, EncryptedText, Id, JsonText, UtcDateTime


class HarmForm(Base):
    """The incident form of a sensitive case: what the standards ask, nobody's identity, and when who was notified."""

    __tablename__ = "harm_form"

    case_id: Mapped[int] = mapped_column(ForeignKey("grievance_case.id"), primary_key=True)
    answers: Mapped[str] = mapped_column(EncryptedText("sensitive"))
    project_due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    project_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    project_told_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    bank_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    bank_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    bank_told_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Service(Base):
    """A service for survivors and people in danger: what it is, where, how it is reached, and when that was last checked."""

    __tablename__ = "service"
    __table_args__ = (
        Index("uq_service_active", "code", unique=True, postgresql_where=text("active"), sqlite_where=text("active")),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(16))
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"), index=True)
    names: Mapped[Any] = mapped_column(JsonText)
    phone: Mapped[str | None] = mapped_column(Text)
    hours: Mapped[str | None] = mapped_column(Text)
    for_children: Mapped[bool] = mapped_column(Boolean, default=False)
    checked_on: Mapped[date] = mapped_column(Date)
    active: Mapped[bool] = mapped_column(Boolean)
