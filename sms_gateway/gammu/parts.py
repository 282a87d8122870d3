"""Long SMS as SMSD's rows hold them, one row a part: cut for sending, and joined again when they come in."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from domain.sending.segments import Encoding, clusters, count_segments, encoding_of

MOST_PARTS = 50
"""The parts that SMSD 1.42 reads of one message (GSM_MAX_MULTI_SMS); it drops what is beyond without a word (tried)."""

GAP = "…"
"""Stands in a joined text for parts that never came."""

_ROOM = {Encoding.GSM7: 153, Encoding.UCS2: 67}
_CODINGS = {Encoding.GSM7: "Default_No_Compression", Encoding.UCS2: "Unicode_No_Compression"}
_READABLE = frozenset(_CODINGS.values())
_USSD = 127


@dataclass(frozen=True, slots=True)
class Part:
    """One part to send. `text_hex` is UTF-16 for both codings: SMSD itself packs the seven bits of GSM 03.38."""

    text_hex: str = field(repr=False)
    coding: str
    udh: str


def parts_to_send(text: str, reference: int) -> list[Part]:
    """Cut a text into the parts of one SMS, which the handset joins; one part where it fits.

    Cuts fall between grapheme clusters, unless that would cost a part more than the text needs; then between
    characters. `reference` tells the handset which parts belong together; its lowest eight bits count (3GPP TS 23.040,
    9.2.3.24.1).
    """
    encoding = encoding_of(text)
    pieces = _pieces(text, encoding)
    return [
        Part(_hex(piece), _CODINGS[encoding], _concatenation(reference, len(pieces), number))
        for number, piece in enumerate(pieces, start=1)
    ]


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One row of SMSD's inbox. `received` is what SMSD wrote as the receiving time, `stored_at` aware UTC."""

    id: int
    received: str
    stored_at: datetime
    sender: str = field(repr=False)
    text_hex: str = field(repr=False)
    coding: str = "Default_No_Compression"
    udh: str = ""
    sms_class: int = -1

    @property
    def fingerprint(self) -> str:
        """Return what is the same where SMSD stored one SMS twice, which it does when it is killed in between."""
        told = "\0".join((self.sender, self.received, self.udh.upper(), self.text_hex.upper()))
        return sha256(told.encode()).hexdigest()

    @property
    def is_ussd(self) -> bool:
        """Tell whether this is the network's answer to a USSD code, and nobody's message."""
        return self.sms_class == _USSD


@dataclass(slots=True)
class Joined:
    """The rows of one message: `parts` by their number, `total` the parts that it has, `rows` with the doubles."""

    total: int
    parts: dict[int, InboxRow] = field(default_factory=dict)
    rows: list[InboxRow] = field(default_factory=list)

    @property
    def first(self) -> InboxRow:
        """Return the row that was stored first; what it is called by does not change when doubles come later."""
        return min(self.rows, key=lambda row: row.id)

    def is_ready(self, now: datetime, wait: timedelta) -> bool:
        """Tell whether all parts are here, or the missing ones have been waited for long enough."""
        return len(self.parts) >= self.total or now - self.first.stored_at >= wait

    @property
    def is_text(self) -> bool:
        """Tell whether there are words in it; an MMS announcement or a ringtone has none."""
        return all(row.coding in _READABLE for row in self.parts.values())

    @property
    def text(self) -> str:
        """Return the words; a gap of missing parts is `GAP`, what cannot be read U+FFFD."""
        if not self.is_text:
            return ""
        # Bytes are joined before they are read: a sender may have cut a surrogate pair.
        runs: list[bytes] = [b""]
        for number in range(1, self.total + 1):
            if number in self.parts:
                runs[-1] += _bytes(self.parts[number].text_hex)
            elif runs[-1] or number == 1:
                runs.append(b"")
        return GAP.join(run.decode("utf-16-be", "replace") for run in runs)


def joined(rows: Iterable[InboxRow]) -> list[Joined]:
    """Put rows together to messages, in the order in which the first row of each was stored."""
    found: list[Joined] = []
    open_ones: dict[tuple[str, int, int], Joined] = {}
    seen: dict[str, Joined] = {}
    for row in sorted(rows, key=lambda each: each.id):
        reference, total, number = _concatenated(row.udh) or (-1, 1, 1)
        key = (row.sender, reference, total)
        message = seen.get(row.fingerprint) or open_ones.get(key)
        # References come round again: the same number with other words belongs to another message.
        if message is None or (number in message.parts and row.fingerprint not in seen):
            message = open_ones[key] = Joined(total)
            found.append(message)
        seen[row.fingerprint] = message
        message.parts.setdefault(number, row)
        message.rows.append(row)
    return found


def text_of(text_hex: str) -> str:
    """Return the words of one row."""
    return _bytes(text_hex).decode("utf-16-be", "replace")


def _pieces(text: str, encoding: Encoding) -> list[str]:
    needed = count_segments(text).segments
    if needed == 1:
        return [text]
    room = _ROOM[encoding]
    pieces = list(_filled(clusters(text), encoding, room))
    return pieces if len(pieces) <= needed else list(_filled(text, encoding, room))


def _filled(units: Iterable[str], encoding: Encoding, room: int) -> Iterator[str]:
    piece, filled = "", 0
    for unit in _small_enough(units, encoding, room):
        width = _width(unit, encoding)
        if filled + width > room:
            yield piece
            piece, filled = "", 0
        piece, filled = piece + unit, filled + width
    yield piece


def _small_enough(units: Iterable[str], encoding: Encoding, room: int) -> Iterator[str]:
    for unit in units:
        yield from unit if _width(unit, encoding) > room else (unit,)


def _width(text: str, encoding: Encoding) -> int:
    return count_segments(text).units if encoding is Encoding.GSM7 else len(_hex(text)) // 4


def _hex(text: str) -> str:
    return text.encode("utf-16-be", "surrogatepass").hex().upper()


def _bytes(text_hex: str) -> bytes:
    try:
        return bytes.fromhex(text_hex)
    except ValueError:
        return "\ufffd".encode("utf-16-be")


def _concatenation(reference: int, total: int, number: int) -> str:
    return f"050003{reference & 0xFF:02X}{total:02X}{number:02X}" if total > 1 else ""


def _concatenated(udh_hex: str) -> tuple[int, int, int] | None:
    """Return reference, number of parts and the part's number, where a header says that a message has several.

    A header is its length, then elements of identifier, length and value; 00 and 08 tell of parts, with a reference of
    eight or sixteen bits (3GPP TS 23.040, 9.2.3.24).
    """
    try:
        header = bytes.fromhex(udh_hex)[1:]
    except ValueError:
        return None
    while len(header) >= 2:
        identifier, length = header[0], header[1]
        value, header = header[2 : 2 + length], header[2 + length :]
        if (identifier, len(value)) in ((0x00, 3), (0x08, 4)):
            return _sound(int.from_bytes(value[:-2], "big"), value[-2:])
    return None


def _sound(reference: int, counts: Sequence[int]) -> tuple[int, int, int] | None:
    total, number = counts
    return (reference, total, number) if 1 <= number <= total and total > 1 else None
