"""The audit log: entries committed with what they tell of, chained by the sealer within seconds."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, EncryptedText, Id, JsonText, UtcDateTime


class AuditEntry(Base):
    """Who did what, when, to which case.

    `data` holds what is not personal, `personal` what is (encrypted), `digest` the salted digest of the latter: the hash
    covers the digest, so that erasure removes `personal` and `salt` and the chain still holds. `mark` is made with a key
    that is not in the database, so that an entry which the program did not write is found even before it is sealed.
    `seq`, `previous` and `hash` are the sealer's.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_unsealed", "id", postgresql_where=text("seq IS NULL"), sqlite_where=text("seq IS NULL")),
        Index("ix_audit_entry_case", "case_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    type: Mapped[str] = mapped_column(String(40))
    actor: Mapped[str] = mapped_column(String(24))
    actor_id: Mapped[int | None] = mapped_column(Integer)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("grievance_case.id"))
    data: Mapped[Any] = mapped_column(JsonText)
    personal: Mapped[str | None] = mapped_column(EncryptedText("sensitive"))
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    digest: Mapped[str | None] = mapped_column(String(64))
    mark: Mapped[str] = mapped_column(String(64), unique=True)
    seq: Mapped[int | None] = mapped_column(Id, unique=True)
    previous: Mapped[str | None] = mapped_column(String(64))
    hash: Mapped[str | None] = mapped_column(String(64))


class AuditHead(Base):
    """The end of the chain: one row, moved by the sealer alone."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    seq: Mapped[int] = mapped_column(Id)
    hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
