"""The queue by itself: whose turn it is, what a claim costs, what becomes of results, receipts, crashes and stops."""

from datetime import datetime, timedelta

import pytest

from domain.inbound import Channel
from domain.ports import DeliveryState, FailureKind, Receipt, SendResult
from domain.sending.retry import SEND_STEPS, UNKNOWN_WAIT
from storage import Store
from storage.queries.persons import contacts
from storage.queries.sending import claims, outbox, receipts
from storage.queries.sending.outbox import Claimed, Lane
from tests.support.world import SMS, START
from tests.worker.fakes import Queue, number

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
LEASE_OVER = timedelta(minutes=2, seconds=1)


@pytest.fixture
def queue(store: Store) -> Queue:
    return Queue(store)


def claim(queue: Queue, now: datetime = START, *, rate: float | None = 100.0, limit: int = 100, bulk: int = 100):
    with queue.store.transaction() as tx:
        return claims.claim(tx, queue.gateway, rate=rate, now=now, limit=limit, bulk=bulk).items


def record(queue: Queue, items: list[Claimed], result: SendResult, now: datetime = START) -> None:
    with queue.store.transaction() as tx:
        outbox.record(tx, [(item, result) for item in items], gateway=queue.gateway, now=now)


def receipt(queue: Queue, message_id: int, state: DeliveryState, now: datetime = START, **values: object) -> bool:
    with queue.store.transaction() as tx:
        given = Receipt(queue.gateway, state, message_id=message_id, **values)  # type: ignore[arg-type]
        return receipts.apply(tx, given, now).known


def recover(queue: Queue, now: datetime) -> int:
    with queue.store.transaction() as tx:
        return outbox.recover(tx, now, 100)


def texts(items: list[Claimed]) -> list[str]:
    return [item.outbound.text for item in items]


def ids(items: list[Claimed]) -> list[int]:
    return [item.outbound.message_id for item in items]


ACCEPTED = SendResult.accepted("p-1")
UNKNOWN = SendResult.of(FailureKind.TIMEOUT)
DOWN = SendResult.of(FailureKind.PROVIDER_DOWN)


def test_replies_go_before_bulk_that_waits_longer(queue: Queue) -> None:
    queue.bulk(5, due=START - MINUTE)
    queue.add(1, "reply")
    assert texts(claim(queue, rate=1.0)) == ["reply"]
    assert len(claim(queue, START + 3 * SECOND, rate=3.0)) == 3


def test_bulk_takes_no_more_than_a_seconds_rate_and_leaves_places(queue: Queue) -> None:
    queue.bulk(30)
    assert len(claim(queue, rate=7.0)) == 7
    assert claim(queue, rate=7.0) == []
    assert len(claim(queue, START + 60 * SECOND, rate=7.0)) == 7
    assert len(claim(queue, START + 70 * SECOND, rate=7.0, bulk=2)) == 2
    assert claim(queue, START + 80 * SECOND, rate=7.0, bulk=0) == []


def test_a_slow_gateway_sends_one_message_in_five_seconds(queue: Queue) -> None:
    for n in range(3):
        queue.add(n)
    sent = [len(claim(queue, START + n * SECOND, rate=0.2)) for n in range(11)]
    assert sent == [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]


def test_a_claim_that_finds_nothing_costs_no_tokens(queue: Queue) -> None:
    queue.add(1)
    claim(queue, rate=5.0)
    before = queue.tokens()
    assert claim(queue, START + SECOND, rate=5.0) == []
    assert queue.tokens() == before == (4.0, None)


def test_a_clock_that_was_set_back_does_not_stop_a_gateway(queue: Queue) -> None:
    queue.add(1)
    claim(queue, START, rate=1.0)
    queue.add(2, due=START - timedelta(days=400))
    assert len(claim(queue, START - timedelta(days=365), rate=1.0)) == 1


def test_ones_replies_leave_one_by_one_in_order(queue: Queue) -> None:
    queue.add(1, "first", due=START)
    queue.add(1, "second", due=START - MINUTE)
    queue.add(2, "other")
    one = claim(queue)
    assert sorted(texts(one)) == ["first", "other"]
    assert claim(queue) == []
    record(queue, one, DOWN)
    assert claim(queue) == []
    again = claim(queue, START + SEND_STEPS[0])
    assert sorted(texts(again)) == ["first", "other"]
    record(queue, again, ACCEPTED)
    assert texts(claim(queue)) == ["second"]


