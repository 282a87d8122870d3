"""Posts that nobody fills at the moment, although they were set up."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, or_, select

from domain.settings import Level
from storage.store import Tx
from storage.tables import Post, PostHolding, Staff
from storage.tables.base import table_of

_P, _H, _S = table_of(Post), table_of(PostHolding), table_of(Staff)


@dataclass(frozen=True, slots=True)
class VacantPost:
    """A post without anybody who is there."""

    level: Level
    area_id: int | None


def vacant(tx: Tx, levels: Collection[Level], now: datetime) -> list[VacantPost]:
    """Return the posts of some levels that nobody fills who is there, in one query (index on `post_holding.post_id`)."""
    there = (
        exists()
        .where(_H.c.post_id == _P.c.id, _H.c.until.is_(None))
        .where(_S.c.id == _H.c.staff_id, _S.c.active.is_(True))
        .where(or_(_S.c.absent_until.is_(None), _S.c.absent_until <= now))
    )
    query = select(_P.c.level, _P.c.area_id).where(_P.c.level.in_([each.value for each in sorted(levels)]), ~there)
    return [VacantPost(Level(row.level), row.area_id) for row in tx.execute(query.order_by(_P.c.id))]
