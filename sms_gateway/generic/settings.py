"""The settings of a gateway that is described by configuration alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from typing import Any

from domain.ports import DeliveryState, FailureKind
from sms_gateway.gateway import Answer
from sms_gateway.generic.values import Finder, Place, Template

Fields = Mapping[str, Any]
"""What a body holds: templates, numbers and truth values, in tables and lists of any depth (JSON), or flat."""


@dataclass(frozen=True, slots=True)
class Auth:
    """One proof of who we are: `basic` (username, value), `bearer`, or a `header`, `query` or `field` of that name."""

    kind: str
    name: str = ""
    username: str = ""
    value: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class AnswerRule:
    """What an answer means: good if its HTTP status is one of `status` and its code (if any is looked for) is `good`."""

    status: frozenset[int]
    code: Finder | None
    good: frozenset[str]
    id: Finder | None
    failures: Mapping[str, FailureKind]
    http_failures: Mapping[str, FailureKind]


@dataclass(frozen=True, slots=True)
class SendRule:
    """How a message is handed over. `coding` names the two alphabets, GSM-7 first; `timeout` is in seconds."""

    url: Template
    method: str
    body: str
    fields: Fields
    raw: Template
    escape: str
    content_type: str
    headers: Mapping[str, Template]
    auth: tuple[Auth, ...]
    coding: tuple[str, str]
    timeout: float
    answer: AnswerRule

    def asks_for(self, placeholder: str) -> bool:
        """Tell whether a placeholder stands anywhere: what costs something to find out is found out only then."""
        everywhere = _templates([self.url, self.raw, self.fields, self.headers])
        return any(name == placeholder for template in everywhere for _, name in template.parts)


def _templates(value: Any) -> Iterator[Template]:
    """Walk through tables and lists to the templates in them."""
    if isinstance(value, Template):
        yield value
    elif isinstance(value, Mapping):
        yield from (found for each in value.values() for found in _templates(each))
    elif isinstance(value, list | tuple):
        yield from (found for each in value for found in _templates(each))


@dataclass(frozen=True, slots=True)
class Proof:
    """How a request is known: a `secret` at a place, an `hmac` of the raw body, or an `address` that a proxy vouches for."""

    kind: str
    at: Place
    secret: str = field(default="", repr=False)
    hash: str = "sha256"
    encoding: str = "hex"
    prefix: str = ""
    networks: tuple[IPv4Network | IPv6Network, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceiveRule:
    """Where a message's parts stand. `encodings` says which encoding a value at `coding` means, else `encoding`."""

    sender: Place
    text: Place
    id: Place | None
    to: Place | None
    time: Place | None
    encoding: str
    coding: Place | None
    encodings: Mapping[str, str]
    proofs: tuple[Proof, ...]
    answer: Answer


@dataclass(frozen=True, slots=True)
class StatusRule:
    """Where a receipt's parts stand; `states` says what a word means (None: no news)."""

    state: Place
    states: Mapping[str, DeliveryState | None]
    our_id: Place | None
    id: Place | None
    error: Place | None
    failures: Mapping[str, FailureKind]
    proofs: tuple[Proof, ...]


@dataclass(frozen=True, slots=True)
class GenericSettings:
    """One described gateway. `sender` is what it sends from, `country` (ISO 3166) how to read bare numbers."""

    name: str
    sender: str = field(repr=False)
    country: str
    public_url: str
    send: SendRule
    receive: ReceiveRule | None
    status: StatusRule | None
