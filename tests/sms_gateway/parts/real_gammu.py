"""The real gammu-smsd on Gammu's dummy phone: a folder is the SIM, files in it are SMS, and nothing leaves the machine."""

import asyncio
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from domain.inbound import Inbound
from domain.ports import Outbound, Receipt, SendResult
from sms_gateway.gammu import GammuGateway
from sms_gateway.gammu.loop import GammuLoop
from sms_gateway.gammu.parts import text_of
from sms_gateway.gammu.receipts import SentPart
from sms_gateway.gammu.settings import GammuSettings, example_configuration
from sms_gateway.gammu.store import create_database, opened

ZONE = "Asia/Phnom_Penh"
QUICK = {"receivefrequency": "1", "statusfrequency": "1", "sendtimeout": "5", "retrytimeout": "1"}
"""What makes the daemon quick enough for tests."""

_SMSC = "123456"  # the dummy phone's own
_PATIENCE_S = 25.0


def needs_gammu() -> None:
    """Skip the test where the daemon or SQLite's driver for it is not installed."""
    if not shutil.which("gammu-smsd") or not any(Path("/usr/lib").glob("*/dbd/libdbdsqlite3.so")):
        pytest.skip("gammu-smsd is not here: apt-get install gammu-smsd libdbd-sqlite3")


def wait_for(found: Callable[[], Any]) -> Any:
    """Return what `found` gives as soon as it is true; the daemon looks once a second."""
    end = time.monotonic() + _PATIENCE_S
    while not (value := found()):
        assert time.monotonic() < end, "the daemon did not do it in time"
        time.sleep(0.01)
    return value


class RealGammu:
    """One daemon with its phone and database in a folder of their own. Ended by `close`, whatever happened before."""

    def __init__(self, folder: Path, **changes: Any) -> None:
        self.folder, self.phone = folder, folder / "phone"
        for number in range(1, 6):
            (self.phone / "sms" / str(number)).mkdir(parents=True)
        values = {"name": "main", "phone_id": "modem-1", "timezone": ZONE, "connection": "none"} | changes
        self.settings = GammuSettings(database=folder / "smsd.db", device=str(self.phone), **values)
        create_database(self.settings.database)
        self._daemon: subprocess.Popen[bytes] | None = None
        self._references, self._files = count(1), count(1)

    def start(self, **extra: str) -> "RealGammu":
        """Start the daemon and wait until it has found its phone and gone round once."""
        since = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
        self.begin(**extra)
        wait_for(lambda: self.rows("SELECT 1 FROM phones WHERE UpdatedInDB >= ? AND Signal >= 0", since))
        return self

    def begin(self, **extra: str) -> None:
        """Start the daemon with the example configuration, made quick, and wait for nothing."""
        rc = self.folder / "smsdrc"
        rc.write_text(example_configuration(self.settings, QUICK | extra))
        self.run(rc)

    def run(self, rc: Path) -> None:
        """Run the daemon with a configuration file."""
        with (self.folder / "out").open("ab") as out:
            # `-c` alone keeps it in the foreground; its pid is ours to end.
            self._daemon = subprocess.Popen(
                ["gammu-smsd", "-c", str(rc)], stdout=out, stderr=out, env={**os.environ, "TZ": ZONE}
            )

    def kill(self) -> None:
        """Kill the daemon as a power cut would."""
        if self._daemon:
            self._daemon.send_signal(signal.SIGKILL)
            self._daemon.wait(10)
            self._daemon = None

    close = kill

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with opened(self.settings.database, 5.0) as connection:
            return connection.execute(query, values).fetchall()

    def sent_parts(self, sent_id: str | None) -> list[tuple[str, str]]:
        """Return header and words of every part that the daemon handed to its phone."""
        query = "SELECT UDH, Text FROM sentitems WHERE ID = ? ORDER BY SequencePosition"
        return [(udh, text_of(text)) for udh, text in self.rows(query, sent_id)]

    def arrives(self, number: str, text: str, *, room: int = 67, without: tuple[int, ...] = ()) -> list[str]:
        """Put an SMS on the SIM, in parts where it is long; return the parts that were left out, to be put later."""
        units = text.encode("utf-16-be")
        cut = [units] if len(units) <= 140 else [units[at : at + 2 * room] for at in range(0, len(units), 2 * room)]
        reference, left_out = next(self._references), []
        for at, part in enumerate(cut, start=1):
            header = f"UDH = 050003{reference:02X}{len(cut):02X}{at:02X}\n" if len(cut) > 1 else ""
            told = _backup("Deliver", number, part.hex().upper(), header + "Coding = Unicode_No_Compression")
            if at in without:
                left_out.append(told)
            else:
                self.put(told)
        return left_out

    def reports(self, number: str, word: str) -> None:
        """Put a delivery report on the SIM; the words are Gammu's: Delivered, Failed, Pending, Unknown."""
        told = word.encode("utf-16-be").hex().upper()
        self.put(_backup("Status_Report", number, told, "Coding = Default_No_Compression\nMessageReference = 255"))

    def put(self, told: str) -> None:
        unfinished = self.phone / "unfinished"
        unfinished.write_text(told)
        unfinished.rename(self.phone / "sms" / "1" / str(next(self._files)))

    def on_sim(self) -> int:
        return len(list((self.phone / "sms" / "1").iterdir()))


