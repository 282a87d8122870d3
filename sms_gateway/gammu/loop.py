"""The loop beside SMSD: takes in what it received, tells what became of what it sent, and keeps its tables small."""

import logging
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from domain.inbound import Channel, Inbound, InboundKind
from domain.ports import Receipt
from sms_gateway.addresses import e164
from sms_gateway.gammu import receipts, store
from sms_gateway.gammu.parts import Joined, joined
from sms_gateway.gammu.settings import GammuSettings
from storage.store import DatabaseAway

log = logging.getLogger(__name__)

_PATIENCE = 5
_CLEARED_EVERY = timedelta(hours=1)
_HEARD_EVERY = timedelta(minutes=1)
_DUTY_PAUSE_S = 5.0


class Duty(Protocol):
    """The right to look, which one process has at a time; see `storage.leadership.Leadership`."""

    def holds(self) -> bool:
        """Tell whether this process has the duty now."""
        ...

    def release(self) -> None:
        """Give the duty up."""
        ...


class GammuLoop:
    """Looks into one modem's tables, in a thread of its own.

    `receive` must have stored and committed the message when it returns; only then is it marked as processed. A crash
    between both brings the same message again, with the same provider's id. So with `take_receipt`. What either of them
    raises is waited out, and the message or receipt comes again; a message that cannot be stored five times is handed
    over without its words, so that at least it is known that it came. `heard` is told, about once a minute, when SMSD
    last heard of the modem. Without `duty`, this process has it.
    """

    def __init__(
        self,
        settings: GammuSettings,
        receive: Callable[[Inbound], object],
        take_receipt: Callable[[Receipt], object],
        clock: Callable[[], datetime],
        *,
        heard: Callable[[datetime], object] = lambda _: None,
        duty: Duty | None = None,
    ) -> None:
        self._settings, self._receive, self._take_receipt, self._heard = settings, receive, take_receipt, heard
        self._clock, self._duty = clock, duty
        self._faults = 0
        self._refusals: Counter[str] = Counter()
        self._cleared: datetime | None = None
        self._last_heard: datetime | None = None

    def run(self, stop: threading.Event) -> None:
        """Look until `stop` is set; faults of SMSD's database and of ours are waited out."""
        try:
            while not stop.is_set():
                stop.wait(self.turn())
        finally:
            if self._duty:
                self._duty.release()

    def turn(self) -> float:
        """Look once and act on what is found; return the seconds to wait before the next look."""
        try:
            if self._duty and not self._duty.holds():
                return _DUTY_PAUSE_S
            with store.opened(self._settings.database, self._settings.busy_s) as connection:
                self._look(connection)
        except Exception as fault:
            # Without the fault's words, which may quote a number or a message.
            self._faults += 1
            log.warning("%s: nothing can be taken from SMSD now (%s)", self._settings.name, type(fault).__name__)
            return min(60.0, self._settings.poll_s * 2.0 ** min(self._faults, 6))
        self._faults = 0
        return self._settings.poll_s

    def _look(self, connection: sqlite3.Connection) -> None:
        phone_id, now = self._settings.phone_id, self._clock()
        if self._cleared is None:
            store.prepare(connection)
        store.mend_outbox(connection, phone_id)
        self._listen(connection)
        fault = self._take_in(connection, now) or self._tell(connection)
        if self._cleared is None or now - self._cleared >= _CLEARED_EVERY:
            store.clear_old(connection, now, self._settings.keep)
            self._cleared = now
        if fault:
            raise fault

    def _listen(self, connection: sqlite3.Connection) -> None:
        heard = store.last_heard(connection, self._settings.phone_id)
        if heard is not None and (self._last_heard is None or heard - self._last_heard >= _HEARD_EVERY):
            self._heard(heard)
            self._last_heard = heard

    def _take_in(self, connection: sqlite3.Connection, now: datetime) -> Exception | None:
        """Hand over what is ready, each by itself; return the first fault."""
        rows = store.unprocessed(connection, self._settings.phone_id)
        nobodys = [row for row in rows if row.is_ussd] + store.taken_before(connection, rows)
        if nobodys:
            store.mark_taken(connection, nobodys, now)
        known = {row.id for row in nobodys}
        first_fault: Exception | None = None
        for message in joined(row for row in rows if row.id not in known):
            if message.is_ready(now, self._settings.part_wait):
                fault = self._hand_over(connection, message, now)
                if isinstance(fault, DatabaseAway):
                    return fault
                first_fault = first_fault or fault
        return first_fault

    def _hand_over(self, connection: sqlite3.Connection, message: Joined, now: datetime) -> Exception | None:
        inbound = _inbound(message, self._settings, now)
        fault = self._store(inbound)
        if fault and self._refusals[inbound.provider_id] >= _PATIENCE:
            # Whole first, each time: only what is refused for itself, while its bare news are stored, loses its words.
            fault = self._store(replace(inbound, kind=InboundKind.OTHER, text=""))
        if fault is None:
            store.mark_taken(connection, message.rows, now)
            del self._refusals[inbound.provider_id]
        return fault

    def _store(self, inbound: Inbound) -> Exception | None:
        try:
            self._receive(inbound)
        except DatabaseAway as fault:
            return fault
        except Exception as fault:
            self._refusals[inbound.provider_id] += 1
            name = type(fault).__name__
            log.error("%s: message %s cannot be stored (%s)", self._settings.name, inbound.provider_id, name)
            return fault
        return None

    def _tell(self, connection: sqlite3.Connection) -> Exception | None:
        for tidings in receipts.news(connection, self._settings.name, self._settings.phone_id):
            try:
                self._take_receipt(tidings.receipt)
            except Exception as fault:
                return fault
            receipts.mark_told(connection, tidings)
        return None


def _inbound(message: Joined, settings: GammuSettings, now: datetime) -> Inbound:
    first = message.first
    sender = e164(first.sender, settings.country)
    return Inbound(
        gateway=settings.name,
        channel=Channel.SMS,
        # Row ids begin anew where SMSD's database is made anew; the receiving time tells them apart.
        provider_id=f"{first.id}:{first.received}",
        address=sender,
        kind=InboundKind.TEXT if sender and message.is_text else InboundKind.OTHER,
        received_at=min(first.stored_at, now),
        text=message.text.replace("\x00", "\ufffd"),
    )
