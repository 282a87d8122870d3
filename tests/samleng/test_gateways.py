"""SMS gateways as the configuration wires them: both ways of each kind, their figures and faults, and trials by hand."""

import asyncio
import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import text as sql

from domain.ports import DeliveryState, FailureKind, Receipt
from handlers.sending.receipts import take_receipt
from samleng import config, running
from samleng.cli import main
from samleng.gateways import SmsGateways, health, register_phones, trying
from samleng.outside import Outside
from samleng.setup import Answers, set_up
from samleng.web import create_app
from samleng.wiring import Installation, build
from sms_gateway.android import AndroidGateway
from sms_gateway.gammu import GammuCalls, GammuGateway, GammuLoop
from sms_gateway.generic import GenericGateway
from sms_gateway.kannel import KannelGateway
from sms_gateway.twilio import TwilioGateway
from storage.queries.persons import inbound, messages
from tests.samleng.test_config_sms import ANDROID, ENVIRON, GAMMU, HTTP, KANNEL, SECOND
from tests.sms_gateway.parts import android_stand_in as phone
from tests.support.databases import Databases
from tests.support.installation import Provider, free_port
from tests.support.world import START

NUMBER = "+85512345678"
TWILIO = (
    '[[sms_gateway]]\nname = "t"\nkind = "twilio"\nfrom = "+15005550006"\naccount_sid = "AC0"\nauth_token_env = "PW"\n'
)
ALL = TWILIO + KANNEL + GAMMU + ANDROID + SECOND + HTTP


def made(folder: Path, tables: str, database: str = "") -> Installation:
    path = folder / "config.toml"
    url = database or "sqlite:///samleng.db"
    set_up(path, Answers(sms="none", public_url="https://samleng.example.org", database_url=url), START)
    path.write_text(path.read_text() + tables)
    return build(config.load(path, ENVIRON))


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Installation]:
    found = made(tmp_path, ALL)
    yield found
    found.close()


def test_each_kind_has_its_way_in_and_its_way_out(opened: Installation) -> None:
    called, outside = Outside(opened).sms_gateways(), Outside(opened)
    assert {name: type(each) for name, each in called.items()} == {
        "t": TwilioGateway,
        "k": KannelGateway,
        "g": GammuCalls,
        "a": AndroidGateway,
        "b": AndroidGateway,
        "h": GenericGateway,
    }

    async def senders() -> dict[str, type]:
        found = {name: make() for name, make in outside.senders().items()}
        for each in found.values():
            await each.close()
        return {name: type(each) for name, each in found.items()}

    assert asyncio.run(senders()) == {name: type(each) for name, each in called.items()} | {"g": GammuGateway}
    assert {name: type(each) for name, each in outside.sms.loops(lambda: START).items()} == {"g": GammuLoop}
    assert list(opened.context.gateways) == ["t", "k", "g", "a", "b", "h"]


def test_the_sims_of_one_phone_share_its_pulse_and_it_is_told_once(opened: Installation) -> None:
    called = Outside(opened).sms_gateways()
    first, second = called["a"], called["b"]
    assert isinstance(first, AndroidGateway)
    assert isinstance(second, AndroidGateway)
    assert first.pulse == second.pulse == "a"
    assert [each.name for each in Outside(opened).sms.phones()] == ["a"]


def test_each_database_marks_its_messages_for_the_phone(opened: Installation, tmp_path: Path) -> None:
    other = made(tmp_path / "other", ANDROID)
    with other.store.transaction() as tx:
        tx.execute(sql("UPDATE setting SET at = '2026-03-01 00:00:00'"))
    marks = {SmsGateways(each).android_settings(SmsGateways(each).phones()[0]).installation for each in (opened, other)}
    other.close()
    assert len(marks) == 2


