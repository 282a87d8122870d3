"""A receipt by a provider's id that is only becoming known, in another transaction at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import monotonic

from sqlalchemy import text

from domain.ports import DeliveryState, Receipt, SendResult
from handlers.context import Context
from handlers.sending.receipts import take_receipt
from storage import Store
from storage.queries.sending import claims, outbox, signs
from tests.support.world import START
from tests.worker.fakes import Queue


def test_a_receipt_and_the_result_that_makes_its_id_known_do_not_miss_each_other(store: Store) -> None:
    """The receipt comes while the result is being kept: on PostgreSQL both would else look for the other in vain."""
    queue = Queue(store)
    message = queue.add(1)
    with store.transaction() as tx:
        (item,) = claims.claim(tx, queue.gateway, rate=100.0, now=START, limit=1, bulk=1).items
    written, given = Event(), Receipt(queue.gateway, DeliveryState.DELIVERED, provider_id="p-1")

    def keep_result() -> None:
        with queue.store.transaction() as tx:
            signs.receipts_wait(tx, queue.gateway)
            outbox.record(tx, [(item, SendResult.accepted("p-1"))], gateway=queue.gateway, now=START)
            assert signs.early(tx, queue.gateway, ["p-1"]) == []
            written.set()
            if queue.store.is_sqlite:
                return
            with queue.store.reading() as other:
                waits = text("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
                until = monotonic() + 20
                while other.execute(waits).first() is None:
                    assert monotonic() < until, "the receipt does not wait for the result"

    def take() -> bool:
        written.wait(20)
        return take_receipt(Context(queue.store, {}), given, START)

    with ThreadPoolExecutor(2) as pool:
        result, receipt = pool.submit(keep_result), pool.submit(take)
        result.result()
        assert receipt.result()
    assert queue.state(message) == "delivered"
