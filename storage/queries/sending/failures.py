"""Messages that failed for good: counted, and listed without numbers or texts. Sensitive cases are as though not there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from storage.store import Tx
from storage.tables import Case, Message
from storage.tables.base import table_of

_M, _K = table_of(Message), table_of(Case)


@dataclass(frozen=True, slots=True)
class FailedMessage:
    """One message that failed. `reference` is its case's, `kind` what it was: an answer, a reminder, a notice."""

    id: int
    at: datetime
    failed_at: datetime
    kind: str
    channel: str
    gateway: str | None
    failure: str | None
    reference: str | None


def count(tx: Tx, since: datetime, until: datetime) -> dict[str | None, int]:
    """Count what failed in a time by failure (index `ix_message_failed`)."""
    counted = func.count().label("messages")
    query = _failed(select(_M.c.failure, counted), since, until).group_by(_M.c.failure)
    return {row.failure: row.messages for row in tx.execute(query)}


def listed(tx: Tx, since: datetime, until: datetime, limit: int) -> list[FailedMessage]:
    """Return what failed in a time, newest first (index `ix_message_failed`)."""
    columns = (_M.c.id, _M.c.at, _M.c.state_at, _M.c.kind, _M.c.channel, _M.c.gateway, _M.c.failure, _K.c.reference)
    query = _failed(select(*columns), since, until).order_by(_M.c.state_at.desc(), _M.c.id.desc()).limit(limit)
    return [
        FailedMessage(row.id, row.at, row.state_at, row.kind, row.channel, row.gateway, row.failure, row.reference)
        for row in tx.execute(query)
    ]


def _failed(query: Select[Any], since: datetime, until: datetime) -> Select[Any]:
    return (
        query.select_from(_M)
        .outerjoin(_K, _K.c.id == _M.c.case_id)
        .where(
            _M.c.state.in_(("failed", "undelivered")),
            _M.c.state_at >= since,
            _M.c.state_at < until,
            _M.c.direction == "out",
            _K.c.sensitive.is_(None),
        )
    )
