"""That a database which is too busy counts as away, and that a duty which is refused leaves no connection behind."""

from contextlib import ExitStack

import pytest
from sqlalchemy import text

from storage import Store
from storage.leadership import Leadership
from storage.store import DatabaseAway


def test_no_free_connection_counts_as_a_database_that_is_away(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store.engine.pool, "_timeout", 0)
    with ExitStack() as held, pytest.raises(DatabaseAway):
        _take_all(store, held)
    assert store.is_reachable()


def _take_all(store: Store, held: ExitStack) -> None:
    for _ in range(1000):
        held.enter_context(store.reading())


def test_a_refused_duty_leaves_no_connection_behind(store: Store) -> None:
    holder, others = Leadership(store, "any"), [Leadership(store, "any") for _ in range(3)]
    assert holder.holds()
    assert not any(each.holds() for each in others)
    if not store.is_sqlite:
        with store.reading() as tx:
            query = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_try_advisory_lock%'"
            assert tx.execute(text(query)).scalar() <= 1
    holder.release()
    assert others[0].holds()
    others[0].release()
