"""The described gateway's part of the contract suite."""

from functools import partial

from domain.ports import DeliveryState, FailureKind, SendOutcome, SendResult
from tests.contract.sms_gateway_case import Behaviour, GatewayCase, StatusRow
from tests.sms_gateway.parts import generic_stand_in as provider

_NO_FATE = SendResult(SendOutcome.UNKNOWN, failure=FailureKind.TIMEOUT)

GENERIC = GatewayCase(
    name="generic",
    gateway=lambda base_url, timeout: provider.described(provider.DESCRIPTION, base_url, timeout),
    inbound=provider.inbound,
    broken=provider.broken,
    without={
        "id": partial(provider.inbound, "id-1", "hello", "id"),
        "sender": partial(provider.inbound, "id-1", "hello", "from"),
        "text": partial(provider.inbound, "id-1", "hello", "text"),
    },
    status=provider.status,
    forge=provider.forge,
    unsigned=provider.unsigned,
    answer=("", "text/plain"),
    statuses=(
        StatusRow("QUEUED", "", None),
        StatusRow("SENT", "", DeliveryState.SENT),
        StatusRow("DELIVERED", "", DeliveryState.DELIVERED),
        StatusRow("DELIVERED", "12", DeliveryState.DELIVERED),
        StatusRow("delivered", "", DeliveryState.DELIVERED),
        StatusRow("FAILED", "13", DeliveryState.FAILED, FailureKind.BLOCKED),
        StatusRow("FAILED", "", DeliveryState.FAILED, FailureKind.UNCLEAR),
        StatusRow("UNDELIVERED", "12", DeliveryState.UNDELIVERED, FailureKind.UNREACHABLE),
        StatusRow("UNDELIVERED", "99", DeliveryState.UNDELIVERED, FailureKind.UNCLEAR),
    ),
    stand_in=provider.stand_in,
    sending={
        Behaviour.ACCEPT: SendResult.accepted("SM1"),
        Behaviour.SLOW_DOWN: SendResult(SendOutcome.RETRY, failure=FailureKind.SLOW_DOWN, retry_after=7.0),
        Behaviour.OPTED_OUT: SendResult(SendOutcome.FAILED, failure=FailureKind.OPTED_OUT),
        Behaviour.WRONG_CREDENTIALS: SendResult(SendOutcome.RETRY, failure=FailureKind.CREDENTIALS),
        Behaviour.DOWN: SendResult(SendOutcome.RETRY, failure=FailureKind.PROVIDER_DOWN),
        Behaviour.LOST_ITS_BACK_END: _NO_FATE,
        Behaviour.NEVER_ANSWER: _NO_FATE,
        Behaviour.ANSWER_NONSENSE: _NO_FATE,
        Behaviour.HANG_UP: _NO_FATE,
    },
    secrets=(provider.SECRET, provider.RECEIVE_KEY, provider.STATUS_KEY, provider.SENDER),
    sender=provider.SENDER,
)
