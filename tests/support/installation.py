"""A real installation for tests: its own folder, a real `samleng` process, a Twilio stand-in and the Telegram emulator."""

import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import requests
from twilio.request_validator import RequestValidator

from tests.support.processes import Running

TOKEN, ACCOUNT = "12345", "AC" + "0" * 32
_PATIENCE_S = 40.0
_numbers = count(1)


class Provider:
    """Twilio's Messages API on 127.0.0.1: it takes everything, after `gate` lets it, and keeps what it took.

    `before` and `after` are called with each message and its id, before and after it is answered.
    """

    def __init__(self) -> None:
        self.taken: list[dict[str, str]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.before: Callable[[dict[str, str], str], object] = _nothing
        self.after: Callable[[dict[str, str], str], object] = _nothing
        self.came = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Return the address."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def wait_for(self, count: int) -> list[dict[str, str]]:
        """Wait until so many messages were taken, and return all."""
        with self.came:
            assert self.came.wait_for(lambda: len(self.taken) >= count, _PATIENCE_S), self.taken
        return list(self.taken)

    def close(self) -> None:
        """End the server."""
        self.gate.set()
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                message = {name: values[0] for name, values in form.items()}
                with provider.came:
                    provider.taken.append(message)
                    number = len(provider.taken)
                    provider.came.notify_all()
                provider.gate.wait()
                provider.before(message, f"SM{number:032}")
                answer = json.dumps({"sid": f"SM{number:032}", "status": "queued"}).encode()
                try:
                    self.send_response(201)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(answer)))
                    self.end_headers()
                    self.wfile.write(answer)
                except OSError:
                    return
                provider.after(message, f"SM{number:032}")

            def log_message(self, *_: object) -> None:
                return

        return Handler


def _nothing(_message: dict[str, str], _id: str) -> None:
    return


@dataclass
class Installation:
    """A folder with a configuration, the commands run on it, and the process that serves it."""

    folder: Path
    port: int
    provider: Provider
    environ: dict[str, str]
    process: Running | None = None

    @property
    def url(self) -> str:
        """Return the address of the web."""
        return f"http://127.0.0.1:{self.port}"

    def command(self, *words: str, status: int = 0) -> str:
        """Run a command to its end and return what it printed."""
        out, err = (self.folder / f"{next(_numbers)}.{name}" for name in ("out", "err"))
        ended = Running(words, folder=self.folder, environ=self.environ, out=out, err=err).wait(_PATIENCE_S)
        said = out.read_text(encoding="utf-8")
        assert ended == status, f"{words}: {ended}\n{said}\n{err.read_text(encoding='utf-8')}"
        return said

    def as_json(self, *words: str, status: int = 0) -> Any:
        """Run a command that prints JSON and return the value."""
        return json.loads(self.command(*words, "--json", status=status))

    def start(self, part: str = "run") -> None:
        """Start the process and wait until it is ready."""
        log = self.folder / "process.log"
        self.process = Running((part,), folder=self.folder, environ=self.environ, out=log, err=log)
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Wait until the web answers that it is ready."""
        until = time.monotonic() + _PATIENCE_S
        while time.monotonic() < until:
            try:
                if requests.get(f"{self.url}/readyz", timeout=2).status_code == 200:
                    return
            except requests.ConnectionError:
                assert self.process is not None
                assert self.process.poll() is None, self.output()
                time.sleep(0.05)
        raise AssertionError(self.output())

    def kill(self) -> None:
        """Kill the process as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        self.process = None

    def stop(self) -> int:
        """Ask the process to stop and return its exit status."""
        if self.process is None:
            return 0
        self.process.ask_to_stop()
        try:
            return self.process.wait(30)
        finally:
            self.process.kill()
            self.process = None

    def output(self) -> str:
        """Return everything that the process printed."""
        path = self.folder / "process.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def sms(self, sid: str, text: str, number: str = "+85512345678", *, token: str = TOKEN) -> requests.Response:
        """Post an SMS as Twilio posts it."""
        fields = {"MessageSid": sid, "AccountSid": ACCOUNT, "From": number, "To": "+18005551212", "Body": text}
        path = "/sms/twilio/receive"
        signature = RequestValidator(token).compute_signature(f"{self.url}{path}", fields)
        return requests.post(f"{self.url}{path}", data=fields, headers={"X-Twilio-Signature": signature}, timeout=30)


@contextmanager
def installed(folder: Path, database_url: str, *, more: str = "", **environ: str) -> Iterator[Installation]:
    """Make an installation of LEAP with a Twilio gateway, and end whatever it started."""
    provider = Provider()
    port = free_port()
    (folder / "config.toml").write_text(_CONFIG.format(port=port, database=database_url, provider=provider.url) + more)
    made = Installation(folder, port, provider, {**os.environ, "TWILIO_TOKEN": TOKEN, "PYTHONUTF8": "1", **environ})
    try:
        made.command("init")
        yield made
    finally:
        made.stop()
        provider.close()


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


_CONFIG = """\
public_url = "http://127.0.0.1:{port}"
allow_time_travel = true

[database]
url = "{database}"

[web]
port = {port}

[audit]
head_file = "heads.txt"

[[sms_gateway]]
name = "twilio"
kind = "twilio"
from = "+18005551212"
rate = 1000
account_sid = "AC00000000000000000000000000000000"
auth_token_env = "TWILIO_TOKEN"
base_url = "{provider}"
"""
