"""The store: tables, named queries, the outbox queue, the audit log, encryption and migrations, on SQLite or PostgreSQL."""

from storage.keys import KeyFault, Keyring
from storage.store import Store, Tx

__all__ = ["KeyFault", "Keyring", "Store", "Tx"]
