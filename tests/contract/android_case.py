"""The Android phone's part of the contract suite."""

from functools import partial

from domain.ports import DeliveryState, FailureKind, SendOutcome, SendResult
from tests.contract.sms_gateway_case import NUMBER, Behaviour, GatewayCase, StatusRow
from tests.sms_gateway.parts import android_stand_in as phone

_FAILED, _UNDELIVERED = DeliveryState.FAILED, DeliveryState.UNDELIVERED
_NO_FATE = SendResult(SendOutcome.UNKNOWN, failure=FailureKind.TIMEOUT)
_SERVICE = f"Delivery result from SC {NUMBER}: "

ANDROID = GatewayCase(
    name="android",
    gateway=phone.gateway,
    inbound=phone.inbound,
    broken=phone.broken,
    without={name: partial(phone.inbound_without, name) for name in ("id", "sender", "text")},
    status=phone.status,
    forge=phone.forge,
    unsigned=phone.unsigned,
    answer=("", "text/plain"),
    statuses=(
        StatusRow("sent", "", DeliveryState.SENT),
        StatusRow("delivered", "", DeliveryState.DELIVERED, part="e1"),
        StatusRow("cancelled", "", _FAILED, FailureKind.REJECTED),
        StatusRow("failed", "", _FAILED, FailureKind.UNCLEAR),
        StatusRow("failed", "TTL expired", _FAILED, FailureKind.EXPIRED),
        StatusRow("failed", "Send result: RESULT_ERROR_GENERIC_FAILURE (Generic)", _FAILED, FailureKind.UNCLEAR),
        StatusRow("failed", "Send result: RESULT_ERROR_RADIO_OFF (off)", _FAILED, FailureKind.PROVIDER_DOWN),
        StatusRow("failed", "Send result: RESULT_ERROR_NO_SERVICE (none)", _FAILED, FailureKind.PROVIDER_DOWN),
        StatusRow("failed", "Send result: RESULT_RIL_NETWORK_REJECT (no)", _FAILED, FailureKind.REJECTED),
        StatusRow("failed", "Send result: RESULT_RIL_MODEM_ERR (x)", _FAILED, FailureKind.PROVIDER_DOWN),
        StatusRow("failed", "Send result: RESULT_ERROR_LIMIT_EXCEEDED (x)", _FAILED, FailureKind.SLOW_DOWN),
        StatusRow("failed", "Send result: RESULT_NO_DEFAULT_SMS_APP (x)", _FAILED, FailureKind.CREDENTIALS),
        StatusRow("failed", "Can't send message: No SIMs found", _FAILED, FailureKind.CREDENTIALS),
        StatusRow("failed", "Can't send message: SIM 2 not found", _FAILED, FailureKind.CREDENTIALS),
        StatusRow("failed", "sendSMS: Invalid phone number", _FAILED, FailureKind.BAD_ADDRESS),
        StatusRow("failed", f"something about {NUMBER}", _FAILED, FailureKind.UNCLEAR),
        StatusRow("failed", _SERVICE + "70", _UNDELIVERED, FailureKind.EXPIRED),
        StatusRow("failed", _SERVICE + "66", _UNDELIVERED, FailureKind.BLOCKED),
        StatusRow("failed", _SERVICE + "99", _UNDELIVERED, FailureKind.UNREACHABLE),
        StatusRow("failed", _SERVICE + "64", _UNDELIVERED, FailureKind.UNCLEAR),
        StatusRow("failed", "Delivery result: 1", _UNDELIVERED, FailureKind.UNCLEAR),
    ),
    stand_in=phone.stand_in,
    sending={
        Behaviour.ACCEPT: SendResult.accepted("42-94dce7be7fd0"),
        Behaviour.SLOW_DOWN: SendResult(SendOutcome.RETRY, failure=FailureKind.SLOW_DOWN, retry_after=7.0),
        Behaviour.WRONG_CREDENTIALS: SendResult(SendOutcome.RETRY, failure=FailureKind.CREDENTIALS),
        Behaviour.DOWN: SendResult(SendOutcome.RETRY, failure=FailureKind.PROVIDER_DOWN),
        Behaviour.LOST_ITS_BACK_END: _NO_FATE,
        Behaviour.NEVER_ANSWER: _NO_FATE,
        Behaviour.ANSWER_NONSENSE: _NO_FATE,
        Behaviour.HANG_UP: _NO_FATE,
    },
    secrets=(phone.PASSWORD, phone.KEY, phone.BASIC.removeprefix("Basic "), phone.OWN_NUMBER),
    sender=phone.OWN_NUMBER,
    provider_id=phone.OWN_ID,
)
