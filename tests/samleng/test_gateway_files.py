"""`samleng gateway files`: what it writes serves the real Kannel and the real SMSD, and shows and overwrites nothing."""

import json
import os
import re
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner

from samleng.cli import main
from samleng.gateways import conf
from tests.samleng.test_setup import AGGREGATOR, ANDROID
from tests.sms_gateway.parts.kannel_smpp import Operator
from tests.sms_gateway.parts.real_gammu import QUICK, RealGammu, needs_gammu
from tests.sms_gateway.parts.real_kannel import BEARERBOX, SMSBOX, Box, eventually, needs_kannel
from tests.support.installation import Installation, Provider, free_port

NUMBER = "+85512345678"
CASES = "SELECT count(*) FROM grievance_case"
KHMER = "លុយអត់ទាន់ចូលទេ ៣ខែហើយ"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Installation]:
    provider, environ = Provider(), {**os.environ, "PYTHONUTF8": "1", "SAMLENG_PHONE_PASSWORD": "the-password"}
    environ |= {"SAMLENG_PHONE_KEY": "the-signing-key", "SAMLENG_MEKONGSMS_PASS": "the-hash"}
    made = Installation(tmp_path, free_port(), provider, environ)
    yield made
    made.stop()
    provider.close()


def begun(place: Installation, *words: str, **changes: str) -> None:
    """Set an installation up at its free port, as a new user does, without a terminal."""
    told(place, "init", "--yes", *words)
    path = place.folder / "config.toml"
    text = path.read_text().replace("port = 8080", f"port = {place.port}")
    path.write_text(text + "".join(f"{key} = {value}\n" for key, value in changes.items()))


def told(place: Installation, *words: str, status: int = 0) -> str:
    """Run a command within this process, as quick as that is, and return what it printed."""
    done = CliRunner().invoke(main, [*words, "--config", str(place.folder / "config.toml")], env=place.environ)
    assert done.exit_code == status, done.output
    return done.output


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def secrets_of(place: Installation) -> list[str]:
    return [path.read_text().strip() for path in (place.folder / "secrets").iterdir()]


@pytest.fixture
def kannel(place: Installation) -> Installation:
    begun(place, "--sms", "kannel", "--set", "from=1288", base_url=f'"http://127.0.0.1:{free_port()}"')
    return place


def test_a_file_is_its_owners_and_no_secret_is_shown(kannel: Installation) -> None:
    shown = told(kannel, "gateway", "files", "kannel", "--to", str(kannel.folder / "there"))
    path = kannel.folder / "there" / "kannel.conf"
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)
    assert f"Written: {path}" in shown
    text = path.read_text()
    ours = [*secrets_of(kannel), re.search('admin-password = "(.*)"', text)[1]]  # type: ignore[index]
    assert all(each in text for each in ours)
    assert [each for each in ours if each in shown] == []


def test_nothing_is_written_over_without_force(kannel: Installation) -> None:
    path = kannel.folder / "kannel-files" / "kannel.conf"
    told(kannel, "gateway", "files", "kannel")
    path.write_text("the operator's account")
    told(kannel, "gateway", "files", "kannel", status=2)
    assert path.read_text() == "the operator's account"
    answer = json.loads(told(kannel, "gateway", "files", "kannel", "--force", "--json"))
    assert (answer["gateway"], answer["kind"], answer["files"]) == ("kannel", "kannel", [str(path)])
    assert "group = smsc" in path.read_text()
    assert mode(path) == 0o600
    told(kannel, "gateway", "files", "other", status=2)


@needs_kannel
def test_the_real_kannel_serves_with_the_file_both_ways(kannel: Installation) -> None:
    told(kannel, "gateway", "files", "kannel")
    path = kannel.folder / "kannel-files" / "kannel.conf"
    (kannel.folder / "spool" / "dlr").mkdir(parents=True)
    admin, box = free_port(), free_port()
    with Operator().running() as operator, ExitStack() as stack:
        text = path.read_text()
        # What the steps tell to fill in, and ports and folders of our own.
        filled = {conf.HOST: "127.0.0.1", "port = 2775": f"port = {operator.port}", conf.ACCOUNT: "u", "PASSWORD": "p"}
        moved = {"13000": str(admin), "13001": str(box), "/var/spool/kannel": str(kannel.folder / "spool")}
        for old, new in (filled | moved | {"/var/log/kannel": str(kannel.folder)}).items():
            assert old in text, old
            text = text.replace(old, new)
        path.write_text(text)
        password = re.search('status-password = "(.*)"', text)[1]  # type: ignore[index]

        def status() -> str:
            try:
                with urlopen(f"http://127.0.0.1:{admin}/status.txt?password={password}", timeout=5) as page:
                    return str(page.read().decode())
            except OSError:
                return ""

        boxes = [
            Box([str(each), "-v", "4", str(path)], kannel.folder / f"{each.name}.out") for each in (BEARERBOX, SMSBOX)
        ]
        for each in boxes:
            stack.callback(each.kill)
        boxes[0].start()
        eventually(lambda: "(online" in status(), "the operator's account")
        boxes[1].start()
        eventually(lambda: "smsbox:" in status(), "smsbox's connection")
        kannel.start()
        tried = json.loads(told(kannel, "check", "--send", NUMBER, "--gateway", "kannel", "--json"))
        assert [(each["outcome"], each["receipt"]) for each in tried["gateways"]] == [("accepted", "delivered")]
        operator.bring("85512345678", "1288", KHMER)
        eventually(lambda: rows(kannel, CASES) == [(1,)], "the case")
        eventually(lambda: len(operator.taken) >= 3, "the answer")


