"""A private scratch file for one long act: what does not fit into memory is put down, and read back in order.

It is an SQLite file without a name, which no other process can open and which is gone when it is closed.
"""

import hashlib
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any

import orjson

_TABLES = (
    "CREATE TABLE seen (key BLOB PRIMARY KEY, row INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE step (row INTEGER PRIMARY KEY, body BLOB NOT NULL)",
    "CREATE TABLE kept_out (row INTEGER PRIMARY KEY, why TEXT NOT NULL)",
    "CREATE TABLE grouped (key TEXT NOT NULL, row INTEGER NOT NULL, body BLOB NOT NULL)",
)
_PAGE = 500


class Notebook:
    """What was put down of the rows of one list. Keys are kept as salted digests."""

    def __init__(self) -> None:
        self._salt = os.urandom(16)
        self._file = sqlite3.connect("", isolation_level=None)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-4000"):
            self._file.execute(f"PRAGMA {pragma}")
        for table in _TABLES:
            self._file.execute(table)

    def close(self) -> None:
        """Forget everything."""
        self._file.close()

    def first_rows(self, keys: Sequence[tuple[str, int]]) -> dict[str, int]:
        """Note in which row each key stands, and return the first row of each."""
        digests = {key: self._digest(key) for key, _ in keys}
        rows = [(digests[key], row) for key, row in keys]
        self._file.executemany("INSERT INTO seen VALUES (?, ?) ON CONFLICT DO NOTHING", rows)
        places = ",".join("?" * len(digests))
        found = dict(
            self._file.execute(f"SELECT key, row FROM seen WHERE key IN ({places})", list(digests.values()))  # noqa: S608
        )
        return {key: found[digest] for key, digest in digests.items()}

    def has_seen(self, key: str) -> bool:
        """Tell whether a key was noted."""
        return self._file.execute("SELECT 1 FROM seen WHERE key = ?", (self._digest(key),)).fetchone() is not None

    def put(self, steps: Iterable[tuple[int, Any]]) -> None:
        """Put down what is to be done at each row, as plain JSON values."""
        self._file.executemany("INSERT INTO step VALUES (?, ?)", ((row, orjson.dumps(body)) for row, body in steps))

    def steps(self) -> Iterator[list[tuple[int, Any]]]:
        """Return what is to be done, in the order of the rows, some hundreds at a time; not for rows kept out."""
        last = -1
        query = (
            "SELECT row, body FROM step WHERE row > ? AND row NOT IN (SELECT row FROM kept_out) ORDER BY row LIMIT ?"
        )
        while page := self._file.execute(query, (last, _PAGE)).fetchall():
            last = page[-1][0]
            yield [(row, orjson.loads(body)) for row, body in page]

    def step(self, row: int) -> Any:
        """Return what is to be done at a row, or None."""
        found = self._file.execute("SELECT body FROM step WHERE row = ?", (row,)).fetchone()
        return None if found is None else orjson.loads(found[0])

    def keep_out(self, row: int, why: str) -> bool:
        """Keep a row out for a reason, added to what is said of it already; tell whether it was in until now."""
        is_new = self.why_out(row) is None
        self._file.execute(
            "INSERT INTO kept_out VALUES (?, ?) ON CONFLICT DO UPDATE SET why = why || '; ' || excluded.why", (row, why)
        )
        return is_new

    def why_out(self, row: int) -> str | None:
        """Return why a row is kept out, or None."""
        found = self._file.execute("SELECT why FROM kept_out WHERE row = ?", (row,)).fetchone()
        return None if found is None else str(found[0])

    def kept_out(self) -> int:
        """Count the rows that are kept out."""
        return int(self._file.execute("SELECT count(*) FROM kept_out").fetchone()[0])

    def group(self, items: Iterable[tuple[str, int, Any]]) -> None:
        """Put rows down under a key, to be read back key by key."""
        rows = ((key, row, orjson.dumps(body)) for key, row, body in items)
        self._file.executemany("INSERT INTO grouped VALUES (?, ?, ?)", rows)

    def groups(self) -> Iterator[tuple[str, list[tuple[int, Any]]]]:
        """Return the rows under each key, in their order, key by key; not those kept out."""
        self._file.execute("CREATE INDEX IF NOT EXISTS ix_grouped ON grouped (key, row)")
        query = "SELECT key, row, body FROM grouped WHERE row NOT IN (SELECT row FROM kept_out) ORDER BY key, row"
        for key, rows in groupby(self._file.execute(query), key=lambda found: found[0]):
            yield key, [(row, orjson.loads(body)) for _, row, body in rows]

    def _digest(self, key: str) -> bytes:
        return hashlib.blake2b(key.encode("utf-8", "replace"), key=self._salt, digest_size=16).digest()


@contextmanager
def notebook() -> Iterator[Notebook]:
    """Open a notebook for as long as the block lasts."""
    book = Notebook()
    try:
        yield book
    finally:
        book.close()