def test_a_reply_that_is_for_later_does_not_hold_up_others(queue: Queue) -> None:
    queue.add(1, "in the morning", due=START + timedelta(hours=9))
    queue.add(1, "now")
    assert texts(claim(queue)) == ["now"]


def test_another_gateways_trouble_does_not_hold_up_a_reply(queue: Queue) -> None:
    Queue(queue.store, "gone").add(1, "by a gateway that is no longer configured")
    queue.add(1, "by this one")
    assert texts(claim(queue)) == ["by this one"]


def test_a_temporary_failure_is_tried_for_a_day_and_then_given_up(queue: Queue) -> None:
    message_id, now, waits = queue.add(1), START, []
    for _ in range(len(SEND_STEPS) + 1):
        (item,) = claim(queue, now)
        record(queue, [item], DOWN, now)
        with queue.store.reading() as tx:
            due = claims.next_due(tx, SMS, bulk=True)
        if due is None:
            break
        assert claim(queue, due - SECOND) == []
        waits.append(due - now)
        now = due
    assert tuple(waits) == SEND_STEPS
    assert (queue.state(message_id), queue.left()) == ("failed", 0)


def test_a_provider_may_ask_for_a_longer_wait(queue: Queue) -> None:
    queue.add(1)
    record(queue, claim(queue), SendResult.of(FailureKind.UNREACHABLE, 90.0))
    assert claim(queue, START + 89 * SECOND) == []
    assert len(claim(queue, START + 90 * SECOND)) == 1


def test_a_lasting_failure_ends_it(queue: Queue) -> None:
    message_id = queue.add(1)
    record(queue, claim(queue), SendResult.of(FailureKind.BAD_ADDRESS))
    assert (queue.state(message_id), queue.left()) == ("failed", 0)


def test_what_is_unknown_waits_two_minutes_and_is_repeated_once(queue: Queue) -> None:
    message_id = queue.add(1)
    record(queue, claim(queue), UNKNOWN)
    assert queue.state(message_id) == "unknown"
    assert claim(queue, START + UNKNOWN_WAIT - SECOND) == []
    (again,) = claim(queue, START + UNKNOWN_WAIT)
    assert again.repeated
    record(queue, [again], UNKNOWN, START + UNKNOWN_WAIT)
    assert (queue.state(message_id), queue.left()) == ("unknown", 0)


@pytest.mark.parametrize("state", DeliveryState)
def test_a_receipt_in_the_two_minutes_ends_the_repeat(queue: Queue, state: DeliveryState) -> None:
    message_id = queue.add(1)
    record(queue, claim(queue), UNKNOWN)
    assert receipt(queue, message_id, state)
    assert (queue.state(message_id), queue.left()) == (state.value, 0)


@pytest.mark.parametrize("result", [UNKNOWN, DOWN, SendResult.of(FailureKind.REJECTED)])
def test_a_receipt_before_the_result_ends_it_too(queue: Queue, result: SendResult) -> None:
    message_id = queue.add(1)
    items = claim(queue)
    receipt(queue, message_id, DeliveryState.DELIVERED)
    record(queue, items, result)
    assert (queue.state(message_id), queue.left()) == ("delivered", 0)


def test_a_crash_in_flight_is_repeated_once_after_the_lease(queue: Queue) -> None:
    message_id = queue.add(1)
    claim(queue)
    assert recover(queue, START + LEASE_OVER - 2 * SECOND) == 0
    assert recover(queue, START + LEASE_OVER) == 1
    assert queue.state(message_id) == "unknown"
    (again,) = claim(queue, START + LEASE_OVER)
    assert again.repeated
    assert recover(queue, START + 2 * LEASE_OVER) == 1
    assert (queue.state(message_id), queue.left()) == ("unknown", 0)


def test_a_crash_after_which_the_receipt_came_is_not_repeated(queue: Queue) -> None:
    message_id = queue.add(1)
    claim(queue)
    receipt(queue, message_id, DeliveryState.DELIVERED)
    recover(queue, START + LEASE_OVER)
    assert (queue.state(message_id), queue.left()) == ("delivered", 0)


