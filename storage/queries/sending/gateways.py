"""How SMS gateways stand: health, day and credit, kept in one row each, so that all processes agree."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update

from domain.ports import FailureKind, SendOutcome, SendResult
from domain.sending.gateway_health import LONGEST_PAUSE, NEW, Health, Sign, State, after, after_unsent, sign_of
from storage.store import AlreadyThere, Tx
from storage.tables import Alert, GatewayState, Message, OutboxItem
from storage.tables.base import table_of

_G, _T, _M, _AL = (table_of(each) for each in (GatewayState, OutboxItem, Message, Alert))


@dataclass(frozen=True, slots=True)
class Terms:
    """What a gateway is held to today: `cap` in SMS parts (None: no cap), `part_cost` in millionths of the money."""

    day: date
    cap: int | None = None
    part_cost: int = 0
    longest_pause: timedelta = LONGEST_PAUSE


@dataclass(frozen=True, slots=True)
class GatewayRecord:
    """A gateway's row. `last_fault` is the last failure of its own since it was good.

    `credit` is in millionths of the project's money, None where nobody told it.
    """

    gateway: str
    tokens: float
    refilled_at: datetime
    paused_until: datetime | None = None
    health: Health = NEW
    last_fault: FailureKind | None = None
    day: date | None = None
    parts_today: int = 0
    credit: int | None = None
    credit_at: datetime | None = None
    no_credit_at: datetime | None = None

    def used(self, day: date) -> int:
        """Return how many SMS parts were handed over on a day, which is today or later."""
        return self.parts_today if self.day == day else 0


_ALL = select(_G)
_ONE = select(_G).where(_G.c.gateway == bindparam("name"))
_LOCKED = _ONE.with_for_update(key_share=True)
_HEALTH_COLUMNS = (
    "health", "health_since", "recent", "heard_at", "accepted_at", "vain", "vain_since", "pause_s", "down_until",
    "returned", "down_since",
)  # fmt: skip
_PUT_HEALTH: dict[str, Any] = {name: bindparam(f"new_{name}") for name in _HEALTH_COLUMNS}
_PUT = update(_G).where(_G.c.gateway == bindparam("name"))
_PUT_HEALTH_ALONE = _PUT.values(_PUT_HEALTH)
_PUT_NOTED = _PUT.values(
    _PUT_HEALTH | {name: bindparam(f"new_{name}") for name in ("last_fault", "parts_today", "credit", "no_credit_at")}
)
_TOLD = select(_AL.c.at).where(_AL.c.kind == bindparam("kind"), _AL.c.key == bindparam("key"))
_ON_THEIR_WAY = select(func.count()).where(_T.c.gateway == bindparam("name"), _T.c.state == "sending")
_WAITING_PARTS = (
    select(func.coalesce(func.sum(_M.c.segments), 0))
    .join(_T, _T.c.message_id == _M.c.id)
    .where(_T.c.gateway == bindparam("name"), _T.c.state == "queued", _T.c.action == "send")
)


def standing(tx: Tx) -> dict[str, GatewayRecord]:
    """Return the rows of all gateways that have one, by name: a handful."""
    return {row.gateway: _record(row) for row in tx.execute(_ALL)}


def lock(tx: Tx, gateway: str, *, tokens: float, now: datetime) -> GatewayRecord:
    """Return a gateway's row, locked, made with so many tokens where there was none (primary key).

    Where another process makes it at this very moment, the row returned has no tokens.
    """
    row = tx.execute(_LOCKED, {"name": gateway}).first()
    if row is not None:
        return _record(row)
    try:
        with tx.attempt():
            tx.execute(insert(_G).values(gateway=gateway, tokens=tokens, refilled_at=now))
    except AlreadyThere:
        return GatewayRecord(gateway, 0.0, now)
    return GatewayRecord(gateway, tokens, now)


def put_health(tx: Tx, gateway: str, health: Health) -> None:
    """Keep how a gateway is."""
    tx.execute(_PUT_HEALTH_ALONE, {"name": gateway, **_health_values(health)})


def note(tx: Tx, gateway: str, results: Sequence[tuple[int, SendResult]], terms: Terms, now: datetime) -> GatewayRecord:
    """Keep what results, each with its message's SMS parts, say of their gateway: one row, read and written once.

    Parts that were surely not taken are given back to the day; those that were taken are paid from the credit.
    """
    before = lock(tx, gateway, tokens=1.0, now=now)
    signs = [sign for _, result in results if (sign := sign_of(result)) is not None]
    taken = sum(parts for parts, result in results if result.outcome is SendOutcome.ACCEPTED)
    back = sum(parts for parts, result in results if result.outcome in (SendOutcome.RETRY, SendOutcome.FAILED))
    health = after(before.health, signs, now, terms.longest_pause)
    failures = [result.failure for _, result in results if sign_of(result) in (Sign.FAULT, Sign.SLOW)]
    kept = None if health.state is State.GOOD and before.health.state is not State.GOOD else before.last_fault
    noted = replace(
        before,
        health=health,
        last_fault=failures[-1] if failures else kept,
        parts_today=max(0, before.parts_today - back),
        credit=None if before.credit is None else before.credit - taken * terms.part_cost,
        no_credit_at=now if FailureKind.NO_CREDIT in failures else before.no_credit_at,
    )
    values = {
        "name": gateway,
        **_health_values(noted.health),
        "new_last_fault": noted.last_fault,
        "new_parts_today": noted.parts_today,
        "new_credit": noted.credit,
        "new_no_credit_at": noted.no_credit_at,
    }
    tx.execute(_PUT_NOTED, values)
    return noted


def note_unsent(tx: Tx, gateway: str, failure: FailureKind, terms: Terms, now: datetime) -> Health:
    """Keep what a receipt says of its gateway, by which a message was taken and then not sent; return how that is now."""
    before = lock(tx, gateway, tokens=1.0, now=now)
    health = after_unsent(before.health, now, terms.longest_pause)
    values = _health_values(health)
    put = _PUT_HEALTH_ALONE.values(last_fault=failure.value)
    if failure is FailureKind.NO_CREDIT:
        put = put.values(no_credit_at=now)
    tx.execute(put, {"name": gateway, **values})
    return health


def was_told(tx: Tx, kind: str, key: str) -> bool:
    """Tell whether staff were told something already, without asking for its lock (unique index on kind and key)."""
    return told_at(tx, kind, key) is not None


def told_at(tx: Tx, kind: str, key: str) -> datetime | None:
    """Return when something was told or noted, or None (unique index on kind and key)."""
    moment: datetime | None = tx.execute(_TOLD, {"kind": kind, "key": key}).scalar()
    return moment


def set_credit(tx: Tx, gateway: str, amount: int, now: datetime, *, added: bool) -> int:
    """Keep what a gateway has on its account, in millionths of the project's money, and return it."""
    before = lock(tx, gateway, tokens=1.0, now=now)
    credit = amount + (before.credit or 0) if added else amount
    tx.execute(update(_G).where(_G.c.gateway == gateway).values(credit=credit, credit_at=now, no_credit_at=None))
    return credit


