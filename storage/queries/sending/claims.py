"""Claiming from the outbox: whose turn it is, within each gateway's rate; what may not leave any more is dropped."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, delete, exists, func, or_, select, update

from domain.ports import Button, Outbound, OutboundAction
from domain.sending.gateway_health import allowance, at
from domain.sending.routing import room_left
from storage.queries.sending import gateways
from storage.queries.sending.gateways import GatewayRecord, Terms
from storage.queries.sending.outbox import LONGEST_PAUSE_S, Claimed, Lane, set_withdrawn
from storage.store import Tx
from storage.tables import Batch, ContactPoint, GatewayState, Message, OutboxItem
from storage.tables.base import table_of

_T, _M, _C, _G, _B = (table_of(each) for each in (OutboxItem, Message, ContactPoint, GatewayState, Batch))
_EARLIER = _T.alias("earlier")

_SET_BACK = timedelta(minutes=1)
"""Tokens that were filled up later than this after now are from before the machine's clock was set back."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What one claim brought: the messages to hand over, and how many others were dropped or held instead."""

    items: list[Claimed]
    dropped: int


def _due(lane: Lane, dialect: str) -> Select[Any]:
    query = select(_T.c.id).where(
        _T.c.gateway == bindparam("from_gateway"),
        _T.c.lane == lane.value,
        _T.c.state == "queued",
        _T.c.due_at <= bindparam("moment"),
    )
    if lane is not Lane.BULK:
        query = query.where(~_something_before(lane))
    # Not by number too: the index would not give that order, and a broadcast's rows are all due at one moment.
    query = query.order_by(_T.c.due_at).limit(bindparam("most"))
    return query.with_for_update(skip_locked=True) if dialect == "postgresql" else query


def _something_before(lane: Lane) -> ColumnElement[bool]:
    """What must leave first: her earlier replies by this gateway; before a message is taken back, the message."""
    if lane is Lane.DELETE:
        return exists().where(_EARLIER.c.message_id == _T.c.message_id, _EARLIER.c.id < _T.c.id)
    not_done = or_(_EARLIER.c.state != "queued", _EARLIER.c.due_at <= bindparam("moment"), _EARLIER.c.attempts > 0)
    return exists().where(
        _EARLIER.c.contact_point_id == _T.c.contact_point_id,
        _EARLIER.c.id < _T.c.id,
        _EARLIER.c.gateway == _T.c.gateway,
        _EARLIER.c.lane == lane.value,
        not_done,
    )


def _claim(lane: Lane, dialect: str) -> Any:
    # A common table expression is run once; a plain subquery may be run again for each row, past its limit.
    due = _due(lane, dialect).cte("due")
    taken = update(_T).where(_T.c.id.in_(select(due.c.id)))
    return taken.values(state="sending", claimed_at=bindparam("claimed"), attempts=_T.c.attempts + 1).returning(
        _T.c.id, _T.c.message_id, _T.c.attempts, _T.c.repeated, _T.c.action, _T.c.not_after, _T.c.lane
    )


_CLAIM = {(lane, dialect): _claim(lane, dialect) for lane in Lane for dialect in ("sqlite", "postgresql")}
_CONTENT = (
    select(
        _M.c.id, _M.c.text, _M.c.sealed_text, _M.c.buttons, _M.c.protect, _M.c.provider_id, _C.c.address,
        _C.c.stopped_at, _C.c.blocked_at, _M.c.key, _M.c.kind, _M.c.segments, _M.c.again,
        _B.c.state.label("batch_state"),
    )
    .join(_C, _C.c.id == _M.c.contact_point_id)
    .outerjoin(_B, _B.c.id == _M.c.batch_id)
    .where(_M.c.id.in_(bindparam("ids", expanding=True)))
)  # fmt: skip


