"""How gateways stand in the store: their day, health and credit by claims and results, and what may leave one for another."""

from datetime import date, datetime, timedelta
from threading import Barrier, Thread

import pytest

from domain.ports import FailureKind, SendOutcome, SendResult
from domain.sending.gateway_health import AT_LEAST, FIRST_PAUSE, LONGEST_PAUSE_ALONE, State, at
from storage import Store
from storage.queries.persons import messages
from storage.queries.sending import claims, failover, gateways, outbox
from storage.queries.sending.gateways import Terms
from storage.queries.sending.outbox import Claimed, Lane
from tests.support.world import SMS, START
from tests.worker.fakes import Queue

TODAY, OTHER = date(2026, 3, 3), "other"
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
TERMS = Terms(TODAY)
ACCEPTED, DOWN = SendResult.accepted("p"), SendResult.of(FailureKind.PROVIDER_DOWN)
UNKNOWN = SendResult.of(FailureKind.TIMEOUT)


@pytest.fixture
def queue(store: Store) -> Queue:
    return Queue(store)


def claim(queue: Queue, now: datetime = START, terms: Terms = TERMS, limit: int = 100) -> list[Claimed]:
    with queue.store.transaction() as tx:
        return claims.claim(tx, queue.gateway, rate=100.0, now=now, limit=limit, bulk=limit, terms=terms).items


def record(queue: Queue, items: list[Claimed], result: SendResult, now: datetime = START, terms: Terms = TERMS) -> None:
    with queue.store.transaction() as tx:
        outbox.record(tx, [(item, result) for item in items], gateway=queue.gateway, now=now, terms=terms)


def row(queue: Queue) -> gateways.GatewayRecord:
    with queue.store.reading() as tx:
        return gateways.standing(tx)[queue.gateway]


def long(queue: Queue, message_id: int, parts: int) -> int:
    with queue.store.transaction() as tx:
        messages.change(tx, message_id, segments=parts)
    return message_id


def ids(items: list[Claimed]) -> list[int]:
    return [item.outbound.message_id for item in items]


