"""A world with two gateways for SMS, each with a provider that can be told to fail."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from domain.inbound import Channel
from domain.ports import FailureKind, GatewayInfo
from domain.sending.gateway_health import AT_LEAST, State, at
from handlers.sending.voice import Voice
from handlers.sweeps.gateways import watch_gateways
from storage.queries.persons import contacts, messages
from storage.queries.sending import gateways, outbox
from tests.support.world import SMS, START, TELEGRAM, World
from tests.worker.fakes import Provider, Queue, failing
from worker import Dispatcher

OTHER = "other"
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
DAY = timedelta(days=1)


class Scene:
    """A world with two gateways for SMS, each with a provider that can be told to fail."""

    def __init__(self, world: World) -> None:
        self.world, self.queue, self.now = world, Queue(world.store), START
        world.drain()
        world.context.gateways = {**world.context.gateways, OTHER: GatewayInfo(OTHER, Channel.SMS, rate=1000.0)}
        self.first, self.second = Provider(SMS), Provider(OTHER)

    def set(self, name: str, **values: object) -> None:
        """Change what is configured of a gateway."""
        known = self.world.context.gateways
        self.world.context.gateways = {**known, name: replace(known[name], **values)}  # type: ignore[arg-type]

    def hand_over(self) -> None:
        """Hand over what is due by both gateways."""
        senders: dict[str, Callable[[], Provider]] = {SMS: lambda: self.first, OTHER: lambda: self.second}
        configured = {name: sender for name, sender in senders.items() if name in self.world.context.gateways}
        Dispatcher(self.world.context, configured, lambda: self.now).drain(self.now)

    def go_on(self, wait: timedelta = 5 * SECOND) -> int:
        """Let time pass, look after the gateways, hand over, and return how many messages were moved."""
        self.now += wait
        moved = watch_gateways(self.world.context, self.now)
        self.hand_over()
        return moved

    def says(self, to: int, text: str) -> int:
        """Say something to a numbered person who wrote to the first gateway."""
        self.queue.mark(to, gateway=SMS)
        with self.world.store.transaction() as tx:
            sent = Voice(self.world.context, tx, self.now).send(self.queue.contact(to), text, key="noted")
        assert sent is not None
        return sent

    def break_first(self, kind: FailureKind = FailureKind.PROVIDER_DOWN) -> list[int]:
        """Let the first gateway fail until it is down; return the messages that it did not take."""
        self.first.answer = failing(kind)
        sent = [self.says(n, f"broken {n}") for n in range(AT_LEAST)]
        self.hand_over()
        assert self.state() is State.DOWN
        return sent

    def state(self, name: str = SMS) -> State:
        """Return a gateway's state."""
        return at(self.row(name).health, self.now).state

    def row(self, name: str = SMS) -> gateways.GatewayRecord:
        """Return a gateway's row."""
        with self.world.store.reading() as tx:
            return gateways.standing(tx)[name]

    def waiting(self) -> dict[str, int]:
        """Count what waits at gateways for SMS."""
        with self.world.store.reading() as tx:
            counted = outbox.waiting(tx)
        return {gateway: count for (gateway, _), count in counted.items() if gateway != TELEGRAM}

    def alarms(self, key: str, who: str = "desk") -> list[str]:
        """Return what somebody was told under a wording's key."""
        with self.world.store.reading() as tx:
            theirs = self.world.officer(who)
            contact = contacts.find(tx, theirs.channel, theirs.address)
            assert contact is not None
            told = messages.of_contact(tx, contact.id, after_id=0, limit=1000)
        return [each.text for each in told if each.key == key]
