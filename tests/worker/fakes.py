"""What tests of the way out share: putting messages into a queue, and a provider that remembers what it was given."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from domain.inbound import Channel, Media
from domain.ports import FailureKind, Outbound, OutboundAction, SendResult
from storage import Store
from storage.queries.persons import contacts, messages
from storage.queries.sending import batches, outbox
from storage.queries.sending.outbox import Lane
from storage.tables import GatewayState, OutboxItem
from storage.tables.base import table_of
from tests.support.world import SMS, START

_O, _G = table_of(OutboxItem), table_of(GatewayState)


def number(n: int) -> str:
    return f"+855120{n:05}"


class Queue:
    """Puts messages into the outbox of a store and looks at what became of them."""

    def __init__(self, store: Store, gateway: str = SMS, channel: Channel = Channel.SMS) -> None:
        self.store, self.gateway, self.channel = store, gateway, channel

    def add(self, to: int = 1, text: str = "hello", *, due: datetime = START, **values: Any) -> int:
        """Queue a message for a numbered contact and return its number; `values` are `enqueue`'s."""
        with self.store.transaction() as tx:
            contact = contacts.lock(tx, self.channel, number(to), now=START)
            message_id = messages.add(
                tx, text=text, sealed=False, direction="out", contact_point_id=contact.id, kind="system",
                batch_id=values.pop("batch_id", None), state="queued", gateway=self.gateway,
                channel=self.channel.value, at=START,
            )  # fmt: skip
            outbox.enqueue(tx, message_id, contact_id=contact.id, gateway=self.gateway, due_at=due, **values)
        return message_id

    def bulk(self, count: int, first: int = 1000, **values: Any) -> list[int]:
        """Queue messages to so many contacts in the bulk lane."""
        return [self.add(first + n, lane=Lane.BULK, **values) for n in range(count)]

    def take_back(self, message_id: int, to: int, *, due: datetime = START) -> None:
        """Queue the taking back of a message."""
        with self.store.transaction() as tx:
            contact = contacts.lock(tx, self.channel, number(to), now=START)
            outbox.enqueue(
                tx, message_id, contact_id=contact.id, gateway=self.gateway, due_at=due, action=OutboundAction.DELETE
            )

    def batch(self, subject: str = "broadcast:1") -> int:
        """Make a batch that is being sent."""
        with self.store.transaction() as tx:
            made = batches.create(tx, START, kind="broadcast", subject=subject, plan="once", state="sending")
        assert made is not None
        return made

    def set_batch(self, batch_id: int, state: str) -> None:
        """Change a batch's state."""
        with self.store.transaction() as tx:
            batches.change(tx, batch_id, state=state)

    def mark(self, to: int, **values: Any) -> None:
        """Set columns of a numbered contact."""
        with self.store.transaction() as tx:
            contacts.change(tx, contacts.lock(tx, self.channel, number(to), now=START).id, **values)

    def contact(self, to: int) -> contacts.Contact:
        """Return a numbered contact."""
        with self.store.reading() as tx:
            found = contacts.find(tx, self.channel, number(to))
        assert found is not None
        return found

    def state(self, message_id: int) -> str:
        """Return a message's state."""
        with self.store.reading() as tx:
            found = messages.by_id(tx, message_id)
        assert found is not None
        return found.state

    def left(self) -> int:
        """Count the queue's rows."""
        with self.store.reading() as tx:
            return int(tx.execute(select(func.count()).select_from(_O)).scalar_one())

    def tokens(self) -> tuple[float, datetime | None]:
        """Return the gateway's tokens, and until when it pauses."""
        with self.store.reading() as tx:
            row = tx.execute(select(_G).where(_G.c.gateway == self.gateway)).one()
        return row.tokens, row.paused_until


class Provider:
    """A gateway's provider: it takes everything, or answers as `answer` says; `fetch` gives `files`."""

    def __init__(self, name: str = SMS, channel: Channel = Channel.SMS) -> None:
        self.name, self.channel = name, channel
        self.given: list[Outbound] = []
        self.arrived = threading.Condition()
        self.closed = False
        self.most_at_once = 0
        self.loops: set[int] = set()
        self.overlapping: set[str] = set()
        self._at_once = 0
        self._busy: set[str] = set()
        self.answer: Callable[[Outbound], SendResult] = lambda each: SendResult.accepted(f"p-{each.message_id}")

    async def send(self, message: Outbound) -> SendResult:
        """Take a message."""
        self.loops.add(id(asyncio.get_running_loop()))
        if message.address in self._busy:
            self.overlapping.add(message.address)
        self._busy.add(message.address)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            # Others run meanwhile.
            await asyncio.sleep(0)
            with self.arrived:
                self.given.append(message)
                self.arrived.notify_all()
            return await self.result(message)
        finally:
            self._at_once -= 1
            self._busy.discard(message.address)

    async def result(self, message: Outbound) -> SendResult:
        """Say what comes of a message."""
        return self.answer(message)

    async def close(self) -> None:
        """Note that the connections were let go."""
        self.closed = True

    @property
    def texts(self) -> list[str]:
        """Return the texts given, in order."""
        return [each.text for each in self.given]

    def wait_for(self, count: int) -> None:
        """Wait until so many messages were given."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.given) >= count, 20), f"only {len(self.given)} arrived"


class SlowProvider(Provider):
    """A provider that answers only when it is told to."""

    def __init__(self, name: str = SMS) -> None:
        super().__init__(name)
        self.may_go: dict[str, asyncio.Event] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._open = False

    async def result(self, message: Outbound) -> SendResult:
        self._loop = asyncio.get_running_loop()
        if not self._open:
            await self.may_go.setdefault(message.text, asyncio.Event()).wait()
        return await super().result(message)

    def let_go(self) -> None:
        """Answer everything from now on."""

        def go() -> None:
            self._open = True
            for each in self.may_go.values():
                each.set()

        assert self._loop is not None
        self._loop.call_soon_threadsafe(go)


class Source(Provider):
    """A provider that files can be fetched from: bytes, None, or a fault to raise, by reference."""

    def __init__(self, files: dict[str, bytes | Exception | None]) -> None:
        super().__init__()
        self.files = files
        self.asked: list[str] = []
        self.fetched = threading.Event()

    async def fetch(self, media: Media, limit: int) -> bytes | None:
        """Give a file."""
        self.asked.append(media.ref)
        self.fetched.set()
        found = self.files[media.ref]
        if isinstance(found, Exception):
            raise found
        return found if found is None or len(found) <= limit else None


def failing(kind: FailureKind, retry_after: float | None = None) -> Callable[[Outbound], SendResult]:
    """Return a provider's answer that is always the same failure."""
    return lambda _: SendResult.of(kind, retry_after)


@contextmanager
def running(*parts: Callable[[threading.Event], None]) -> Iterator[threading.Event]:
    """Run parts in threads of their own, and end them."""
    stop = threading.Event()
    threads = [threading.Thread(target=part, args=(stop,)) for part in parts]
    for thread in threads:
        thread.start()
    try:
        yield stop
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
