"""What came in, what goes out, and the queue between: intake rows, messages, attachments, the outbox, gateways' tokens."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, EncryptedBytes, EncryptedText, Id, JsonText, UtcDateTime

UNSORTED = "kind = 'unsorted' AND case_id IS NULL"
"""What no case is made of, and the desk still has to look at."""


class InboundItem(Base):
    """Intake: what a gateway brought, unique by the provider's id, with its payload until it is processed.

    The row outlives its payload by 90 days, so that a repeat is known. Nobody has read the payload yet, so it is
    encrypted like a sensitive text.
    """

    __tablename__ = "inbound"
    __table_args__ = (
        UniqueConstraint("gateway", "provider_id"),
        Index("ix_inbound_waiting", "sender", "id", postgresql_where=text("processed_at IS NULL"),
              sqlite_where=text("processed_at IS NULL")),
        Index("ix_inbound_due", "next_try_at", postgresql_where=text("processed_at IS NULL"),
              sqlite_where=text("processed_at IS NULL")),
        Index("ix_inbound_received", "received_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    gateway: Mapped[str] = mapped_column(String(64))
    provider_id: Mapped[str] = mapped_column(String(128))
    channel: Mapped[str] = mapped_column(String(8))
    sender: Mapped[str] = mapped_column(String(40))
    payload: Mapped[str | None] = mapped_column(EncryptedText("sensitive"))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    processed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    fault: Mapped[str | None] = mapped_column(String(120))


class Message(Base):
    """One message of a conversation, either way. Its text is in `text`, or in `sealed_text` where the case is sensitive.

    `key` names the wording of what the system said itself, and the album of a file that came in. `person_id` with
    `batch_id` makes a reminder unique. `again` counts how often it was queued once more after it had surely not been sent.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_provider", "gateway", "provider_id"),
        Index("ix_message_case", "case_id", "id"),
        Index("ix_message_contact", "contact_point_id", "id"),
        Index("ix_message_failed", "state_at", postgresql_where=text("state IN ('failed', 'undelivered')"),
              sqlite_where=text("state IN ('failed', 'undelivered')")),
        Index("ix_message_unsorted", "id", postgresql_where=text(UNSORTED), sqlite_where=text(UNSORTED)),
        Index("uq_message_batch_person", "batch_id", "person_id", unique=True,
              postgresql_where=text("batch_id IS NOT NULL"), sqlite_where=text("batch_id IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    direction: Mapped[str] = mapped_column(String(3))
    contact_point_id: Mapped[int | None] = mapped_column(ForeignKey("contact_point.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("grievance_case.id"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[str] = mapped_column(String(16))
    key: Mapped[str | None] = mapped_column(String(48))
    text: Mapped[str | None] = mapped_column(Text)
    sealed_text: Mapped[str | None] = mapped_column(EncryptedText("sensitive"))
    language: Mapped[str | None] = mapped_column(String(2))
    reading: Mapped[Any | None] = mapped_column(JsonText)
    buttons: Mapped[Any | None] = mapped_column(JsonText)
    protect: Mapped[bool] = mapped_column(Boolean, default=False)
    state: Mapped[str] = mapped_column(String(12))
    gateway: Mapped[str | None] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(8))
    provider_id: Mapped[str | None] = mapped_column(String(128))
    segments: Mapped[int] = mapped_column(SmallInteger, default=1)
    again: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    failure: Mapped[str | None] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    handed_over_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    state_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Attachment(Base):
    """A file that came with a message: fetched after the commit, up to 5 MB, its type sniffed and not believed.

    `transcript` is what the desk heard or saw in it: officers in the area read that, never the file.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        Index("ix_attachment_waiting", "id", postgresql_where=text("state = 'waiting'"),
              sqlite_where=text("state = 'waiting'")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), index=True)
    gateway: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(12))
    ref: Mapped[str] = mapped_column(EncryptedText())
    claimed_mime: Mapped[str] = mapped_column(String(100))
    mime: Mapped[str | None] = mapped_column(String(100))
    size: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(12))
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    data: Mapped[bytes | None] = mapped_column(EncryptedBytes("sensitive"))
    transcript: Mapped[str | None] = mapped_column(EncryptedText("sensitive"))
    transcribed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    transcribed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OutboxItem(Base):
    """A message waiting to be handed over. The row goes when it is; `repeated` marks the one repeat of an unknown."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_due", "gateway", "lane", "state", "due_at"),
        Index("ix_outbox_contact", "contact_point_id", "id"),
        Index("ix_outbox_claimed", "claimed_at", postgresql_where=text("state = 'sending'"),
              sqlite_where=text("state = 'sending'")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), index=True)
    contact_point_id: Mapped[int] = mapped_column(ForeignKey("contact_point.id"))
    gateway: Mapped[str] = mapped_column(String(64))
    lane: Mapped[str] = mapped_column(String(8))
    action: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(8))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    not_after: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    repeated: Mapped[bool] = mapped_column(Boolean, default=False)


class GatewayState(Base):
    """How a gateway stands, so that any number of processes agree: its tokens, debited in the claim, its health and its day.

    `health` to `down_since` are a `domain.sending.gateway_health.Health`, `pause_s` in seconds; `last_fault` is what failed last.
    `parts_today` counts the SMS parts of `day`, in the project's time. `credit` is in millionths of the project's money,
    None where nobody told it; `credit_at` is when somebody did.
    """

    __tablename__ = "gateway_state"

    gateway: Mapped[str] = mapped_column(String(64), primary_key=True)
    tokens: Mapped[float] = mapped_column(Float)
    refilled_at: Mapped[datetime] = mapped_column(UtcDateTime)
    paused_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    health: Mapped[str] = mapped_column(String(8), default="good", server_default="good")
    health_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recent: Mapped[str] = mapped_column(String(20), default="", server_default="")
    heard_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    vain: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    vain_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pause_s: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    down_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    returned: Mapped[int | None] = mapped_column(Integer)
    down_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_fault: Mapped[str | None] = mapped_column(String(16))
    day: Mapped[date | None] = mapped_column(Date)
    parts_today: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    credit: Mapped[int | None] = mapped_column(BigInteger)
    credit_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    no_credit_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
