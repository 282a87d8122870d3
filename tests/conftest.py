"""What every test may ask for: a store on each database, filled with a small project, and a fixed moment."""

import contextlib
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import Store
from tests.support.databases import Databases
from tests.support.world import World, new_world

_ROOM = 6 * 2**30


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """The real databases of this test process: SQLite files, and one PostgreSQL server started on first use."""
    with contextlib.closing(Databases(Path(tempfile.mkdtemp(prefix="samleng-test-", dir=_memory())))) as found:
        yield found


def _memory() -> str | None:
    """Return where files lie in memory, if there is room: thousands of commits then wait for no disk."""
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > _ROOM else None


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Store]:
    """An empty store with every table, on SQLite and on PostgreSQL in turn."""
    empty = databases.empty_store(request.param)
    yield empty
    empty.close()


@pytest.fixture
def world(store: Store) -> World:
    """A small project in Cambodia with its cast of people; the same names mean the same everywhere."""
    return new_world(store, "leap")


@pytest.fixture
def lao_world(store: Store) -> World:
    """The same in Laos."""
    return new_world(store, "rrpm")


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers of the project."""
    config.addinivalue_line("markers", "browser: drives a real browser (Debian's chromium)")


_PLAYED_ON_SQLITE = ("tests/handlers/", "tests/console/", "tests/faces/", "tests/bot/")
"""Where rules are played: the queries below them are tested on both databases by `tests/storage` and `tests/worker`."""
_OF_SO_MANY = 4


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Play every rule on SQLite and each fourth on PostgreSQL too, always the same; SAMLENG_EVERY_DATABASE=1 plays all."""
    if os.environ.get("SAMLENG_EVERY_DATABASE"):
        return
    left = [each for each in items if _is_left_to_sqlite(each)]
    if left:
        kept = set(items) - set(left)
        config.hook.pytest_deselected(items=left)
        items[:] = [each for each in items if each in kept]


def _is_left_to_sqlite(item: pytest.Item) -> bool:
    callspec = getattr(item, "callspec", None)
    on_postgresql = callspec is not None and "postgresql" in callspec.params.values()
    rule = item.nodeid.startswith(_PLAYED_ON_SQLITE)
    return on_postgresql and rule and zlib.crc32(item.nodeid.encode()) % _OF_SO_MANY != 0


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which tests were left out and how to get what they need."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = {str(report.longrepr[2]) for report in skipped if isinstance(report.longrepr, tuple)}
    for reason in sorted(reasons):
        terminalreporter.write_line(f"left out: {reason}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Where nothing may be left out, a skipped test is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and os.environ.get("SAMLENG_NOTHING_SKIPPED") and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
