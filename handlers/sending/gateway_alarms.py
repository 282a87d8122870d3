"""Telling the desk and staff, once each, what is wrong with a gateway or with messages, and what to do."""

from datetime import date, datetime, time, timedelta
from typing import Any

from domain.ports import FailureKind
from domain.sending.failures import Reason, reason_of
from domain.sending.gateway_health import Health, State
from domain.sending.routing import NEAR_CAP, micro, money
from domain.settings import Level
from handlers.context import Context
from handlers.sending.voice import Voice
from storage import Tx
from storage.queries import alerts
from storage.queries.sending import failures, gateways, outbox, signs
from storage.queries.sending.gateways import GatewayRecord
from storage.queries.staffing import staff
from wording import say

_WHY = {
    FailureKind.PROVIDER_DOWN: "gateway_why_down",
    FailureKind.CREDENTIALS: "gateway_why_login",
    FailureKind.NO_CREDIT: "gateway_why_credit",
    FailureKind.TIMEOUT: "gateway_why_slow",
    FailureKind.UNCLEAR: "gateway_why_unsent",
}
_SILENCE_GRACE = timedelta(minutes=1)
"""After a pause of our own everybody seems silent: so long has a phone's next sign of life to come."""
_TOLD_AS = {State.DOWN: "down", State.GOOD: "back"}
_LIST_COMMAND = "samleng messages failed"


def tell_health(context: Context, name: str, health: Health, moved: int, now: datetime) -> None:
    """Tell that a gateway is down, with what became of what waited there; and, once it is good, that it is back."""
    if health.down_since is None or health.state is State.TRIAL:
        return
    key, outage = f"gateway_{_TOLD_AS[health.state]}", f"{name}:{health.down_since:%Y%m%dT%H%M%S.%f}"
    if not _is_new(context, key, outage):
        return
    with context.store.transaction() as tx:
        if not alerts.alert_once(tx, key, outage, case_id=None, now=now):
            return
        waiting = _waiting(tx, name)
        if health.state is State.DOWN:
            fault = gateways.standing(tx)[name].last_fault
            why = "gateway_why_other" if fault is None else _WHY.get(fault, "gateway_why_other")
            _tell(context, tx, now, key, gateway=name, why=f"@{why}", moved=moved, waiting=waiting)
        else:
            lasted = (health.since or now) - health.down_since
            minutes = max(1, round(lasted.total_seconds() / 60))
            _tell(context, tx, now, key, gateway=name, minutes=minutes, waiting=waiting)


def tell_day_and_credit(context: Context, name: str, now: datetime) -> None:
    """Tell that a gateway's day is nearly or wholly used up, or its credit."""
    with context.store.reading() as tx:
        row = gateways.standing(tx)[name]
    for key, alert, values in [*_of_day(context, row, now), *_of_credit(context, row, now)]:
        if not _is_new(context, key, f"{name}:{alert}"):
            continue
        with context.store.transaction() as tx:
            if alerts.alert_once(tx, key, f"{name}:{alert}", case_id=None, now=now):
                _tell(context, tx, now, key, gateway=name, **values)


