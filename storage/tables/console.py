"""Who may sign in to the console, the sessions that are open, and the attempts that limit guessing."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, EncryptedText, Id, JsonText, UtcDateTime


class Login(Base):
    """A member of staff's way into the console: the password's argon2 hash, and the secret of the one-time codes.

    `last_step` is the newest time step whose code was used, so that none is used twice. `recovery` holds the hashes of
    the codes for a lost phone. Without `confirmed_at` the second factor is still to be set up.
    """

    __tablename__ = "login"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    username: Mapped[str] = mapped_column(String(40), unique=True)
    password_hash: Mapped[str] = mapped_column(String(160))
    totp_secret: Mapped[str | None] = mapped_column(EncryptedText("sensitive"))
    last_step: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    recovery: Mapped[Any] = mapped_column(JsonText)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LoginAttempt(Base):
    """One failed attempt to sign in; `key` is the keyed hash of a user name or of an address."""

    __tablename__ = "login_attempt"
    __table_args__ = (Index("ix_login_attempt_key", "key", "at"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ConsoleSession(Base):
    """An open session, by the keyed hash of its token; it ends after a time without use, and at the latest at `ends_at`."""

    __tablename__ = "console_session"

    token_hash: Mapped[str] = mapped_column(String(40), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    second_factor: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
