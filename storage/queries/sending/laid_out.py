"""Writing the messages of a batch's frozen people where words differ by language only: the database does it, part by part."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Insert, Select, bindparam, case, false, func, insert, literal, or_, select

from domain.inbound import Channel
from storage.queries.sending.audiences import BEST, Span, Ways, conditions, gateway_of, gets_it, language_of, reached
from storage.queries.sending.outbox import Lane
from storage.store import Tx
from storage.tables import BatchPerson, Message, OutboxItem, Person
from storage.tables.base import table_of

_P, _M, _O, _BP = (table_of(each) for each in (Person, Message, OutboxItem, BatchPerson))

_NEXT = (
    select(_BP.c.person_id)
    .where(_BP.c.batch_id == bindparam("batch"), _BP.c.person_id > bindparam("after"))
    .order_by(_BP.c.person_id)
    .limit(bindparam("size"))
    .subquery()
)
_CHUNK = select(func.max(_NEXT.c.person_id).label("last"), func.count().label("people"))
_OURS = (
    _M.c.batch_id == bindparam("batch"),
    _M.c.person_id > bindparam("after"),
    _M.c.person_id <= bindparam("until"),
)
_BY_GATEWAY = select(_M.c.gateway, func.count().label("messages")).where(*_OURS).group_by(_M.c.gateway)


def chunk_end(tx: Tx, batch_id: int, *, after: int, size: int) -> tuple[int, int] | None:
    """Return the last person of a batch's next chunk and how many there are in it, None after the last (primary key)."""
    row = tx.execute(_CHUNK, {"batch": batch_id, "after": after, "size": size}).one()
    return None if row.last is None else (row.last, row.people)


@dataclass(frozen=True, slots=True)
class Plain:
    """A batch whose words differ by language only: the texts, their SMS parts, by what and until when it is sent."""

    batch_id: int
    kind: str
    texts: Mapping[str, str]
    parts: Mapping[str, int]
    ways: Ways
    channel: str | None
    default: str
    not_after: datetime | None


class PlainWriter:
    """Writes a batch's messages, a part of its people at a time.

    The statements are put together once: that takes longer than the database needs for some hundred rows.
    """

    def __init__(self, what: Plain) -> None:
        self._what = what
        self._gateways = sorted({*what.ways.kept, *what.ways.others.values()})
        self._messages, self._items = _messages(what), _items(what, self._gateways)

    def write(self, tx: Tx, span: Span, *, due: Mapping[str, datetime], now: datetime) -> dict[str, int]:
        """Write and queue the messages of a part, due by gateway, and count them by gateway.

        Nobody is left out but who gets nothing, has no text in her language, or needs a gateway chosen (see `Ways`;
        primary key of `batch_person`, index on `contact_point.person_id`).
        """
        if not self._gateways:
            return {}
        part = {"batch": self._what.batch_id, "after": span.after, "until": span.until}
        done = tx.execute(self._messages, {**part, "moment": now}).rowcount
        if done == 0:
            return {}
        tx.queued = True
        tx.execute(self._items, part | {f"due_{n}": due[name] for n, name in enumerate(self._gateways)})
        if len(self._gateways) == 1:
            return {self._gateways[0]: done}
        return {row.gateway: row.messages for row in tx.execute(_BY_GATEWAY, part)}


def _messages(what: Plain) -> Insert:
    audience = {"batch": what.batch_id, "channel": what.channel}
    language, gateway = language_of(what.default), gateway_of(what.ways)
    segments = case(dict(what.parts), value=language, else_=1)
    columns: dict[str, Any] = {
        "direction": literal("out"),
        "contact_point_id": BEST.c.id,
        "batch_id": literal(what.batch_id),
        "person_id": _P.c.id,
        "kind": literal(what.kind),
        "key": literal(what.kind),
        "text": case(dict(what.texts), value=language),
        "language": language,
        "protect": false(),
        "state": literal("queued"),
        "gateway": gateway,
        "channel": BEST.c.channel,
        "segments": case((BEST.c.channel == Channel.SMS.value, segments), else_=1),
        "at": bindparam("moment", type_=_M.c.at.type),
    }
    chosen = (gets_it(), or_(*(language == code for code in what.texts)), gateway.is_not(None))
    within = (_BP.c.person_id > bindparam("after"), _BP.c.person_id <= bindparam("until"))
    rows = _labelled(columns).select_from(reached(audience))
    rows = rows.where(*conditions(audience, what.default), *within, *chosen).order_by(_BP.c.person_id)
    written = insert(_M).from_select(list(columns), rows, include_defaults=False)
    return written.execution_options(preserve_rowcount=True)


def _items(what: Plain, gateways: list[str]) -> Insert:
    """Return the statement that queues what was just written (index `uq_message_batch_person`)."""
    due: Any = {name: bindparam(f"due_{n}", type_=_O.c.due_at.type) for n, name in enumerate(gateways)}
    columns: dict[str, Any] = {
        "message_id": _M.c.id,
        "contact_point_id": _M.c.contact_point_id,
        "gateway": _M.c.gateway,
        "lane": literal(Lane.BULK.value),
        "action": literal("send"),
        "state": literal("queued"),
        "due_at": case(due, value=_M.c.gateway) if len(due) != 1 else due[gateways[0]],
        "not_after": literal(what.not_after, _O.c.not_after.type),
        "attempts": literal(0),
        "repeated": false(),
    }
    rows = _labelled(columns).where(*_OURS)
    return insert(_O).from_select(list(columns), rows, include_defaults=False)


def _labelled(columns: Mapping[str, Any]) -> Select[Any]:
    return select(*(column.label(name) for name, column in columns.items()))