def test_the_real_smsd_serves_with_the_files_both_ways(place: Installation, tmp_path: Path) -> None:
    needs_gammu()
    (tmp_path / "modem").mkdir()
    database = tmp_path / "modem" / "smsd.db"
    begun(place, "--sms", "gammu", "--set", f"database={database}", "--set", "phone_id=modem-1")
    told(place, "gateway", "files", "gammu", "--to", str(tmp_path / "modem"))
    modes = {
        each.name: mode(each) for each in (tmp_path / "modem").iterdir() if each.suffix not in {".db-wal", ".db-shm"}
    }
    assert modes == {"gammu-smsdrc": 0o600, "call-header": 0o600, "call-hook": 0o700, "smsd.db": 0o660}
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT count(*) FROM inbox").fetchone() == (0,)
    phone = WrittenFor(tmp_path / "sim", tmp_path / "modem" / "gammu-smsdrc", database)
    try:
        phone.start()
        place.start()

        def delivered() -> None:
            eventually(lambda: phone.rows("SELECT 1 FROM sentitems WHERE Status LIKE 'Sending%'"), "the sending")
            phone.reports(NUMBER, "Delivered")

        with ThreadPoolExecutor(1) as pool:
            network = pool.submit(delivered)
            tried = json.loads(told(place, "check", "--send", NUMBER, "--gateway", "gammu", "--json"))
            network.result()
        assert [(each["outcome"], each["receipt"]) for each in tried["gateways"]] == [("accepted", "delivered")]
        phone.arrives(NUMBER, KHMER)
        eventually(lambda: rows(place, CASES) == [(1,)], "the case")
        (phone.phone / "incoming-call").touch()
        calls = "SELECT count(*) FROM inbound WHERE provider_id LIKE 'call:%'"
        eventually(lambda: rows(place, calls) == [(1,)], "the call")
    finally:
        phone.close()


def rows(place: Installation, query: str) -> list[tuple[int]]:
    with closing(sqlite3.connect(place.folder / "samleng.db")) as connection:
        return connection.execute(query).fetchall()


class WrittenFor(RealGammu):
    """The dummy phone, with the configuration that the command wrote; only the device is another, and it is quick."""

    def __init__(self, folder: Path, rc: Path, database: Path) -> None:
        super().__init__(folder)
        self._rc, self.settings = rc, replace(self.settings, database=database)

    def begin(self, **extra: str) -> None:
        text = self._rc.read_text()
        assert f"device = {conf.DEVICE}" in text
        text = text.replace(f"device = {conf.DEVICE}", f"model = dummy\nport = {self.phone}")
        text = text.replace("connection = at115200", "connection = none")
        for name, value in (QUICK | extra).items():
            text = re.sub(rf"(?m)^{name} = .*$", f"{name} = {value}", text)
        self._rc.write_text(text)
        self.run(self._rc)


def test_a_database_that_is_there_is_kept_and_a_folder_that_is_not_is_told(place: Installation, tmp_path: Path) -> None:
    database = tmp_path / "away" / "smsd.db"
    begun(place, "--sms", "gammu", "--set", f"database={database}")
    told(place, "gateway", "files", "gammu", "--to", str(tmp_path / "modem"), status=2)
    assert list((tmp_path / "modem").iterdir()) == []
    database.parent.mkdir()
    database.write_bytes(b"")
    told(place, "gateway", "files", "gammu", "--to", str(tmp_path / "modem"))
    told(place, "gateway", "files", "gammu", "--to", str(tmp_path / "modem"), "--force")
    assert database.read_bytes() == b""


@pytest.mark.parametrize(
    ("words", "name", "said"),
    [
        (ANDROID, "android", "https://samleng.example.org/sms/android/receive"),
        (AGGREGATOR, "mekongsms", "do not come by this gateway"),
        (
            ["--sms", "twilio", "--set", "account_sid=AC0", "--set", "from=+15005550006"],
            "twilio",
            "/sms/twilio/receive",
        ),
    ],
)
def test_what_is_set_by_hand_is_told_and_nothing_written(
    place: Installation, words: list[str], name: str, said: str
) -> None:
    begun(place, *words, "--public-url", "https://samleng.example.org")
    place.environ["SAMLENG_TWILIO_TOKEN"] = "the-token"
    before = sorted(place.folder.iterdir())
    answer = json.loads(told(place, "gateway", "files", name, "--json"))
    assert answer["files"] == []
    assert said in "\n".join(answer["steps"])
    assert not re.search("the-(password|signing-key|hash|token)", str(answer))
    assert sorted(place.folder.iterdir()) == before
