"""SMSD's own database file: how it is made and opened, and what is read from and written to its tables."""

import gzip
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sms_gateway.gammu.parts import InboxRow, Part

SCHEMA = Path("/usr/share/doc/gammu-smsd/examples/sqlite.sql")
"""Where Debian's package gammu-smsd keeps the statements that make its tables."""

_OURS = (
    "CREATE TABLE IF NOT EXISTS samleng_taken (fingerprint TEXT PRIMARY KEY, at TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS samleng_told (id INTEGER PRIMARY KEY, state TEXT NOT NULL, final INTEGER NOT NULL)",
)
_GONE_OUT = "('SendingOK', 'SendingOKNoReport', 'DeliveryOK', 'DeliveryFailed', 'DeliveryPending', 'DeliveryUnknown')"
# A moment that is past in every time zone: SMSD compares these columns with its local time, while their defaults are UTC.
_AT_ONCE = "2000-01-01 00:00:00"


def create_database(path: Path, schema: Path = SCHEMA) -> None:
    """Make SMSD's database with the tables of the installed package, ready or not at all; an existing one is left alone.

    It is in WAL mode and may be written by its owner and group, so that SMSD and Samleng can share it. Raises
    `FileNotFoundError` where the package's file is not there.
    """
    if path.exists():
        return
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o660)
    unfinished.chmod(0o660)  # whatever the umask: SMSD and Samleng may be two users of one group
    with closing(sqlite3.connect(unfinished)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(_statements(schema))
        for statement in _OURS:
            connection.execute(statement)
        connection.commit()
    unfinished.replace(path)


@contextmanager
def opened(path: Path, busy_s: float) -> Iterator[sqlite3.Connection]:
    """Open the database, which must exist; wait up to `busy_s` seconds for others' writes. Raises `sqlite3.Error`.

    What is committed survives a power cut, and what is removed is overwritten.
    """
    uri = f"{path.absolute().as_uri()}?mode=rw"
    with closing(sqlite3.connect(uri, uri=True, timeout=busy_s, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA secure_delete=ON")
        yield connection


@contextmanager
def written(connection: sqlite3.Connection) -> Iterator[None]:
    """Do everything inside in one write transaction, or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def prepare(connection: sqlite3.Connection) -> None:
    """Make our own two tables beside SMSD's: which SMS were taken in, and which receipts were told."""
    for statement in _OURS:
        connection.execute(statement)


def queued(connection: sqlite3.Connection, creator: str, number: str, parts: Sequence[Part]) -> int | None:
    """Return the id of the very same message where it still waits to be sent."""
    query = "SELECT ID, Text FROM outbox WHERE CreatorID = ? AND DestinationNumber = ?"
    rows = connection.execute(query, (creator, number))
    return next((row[0] for row in rows if row[1] == parts[0].text_hex), None)


def enqueue(connection: sqlite3.Connection, creator: str, number: str, parts: Sequence[Part], phone_id: str) -> int:
    """Put a message into SMSD's outbox for one phone, with a delivery report wished for; return its id."""
    first, *others = parts
    cursor = connection.execute(
        "INSERT INTO outbox (DestinationNumber, Text, Coding, UDH, MultiPart, DeliveryReport, CreatorID, SenderID,"
        " SendingDateTime, SendingTimeOut) VALUES (?, ?, ?, ?, ?, 'yes', ?, ?, ?, ?)",
        (
            *(number, first.text_hex, first.coding, first.udh, "true" if others else "false"),
            *(creator, phone_id, _AT_ONCE, _AT_ONCE),
        ),
    )
    connection.executemany(
        "INSERT INTO outbox_multipart (ID, SequencePosition, Text, Coding, UDH) VALUES (?, ?, ?, ?, ?)",
        [(cursor.lastrowid, at, part.text_hex, part.coding, part.udh) for at, part in enumerate(others, start=2)],
    )
    return int(cursor.lastrowid or 0)


def mend_outbox(connection: sqlite3.Connection, phone_id: str) -> None:
    """Mark parts that have left but still stand in the outbox: SMSD was killed in between and would send them again.

    SMSD itself skips and clears marked parts; after a kill it does not touch a message for a minute (tried), so there
    is time for this.
    """
    left = f"SELECT 1 FROM sentitems s WHERE s.Status IN {_GONE_OUT} AND s.ID"  # noqa: S608
    first = f"Status = 'Reserved' AND SenderID = ? AND EXISTS ({left} = outbox.ID AND s.SequencePosition = 1)"
    other = f"Status = 'Reserved' AND EXISTS ({left} = m.ID AND s.SequencePosition = m.SequencePosition)"
    if connection.execute(f"SELECT 1 FROM outbox WHERE {first}", (phone_id,)).fetchone():  # noqa: S608
        connection.execute(f"UPDATE outbox SET Status = 'SendingOK' WHERE {first}", (phone_id,))  # noqa: S608
    if connection.execute(f"SELECT 1 FROM outbox_multipart m WHERE {other}").fetchone():  # noqa: S608
        connection.execute(f"UPDATE outbox_multipart AS m SET Status = 'SendingOK' WHERE {other}")  # noqa: S608


def last_heard(connection: sqlite3.Connection, phone_id: str) -> datetime | None:
    """Return when SMSD last heard of a phone, or None. An exchanged modem has left a row of its own behind."""
    told = connection.execute("SELECT max(UpdatedInDB) FROM phones WHERE ID = ?", (phone_id,)).fetchone()[0]
    return utc(told) if told else None


def unprocessed(connection: sqlite3.Connection, phone_id: str) -> list[InboxRow]:
    """Return what one phone received and nobody took yet."""
    query = (
        "SELECT ID, ReceivingDateTime, UpdatedInDB, SenderNumber, Text, Coding, UDH, Class FROM inbox"
        " WHERE Processed = 'false' AND RecipientID = ? ORDER BY ID"
    )
    return [
        InboxRow(row[0], str(row[1]), utc(row[2]), row[3] or "", row[4] or "", row[5], row[6] or "", row[7])
        for row in connection.execute(query, (phone_id,))
    ]


def taken_before(connection: sqlite3.Connection, rows: Sequence[InboxRow]) -> list[InboxRow]:
    """Return those of the rows that are an SMS which was taken already."""
    query = "SELECT 1 FROM samleng_taken WHERE fingerprint = ?"
    return [row for row in rows if connection.execute(query, (row.fingerprint,)).fetchone()]


def mark_taken(connection: sqlite3.Connection, rows: Sequence[InboxRow], now: datetime) -> None:
    """Mark rows as processed, for good, and take number and words out of them: the core keeps those, encrypted."""
    with written(connection):
        connection.executemany(
            "INSERT OR IGNORE INTO samleng_taken (fingerprint, at) VALUES (?, ?)",
            [(row.fingerprint, stamp(now)) for row in rows],
        )
        connection.executemany(
            "UPDATE inbox SET Processed = 'true', SenderNumber = '', Text = '', TextDecoded = '' WHERE ID = ?",
            [(row.id,) for row in rows],
        )


def clear_old(connection: sqlite3.Connection, now: datetime, keep: timedelta) -> None:
    """Remove what is done with and older than `keep`."""
    old = (stamp(now - keep),)
    with written(connection):
        connection.execute("DELETE FROM inbox WHERE Processed = 'true' AND UpdatedInDB < ?", old)
        connection.execute("DELETE FROM samleng_taken WHERE at < ?", old)
        ours = "SELECT s.ID FROM sentitems s JOIN samleng_told t ON t.id = s.ID"
        connection.execute(f"DELETE FROM sentitems WHERE UpdatedInDB < ? AND ID IN ({ours})", old)  # noqa: S608
        connection.execute("DELETE FROM samleng_told WHERE id NOT IN (SELECT ID FROM sentitems)")


def stamp(at: datetime) -> str:
    """Return a moment as SQLite's `datetime('now')` writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def utc(told: str) -> datetime:
    """Return the moment that a column with SQLite's default time holds."""
    return datetime.fromisoformat(str(told)).replace(tzinfo=UTC)


def _statements(schema: Path) -> str:
    packed = schema.with_name(f"{schema.name}.gz")
    if schema.exists():
        return schema.read_text()
    if packed.exists():
        return gzip.decompress(packed.read_bytes()).decode()
    raise FileNotFoundError(f"{schema} is not there: install SMSD with 'apt-get install gammu-smsd libdbd-sqlite3'")
