"""What every SMS gateway offers to the web routes, the request that they hand it, and how it refuses one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from urllib.parse import unquote_to_bytes

from domain.inbound import Channel, Inbound
from domain.ports import Receipt


class Forbidden(Exception):
    """The request is not proved to come from the provider; nothing of it may be kept."""


class ClockApart(Forbidden):
    """The request is the provider's own, but signed at another time than now: somebody must set a clock."""


class Malformed(Exception):
    """The request comes from the provider but holds nothing that can be stored; its text says why, without a number."""


@dataclass(frozen=True, slots=True)
class WebRequest:
    """One request, as gateways see it.

    `path` is the path with the query string as it was sent. `headers` have lower-case names. `query` and `form` are
    decoded as UTF-8, with U+FFFD for broken bytes; `form` keeps order, repeats and empty values.
    """

    method: str
    path: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    query: Mapping[str, str] = field(repr=False)
    form: list[tuple[str, str]] = field(repr=False)

    @classmethod
    def of(cls, method: str, path: str, *, headers: Mapping[str, str], body: bytes) -> "WebRequest":
        """Build the value from what came over the wire; the first of several equal query names counts."""
        sent_query = path.partition("?")[2].encode("latin-1", errors="replace")
        return cls(
            method=method,
            path=path,
            headers={name.lower(): value for name, value in headers.items()},
            body=body,
            query=dict(reversed(_decoded(sent_query))),
            form=_decoded(body),
        )

    def field_of(self, name: str) -> str:
        """Return the first value of a form field, or an empty string where there is none."""
        return next((value for key, value in self.form if key == name), "")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider wants to read once its message is stored."""

    body: str
    content_type: str


class Gateway(Protocol):
    """One configured way for SMS to come in.

    Both methods raise `Forbidden` where the provider's proof is missing or wrong, and `Malformed` where a request
    cannot be understood at all. They neither store nor decide anything. A gateway whose provider calls otherwise than by
    POST says so in an attribute `methods` (a set of words like GET), and one whose provider wants another answer to a
    receipt than 204 in `status_answer`. One whose provider ought to call even when nobody writes says in `pulse` under
    which name its signs of life are kept.
    """

    name: str
    channel: Channel
    answer: Answer

    def receive(self, request: WebRequest, now: datetime) -> Inbound:
        """Return the message that a request brought."""
        ...

    def status(self, request: WebRequest, now: datetime) -> Receipt | None:
        """Return what a request says of a message that we sent, or None where it says nothing new."""
        ...


def form_bytes(body: bytes) -> list[tuple[bytes, bytes]]:
    """Return the pairs of an `application/x-www-form-urlencoded` body, percent-decoded and otherwise as they are."""
    pairs = (part.replace(b"+", b" ").partition(b"=") for part in body.split(b"&") if part)
    return [(unquote_to_bytes(name), unquote_to_bytes(value)) for name, _, value in pairs]


def _decoded(body: bytes) -> list[tuple[str, str]]:
    return [(name.decode(errors="replace"), value.decode(errors="replace")) for name, value in form_bytes(body)]
