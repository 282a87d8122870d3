"""That everything due is handed over once, in order and at its rate, whatever provider and database do."""

import logging
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from domain.inbound import Channel, Media, MediaKind
from domain.ports import DeliveryState, FailureKind, Outbound, Receipt, SendResult
from handlers.context import Context
from handlers.sending import dispatch
from handlers.sending.receipts import take_receipt
from handlers.sweeps.housekeeping import recover_claims
from storage import Store
from storage.queries.persons import attachments
from storage.queries.sending.outbox import Lane
from storage.store import DatabaseAway
from storage.wake import Wake
from tests.support.world import SMS, START, TELEGRAM, World
from tests.worker.fakes import Provider, Queue, SlowProvider, Source, failing, number, running
from worker import Dispatcher

NIGHT = START + timedelta(hours=13)
SECOND = timedelta(seconds=1)


@pytest.fixture
def queue(world: World) -> Queue:
    world.drain()
    return Queue(world.store)


@pytest.fixture
def wake(store: Store):
    made = Wake(store)
    store.on_queued = made.notify
    yield made
    made.close()


def with_rate(context: Context, rate: float) -> Context:
    context.gateways = {name: replace(each, rate=rate) for name, each in context.gateways.items()}
    return context


def dispatcher(
    world: World, provider: Provider, clock: Callable[[], datetime] | None = None, **options: object
) -> Dispatcher:
    options.setdefault("concurrency", 16)
    return Dispatcher(world.context, {provider.name: lambda: provider}, clock or (lambda: START), **options)  # type: ignore[arg-type]


