"""Providers for tests that hold their answers back: each kind's way of being handed a message, and of saying that it took it."""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

from sms_gateway.gammu.parts import text_of
from sms_gateway.gammu.store import create_database

ENVIRON = {"TOKEN": "12345", "PW": "a-password", "SECRET": "a-callback-secret-0123", "KEY": "a-signing-key"}
_PATIENCE_S = 60.0


@dataclass(frozen=True)
class Taken:
    """A message in a provider's hand: to whom, what, and the id by which the provider tells repeats, where it does."""

    address: str
    text: str
    own_id: str | None = None


@dataclass(frozen=True)
class Kind:
    """A kind of gateway that is called by HTTP: its table, how a request is read, and how a message is accepted."""

    table: str
    read: Callable[[Mapping[str, str], str], Taken]
    accept: Callable[[Taken, int], tuple[int, str]]


def _twilio(_headers: Mapping[str, str], body: str) -> Taken:
    form = parse_qs(body)
    return Taken(form["To"][0], form["Body"][0])


def _kannel(headers: Mapping[str, str], body: str) -> Taken:
    return Taken(headers["X-Kannel-To"], body)


def _android(_headers: Mapping[str, str], body: str) -> Taken:
    asked = json.loads(body)
    return Taken(asked["phoneNumbers"][0], asked["textMessage"]["text"], asked["id"])


def _http(_headers: Mapping[str, str], body: str) -> Taken:
    form = parse_qs(body)
    return Taken(form["to"][0], form["text"][0])


KINDS = {
    "twilio": Kind(
        'kind = "twilio"\nfrom = "+15005550006"\naccount_sid = "AC0"\nauth_token_env = "TOKEN"\nbase_url = "{url}"\n',
        _twilio,
        lambda _, number: (201, json.dumps({"sid": f"SM{number:032}", "status": "queued"})),
    ),
    "kannel": Kind(
        'kind = "kannel"\nfrom = "1288"\nusername = "samleng"\npassword_env = "PW"\ncallback_secret_env = "SECRET"\n'
        'base_url = "{url}"\ntimeout_s = 60.0\n',
        _kannel,
        lambda *_: (202, "0: Accepted for delivery"),
    ),
    "android": Kind(
        'kind = "android"\nusername = "sms"\npassword_env = "PW"\nsigning_key_env = "KEY"\nbase_url = "{url}"\n'
        "timeout_s = 60.0\n",
        _android,
        lambda taken, _: (202, json.dumps({"id": taken.own_id, "state": "Pending"})),
    ),
    "http": Kind(
        'kind = "http"\nfrom = "LEAP"\n[sms_gateway.send]\nurl = "{url}/send"\ntimeout = 60.0\n'
        '[sms_gateway.send.fields]\nto = "{{to}}"\ntext = "{{text}}"\n',
        _http,
        lambda *_: (200, "{}"),
    ),
}


class HoldingProvider:
    """One kind's API on 127.0.0.1. It keeps what it is handed, in order; while it holds, nobody is answered."""

    def __init__(self, kind: Kind) -> None:
        self.taken: list[Taken] = []
        self._kind = kind
        self._came, self._may_answer = threading.Condition(), threading.Event()
        self._may_answer.set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()
        self.table = kind.table.format(url=f"http://127.0.0.1:{self._server.server_port}")

    def wait_for(self, count: int) -> None:
        """Wait until so many messages were handed over."""
        with self._came:
            assert self._came.wait_for(lambda: len(self.taken) >= count, _PATIENCE_S), f"only {len(self.taken)} came"

    @contextmanager
    def holding(self) -> Iterator[None]:
        """Answer nobody until the block ends."""
        self._may_answer.clear()
        try:
            yield
        finally:
            self._may_answer.set()

    def close(self) -> None:
        """End it."""
        self._may_answer.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _take(self, taken: Taken) -> tuple[int, str]:
        with self._came:
            repeated = taken.own_id is not None and taken.own_id in {each.own_id for each in self.taken}
            self.taken.append(taken)
            number = len(self.taken)
            self._came.notify_all()
        self._may_answer.wait()
        return (409, '{"message": "known"}') if repeated else self._kind.accept(taken, number)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                status, said = provider._take(provider._kind.read(self.headers, body))
                try:
                    self.send_response(status)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(said)))
                    self.end_headers()
                    self.wfile.write(said.encode())
                except OSError:
                    return  # who asked was killed

            def log_message(self, *_: object) -> None:
                return

        return Handler


class HoldingModem:
    """SMSD's database, with the tables of the installed package; while it holds, nobody else can write to it."""

    def __init__(self, path: Path) -> None:
        create_database(path)
        self._path = path
        self.table = f'kind = "gammu"\ndatabase = "{path}"\nphone_id = "modem-1"\nbusy_s = 60.0\n'

    @property
    def taken(self) -> list[Taken]:
        """Return what stands in SMSD's outbox, in order."""
        query = "SELECT DestinationNumber, Text, CreatorID FROM outbox ORDER BY ID"
        with closing(sqlite3.connect(self._path)) as connection:
            return [Taken(row[0], text_of(row[1]), row[2]) for row in connection.execute(query)]

    @contextmanager
    def holding(self) -> Iterator[None]:
        """Keep everybody from writing until the block ends."""
        with closing(sqlite3.connect(self._path, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("ROLLBACK")

    def close(self) -> None:
        """There is nothing to end."""
