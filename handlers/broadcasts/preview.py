"""What a broadcast would be, before anything is written: people, words, parts, cost, hours, and who gets nothing and why."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from domain.inbound import Channel
from domain.ports import GatewayInfo
from domain.sending.routing import is_judged, stand_ins
from domain.sending.segments import count_segments
from handlers.broadcasts.duration import finishes
from handlers.broadcasts.texts import Filler
from handlers.broadcasts.turns import turns
from handlers.context import Context
from handlers.sending.gateways import Shares, gateway_for_many, shares
from storage import Tx
from storage.queries.sending import audiences, claims, gateways, sharers
from storage.queries.sending.audiences import Group, Reader, Span, Ways
from storage.queries.sending.sharers import Sharer

_SAMPLES = 3
_CHUNK = 1_000
_MOST_HOLIDAYS = 5


@dataclass(frozen=True, slots=True)
class GatewayLoad:
    """What one gateway has to send: messages, SMS parts, their cost (None: nobody told its price), and when it is done.

    `ahead` are other messages to many that leave before its last one. `done_at` is None where it would take more than a
    year.
    """

    name: str
    messages: int
    parts: int
    cost: float | None
    begins_at: datetime
    done_at: datetime | None
    ahead: int = 0

    @property
    def hours(self) -> float | None:
        """Return how many hours it takes, from the first message to the last, nights included."""
        return None if self.done_at is None else (self.done_at - self.begins_at).total_seconds() / 3600


@dataclass(frozen=True, slots=True)
class Preview:
    """What a broadcast would be. `nothing` counts who gets nothing by reason, `missing` by language without a text.

    `shared` are those who read it on a phone that they share, where it is sent to another of them.
    `samples` are the words as some people would read them, by language. SMS parts are counted with real names.
    """

    people: int
    channels: Mapping[str, int]
    languages: Mapping[str, int]
    missing: Mapping[str, int]
    nothing: Mapping[str, int]
    shared: int
    gateways: tuple[GatewayLoad, ...]
    samples: Mapping[str, tuple[str, ...]]
    begins_at: datetime
    waits_for_morning: bool
    holidays: tuple[date, ...]

    @property
    def reached(self) -> int:
        """Return how many people it would be sent to."""
        return sum(each.messages for each in self.gateways)

    @property
    def sms(self) -> int:
        """Return how many people get it by SMS."""
        return self.channels.get(Channel.SMS.value, 0)

    @property
    def telegram(self) -> int:
        """Return how many people get it by Telegram."""
        return self.channels.get(Channel.TELEGRAM.value, 0)

    @property
    def segments(self) -> int:
        """Return how many SMS parts it makes."""
        return sum(each.parts for each in self.gateways)

    @property
    def cost(self) -> float:
        """Return what it costs at the prices that are known, in the project's money."""
        return sum(each.cost or 0.0 for each in self.gateways)

    @property
    def without_price(self) -> tuple[str, ...]:
        """Return the gateways whose price nobody told."""
        return tuple(each.name for each in self.gateways if each.cost is None)

    @property
    def done_at(self) -> datetime | None:
        """Return when the last message leaves; None where that takes more than a year."""
        ends = [each.done_at for each in self.gateways]
        known = [end for end in ends if end is not None]
        return None if len(known) < len(ends) else max(known, default=self.begins_at)

    @property
    def figures(self) -> dict[str, float]:
        """Return what is kept of it with the broadcast."""
        return {"people": self.people, "reached": self.reached, "segments": self.segments, "cost": self.cost}

    def is_done_by(self, end: datetime) -> bool:
        """Tell whether the last message leaves before the end of its use; what has not by then is dropped."""
        return self.done_at is not None and self.done_at <= end


def preview(context: Context, tx: Tx, audience: Mapping[str, Any], filler: Filler, now: datetime) -> Preview:
    """Say what a broadcast to an audience would be; `{"batch": number}` is one that is frozen. Writes nothing."""
    default, texts = context.settings.default_language.value, filler.texts
    found = audiences.groups(tx, audience, default=default)
    nothing: Counter[str] = Counter()
    channels: Counter[str] = Counter()
    languages: Counter[str] = Counter()
    for group in found:
        if group.reason is not None:
            nothing[group.reason] += group.people
        elif group.channel is not None:
            languages[group.language] += group.people
            channels[group.channel.value] += group.people if group.language in texts else 0
    by_shared = list(_by_shared_phone(tx, audience, default))
    for each in by_shared:
        nothing[each.reason] -= 1
        if each.is_spoken_to:
            languages[each.reader.language] += 1
            channels[each.reader.channel.value] += 1 if each.reader.language in texts else 0
    readers = [each.reader for each in by_shared if each.is_spoken_to]
    begins = context.calendar.after_quiet_hours(now)
    loads = _loads(context, tx, _Load(context, tx, audience, filler, now).counted(found, readers), now, begins)
    done = max((each.done_at for each in loads if each.done_at is not None), default=begins)
    return Preview(
        people=sum(group.people for group in found),
        channels=dict(channels),
        languages=dict(languages),
        missing={code: count for code, count in languages.items() if code not in texts},
        nothing=dict(+nothing),
        shared=len(by_shared) - len(readers),
        gateways=loads,
        samples=_samples(tx, audience, filler, default),
        begins_at=begins,
        waits_for_morning=begins > now,
        holidays=_holidays(context, begins, done),
    )


