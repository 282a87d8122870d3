"""Writing the messages of a broadcast, part by part of its frozen audience; people are not held in memory.

What is the same for all who read one language is written by the database itself. A gateway is chosen in Python only for
whoever wrote to none, or to one that cannot take this part; so are words with names in them.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from domain.gateway_health import allowance
from domain.inbound import Channel
from domain.routing import stand_ins
from domain.segments import count_segments
from handlers.broadcasts.preview import ways_of
from handlers.broadcasts.texts import Filler, filler_of
from handlers.context import Context
from handlers.sending.gateways import Shares, gateway_for_many, shares
from storage import Tx
from storage.queries.sending import audiences, batches
from storage.queries.sending.audiences import Plain, Reader, Span, Ways
from storage.queries.sending.batches import BatchRecord

_SHARE_S, _LEAST, _MOST = 10, 100, 2_000
"""A part is what the fastest gateway sends in so many seconds, within bounds: two broadcasts take turns by such parts, and
on SQLite nobody else writes while one is written.
"""

PERSONAL_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a broadcast's people: who get theirs in one transaction."""

    batch: BatchRecord
    filler: Filler
    default: str
    span: Span
    due_at: datetime
    now: datetime

    @property
    def audience(self) -> dict[str, Any]:
        """Return whom the batch is for, as it was frozen."""
        return {"batch": self.batch.id, "channel": (self.batch.audience or {}).get("channel")}


def lay_out_next(context: Context, tx: Tx, batch: BatchRecord, now: datetime) -> int | None:
    """Write the next part of a broadcast and count its messages; None where all is written."""
    filler, default = filler_of(batch), context.settings.default_language.value
    size = min(PERSONAL_CHUNK, _part(context)) if filler.is_personal else _part(context)
    chunk = audiences.chunk_end(tx, batch.id, after=batch.last_person_id, size=size)
    if chunk is None:
        return None
    until, people = chunk
    due = context.calendar.after_quiet_hours(now)
    part = Part(batch, filler, default, Span(batch.last_person_id, until), due, now)
    if batch.not_after is not None and due > batch.not_after:
        batches.change(tx, batch.id, last_person_id=until)
        return 0
    written = _written(context, tx, part)
    done = written.total()
    counts = _counted(tx, part, written, all_written=done == people)
    batches.change(tx, batch.id, last_person_id=until, counts=counts)
    return done


def _part(context: Context) -> int:
    """Return for how many people messages are written at a time."""
    fastest = max((info.rate for info in context.gateways.values()), default=1.0)
    return int(min(_MOST, max(_LEAST, fastest * _SHARE_S)))


def _counted(tx: Tx, part: Part, written: Counter[str], *, all_written: bool) -> dict[str, Any]:
    """Return a batch's counts with what was written; and how many had no text in their language, which changed since."""
    counts = dict(part.batch.counts or {})
    counts["queued"] = dict(Counter(counts.get("queued", {})) + written)
    if not all_written:
        languages = list(part.filler.texts)
        missing = audiences.without_text(tx, part.audience, part.span, languages=languages, default=part.default)
        if missing:
            counts["no_text"] = counts.get("no_text", 0) + missing
    return counts


def _due(context: Context, part: Part) -> dict[str, datetime]:
    """Return by gateway from when a part is due: once what was written before it can have left.

    So two broadcasts that are under way share a gateway's rate, whichever began first.
    """
    before = (part.batch.counts or {}).get("queued", {})
    return {
        name: part.due_at + timedelta(seconds=before.get(name, 0) / info.rate)
        for name, info in context.gateways.items()
    }


def _written(context: Context, tx: Tx, part: Part) -> Counter[str]:
    """Write a part, and count its messages by gateway."""
    shared = shares(context, tx, part.now, bulk=True)
    if part.filler.is_personal:
        return _choose(context, tx, part, shared, without=None)
    texts = dict(part.filler.texts)
    parts = {language: count_segments(text).segments for language, text in texts.items()}
    ways = ways_of(context, _able(shared, most=max(parts.values()) * _MOST))
    what = Plain(
        part.batch.id, part.batch.kind, texts, parts, ways, channel=part.audience["channel"], default=part.default,
        not_after=part.batch.not_after,
    )  # fmt: skip
    done = Counter(audiences.lay_out_plain(tx, what, part.span, due=_due(context, part), now=part.now))
    if len(stand_ins(context.gateways)) > 1:
        done += _choose(context, tx, part, shared, without=ways)
    return done


def _able(shared: Shares, *, most: int) -> frozenset[str]:
    """Return the gateways that may be given a whole part without looking at each message."""
    able = (each for each in shared.standings if allowance(each.health) is None and each.has_room(most))
    return frozenset(each.info.name for each in able)


def _choose(context: Context, tx: Tx, part: Part, shared: Shares, *, without: Ways | None) -> Counter[str]:
    """Write the messages of those for whom a gateway, or the words, are to be found person by person."""
    rows: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    personal = without is None
    for reader in audiences.readers(
        tx, part.audience, part.span, default=part.default, without=without,
        with_address=len(stand_ins(context.gateways)) > 1, with_name=personal,
    ):  # fmt: skip
        row = _row(context, shared, part, reader)
        if row is not None:
            rows[row["gateway_name"]].append(row)
    due = _due(context, part)
    for name, theirs in rows.items():
        batches.lay_out(tx, part.batch.id, theirs, due_at=due[name], now=part.now)
    return Counter({name: len(theirs) for name, theirs in rows.items()})


def _row(context: Context, shared: Shares, part: Part, reader: Reader) -> dict[str, Any] | None:
    said = part.filler.said(reader.language, name=reader.name, area_id=reader.area_id)
    if said is None:
        return None
    parts = count_segments(said).segments if reader.channel is Channel.SMS else 1
    gateway = gateway_for_many(
        context, shared, channel=reader.channel, own=reader.gateway, address=reader.address, parts=parts
    )
    if gateway is None:
        return None
    return {
        "contact_point_id": reader.contact_id,
        "person_id": reader.person_id,
        "kind": part.batch.kind,
        "key": part.batch.kind,
        "text": said,
        "language": reader.language,
        "buttons": None,
        "protect": False,
        "channel": reader.channel.value,
        "segments": parts,
        "gateway_name": gateway,
    }
