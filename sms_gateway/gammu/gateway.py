"""Gammu SMSD: a SIM in a USB modem, reached by the tables of SMSD's own SQLite database.

Why its database and not RunOnReceive with gammu-smsd-inject (SMSD 1.42; RunOnReceive was tried on the dummy phone,
gammu-smsd-inject was judged from its source only):

- The daemon deletes an SMS from the SIM when RunOnReceive has ended, whatever its exit status: what a hook cannot store,
  because our database is away, is lost. A row stays until we mark it.
- A hook gets the words by environment variables, in two different ways for one part and for several, and parts that come
  after `MultipartTimeout` as messages of their own. Rows hold each part with its header, so that we join them ourselves.
- gammu-smsd-inject says only that a message was queued. `sentitems` tells what was sent, delivered or failed, and why.
- SQLite needs no server, and a committed row survives a power cut on both sides.

What the trials taught and this code heeds: SMSD killed between storing an SMS and deleting it from the SIM stores it
twice (see `InboxRow.fingerprint`); killed after sending and before clearing its outbox it sends twice (`mend_outbox`);
it waits for only one unfinished long SMS at a time, so it is told not to wait (`MultipartTimeout = 1`) and we do; it
compares times with its local clock while the tables' defaults are UTC; it sends 50 parts of a message at most.
"""

import asyncio
import logging
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from domain.inbound import Channel
from domain.ports import FailureKind, Outbound, OutboundAction, SendResult
from sms_gateway.gammu import store
from sms_gateway.gammu.health import GammuHealth, absent, read_health
from sms_gateway.gammu.parts import MOST_PARTS, Part, parts_to_send
from sms_gateway.gammu.settings import GammuSettings

log = logging.getLogger(__name__)

_ZWSP = "\u200b"


class GammuGateway:
    """One modem's way out, and its health; the way in is `gammu.loop.GammuLoop`. Its methods may be called anywhere."""

    channel: Channel = Channel.SMS

    def __init__(self, settings: GammuSettings) -> None:
        self.name = settings.name
        self._settings = settings
        self._threads: ThreadPoolExecutor | None = None

    async def send(self, message: Outbound) -> SendResult:
        """Put one message into SMSD's outbox: accepted means that it is committed there. A sent SMS stays sent.

        SMSD need not run: the message then waits for it, and `health` says so.
        """
        if message.action is not OutboundAction.SEND:
            return SendResult.of(FailureKind.REJECTED)
        parts = parts_to_send(message.text.replace(_ZWSP, ""), message.message_id)
        if not _is_dialled(message.address):
            return self._refused(message, FailureKind.BAD_ADDRESS)
        if len(parts) > MOST_PARTS:
            return self._refused(message, FailureKind.TOO_LONG)
        if self._threads is None:
            # Of its own: while SMSD holds its database, the threads that serve other gateways go on.
            self._threads = ThreadPoolExecutor(2, thread_name_prefix=f"gammu-{self.name}")
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._queue, message, parts)

    async def close(self) -> None:
        """Let the threads go; what one is writing is written. A later `send` makes new ones."""
        if self._threads is not None:
            self._threads.shutdown(wait=False)
            self._threads = None

    def health(self, now: datetime) -> GammuHealth:
        """Return how the modem is. Never raises: a database that cannot be read is itself the finding."""
        try:
            with store.opened(self._settings.database, self._settings.busy_s) as connection:
                return read_health(connection, self._settings, now)
        except (OSError, sqlite3.Error, ValueError) as fault:
            return absent(self._settings, _remedy(fault))

    def _queue(self, message: Outbound, parts: list[Part]) -> SendResult:
        creator, number = str(message.message_id), message.address
        committing = False
        try:
            with (
                store.opened(self._settings.database, self._settings.busy_s) as connection,
                store.written(connection),
            ):
                sent_id = store.queued(connection, creator, number, parts) or store.enqueue(
                    connection, creator, number, parts, self._settings.phone_id
                )
                committing = True
        except (OSError, sqlite3.Error) as fault:
            log.error("%s: SMSD's outbox cannot be written: %s", self.name, _remedy(fault))
            # A commit that failed on a broken disk may be there all the same; a busy one was rolled back.
            return self._refused(message, _unqueued(fault, committing=committing))
        return SendResult.accepted(str(sent_id))

    def _refused(self, message: Outbound, failure: FailureKind) -> SendResult:
        log.info("%s: message %d not taken: %s", self.name, message.message_id, failure)
        return SendResult.of(failure)


def _is_dialled(address: str) -> bool:
    return bool(address) and address.removeprefix("+").isascii() and address.removeprefix("+").isdigit()


def _unqueued(fault: Exception, *, committing: bool) -> FailureKind:
    is_busy = isinstance(fault, sqlite3.OperationalError) and fault.sqlite_errorcode == sqlite3.SQLITE_BUSY
    return FailureKind.TIMEOUT if committing and not is_busy else FailureKind.PROVIDER_DOWN


def _remedy(fault: Exception) -> str:
    code = getattr(fault, "sqlite_errorcode", None)
    told = {
        sqlite3.SQLITE_CANTOPEN: "SMSD's database is not there: make it with `samleng gateway files NAME`",
        sqlite3.SQLITE_BUSY: "SMSD's database is locked by another program: end that program",
        sqlite3.SQLITE_READONLY: "SMSD's database may not be written: put Samleng's user into its group",
        sqlite3.SQLITE_FULL: "the disk is full: make room",
        sqlite3.SQLITE_ERROR: "SMSD's database lacks its tables: remove the file, and make it with `samleng gateway files NAME`",
    }
    return told.get(code or 0, f"SMSD's database cannot be used ({type(fault).__name__})")
