"""An operator for tests: an SMSC that speaks as much SMPP 3.4 as bearerbox needs, on a free port of 127.0.0.1."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

_BIND, _SUBMIT, _DELIVER, _UNBIND, _ENQUIRE = 0x09, 0x04, 0x05, 0x06, 0x15
_ANSWER = 0x80000000
_UCS2, _GSM7 = 8, 0
_HAS_HEADER, _IS_RECEIPT = 0x40, 0x04
_OCTETS_A_PART = 134


@dataclass(frozen=True)
class Submitted:
    """One part as the operator got it; `receipt` tells whether a report was asked for."""

    sender: str
    receiver: str
    coding: int
    header: bytes
    data: bytes
    receipt: bool


@dataclass
class Operator:
    """The SMSC. `refuse` gives a number's command_status, `final` the `stat` and `err` of its receipt.

    With `late`, receipts wait for `report_all`.
    """

    port: int = 0
    refuse: dict[str, int] = field(default_factory=dict)
    final: dict[str, tuple[str, str]] = field(default_factory=dict)
    taken: list[Submitted] = field(default_factory=list)
    answered: int = 0
    late: bool = False
    _connection: socket.socket | None = None
    _sequence: int = 0
    _writing: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def running(self) -> Iterator["Operator"]:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            self.port = listening.getsockname()[1]
            thread = threading.Thread(target=self._serve, args=(listening,))
            thread.start()
            try:
                yield self
            finally:
                listening.shutdown(socket.SHUT_RDWR)
                self.disconnect()
                thread.join()

    @property
    def bound(self) -> bool:
        return self._connection is not None

    def disconnect(self) -> None:
        if self._connection is not None:
            with suppress(OSError):  # Kannel may have gone first
                self._connection.shutdown(socket.SHUT_RDWR)

    def bring(self, sender: str, receiver: str, text: str, *, swapped: bool = False) -> int:
        """Hand bearerbox a text from a phone, in parts where it is long, and return how many."""
        octets = text.encode("utf-16-be", "surrogatepass")
        if len(octets) <= 140:
            self._deliver(sender, receiver, octets, coding=_UCS2)
            return 1
        parts = [octets[at : at + _OCTETS_A_PART] for at in range(0, len(octets), _OCTETS_A_PART)]
        numbered = [bytes((5, 0, 3, 77, len(parts), at + 1)) + part for at, part in enumerate(parts)]
        for each in reversed(numbered) if swapped else numbered:
            self._deliver(sender, receiver, each, coding=_UCS2, esm_class=_HAS_HEADER)
        return len(parts)

    def bring_gsm(self, sender: str, receiver: str, octets: bytes) -> None:
        self._deliver(sender, receiver, octets, coding=_GSM7)

    def bring_octets(self, sender: str, receiver: str, octets: bytes) -> None:
        self._deliver(sender, receiver, octets, coding=4)

    def _deliver(self, sender: str, receiver: str, octets: bytes, *, coding: int, esm_class: int = 0) -> None:
        self._sequence += 1
        body = b"\0" + _address(sender, international=True) + _address(receiver)
        body += bytes((esm_class, 0, 0)) + b"\0\0" + bytes((0, 0, coding, 0, len(octets))) + octets
        self._write(_DELIVER, 0, self._sequence, body)

    def _serve(self, listening: socket.socket) -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                try:
                    self._converse(connection)
                except OSError:
                    pass
                finally:
                    self._connection = None

    def _converse(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as incoming:
            while len(head := incoming.read(16)) == 16:
                length, command, _, sequence = struct.unpack(">IIII", head)
                body = incoming.read(length - 16)
                self._take(connection, command, sequence, body)

    def _take(self, connection: socket.socket, command: int, sequence: int, body: bytes) -> None:
        if command == _BIND:
            self._connection = connection
            self._write(_BIND | _ANSWER, 0, sequence, b"SIM\0")
        elif command == _SUBMIT:
            self._submit(sequence, body)
        elif command in {_ENQUIRE, _UNBIND}:
            self._write(command | _ANSWER, 0, sequence, b"")
        elif command == _DELIVER | _ANSWER:
            self.answered += 1

    def _submit(self, sequence: int, body: bytes) -> None:
        message = _submitted(body)
        if status := self.refuse.get(message.receiver):
            return self._write(_SUBMIT | _ANSWER, status, sequence, b"\0")
        self.taken.append(message)
        identity = str(len(self.taken))
        self._write(_SUBMIT | _ANSWER, 0, sequence, identity.encode() + b"\0")
        if not self.late:
            self._report(message, identity)
        return None

    def report_all(self) -> None:
        """Report on every message that was taken."""
        for at, message in enumerate(self.taken, 1):
            self._report(message, str(at))

    def _report(self, message: Submitted, identity: str) -> None:
        if not message.receipt:
            return
        stat, err = self.final.get(message.receiver, ("DELIVRD", "000"))
        dates = "submit date:2611030230 done date:2611030231"
        text = f"id:{identity} sub:001 dlvrd:001 {dates} stat:{stat} err:{err} text:".encode()
        self._sequence += 1
        body = b"\0" + _address(message.receiver, international=True) + _address(message.sender)
        body += bytes((_IS_RECEIPT, 0, 0)) + b"\0\0" + bytes((0, 0, _GSM7, 0, len(text))) + text
        self._write(_DELIVER, 0, self._sequence, body)

    def _write(self, command: int, status: int, sequence: int, body: bytes) -> None:
        assert self._connection, "bearerbox is not connected"
        with self._writing:
            self._connection.sendall(struct.pack(">IIII", len(body) + 16, command, status, sequence) + body)


def _address(number: str, *, international: bool = False) -> bytes:
    return bytes((1 if international else 0, 1)) + number.encode() + b"\0"


def _submitted(body: bytes) -> Submitted:
    _service, rest = body.split(b"\0", 1)
    sender, rest = rest[2:].split(b"\0", 1)
    receiver, rest = rest[2:].split(b"\0", 1)
    esm_class, rest = rest[0], rest[3:]
    _schedule, rest = rest.split(b"\0", 1)
    _validity, rest = rest.split(b"\0", 1)
    registered, _replace, coding, _default, length = rest[:5]
    octets = rest[5 : 5 + length]
    end = octets[0] + 1 if esm_class & _HAS_HEADER else 0
    receipt = bool(registered & 0x01)
    return Submitted(sender.decode(), receiver.decode(), coding, octets[:end], octets[end:], receipt)
