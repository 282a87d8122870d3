"""Why a database does not do what it is asked, in a closed list of words made from the driver's error, and what to do."""

import re
import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Why:
    """What stands in the way, without a word of what was asked, and the remedy."""

    what: str
    remedy: str


_FULL = Why("its disk is full", "make room there, then do the same again")
_READ_ONLY = Why("this user may not write it", "let this user write the file and its folder, or start as its owner")
_NO_FILE = Why("its file cannot be opened", "check that its folder is there and that this user may write in it")
BUSY = Why("another program has been writing for long", "try again in a moment")
_BROKEN_DISK = Why(
    "its disk is full or fails", "make room there; if it is not full, look after the disk and restore a backup"
)
_DAMAGED = Why("its file is damaged, or no database", "put a backup back: `samleng db restore FILE --yes`")
_NO_TABLES = Why("it lacks tables or columns", "run `samleng db upgrade`; for a new installation `samleng init`")
_REFUSED = Why("it refuses the user or the password", "check both in the address under [database]")
_NO_DATABASE = Why("there is no database of that name", "make it (createdb), or mend the name under [database] url")
_NOBODY_THERE = Why("nothing answers at its address", "check [database] url, and that the database runs")
_TOO_MANY = Why("it has no connection left", "raise its max_connections, or lower pool_size under [database]")
_STARTING = Why("it is starting or stopping", "try again in a moment")

NOT_OPERATIONAL = (_DAMAGED, _NO_TABLES)
"""What drivers do not tell as an operational error, though nothing but the database is at fault."""

_SQLITE = {
    "SQLITE_FULL": _FULL,
    "SQLITE_READONLY": _READ_ONLY,
    "SQLITE_PERM": _READ_ONLY,
    "SQLITE_CANTOPEN": _NO_FILE,
    "SQLITE_BUSY": BUSY,
    "SQLITE_LOCKED": BUSY,
    "SQLITE_IOERR": _BROKEN_DISK,
    "SQLITE_CORRUPT": _DAMAGED,
    "SQLITE_NOTADB": _DAMAGED,
}
"""By SQLite's primary result codes: https://www.sqlite.org/rescode.html"""

_STATES = {
    "28000": _REFUSED,
    "28P01": _REFUSED,
    "3D000": _NO_DATABASE,
    "53100": _FULL,
    "53300": _TOO_MANY,
    "25006": _READ_ONLY,
    "57P01": _STARTING,
    "57P03": _STARTING,
    "42P01": _NO_TABLES,
    "42703": _NO_TABLES,
}
"""By SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html"""

_SAID = (
    (re.compile(r"password|authentication|no pg_hba|role .* does not exist"), _REFUSED),
    (re.compile(r"database .* does not exist"), _NO_DATABASE),
    (re.compile(r"too many (connections|clients)|connection slots"), _TOO_MANY),
    (re.compile(r"starting up|shutting down"), _STARTING),
    (re.compile(r"refused|timeout|timed out|resolve|translate host|No such file|unreachable"), _NOBODY_THERE),
)
"""A connection that was never made bears no SQLSTATE, only the server's words."""


def why(fault: BaseException | None) -> Why:
    """Return why, from what the driver raised; its own words are never passed on, as they may quote what was asked."""
    if isinstance(fault, sqlite3.Error):
        return _of_sqlite(fault) or _unknown(fault)
    known = _STATES.get(getattr(fault, "sqlstate", None) or "")
    return known or next((each for pattern, each in _SAID if pattern.search(str(fault))), _unknown(fault))


def _of_sqlite(fault: sqlite3.Error) -> Why | None:
    name = getattr(fault, "sqlite_errorname", None) or ""
    found = next((each for code, each in _SQLITE.items() if name == code or name.startswith(f"{code}_")), None)
    if found is None and re.match(r"no such (table|column)|table \S+ has no column", str(fault)):
        return _NO_TABLES
    return found


def _unknown(fault: BaseException | None) -> Why:
    return Why(type(fault).__name__, _NOBODY_THERE.remedy)