def test_a_phone_that_cannot_be_told_is_no_end_of_the_world(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    opened = made(tmp_path, ANDROID.replace("https://api.sms-gate.app/3rdparty/v1", f"http://127.0.0.1:{free_port()}"))
    gateways = SmsGateways(opened)
    assert register_phones(gateways, gateways.phones()) == gateways.phones()
    opened.close()
    assert "look at base_url, login and the phone's network" in caplog.text
    assert "the-password" not in caplog.text


def test_the_web_takes_what_each_provider_brings(opened: Installation) -> None:
    client = create_app(opened).test_client()
    secret = ENVIRON["SECRET"]
    brought = f"/sms/k/receive?secret={secret}&id=1&from=85512345678&to=1288&text=hello&coding=0&charset=UTF-8"
    assert client.get(brought).status_code == 200
    assert client.get(brought.replace(secret, "x" * 16)).status_code == 403
    assert client.post(brought).status_code == 405
    assert client.get("/sms/t/receive").status_code == 405
    assert client.post("/sms/g/receive", data={"number": NUMBER}).status_code == 403
    assert client.post("/sms/a/receive", data=b"{}").status_code == 403
    with opened.store.reading() as tx:
        assert tx.execute(sql("SELECT count(*) FROM inbound WHERE gateway = 'k'")).scalar() == 1


def test_metrics_tell_for_how_long_a_gateway_was_silent(opened: Installation) -> None:
    now = [START]
    client = create_app(opened, lambda: now[0]).test_client()
    assert 'samleng_gateway_silent_s{gateway="a"} +Inf' in client.get("/metrics").text
    assert pinged(client, now[0]) == 204
    now[0] = START + timedelta(seconds=90)
    shown = create_app(opened, lambda: now[0]).test_client().get("/metrics").text
    assert 'samleng_gateway_silent_s{gateway="a"} 90.0' in shown, "after a restart, and in another process, too"
    assert 'samleng_gateway_silent_s{gateway="b"} 90.0' in shown
    assert 'samleng_gateway_silent_s{gateway="g"} +Inf' in shown
    assert pinged(client, START - timedelta(minutes=10)) == 403
    shown = client.get("/metrics").text
    assert 'samleng_gateway_silent_s{gateway="a"} 90.0' in shown
    assert 'samleng_gateway_silent_s{gateway="k"}' not in shown


def pinged(client: FlaskClient, at: datetime) -> int:
    call = phone.signed("/sms/a/status", phone.envelope("system:ping", {}), at, ENVIRON["KEY"])
    return client.post(call.path, data=call.body, headers=call.headers).status_code


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_delivery_by_parts_is_told_to_any_process(tmp_path: Path, databases: Databases, database: str) -> None:
    opened = made(tmp_path, ANDROID, "" if database == "sqlite" else databases.fresh_url(database))
    apps = [create_app(opened, lambda: START).test_client() for _ in range(3)]
    with opened.store.transaction() as tx:
        kept = {"direction": "out", "kind": "system", "gateway": "a", "channel": "sms", "at": START}
        ids = [messages.add(tx, text="ក" * 80, sealed=False, state="accepted", segments=2, **kept) for _ in range(2)]

    def told(message_id: int, event: str, event_id: str, **more: object) -> str:
        payload = {"messageId": f"{message_id}-0123456789ab", "simNumber": 1, **more}
        call = phone.signed("/sms/a/status", phone.envelope(event, payload, event_id), START, ENVIRON["KEY"])
        answer = apps[next(turns) % 3].post(call.path, data=call.body, headers=call.headers)
        assert answer.status_code == 204
        with opened.store.reading() as tx:
            return messages.fate_of(tx, message_id)[0]

    turns, (first, second) = count(), ids
    # The phone's count holds before ours; a repeat of a part's report counts once.
    assert told(first, "sms:sent", "e0", partsCount=3) == "sent"
    assert [told(first, "sms:delivered", each) for each in ("e1", "e2", "e1", "e2")] == ["sent"] * 4
    assert told(second, "sms:delivered", "e3") == "sent", "no other message's parts count"
    assert told(first, "sms:delivered", "e4") == "delivered"
    assert told(second, "sms:delivered", "e5") == "delivered"
    assert told(second, "sms:failed", "e6", reason="Send result: RESULT_ERROR_NO_SERVICE") == "delivered"
    with opened.store.reading() as tx:
        assert inbound.count_waiting(tx) == 0
    opened.close()


def test_a_modem_without_tables_and_a_phone_that_is_away_are_faults(tmp_path: Path) -> None:
    away = ANDROID.replace("https://api.sms-gate.app/3rdparty/v1", f"http://127.0.0.1:{free_port()}")
    opened = made(tmp_path, GAMMU + away)
    opened.close()
    found = {each.key: each for each in health.faults(opened.config, datetime.now(UTC))}
    assert set(found) == {"sms_gateway[0].database", "sms_gateway[1].base_url"}
    assert found["sms_gateway[0].database"].remedy == "make it with `samleng gateway files NAME`"
    assert "does not answer" in found["sms_gateway[1].base_url"].what


def test_the_loop_of_a_modem_runs_with_the_worker_and_ends_with_it(opened: Installation) -> None:
    parts = dict(running._worker_parts(opened))
    stop = threading.Event()
    thread = threading.Thread(target=parts["modem-g"], args=(stop,))
    thread.start()
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def test_faults_of_a_kannel_and_a_modem_are_told_by_check(tmp_path: Path) -> None:
    set_up(tmp_path / "config.toml", Answers(sms="none"), START)
    path = tmp_path / "config.toml"
    path.write_text(path.read_text() + KANNEL.replace("callback_secret_env", "callback_secret") + 'phone_id = "x"\n')
    done = CliRunner().invoke(main, ["check", "--config", str(path)], env=ENVIRON)
    assert done.exit_code == 2
    assert "sms_gateway[0].callback_secret: a secret is written into the file" in done.output
    assert "sms_gateway[0].phone_id: there is no such key" in done.output


class Trying:
    """An installation with two gateways at a stand-in, whose time passes only where somebody waits."""

    def __init__(self, folder: Path) -> None:
        self.provider = Provider()
        second = TWILIO.replace('"t"', '"down"') + f'base_url = "http://127.0.0.1:{free_port()}"\n'
        self.opened = made(folder, TWILIO + f'base_url = "{self.provider.url}"\n' + second)
        self.waited = 0.0
        self.receipt: Receipt | None = None

    def wait(self, seconds: float) -> None:
        self.waited += seconds
        if self.receipt:
            take_receipt(self.opened.context, self.receipt, START)

    def trials(self, gateway: str | None) -> list[trying.Trial]:
        return trying.send_trials(
            self.opened, NUMBER, gateway, clock=lambda: START, seconds=lambda: self.waited, wait=self.wait
        )


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[Trying]:
    found = Trying(tmp_path)
    yield found
    found.opened.close()
    found.provider.close()


def test_a_trial_goes_by_each_gateway_and_waits_for_receipts(trial: Trying) -> None:
    good, bad = trial.trials(None)
    assert str(good) == "t: accepted; receipt: none"
    assert trial.waited == trying.RECEIPT_WAIT_S
    assert str(bad).startswith("down: failed (provider_down)\n    → it does not answer; look")
    assert (good.is_good, bad.is_good) == (True, False)
    assert [each["To"] for each in trial.provider.taken] == [NUMBER]


@pytest.mark.parametrize(
    ("state", "failure", "good"),
    [(DeliveryState.DELIVERED, None, True), (DeliveryState.UNDELIVERED, FailureKind.UNREACHABLE, False)],
)
def test_a_receipt_ends_the_waiting(
    trial: Trying, state: DeliveryState, failure: FailureKind | None, good: bool
) -> None:
    trial.receipt = Receipt("t", state, message_id=1, failure=failure)
    (found,) = trial.trials("t")
    assert (found.receipt, found.receipt_failure, found.is_good) == (state.value, failure, good)
    assert trial.waited == 1.0
    assert (found.remedy is None) is good


def test_a_trial_touches_no_person_and_no_case(trial: Trying) -> None:
    trial.trials("down")
    with trial.opened.store.reading() as tx:
        for table in ("contact_point", "person", "grievance_case", "outbox", "inbound"):
            assert tx.execute(sql(f"SELECT count(*) FROM {table}")).scalar() == 0, table
        row = messages.by_id(tx, 1)
    assert row is not None
    assert (row.kind, row.state, row.contact_point_id, row.case_id) == ("trial", "failed", None, None)
    assert NUMBER not in row.text


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["--send", NUMBER, "--gateway", "down"], 1, "down: failed (provider_down)"),
        (["--send", NUMBER, "--gateway", "down", "--json"], 1, '"failure":"provider_down"'),
        (["--send", "012 345 678"], 2, "that is no number"),
        (["--send", NUMBER, "--gateway", "gone"], 2, "there are t, down"),
        (["--gateway", "t"], 2, "--gateway goes with --send"),
    ],
)
def test_the_command_tells_what_came_of_it_and_never_the_number(
    trial: Trying, words: list[str], status: int, said: str
) -> None:
    env = {**os.environ, **ENVIRON}
    done = CliRunner().invoke(main, ["check", "--config", str(trial.opened.config.path), *words], env=env)
    assert (done.exit_code, said in done.output) == (status, True), done.output
    assert NUMBER not in done.output
    assert "345 678" not in done.output