def test_a_worker_that_comes_back_too_late_disturbs_nobody(queue: Queue) -> None:
    message_id = queue.add(1)
    late = claim(queue)
    recover(queue, START + LEASE_OVER)
    second = claim(queue, START + LEASE_OVER)
    record(queue, late, DOWN, START + LEASE_OVER)
    assert claim(queue, START + timedelta(hours=1)) == []
    record(queue, late, ACCEPTED, START + LEASE_OVER)
    assert (queue.state(message_id), queue.left()) == ("accepted", 0)
    record(queue, second, UNKNOWN, START + LEASE_OVER)
    assert (queue.state(message_id), queue.left()) == ("accepted", 0)


def test_stop_between_queueing_and_claim_drops_all_but_its_confirmation(queue: Queue) -> None:
    dropped, other = queue.add(1), queue.add(2)
    queue.mark(1, stopped_at=START)
    assert ids(claim(queue)) == [other]
    assert (queue.state(dropped), queue.left()) == ("withdrawn", 1)


def test_what_is_late_is_dropped(queue: Queue) -> None:
    late, early = queue.add(1, not_after=START - SECOND), queue.add(2, not_after=START)
    assert ids(claim(queue)) == [early]
    assert queue.state(late) == "withdrawn"


def test_dropping_costs_no_tokens(queue: Queue) -> None:
    batch = queue.batch()
    queue.bulk(20, batch_id=batch)
    queue.set_batch(batch, "cancelled")
    (wanted,) = queue.bulk(1, first=2000, due=START + SECOND)
    for n in range(20):
        with queue.store.transaction() as tx:
            taken = claims.claim(tx, SMS, rate=1.0, now=START, limit=100, bulk=100)
        assert (taken.items, taken.dropped) == ([], 1), n
    assert ids(claim(queue, START + SECOND, rate=1.0)) == [wanted]
    assert queue.left() == 1


def test_a_paused_batch_is_held_until_it_goes_on(queue: Queue) -> None:
    batch = queue.batch()
    first, second = queue.bulk(2, batch_id=batch)
    queue.set_batch(batch, "paused")
    assert claim(queue) == []
    assert recover(queue, START) == 0
    with queue.store.reading() as tx:
        assert claims.next_due(tx, SMS, bulk=True) is None
    queue.set_batch(batch, "sending")
    assert recover(queue, START) == 2
    assert sorted(ids(claim(queue))) == [first, second]


def test_a_batch_can_be_withdrawn_whether_held_or_not(queue: Queue) -> None:
    batch = queue.batch()
    message_ids = queue.bulk(3, batch_id=batch)
    queue.set_batch(batch, "paused")
    claim(queue, limit=1)
    with queue.store.transaction() as tx:
        assert outbox.withdraw_batch(tx, batch) == 3
    assert {queue.state(each) for each in message_ids} == {"withdrawn"}
    assert queue.left() == 0


def test_slow_down_pauses_the_gateway_and_never_shortens_a_pause(queue: Queue) -> None:
    for n in range(3):
        queue.add(n)
    first, second = claim(queue, limit=2)
    record(queue, [first], SendResult.of(FailureKind.SLOW_DOWN, 60.0))
    record(queue, [second], SendResult.of(FailureKind.SLOW_DOWN, 5.0))
    assert queue.tokens()[1] == START + MINUTE
    assert claim(queue, START + MINUTE - SECOND) == []
    assert len(claim(queue, START + MINUTE)) == 3


def test_a_pause_has_an_end_whatever_the_provider_says(queue: Queue) -> None:
    queue.add(1)
    queue.add(2)
    record(queue, claim(queue, limit=1), SendResult.of(FailureKind.SLOW_DOWN, 86400.0))
    assert len(claim(queue, START + 300 * SECOND)) == 1


def test_whom_the_provider_calls_opted_out_is_left_in_peace(queue: Queue) -> None:
    queue.add(1)
    later = queue.add(1)
    record(queue, claim(queue), SendResult.of(FailureKind.OPTED_OUT))
    assert queue.contact(1).stopped_at == START
    assert claim(queue) == []
    assert queue.state(later) == "withdrawn"


@pytest.mark.parametrize(("channel", "blocked"), [(Channel.TELEGRAM, START), (Channel.SMS, None)])
def test_who_blocked_the_bot_is_left_in_peace(store: Store, channel: Channel, blocked: datetime | None) -> None:
    queue = Queue(store, "any", channel)
    queue.add(1)
    record(queue, claim(queue), SendResult.of(FailureKind.BLOCKED))
    assert queue.contact(1).blocked_at == blocked


