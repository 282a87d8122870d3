"""The real bearerbox and smsbox of Debian's `kannel` on loopback, its fake SMSC, and what they call us by."""

import asyncio
import os
import re
import secrets
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote_to_bytes
from urllib.request import urlopen

import pytest

from domain.inbound import Inbound
from domain.ports import DeliveryState, Outbound, Receipt, SendResult
from sms_gateway.gateway import Forbidden, WebRequest
from sms_gateway.kannel import KannelGateway, KannelSettings
from sms_gateway.kannel.conf import Boxes, SmppAccount, example_configuration, smpp_group

BEARERBOX, SMSBOX = Path("/usr/sbin/bearerbox"), Path("/usr/sbin/smsbox")
FAKE_SMSC = Path("/usr/lib/kannel/test/fakesmsc")
NEEDED = (BEARERBOX, SMSBOX, FAKE_SMSC)
INSTALL = "Kannel is not here: apt-get install kannel kannel-extras"
PATIENCE_S = 20.0
SECRET = "a-callback-secret-nobody-may-read"
PASSWORD = "a-sendsms-password"

needs_kannel = pytest.mark.skipif(not all(each.exists() for each in NEEDED), reason=INSTALL)


def free_port() -> int:
    """Return a port below those that outgoing connections take, so that none takes it before it is listened at."""
    while True:
        port = secrets.randbelow(22_000) + 10_000
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def settings(base_url: str = "http://127.0.0.1:13013", timeout: float = 10.0, **changes: Any) -> KannelSettings:
    plain = KannelSettings(
        name="main",
        username="samleng",
        password=PASSWORD,
        sender="1288",
        callback_secret=SECRET,
        base_url=base_url,
        callback_url="http://127.0.0.1:8080",
        timeout=timeout,
    )
    return replace(plain, **changes)


def eventually(found: Callable[[], object], what: str) -> None:
    """Wait until a real part has done something; fail with what it should have been."""
    deadline = time.monotonic() + PATIENCE_S
    while not found():
        if time.monotonic() > deadline:
            pytest.fail(f"{what} did not come about in {PATIENCE_S:.0f} s")
        threading.Event().wait(0.02)


@dataclass
class Application:
    """What smsbox calls: the gateway's two ways in behind a small server, with the answers that our routes give."""

    gateway: KannelGateway | None = None
    received: list[Inbound] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    refused: int = 0
    away: bool = False
    port: int = 0
    status_answer: int = 200

    def answer(self, path: str, headers: dict[str, str]) -> int:
        self.calls.append(path)
        if self.away or self.gateway is None:
            return 503
        request = WebRequest.of("GET", path, headers=headers, body=b"")
        now = datetime.now(UTC)
        try:
            if "/status?" in path:
                receipt = self.gateway.status(request, now)
                self.receipts += [receipt] if receipt else []
                return self.status_answer
            self.received.append(self.gateway.receive(request, now))
        except Forbidden:
            self.refused += 1
            return 403
        return 200

    def states(self, message_id: int) -> list[DeliveryState]:
        return [each.state for each in self.receipts if each.message_id == message_id]

    @contextmanager
    def serving(self) -> Iterator[None]:
        application = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status = application.answer(self.path, dict(self.headers.items()))
                self.send_response(status)
                if status != 204:
                    self.send_header("Content-Type", "text/plain")
                    self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

        server = Server(("127.0.0.1", 0), Handler)
        self.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


@dataclass
class Box:
    """One real program, started again with the same arguments after it was ended."""

    arguments: list[str]
    output: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(self.arguments, stdout=output, stderr=output, stdin=subprocess.DEVNULL)

    def kill(self) -> None:
        """End it as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(PATIENCE_S)
            self.process = None

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Let it do nothing for a while: each of its threads stands before this goes on."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self.process.pid, os.WSTOPPED | os.WNOWAIT)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)


@dataclass(frozen=True)
class OnAir:
    """One SMS as the fake SMSC got it: whose, for whom, the user data header, and the text or its octets."""

    sender: str
    receiver: str
    kind: str
    header: bytes
    data: bytes


class FakeSmsc:
    """Kannel's own `fakesmsc`, connected to bearerbox as an operator would be."""

    def __init__(self, port: int, output: Path, line: str) -> None:
        # Of several messages it would bring a random one each time; with none it would wait for some to be typed.
        brings = ["-m", "1", line] if line else ["-m", "0", "1 2 text none"]
        self.output = output
        self.box = Box([str(FAKE_SMSC), "-H", "127.0.0.1", "-r", str(port), "-i", "0.01", *brings], output)
        self.box.start()

    def got(self) -> list[OnAir]:
        """Return what it was sent so far."""
        return [_on_air(line) for line in re.findall(rb"Got message \d+: <(.*)>\n", self.output.read_bytes())]

    def close(self) -> None:
        self.box.kill()


