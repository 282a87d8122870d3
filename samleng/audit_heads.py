"""The audit chain's head kept in a second place: only against it can a rewritten chain or a cut-off end be found."""

import os
from datetime import datetime
from pathlib import Path

from storage import Store
from storage.queries import audit


def read(path: Path | None) -> dict[int, str]:
    """Return the heads written so far, hash by sequence number; lines that were half written are passed over."""
    if path is None or not path.exists():
        return {}
    heads: dict[int, str] = {}
    for line in path.read_text().splitlines():
        parts = line.split()
        if len(parts) == 3 and parts[1].isdigit() and len(parts[2]) == 64:
            heads[int(parts[1])] = parts[2]
    return heads


def write(store: Store, path: Path | None, now: datetime) -> int:
    """Add today's head to the file, once a day, and count it; nothing where no file is configured."""
    if path is None:
        return 0
    if any(line.startswith(f"{now.date().isoformat()}T") for line in _last_lines(path)):
        return 0
    with store.reading() as tx:
        head = audit.head(tx)
    if head.seq == 0:
        return 0
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as stream:
        stream.write(f"{now.isoformat(timespec='seconds')} {head.seq} {head.hash}\n")
        stream.flush()
        os.fsync(stream.fileno())
    return 1


def _last_lines(path: Path) -> list[str]:
    return path.read_text().splitlines()[-3:] if path.exists() else []
