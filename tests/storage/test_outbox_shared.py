"""That several workers on one queue share it out: no message twice, and one rate for all."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from storage import Store
from storage.queries.sending import claims
from tests.support.world import SMS, START
from tests.worker.fakes import Queue


@pytest.fixture
def queue(store: Store) -> Queue:
    return Queue(store)


def claim(queue: Queue, now: datetime, *, rate: float | None, limit: int) -> list[int]:
    with queue.store.transaction() as tx:
        taken = claims.claim(tx, SMS, rate=rate, now=now, limit=limit, bulk=limit)
    return [item.outbound.message_id for item in taken.items]


def side_by_side(count: int, work: Callable[[], None]) -> None:
    start = threading.Barrier(count)

    def begin() -> None:
        start.wait()
        work()

    threads = [threading.Thread(target=begin) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_many_workers_never_take_the_same_message(queue: Queue) -> None:
    for n in range(30):
        queue.add(n)
    queue.bulk(30)
    taken: list[int] = []

    def work() -> None:
        while found := claim(queue, START, rate=None, limit=3):
            taken.extend(found)

    side_by_side(4, work)
    assert len(taken) == len(set(taken)) == 60


def test_tokens_are_shared_by_all_workers(queue: Queue) -> None:
    queue.bulk(40)
    taken = claim(queue, START, rate=5.0, limit=100)
    for second in range(1, 5):
        moment = START + timedelta(seconds=second)
        side_by_side(3, lambda moment=moment: taken.extend(claim(queue, moment, rate=5.0, limit=100)))
        assert len(taken) == len(set(taken)) == 5 + 5 * second
