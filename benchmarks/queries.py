"""How many queries and commits each path costs: counts, which no other work on the machine changes."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from sqlalchemy import event

from benchmarks.means.databases import Databases
from benchmarks.means.figures import Figure
from benchmarks.means.filling import GATEWAY, Filled
from benchmarks.means.installation import installed
from benchmarks.means.phones import KHMER, MORE
from benchmarks.means.sizes import Sizes
from domain.inbound import Channel, Inbound, InboundKind
from domain.ports import GatewayInfo
from handlers.context import Context
from handlers.incoming.intake import receive
from handlers.places import find_places
from handlers.sweeps.cases import escalate_overdue
from storage import Keyring, Store, schema
from storage.queries import areas
from storage.queries.casework import caseload, cases
from storage.queries.casework.cases import CaseRecord
from storage.queries.persons import contacts
from tests.support.world import new_world

_KEYS = Keyring({1: b"p" * 32}, {1: b"s" * 32}, b"l" * 32)
_SAVEPOINTS = ("SAVEPOINT", "RELEASE", "ROLLBACK")
_OFFICER = "7001"
_MOST_PEOPLE = 2_000


@dataclass(slots=True)
class Counted:
    """The statements and commits of one path."""

    statements: list[str] = field(default_factory=list)
    commits: int = 0

    @property
    def queries(self) -> int:
        """Count the statements that ask for or change rows."""
        return sum(not each.startswith((*_SAVEPOINTS, "BEGIN")) for each in self.statements)

    @property
    def savepoints(self) -> int:
        """Count what begins or ends a part of a transaction: a round trip on PostgreSQL."""
        return sum(each.startswith(_SAVEPOINTS) for each in self.statements)


def run(sizes: Sizes, databases: Databases, kinds: tuple[str, ...]) -> Iterator[Figure]:
    """Count on each database."""
    for kind in kinds:
        made = installed(databases, kind, people=min(sizes.people, _MOST_PEOPLE))
        with closing(made.config.open_store()) as store:
            play = Play(store, made.filled)
            for name, act in play.paths():
                with counting(store) as counted:
                    act()
                yield _figure(f"queries, {kind}, {name}", counted)
        yield from _every_path(databases, kind)


def _every_path(databases: Databases, kind: str) -> Iterator[Figure]:
    """Count every message and command once, in a small project, with the handing over of what comes back."""
    from tests.support.paths import counted_paths

    with closing(Store(databases.fresh_url(kind), _KEYS, pool_size=4)) as store:
        schema.upgrade(store)
        for name, counted in counted_paths(new_world(store, "leap")):
            yield _figure(f"handed over too, {kind}, {name}", counted)


def _figure(name: str, counted: Counted) -> Figure:
    return Figure(
        name,
        value=counted.queries,
        shown=f"{counted.queries} queries",
        limit=f"in {counted.commits} commits",
        absolutes=f"{counted.queries / max(1, counted.commits):.1f} a commit; {counted.savepoints} about savepoints",
    )


@contextmanager
def counting(store: Store) -> Iterator[Counted]:
    """Count what a store is asked until the block ends."""
    counted = Counted()

    def asked(*arguments: object) -> None:
        counted.statements.append(str(arguments[2]).lstrip())

    def committed(*_: object) -> None:
        counted.commits += 1

    event.listen(store.engine, "before_cursor_execute", asked)
    event.listen(store.engine, "commit", committed)
    try:
        yield counted
    finally:
        event.remove(store.engine, "before_cursor_execute", asked)
        event.remove(store.engine, "commit", committed)


class Play:
    """The paths, one after the other: somebody writes, an officer answers, a deadline passes."""

    def __init__(self, store: Store, filled: Filled) -> None:
        self._now = datetime.now(UTC)
        gateways = {
            GATEWAY: GatewayInfo(GATEWAY, Channel.SMS, 1000.0),
            "bot": GatewayInfo("bot", Channel.TELEGRAM, 30.0),
        }
        self._store, self._filled, self._numbers = store, filled, count(1)
        self._context = Context(store, gateways, monotonic=lambda: 0.0)

    def paths(self) -> Iterator[tuple[str, Callable[[], object]]]:
        """Return each path by its name, all but the last about the same case."""
        place, twice = self._places()
        # What is read once in a while only is no part of a path.
        self._writes("+85588000001", KHMER[0])
        self._writes("+85588000001", place)
        yield "first complaint", lambda: self._writes("+85588000002", KHMER[0])
        yield "joined text", lambda: self._writes("+85588000002", MORE[1])
        self._writes("+85588000002", twice)
        yield "digit answer", lambda: self._writes("+85588000002", "១")
        case = self._newest()
        yield "status", lambda: self._writes("+85588000002", case.reference)
        self._officer_of(case)
        yield "/reply", lambda: self._writes(_OFFICER, f"/reply {case.reference} ថ្ងៃសុក្រ", Channel.TELEGRAM)
        now = self._overdue(case)
        yield "escalation of one case", lambda: escalate_overdue(self._context, now)

    def _writes(self, address: str, text: str, channel: Channel = Channel.SMS) -> None:
        self._now += timedelta(seconds=5)
        receive(
            self._context,
            Inbound(
                gateway=GATEWAY if channel is Channel.SMS else "bot",
                channel=channel,
                provider_id=f"counted-{next(self._numbers)}",
                address=address,
                kind=InboundKind.TEXT,
                received_at=self._now,
                text=text,
            ),
            self._now,
        )

    def _places(self) -> tuple[str, str]:
        """Return a place that no other is called like, and one of which there are two."""
        once = self._filled.communes[0].name("km")
        with self._store.reading() as tx:
            names = Counter(area.name("km") for area in areas.of_level(tx, "village"))
            twice = (name for name, number in names.items() if number == 2)
            return once, next(name for name in twice if len(find_places(self._context, tx, name, whole=True)) == 2)

    def _newest(self) -> CaseRecord:
        with self._store.reading() as tx:
            return caseload.listed(tx, 1)[0]

    def _officer_of(self, case: CaseRecord) -> None:
        """Give the facilitator who has a case a Telegram account."""
        assert case.post_id is not None, "the case has no officer"
        holder = self._filled.holders[self._filled.posts.index(case.post_id)]
        with self._store.transaction() as tx:
            contact = contacts.lock(tx, Channel.TELEGRAM, _OFFICER, now=self._now)
            contacts.change(tx, contact.id, staff_id=holder, language="km", gateway="bot")

    def _overdue(self, case: CaseRecord) -> datetime:
        """Let a case be the only one that is overdue, and return a moment at which it is."""
        with self._store.transaction() as tx:
            cases.change(tx, case.id, due_at=self._now - timedelta(hours=1))
        return self._now
