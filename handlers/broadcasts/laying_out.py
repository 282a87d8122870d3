"""Writing the messages of a broadcast, part by part of its frozen audience; people are not held in memory.

What is the same for all who read one language is written by the database itself. A gateway is chosen in Python only for
whoever wrote to none, or to one that cannot take this part; so are words with names in them.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from domain.inbound import Channel
from domain.sending.gateway_health import allowance
from domain.sending.routing import stand_ins
from domain.sending.segments import count_segments
from handlers.broadcasts.preview import ways_of
from handlers.broadcasts.texts import filler_of
from handlers.broadcasts.turns import turns
from handlers.context import Context
from handlers.sending.gateways import Shares, gateway_for_many, shares
from storage import Tx
from storage.queries.sending import audiences, batches, laid_out, sharers
from storage.queries.sending.audiences import Reader, Span, Ways
from storage.queries.sending.batches import BatchRecord
from storage.queries.sending.laid_out import Plain, PlainWriter

_SHARE_S, _LEAST, _MOST = 20, 100, 2_000
"""A part is what the fastest gateway sends in so many seconds, within bounds: two broadcasts take turns by such parts."""

_PERSONAL = 500
"""So many people at most make a part where each has words of her own."""

_HOLD_S = 0.15
"""So long one transaction goes on taking parts: on SQLite nobody else writes meanwhile."""


def lay_out_next(context: Context, tx: Tx, batch: BatchRecord, now: datetime) -> int | None:
    """Write the next parts of a broadcast and count their messages; None where all is written."""
    laying, begun = _Laying(context, tx, batch, now), context.monotonic()
    done = laying.next_part()
    if done is None:
        return None
    while context.monotonic() - begun < _HOLD_S and (more := laying.next_part()) is not None:
        done += more
    laying.keep()
    return done


@dataclass(frozen=True, slots=True)
class _Part:
    """Whom one part is for, and from when it is due by gateway."""

    span: Span
    due: dict[str, datetime]


class _Laying:
    """One transaction's work on a broadcast: it remembers how far it came, and keeps that at its end."""

    def __init__(self, context: Context, tx: Tx, batch: BatchRecord, now: datetime) -> None:
        self._context, self._tx, self._batch, self._now = context, tx, batch, now
        self._filler, self._default = filler_of(batch), context.settings.default_language.value
        self._channel = (batch.audience or {}).get("channel")
        self._audience = {"batch": batch.id, "channel": self._channel}
        self._several = len(stand_ins(context.gateways)) > 1
        self._phones_are_shared = sharers.there_are(tx)
        fastest = max((info.rate for info in context.gateways.values()), default=1.0)
        size = int(min(_MOST, max(_LEAST, fastest * _SHARE_S)))
        self._size = min(_PERSONAL, size) if self._filler.is_personal else size
        self._parts = {code: count_segments(text).segments for code, text in self._filler.texts.items()}
        self._last: tuple[Ways, PlainWriter] | None = None
        self._after, self._no_text = batch.last_person_id, 0
        self._begins = context.calendar.after_quiet_hours(now)
        self._due = self._first_due()

    def _first_due(self) -> dict[str, datetime]:
        """Return by gateway from when the next part is due: after what was written before, but not before its turn."""
        kept = (self._batch.counts or {}).get("due", {})
        moments = turns(self._context, self._tx, self._begins)
        return {
            name: max(turn, datetime.fromisoformat(kept[name])) if name in kept else turn
            for name, turn in moments.items()
        }

    def next_part(self) -> int | None:
        """Write the next part and count its messages; None where all is written."""
        chunk = laid_out.chunk_end(self._tx, self._batch.id, after=self._after, size=self._size)
        if chunk is None:
            return None
        until, people = chunk
        span, self._after = Span(self._after, until), until
        if self._batch.not_after is not None and self._begins > self._batch.not_after:
            return 0
        written = self._written(_Part(span, dict(self._due)))
        for name, count in written.items():
            self._due[name] += timedelta(seconds=count / self._context.gateways[name].rate)
        if written.total() < people:
            languages = list(self._filler.texts)
            self._no_text += audiences.without_text(
                self._tx, self._audience, span, languages=languages, default=self._default
            )
        return written.total()

    def keep(self) -> None:
        """Keep how far it came, and how many had no text in their language, which changed since the approval."""
        counts = dict(self._batch.counts or {})
        counts["due"] = {name: moment.isoformat() for name, moment in self._due.items()}
        if self._no_text:
            counts["no_text"] = counts.get("no_text", 0) + self._no_text
        batches.change(self._tx, self._batch.id, last_person_id=self._after, counts=counts)

    def _written(self, part: _Part) -> Counter[str]:
        """Write a part, and count its messages by gateway."""
        shared = shares(self._context, self._tx, self._now, bulk=True)
        done = self._written_to_own(part, shared)
        if self._phones_are_shared:
            done += self._lay_out(part, shared, self._sharers(part))
        return done

    def _written_to_own(self, part: _Part, shared: Shares) -> Counter[str]:
        """Write a part to those who have a contact point of their own."""
        if self._filler.is_personal:
            return self._choose(part, shared, without=None)
        ways = ways_of(self._context, _able(shared, most=max(self._parts.values()) * _MOST))
        done = Counter(self._writer(ways).write(self._tx, part.span, due=part.due, now=self._now))
        if self._several:
            done += self._choose(part, shared, without=ways)
        return done

    def _writer(self, ways: Ways) -> PlainWriter:
        """Return the writer for some ways: the last one while they stay the same."""
        if self._last is None or self._last[0] != ways:
            what = Plain(
                self._batch.id, self._batch.kind, self._filler.texts, self._parts, ways, channel=self._channel,
                default=self._default, not_after=self._batch.not_after,
            )  # fmt: skip
            self._last = ways, PlainWriter(what)
        return self._last[1]

    def _choose(self, part: _Part, shared: Shares, *, without: Ways | None) -> Counter[str]:
        """Write the messages of those for whom a gateway, or the words, are to be found person by person."""
        found = audiences.readers(
            self._tx, self._audience, part.span, default=self._default, without=without,
            with_address=self._several, with_name=without is None,
        )  # fmt: skip
        return self._lay_out(part, shared, found)

    def _sharers(self, part: _Part) -> list[Reader]:
        """Return those of a part who have only a phone that they share, and to whom it is sent there."""
        found = sharers.of_audience(
            self._tx, self._audience, part.span, default=self._default, with_address=self._several,
            with_name=self._filler.is_personal,
        )  # fmt: skip
        return [each.reader for each in found if each.is_spoken_to]

    def _lay_out(self, part: _Part, shared: Shares, found: Sequence[Reader]) -> Counter[str]:
        rows = [row for row in (self._row(shared, reader) for reader in found) if row is not None]
        batches.lay_out(self._tx, self._batch.id, rows, due_at=part.due, now=self._now)
        return Counter(row["gateway_name"] for row in rows)

    def _row(self, shared: Shares, reader: Reader) -> dict[str, Any] | None:
        said = self._filler.said(reader.language, name=reader.name, area_id=reader.area_id)
        if said is None:
            return None
        parts = count_segments(said).segments if reader.channel is Channel.SMS else 1
        gateway = gateway_for_many(
            self._context, shared, channel=reader.channel, own=reader.gateway, address=reader.address, parts=parts
        )
        if gateway is None:
            return None
        return {
            "contact_point_id": reader.contact_id,
            "person_id": reader.person_id,
            "kind": self._batch.kind,
            "key": self._batch.kind,
            "text": said,
            "language": reader.language,
            "buttons": None,
            "protect": False,
            "channel": reader.channel.value,
            "segments": parts,
            "gateway_name": gateway,
        }


def _able(shared: Shares, *, most: int) -> frozenset[str]:
    """Return the gateways that may be given a whole part without looking at each message."""
    able = (each for each in shared.standings if allowance(each.health) is None and each.has_room(most))
    return frozenset(each.info.name for each in able)
