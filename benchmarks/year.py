"""A whole year of a project at simulated time: how many cases came, how many were answered in time, and what it took."""

import time
from collections.abc import Iterator
from contextlib import closing

from benchmarks.means.databases import Databases
from benchmarks.means.figures import Figure
from benchmarks.means.sizes import Sizes
from storage import Keyring, Store, schema
from tests.support.a_year import Size, Year

_KEYS = Keyring({1: b"p" * 32}, {1: b"s" * 32}, b"l" * 32)
_MOST_DAYS = 365


def run(sizes: Sizes, databases: Databases, _kinds: tuple[str, ...]) -> Iterator[Figure]:
    """Live a year, or as much of it as the size says, on SQLite. Raises `AssertionError` at the first broken promise."""
    size = Size(
        days=sizes.days, messages=sizes.days * 2_000 // _MOST_DAYS, people=max(20, sizes.days * 400 // _MOST_DAYS)
    )
    with closing(Store(databases.fresh_url("sqlite"), _KEYS, pool_size=2)) as store:
        schema.upgrade(store)
        began = time.perf_counter()
        lived = Year(store, size).live()
        took = time.perf_counter() - began
    told = f"{size.days} days, {size.messages} messages begun by {size.people} people, {took:.0f} s"
    yield Figure("cases of a year", lived.cases, f"{lived.cases} cases", f"({lived.sensitive} sensitive)", told)
    answered = f"{lived.answered} of {lived.cases} answered by a person"
    share = lived.in_time / max(1, lived.answered)
    yield Figure("answered in time", share, f"{share:.0%}", "of what officers answered", answered)
    moved = f"{lived.appeals} appeals; {lived.ticks} ticks of all sweeps"
    a_case = lived.escalations / max(1, lived.cases)
    yield Figure("escalations by the clock", a_case, f"{a_case:.2f}", "a case", f"{lived.escalations} in all; {moved}")
    each = lived.messages / max(1, lived.cases)
    yield Figure("messages", each, f"{each:.1f}", "a case, in and out, to staff too", f"{lived.messages} in all")
