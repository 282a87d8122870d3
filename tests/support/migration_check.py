"""Checks that the migrations are one line and make the very tables that the program declares; prints what differs."""

import sys
import tempfile
from pathlib import Path

from storage import Store, schema
from tests.support.databases import TEST_KEYS


def main() -> int:
    """Migrate an empty database and compare; exit status 1 where something differs."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'check.db'}", TEST_KEYS, pool_size=1)
        schema.upgrade(store)
        differences = schema.differences(store)
        current = schema.is_current(store)
        store.close()
    for difference in differences:
        sys.stderr.write(f"the migrations lack: {difference}\n")
    return 0 if current and not differences else 1


if __name__ == "__main__":
    sys.exit(main())
