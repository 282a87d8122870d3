"""Choosing one among several processes for a duty: advisory locks on PostgreSQL, a locked file beside a SQLite database.

Leadership saves work; unique constraints give safety. Both kinds of lock end with the process that held them.
"""

import zlib

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, NullPool, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from storage.store import DIRECT, Store


class Leadership:
    """One duty. `holds()` tries to take it, tells whether this process has it, and notices when it was lost."""

    def __init__(self, store: Store, duty: str) -> None:
        self._duty = duty
        self._lock: _FileDuty | _AdvisoryDuty
        if (path := store.sqlite_path) is not None:
            self._lock = _FileDuty(FileLock(f"{path}.{duty}.lock", blocking=False, thread_local=False))
        else:
            self._lock = _AdvisoryDuty(create_engine(store.direct_url, poolclass=NullPool, connect_args=DIRECT), duty)

    def holds(self) -> bool:
        """Tell whether this process has the duty now."""
        return self._lock.holds()

    def release(self) -> None:
        """Give the duty up, so that another process may have it at once."""
        self._lock.release()


class _FileDuty:
    def __init__(self, lock: FileLock) -> None:
        self._lock = lock

    def holds(self) -> bool:
        if self._lock.is_locked:
            return True
        try:
            self._lock.acquire()
        except Timeout:
            return False
        return True

    def release(self) -> None:
        self._lock.release(force=True)


class _AdvisoryDuty:
    def __init__(self, engine: Engine, duty: str) -> None:
        self._engine, self._number = engine, zlib.crc32(f"samleng:{duty}".encode())
        self._connection: Connection | None = None

    def holds(self) -> bool:
        try:
            if self._connection is not None:
                self._connection.execute(text("SELECT 1"))
                return True
            return self._take()
        except SQLAlchemyError:
            self.release()
            return False

    def _take(self) -> bool:
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            if connection.execute(text("SELECT pg_try_advisory_lock(:n)"), {"n": self._number}).scalar():
                self._connection = connection
                return True
        finally:
            if self._connection is not connection:
                connection.close()
        return False

    def release(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None
