"""Four weeks of a project at simulated time: every case gets what its ladder promises, and nobody is told what he must not be.

A whole year of it is `python -m benchmarks year`.
"""

from collections.abc import Iterator

import pytest

from storage import Store
from tests.support.a_year import Lived, Size, Year
from tests.support.databases import TEST_KEYS, Databases


@pytest.fixture(scope="module")
def weeks(databases: Databases) -> Iterator[Lived]:
    """What came of four weeks; whatever broke a promise on the way has failed already."""
    store = Store(databases.fresh_url("sqlite"), TEST_KEYS, pool_size=2)
    yield Year(store, Size(days=29, messages=80, people=45)).live()
    store.close()


def test_every_case_gets_what_its_ladder_promises(weeks: Lived) -> None:
    assert weeks.cases > 45
    assert weeks.escalations > 10
    assert weeks.answered > 30
    assert weeks.appeals > 0


def test_sensitive_cases_were_among_them(weeks: Lived) -> None:
    assert weeks.sensitive > 3