def _backup(pdu: str, number: str, text_hex: str, more: str) -> str:
    lines = "\n".join(f"Text{at:02d} = {text_hex[at * 200 : at * 200 + 200]}" for at in range(len(text_hex) // 200 + 1))
    at = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    return (
        "; This file format was designed for Gammu and is compatible with Gammu+\n\n[SMSBackup000]\n"
        f'PDU = {pdu}\nSMSC = "{_SMSC}"\nDateTime = {at}\nState = UnRead\nNumber = "{number}"\n{lines}\n{more}\n'
        f"Folder = 1\nLength = {len(text_hex) // 4}\nClass = -1\n"
    )


class Core:
    """Where the core begins: keeps what it is handed, as often as it is handed, and refuses on demand."""

    def __init__(self, gammu: RealGammu, **changes: Any) -> None:
        self.received: list[Inbound] = []
        self.receipts: list[Receipt] = []
        self.refuses: list[BaseException] = []
        self.ahead = timedelta()
        settings = replace(gammu.settings, **changes)
        self.gateway = GammuGateway(settings)
        self.heard: list[datetime] = []
        self.loop = GammuLoop(settings, self._receive, self._take_receipt, self.now, heard=self.heard.append)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def send(self, message_id: int, number: str, text: str) -> SendResult:
        return asyncio.run(self.gateway.send(Outbound(message_id, number, text)))

    def looks_until(self, count: int) -> list[Inbound]:
        def looked() -> bool:
            self.loop.turn()
            return len(self.received) >= count

        wait_for(looked)
        return self.received

    def is_told(self, count: int) -> list[Receipt]:
        def looked() -> bool:
            self.loop.turn()
            return len(self.receipts) >= count

        wait_for(looked)
        return self.receipts

    def _receive(self, inbound: Inbound) -> None:
        self.received.append(inbound)
        if self.refuses:
            raise self.refuses.pop(0)

    def _take_receipt(self, receipt: Receipt) -> None:
        if self.refuses:
            raise self.refuses.pop(0)
        self.receipts.append(receipt)


class PowerCut(BaseException):
    """The process ends here."""


def stored(gammu: RealGammu, number: str, parts: list[Any], *, coding: str = "", sms_class: int = -1) -> None:
    """Put rows into the inbox as the daemon does."""
    for part in parts:
        gammu.rows(
            "INSERT INTO inbox (ReceivingDateTime, Text, SenderNumber, Coding, UDH, Class, RecipientID)"
            " VALUES ('2026-11-03 09:30:00', ?, ?, ?, ?, ?, 'modem-1')",
            *(part.text_hex, number, coding or part.coding, part.udh, sms_class),
        )


def sent(gammu: RealGammu, sent_id: int, creator: str, part: SentPart, at: str = "2026-11-03 09:30:00") -> None:
    """Put a row into the sent items as the daemon does."""
    gammu.rows(
        "INSERT INTO sentitems (ID, CreatorID, SenderID, Text, UDH, Status, StatusError, StatusCode, SendingDateTime)"
        " VALUES (?, ?, 'modem-1', '', '', ?, ?, ?, ?)",
        *(sent_id, creator, part.status, part.report_code, part.sending_code, at),
    )
