"""That `kill -9` in mid-send loses nothing and repeats at most what was in flight, by each kind of gateway."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, text

from samleng.cli import main
from samleng.config import load
from samleng.files import keyfiles
from samleng.setup import complete
from storage import Store
from storage.tables import OutboxItem
from storage.tables.base import table_of
from tests.sms_gateway.parts.real_gammu import needs_gammu
from tests.support.databases import Databases
from tests.support.processes import Running
from tests.worker.fakes import Queue, number
from tests.worker.holding import ENVIRON, KINDS, HoldingModem, HoldingProvider, Taken

GATEWAY = "killed"
AT_ONCE = 16
"""How many messages a gateway has on their way at once; each person's first is one of them."""

PEOPLE, LATER = range(1, 21), timedelta(minutes=3)
_PATIENCE_S = 60.0
_OUTBOX = table_of(OutboxItem)


@dataclass
class Site:
    """An installation whose worker is a real process, and the provider that it hands over to."""

    folder: Path
    provider: HoldingProvider | HoldingModem
    store: Store
    environ: dict[str, str]

    @property
    def queue(self) -> Queue:
        return Queue(self.store, GATEWAY)

    @contextmanager
    def worker(self) -> Iterator[Running]:
        """Run `samleng worker`; at the end of the block it is killed, unless it is dead already."""
        log, words = self.folder / "worker.log", ("worker", "--config", str(self.folder / "config.toml"))
        running = Running(words, folder=self.folder, environ=self.environ, out=log, err=log)
        try:
            yield running
        finally:
            kill(running)

    def sweep(self, at: datetime) -> None:
        """Run `samleng sweep` as though it were another time, and send what is due then."""
        words = ["sweep", "--config", str(self.folder / "config.toml"), "--at", at.isoformat(), "--drain"]
        done = CliRunner(env=self.environ).invoke(main, words)
        assert done.exit_code == 0, done.output

    @contextmanager
    def nothing_kept(self) -> Iterator[None]:
        """Keep everybody from writing to the installation's database until the block ends."""
        with self.store.transaction() as tx:
            if not self.store.is_sqlite:
                tx.execute(text("LOCK TABLE outbox, message IN EXCLUSIVE MODE"))
            yield

    def claimed(self) -> int:
        return self.count(_OUTBOX.c.state == "sending")

    def count(self, *which: object) -> int:
        query = select(func.count()).select_from(_OUTBOX).where(*which)  # type: ignore[arg-type]
        with self.store.reading() as tx:
            return int(tx.execute(query).scalar_one())

    def wait_until(self, reached: Callable[[], bool]) -> None:
        until = time.monotonic() + _PATIENCE_S
        while not reached():
            assert time.monotonic() < until, (self.folder / "worker.log").read_text()
            time.sleep(0.02)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, databases: Databases) -> str:
    return databases.fresh_url(request.param)


@contextmanager
def site(folder: Path, url: str, provider: HoldingProvider | HoldingModem) -> Iterator[Site]:
    """Make an installation with one gateway, by which nothing is limited."""
    path, environ = folder / "config.toml", ENVIRON | {"PYTHONUTF8": "1"}
    gateway, _, parts = provider.table.partition("[")
    table = f'[[sms_gateway]]\nname = "{GATEWAY}"\nrate = 1000.0\nconcurrency = {AT_ONCE}\n{gateway}' + (
        f"[{parts}" if parts else ""
    )
    path.write_text(
        f'public_url = "https://samleng.example.org"\nallow_time_travel = true\n[database]\nurl = "{url}"\n{table}'
    )
    keyfiles.make(folder / "keys")
    complete(path, "leap", environ, datetime.now(UTC))
    with closing(load(path, environ).open_store()) as store, closing(provider):
        yield Site(folder, provider, store, environ)


def kill(worker: Running) -> None:
    """Kill a process as a power cut would."""
    worker.kill()
    worker.wait(_PATIENCE_S)


def queued(made: Site) -> list[tuple[str, str, int]]:
    """Queue two messages to each person; return to whom, what, and their numbers."""
    return [
        (number(who), f"{turn} to {who}", made.queue.add(who, f"{turn} to {who}")) for turn in (1, 2) for who in PEOPLE
    ]


def assert_order(taken: list[Taken]) -> None:
    """Assert that nobody was handed a second message before a first."""
    for who in PEOPLE:
        theirs = [each.text for each in taken if each.address == number(who)]
        assert theirs == sorted(theirs)


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_in_flight_is_repeated_once_and_nothing_is_lost(kind: str, url: str, tmp_path: Path) -> None:
    provider = HoldingProvider(KINDS[kind])
    with site(tmp_path, url, provider) as made:
        early = [made.queue.add(who, "0 before") for who in PEOPLE]
        with made.worker() as worker:
            provider.wait_for(len(early))
            made.wait_until(lambda: made.count() == 0)
            with provider.holding():
                sent = queued(made)
                provider.wait_for(len(early) + AT_ONCE)
                kill(worker)
        in_flight = {(each.address, each.text) for each in provider.taken[len(early) :]}
        assert len(in_flight) == len(provider.taken) - len(early) == AT_ONCE
        assert (made.claimed(), made.count()) == (AT_ONCE, len(sent))
        untouched = {number(who) for who in PEOPLE} - {address for address, _ in in_flight}
        with made.worker():
            # Until what is in flight may be taken for unknown, only the others are served.
            provider.wait_for(len(early) + AT_ONCE + 2 * len(untouched))
            made.wait_until(lambda: made.count() == 2 * AT_ONCE)
        assert made.claimed() == AT_ONCE
        made.sweep(datetime.now(UTC) + LATER)
        handed_over = Counter((each.address, each.text) for each in provider.taken[len(early) :])
        assert handed_over == {each[:2]: 1 + (each[:2] in in_flight) for each in sent}
        assert_order(provider.taken)
        assert made.count() == 0
        assert {made.queue.state(each) for each in [*early, *(message_id for *_, message_id in sent)]} == {"accepted"}


@pytest.mark.parametrize("is_there", [False, True], ids=["before SMSD has it", "when SMSD has it"])
def test_a_modem_is_handed_each_message_once(is_there: bool, url: str, tmp_path: Path) -> None:
    needs_gammu()
    modem = HoldingModem(tmp_path / "smsd.db")
    with site(tmp_path, url, modem) as made:
        with made.worker() as worker, ExitStack() as ours:
            with modem.holding():
                sent = queued(made)
                made.wait_until(lambda: made.claimed() == AT_ONCE)
                if is_there:
                    ours.enter_context(made.nothing_kept())
                else:
                    kill(worker)
            if is_there:
                made.wait_until(lambda: len(modem.taken) == AT_ONCE)
                kill(worker)
        assert len(modem.taken) == AT_ONCE * is_there
        assert (made.claimed(), made.count()) == (AT_ONCE, len(sent))
        made.sweep(datetime.now(UTC) + LATER)
        handed_over = Counter((each.address, each.text) for each in modem.taken)
        assert handed_over == {each[:2]: 1 for each in sent}
        assert_order(modem.taken)
        assert made.count() == 0
        assert {made.queue.state(message_id) for *_, message_id in sent} == {"accepted"}