def test_withdraw_takes_back_only_what_never_was_on_its_way(queue: Queue) -> None:
    fresh, tried = queue.add(1), queue.add(2)
    record(queue, [item for item in claim(queue) if item.outbound.message_id == tried], DOWN)
    with queue.store.transaction() as tx:
        assert not outbox.withdraw(tx, fresh)
        assert not outbox.withdraw(tx, tried)
    waiting = queue.add(3)
    with queue.store.transaction() as tx:
        assert outbox.withdraw(tx, waiting)
        assert not outbox.withdraw(tx, waiting)
    assert queue.state(waiting) == "withdrawn"


def test_stop_withdraws_everything_that_waits(queue: Queue) -> None:
    sent, tried, fresh = queue.add(1), queue.add(1), queue.add(1, lane=Lane.BULK)
    record(queue, claim(queue, bulk=0), ACCEPTED)
    record(queue, claim(queue, bulk=0), DOWN)
    with queue.store.transaction() as tx:
        contact = contacts.find(tx, Channel.SMS, number(1))
        assert contact is not None
        assert outbox.withdraw_all(tx, contact.id) == 2
    assert [queue.state(each) for each in (sent, tried, fresh)] == ["accepted", "withdrawn", "withdrawn"]


def test_what_may_have_left_is_never_called_withdrawn(queue: Queue) -> None:
    message_id = queue.add(1)
    record(queue, claim(queue), UNKNOWN)
    queue.mark(1, stopped_at=START)
    assert claim(queue, START + UNKNOWN_WAIT) == []
    assert (queue.state(message_id), queue.left()) == ("unknown", 0)


def test_receipts_come_late_double_and_out_of_order(queue: Queue) -> None:
    message_id = queue.add(1)
    record(queue, claim(queue), ACCEPTED)
    assert receipt(queue, message_id, DeliveryState.DELIVERED, START + MINUTE)
    assert receipt(queue, message_id, DeliveryState.SENT, START + 2 * MINUTE)
    assert receipt(queue, message_id, DeliveryState.DELIVERED, START + 3 * MINUTE)
    assert receipt(queue, message_id, DeliveryState.UNDELIVERED, START + 4 * MINUTE)
    assert queue.state(message_id) == "delivered"
    assert not receipt(queue, message_id + 1, DeliveryState.SENT)


def test_a_receipt_is_found_by_the_providers_id(queue: Queue) -> None:
    message_id = queue.add(1)
    record(queue, claim(queue), ACCEPTED)
    with queue.store.transaction() as tx:
        given = Receipt(SMS, DeliveryState.FAILED, provider_id="p-1", failure=FailureKind.UNREACHABLE)
        assert receipts.apply(tx, given, START).known
        assert not receipts.apply(tx, Receipt("other", DeliveryState.SENT, provider_id="p-1"), START).known
    assert queue.state(message_id) == "failed"


def test_taking_back_waits_for_its_message_and_not_for_bulk(queue: Queue) -> None:
    message_id = queue.add(1)
    record(queue, claim(queue), DOWN)
    queue.take_back(message_id, 1)
    queue.bulk(3, due=START - MINUTE)
    sent = claim(queue, START + 10 * SECOND, rate=1.0)
    assert ids(sent) == [message_id]
    record(queue, sent, ACCEPTED)
    (deletion,) = claim(queue, START + 11 * SECOND, rate=1.0)
    assert (deletion.outbound.action, deletion.outbound.provider_id) == ("delete", "p-1")


def test_a_lost_taking_back_is_tried_again_and_says_nothing_of_the_message(queue: Queue) -> None:
    message_id = queue.add(1)
    record(queue, claim(queue), ACCEPTED)
    queue.take_back(message_id, 1)
    claim(queue)
    assert recover(queue, START + LEASE_OVER) == 1
    assert queue.state(message_id) == "accepted"
    (again,) = claim(queue, START + LEASE_OVER)
    assert again.outbound.action == "delete"


def test_the_next_due_is_per_gateway_and_lane(queue: Queue) -> None:
    queue.add(1, due=START + MINUTE)
    queue.bulk(1, due=START)
    Queue(queue.store, "other").add(2, due=START - MINUTE)
    with queue.store.reading() as tx:
        assert claims.next_due(tx, SMS, bulk=True) == START
        assert claims.next_due(tx, SMS, bulk=False) == START + MINUTE
        assert claims.next_due(tx, "nobody's", bulk=True) is None
