"""That whoever waits is woken after a commit: in the same process always, across processes on PostgreSQL."""

import threading
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import event

from storage import Store
from storage.wake import CHANNEL, Wake
from tests.support.databases import TEST_KEYS, Databases
from tests.worker.fakes import Queue

LONG_S, SHORT_S = 20.0, 0.05


@pytest.fixture
def wake(store: Store) -> Iterator[Wake]:
    made = Wake(store)
    yield made
    made.close()


@pytest.fixture
def two(databases: Databases) -> Iterator[tuple[Store, Store]]:
    """The same PostgreSQL database, as two processes have it."""
    url = databases.fresh_url("postgresql")
    stores = Store(url, TEST_KEYS), Store(url, TEST_KEYS)
    yield stores
    for each in stores:
        each.close()


def plain(store: Store) -> str:
    return store.direct_url.replace("postgresql+psycopg://", "postgresql://")


def test_a_commit_that_queues_something_wakes(store: Store, wake: Wake) -> None:
    store.on_queued = wake.notify
    assert not wake.wait(0)
    Queue(store).add(1)
    assert wake.wait(LONG_S)
    assert not wake.wait(0)


def test_a_commit_that_queues_nothing_wakes_nobody(store: Store, wake: Wake) -> None:
    store.on_queued = wake.notify
    with store.transaction():
        pass
    assert not wake.wait(0)


def test_every_thread_that_waits_is_woken(store: Store, wake: Wake) -> None:
    woken: list[bool] = []
    threads = [threading.Thread(target=lambda: woken.append(wake.wait(LONG_S))) for _ in range(3)]
    for thread in threads:
        thread.start()
    wake.notify()
    for thread in threads:
        thread.join()
    assert woken == [True] * 3


def test_another_process_is_woken(two: tuple[Store, Store]) -> None:
    here, there = two
    told, heard = Wake(here), Wake(there)
    here.on_queued = told.notify
    heard.start_listening()
    assert heard.wait(LONG_S), "it rings once it hears"
    Queue(here).add(1)
    assert heard.wait(LONG_S)
    told.close()
    heard.close()


def test_ones_own_notice_does_not_come_back(two: tuple[Store, Store]) -> None:
    here, there = two
    own, other = Wake(here), Wake(there)
    for each in (own, other):
        each.start_listening()
        assert each.wait(LONG_S)
    own.notify()
    assert own.wait(0)
    assert other.wait(LONG_S)
    assert not own.wait(SHORT_S)
    own.close()
    other.close()


def test_notices_are_coalesced_and_the_last_is_told_at_the_end(two: tuple[Store, Store]) -> None:
    here, there = two
    wake, sent = Wake(here), []
    event.listen(wake._engine, "before_cursor_execute", lambda *values: sent.append(values[2]))
    with psycopg.connect(plain(there), autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        for _ in range(1000):
            wake.notify()
        wake.close()
        heard = list(listener.notifies(timeout=SHORT_S))
    assert 1 <= len(heard) <= 20
    assert sent.count(f"NOTIFY {CHANNEL}") == len(heard)


def test_listening_goes_on_after_the_connection_was_cut(two: tuple[Store, Store]) -> None:
    here, there = two
    heard = Wake(there)
    heard.start_listening()
    assert heard.wait(LONG_S)
    with psycopg.connect(plain(here), autocommit=True) as admin:
        cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN {CHANNEL}'"
        assert admin.execute(cut).fetchall()
        assert heard.wait(LONG_S), "it rings once it hears again"
        admin.execute(f"NOTIFY {CHANNEL}")
        assert heard.wait(LONG_S)
    heard.close()


def test_a_database_that_is_away_troubles_nobody(two: tuple[Store, Store]) -> None:
    wake = Wake(Store("postgresql://nobody@127.0.0.1:1/none", TEST_KEYS))
    wake.start_listening()
    wake.notify()
    assert wake.wait(0)
    wake.close()
    wake.notify()
    assert wake.wait(0)
