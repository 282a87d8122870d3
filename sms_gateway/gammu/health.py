"""How a modem is: when it was last heard of, its signal and network, what waits, and what its SIM has sent today."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sms_gateway.gammu.settings import GammuSettings
from sms_gateway.gammu.store import stamp, utc


@dataclass(frozen=True, slots=True)
class GammuHealth:
    """One modem's state.

    `last_seen` is aware UTC, None where SMSD never reached the modem. `signal` and `battery` are in per cent, None where
    the modem does not say. `waiting` messages stand in the outbox, the oldest since `waiting_since`. `sent_today` counts
    SMS, parts by themselves; `daily_cap` is the SIM's. `fault` says what is wrong and what to do, None where all is well.
    """

    last_seen: datetime | None
    signal: int | None
    battery: int | None
    network: str
    waiting: int
    waiting_since: datetime | None
    sent_today: int
    daily_cap: int | None
    fault: str | None

    @property
    def is_healthy(self) -> bool:
        """Tell whether the modem may be expected to send and receive."""
        return self.fault is None

    @property
    def cap_used(self) -> float:
        """Return how much of the SIM's day is used up, 1.0 being all; 0.0 where there is no cap."""
        return self.sent_today / self.daily_cap if self.daily_cap else 0.0


def absent(modem: GammuSettings, fault: str) -> GammuHealth:
    """Return the state of a modem of which nothing can be read."""
    return GammuHealth(None, None, None, "", 0, None, 0, modem.daily_cap, fault)


def read_health(connection: sqlite3.Connection, modem: GammuSettings, now: datetime) -> GammuHealth:
    """Return how the modem is. Raises `sqlite3.Error`."""
    phone = connection.execute(
        # One row an IMEI: a modem that was exchanged has left its own behind.
        "SELECT UpdatedInDB, Signal, Battery, NetName FROM phones WHERE ID = ? ORDER BY UpdatedInDB DESC LIMIT 1",
        (modem.phone_id,),
    ).fetchone()
    waiting, since = connection.execute(
        "SELECT count(*), min(InsertIntoDB) FROM outbox WHERE SenderID = ?", (modem.phone_id,)
    ).fetchone()
    seen = utc(phone[0]) if phone else None
    return GammuHealth(
        last_seen=seen,
        signal=_per_cent(phone[1]) if phone else None,
        battery=_per_cent(phone[2]) if phone else None,
        network=_network(phone[3]) if phone else "",
        waiting=waiting,
        waiting_since=utc(since) if since else None,
        sent_today=_sent_today(connection, modem, now),
        daily_cap=modem.daily_cap,
        fault=_fault(seen, modem, now),
    )


def _sent_today(connection: sqlite3.Connection, modem: GammuSettings, now: datetime) -> int:
    midnight = now.astimezone(ZoneInfo(modem.timezone)).replace(hour=0, minute=0, second=0, microsecond=0)
    sent = connection.execute(
        # SMSD writes this column in its local time, whose midnight is the SIM's.
        "SELECT count(*) FROM sentitems WHERE SenderID = ? AND SendingDateTime >= ?"
        " AND Status NOT IN ('SendingError', 'Error')",
        (modem.phone_id, midnight.replace(tzinfo=None).isoformat(" ")),
    )
    return int(sent.fetchone()[0])


def _fault(seen: datetime | None, modem: GammuSettings, now: datetime) -> str | None:
    if seen is None:
        return "SMSD never reached the modem: start gammu-smsd, check PhoneID, device and PIN"
    if now - seen >= modem.silent_after:
        minutes = int((now - seen).total_seconds() // 60)
        return f"nothing heard from the modem for {minutes} minutes, since {stamp(seen)} UTC: check gammu-smsd, then the USB plug"
    return None


def _per_cent(value: int) -> int | None:
    return value if 0 <= value <= 100 else None


def _network(name: str | None) -> str:
    return "" if name in (None, "ERROR") else str(name)
