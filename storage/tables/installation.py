"""The installation's own state: versions of the project's settings."""

from datetime import datetime
from typing import Any

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Id, JsonText, UtcDateTime


class Setting(Base):
    """One version of the project's settings; the highest is in force, and none is ever changed."""

    __tablename__ = "setting"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(24))
    actor_id: Mapped[int | None] = mapped_column(Integer)
    body: Mapped[Any] = mapped_column(JsonText)
