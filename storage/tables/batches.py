"""What goes to many: payment rounds with their recipients, meetings, and the batches of reminders, surveys, broadcasts."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Id, JsonText, UtcDateTime


class PaymentRound(Base):
    """One payment to a list of people on a date at a place. `label` is what people call it, such as its month."""

    __tablename__ = "payment_round"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(48), unique=True)
    label: Mapped[str] = mapped_column(String(80))
    day: Mapped[date] = mapped_column(Date, index=True)
    place: Mapped[str] = mapped_column(Text)
    agent: Mapped[str | None] = mapped_column(Text)
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    state: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RoundRecipient(Base):
    """A person on a round's list; the sum is in the currency's smallest unit in use."""

    __tablename__ = "round_recipient"

    round_id: Mapped[int] = mapped_column(ForeignKey("payment_round.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    amount: Mapped[int | None] = mapped_column(Integer)
    answer: Mapped[str | None] = mapped_column(String(12))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Meeting(Base):
    """A gathering of an area's people, or of one group among them."""

    __tablename__ = "meeting"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(48), unique=True)
    title: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    place: Mapped[str] = mapped_column(Text)
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    group_name: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Batch(Base):
    """One sending to many: a reminder by one plan, a survey, or a broadcast. The unique constraint makes it once only."""

    __tablename__ = "batch"
    __table_args__ = (
        UniqueConstraint("kind", "subject", "plan"),
        Index("ix_batch_state", "state"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    subject: Mapped[str] = mapped_column(String(48))
    plan: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(12))
    channel: Mapped[str | None] = mapped_column(String(8))
    texts: Mapped[Any | None] = mapped_column(JsonText)
    audience: Mapped[Any | None] = mapped_column(JsonText)
    counts: Mapped[Any | None] = mapped_column(JsonText)
    maker_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    not_after: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_person_id: Mapped[int] = mapped_column(Id, default=0)
