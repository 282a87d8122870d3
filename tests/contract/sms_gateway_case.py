"""What a provider brings to the contract suite of SMS gateways: how its requests look, and a stand-in for its API."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from domain.ports import DeliveryState, FailureKind, Sender, SendResult
from sms_gateway.gateway import Gateway

NUMBER = "+85512345678"
"""The beneficiary's number in every case; it may stand in no log line."""


class TwoWay(Gateway, Sender, Protocol):
    """A gateway that receives and sends."""


class Behaviour(StrEnum):
    """What a provider's API does with a message that it is handed."""

    ACCEPT = "accept"
    SLOW_DOWN = "slow_down"
    OPTED_OUT = "opted_out"
    WRONG_CREDENTIALS = "wrong_credentials"
    DOWN = "down"
    LOST_ITS_BACK_END = "lost_its_back_end"
    NEVER_ANSWER = "never_answer"
    ANSWER_NONSENSE = "answer_nonsense"
    HANG_UP = "hang_up"


@dataclass(frozen=True)
class Call:
    """One request of the provider's, ready to be made."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    method: str = "POST"


@dataclass(frozen=True)
class Taken:
    """What the stand-in was handed."""

    address: str
    text: str


class StandIn(Protocol):
    """A provider's API on 127.0.0.1, while it runs."""

    url: str
    taken: list[Taken]


@dataclass(frozen=True)
class StatusRow:
    """A word of the provider's on message 42, with its error code, and what it means, perhaps of one part only."""

    word: str
    code: str
    state: DeliveryState | None
    failure: FailureKind | None = None
    part: str | None = None


@dataclass(frozen=True, kw_only=True)
class SendingCase:
    """What sends. `gateway` takes the address of its API and a timeout in seconds.

    `longest` is the number of UTF-16 units of the longest text that it takes as one message. `gives_id` tells whether
    it names each message when it takes it.
    """

    name: str
    gateway: Callable[[str, float], Sender]
    stand_in: Callable[[Behaviour], AbstractAsyncContextManager[StandIn]]
    sending: Mapping[Behaviour, SendResult]
    secrets: tuple[str, ...]
    sender: str
    longest: int = 1_000_000
    gives_id: bool = True

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, kw_only=True)
class GatewayCase(SendingCase):
    """One provider that calls us over HTTP, both ways.

    `inbound` takes provider's id and text; the sender is `NUMBER`. `without` names a field left out, `broken` makes
    a correctly signed message whose text, `ab`, has a byte between that is no UTF-8. `forge` takes the proof from a
    call and puts a wrong one. `provider_id` is what the provider calls message 42 in its receipts.
    """

    gateway: Callable[[str, float], TwoWay]
    inbound: Callable[[str, str], Call]
    broken: Callable[[], Call]
    without: Mapping[str, Callable[[], Call]]
    status: Callable[[str, str], Call]
    forge: Callable[[Call], Call]
    unsigned: Callable[[Call], Call]
    answer: tuple[str, str]
    statuses: tuple[StatusRow, ...]
    provider_id: str | None = "SM42"
    status_answer: int = 204
