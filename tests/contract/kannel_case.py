"""Kannel's case of the contract suite: requests such as smsbox sends them, and what its words mean."""

import hmac
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import quote_from_bytes, urlencode

from domain.ports import DeliveryState, FailureKind, SendOutcome, SendResult
from sms_gateway.kannel import KannelGateway, KannelSettings
from tests.contract.sms_gateway_case import NUMBER, Behaviour, Call, GatewayCase, StatusRow
from tests.sms_gateway.parts.kannel_stand_in import stand_in

PASSWORD = "a-sendsms-password-nobody-may-read"
SECRET = "a-callback-secret-nobody-may-read"
SENDER = "+85516000000"
METHOD = "GET"
PROOF = hmac.digest(SECRET.encode(), b"status:42", "sha256").hex()


def settings(base_url: str = "http://127.0.0.1:13013", timeout: float = 5.0, **changes: Any) -> KannelSettings:
    plain = KannelSettings(
        name="main",
        username="samleng",
        password=PASSWORD,
        sender=SENDER,
        callback_secret=SECRET,
        base_url=base_url,
        max_parts=255,
        timeout=timeout,
    )
    return replace(plain, **changes)


def message_fields(identity: str = "id-1", text: str = "hello", **more: str) -> dict[str, str]:
    return {
        "id": identity,
        "from": NUMBER.removeprefix("+"),
        "to": "1288",
        "text": text,
        "coding": "0",
        "charset": "UTF-8",
        "smsc": "operator",
        "timestamp": "2026-11-03 02:30:00",
        **more,
    }


def receiving(fields: str) -> Call:
    return Call(f"/sms/main/receive?secret={SECRET}&{fields}", {}, b"", method=METHOD)


def inbound(identity: str, text: str, **more: str) -> Call:
    return receiving(urlencode(message_fields(identity, text, **more)))


def inbound_without(name: str) -> Call:
    fields = message_fields()
    del fields[name]
    return receiving(urlencode(fields))


def broken() -> Call:
    fields = message_fields()
    del fields["text"]
    return receiving(urlencode(fields) + "&text=" + quote_from_bytes(b"a\xffb"))


def status(word: str, code: str = "") -> Call:
    fields = urlencode({"d": word, "id": "SM42", "a": code})
    return Call(f"/sms/main/status?m=42&proof={PROOF}&{fields}", {}, b"", method=METHOD)


def forge(call: Call) -> Call:
    return replace(call, path=call.path.replace(SECRET, "x" * len(SECRET)).replace(PROOF, "0" * len(PROOF)))


def unsigned(call: Call) -> Call:
    return replace(call, path=call.path.replace(f"secret={SECRET}&", "").replace(f"proof={PROOF}&", ""))


def smpp(stat: str, err: str = "000") -> str:
    """Return a receipt as SMSCs write it (SMPP 3.4, appendix B); its end is the beginning of the message."""
    date = "submit date:2611030230 done date:2611030231"
    return f"id:0123456789 sub:001 dlvrd:000 {date} stat:{stat} err:{err} text:stat:DELIVRD {NUMBER}"


KANNEL = GatewayCase(
    name="kannel",
    gateway=lambda base_url, timeout: KannelGateway(settings(base_url, timeout)),
    inbound=inbound,
    broken=broken,
    without={
        "id": partial(inbound_without, "id"),
        "sender": partial(inbound_without, "from"),
        "text": partial(inbound_without, "text"),
    },
    status=status,
    forge=forge,
    unsigned=unsigned,
    answer=("", "text/plain"),
    statuses=(
        StatusRow("4", smpp("ENROUTE"), None),
        StatusRow("8", "ACK/", DeliveryState.SENT),
        StatusRow("1", "", DeliveryState.DELIVERED),
        StatusRow("1", smpp("DELIVRD"), DeliveryState.DELIVERED),
        StatusRow("2", smpp("UNDELIV", "001"), DeliveryState.UNDELIVERED, FailureKind.UNREACHABLE),
        StatusRow("2", smpp("EXPIRED"), DeliveryState.UNDELIVERED, FailureKind.EXPIRED),
        StatusRow("2", smpp("REJECTD"), DeliveryState.UNDELIVERED, FailureKind.REJECTED),
        StatusRow("2", smpp("DELETED"), DeliveryState.UNDELIVERED, FailureKind.REJECTED),
        StatusRow("2", smpp("UNKNOWN"), DeliveryState.UNDELIVERED, FailureKind.UNCLEAR),
        StatusRow("2", smpp("SKIPPED"), DeliveryState.UNDELIVERED, FailureKind.UNCLEAR),
        StatusRow("2", "", DeliveryState.UNDELIVERED, FailureKind.UNCLEAR),
        StatusRow("2", "not a receipt", DeliveryState.UNDELIVERED, FailureKind.UNCLEAR),
        StatusRow("16", "NACK/0x0000000b/Invalid Dest Addr", DeliveryState.FAILED, FailureKind.BAD_ADDRESS),
        StatusRow("16", "NACK/0x0000000a/Invalid Source Addr", DeliveryState.FAILED, FailureKind.CREDENTIALS),
        StatusRow("16", "NACK/0x00000014/Message Queue Full", DeliveryState.FAILED, FailureKind.SLOW_DOWN),
        StatusRow("16", "NACK/0x00000499/Reserved", DeliveryState.FAILED, FailureKind.REJECTED),
        StatusRow("16", "NACK/REJECTED", DeliveryState.FAILED, FailureKind.REJECTED),
        StatusRow("16", "", DeliveryState.FAILED, FailureKind.REJECTED),
    ),
    stand_in=stand_in,
    sending={
        Behaviour.ACCEPT: SendResult.accepted(None),
        Behaviour.WRONG_CREDENTIALS: SendResult(SendOutcome.RETRY, failure=FailureKind.CREDENTIALS),
        Behaviour.DOWN: SendResult(SendOutcome.RETRY, failure=FailureKind.PROVIDER_DOWN),
        Behaviour.LOST_ITS_BACK_END: SendResult(SendOutcome.UNKNOWN, failure=FailureKind.TIMEOUT),
        Behaviour.NEVER_ANSWER: SendResult(SendOutcome.UNKNOWN, failure=FailureKind.TIMEOUT),
        Behaviour.ANSWER_NONSENSE: SendResult(SendOutcome.UNKNOWN, failure=FailureKind.TIMEOUT),
        Behaviour.HANG_UP: SendResult(SendOutcome.UNKNOWN, failure=FailureKind.TIMEOUT),
    },
    secrets=(PASSWORD, SECRET, PROOF),
    sender=SENDER,
    gives_id=False,
    status_answer=200,
)
