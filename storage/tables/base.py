"""What all tables share: naming of constraints, aware UTC times, encrypted columns, JSON that both databases keep alike."""

from datetime import UTC, datetime
from typing import Any, cast

import orjson
from sqlalchemy import BigInteger, Dialect, Integer, LargeBinary, MetaData, Table, Text, TypeDecorator
from sqlalchemy import DateTime as SqlDateTime
from sqlalchemy.orm import DeclarativeBase

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}

Id = BigInteger().with_variant(Integer(), "sqlite")
"""A row's number."""


class Base(DeclarativeBase):
    """The base of all tables."""

    metadata = MetaData(naming_convention=NAMES)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware UTC in Python; a naive moment is refused. SQLite keeps no zone, so UTC is put back on reading."""

    impl = SqlDateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC, without a zone where the database keeps none."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Return the moment as aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class EncryptedText(TypeDecorator[str]):
    """A text that the database file alone does not tell; the engine's dialect carries the keys (`storage.store`)."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, purpose: str = "personal") -> None:
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Encrypt."""
        if value is None:
            return None
        encrypted: bytes = dialect.keyring.encrypt(self.purpose, value.encode("utf-8", "replace"))  # type: ignore[attr-defined]
        return encrypted

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Decrypt. Raises `KeyFault`."""
        if value is None:
            return None
        decrypted: bytes = dialect.keyring.decrypt(self.purpose, bytes(value))  # type: ignore[attr-defined]
        return decrypted.decode()


class EncryptedBytes(TypeDecorator[bytes]):
    """A file's bytes, encrypted like `EncryptedText`."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, purpose: str = "personal") -> None:
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Encrypt."""
        if value is None:
            return None
        encrypted: bytes = dialect.keyring.encrypt(self.purpose, value)  # type: ignore[attr-defined]
        return encrypted

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Decrypt. Raises `KeyFault`."""
        if value is None:
            return None
        decrypted: bytes = dialect.keyring.decrypt(self.purpose, bytes(value))  # type: ignore[attr-defined]
        return decrypted


class JsonText(TypeDecorator[Any]):
    """A plain JSON value kept as text, read and written by orjson on both databases."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any | None, _dialect: Dialect) -> str | None:
        """Write the value as JSON with sorted keys."""
        return None if value is None else orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()

    def process_result_value(self, value: str | None, _dialect: Dialect) -> Any | None:
        """Read the JSON."""
        return None if value is None else orjson.loads(value)


def table_of(model: type[Base]) -> Table:
    """Return the table that a model declares, for queries that need no objects."""
    return cast("Table", model.__table__)
