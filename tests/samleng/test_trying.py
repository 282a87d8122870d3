"""`samleng check --send` beside a running installation: its receipts are seen, whenever they come, on both databases."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from sqlalchemy import event
from twilio.request_validator import RequestValidator

from domain.ports import DeliveryState, Receipt, SendResult
from handlers.sending.receipts import take_receipt
from samleng import config
from samleng.gateways import trying
from samleng.wiring import build
from storage import Store
from storage.queries.persons import messages
from tests.support.databases import Databases
from tests.support.installation import TOKEN, Installation, installed
from tests.support.world import START, World

NUMBER = "+85512345678"
AGGREGATOR = """
[[sms_gateway]]
name = "aggregator"
kind = "http"
from = "LEAP"
[sms_gateway.send]
url = "{url}/send"
body = "form"
fields = {{ to = "{{to}}", text = "{{text}}" }}
[sms_gateway.send.answer]
status = [201]
id = {{ json = "sid" }}
[sms_gateway.status]
read = "form"
id = "id"
state = "state"
states = {{ taken = "sent", delivered = "delivered", failed = "undelivered" }}
[[sms_gateway.status.proof]]
kind = "secret"
at = "query:token"
secret_env = "STATUS_SECRET"
"""
SECRET = "a-secret-of-the-aggregator"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, databases: Databases
) -> Iterator[Installation]:
    url = "sqlite:///samleng.db" if request.param == "sqlite" else databases.fresh_url("postgresql")
    with installed(tmp_path_factory.mktemp("place"), url, STATUS_SECRET=SECRET) as made:
        path = made.folder / "config.toml"
        path.write_text(path.read_text() + AGGREGATOR.format(url=made.provider.url))
        made.start()
        yield made


@pytest.fixture
def place(running: Installation) -> Iterator[Installation]:
    """The running installation, whose provider again does nothing but take."""
    plain = running.provider.before, running.provider.after
    yield running
    running.provider.before, running.provider.after = plain


def reports(place: Installation, gateway: str, state: str, *, message: dict[str, str], sid: str) -> None:
    """Send the installation a receipt as the provider of this gateway does; ours knows its own ids only."""
    if gateway == "twilio":
        url, fields = message["StatusCallback"], {"MessageSid": sid, "MessageStatus": state}
        headers = {"X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(url, fields)}
    else:
        url, fields, headers = f"{place.url}/sms/aggregator/status?token={SECRET}", {"id": sid, "state": state}, {}
    requests.post(url, data=fields, headers=headers, timeout=10).raise_for_status()


@pytest.mark.parametrize("gateway", ["twilio", "aggregator"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_the_waiting_command_sees_the_receipt(place: Installation, gateway: str, moment: str) -> None:
    def delivered(message: dict[str, str], sid: str) -> None:
        reports(place, gateway, "delivered", message=message, sid=sid)

    setattr(place.provider, moment, delivered)
    begun = time.monotonic()
    told = place.as_json("check", "--send", NUMBER, "--gateway", gateway)
    assert told["gateways"] == [
        {"gateway": gateway, "ok": True, "outcome": "accepted", "failure": None, "receipt": "delivered", "remedy": None}
    ]
    assert time.monotonic() - begun < trying.RECEIPT_WAIT_S / 2


@pytest.mark.parametrize("gateway", ["twilio", "aggregator"])
def test_a_receipt_that_came_early_and_out_of_order_counts(place: Installation, gateway: str) -> None:
    first, second = ("sent", "undelivered") if gateway == "twilio" else ("taken", "failed")

    def failed(message: dict[str, str], sid: str) -> None:
        reports(place, gateway, second, message=message, sid=sid)
        reports(place, gateway, first, message=message, sid=sid)

    place.provider.before = failed
    (told,) = place.as_json("check", "--send", NUMBER, "--gateway", gateway, status=1)["gateways"]
    assert (told["outcome"], told["receipt"], told["failure"]) == ("accepted", "undelivered", "unclear")


def test_a_receipt_between_looking_and_writing_is_not_written_over(world: World, store: Store) -> None:
    """The command locks the row; without that, PostgreSQL lets the receipt in and the command writes over it."""
    with store.transaction() as tx:
        kept = {"direction": "out", "kind": trying.KIND, "gateway": "sms", "channel": "sms", "at": START}
        message_id = messages.add(tx, text="Samleng test", sealed=False, state="sending", **kept)
    receipt = Receipt("sms", DeliveryState.DELIVERED, message_id=message_id)
    arriving = threading.Thread(target=take_receipt, args=(world.context, receipt, START))
    began = threading.Event()

    def comes_in_between(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("UPDATE message") and threading.current_thread() is not arriving and not began.is_set():
            began.set()
            arriving.start()
            arriving.join(0.5)  # on either database it waits for the command's commit, or is too quick

    event.listen(store.engine, "before_cursor_execute", comes_in_between)
    try:
        trying._record(store, "sms", message_id, result=SendResult.accepted("P1"), now=START)
    finally:
        event.remove(store.engine, "before_cursor_execute", comes_in_between)
    arriving.join(10)
    with store.reading() as tx:
        assert messages.fate_of(tx, message_id) == ("delivered", None)
        row = messages.by_id(tx, message_id)
    assert row is not None
    assert row.provider_id == "P1"


def test_early_receipts_of_other_programs_do_no_harm(tmp_path: Path) -> None:
    with installed(tmp_path, "sqlite:///samleng.db", STATUS_SECRET=SECRET) as place:
        opened = build(config.load(place.folder / "config.toml", place.environ))
        for _ in range(2):
            assert not take_receipt(opened.context, Receipt("twilio", DeliveryState.SENT, provider_id="X"), START)
        assert not take_receipt(opened.context, Receipt("twilio", DeliveryState.SENT, message_id=4711), START)
        (found,) = trying.send_trials(opened, NUMBER, "twilio", seconds=iter([0.0, 99.0]).__next__)
        assert (found.receipt, found.is_good) == (None, True)
        opened.close()
