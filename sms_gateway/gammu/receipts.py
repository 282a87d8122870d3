"""What SMSD's sent items say of a message, in the core's terms: its parts' states and codes to one state and failure."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from domain.ports import DeliveryState, FailureKind, Receipt
from sms_gateway.gammu.store import written

FINAL = frozenset({DeliveryState.DELIVERED, DeliveryState.UNDELIVERED, DeliveryState.FAILED})
"""The states after which SMSD has no more to say."""

_NOT_SENT = frozenset({"SendingError", "Error"})
_SENT = frozenset({"SendingOK", "SendingOKNoReport", "DeliveryPending", "DeliveryUnknown", "DeliveryOK"})


@dataclass(frozen=True, slots=True)
class SentPart:
    """One row of the sent items. `report_code` is the report's TP-Status, `sending_code` the modem's CMS error; -1 none."""

    status: str
    report_code: int = -1
    sending_code: int = -1


@dataclass(frozen=True, slots=True)
class Tidings:
    """News of the message with this id in SMSD's tables."""

    id: int
    receipt: Receipt


def meaning(parts: Sequence[SentPart]) -> tuple[DeliveryState, FailureKind | None] | None:
    """Return what the parts say together, or None where that is nothing. One lost part loses the message."""
    lost = next((part for part in parts if part.status in _NOT_SENT), None)
    if lost:
        return DeliveryState.FAILED, _SENDING_FAILURES.get(lost.sending_code, FailureKind.UNCLEAR)
    lost = next((part for part in parts if part.status == "DeliveryFailed"), None)
    if lost:
        return DeliveryState.UNDELIVERED, _report_failure(lost.report_code)
    if not parts or any(part.status not in _SENT for part in parts):
        return None
    whole = all(part.status == "DeliveryOK" for part in parts)
    return DeliveryState.DELIVERED if whole else DeliveryState.SENT, None


def news(connection: sqlite3.Connection, gateway: str, phone_id: str) -> list[Tidings]:
    """Return what has not been told yet of the messages that Samleng gave to one phone."""
    rows = connection.execute(
        "SELECT s.ID, s.CreatorID, t.state, s.Status, s.StatusError, s.StatusCode FROM sentitems s"
        " LEFT JOIN samleng_told t ON t.id = s.ID"
        " WHERE s.SenderID = ? AND coalesce(t.final, 0) = 0 AND s.ID NOT IN (SELECT ID FROM outbox)"
        " ORDER BY s.ID, s.SequencePosition",
        (phone_id,),
    ).fetchall()
    found = []
    for (sent_id, creator, told), parts in groupby(rows, key=lambda row: (row[0], str(row[1]), row[2])):
        said = meaning([SentPart(*row[3:]) for row in parts])
        # What other programs sent by the same modem has another creator.
        if said and said[0] != told and creator.isascii() and creator.isdigit():
            receipt = Receipt(gateway, said[0], message_id=int(creator), provider_id=str(sent_id), failure=said[1])
            found.append(Tidings(sent_id, receipt))
    return found


def mark_told(connection: sqlite3.Connection, tidings: Tidings) -> None:
    """Remember what was told, and take the words out of the sent items; the number stays until the report is here."""
    state = tidings.receipt.state
    final = state in FINAL
    blank = "Text = '', TextDecoded = ''" + (", DestinationNumber = ''" if final else "")
    with written(connection):
        connection.execute(
            "INSERT INTO samleng_told (id, state, final) VALUES (?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET state = excluded.state, final = excluded.final",
            (tidings.id, state, final),
        )
        connection.execute(f"UPDATE sentitems SET {blank} WHERE ID = ?", (tidings.id,))  # noqa: S608


def _report_failure(code: int) -> FailureKind:
    if code in _REPORT_FAILURES:
        return _REPORT_FAILURES[code]
    # 0x60 to 0x7F: the fault was a passing one, but the centre has given up.
    return FailureKind.UNREACHABLE if 0x60 <= code <= 0x7F else FailureKind.UNCLEAR


# TP-Status of a delivery report, 3GPP TS 23.040, 9.2.3.15.
_REPORT_FAILURES = {
    0x41: FailureKind.REJECTED,  # incompatible destination
    0x42: FailureKind.BLOCKED,  # rejected by the handset
    0x43: FailureKind.BAD_ADDRESS,  # not obtainable
    0x45: FailureKind.REJECTED,  # no interworking
    0x46: FailureKind.EXPIRED,  # validity period over
    0x47: FailureKind.REJECTED,  # deleted by the sender
    0x48: FailureKind.FILTERED,  # deleted by the centre
    0x63: FailureKind.BLOCKED,  # service rejected
    0x65: FailureKind.UNREACHABLE,  # fault in the handset
}

# The modem's +CMS ERROR, 3GPP TS 27.005, 3.2.5. What is wrong with SIM or contract counts as `credentials`.
_SENDING_FAILURES = {
    1: FailureKind.BAD_ADDRESS,  # unassigned number
    8: FailureKind.CREDENTIALS,  # barred by the operator
    10: FailureKind.CREDENTIALS,  # call barred
    21: FailureKind.REJECTED,  # transfer rejected
    27: FailureKind.UNREACHABLE,  # destination out of service
    28: FailureKind.BAD_ADDRESS,  # unidentified subscriber
    29: FailureKind.REJECTED,  # facility rejected
    30: FailureKind.BAD_ADDRESS,  # unknown subscriber
    38: FailureKind.PROVIDER_DOWN,  # network out of order
    41: FailureKind.PROVIDER_DOWN,  # temporary failure
    42: FailureKind.SLOW_DOWN,  # congestion
    47: FailureKind.PROVIDER_DOWN,  # resources unavailable
    50: FailureKind.CREDENTIALS,  # not subscribed
    69: FailureKind.REJECTED,  # not implemented
    310: FailureKind.CREDENTIALS,  # no SIM
    311: FailureKind.CREDENTIALS,  # PIN wanted
    313: FailureKind.CREDENTIALS,  # SIM failure
    316: FailureKind.CREDENTIALS,  # PUK wanted
    330: FailureKind.CREDENTIALS,  # service centre's number unknown
    331: FailureKind.PROVIDER_DOWN,  # no network
    332: FailureKind.PROVIDER_DOWN,  # network timeout
}
