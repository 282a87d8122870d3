"""The audit log: sealed in order, and a changed, removed or inserted entry is found and named."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from handlers.sweeps.housekeeping import seal_audit
from storage import Store
from storage.queries import audit
from tests.support.world import World

NOW = datetime(2026, 3, 3, 3, 0, tzinfo=UTC)


def filled(store: Store, entries: int = 6) -> Store:
    with store.transaction() as tx:
        for number in range(entries):
            audit.add(tx, "test.done", actor="machine", now=NOW, data={"n": number}, personal=f"secret {number}")
    return store


def faults(store: Store, witnessed: dict[int, str] | None = None) -> list[tuple[int, str]]:
    with store.reading() as tx:
        return [(fault.entry, fault.kind) for fault in audit.faults(tx, witnessed or {})]


def change(store: Store, statement: str) -> None:
    with store.transaction() as tx:
        tx.execute(text(statement))


class _World:
    def __init__(self, store: Store) -> None:
        self.store = store


def seal(store: Store) -> int:
    return seal_audit(_World(store), NOW)  # type: ignore[arg-type]


def test_a_whole_chain_has_no_fault(store: Store) -> None:
    filled(store)
    assert seal(store) == 6
    assert seal(store) == 0
    filled(store, 2)
    assert seal(store) == 2
    assert faults(store) == []
    with store.reading() as tx:
        assert (audit.entries(tx), audit.unsealed(tx), audit.head(tx).seq) == (8, 0, 8)


TAMPERINGS: list[tuple[str, str, tuple[int, str]]] = [
    ("data", "UPDATE audit_entry SET data = '[9]' WHERE seq = 3", (3, "changed")),
    ("actor", "UPDATE audit_entry SET actor = 'officer' WHERE seq = 4", (4, "changed")),
    ("time", "UPDATE audit_entry SET at = '2026-01-01 00:00:00' WHERE seq = 2", (2, "changed")),
    ("removed in the middle", "DELETE FROM audit_entry WHERE seq = 3", (3, "removed")),
    ("removed at the end", "DELETE FROM audit_entry WHERE seq = 6", (6, "removed")),
    ("removed at the start", "DELETE FROM audit_entry WHERE seq = 1", (1, "removed")),
]


@pytest.mark.parametrize(("what", "statement", "fault"), TAMPERINGS, ids=[t[0] for t in TAMPERINGS])
def test_tampering_is_found_and_named(store: Store, what: str, statement: str, fault: tuple[int, str]) -> None:
    seal(filled(store))
    change(store, statement)
    assert fault in faults(store)


COPY = (
    "INSERT INTO audit_entry (id, at, type, actor, data, mark{more}) "
    "SELECT 999, at, type, actor, data, '{mark}'{values} FROM audit_entry WHERE seq = 2"
)


def test_an_inserted_entry_is_found(store: Store) -> None:
    seal(filled(store))
    forged = COPY.format(more=", seq, previous, hash", mark="0" * 56, values=", 7, hash, hash")
    change(store, forged)
    assert {kind for _, kind in faults(store)} & {"inserted", "changed"}
    assert any(entry == 7 for entry, _ in faults(store))


def test_an_inserted_entry_that_waits_for_the_sealer_is_found(store: Store) -> None:
    seal(filled(store))
    change(store, COPY.format(more="", mark="0" * 56, values=""))
    assert faults(store) == [(999, "inserted")]
    seal(store)
    assert faults(store) == [(7, "changed")]


def test_a_changed_personal_value_is_found_and_an_erased_one_is_not_a_fault(store: Store) -> None:
    seal(filled(store))
    change(store, "UPDATE audit_entry SET personal = NULL, salt = NULL WHERE seq = 2")
    assert faults(store) == []
    change(store, "UPDATE audit_entry SET personal = (SELECT personal FROM audit_entry WHERE seq = 1) WHERE seq = 3")
    assert faults(store) == [(3, "changed")]


def test_a_cut_tail_and_a_rewritten_chain_are_found_against_the_second_place(store: Store) -> None:
    seal(filled(store))
    with store.reading() as tx:
        head = audit.head(tx)
    witnessed = {head.seq: head.hash}
    assert faults(store, witnessed) == []
    change(store, "DELETE FROM audit_entry WHERE seq > 4")
    change(store, "UPDATE audit_head SET seq = 4, hash = (SELECT hash FROM audit_entry WHERE seq = 4)")
    assert faults(store) == []
    assert faults(store, witnessed) == [(6, "cut")]
    assert faults(store, {2: "f" * 64}) == [(2, "rewritten")]


def test_a_whole_conversation_leaves_a_chain_that_holds(world: World) -> None:
    she = world.phone()
    she.writes("លុយអត់ទាន់ចូលទេ ៣ខែហើយ")
    she.writes("ចារឈូក")
    world.pass_time(days=40)
    with world.store.reading() as tx:
        assert list(audit.faults(tx, {})) == []
        assert audit.entries(tx) >= 4