def claim(
    tx: Tx, gateway: str, *, rate: float | None, now: datetime, limit: int, bulk: int, terms: Terms | None = None
) -> Taken:
    """Take the messages that may leave by a gateway now, replies first, and pay for them in its tokens.

    At most `limit` messages, `bulk` of them from the bulk lane, and of that never more than one second's rate. Without
    a rate there are no tokens and no pauses. With `terms` a gateway that is down is left alone, one that comes back has
    few on their way, and none is given more SMS parts than its day has room for: bulk leaves the last tenth to replies.
    Messages whose time is over, whose batch was cancelled, or whose person sent STOP meanwhile are dropped here, those
    of a paused batch held; they cost nothing. One person's replies leave in order.
    """
    row = None if rate is None and terms is None else gateways.lock(tx, gateway, tokens=max(1.0, rate or 1.0), now=now)
    purse = None if rate is None or row is None else _purse(row, rate, now)
    day = None if terms is None or row is None else _Day(row, terms, now)
    room = limit if purse is None else min(limit, int(purse.tokens))
    if day is not None:
        room = min(room, day.most_at_once(tx, limit))
    taken: list[Any] = []
    for lane in Lane:
        most = room - len(taken)
        if lane is Lane.BULK:
            most = min(most, bulk, limit if rate is None else max(1, int(rate)))
        if most > 0 and (day is None or day.room(lane) > 0):
            values = {"from_gateway": gateway, "moment": now, "claimed": now, "most": most}
            taken += tx.execute(_CLAIM[lane, tx.dialect], values)
    if not taken:
        return Taken([], 0)
    items, dropped = _with_content(tx, taken, day, now)
    _pay(tx, gateway, purse, day, len(items))
    return Taken(items, dropped)


@dataclass(frozen=True, slots=True)
class _Purse:
    tokens: float
    refilled_at: datetime


def _purse(row: GatewayRecord, rate: float, now: datetime) -> _Purse:
    """Return a gateway's tokens as of now: at most a second's worth, and none while it pauses."""
    full = max(1.0, rate)
    if row.paused_until is not None and now < row.paused_until <= now + timedelta(seconds=LONGEST_PAUSE_S):
        return _Purse(0.0, now)
    if row.refilled_at > now + _SET_BACK:
        return _Purse(full, now)
    elapsed = max(0.0, (now - row.refilled_at).total_seconds())
    return _Purse(min(full, row.tokens + elapsed * rate), max(now, row.refilled_at))


class _Day:
    """What a gateway may still do today, while one claim takes from it."""

    def __init__(self, row: GatewayRecord, terms: Terms, now: datetime) -> None:
        self.gateway, self.before, self.health = row.gateway, row.health, at(row.health, now)
        self.day: date = terms.day
        self.used, self._cap = row.used(terms.day), terms.cap

    def most_at_once(self, tx: Tx, limit: int) -> int:
        """Return how many messages more may be on their way."""
        allowed = allowance(self.health)
        if allowed is None or allowed == 0:
            return limit if allowed is None else 0
        return max(0, allowed - gateways.on_their_way(tx, self.gateway))

    def room(self, lane: Lane) -> float:
        """Return how many SMS parts more may leave in a lane."""
        left = room_left(self._cap, self.used, bulk=lane is Lane.BULK)
        return float("inf") if left is None else left

    def takes(self, lane: Lane, parts: int) -> bool:
        """Count a message's parts where they still fit, and tell whether they do."""
        fits = parts <= self.room(lane)
        self.used += parts if fits else 0
        return fits


def _pay(tx: Tx, gateway: str, purse: _Purse | None, day: _Day | None, count: int) -> None:
    values: dict[str, Any] = {}
    if purse is not None:
        values |= {"tokens": purse.tokens - count, "refilled_at": purse.refilled_at}
    if day is not None:
        values |= {"day": day.day, "parts_today": day.used}
        if day.health is not day.before:
            gateways.put_health(tx, gateway, day.health)
    if values:
        tx.execute(update(_G).where(_G.c.gateway == gateway).values(values))


