"""The connection to the database: transactions, and the settings that make a commit durable on SQLite and PostgreSQL."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Connection, CursorResult, Engine, Executable, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from storage import away
from storage.keys import Keyring

BUSY_TIMEOUT_S = 10
DIRECT = {
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "60000",
}
"""What a connection of one's own asks for, so that a peer which is gone is noticed within about a minute."""


class DatabaseAway(Exception):
    """The database cannot be reached or cannot write; what was asked did not happen and may be tried again.

    Its text says why, in words that quote nobody; `remedy` says what to do.
    """

    def __init__(self, what: str, remedy: str = "check [database] url, and that the database runs") -> None:
        super().__init__(what)
        self.remedy = remedy


class AlreadyThere(Exception):
    """A unique constraint says that this row is there already."""


class Tx:
    """One transaction, as queries see it. `queued` is set by whatever puts work into the outbox."""

    __slots__ = ("_after", "connection", "dialect", "keys", "queued")

    def __init__(self, connection: Connection, keys: Keyring) -> None:
        self.connection = connection
        self.keys = keys
        self.dialect = connection.dialect.name
        self.queued = False
        self._after: list[Callable[[], None]] = []

    def execute(self, statement: Executable, values: Any = None) -> CursorResult[Any]:
        """Run one statement."""
        try:
            return self.connection.execute(statement, values)
        except IntegrityError as fault:
            raise AlreadyThere(type(fault.orig).__name__) from fault

    def after_commit(self, act: Callable[[], None]) -> None:
        """Have something done once the transaction is committed; nothing happens where it is rolled back."""
        self._after.append(act)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Run statements that may fail with `AlreadyThere` without giving up the whole transaction."""
        with self.connection.begin_nested():
            yield

    def committed(self) -> None:
        """Run what waited for the commit."""
        for act in self._after:
            act()


class Store:
    """An installation's database. `on_queued` is called after each commit that put work into the outbox.

    SQLite lets those who wait to write go in no order; within a process they queue up here instead.
    """

    def __init__(self, url: str, keys: Keyring, *, direct_url: str | None = None, pool_size: int = 20) -> None:
        self.url, self.direct_url, self.keys = driver_url(url), driver_url(direct_url or url), keys
        self.engine = _engine(self.url, keys, pool_size)
        self.on_queued: Callable[[], None] = lambda: None
        self._writer: AbstractContextManager[object] = Lock() if self.is_sqlite else nullcontext()

    @property
    def is_sqlite(self) -> bool:
        """Tell whether the database is a SQLite file."""
        return self.engine.dialect.name == "sqlite"

    @property
    def sqlite_path(self) -> Path | None:
        """Return where the SQLite file lies, or None on PostgreSQL."""
        return Path(str(make_url(self.url).database)) if self.is_sqlite else None

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """Open a transaction that writes; it commits at the end of the block, or undoes all where the block raises.

        Raises `DatabaseAway` where the database cannot be reached or is too busy.
        """
        with self._writer, self._connected(reading=False) as tx:
            yield tx
        if tx.queued:
            self.on_queued()
        tx.committed()

    @contextmanager
    def reading(self) -> Iterator[Tx]:
        """Open a transaction that only reads. Raises `DatabaseAway`."""
        with self._connected(reading=True) as tx:
            yield tx

    @contextmanager
    def _connected(self, *, reading: bool) -> Iterator[Tx]:
        try:
            with self.engine.connect() as plain:
                connection = plain.execution_options(samleng_reading=reading)
                with connection.begin():
                    yield Tx(connection, self.keys)
        except NoConnectionFree as fault:
            raise DatabaseAway("no connection is free", "raise pool_size under [database]") from fault
        except DBAPIError as fault:
            if (found := _why(fault)) is None:
                raise
            raise DatabaseAway(found.what, found.remedy) from fault

    def is_reachable(self) -> bool:
        """Tell whether the database answers."""
        try:
            with self.reading() as tx:
                tx.execute(text("SELECT 1"))
        except DatabaseAway:
            return False
        return True

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def _why(fault: DBAPIError) -> away.Why | None:
    """Return why the database is away; None where it is there and a statement of ours is wrong."""
    if isinstance(fault, OperationalError) or fault.connection_invalidated:
        return away.why(fault.orig)
    # A damaged file and, on PostgreSQL, missing tables are told as errors of other kinds.
    found = away.why(fault.orig)
    return found if found in away.NOT_OPERATIONAL else None


def driver_url(url: str) -> str:
    """Return the address with the driver that the project uses for PostgreSQL."""
    for scheme in ("postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def _engine(url: str, keys: Keyring, pool_size: int) -> Engine:
    if url.startswith("sqlite"):
        engine = create_engine(
            url, connect_args={"timeout": BUSY_TIMEOUT_S}, pool_size=pool_size, max_overflow=20, hide_parameters=True
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        engine = create_engine(url, pool_size=pool_size, max_overflow=20, pool_pre_ping=True, hide_parameters=True)
        event.listen(engine, "connect", _prepare_postgresql)
    engine.dialect.keyring = keys  # type: ignore[attr-defined]
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "cache_size=-16000"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_S * 1000}")


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get("samleng_reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _prepare_postgresql(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")
        cursor.execute("SET timezone = 'UTC'")
    connection.commit()
