"""The messages about one round, meeting or condition: reminders, surveys, changes, in the order in which they were written."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from domain.inbound import Channel
from storage.queries.programme.told import about
from storage.store import Tx
from storage.tables import Batch, ContactPoint, Message, Person
from storage.tables.base import table_of

_B, _M, _P, _C = (table_of(each) for each in (Batch, Message, Person, ContactPoint))


@dataclass(frozen=True, slots=True)
class Sent:
    """One message of a batch about a subject."""

    person_id: int
    external_id: str | None
    channel: Channel
    address: str
    kind: str
    plan: str
    text: str | None
    state: str
    failure: str | None
    gateway: str | None
    parts: int
    handed_over_at: datetime | None


def of_subject(tx: Tx, subject: str) -> Iterator[Sent]:
    """Give the messages of the batches about a subject and its parts (index `uq_message_batch_person`)."""
    query = (
        select(
            _M.c.person_id, _P.c.external_id, _M.c.channel, _C.c.address, _M.c.kind, _B.c.plan, _M.c.text, _M.c.state,
            _M.c.failure, _M.c.gateway, _M.c.segments.label("parts"), _M.c.handed_over_at,
        )
        .join(_B, _B.c.id == _M.c.batch_id)
        .join(_P, _P.c.id == _M.c.person_id)
        .join(_C, _C.c.id == _M.c.contact_point_id)
        .where(about(subject))
        .order_by(_M.c.id)
    )  # fmt: skip
    for row in tx.execute(query):
        yield Sent(**{**row._mapping, "channel": Channel(row.channel)})
