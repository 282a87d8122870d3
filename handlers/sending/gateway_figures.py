"""How the gateways for SMS stand, for whoever asks by command or by metrics; and telling what is on their account."""

from dataclasses import dataclass
from datetime import datetime

from domain.sending.gateway_health import State, at
from domain.sending.routing import micro, money, stand_ins
from handlers.context import Context
from storage.queries import audit
from storage.queries.sending import gateways, outbox


class UnknownGateway(LookupError):
    """There is no gateway for SMS of that name; its text names those that there are."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How one gateway stands. `sent_today` and `daily_cap` are in SMS parts, `credit` in the project's money.

    `since` is when it came into its state, `tried_at` when one that is down is tried again; `fault` what failed last.
    """

    name: str
    state: State
    since: datetime | None
    tried_at: datetime | None
    fault: str | None
    sent_today: int
    daily_cap: int | None
    credit: float | None
    waiting: int


def figures(context: Context, now: datetime) -> list[Figures]:
    """Return how each gateway stands, in the configured order. Raises `DatabaseAway`."""
    with context.store.reading() as tx:
        rows, queue = gateways.standing(tx), outbox.waiting(tx)
    day, found = context.calendar.local_day(now), []
    for name, info in stand_ins(context.gateways).items():
        row = rows.get(name) or gateways.GatewayRecord(name, 0.0, now)
        health = at(row.health, now)
        found.append(
            Figures(
                name=name,
                state=health.state,
                since=health.since,
                tried_at=health.until,
                fault=None if health.state is State.GOOD or row.last_fault is None else row.last_fault.value,
                sent_today=row.used(day),
                daily_cap=info.daily_cap,
                credit=None if row.credit is None else money(row.credit),
                waiting=sum(count for (gateway, _), count in queue.items() if gateway == name),
            )
        )
    return found


def tell_credit(context: Context, name: str, amount: float, now: datetime, *, added: bool) -> float:
    """Keep what is on a gateway's account, or what was added to it, and return what is there now.

    Raises `UnknownGateway`, `DatabaseAway`.
    """
    known = stand_ins(context.gateways)
    if name not in known:
        raise UnknownGateway(f"there is no SMS gateway {name}; there are {', '.join(known) or 'none'}")
    with context.store.transaction() as tx:
        credit = gateways.set_credit(tx, name, micro(amount), now, added=added)
        audit.add(tx, "gateway.credit", actor="staff", now=now, data={"gateway": name, "credit": money(credit)})
    return money(credit)
