"""What each message and each command costs the database, so that it cannot creep up unseen."""

import pytest

from storage import Store
from tests.support.databases import TEST_KEYS, Databases
from tests.support.paths import counted_paths
from tests.support.world import new_world

# Queries and commits, with what comes back handed over. Some queries of air are in it, for what is read once in a while.
MOST = {
    "first complaint": (75, 9), "joined text": (55, 8), "digit": (45, 8), "status": (45, 8),
    "another's reference": (40, 8), "harm": (105, 11), "missed call": (72, 9), "photo": (84, 9), "question": (80, 9),
    "STOP": (44, 8), "START": (42, 8), "/sensitive": (90, 9), "/transfer": (80, 9), "/escalate": (68, 9),
    "/resolve": (55, 8), "/reject": (55, 8), "/log": (65, 9), "/complain": (58, 9), "/merge": (55, 8),
    "/bar": (56, 8),
}  # fmt: skip
OTHERS = (46, 8)


@pytest.fixture(scope="module")
def counted(databases: Databases) -> dict[str, tuple[int, int]]:
    """Each path with its queries and commits, on SQLite: PostgreSQL gets the same statements and a lock more."""
    store = Store(databases.fresh_url("sqlite"), TEST_KEYS, pool_size=2)
    found = {name: (each.queries, each.commits) for name, each in counted_paths(new_world(store, "leap"))}
    store.close()
    return found


def test_no_message_or_command_costs_more_than_it_may(counted: dict[str, tuple[int, int]]) -> None:
    over = {
        name: (cost, MOST.get(name, OTHERS))
        for name, cost in counted.items()
        if cost[0] > MOST.get(name, OTHERS)[0] or cost[1] > MOST.get(name, OTHERS)[1]
    }
    assert not over


def test_each_bound_is_of_a_path_that_there_is(counted: dict[str, tuple[int, int]]) -> None:
    assert set(MOST) <= set(counted)
