"""A sensitive case at the machine: no command, figure, log line or learned model tells of it."""

import logging
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from domain.settings import Level
from handlers.cases import case_views
from handlers.sending import gateway_figures
from samleng.cli import main
from samleng.config import load
from samleng.setup import Answers, set_up
from samleng.web import readiness
from samleng.wiring import Installation
from storage.queries import learning
from storage.queries.sending import failures
from tests.faces.cast import ABUSE, HER_NUMBER, PLACE, REFERENCE, Place, places
from tests.support.databases import Databases

ROOMS = ("bot", "console", "domain", "handlers", "samleng", "sms_gateway", "storage", "understanding", "worker")
COMMANDS = (
    ("case", "list"), ("case", "list", "--json"), ("case", "show", "{}"), ("case", "show", "{}", "--json"),
    ("messages", "failed"), ("messages", "failed", "--json"), ("gateway", "list"), ("gateway", "list", "--json"),
    ("db", "verify", "--json"), ("report", "sensitive"), ("report", "sensitive", "--json"), ("staff", "list"),
    ("services", "list"), ("services", "check"), ("faq", "list"), ("understand", "models"), ("check",),
)  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Place]:
    with places(databases, request.param, 1) as made:
        yield made[0]


def test_a_whole_run_leaves_no_line_in_the_log(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    for room in ROOMS:
        caplog.set_level(logging.DEBUG, logger=room)
    reference = place.she_reports()
    place.world.officer("focal one").writes(f"/kind {reference} child")
    for name in place.watchers:
        place.watcher(name).writes(f"/case {reference}")
    for _ in range(6):
        place.world.pass_time(hours=9)
    assert not any(each in caplog.text for each in (reference, ABUSE, HER_NUMBER, "child"))


def test_views_figures_failures_and_readiness_are_without_it(place: Place) -> None:
    before = readiness(place.world.context, place.world.now)
    reference = place.she_reports()
    context, now = place.world.context, place.world.now
    assert case_views.listed(context) == []
    assert case_views.shown(context, reference) is None
    assert readiness(context, now) == before
    assert reference not in str(gateway_figures.figures(context, now))
    with place.world.store.transaction() as tx:
        tx.execute(failed_all())
    with place.world.store.reading() as tx:
        assert failures.listed(tx, datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC), 100) == []


def failed_all() -> object:
    from sqlalchemy import text

    return text(
        "UPDATE message SET state = 'failed', failure = 'invalid_number', state_at = at "
        "WHERE direction = 'out' AND case_id IS NOT NULL"
    )


def test_nothing_is_learned_from_a_case_that_is_or_ever_was_sensitive(place: Place) -> None:
    she = place.world.phone(HER_NUMBER)
    (reference,) = REFERENCE.findall(she.writes("the bridge in our village is broken")[0])
    she.writes(PLACE)
    place.world.officer("facilitator").writes(f"/category {reference} meeting")
    with place.world.store.reading() as tx:
        assert len(learning.corrected(tx, most=10)) == 1
    place.world.officer("facilitator").writes(f"/sensitive {reference}")
    with place.world.store.reading() as tx:
        assert learning.corrected(tx, most=10) == []
    place.world.officer("focal one").writes(f"/release {reference} not harm")
    with place.world.store.reading() as tx:
        assert learning.corrected(tx, most=10) == []


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    set_up(tmp_path / "config.toml", Answers(), datetime(2026, 3, 3, 3, tzinfo=UTC))
    return tmp_path / "config.toml"


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_command_tells_of_it(installed: Path, words: tuple[str, ...]) -> None:
    reference = reports(installed)
    done = CliRunner().invoke(main, [*(each.format(reference) for each in words), "--config", str(installed)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    told = done.output.replace(f"There is no case {reference}.", "")
    assert not any(each in told for each in (reference, ABUSE, HER_NUMBER, HER_NUMBER[4:])), told


def reports(config: Path) -> str:
    """Let her report by a gateway of an installation, as its own processes would take it in."""
    from domain.inbound import Channel, Inbound, InboundKind
    from handlers.incoming.intake import receive
    from samleng.wiring import build
    from storage.queries.casework import cases

    opened: Installation = build(load(config, {}))
    now = datetime.now(UTC)
    with closing(opened.store):
        item = Inbound(
            gateway=next(iter(opened.context.gateways)), channel=Channel.SMS, provider_id="1", message_id="1",
            address=HER_NUMBER, kind=InboundKind.TEXT, received_at=now, text=ABUSE,
        )  # fmt: skip
        receive(opened.context, item, now)
        with opened.store.reading() as tx:
            found = cases.by_id(tx, 1)
    assert (found.sensitive, found.level) == ("unsorted", Level.FOCAL)
    return found.reference