def on_their_way(tx: Tx, gateway: str) -> int:
    """Count the messages that are being handed over by a gateway (index `ix_outbox_due`)."""
    return int(tx.execute(_ON_THEIR_WAY, {"name": gateway}).scalar_one())


def waiting_parts(tx: Tx, gateway: str) -> int:
    """Count the SMS parts that wait at a gateway (index `ix_outbox_due`): asked only where a cap asks for it."""
    return int(tx.execute(_WAITING_PARTS, {"name": gateway}).scalar_one())


def _health_values(health: Health) -> dict[str, Any]:
    return {
        "new_health": health.state.value,
        "new_health_since": health.since,
        "new_recent": health.recent,
        "new_heard_at": health.heard_at,
        "new_accepted_at": health.accepted_at,
        "new_vain": health.vain,
        "new_vain_since": health.vain_since,
        "new_pause_s": int(health.pause.total_seconds()),
        "new_down_until": health.until,
        "new_returned": health.returned,
        "new_down_since": health.down_since,
    }


def _record(row: Any) -> GatewayRecord:
    return GatewayRecord(
        gateway=row.gateway,
        tokens=row.tokens,
        refilled_at=row.refilled_at,
        paused_until=row.paused_until,
        health=Health(
            state=State(row.health),
            since=row.health_since,
            recent=row.recent,
            heard_at=row.heard_at,
            accepted_at=row.accepted_at,
            vain=row.vain,
            vain_since=row.vain_since,
            pause=timedelta(seconds=row.pause_s),
            until=row.down_until,
            returned=row.returned,
            down_since=row.down_since,
        ),
        last_fault=FailureKind(row.last_fault) if row.last_fault else None,
        day=row.day,
        parts_today=row.parts_today,
        credit=row.credit,
        credit_at=row.credit_at,
        no_credit_at=row.no_credit_at,
    )
