"""Which open cases somebody has, or lie with a post that nobody fills: what must move when people go."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, update

from storage.queries.casework.caseload import IS_OPEN
from storage.queries.casework.cases import COLUMNS, CaseRecord, record_of
from storage.store import Tx
from storage.tables import Case, Invitation, Message, OutboxItem, PostHolding, Staff
from storage.tables.base import table_of

_T, _H, _S = (table_of(each) for each in (Case, PostHolding, Staff))
_M, _O, _I = table_of(Message), table_of(OutboxItem), table_of(Invitation)


def open_with(tx: Tx, staff_id: int, post_ids: Collection[int]) -> list[CaseRecord]:
    """Return the open cases that somebody took or that lie with these posts, locked (index on `post_id`)."""
    theirs: list[ColumnElement[bool]] = [_T.c.taken_by == staff_id]
    if post_ids:
        theirs.append(_T.c.post_id.in_(post_ids))
    query = select(*COLUMNS).where(IS_OPEN, or_(*theirs)).order_by(_T.c.id)
    return [record_of(row) for row in tx.execute(query.with_for_update(key_share=True))]


def release_taken(tx: Tx, staff_id: int) -> None:
    """Let nobody have the cases that somebody took and that are over: their news would reach nobody."""
    tx.execute(update(_T).where(_T.c.taken_by == staff_id).values(taken_by=None))


def present(tx: Tx, post_ids: Sequence[int], now: datetime) -> dict[int, list[int]]:
    """Return who fills each of these posts and is there, in one query."""
    there = or_(_S.c.absent_until.is_(None), _S.c.absent_until <= now)
    query = select(_H.c.post_id, _S.c.id).join(_S, _S.c.id == _H.c.staff_id)
    rows = tx.execute(query.where(_H.c.post_id.in_(post_ids), _H.c.until.is_(None), _S.c.active.is_(True), there))
    filled: dict[int, list[int]] = {post_id: [] for post_id in post_ids}
    for row in rows:
        filled[row.post_id].append(row.id)
    return filled


def hand_on(tx: Tx, from_id: int, to_id: int) -> None:
    """Let another have all that somebody took, what is over too: news of it still comes."""
    tx.execute(update(_T).where(_T.c.taken_by == from_id).values(taken_by=to_id))


def queued_notices(tx: Tx, staff_id: int, *, contact_id: int | None = None) -> list[int]:
    """Return the messages to somebody as staff that still wait to leave, to one account where it is given."""
    query = select(_M.c.id).join(_O, _O.c.message_id == _M.c.id)
    mine = query.where(_O.c.state.in_(("queued", "held")), _M.c.staff_id == staff_id, _M.c.kind == "notice")
    if contact_id is not None:
        mine = mine.where(_O.c.contact_point_id == contact_id)
    return list(tx.execute(mine.order_by(_M.c.id)).scalars())


def end_invitations(tx: Tx, staff_id: int, now: datetime) -> None:
    """End the invitations of somebody that were not completed (index on `staff_id`)."""
    tx.execute(
        update(_I)
        .where(_I.c.staff_id == staff_id, _I.c.completed_at.is_(None), _I.c.expires_at > now)
        .values(expires_at=now)
    )