def tell_silence(context: Context, name: str, now: datetime) -> None:
    """Tell that a phone or modem has given no sign of life for long, once a silence and at most once an hour.

    By one that never gave any, nothing has worked yet: `samleng check` tells of it.
    """
    limit = context.gateways[name].silent_after
    if limit is None:
        return
    with context.store.reading() as tx:
        heard = signs.heard_at(tx, name)
        if heard is None or now - heard < limit:
            return
        silence = f"{name}:{heard:%Y%m%dT%H}"
        noticed = gateways.told_at(tx, "gateway_unheard", f"{name}:{heard:%Y%m%dT%H%M%S}")
        if gateways.was_told(tx, "gateway_silent", silence) or (noticed and now - noticed < _SILENCE_GRACE):
            return
        if gateways.was_told(tx, "gateway_clock", f"{name}:{context.calendar.local_day(now)}"):
            return
    with context.store.transaction() as tx:
        if noticed is None:
            alerts.alert_once(tx, "gateway_unheard", f"{name}:{heard:%Y%m%dT%H%M%S}", case_id=None, now=now)
        elif alerts.alert_once(tx, "gateway_silent", silence, case_id=None, now=now):
            _tell(context, tx, now, "gateway_silent", gateway=name, minutes=int((now - heard).total_seconds() // 60))


def tell_clock(context: Context, name: str, now: datetime) -> None:
    """Tell, once a day, that a phone's clock is wrong: what it brings is refused until somebody sets it.

    The phone brings it again for two days. Raises `storage.store.DatabaseAway`.
    """
    day = context.calendar.local_day(now).isoformat()
    if not _is_new(context, "gateway_clock", f"{name}:{day}"):
        return
    with context.store.transaction() as tx:
        if alerts.alert_once(tx, "gateway_clock", f"{name}:{day}", case_id=None, now=now):
            _tell(context, tx, now, "gateway_clock", gateway=name)


def tell_failed(context: Context, since: date, today: date, now: datetime) -> int:
    """Tell what failed for good from a day up to today, by kind, once a day; count it."""
    calendar = context.calendar
    first, last = calendar.at(since, time.min), calendar.at(today, time.min)
    if not _is_new(context, "failed", today.isoformat()):
        return 0
    with context.store.transaction() as tx:
        counts: dict[Reason, int] = {}
        for failure, count in failures.count(tx, first, last).items():
            counts[reason_of(failure)] = counts.get(reason_of(failure), 0) + count
        total = sum(counts.values())
        if not total or not alerts.alert_once(tx, "failed", today.isoformat(), case_id=None, now=now):
            return 0
        day = f"{since.day}/{since.month}"
        kinds = [(f"failed_{reason}", counts[reason]) for reason in Reason if reason in counts]
        _tell(context, tx, now, "failed_daily", day=day, total=total, kinds=kinds, command=_LIST_COMMAND)
    return total


def _is_new(context: Context, kind: str, key: str) -> bool:
    """Tell whether something was not told yet, so that what was costs no transaction that writes."""
    with context.store.reading() as tx:
        return not gateways.was_told(tx, kind, key)


def _of_day(context: Context, row: GatewayRecord, now: datetime) -> list[tuple[str, str, dict[str, Any]]]:
    cap, day = context.gateways[row.gateway].daily_cap, context.calendar.local_day(now)
    used = row.used(day)
    if cap is None or used < NEAR_CAP * cap:
        return []
    # A text of two parts no longer fits where one is left.
    key = "gateway_cap_reached" if used > 0 and cap - used < 2 else "gateway_cap_near"
    return [(key, day.isoformat(), {"used": used, "cap": cap})]


def _of_credit(context: Context, row: GatewayRecord, now: datetime) -> list[tuple[str, str, dict[str, Any]]]:
    info, found = context.gateways[row.gateway], []
    command = f"samleng gateway credit {row.gateway} AMOUNT"
    today = context.calendar.local_day(now)
    if row.no_credit_at is not None and context.calendar.local_day(row.no_credit_at) == today:
        found.append(("gateway_no_credit", today.isoformat(), {"command": command}))
    if row.credit is not None and info.low_credit is not None and row.credit < micro(info.low_credit):
        told = f"{row.credit_at or now:%Y%m%dT%H%M%S.%f}"
        left, limit = _amount(money(row.credit)), _amount(info.low_credit)
        found.append(("gateway_credit_low", told, {"credit": left, "limit": limit, "command": command}))
    return found


def _amount(value: float) -> str:
    return f"{value:,.2f}".removesuffix(".00")


def _waiting(tx: Tx, name: str) -> int:
    return sum(count for (gateway, _), count in outbox.waiting(tx).items() if gateway == name)


def _tell(context: Context, tx: Tx, now: datetime, key: str, **values: Any) -> None:
    """Notify everybody at the desk and on the staff, each once and in his own language."""
    voice = Voice(context, tx, now)
    people = {who for level in (Level.DESK, Level.STAFF) for who in staff.of_level(tx, level, now)}
    for staff_id in sorted(people):
        contact = voice.staff_contact(staff_id)
        if contact is None:
            continue
        language = voice.staff_language(contact)
        worded = {name: _worded(value, language) for name, value in values.items()}
        voice.tell_staff(staff_id, key, **worded)


def _worded(value: Any, language: Any) -> Any:
    """Return a value in words: of another wording, or of a list of counted ones."""
    if isinstance(value, list):
        return ", ".join(say(key, language, count=count) for key, count in value)
    return say(value[1:], language) if isinstance(value, str) and value.startswith("@") else value
