"""What the understanding of texts is helped by: staff's questions and answers, and models learned here."""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Id, JsonText, UtcDateTime


class FaqEntry(Base):
    """One question that many ask, with its answer. `words` holds, by language, `{"questions": […], "answer": "…"}`.

    A changed entry is a new row; the old one is kept, not `active`, so that what was answered can be told.
    """

    __tablename__ = "faq_entry"
    __table_args__ = (
        Index("uq_faq_entry_active", "code", unique=True, postgresql_where=text("active"), sqlite_where=text("active")),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(32))
    category: Mapped[str] = mapped_column(String(24))
    words: Mapped[Any] = mapped_column(JsonText)
    active: Mapped[bool] = mapped_column(Boolean)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FaqUse(Base):
    """An answer that was given from the list; `helped` once the person said so, either way."""

    __tablename__ = "faq_use"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("faq_entry.id"), index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), index=True)
    helped: Mapped[bool | None] = mapped_column(Boolean)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class LearnedModel(Base):
    """A model fitted here, with its figures before and after; it is used once a person adopts it."""

    __tablename__ = "learned_model"
    __table_args__ = (
        Index("uq_learned_model_adopted", "state", unique=True, postgresql_where=text("state = 'adopted'"),
              sqlite_where=text("state = 'adopted'")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    state: Mapped[str] = mapped_column(String(12))
    corrected: Mapped[int] = mapped_column(Integer)
    figures: Mapped[Any] = mapped_column(JsonText)
    data: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
