"""What Kannel's words mean: delivery report codes, the operator's receipts and refusals, and smsbox's answers."""

import logging
import re
from collections.abc import Mapping

from domain.ports import DeliveryState, FailureKind
from sms_gateway.generic.http import Reply

log = logging.getLogger(__name__)

_STAT = re.compile(r"\bstat:([A-Za-z]+)")
_ERR = re.compile(r"\berr:([0-9A-Za-z]+)")
_REFUSED = re.compile(r"^NACK/0x([0-9A-Fa-f]{1,8})\b")

# User guide, "Delivery reports". 4 means that it waits somewhere, as it did before.
_STATES: dict[str, DeliveryState | None] = {
    "1": DeliveryState.DELIVERED,
    "2": DeliveryState.UNDELIVERED,
    "4": None,
    "8": DeliveryState.SENT,
    "16": DeliveryState.FAILED,
}

# SMPP 3.4, appendix B, "Final message states". UNDELIV gives no reason; `err` is each operator's own (`errors`).
_FINAL = {
    "EXPIRED": FailureKind.EXPIRED,
    "DELETED": FailureKind.REJECTED,
    "UNDELIV": FailureKind.UNREACHABLE,
    "REJECTD": FailureKind.REJECTED,
    "UNKNOWN": FailureKind.UNCLEAR,
}

# SMPP 3.4, table 5-2, command_status. What is wrong with the account or its sender is the operator's to mend.
_REFUSALS = {
    0x01: FailureKind.TOO_LONG,  # message length
    0x08: FailureKind.PROVIDER_DOWN,  # system error
    0x0A: FailureKind.CREDENTIALS,  # source address
    0x0B: FailureKind.BAD_ADDRESS,  # destination address
    0x14: FailureKind.SLOW_DOWN,  # message queue full
    0x45: FailureKind.UNCLEAR,  # submit failed
    0x48: FailureKind.CREDENTIALS,  # source type of number
    0x49: FailureKind.CREDENTIALS,  # source numbering plan
    0x50: FailureKind.BAD_ADDRESS,  # destination type of number
    0x51: FailureKind.BAD_ADDRESS,  # destination numbering plan
    0x58: FailureKind.SLOW_DOWN,  # throttled
    0x64: FailureKind.UNREACHABLE,  # receiver's temporary error
    0x65: FailureKind.REJECTED,  # receiver's permanent error
    0x66: FailureKind.REJECTED,  # receiver refuses
    0xFE: FailureKind.UNREACHABLE,  # delivery failure
    0xFF: FailureKind.UNCLEAR,  # unknown error
}


def state_of(code: str, gateway: str) -> DeliveryState | None:
    """Return what a report's `%d` says, or None where that is no news; an unknown code is noted in the log."""
    if code not in _STATES:
        readable = code.isascii() and ((code.isalpha() and len(code) <= 40) or (code.isdigit() and len(code) <= 3))
        log.warning("%s: unknown message status %s", gateway, code if readable else "(unreadable)")
    return _STATES.get(code)


def failure_of(state: DeliveryState, words: str, errors: Mapping[str, FailureKind]) -> FailureKind | None:
    """Return why a message failed, by a report's `%A`: an SMPP receipt, or `NACK/` with SMPP's command_status.

    `errors` are the operator's own codes, which count before the general ones. None where nothing failed.
    """
    if state is DeliveryState.FAILED:
        return _refusal_of(words, errors)
    if state is not DeliveryState.UNDELIVERED:
        return None
    own = {_plain(code): kind for code, kind in errors.items()}
    stat, err = _STAT.search(words), _ERR.search(words)
    known = own.get(_plain(err[1])) if err else None
    return known or _FINAL.get(stat[1].upper() if stat else "", FailureKind.UNCLEAR)


def _refusal_of(words: str, errors: Mapping[str, FailureKind]) -> FailureKind:
    refused = _REFUSED.match(words)
    if refused is None:
        return FailureKind.REJECTED
    status = int(refused[1], 16)
    own = {_plain(code): kind for code, kind in errors.items()}
    return own.get(f"0x{status:x}") or _REFUSALS.get(status, FailureKind.REJECTED)


def _plain(code: str) -> str:
    """Return a code in one form: `006` and `6` are the same, and so are `0x0400` and `0x400`."""
    lower = code.lower()
    prefix = "0x" if lower.startswith("0x") else ""
    return prefix + (lower.removeprefix("0x").lstrip("0") or "0")


def refusal(reply: Reply, address: str) -> FailureKind | None:
    """Return why smsbox did not take a message, or None where it did.

    202 with `0:` says that bearerbox has it, with `3:` that it stores it until an operator's account is connected,
    with `Sent.` that smsbox does not wait for bearerbox (`immediate-sendsms-reply`). 503 says by its text that nothing
    was kept. Any other 5xx, and an answer that smsbox does not give, leave open what became of the message.
    """
    if 200 <= reply.status < 300:
        return None if reply.text.startswith(("0:", "3:", "Sent.")) else FailureKind.TIMEOUT
    for status, words, failure in _ANSWERS:
        if reply.status == status and words in reply.text:
            is_number = address.startswith("+") and address[1:].isdigit()
            return FailureKind.BAD_ADDRESS if failure is FailureKind.BLOCKED and not is_number else failure
    return _by_status(reply.status)


def _by_status(status: int) -> FailureKind:
    if status >= 500:
        return FailureKind.TIMEOUT
    # A redirect comes from something that stands where smsbox should.
    return FailureKind.REJECTED if status >= 400 else FailureKind.PROVIDER_DOWN


# smsbox's answers, by their status and words. It says the same of a number on a black list and of one that is none.
_ANSWERS = (
    (400, "denied by white- and/or black-lists", FailureKind.BLOCKED),
    (400, "receiver", FailureKind.BAD_ADDRESS),
    (400, "Sender missing", FailureKind.CREDENTIALS),
    (401, "", FailureKind.CREDENTIALS),
    (403, "Not routable", FailureKind.REJECTED),
    (403, "", FailureKind.CREDENTIALS),
    (404, "", FailureKind.CREDENTIALS),
    (429, "", FailureKind.SLOW_DOWN),
    (503, "", FailureKind.PROVIDER_DOWN),
)
