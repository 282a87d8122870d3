"""What goes to many: rounds with their recipients, meetings, conditions, and the batches of reminders, surveys, broadcasts."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint
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
    """A person on a round's list; sums are in the currency's smallest unit in use.

    `answer` is what she said of it, `told_amount` how much she said she got.
    """

    __tablename__ = "round_recipient"

    round_id: Mapped[int] = mapped_column(ForeignKey("payment_round.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    amount: Mapped[int | None] = mapped_column(Integer)
    answer: Mapped[str | None] = mapped_column(String(12))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_amount: Mapped[int | None] = mapped_column(Integer)


class RoundStop(Base):
    """Where and when one area of a round is paid, where that differs from the round's own day and place."""

    __tablename__ = "round_stop"

    round_id: Mapped[int] = mapped_column(ForeignKey("payment_round.id"), primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"), primary_key=True, index=True)
    day: Mapped[date] = mapped_column(Date, index=True)
    place: Mapped[str | None] = mapped_column(Text)
    agent: Mapped[str | None] = mapped_column(Text)


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
    series_id: Mapped[int | None] = mapped_column(ForeignKey("meeting_series.id"), index=True)
    state: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MeetingSeries(Base):
    """A meeting that comes again: `rule` says when ("second Tuesday", "every 15th"), `clock` at what hour of project time."""

    __tablename__ = "meeting_series"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(Text)
    rule: Mapped[str] = mapped_column(String(80))
    clock: Mapped[str] = mapped_column(String(5))
    place: Mapped[str] = mapped_column(Text)
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    group_name: Mapped[str | None] = mapped_column(Text)
    ends_on: Mapped[date | None] = mapped_column(Date)
    made_until: Mapped[date | None] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Condition(Base):
    """Something that people must do by a day so that a transfer goes on, such as a growth-monitoring visit."""

    __tablename__ = "condition"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(48), unique=True)
    labels: Mapped[Any] = mapped_column(JsonText)
    due_on: Mapped[date] = mapped_column(Date, index=True)
    place: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ConditionPerson(Base):
    """Somebody who has to meet a condition, and when she did (null: not yet)."""

    __tablename__ = "condition_person"

    condition_id: Mapped[int] = mapped_column(ForeignKey("condition.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    met_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ImportMapping(Base):
    """Which columns of a project's files stand for which of ours, remembered by the file's header."""

    __tablename__ = "import_mapping"
    __table_args__ = (UniqueConstraint("kind", "header_hash"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    header_hash: Mapped[str] = mapped_column(String(40))
    columns: Mapped[Any] = mapped_column(JsonText)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)


class BatchPerson(Base):
    """One of the people whom a broadcast is for, as they were when it was approved."""

    __tablename__ = "batch_person"

    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


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
    cost: Mapped[float | None] = mapped_column(Float)
    counts: Mapped[Any | None] = mapped_column(JsonText)
    maker_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    not_after: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_person_id: Mapped[int] = mapped_column(Id, default=0)
