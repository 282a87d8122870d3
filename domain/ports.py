"""What the core asks of the outside: how a gateway sends, what comes of it, and what a receipt says."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from domain.inbound import Channel, Media


class SendOutcome(StrEnum):
    """How one attempt to send ended. `unknown`: it may or may not have reached the provider."""

    ACCEPTED = "accepted"
    RETRY = "retry"
    FAILED = "failed"
    UNKNOWN = "unknown"


class FailureKind(StrEnum):
    """Why a message was not taken or not delivered; the closed list that every provider's codes map to."""

    OPTED_OUT = "opted_out"
    BLOCKED = "blocked"
    BAD_ADDRESS = "bad_address"
    LANDLINE = "landline"
    UNREACHABLE = "unreachable"
    FILTERED = "filtered"
    TOO_LONG = "too_long"
    REJECTED = "rejected"
    EXPIRED = "expired"
    CREDENTIALS = "credentials"
    NO_CREDIT = "no_credit"
    SLOW_DOWN = "slow_down"
    PROVIDER_DOWN = "provider_down"
    TIMEOUT = "timeout"
    UNCLEAR = "unclear"


TEMPORARY = frozenset(
    {
        FailureKind.UNREACHABLE,
        FailureKind.CREDENTIALS,
        FailureKind.NO_CREDIT,
        FailureKind.SLOW_DOWN,
        FailureKind.PROVIDER_DOWN,
    }
)
"""The failures after which the same message is tried again."""


@dataclass(frozen=True, slots=True)
class SendResult:
    """What one attempt came to. `retry_after` is in seconds, where the provider names a time."""

    outcome: SendOutcome
    provider_id: str | None = None
    failure: FailureKind | None = None
    retry_after: float | None = None

    @classmethod
    def accepted(cls, provider_id: str | None) -> "SendResult":
        """Return the result of a message that the provider took."""
        return cls(SendOutcome.ACCEPTED, provider_id=provider_id)

    @classmethod
    def of(cls, failure: FailureKind, retry_after: float | None = None) -> "SendResult":
        """Return the result of a failure: `retry` where it is temporary, `unknown` for a timeout, else `failed`."""
        if failure is FailureKind.TIMEOUT:
            return cls(SendOutcome.UNKNOWN, failure=failure)
        outcome = SendOutcome.RETRY if failure in TEMPORARY else SendOutcome.FAILED
        return cls(outcome, failure=failure, retry_after=retry_after)


class DeliveryState(StrEnum):
    """What a receipt says of a message after the provider took it."""

    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A provider's word on a message: found by our own message id, or else by the provider's.

    `part` is the provider's id of a report that speaks of one part only: the message is in that state when as many
    different parts are. `parts` is into how many the provider has divided it, where it tells.
    """

    gateway: str
    state: DeliveryState
    message_id: int | None = None
    provider_id: str | None = None
    failure: FailureKind | None = None
    part: str | None = None
    parts: int | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message: what it says, and what comes back when it is tapped (64 bytes at most)."""

    label: str
    data: str


Rows = tuple[tuple[Button, ...], ...]


class OutboundAction(StrEnum):
    """What the sender is asked to do: send a message, or take back one that it sent."""

    SEND = "send"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Outbound:
    """One message for a gateway to hand over.

    `message_id` is our own id, given to the provider as its reference where it takes one. `protect` forbids
    forwarding where the channel can. `request_contact` asks the person to share the own number (Telegram).
    `again` is how often it was handed over before and surely not sent: to the provider it is then another message.
    """

    message_id: int
    address: str
    text: str
    buttons: Rows = ()
    protect: bool = False
    request_contact: bool = False
    action: OutboundAction = OutboundAction.SEND
    provider_id: str | None = None
    again: int = 0


class Sender(Protocol):
    """One gateway's way out. Its methods run in the dispatcher's event loop and never raise for a provider's fault."""

    name: str
    channel: Channel

    async def send(self, message: Outbound) -> SendResult:
        """Hand one message to the provider and say what came of it."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class MediaSource(Protocol):
    """A gateway that can fetch the files which came with a message."""

    async def fetch(self, media: Media, limit: int) -> bytes | None:
        """Return the file's bytes, or None where it is gone or larger than `limit` bytes."""
        ...


@dataclass(frozen=True, slots=True)
class GatewayInfo:
    """What the core knows of a configured gateway: its channel, and how much it takes at what price.

    `rate` is in messages a second, `concurrency` how many are on their way at once, `daily_cap` in SMS parts a project
    day (None: no cap). `prefixes` begin the numbers that it is best for; `cost` is the price of a part. Below
    `low_credit` staff are told; both are in the project's money. A gateway with `silent_after` gives signs of life by
    itself, such as a phone: staff are told when none came for so long.
    """

    name: str
    channel: Channel
    rate: float = 1.0
    max_segments: int = 6
    simulator: bool = False
    concurrency: int = 32
    daily_cap: int | None = None
    prefixes: tuple[str, ...] = ()
    cost: float | None = None
    low_credit: float | None = None
    silent_after: timedelta | None = None
    options: dict[str, str] = field(default_factory=dict)


def gateways_by_name(gateways: Sequence[GatewayInfo]) -> dict[str, GatewayInfo]:
    """Return the gateways by their names."""
    return {each.name: each for each in gateways}