def _by_shared_phone(tx: Tx, audience: Mapping[str, Any], default: str) -> Iterator[Sharer]:
    """Yield those of an audience who are reached by a shared phone alone, with their names and numbers."""
    after, more = 0, sharers.there_are(tx)
    while more:
        span = Span(after, limit=_CHUNK)
        found = sharers.of_audience(tx, audience, span, default=default, with_address=True, with_name=True)
        yield from found
        more = bool(found)
        after = found[-1].reader.person_id if found else after


class _Load:
    """Counts messages and SMS parts by gateway."""

    def __init__(self, context: Context, tx: Tx, audience: Mapping[str, Any], filler: Filler, now: datetime) -> None:
        self._context, self._tx, self._audience, self._filler = context, tx, audience, filler
        self._shared: Shares = shares(context, tx, now, bulk=True)
        self._several = len(stand_ins(context.gateways)) > 1
        self._count: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])

    def counted(self, found: list[Group], by_shared: Sequence[Reader]) -> Mapping[str, list[int]]:
        """Return messages and parts by gateway: from the groups where words and ways are alike, else person by person.

        `by_shared` get it by a phone that they share.
        """
        for reader in by_shared:
            self._one(reader)
        if self._filler.is_personal:
            self._one_by_one(without=None)
            return self._count
        ways = ways_of(self._context)
        for group in found:
            if group.reason is not None or group.channel is None or group.language not in self._filler.texts:
                continue
            name = group.gateway if group.gateway in ways.kept else ways.others.get(group.channel)
            if name is not None:
                self._add(
                    name, group.people, group.people * self._parts(group.channel, self._filler.texts[group.language])
                )
        if self._several:
            self._one_by_one(without=ways)
        return self._count

    def _one_by_one(self, *, without: Ways | None) -> None:
        default, after = self._context.settings.default_language.value, 0
        while chunk := audiences.readers(
            self._tx, self._audience, Span(after, limit=_CHUNK), default=default, without=without,
            with_address=self._several, with_name=without is None,
        ):  # fmt: skip
            for reader in chunk:
                self._one(reader)
            after = chunk[-1].person_id

    def _one(self, reader: Reader) -> None:
        said = self._filler.said(reader.language, name=reader.name, area_id=reader.area_id)
        if said is None:
            return
        parts = self._parts(reader.channel, said)
        name = gateway_for_many(
            self._context, self._shared, channel=reader.channel, own=reader.gateway, address=reader.address, parts=parts
        )
        if name is not None:
            self._add(name, 1, parts)

    @staticmethod
    def _parts(channel: Channel, text: str) -> int:
        return count_segments(text).segments if channel is Channel.SMS else 1

    def _add(self, name: str, messages: int, parts: int) -> None:
        count = self._count[name]
        count[0] += messages
        count[1] += parts


def ways_of(context: Context, able: frozenset[str] | None = None) -> Ways:
    """Return which gateway sends what without choosing; `able` are those that can take more now (None: all).

    Among several for SMS one has to be chosen for whoever wrote to none of them.
    """
    several = len(stand_ins(context.gateways)) > 1
    kept = [
        name
        for name, info in context.gateways.items()
        if not (several and able is not None and is_judged(info)) or name in able
    ]
    others = {channel: context.gateway_for(channel) for channel in Channel}
    chosen = {
        channel: info.name
        for channel, info in others.items()
        if info is not None and not (several and channel is Channel.SMS)
    }
    return Ways(kept, chosen)


def _loads(
    context: Context, tx: Tx, count: Mapping[str, list[int]], now: datetime, begins: datetime
) -> tuple[GatewayLoad, ...]:
    rows, day, turn = gateways.standing(tx), context.calendar.local_day(now), turns(context, tx, begins)
    loads = []
    for name, (messages, parts) in sorted(count.items()):
        info = context.gateways[name]
        used = rows[name].used(day) if name in rows else 0
        last = turn[name] + timedelta(seconds=messages / info.rate)
        ahead = claims.bulk_before(tx, name, last)
        done = finishes(
            context.calendar,
            context.settings.quiet_hours,
            info,
            messages=messages + ahead,
            parts=parts + parts * ahead // messages,
            used=used,
            start=begins,
        )
        loads.append(GatewayLoad(name, messages, parts, cost_of(info, parts), begins, done, ahead))
    return tuple(loads)


def cost_of(info: GatewayInfo, parts: int) -> float | None:
    """Return what so many SMS parts cost by a gateway: nothing by Telegram or the simulator, None without a price."""
    if not is_judged(info):
        return 0.0
    return None if info.cost is None else info.cost * parts


def _samples(tx: Tx, audience: Mapping[str, Any], filler: Filler, default: str) -> dict[str, tuple[str, ...]]:
    """Return each text as some of its readers would get it."""
    found = {}
    for code, text in filler.texts.items():
        few = audiences.readers(tx, audience, Span(limit=_SAMPLES), default=default, language=code, with_name=True)
        said = (filler.said(code, name=each.name, area_id=each.area_id) for each in few)
        found[code] = tuple(dict.fromkeys(each for each in said if each is not None)) or (text,)
    return found


def _holidays(context: Context, first: datetime, last: datetime) -> tuple[date, ...]:
    """Return the country's holidays on which something would leave, the first few."""
    day, end = context.calendar.local_day(first), context.calendar.local_day(last)
    found: list[date] = []
    while day <= end and len(found) < _MOST_HOLIDAYS:
        if day.weekday() < 5 and not context.calendar.is_working_day(day):
            found.append(day)
        day += timedelta(days=1)
    return tuple(found)
