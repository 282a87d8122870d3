"""A modem's missed calls, its database and configuration, and the end of its loop."""

import logging
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
from werkzeug.serving import make_server

from domain.inbound import InboundKind
from sms_gateway.gammu import GammuGateway, store
from sms_gateway.gammu.calls import GammuCalls, incoming_call_hook
from sms_gateway.gammu.loop import GammuLoop
from sms_gateway.gammu.parts import parts_to_send
from sms_gateway.gammu.settings import example_configuration
from tests.contract.sms_gateway_case import Call
from tests.sms_gateway.parts.front import NOW as FRONT_NOW
from tests.sms_gateway.parts.front import Front
from tests.sms_gateway.parts.real_gammu import RealGammu, needs_gammu, stored, wait_for

NUMBER = "+85512345678"
SECRET = "a-secret-of-the-hook"


@pytest.fixture(autouse=True)
def nothing_private_in_logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.DEBUG)
    yield
    assert not [each for each in (SECRET, NUMBER[1:]) if each in caplog.text]


@pytest.fixture
def gammu(tmp_path: Path) -> Iterator[RealGammu]:
    """A phone and its database; the daemon does not run yet."""
    needs_gammu()
    real = RealGammu(tmp_path)
    yield real
    real.close()


class TestCalls:
    def test_a_call_that_the_daemon_hangs_up_is_told_by_its_hook(self, gammu: RealGammu) -> None:
        if not shutil.which("curl"):
            pytest.skip("curl is not here: apt-get install curl")
        front = Front(GammuCalls(replace(gammu.settings, call_secret=SECRET)))
        server = make_server("127.0.0.1", 0, front.app)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        header, hook = gammu.folder / "header", gammu.folder / "hook.sh"
        header.write_text(f"X-Samleng-Secret: {SECRET}\n")
        hook.write_text(incoming_call_hook(f"http://127.0.0.1:{server.port}/sms/main/receive", str(header)))
        hook.chmod(0o755)
        try:
            gammu.start(runonincomingcall=str(hook))
            (gammu.phone / "incoming-call").touch()
            (call,) = wait_for(lambda: front.received)
        finally:
            server.shutdown()
            thread.join(10)
            server.server_close()
        # The dummy phone's one caller.
        assert (call.address, call.kind, call.text, call.received_at) == ("+800123456", InboundKind.CALL, "", FRONT_NOW)

    @pytest.mark.parametrize(("configured", "given"), [(SECRET, "wrong"), (SECRET, ""), (None, ""), (None, "None")])
    def test_a_call_without_proof_is_refused(self, gammu: RealGammu, configured: str | None, given: str) -> None:
        front = Front(GammuCalls(replace(gammu.settings, call_secret=configured)))
        assert front.post(a_call(NUMBER, secret=given)).status_code == 403
        assert front.post(a_call(NUMBER, secret=given), path="/sms/main/status").status_code == 403
        assert front.received == []

    def test_a_call_told_twice_has_one_id_and_one_without_number_is_kept(self, gammu: RealGammu) -> None:
        front = Front(GammuCalls(replace(gammu.settings, call_secret=SECRET)))
        for call in (a_call("012345678"), a_call("012345678"), a_call("", call_id="+85512345678")):
            assert front.post(call).status_code == 200
        first, second, hidden = front.received
        assert (first, first.address) == (second, NUMBER)
        assert hidden.address == ""
        assert NUMBER[1:] not in hidden.provider_id


class TestRunning:
    def test_the_loop_ends_when_it_is_told_to_and_gives_the_duty_up(self, gammu: RealGammu) -> None:
        class Held:
            holding, released = False, False

            def holds(self) -> bool:
                return self.holding

            def release(self) -> None:
                self.released = True

        stored(gammu, NUMBER, parts_to_send("ok", 1))
        duty, stop, came = Held(), threading.Event(), threading.Event()
        settings = replace(gammu.settings, poll_s=0.01)
        loop = GammuLoop(settings, lambda _: came.set(), lambda _: None, lambda: datetime.now(UTC), duty=duty)
        assert loop.turn() == 5.0
        assert not came.is_set()
        duty.holding = True
        thread = threading.Thread(target=loop.run, args=(stop,))
        thread.start()
        assert came.wait(10)
        stop.set()
        thread.join(10)
        assert not thread.is_alive()
        assert duty.released

    def test_making_the_database_twice_changes_nothing_and_needs_the_packages_file(
        self, gammu: RealGammu, tmp_path: Path
    ) -> None:
        stored(gammu, NUMBER, parts_to_send("kept", 1))
        store.create_database(gammu.settings.database)
        assert gammu.rows("SELECT count(*) FROM inbox") == [(1,)]
        assert gammu.settings.database.stat().st_mode & 0o777 == 0o660
        with pytest.raises(FileNotFoundError, match="apt-get install"):
            store.create_database(tmp_path / "other.db", tmp_path / "none.sql")
        assert not (tmp_path / "other.db").exists()

    def test_a_pin_stands_in_the_configuration_and_nowhere_else(self, gammu: RealGammu) -> None:
        settings = replace(gammu.settings, pin="9876", device="/dev/ttyUSB2", connection="at19200")
        assert "pin = 9876\n" in example_configuration(settings)
        assert "device = /dev/ttyUSB2\n" in example_configuration(settings)
        assert "9876" not in f"{settings!r} {GammuGateway(settings)!r}"
        assert "\nrunonreceive" not in example_configuration(replace(settings, phone_id="a\nrunonreceive = x"))


def a_call(number: str, *, secret: str = SECRET, call_id: str = "1793673000-7") -> Call:
    """Return what the hook posts."""
    body = urlencode({"number": number, "id": call_id}).encode()
    headers = {"X-Samleng-Secret": secret, "Content-Type": "application/x-www-form-urlencoded"}
    return Call("/sms/main/receive", headers, body)
