"""People and how they are reached: beneficiaries, officers and staff, contact points, invitations, held drafts and codes."""

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, EncryptedText, Id, UtcDateTime


class Person(Base):
    """A beneficiary, or anybody who writes. A person need not have a contact point."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    external_id: Mapped[str | None] = mapped_column(String(64), unique=True)
    name: Mapped[str | None] = mapped_column(EncryptedText())
    language: Mapped[str | None] = mapped_column(String(2))
    script: Mapped[str | None] = mapped_column(String(8))
    sex: Mapped[str | None] = mapped_column(String(1))
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"), index=True)
    programme: Mapped[str | None] = mapped_column(String(64))
    group_name: Mapped[str | None] = mapped_column(Text)
    spoken_language: Mapped[str | None] = mapped_column(String(32))
    reads: Mapped[bool | None] = mapped_column(Boolean)
    money_reminders: Mapped[bool] = mapped_column(Boolean, default=True, server_default=text("true"))
    surveys: Mapped[bool] = mapped_column(Boolean, default=True, server_default=text("true"))
    consent: Mapped[bool] = mapped_column(Boolean, default=True, server_default=text("true"))
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Staff(Base):
    """An officer, a member of the desk, a focal point or project staff; what each may do comes from the posts held.

    `other_names` are further ways to write the name (in other scripts, initials, a nickname), one a line: a complaint
    that names him is kept from him.
    """

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(EncryptedText())
    other_names: Mapped[str | None] = mapped_column(EncryptedText())
    language: Mapped[str] = mapped_column(String(2))
    phone: Mapped[str | None] = mapped_column(EncryptedText())
    phone_hash: Mapped[str | None] = mapped_column(String(40), unique=True)
    active: Mapped[bool] = mapped_column(Boolean, default=True, server_default=text("true"))
    absent_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ContactPoint(Base):
    """A phone number or a Telegram account, of a person or of staff (or both: an officer may be a beneficiary too).

    Its row is what one locks to process a sender's messages one by one. `menu` tells which commands of its own a
    Telegram chat shows, and by which bot; none where it shows everybody's.
    """

    __tablename__ = "contact_point"
    __table_args__ = (
        UniqueConstraint("channel", "address_hash"),
        Index("ix_contact_point_menu", "menu", postgresql_where=text("menu IS NOT NULL"),
              sqlite_where=text("menu IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    channel: Mapped[str] = mapped_column(String(8))
    address: Mapped[str] = mapped_column(EncryptedText())
    address_hash: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    gateway: Mapped[str | None] = mapped_column(String(64))
    language: Mapped[str | None] = mapped_column(String(2))
    operator: Mapped[str | None] = mapped_column(String(32))
    menu: Mapped[str | None] = mapped_column(String(64))
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    blocked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dead_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    noticed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_inbound_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Invitation(Base):
    """A one-time code with which an officer's Telegram account is tied to the register; only its hash is kept.

    `contact_point_id` is the account that redeemed it and has still to share its number.
    """

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(40), unique=True)
    contact_point_id: Mapped[int | None] = mapped_column(ForeignKey("contact_point.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    redeemed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PendingAct(Base):
    """What an officer began and has still to confirm: a draft shown back, or a command that waits for its code."""

    __tablename__ = "pending_act"
    __table_args__ = (
        Index("uq_pending_act_code", "contact_point_id", unique=True, postgresql_where=text("state = 'code'"),
              sqlite_where=text("state = 'code'")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    contact_point_id: Mapped[int] = mapped_column(ForeignKey("contact_point.id"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("grievance_case.id"))
    command: Mapped[str] = mapped_column(String(32))
    payload: Mapped[str] = mapped_column(EncryptedText("sensitive"))
    state: Mapped[str] = mapped_column(String(12))
    code_hash: Mapped[str | None] = mapped_column(String(40))
    wrong_codes: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
