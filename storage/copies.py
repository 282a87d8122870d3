"""Copies of the whole database: written while it runs, and put back in its place."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from storage import away
from storage.store import Store

_VARIABLES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE",
              "sslmode": "PGSSLMODE"}  # fmt: skip


class CopyFault(Exception):
    """Why a copy was not made or not put back, and what to do; the database is as it was."""


def backup(store: Store, target: Path) -> None:
    """Write a copy to a new file, readable by its owner alone. The keys are not in it. Raises `CopyFault`."""
    with _new_file(target):
        if (path := store.sqlite_path) is not None:
            with closing(sqlite3.connect(path)) as source:
                _copy(source, target)
        else:
            _run(store, "pg_dump", "--format=custom", f"--file={target}")


def restore(store: Store, source: Path, now: datetime) -> Path | None:
    """Put a copy in place of the database and return where the old SQLite file is kept. Raises `CopyFault`.

    Until the whole copy lies beside the old file, or on PostgreSQL is in the database, nothing is changed.
    """
    path = store.sqlite_path
    if path is None:
        whole = ("--clean", "--if-exists", "--single-transaction", "--no-owner", "--no-privileges")
        _run(store, "pg_restore", *whole, "--dbname", _database(store), str(source))
        return None
    _check_copy(source)
    store.close()
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    with _new_file(part):
        with closing(_opened(source)) as whole_copy:
            _copy(whole_copy, part)
        kept = _put_aside(path, now)
        part.rename(path)
    return kept


@contextmanager
def _new_file(target: Path) -> Iterator[None]:
    """Make a file that only its owner may read, to be filled; it is gone again where that fails. Raises `CopyFault`."""
    try:
        target.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        raise CopyFault(f"{target} is there already; name a new file") from None
    except OSError as fault:
        raise CopyFault(
            f"{target} cannot be written ({fault.strerror}); name a file where this user may write"
        ) from fault
    try:
        yield
    except sqlite3.Error as fault:
        target.unlink(missing_ok=True)
        why = away.why(fault)
        raise CopyFault(f"{target} was not written: {why.what}; {why.remedy}") from fault
    except OSError as fault:
        target.unlink(missing_ok=True)
        raise CopyFault(
            f"{target} was not written ({fault.strerror}); make room there, or name another place"
        ) from fault
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _opened(source: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)


def _copy(source: sqlite3.Connection, target: Path) -> None:
    """Copy a database with what its log holds into one file without a log, which can be read where nothing is written."""
    with closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")


def _check_copy(source: Path) -> None:
    """See that a file is a sound copy of a database of ours. Raises `CopyFault`."""
    try:
        with closing(_opened(source)) as copy:
            sound = copy.execute("PRAGMA quick_check").fetchone()[0] == "ok"
            ours = copy.execute("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'").fetchone()[0]
    except sqlite3.Error:
        sound, ours = False, 0
    if not sound or not ours:
        what = "no database of Samleng's" if sound else "no sound SQLite database"
        raise CopyFault(f"{source} is {what}; nothing was changed, name a file that `samleng db backup` wrote")


def _put_aside(path: Path, now: datetime) -> Path | None:
    """Let the old file have another name, with what its log holds; None where there is none. Raises `CopyFault`."""
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(path, timeout=1)) as old:
            # Only whoever is alone with a database may end its log.
            old.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.OperationalError as fault:
        why = away.why(fault)
        if why is away.BUSY:
            raise CopyFault(
                "Samleng, or another program, has the database open; stop it, nothing was changed"
            ) from fault
        raise CopyFault(f"the old database cannot be put aside: {why.what}; {why.remedy}") from fault
    except sqlite3.DatabaseError:
        # It is damaged, which is why somebody restores it: its log stays beside it.
        pass
    kept = path.with_name(f"{path.name}.before-restore-{now:%Y%m%dT%H%M%S}")
    for suffix in ("", "-wal", "-shm"):
        if (there := path.with_name(path.name + suffix)).exists():
            there.rename(kept.with_name(kept.name + suffix))
    return kept


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
