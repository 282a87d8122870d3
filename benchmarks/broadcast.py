"""A broadcast to very many: laying it out against a bare INSERT … SELECT, what an answer waits meanwhile, and two at once."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, time, timedelta
from itertools import cycle
from pathlib import Path
from threading import Event, Thread
from time import perf_counter

from sqlalchemy import String, cast, func, insert, literal, null, select, text

from benchmarks.means.databases import Databases
from benchmarks.means.figures import Figure, Goal, ms, spread
from benchmarks.means.filling import GATEWAY
from benchmarks.means.installation import installed
from benchmarks.means.sizes import Sizes
from domain.inbound import Channel
from domain.ports import GatewayInfo, SendResult
from domain.settings import Level
from handlers.broadcasts import gate
from handlers.broadcasts.approval import approve
from handlers.broadcasts.gate import Draft
from handlers.context import Context
from handlers.sending import dispatch
from handlers.sending.voice import Voice
from handlers.sweeps.batches import lay_out_all
from storage import Store, Tx
from storage.queries.persons import contacts
from storage.queries.sending import batches
from storage.queries.staffing import staff
from storage.tables import ContactPoint, Message, OutboxItem, Person
from storage.tables.base import table_of

_P, _C, _M, _O = (table_of(each) for each in (Person, ContactPoint, Message, OutboxItem))
_TEXT = "ថ្ងៃស្អែកមានប្រជុំក្រុមសន្សំ ម៉ោង ៨ ព្រឹក នៅសាលាឃុំ"
_RATE = 100.0
_FEW_PEOPLE = 200
_EVERY_S = 0.1
_LOOK_S = 0.02
_ANSWERED = 200
_SHARED = 20_000
_LEAST_MB = 0.1
_LAYING_GOALS = {
    "sqlite": Goal(1.3, "at most 1.3", most=True),
    "postgresql": Goal(2.0, "at most 2", most=True),
}
_LOCK_GOAL = Goal(0.5, "at most 500 ms", most=True)
_MEMORY_GOAL = Goal(120.0, "at most 120 MB", most=True)
_ANSWER_GOAL = Goal(2.0, "at most 2 s", most=True)
_FAIR_GOAL = Goal(1.2, "at most 1.2", most=True)


def run(sizes: Sizes, databases: Databases, kinds: tuple[str, ...]) -> Iterator[Figure]:
    """Measure on each database; the bare statements have one of their own, so that both write into the same tables."""
    for kind in kinds:
        with closing(_filled(databases, kind, sizes)) as store:
            bare = _bare(store)
        with closing(_filled(databases, kind, sizes)) as store:
            yield from _figures(kind, store, sizes, bare)


def _filled(databases: Databases, kind: str, sizes: Sizes) -> "_Timed":
    made = installed(databases, kind, people=min(sizes.people, _FEW_PEOPLE))
    with closing(made.config.open_store()) as plain:
        store = _Timed(plain.url, plain.keys)
    _add_people(store, sizes.addressees)
    return store


def _figures(kind: str, store: "_Timed", sizes: Sizes, bare: float) -> Iterator[Figure]:
    context = Context(store, {GATEWAY: GatewayInfo(GATEWAY, Channel.SMS, rate=_RATE)})
    noon = context.calendar.at(context.calendar.local_day(datetime.now(UTC)) + timedelta(days=1), time(12))
    maker, second = _staff(store, noon)
    store.longest, store.count = 0.0, 0
    with _Peak() as peak:
        frozen = _approved(context, maker, second, noon)
        start = perf_counter()
        people = lay_out_all(context, noon)
        took = perf_counter() - start
    longest, count = store.longest, store.count
    yield Figure(
        f"laying out a broadcast, {kind}",
        took / bare,
        f"{took / bare:.2f} ×",
        "a bare INSERT … SELECT of the same messages and outbox rows, committed",
        f"{ms(took)} / {ms(bare)}, previewing, approving and freezing before that {ms(frozen)}; {people:,} people",
        _LAYING_GOALS[kind],
    )
    yield Figure(
        f"the longest transaction that writes, from the draft to the last message, {kind}",
        longest,
        ms(longest),
        "on SQLite nobody else writes meanwhile",
        f"{count:,} transactions",
        _LOCK_GOAL,
    )
    yield Figure(
        f"memory of the process meanwhile, {kind}",
        max(_LEAST_MB, peak.megabytes - peak.before),
        f"{peak.megabytes - peak.before:.0f} MB",
        "more than before",
        f"peak of {peak.megabytes:.0f} MB",
        _MEMORY_GOAL,
    )
    with _Answers(context, noon) as answers:
        _approved(context, maker, second, noon)
        lay_out_all(context, answers.now)
        answers.go_on_for(sizes.seconds)
    late = spread(answers.late)
    yield Figure(
        f"an answer until it is handed over, while a broadcast is approved, laid out and sent, {kind}, 99 %",
        late.p99,
        ms(late.p99),
        "from its commit's beginning",
        str(late),
        _ANSWER_GOAL,
    )
    yield _fairness(kind, context, answers.now)


def _bare(store: Store) -> float:
    """Return how long the database takes to write the same rows in two statements and to commit them, in seconds."""
    now = datetime.now(UTC)
    with store.transaction() as tx:
        batch = batches.create(tx, now, kind="broadcast", subject="bare", plan="once", state="sending")
    start = perf_counter()
    with store.transaction() as tx:
        message = {
            "direction": literal("out"), "contact_point_id": _C.c.id, "batch_id": literal(batch),
            "person_id": _C.c.person_id, "kind": literal("broadcast"), "key": literal("broadcast"),
            "text": literal(_TEXT), "language": literal("km"), "protect": literal(value=False),
            "state": literal("queued"), "gateway": literal(GATEWAY), "channel": literal("sms"),
            "segments": literal(1), "at": literal(now, _M.c.at.type),
        }  # fmt: skip
        people = select(*message.values()).where(_C.c.person_id.is_not(None))
        tx.execute(insert(_M).from_select(list(message), people, include_defaults=False))
        item = {
            "message_id": _M.c.id, "contact_point_id": _M.c.contact_point_id, "gateway": _M.c.gateway,
            "lane": literal("bulk"), "action": literal("send"), "state": literal("queued"),
            "due_at": literal(now, _O.c.due_at.type), "attempts": literal(0), "repeated": literal(value=False),
        }  # fmt: skip
        rows = select(*item.values()).where(_M.c.batch_id == batch)
        tx.execute(insert(_O).from_select(list(item), rows, include_defaults=False))
    return perf_counter() - start


def _staff(store: Store, now: datetime) -> tuple[int, int]:
    """Add two members of staff: who makes broadcasts, and who approves them."""
    with store.transaction() as tx:
        post = staff.post(tx, Level.STAFF, None)
        made = [staff.add(tx, name=f"staff {n}", language="en", phone=None, now=now) for n in range(2)]
        for each in made:
            staff.hold(tx, post, each, now)
    return made[0], made[1]


def _approved(context: Context, maker: int, second: int, now: datetime) -> float:
    """Make a broadcast to everybody and have it approved; return how long that took, in seconds."""
    start = perf_counter()
    number, _ = gate.draft(context, Draft({}, {"km": _TEXT}, maker), now)
    approve(context, number, approver_id=second, now=now)
    return perf_counter() - start


class _Timed(Store):
    """A store that knows its longest transaction that writes, in seconds, and how many there were."""

    longest, count = 0.0, 0

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """Open a transaction that writes, and time it."""
        start = perf_counter()
        with super().transaction() as tx:
            yield tx
        self.longest, self.count = max(self.longest, perf_counter() - start), self.count + 1


class _Peak:
    """The most memory that this process had resident while a block ran, in MB (proc(5): clear_refs, VmHWM)."""

    before = megabytes = 0.0

    def __enter__(self) -> "_Peak":
        Path("/proc/self/clear_refs").write_text("5")
        self.before = _resident("VmRSS")
        return self

    def __exit__(self, *_: object) -> None:
        self.megabytes = _resident("VmHWM")


def _resident(what: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{what}:")) / 1024


class _Answers:
    """Answers that officers send all the time, and the one dispatcher that hands over what may leave."""

    def __init__(self, context: Context, noon: datetime) -> None:
        self._context, self._noon, self._begun = context, noon, perf_counter()
        self._ending = Event()
        self._sent: dict[int, float] = {}
        self.late: list[float] = []
        self._threads = [Thread(target=self._write), Thread(target=self._hand_over)]

    def __enter__(self) -> "_Answers":
        for each in self._threads:
            each.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        for each in self._threads:
            each.join()

    def go_on_for(self, seconds: float) -> None:
        """Let answers and the broadcast leave for some time more."""
        self._ending.wait(seconds)

    @property
    def now(self) -> datetime:
        """Return the moment by the clock of this run, which began at noon."""
        return self._noon + timedelta(seconds=perf_counter() - self._begun)

    def _write(self) -> None:
        # One person's answers leave one after the other: each goes to somebody else.
        with self._context.store.reading() as tx:
            query = select(_C.c.id).where(_C.c.person_id > 0).order_by(_C.c.id).limit(_ANSWERED)
            people = cycle([contacts.by_id(tx, number) for number in tx.execute(query).scalars()])
        while not self._ending.wait(_EVERY_S):
            start, someone = perf_counter(), next(people)
            with self._context.store.transaction() as tx:
                number = Voice(self._context, tx, self.now).send(someone, _TEXT, key="reply")
                assert number is not None
                self._sent[number] = start

    def _hand_over(self) -> None:
        while not (self._ending.is_set() and self.late) or self._waits():
            claimed = dispatch.claim(self._context, GATEWAY, self.now)
            moment = perf_counter()
            for each in claimed:
                if (sent := self._sent.get(each.outbound.message_id)) is not None:
                    self.late.append(moment - sent)
            if claimed:
                done = [(each, SendResult.accepted(f"x{each.item_id}")) for each in claimed]
                dispatch.record(self._context, GATEWAY, done, self.now)
            self._ending.wait(_LOOK_S)

    def _waits(self) -> bool:
        return len(self.late) < len(self._sent)


def _fairness(kind: str, context: Context, now: datetime) -> Figure:
    """Count what of each leaves of two broadcasts to as many, of which the second began while the first was under way."""
    counts: Counter[int] = Counter()
    moment = now + timedelta(seconds=1)  # the gateway's tokens of this moment may be used up
    while counts.total() < _SHARED and (claimed := dispatch.claim(context, GATEWAY, moment)):
        moment += timedelta(seconds=1)
        with context.store.reading() as tx:
            ids = [each.outbound.message_id for each in claimed]
            counts.update(
                tx.execute(select(_M.c.batch_id).where(_M.c.id.in_(ids), _M.c.batch_id.is_not(None))).scalars()
            )
        dispatch.record(context, GATEWAY, [(each, SendResult.accepted("x")) for each in claimed], moment)
    most, least = max(counts.values(), default=0), min(counts.values()) if len(counts) > 1 else 0
    ratio = most / max(1, least)
    return Figure(
        f"two broadcasts by one gateway, {kind}",
        ratio,
        f"{ratio:.2f} ×",
        "as many of the one as of the other left",
        f"{most:,} and {least:,} while both were under way",
        _FAIR_GOAL,
    )


def _add_people(store: Store, count: int) -> None:
    """Add people with a number each, as copies of those that are there, made by the database itself."""
    with store.transaction() as tx:
        there = int(tx.execute(select(func.count()).where(_C.c.person_id.is_not(None))).scalar_one())
        while there < count:
            more = min(there, count - there)
            people = int(tx.execute(select(func.max(_P.c.id))).scalar_one())
            points = int(tx.execute(select(func.max(_C.c.id))).scalar_one())
            first = int(tx.execute(select(func.min(_C.c.person_id))).scalar_one())
            person = {**{each.name: each for each in _P.c}, "id": _P.c.id + people, "external_id": null()}
            copied = select(*person.values()).where(_P.c.id >= first).order_by(_P.c.id).limit(more)
            tx.execute(insert(_P).from_select(list(person), copied, include_defaults=False))
            point = {
                **{each.name: each for each in _C.c},
                "id": _C.c.id + points,
                "person_id": _C.c.person_id + people,
                "address_hash": literal("b") + cast(_C.c.id + points, String),
            }
            copied = select(*point.values()).where(_C.c.person_id >= first).order_by(_C.c.person_id).limit(more)
            tx.execute(insert(_C).from_select(list(point), copied, include_defaults=False))
            there += more
    if not store.is_sqlite:
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
