"""Copies of the whole database: written while it runs, and put back in its place."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import datetime
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from storage.store import Store

_VARIABLES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE",
              "sslmode": "PGSSLMODE"}  # fmt: skip


class CopyFault(Exception):
    """Why a copy was not made or not put back, and what to do; the database is as it was."""


def backup(store: Store, target: Path) -> None:
    """Write a copy to a new file, readable by its owner alone. The keys are not in it. Raises `CopyFault`."""
    if target.exists():
        raise CopyFault(f"{target} is there already; name a new file")
    target.touch(mode=0o600)
    try:
        if (path := store.sqlite_path) is not None:
            with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(target)) as copy:
                source.backup(copy)
        else:
            _run(store, "pg_dump", "--format=custom", f"--file={target}")
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def restore(store: Store, source: Path, now: datetime) -> Path | None:
    """Put a copy in place of the database and return where the old SQLite file is kept. Raises `CopyFault`."""
    path = store.sqlite_path
    if path is None:
        _run(
            store, "pg_restore", "--clean", "--if-exists", "--exit-on-error", "--dbname", _database(store), str(source)
        )
        return None
    if not _is_sound(source):
        raise CopyFault(f"{source} is no sound SQLite database; nothing was changed")
    store.close()
    kept = path.with_name(f"{path.name}.before-restore-{now:%Y%m%dT%H%M%S}")
    if path.exists():
        with closing(sqlite3.connect(path)) as old:
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        path.rename(kept)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    shutil.copyfile(source, path)
    path.chmod(0o600)
    return kept if kept.exists() else None


def _is_sound(source: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as copy:
            return bool(copy.execute("PRAGMA quick_check").fetchone()[0] == "ok")
    except sqlite3.DatabaseError:
        return False


def _database(store: Store) -> str:
    return str(_parts(store).get("dbname", ""))


def _parts(store: Store) -> dict[str, object]:
    return dict(conninfo_to_dict(store.direct_url.replace("postgresql+psycopg://", "postgresql://")))


def _run(store: Store, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; the connection goes by the environment, so that no password is in its arguments."""
    found = shutil.which(program)
    if found is None:
        raise CopyFault(f"{program} is not on this machine; install PostgreSQL's client programs")
    parts = _parts(store)
    environ = {name: str(parts[key]) for key, name in _VARIABLES.items() if key in parts}
    done = subprocess.run([found, *arguments], env={**os.environ, **environ}, check=False)  # noqa: S603
    if done.returncode != 0:
        raise CopyFault(f"{program} failed with status {done.returncode}; what it said stands above")
