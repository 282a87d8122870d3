"""Areas with their official codes and names, and the posts through which officers are responsible for them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Id, UtcDateTime


class Area(Base):
    """A province, district, commune or village. `path` holds the codes from the province down: `17/1709/170902/`.

    `kind` is what it is called where its level has several words: a commune or a sangkat, a district, a khan or a krong.
    """

    __tablename__ = "area"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    level: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(16))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"), index=True)
    path: Mapped[str] = mapped_column(String(160), index=True)
    name_km: Mapped[str | None] = mapped_column(Text)
    name_lo: Mapped[str | None] = mapped_column(Text)
    name_en: Mapped[str | None] = mapped_column(Text)


class Post(Base):
    """A level in an area (`area_id` is null for the whole country and for those outside every area); filled or vacant."""

    __tablename__ = "post"
    __table_args__ = (
        Index("uq_post_level_area", "level", "area_id", unique=True, postgresql_where=text("area_id IS NOT NULL"),
              sqlite_where=text("area_id IS NOT NULL")),
        Index("uq_post_level_anywhere", "level", unique=True, postgresql_where=text("area_id IS NULL"),
              sqlite_where=text("area_id IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    level: Mapped[str] = mapped_column(String(16))
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"), index=True)


class PostHolding(Base):
    """Who fills a post, since when, and until when (null: still)."""

    __tablename__ = "post_holding"
    __table_args__ = (UniqueConstraint("post_id", "staff_id", "since"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