class Steady:
    """A moment that threads may move."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


class TestDrain:
    def test_it_hands_over_all_that_is_due_and_no_more(self, world: World, queue: Queue) -> None:
        sent = [queue.add(n) for n in range(40)]
        later = queue.add(99, due=START + SECOND)
        provider = Provider()
        assert dispatcher(world, provider).drain(START) == 40
        assert {queue.state(each) for each in sent} == {"accepted"}
        assert queue.state(later) == "queued"
        assert provider.closed
        assert 1 < provider.most_at_once <= 16

    def test_one_persons_messages_leave_in_order(self, world: World, queue: Queue) -> None:
        for n in range(24):
            lane = (Lane.REPLY, Lane.BULK)[n % 2]
            queue.add(n % 3, f"{lane} {n % 3}:{n:02}", lane=lane)
        provider = Provider()
        dispatcher(world, provider).drain(START)
        assert provider.overlapping == set()
        for theirs in (f"{lane} {person}:" for lane in (Lane.REPLY, Lane.BULK) for person in range(3)):
            sent = [text for text in provider.texts if text.startswith(theirs)]
            assert len(sent) == 4
            assert sent == sorted(sent)

    def test_a_receipt_that_came_before_the_result_counts_once_the_providers_id_is_known(
        self, world: World, queue: Queue
    ) -> None:
        early, quiet = queue.add(1), queue.add(2)
        receipt = Receipt(SMS, DeliveryState.DELIVERED, provider_id=f"p-{early}")
        assert not take_receipt(world.context, receipt, START)
        dispatcher(world, Provider()).drain(START)
        assert (queue.state(early), queue.state(quiet)) == ("delivered", "accepted")

    def test_an_id_of_any_length_is_kept_and_known_again(self, world: World, queue: Queue) -> None:
        sent, provider = queue.add(1), Provider()
        provider.answer = lambda _: SendResult.accepted("z" * 300)
        dispatcher(world, provider).drain(START)
        assert queue.state(sent) == "accepted"
        assert not take_receipt(world.context, Receipt(SMS, DeliveryState.SENT, provider_id="z" * 301), START)
        assert take_receipt(world.context, Receipt(SMS, DeliveryState.SENT, provider_id="z" * 300), START)

    def test_a_result_that_cannot_be_kept_costs_no_other_message(self, world: World, queue: Queue) -> None:
        sent, provider = [queue.add(n) for n in range(3)], Provider()
        broken: Any = object()
        provider.answer = lambda each: SendResult.accepted(broken if each.message_id == sent[1] else None)
        with pytest.raises(AttributeError):
            dispatcher(world, provider).drain(START)
        assert [queue.state(each) for each in sent] == ["accepted", "queued", "accepted"]
        assert queue.left() == 1, "its claim runs out by itself"

    @pytest.mark.parametrize("asked", [1e20, float("inf")])
    def test_a_provider_that_asks_for_an_eternity_is_asked_again_tomorrow(
        self, world: World, queue: Queue, asked: float
    ) -> None:
        sent, provider = queue.add(1), Provider()
        provider.answer = lambda _: SendResult.of(FailureKind.SLOW_DOWN, asked)
        dispatcher(world, provider).drain(START)
        provider.answer = lambda _: SendResult.accepted(None)
        dispatcher(world, provider).drain(START + timedelta(days=1))
        assert queue.state(sent) == "accepted"

    def test_a_failing_message_is_tried_once(self, world: World, queue: Queue) -> None:
        queue.add(1, "first")
        queue.add(1, "second")
        provider = Provider()
        provider.answer = failing(FailureKind.PROVIDER_DOWN)
        assert dispatcher(world, provider).drain(START) == 1
        assert provider.texts == ["first"]

    def test_a_page_of_dropped_messages_does_not_end_it(self, world: World, queue: Queue) -> None:
        batch = queue.batch()
        queue.bulk(20, batch_id=batch)
        queue.set_batch(batch, "cancelled")
        (wanted,) = queue.bulk(1, first=2000)
        assert dispatcher(world, Provider()).drain(START) == 1
        assert (queue.state(wanted), queue.left()) == ("accepted", 0)

    def test_bulk_waits_for_the_end_of_the_quiet_hours(self, world: World, queue: Queue) -> None:
        queue.bulk(2)
        queue.add(1, "an answer")
        provider = Provider()
        assert dispatcher(world, provider).drain(NIGHT) == 1
        assert provider.texts == ["an answer"]
        assert dispatcher(world, provider).drain(world.context.calendar.after_quiet_hours(NIGHT)) == 2

    def test_every_gateway_sends_its_own(self, world: World, queue: Queue) -> None:
        queue.add(1, "by sms")
        Queue(world.store, TELEGRAM, Channel.TELEGRAM).add(1, "by telegram")
        sms, telegram = Provider(), Provider(TELEGRAM, Channel.TELEGRAM)
        both = Dispatcher(world.context, {SMS: lambda: sms, TELEGRAM: lambda: telegram}, lambda: START)
        assert both.drain(START) == 2
        assert (sms.texts, telegram.texts) == (["by sms"], ["by telegram"])
        assert sms.loops == telegram.loops

    def test_a_sender_that_raises_leaves_an_unknown_fate_and_no_words(
        self, world: World, queue: Queue, caplog: pytest.LogCaptureFixture
    ) -> None:
        message_id = queue.add(1, "a secret")

        def broken(message: Outbound) -> SendResult:
            raise ValueError(message.text, message.address)

        provider = Provider()
        provider.answer = broken
        with caplog.at_level(logging.DEBUG, logger="worker"):
            dispatcher(world, provider).drain(START)
        assert queue.state(message_id) == "unknown"
        assert "ValueError" in caplog.text
        assert "a secret" not in caplog.text
        assert number(1) not in caplog.text

    def test_it_takes_few_transactions(self, world: World, queue: Queue) -> None:
        for n in range(64):
            queue.add(n)
        with counting(world.store) as commits:
            assert dispatcher(world, Provider()).drain(START) == 64
        assert commits["writing"] <= 2 * 64 / 16 + 1


class TestRun:
    def test_what_is_queued_leaves_at_once_when_it_is_woken(self, world: World, queue: Queue, wake: Wake) -> None:
        provider = Provider()
        with running(dispatcher(world, provider, wake=wake).run):
            for n in range(3):
                queue.add(1, f"message {n}")
                provider.wait_for(n + 1)
        assert provider.texts == ["message 0", "message 1", "message 2"]
        assert queue.left() == 0
        assert provider.closed

    def test_it_looks_by_itself_where_nobody_wakes_it(self, world: World, queue: Queue) -> None:
        provider = Provider()
        with running(dispatcher(world, provider).run):
            queue.add(1)
            provider.wait_for(1)

    def test_a_reply_passes_a_broadcast_whose_provider_hangs(self, world: World, queue: Queue, wake: Wake) -> None:
        queue.bulk(30, text="bulk")
        provider = SlowProvider()
        with running(dispatcher(world, provider, wake=wake).run):
            provider.wait_for(12)
            queue.add(1, "reply")
            provider.wait_for(13)
            provider.let_go()
            provider.wait_for(31)
        assert provider.texts[12] == "reply"
        assert queue.left() == 0

    def test_no_transaction_is_open_while_a_message_is_sent(self, world: World, queue: Queue, wake: Wake) -> None:
        queue.add(1, "slow")
        provider = SlowProvider()
        with running(dispatcher(world, provider, wake=wake).run):
            provider.wait_for(1)
            queue.add(2, "meanwhile")
            provider.wait_for(2)
            provider.let_go()
        assert queue.left() == 0

    def test_what_is_in_flight_when_it_stops_arrives_and_nothing_else_is_begun(
        self, world: World, queue: Queue, wake: Wake
    ) -> None:
        message_id = queue.add(1, "in flight")
        provider = SlowProvider()
        part = dispatcher(world, provider, wake=wake)
        with running(part.run) as stop:
            provider.wait_for(1)
            stop.set()
            wake.notify()
            provider.let_go()
        late = queue.add(2, "too late")
        assert provider.texts == ["in flight"]
        assert (queue.state(message_id), queue.state(late)) == ("accepted", "queued")

    def test_it_goes_on_when_the_database_comes_back_and_repeats_nothing(
        self, world: World, queue: Queue, wake: Wake
    ) -> None:
        first = queue.add(1, "first")
        provider, away = SlowProvider(), threading.Event()
        context = replace(world.context, store=Shaky(world.store, away))  # type: ignore[arg-type]
        part = Dispatcher(context, {SMS: lambda: provider}, lambda: START, wake=wake)
        with running(part.run):
            provider.wait_for(1)
            away.set()
            provider.let_go()
            assert context.store.asked_in_vain.wait(20)  # type: ignore[attr-defined]
            away.clear()
            queue.add(2, "second")
            provider.wait_for(2)
        assert provider.texts == ["first", "second"]
        assert queue.state(first) == "accepted"

    def test_two_dispatchers_never_hand_over_the_same_message(self, world: World, queue: Queue, wake: Wake) -> None:
        expected = {f"m{n}" for n in range(60)}
        for n in range(60):
            queue.add(n % 25, f"m{n}", lane=Lane.BULK if n % 2 else Lane.REPLY)
        providers = Provider(), Provider()
        parts = [dispatcher(world, each, wake=wake, concurrency=3) for each in providers]
        done = threading.Event()

        def taken(message: Outbound) -> SendResult:
            if sum(len(each.given) for each in providers) >= 60:
                done.set()
            return SendResult.accepted(f"p-{message.message_id}")

        for each in providers:
            each.answer = taken
        with running(*(part.run for part in parts)):
            assert done.wait(30)
        counted = Counter(providers[0].texts + providers[1].texts)
        assert set(counted) == expected
        assert set(counted.values()) == {1}
        assert queue.left() == 0

    def test_two_dispatchers_keep_one_rate(self, world: World, queue: Queue, wake: Wake) -> None:
        with_rate(world.context, 4.0)
        queue.bulk(30)
        clock, providers = Steady(), (Provider(), Provider())

        def given() -> int:
            return sum(len(each.given) for each in providers)

        with running(*(dispatcher(world, each, clock, wake=wake).run for each in providers)):
            for second in range(1, 4):
                until(lambda wanted=4 * second: given() >= wanted, wake)
                assert given() == 4 * second
                clock.now = START + second * SECOND
                wake.notify()
            until(lambda: given() >= 16, wake)
        assert given() == 16

    def test_a_crash_in_flight_is_repeated_once(self, world: World, queue: Queue, wake: Wake) -> None:
        message_id = queue.add(1)
        assert len(dispatch.claim(world.context, SMS, START)) == 1
        clock, provider = Steady(), Provider()
        with running(dispatcher(world, provider, clock, wake=wake).run):
            clock.now = START + timedelta(minutes=3)
            assert recover_claims(world.context, clock.now) == 1
            provider.wait_for(1)
        assert (queue.state(message_id), len(provider.given)) == ("accepted", 1)

    def test_files_are_fetched_beside(self, world: World, wake: Wake) -> None:
        world.phone().writes("hello")
        with world.store.transaction() as tx:
            media = Media(MediaKind.PHOTO, "ref")
            attachments.add(tx, message_id=1, gateway=SMS, media=media, now=START)
        source = Source({"ref": b"%PDF-1.7"})
        with running(dispatcher(world, source, wake=wake).run):
            assert source.fetched.wait(20)

    def test_transactions_for_each_message_are_bounded(self, world: World, queue: Queue, wake: Wake) -> None:
        for n in range(100):
            queue.add(n)
        provider = Provider()
        with counting(world.store) as commits, running(dispatcher(world, provider, wake=wake).run):
            provider.wait_for(100)
        assert commits["writing"] <= 2 * 100
        assert commits["reading"] <= 2 * 100


class Shaky:
    """A store whose database is away while `away` is set."""

    def __init__(self, store: Store, away: threading.Event) -> None:
        self._store, self._away, self.asked_in_vain = store, away, threading.Event()

    def transaction(self):
        return self._checked().transaction()

    def reading(self):
        return self._checked().reading()

    def _checked(self) -> Store:
        if self._away.is_set():
            self.asked_in_vain.set()
            raise DatabaseAway("OperationalError")
        return self._store


class counting:
    """Counts the transactions that are committed within, by what they are for."""

    def __init__(self, store: Store) -> None:
        self._engine, self._commits = store.engine, Counter[str]()

    def _count(self, connection: object) -> None:
        options = connection.get_execution_options()  # type: ignore[attr-defined]
        self._commits["reading" if options.get("samleng_reading") else "writing"] += 1

    def __enter__(self) -> Counter[str]:
        event.listen(self._engine, "commit", self._count)
        return self._commits

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "commit", self._count)


def until(reached: Callable[[], bool], wake: Wake) -> None:
    """Wait until something is so, looking when somebody rings."""
    for _ in range(200):
        if reached():
            return
        wake.wait(0.1)
    raise AssertionError("it never came to that")