def _with_content(tx: Tx, taken: Sequence[Any], day: _Day | None, now: datetime) -> tuple[list[Claimed], int]:
    """Return the messages to hand over, in the order in which they were queued, and how many were dropped or held."""
    rows = {row.id: row for row in tx.execute(_CONTENT, {"ids": [row.message_id for row in taken]})}
    claimed, dropped, too_much = [], defaultdict(list), []
    # Replies have the first right to what is left of a day, then what was queued first.
    for item in sorted(taken, key=lambda row: (row.lane == Lane.BULK.value, row.id)):
        content = rows[item.message_id]
        parts = content.segments if item.action == OutboundAction.SEND else 0
        if why := _reason_to_drop(item, content, now):
            dropped[why].append(item)
        elif day is not None and not day.takes(Lane(item.lane), parts):
            too_much.append(item)
        else:
            claimed.append(Claimed(item.id, _outbound(item, content), item.attempts, item.repeated, parts))
    for why, items in dropped.items():
        _put_back(tx, items, "held") if why == "paused" else _drop(tx, items, why)
    if too_much:
        _put_back(tx, too_much, "queued")
    return sorted(claimed, key=lambda each: each.item_id), sum(map(len, dropped.values()))


def _put_back(tx: Tx, items: Sequence[Any], state: str) -> None:
    """Put back what was not handed over after all. Held is what waits for a paused batch, out of the claims' way;
    `outbox.recover` brings it back.
    """
    back = update(_T).where(_T.c.id.in_([item.id for item in items]))
    tx.execute(back.values(state=state, claimed_at=None, attempts=_T.c.attempts - 1))


def _drop(tx: Tx, items: Sequence[Any], why: str) -> None:
    tx.execute(delete(_T).where(_T.c.id.in_([item.id for item in items])))
    set_withdrawn(tx, (item for item in items if item.action == OutboundAction.SEND), failure=why)


def _reason_to_drop(item: Any, content: Any, now: datetime) -> str | None:
    if item.action == OutboundAction.DELETE:
        return None if content.provider_id else "not_sent"
    if item.not_after is not None and item.not_after < now:
        return "expired"
    if content.batch_state in ("cancelled", "paused"):
        return str(content.batch_state)
    if content.stopped_at is not None and content.key != "stopped":
        return "opted_out"
    return "blocked" if content.blocked_at is not None else None


def _outbound(item: Any, content: Any) -> Outbound:
    return Outbound(
        message_id=item.message_id,
        address=content.address,
        text=content.text if content.text is not None else content.sealed_text or "",
        buttons=tuple(tuple(Button(label, data) for label, data in line) for line in content.buttons or ()),
        protect=content.protect,
        request_contact=content.key in ("officer_share_contact", "join_offer"),
        action=OutboundAction(item.action),
        provider_id=content.provider_id,
        again=content.again,
    )


def _first_of(lane: Lane) -> Any:
    query = select(_T.c.due_at).where(
        _T.c.gateway == bindparam("from_gateway"), _T.c.lane == lane.value, _T.c.state == "queued"
    )
    return query.order_by(_T.c.due_at).limit(1).scalar_subquery()


_FIRST_BULK = select(_first_of(Lane.BULK))
_NEXT_DUE = {
    bulk: select(*(_first_of(lane) for lane in Lane if bulk or lane is not Lane.BULK)) for bulk in (True, False)
}


def next_due(tx: Tx, gateway: str, *, bulk: bool) -> datetime | None:
    """Return when the gateway's next message is due, in the bulk lane too where asked; None where there is none.

    Each lane costs one look into the index `ix_outbox_due`.
    """
    row = tx.execute(_NEXT_DUE[bulk], {"from_gateway": gateway}).one()
    return min((moment for moment in row if moment is not None), default=None)


def first_bulk(tx: Tx, gateway: str) -> datetime | None:
    """Return since when the first of a gateway's bulk is due, None where none waits (one look into `ix_outbox_due`)."""
    moment: datetime | None = tx.execute(_FIRST_BULK, {"from_gateway": gateway}).scalar()
    return moment


_AHEAD = select(func.count()).where(
    _T.c.gateway == bindparam("from_gateway"), _T.c.lane == Lane.BULK.value, _T.c.state == "queued",
    _T.c.due_at <= bindparam("moment"),
)  # fmt: skip


def bulk_before(tx: Tx, gateway: str, moment: datetime) -> int:
    """Count the bulk that a gateway sends before what is due at a moment (index `ix_outbox_due`)."""
    return int(tx.execute(_AHEAD, {"from_gateway": gateway, "moment": moment}).scalar_one())
