"""A real installation in a folder of its own, and the real processes that serve it, ended with their whole groups."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.means.databases import Databases
from benchmarks.means.filling import GATEWAY, Filled, fill
from benchmarks.means.phones import ACCOUNT, SENDER, TOKEN, Web
from samleng.config import Config, load
from samleng.setup import complete

ROOT = Path(__file__).parents[2]
START_WITHIN_S = 60.0
_STOP_WITHIN_S = 20.0
_LOOK_S = 0.005
_CONFIG = """\
public_url = "http://127.0.0.1:{port}"

[database]
url = "{database}"

[web]
port = {port}

[[sms_gateway]]
name = "{gateway}"
kind = "twilio"
from = "{sender}"
rate = 1000.0
account_sid = "{account}"
auth_token_env = "TWILIO_TOKEN"
base_url = "http://127.0.0.1:{provider}"
"""


@dataclass(frozen=True, slots=True)
class Installation:
    """A configuration, its database filled, and where it listens once it is started."""

    path: Path
    port: int
    environ: dict[str, str]
    filled: Filled

    @property
    def web(self) -> Web:
        """Return where its application takes messages."""
        return Web(self.port, GATEWAY)

    @property
    def config(self) -> Config:
        """Return the configuration."""
        return load(self.path, self.environ)

    def command(self, part: str) -> list[str]:
        """Return the command that runs a part of it."""
        return [sys.executable, "-m", "samleng", part, "--config", str(self.path)]


def installed(
    databases: Databases, kind: str, *, people: int, provider_port: int = 9, config: str = _CONFIG
) -> Installation:
    """Make an installation of LEAP with a filled database; messages are handed over to the provider's port.

    `config` is the configuration with `{port}`, `{database}` and `{provider}` in it; Twilio's unless one is given.
    """
    path, port = databases.new_folder() / "config.toml", free_port()
    words = {"port": port, "database": databases.fresh_url(kind), "provider": provider_port}
    path.write_text(config.format(gateway=GATEWAY, sender=SENDER, account=ACCOUNT, **words))
    environ = {**os.environ, "TWILIO_TOKEN": TOKEN, "PYTHONUTF8": "1"}
    now = datetime.now(UTC)
    complete(path, "leap", environ, now)
    with closing(load(path, environ).open_store()) as store:
        return Installation(path, port, environ, fill(store, people, now))


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def process(
    command: Sequence[str], *, log: Path, environ: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program in a group of its own, and end the whole group."""
    with log.open("wb") as output:
        running = subprocess.Popen(
            command, cwd=ROOT, env=environ, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        yield running
    finally:
        _end(running)


@contextmanager
def serving(made: Installation, part: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run `samleng web` or another part until the block ends; the block begins when it is ready."""
    log = made.path.with_name(f"{part}.log")
    with process(made.command(part), log=log, environ=made.environ) as running:
        wait_until_answered(made.port, "/readyz", running, log)
        yield running


def wait_until_answered(port: int, path: str, running: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a server answers a path with 200. Raises `RuntimeError` with what it printed."""
    until = time.monotonic() + START_WITHIN_S
    while not _answers(port, path):
        if running.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"it does not answer:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(_LOOK_S)


def _answers(port: int, path: str) -> bool:
    asked = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(asked.encode())
            return connection.recv(12).endswith(b" 200")
    except OSError:
        return False


def _end(running: subprocess.Popen[bytes]) -> None:
    """End a group at once: nothing that it holds is needed afterwards."""
    with suppress(ProcessLookupError):
        os.killpg(running.pid, signal.SIGKILL)
    running.wait(_STOP_WITHIN_S)
