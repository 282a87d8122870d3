"""What officers are told without asking: who has still to be told this morning, and whose notices nobody has seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, String, and_, cast, delete, func, literal, or_, select

from domain.inbound import Channel
from domain.settings import Level
from storage.queries.casework.caseload import IS_OPEN, visible_to
from storage.queries.staffing.staff import PostHeld
from storage.store import Tx
from storage.tables import Alert, Case, ContactPoint, Message, PostHolding, Staff
from storage.tables.base import table_of

_T, _AL, _S, _H = (table_of(each) for each in (Case, Alert, Staff, PostHolding))
_C, _M = table_of(ContactPoint), table_of(Message)
KIND, WAITING = "digest", "waiting_sms"


@dataclass(frozen=True, slots=True)
class Morning:
    """What lies with somebody this morning."""

    new: int
    today: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Unseen:
    """A case of which somebody was told by Telegram, and has not seen it."""

    staff_id: int
    case_id: int
    category: str | None


def untold(tx: Tx, day: str, now: datetime, limit: int) -> list[int]:
    """Return the members of staff who are there and were not told this day (unique index on kind and key of alerts)."""
    key = cast(_S.c.id, String) + literal(f":{day}")
    told = select(_AL.c.id).where(_AL.c.kind == KIND, _AL.c.key == key).exists()
    there = or_(_S.c.absent_until.is_(None), _S.c.absent_until <= now)
    query = select(_S.c.id).where(_S.c.active.is_(True), there, ~told)
    return list(tx.execute(query.order_by(_S.c.id).limit(limit)).scalars())


def forget(tx: Tx, before: datetime) -> None:
    """Remove what says that somebody was told on a day that is long over."""
    tx.execute(delete(_AL).where(_AL.c.kind == KIND, _AL.c.at < before))


def morning(tx: Tx, posts: Sequence[PostHeld], *, now: datetime, day_ends: datetime) -> Morning:
    """Count what is new, due before the day ends, and overdue, of what lies with these posts or was taken by their holder."""
    counts = select(
        func.count().filter(_T.c.taken_by.is_(None)).label("fresh"),
        func.count().filter(_T.c.due_at >= now, _T.c.due_at <= day_ends).label("today"),
        func.count().filter(_T.c.due_at < now).label("late"),
    )
    row = tx.execute(counts.where(*_lying_with(posts))).one()
    return Morning(int(row.fresh), int(row.today), int(row.late))


def most_urgent(tx: Tx, posts: Sequence[PostHeld], limit: int) -> list[int]:
    """Return the most urgent cases of what `morning` counts."""
    query = select(_T.c.id).where(*_lying_with(posts)).order_by(_T.c.due_at.is_(None), _T.c.due_at, _T.c.id)
    return list(tx.execute(query.limit(limit)).scalars())


def unseen(
    tx: Tx, keys: Sequence[str], *, silent_since: datetime, told_before: datetime, told_after: datetime, limit: int
) -> list[Unseen]:
    """Return the open cases whose notice by Telegram failed, or went to who has long been silent there.

    Only those that nobody took, each once for each member of staff; never sensitive ones (indexes on `staff_id` of
    contact points and on contact and number of messages).
    """
    seen_last = func.coalesce(_C.c.last_inbound_at, _C.c.created_at)
    failed = or_(_M.c.state.in_(("failed", "undelivered")), _C.c.blocked_at.is_not(None))
    not_seen = or_(_C.c.last_inbound_at.is_(None), _C.c.last_inbound_at < _M.c.at)
    silent = and_(seen_last < silent_since, not_seen, _M.c.at <= told_before)
    key = cast(_C.c.staff_id, String) + literal(":") + cast(_T.c.id, String)
    told = select(_AL.c.id).where(_AL.c.kind == WAITING, _AL.c.key == key).exists()
    held = select(_H.c.id).where(_H.c.post_id == _T.c.post_id, _H.c.staff_id == _C.c.staff_id, _H.c.until.is_(None))
    query = (
        select(_C.c.staff_id, _T.c.id, _T.c.category)
        .join(_M, _M.c.contact_point_id == _C.c.id)
        .join(_T, _T.c.id == _M.c.case_id)
        .where(
            _C.c.staff_id.is_not(None),
            _C.c.channel == Channel.TELEGRAM.value,
            _M.c.kind == "notice",
            _M.c.key.in_(keys),
            _M.c.at >= told_after,
            or_(failed, silent),
            IS_OPEN,
            _T.c.taken_by.is_(None),
            _T.c.sensitive.is_(None),
            held.exists(),
            ~told,
        )
    )
    rows = tx.execute(query.distinct().order_by(_C.c.staff_id, _T.c.id).limit(limit))
    return [Unseen(row.staff_id, row.id, row.category) for row in rows]


def _lying_with(posts: Sequence[PostHeld]) -> tuple[ColumnElement[bool], ...]:
    """Return what somebody has: with his posts, with the desk where he is of it, or taken by him; nothing sensitive."""
    mine: list[ColumnElement[bool]] = [
        _T.c.post_id.in_([post.post_id for post in posts]),
        _T.c.taken_by.in_({post.staff_id for post in posts}),
    ]
    if any(post.level is Level.DESK for post in posts):
        mine.append(_T.c.level == Level.DESK.value)
    return IS_OPEN, _T.c.sensitive.is_(None), or_(*mine), visible_to(posts)
