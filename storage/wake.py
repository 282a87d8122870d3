"""Waking dispatchers after a commit: within a process at once, and on PostgreSQL in all others by NOTIFY.

Being woken saves waiting only: whoever waits looks for himself each second too, so a wake may be lost.
"""

import contextlib
import logging
import threading
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, NullPool, create_engine
from sqlalchemy.exc import SQLAlchemyError

from storage.store import DIRECT, Store

log = logging.getLogger(__name__)

CHANNEL = "samleng_outbox"

_APART_S = 0.05
_LOOK_S = 0.5
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.2, 30.0
_CLOSING_S = 3.0
_Faults = (SQLAlchemyError, psycopg.Error)


class Wake:
    """The bell between whoever queues messages and whoever hands them over; its methods may be called in any thread.

    Other processes are told over a connection of its own, after the commit and at most twenty times a second: inside
    each transaction NOTIFY would have the commits wait for each other. On SQLite other processes are not told.
    """

    def __init__(self, store: Store) -> None:
        self._engine = None if store.is_sqlite else _direct_engine(store)
        self._state = threading.Condition()
        self._rung = 0
        self._heard = threading.local()
        self._untold = False
        self._closed = threading.Event()
        self._threads: dict[str, threading.Thread] = {}
        self._own_pid: int | None = None

    def notify(self) -> None:
        """Wake all who wait, here and elsewhere. It neither raises nor waits for the network."""
        self._ring()
        if self._engine is None:
            return
        with self._state:
            self._untold = True
            self._state.notify_all()
        self._start("wake-teller", self._tell_others)

    def wait(self, timeout: float) -> bool:
        """Wait for so many seconds at most, and tell whether somebody rang since this thread last heard it."""
        with self._state:
            heard: int = getattr(self._heard, "number", 0)
            rang = self._state.wait_for(lambda: self._rung > heard, timeout)
            self._heard.number = self._rung
            return rang

    def start_listening(self) -> None:
        """Hear other processes too, from a thread that connects again by itself; it rings once it hears."""
        if self._engine is not None:
            self._start("wake-listener", self._listen)

    def close(self) -> None:
        """Let go of threads and connections; who waits is still woken from within the process."""
        self._closed.set()
        with self._state:
            self._state.notify_all()
            threads = list(self._threads.values())
        for thread in threads:
            thread.join(_CLOSING_S)

    def _start(self, name: str, act: Any) -> None:
        with self._state:
            if name in self._threads or self._closed.is_set():
                return
            thread = threading.Thread(target=act, args=(self._engine,), name=name, daemon=True)
            with contextlib.suppress(RuntimeError):
                thread.start()
                self._threads[name] = thread

    def _ring(self) -> None:
        with self._state:
            self._rung += 1
            self._state.notify_all()

    def _tell_others(self, engine: Engine) -> None:
        connection: Connection | None = None
        while self._is_to_be_told():
            try:
                connection = connection or self._connected(engine)
                connection.exec_driver_sql(f"NOTIFY {CHANNEL}")
            except _Faults as fault:
                log.warning("other processes could not be woken (%s)", type(fault).__name__)
                _let_go(connection)
                connection = None
            self._closed.wait(_APART_S)
        _let_go(connection)

    def _is_to_be_told(self) -> bool:
        """Wait until there is something to tell; what came just before the end is still told."""
        with self._state:
            self._state.wait_for(lambda: self._untold or self._closed.is_set())
            untold, self._untold = self._untold, False
            return untold

    def _connected(self, engine: Engine) -> Connection:
        connection = engine.connect()
        self._own_pid = _driver(connection).info.backend_pid
        return connection

    def _listen(self, engine: Engine) -> None:
        pause = 0.0
        while not self._closed.wait(pause):
            connection: Connection | None = None
            try:
                connection = engine.connect()
                connection.exec_driver_sql(f"LISTEN {CHANNEL}")
                pause = 0.0
                # What others told while nobody listened was not heard.
                self._ring()
                self._hear(_driver(connection))
            except _Faults as fault:
                log.warning("other processes are not heard just now (%s)", type(fault).__name__)
                pause = min(_LONGEST_PAUSE_S, max(_FIRST_PAUSE_S, 2 * pause))
            finally:
                _let_go(connection)

    def _hear(self, connection: psycopg.Connection) -> None:
        while not self._closed.is_set():
            for told in connection.notifies(timeout=_LOOK_S):
                if told.pid != self._own_pid:
                    self._ring()


def _direct_engine(store: Store) -> Engine:
    return create_engine(store.direct_url, poolclass=NullPool, connect_args=DIRECT, isolation_level="AUTOCOMMIT")


def _driver(connection: Connection) -> psycopg.Connection:
    driver: psycopg.Connection = connection.connection.driver_connection  # type: ignore[assignment]
    return driver


def _let_go(connection: Connection | None) -> None:
    if connection is not None:
        with contextlib.suppress(*_Faults):
            connection.invalidate()
            connection.close()
