"""Which gateway sends, as things stand now: for one person's next message, for a broadcast's many, for what waits elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from domain.inbound import Channel
from domain.sending.gateway_health import allowance, at
from domain.sending.routing import Standing, can_take_over, choose, choose_able, is_judged, room_left, stand_ins
from handlers.context import Context
from storage.queries.persons.contacts import Contact
from storage.queries.sending import failover, gateways
from storage.queries.sending.gateways import GatewayRecord
from storage.store import Tx


def gateway_for(context: Context, tx: Tx, contact: Contact, now: datetime) -> str | None:
    """Return the gateway for a person's next message, or None where her channel has none.

    It is the one that she wrote to, unless that is a gateway for SMS which cannot send now. Where something waits for
    her already, the next message joins it, so that she gets both in order.
    """
    own = contact.gateway if contact.gateway in context.gateways else None
    candidates = stand_ins(context.gateways)
    if contact.channel is not Channel.SMS or (own is not None and own not in candidates) or len(candidates) < 2:
        first = context.gateway_for(contact.channel)
        return own or (first.name if first else None)
    waits_at = failover.waits_at(tx, contact.id, now)
    if waits_at in candidates:
        return waits_at
    return choose(standings(context, tx, now), own=own, address=contact.address)


def standings(context: Context, tx: Tx, now: datetime, *, bulk: bool = False) -> list[Standing]:
    """Return how the real gateways for SMS stand, in their configured order."""
    rows = gateways.standing(tx)
    return [_standing(context, tx, name, rows.get(name), now, bulk=bulk) for name in stand_ins(context.gateways)]


def _standing(context: Context, tx: Tx, name: str, row: GatewayRecord | None, now: datetime, *, bulk: bool) -> Standing:
    info = context.gateways[name]
    day = context.calendar.local_day(now)
    room = room_left(info.daily_cap, row.used(day) if row else 0, bulk=bulk)
    if row is None:
        return Standing(info, room=room)
    health = at(row.health, now)
    waiting = failover.due_replies(tx, name, now) if allowance(health) is not None else 0
    return Standing(info, health, room, waiting)


@dataclass(slots=True)
class Shares:
    """Shares out many messages among gateways: what one was given has less room for the next.

    What waits at a gateway with a cap already is counted first, so that no more lies there than its day can take.
    """

    standings: list[Standing]

    def choose(self, own: str | None, address: str, parts: int) -> str | None:
        """Return the gateway for one message, and count it there."""
        name = choose(self.standings, own=own, address=address, parts=parts)
        if name is not None:
            self._count(name, parts)
        return name

    def choose_able(self, own: str | None, address: str, parts: int) -> str | None:
        """Return the same, but None where no gateway can send now."""
        name = choose_able(self.standings, own=own, address=address, parts=parts)
        if name is not None:
            self._count(name, parts)
        return name

    def _count(self, name: str, parts: int) -> None:
        place = next(place for place, each in enumerate(self.standings) if each.info.name == name)
        there = self.standings[place]
        room = None if there.room is None else max(0, there.room - parts)
        self.standings[place] = replace(there, room=room, waiting=there.waiting + 1)


def shares(context: Context, tx: Tx, now: datetime, *, bulk: bool, without: str | None = None) -> Shares:
    """Return the means of sharing out many messages as things stand now; empty where there is one gateway or none.

    Those of a gateway named in `without` are for others that work: only these are among them.
    """
    if len(stand_ins(context.gateways)) < 2:
        return Shares([])
    found = []
    for each in standings(context, tx, now, bulk=bulk):
        if without is not None and (each.info.name == without or not can_take_over(each)):
            continue
        if each.room is None:
            found.append(each)
        else:
            found.append(replace(each, room=max(0, each.room - gateways.waiting_parts(tx, each.info.name))))
    return Shares(found)


def gateway_for_many(
    context: Context, shared: Shares, *, channel: Channel, own: str | None, address: str, parts: int
) -> str | None:
    """Return the gateway for one of many messages, or None where its channel has none."""
    candidates: Mapping[str, object] = stand_ins(context.gateways)
    own = own if own in context.gateways else None
    judged = own is None or is_judged(context.gateways[own])
    if channel is not Channel.SMS or not judged or len(candidates) < 2:
        first = context.gateway_for(channel)
        return own or (first.name if first else None)
    return shared.choose(own, address, parts)
