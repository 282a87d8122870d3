"""Sweeps over gateways for SMS: what waits at one that cannot send goes by others, and staff hear of what is wrong."""

from collections import defaultdict
from datetime import datetime, time, timedelta

from domain.sending.gateway_health import Health, State, at, is_stuck, put_down
from domain.sending.routing import longest_pause, room_left, stand_ins
from handlers.context import Context
from handlers.sending import gateway_alarms
from handlers.sending.gateways import Shares, shares
from storage import Tx
from storage.queries.sending import failover, gateways
from storage.queries.sending.failover import Waiting
from storage.queries.sending.gateways import GatewayRecord
from storage.queries.sending.outbox import Lane

_PEOPLE, _ROWS = 100, 500
_CHUNKS = 20
"""So many chunks of so many are moved in one run; the next run goes on."""

_ORDER_HOLDS = timedelta(minutes=15)
"""How long a person's messages wait behind one that may have reached her: later two out of order are better than none."""

_OFFICE_OPENS = time(8, 0)


def watch_gateways(context: Context, now: datetime) -> int:
    """See how the gateways are, move what waits at those that cannot send, and tell staff; count what was moved."""
    moved = 0
    with context.store.reading() as tx:
        rows = gateways.standing(tx)
    for name in stand_ins(context.gateways):
        if name not in rows or rows[name].health.state is not State.DOWN:
            gateway_alarms.tell_silence(context, name, now)
        if name not in rows:
            continue
        health = _settle(context, name, rows, now)
        gone = _leave(context, rows[name], health, now)
        gateway_alarms.tell_health(context, name, health, gone, now)
        gateway_alarms.tell_day_and_credit(context, name, now)
        moved += gone
    return moved


def tell_failures(context: Context, now: datetime) -> int:
    """Tell staff, once a working day, what failed for good since the last one; count the messages."""
    calendar = context.calendar
    today = calendar.local_day(now)
    opens, closes = calendar.at(today, _OFFICE_OPENS), calendar.at(today, context.settings.day_ends)
    if not calendar.is_working_day(today) or not opens <= now < closes:
        return 0
    day = today - timedelta(days=1)
    while not calendar.is_working_day(day):
        day -= timedelta(days=1)
    return gateway_alarms.tell_failed(context, day, today, now)


def _settle(context: Context, name: str, rows: dict[str, GatewayRecord], now: datetime) -> Health:
    """Keep what time alone changes: a pause that is over, and replies that nobody takes; return how the gateway is."""
    known = rows[name].health
    if not _changes(context, name, rows, now):
        return at(known, now)
    with context.store.transaction() as tx:
        locked = gateways.lock(tx, name, tokens=1.0, now=now).health
        if locked != known:
            return at(locked, now)
        health = at(known, now)
        if known.state is State.GOOD:
            health = put_down(known, now, longest_pause(name, context.gateways))
        gateways.put_health(tx, name, health)
    return health


def _changes(context: Context, name: str, rows: dict[str, GatewayRecord], now: datetime) -> bool:
    health = rows[name].health
    if health.state is not State.GOOD:
        return at(health, now) is not health
    names = stand_ins(context.gateways)
    accepted = [row.health.accepted_at for other, row in rows.items() if other != name and other in names]
    others = max((moment for moment in accepted if moment is not None), default=None)
    if others is None:
        return False
    with context.store.reading() as tx:
        return is_stuck(health, failover.oldest_ready(tx, name, now), others, now)


def _leave(context: Context, row: GatewayRecord, health: Health, now: datetime) -> int:
    """Move what waits at a gateway that is down, or for which its day has no room; count it."""
    info, used = context.gateways[row.gateway], row.used(context.calendar.local_day(now))
    moved = 0
    for lane in (Lane.REPLY, Lane.BULK):
        room = 0 if health.state is State.DOWN else room_left(info.daily_cap, used, bulk=lane is Lane.BULK)
        if room is not None and room < info.max_segments:
            moved += _leave_lane(context, row.gateway, lane, room, now)
    return moved


def _leave_lane(context: Context, name: str, lane: Lane, room: int, now: datetime) -> int:
    moved = 0
    for _ in range(_CHUNKS):
        with context.store.transaction() as tx:
            shared = shares(context, tx, now, bulk=lane is Lane.BULK, without=name)
            if not shared.standings:
                return moved
            moves = _shared_out(shared, _together(_waiting(tx, name, lane, now), lane), room)
            gone = failover.move(tx, moves, now)
        moved += gone
        if not gone:
            break
    return moved


def _waiting(tx: Tx, name: str, lane: Lane, now: datetime) -> list[Waiting]:
    if lane is Lane.BULK:
        return failover.bulk(tx, name, now, most=_ROWS)
    return failover.replies(tx, name, now, held_since=now - _ORDER_HOLDS, people=_PEOPLE)


def _together(waiting: list[Waiting], lane: Lane) -> list[list[Waiting]]:
    """Return what must go together: one person's replies keep their order; of a broadcast each has one message."""
    if lane is Lane.BULK:
        return [[each] for each in waiting]
    by_person = defaultdict(list)
    for each in waiting:
        by_person[each.contact_id].append(each)
    return list(by_person.values())


def _shared_out(shared: Shares, groups: list[list[Waiting]], room: int) -> dict[str, list[Waiting]]:
    """Return which gateway takes what; what still fits into the old one's day stays there, and what fits nowhere."""
    moves: dict[str, list[Waiting]] = defaultdict(list)
    for group in groups:
        if max(each.parts for each in group) <= room:
            continue
        target = shared.choose_able(group[0].own, group[0].address, sum(each.parts for each in group))
        if target is not None:
            moves[target] += group
    return moves