def _on_air(line: bytes) -> OnAir:
    sender, receiver, kind, rest = line.split(b" ", 3)
    header = b""
    if kind == b"udh":
        coded, kind, rest = rest.split(b" ", 2)
        header = unquote_to_bytes(coded)
    data = rest if kind == b"text" else unquote_to_bytes(rest.replace(b"+", b" "))
    return OnAir(sender.decode(), receiver.decode(), kind.decode(), header, data)


def on_air(text: str, sender: str = "85512345678", receiver: str = "1288") -> str:
    """Return the line by which a phone's text, of one part, comes in from the fake SMSC."""
    if text.isascii():
        return f"{sender} {receiver} text {text}"
    return f"{sender} {receiver} ucs2 {quote(text.encode('utf-16-be'))}"


class Kannel:
    """bearerbox and smsbox with the configuration that we ship, and an application that they call."""

    def __init__(
        self,
        folder: Path,
        *,
        fake: bool = True,
        smpp_port: int = 1,
        queue: int = 100,
        recode: bool = False,
    ) -> None:
        self.folder, self.fake, self.recode = folder, fake, recode
        self.application = Application()
        self.fake_port, self.smpp_port = free_port(), smpp_port
        self.boxes = Boxes(
            spool=str(folder / "spool"),
            logs=str(folder),
            admin_port=free_port(),
            box_port=free_port(),
            admin_password="admin",
            retry_delay=1,
            queue=queue,
        )
        self.settings = settings(f"http://127.0.0.1:{free_port()}")
        configuration = folder / "kannel.conf"
        self.bearerbox = Box([str(BEARERBOX), "-v", "4", str(configuration)], folder / "bearerbox.out")
        self.smsbox = Box([str(SMSBOX), "-v", "4", str(configuration)], folder / "smsbox.out")
        self._clients = 0
        self._ended = ExitStack()

    @contextmanager
    def running(self) -> Iterator["Kannel"]:
        (self.folder / "spool" / "dlr").mkdir(parents=True)
        with ExitStack() as stack:
            stack.enter_context(self.application.serving())
            self.settings = replace(self.settings, callback_url=f"http://127.0.0.1:{self.application.port}")
            self.application.gateway = KannelGateway(self.settings)
            (self.folder / "kannel.conf").write_text(self.configuration())
            self._ended = stack
            stack.callback(self.bearerbox.kill)
            stack.callback(self.smsbox.kill)
            self.start()
            yield self

    def configuration(self) -> str:
        account = SmppAccount("127.0.0.1", self.smpp_port, "u", "p", throughput=100)
        shipped = example_configuration(self.settings, account, self.boxes)
        if self.recode:
            shipped = shipped.replace("mo-recode = false", "mo-recode = true")
        if not self.fake:
            return shipped
        fake = f"""\
group = smsc
smsc = fake
smsc-id = operator
port = {self.fake_port}
our-host = 127.0.0.1
connect-allow-ip = 127.0.0.1
"""
        return shipped.replace(smpp_group("operator", account), fake)

    def start(self) -> None:
        self.bearerbox.start()
        eventually(lambda: self.status() is not None, "bearerbox's start")
        self.smsbox.start()
        eventually(self.box_connected, "smsbox's connection to bearerbox")

    def restart_smsbox(self) -> None:
        """End smsbox as a power cut would, and start it once bearerbox has noticed."""
        self.smsbox.kill()
        eventually(lambda: "smsbox:" not in (self.status() or "smsbox:"), "bearerbox's notice")
        self.smsbox.start()
        eventually(self.box_connected, "smsbox's return")

    def status(self) -> str | None:
        try:
            with urlopen(f"http://127.0.0.1:{self.boxes.admin_port}/status.txt?password=admin", timeout=5) as page:
                return str(page.read().decode())
        except OSError:
            return None

    def box_connected(self) -> bool:
        status = self.status() or ""
        port = int(self.settings.base_url.rpartition(":")[2])
        with socket.socket() as probe:
            return "smsbox:" in status and probe.connect_ex(("127.0.0.1", port)) == 0

    def operator_connected(self) -> bool:
        return "(online" in (self.status() or "")

    def connect_fake(self, line: str = "") -> FakeSmsc:
        """Connect a fake SMSC that brings one message, or none, and takes what is sent. One at a time."""
        self._clients += 1
        client = FakeSmsc(self.fake_port, self.folder / f"fakesmsc-{self._clients}.out", line)
        self._ended.callback(client.close)
        eventually(self.operator_connected, "the fake SMSC's connection")
        return client

    def logs(self) -> str:
        """Return what both boxes wrote, into their logs and besides."""
        return "".join(each.read_text(errors="replace") for each in self.folder.glob("*box.*"))

    def send(self, *messages: Outbound, **changes: Any) -> list[SendResult]:
        """Hand over messages by the real smsbox, one after another."""

        async def scenario() -> list[SendResult]:
            gateway = KannelGateway(replace(self.settings, **changes))
            try:
                return [await gateway.send(each) for each in messages]
            finally:
                await gateway.close()

        return asyncio.run(scenario())