class TestDay:
    def test_no_more_parts_leave_than_the_day_has_room_for(self, queue: Queue) -> None:
        fits = [long(queue, queue.add(n), 3) for n in range(3)]
        long(queue, queue.add(3), 3)
        small = queue.add(4)
        terms = Terms(TODAY, cap=10)
        assert ids(claim(queue, terms=terms)) == [*fits, small]
        assert row(queue).used(TODAY) == 10
        assert claim(queue, START + MINUTE, terms) == []
        tomorrow = Terms(TODAY + timedelta(days=1), cap=10)
        assert len(claim(queue, START + timedelta(days=1), tomorrow)) == 1
        assert row(queue).used(tomorrow.day) == 3

    def test_what_did_not_fit_waits_as_it_was(self, queue: Queue) -> None:
        message_id = long(queue, queue.add(1), 4)
        assert claim(queue, terms=Terms(TODAY, cap=3)) == []
        (item,) = claim(queue, terms=Terms(TODAY, cap=4))
        assert (item.outbound.message_id, item.attempts, item.parts) == (message_id, 1, 4)

    def test_bulk_leaves_the_last_tenth_to_replies(self, queue: Queue) -> None:
        queue.bulk(30)
        terms = Terms(TODAY, cap=20)
        assert len(claim(queue, terms=terms)) == 18
        queue.add(1)
        queue.add(2)
        queue.add(3)
        assert len(claim(queue, START + SECOND, terms)) == 2

    def test_what_was_surely_not_taken_is_given_back(self, queue: Queue) -> None:
        for n in range(4):
            long(queue, queue.add(n), 2)
        items = claim(queue)
        for item, result in zip(items, (ACCEPTED, UNKNOWN, DOWN, SendResult.of(FailureKind.BAD_ADDRESS)), strict=True):
            record(queue, [item], result)
        assert row(queue).used(TODAY) == 4

    def test_several_processes_keep_one_cap(self, queue: Queue) -> None:
        for n in range(40):
            queue.add(n)
        found: list[Claimed] = []
        together = Barrier(3)

        def take() -> None:
            together.wait()
            for _ in range(10):
                found.extend(claim(queue, terms=Terms(TODAY, cap=25), limit=4))

        threads = [Thread(target=take) for _ in range(3)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert len(found) == len({item.item_id for item in found}) == 25

    def test_without_terms_nothing_is_counted(self, queue: Queue) -> None:
        queue.add(1)
        with queue.store.transaction() as tx:
            assert len(claims.claim(tx, SMS, rate=1.0, now=START, limit=9, bulk=9).items) == 1
        assert row(queue).parts_today == 0


class TestHealth:
    def test_faults_take_it_down_and_single_messages_bring_it_back(self, queue: Queue) -> None:
        for n in range(30):
            queue.add(n)
        record(queue, claim(queue, limit=AT_LEAST), DOWN)
        assert row(queue).health.state is State.DOWN
        assert row(queue).last_fault is FailureKind.PROVIDER_DOWN
        assert claim(queue, START + FIRST_PAUSE - SECOND) == []
        now, sizes = START + FIRST_PAUSE, []
        for _ in range(5):
            items = claim(queue, now)
            assert claim(queue, now) == [], "no more at once, whoever asks"
            sizes.append(len(items))
            record(queue, items, ACCEPTED, now)
        assert sizes == [1, 1, 1, 3, 6]
        assert row(queue).health.state is State.GOOD
        assert row(queue).last_fault is None

    def test_a_fault_on_trial_ends_it(self, queue: Queue) -> None:
        for n in range(9):
            queue.add(n)
        record(queue, claim(queue, limit=AT_LEAST), DOWN)
        now = START + FIRST_PAUSE
        record(queue, claim(queue, now), UNKNOWN, now)
        health = row(queue).health
        assert (health.state, health.until) == (State.DOWN, now + 2 * FIRST_PAUSE)

    def test_faults_of_numbers_do_not(self, queue: Queue) -> None:
        for n in range(20):
            queue.add(n)
        record(queue, claim(queue), SendResult.of(FailureKind.BAD_ADDRESS))
        assert row(queue).health.state is State.GOOD

    def test_a_gateway_that_is_alone_is_tried_again_sooner(self, queue: Queue) -> None:
        for n in range(AT_LEAST):
            queue.add(n)
        record(queue, claim(queue), DOWN)
        terms, now = Terms(TODAY, longest_pause=LONGEST_PAUSE_ALONE), START
        for n in range(6):
            until = row(queue).health.until
            assert until is not None
            now = until
            queue.add(100 + n, due=now)
            record(queue, claim(queue, now, terms), DOWN, now, terms)
        assert row(queue).health.pause == LONGEST_PAUSE_ALONE

    def test_everything_is_kept_as_it_was(self, queue: Queue) -> None:
        """What the columns give back is what the rule left."""
        for n in range(9):
            queue.add(n)
        record(queue, claim(queue, limit=AT_LEAST), DOWN)
        before = row(queue).health
        with queue.store.transaction() as tx:
            gateways.put_health(tx, SMS, at(before, START + FIRST_PAUSE))
        assert row(queue).health == at(before, START + FIRST_PAUSE)


class TestCredit:
    def test_parts_that_were_taken_are_paid_for(self, queue: Queue) -> None:
        terms = Terms(TODAY, part_cost=28_500)
        with queue.store.transaction() as tx:
            assert gateways.set_credit(tx, SMS, 1_000_000, START - MINUTE, added=False) == 1_000_000
        for n in range(3):
            long(queue, queue.add(n), 2)
        taken, failed, unknown = claim(queue)
        record(queue, [taken], ACCEPTED, terms=terms)
        record(queue, [failed], SendResult(SendOutcome.FAILED, failure=FailureKind.REJECTED), terms=terms)
        record(queue, [unknown], UNKNOWN, terms=terms)
        assert row(queue).credit == 1_000_000 - 2 * 28_500
        with queue.store.transaction() as tx:
            assert gateways.set_credit(tx, SMS, 500_000, START, added=True) == 1_443_000
            assert gateways.set_credit(tx, SMS, 500_000, START, added=False) == 500_000

    def test_a_gateway_that_says_so_has_none_until_somebody_tells(self, queue: Queue) -> None:
        queue.add(1)
        record(queue, claim(queue), SendResult.of(FailureKind.NO_CREDIT))
        assert (row(queue).no_credit_at, row(queue).credit) == (START, None)
        with queue.store.transaction() as tx:
            gateways.set_credit(tx, SMS, 1, START, added=True)
        assert (row(queue).no_credit_at, row(queue).credit) == (None, 1)


def leaving(queue: Queue, now: datetime = START, lane: Lane = Lane.REPLY) -> list[int]:
    """Move what may leave to the other gateway and return its messages."""
    with queue.store.transaction() as tx:
        if lane is Lane.BULK:
            found = failover.bulk(tx, SMS, now, most=100)
        else:
            found = failover.replies(tx, SMS, now, held_since=now - 15 * MINUTE, people=100)
        assert failover.move(tx, {OTHER: found}, now) == len(found)
    return [each.message_id for each in found]


class TestLeaving:
    def test_all_of_a_persons_replies_leave_in_order_what_is_for_later_too(self, queue: Queue) -> None:
        first, second = queue.add(1, "first"), queue.add(1, "second")
        morning = queue.add(1, "in the morning", due=START + timedelta(hours=9))
        queue.add(2, "only later", due=START + timedelta(hours=9))
        assert leaving(queue) == [first, second, morning]
        other = Queue(queue.store, OTHER)
        assert ids(claim(other)) == [first]
        record(other, claim(other), ACCEPTED)

    def test_a_receipt_finds_what_has_left(self, queue: Queue) -> None:
        message_id = queue.add(1)
        leaving(queue)
        with queue.store.reading() as tx:
            assert messages.find_for_receipt(tx, OTHER, message_id=message_id, provider_id=None) is not None
            assert messages.find_for_receipt(tx, SMS, message_id=message_id, provider_id=None) is None

    def test_what_may_have_reached_her_stays_and_nothing_overtakes_it(self, queue: Queue) -> None:
        queue.add(1, "on its way")
        record(queue, claim(queue), UNKNOWN)
        queue.add(1, "after it")
        free = queue.add(2, "another's")
        assert leaving(queue) == [free]
        assert leaving(queue, START + 16 * MINUTE) == []
        assert leaving(queue, START + 18 * MINUTE) != [], "a late answer is worse than two out of order"

    def test_what_is_being_sent_stays(self, queue: Queue) -> None:
        queue.add(1, "in flight")
        claim(queue)
        queue.add(1, "after it")
        assert leaving(queue) == []
        assert leaving(queue, START + timedelta(days=1)) == []

    def test_what_the_gateways_fault_put_off_is_due_at_once(self, queue: Queue) -> None:
        put_off, switched_off = queue.add(1), queue.add(2)
        first, second = claim(queue)
        record(queue, [first], DOWN)
        record(queue, [second], SendResult.of(FailureKind.UNREACHABLE))
        assert leaving(queue) == [put_off, switched_off]
        assert ids(claim(Queue(queue.store, OTHER))) == [put_off]

    def test_bulk_leaves_without_what_is_held_or_unknown(self, queue: Queue) -> None:
        batch = queue.batch()
        queue.set_batch(batch, "paused")
        queue.bulk(2, batch_id=batch)
        assert claim(queue) == []
        queue.bulk(1, first=3000)
        record(queue, claim(queue), UNKNOWN)
        free = queue.bulk(3, first=4000)
        queue.bulk(1, first=5000, due=START + MINUTE)
        assert leaving(queue, lane=Lane.BULK) == free

    def test_the_next_message_joins_what_waits(self, queue: Queue) -> None:
        queue.add(1)
        contact = queue.contact(1).id
        with queue.store.reading() as tx:
            assert failover.waits_at(tx, contact, START) == SMS
            assert failover.waits_at(tx, contact, START - SECOND) is None
        leaving(queue)
        with queue.store.reading() as tx:
            assert failover.waits_at(tx, contact, START) == OTHER

    def test_the_oldest_that_waits_for_the_gateway_alone(self, queue: Queue) -> None:
        queue.add(1, due=START - MINUTE)
        with queue.store.reading() as tx:
            assert failover.oldest_ready(tx, SMS, START) == START - MINUTE
        record(queue, claim(queue), SendResult.of(FailureKind.UNREACHABLE))
        queue.add(1, due=START - MINUTE)
        with queue.store.reading() as tx:
            assert failover.oldest_ready(tx, SMS, START) is None, "it waits for her first one"
            assert failover.due_replies(tx, SMS, START) == 1
