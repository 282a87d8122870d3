"""Kannel: its settings, what smsbox brings by GET, what delivery reports and answers mean, and sending through it."""

import hmac
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlsplit

import phonenumbers

from domain.inbound import Channel, Inbound, InboundKind
from domain.ports import FailureKind, Outbound, OutboundAction, Receipt, SendResult
from domain.sending.segments import Encoding, count_segments
from sms_gateway.addresses import e164
from sms_gateway.gateway import Answer, Forbidden, WebRequest, form_bytes
from sms_gateway.generic.http import Caller, NoReply, Request
from sms_gateway.kannel.codes import failure_of, refusal, state_of

log = logging.getLogger(__name__)

_ZWSP = "\u200b"
_MOST_PARTS = 255
_SHORTEST_SECRET = 16
_URL_SAFE = re.compile(r"[A-Za-z0-9_-]+")
_HEADER_SAFE = re.compile(r"[!-~]([ -~]*[!-~])?")
_QUOTED_IN_CONFIGURATION = re.compile(r'["\\]')

# Kannel's `coding`: https://www.kannel.org/download/1.4.5/userguide-1.4.5/userguide.html, "SMS Push".
_GSM7, _OCTETS, _UCS2 = "0", "1", "2"
# Every report but 32, which is of no use here: delivered, failed, queued, accepted by the operator, rejected by it.
_ALL_REPORTS = "31"


@dataclass(frozen=True, slots=True)
class KannelSettings:
    """What one Kannel must be known by; raises `ValueError` where a value could not work, naming it and the remedy.

    `base_url` is smsbox's address without a path, `username` and `password` those of its group `sendsms-user`.
    `sender` is the number or name that people see. `callback_url` is where smsbox reaches this application, without
    `/sms/…`. `callback_secret` proves that a message comes from smsbox; reports are proved by what is made from it
    for each message. `smsc_id` chooses one of several operators' accounts. `max_parts` is the `max-messages` of
    `sendsms-user`: Kannel drops what is longer without a word, so that we refuse it. `errors` says what the operator's
    own error codes mean (`"006"` from `err:006` of a report, `"0x400"` from its refusals). `country` (ISO 3166) says
    how to read numbers without a country code. `timeout` is in seconds for one request, `rate` in messages a second.
    """

    name: str
    username: str
    password: str = field(repr=False)
    sender: str = field(repr=False)
    callback_secret: str = field(repr=False)
    base_url: str = "http://127.0.0.1:13013"
    callback_url: str = "http://127.0.0.1:8080"
    smsc_id: str | None = None
    max_parts: int = 10
    errors: Mapping[str, FailureKind] = field(default_factory=dict)
    country: str = "KH"
    timeout: float = 15.0
    rate: float = 1.0

    def __post_init__(self) -> None:
        """Refuse values that could not work."""
        for key in _CHECKED:
            if fault := misfit(key, getattr(self, key)):
                raise ValueError(f"Kannel gateway {self.name}: {key} {fault}")

    def status_url(self, message_id: int) -> str:
        """Return where smsbox reports on a message; it fills in code, operator's id and operator's words."""
        base = f"{self.callback_url.rstrip('/')}/sms/{self.name}/status"
        return f"{base}?m={message_id}&proof={_proof(self.callback_secret, str(message_id))}&d=%d&id=%F&a=%A"

    def receive_url(self) -> str:
        """Return the `get-url` by which smsbox brings messages."""
        base = f"{self.callback_url.rstrip('/')}/sms/{self.name}/receive"
        fields = "id=%I&from=%p&to=%P&text=%b&coding=%c&charset=%C&smsc=%i&timestamp=%t"
        return f"{base}?secret={self.callback_secret}&{fields}"


class KannelGateway:
    """One Kannel, both ways. `send` and `close` belong to one event loop; the rest to any thread.

    `operator_away` tells whether the last message was taken with no operator's account connected: Kannel keeps such a
    message in its store and sends it later, so it counts as accepted, but nothing leaves until the account is back.
    """

    channel: Channel = Channel.SMS
    # smsbox would send what it reads as an SMS, were its max-messages not 0.
    answer = Answer("", "text/plain")
    methods = frozenset({"GET"})
    # smsbox counts a report as taken with 200 or 202 only.
    status_answer = 200

    def __init__(self, settings: KannelSettings) -> None:
        self.name = settings.name
        self.operator_away = False
        self._settings = settings
        self._url = f"{settings.base_url.rstrip('/')}/cgi-bin/sendsms"
        self._caller = Caller(settings.timeout)

    def receive(self, request: WebRequest, now: datetime) -> Inbound:
        """Return the message that a request brought, whole or not. Raises `Forbidden` for a wrong secret."""
        _check(request.query.get("secret", ""), self._settings.callback_secret)
        return _inbound(request, self._settings, now)

    def status(self, request: WebRequest, now: datetime) -> Receipt | None:  # noqa: ARG002
        """Return what a delivery report says, or None where that is no news. Raises `Forbidden`."""
        message = request.query.get("m", "")
        _check(request.query.get("proof", ""), _proof(self._settings.callback_secret, message))
        return _receipt(request, int(message), self._settings)

    async def send(self, message: Outbound) -> SendResult:
        """Hand one message to smsbox. A sent SMS cannot be taken back: `DELETE` fails."""
        text = message.text.replace(_ZWSP, "")
        if message.action is not OutboundAction.SEND or not text:
            return SendResult.of(FailureKind.REJECTED)
        count = count_segments(text)
        if count.segments > self._settings.max_parts:
            return self._not_taken(message, FailureKind.TOO_LONG, None)
        headers, body = _headers(message, self._settings, count.encoding), text.encode(errors="replace")
        try:
            # Not by GET: that would put text and password into addresses, which proxies write down.
            reply = await self._caller.ask(Request("POST", self._url, headers, body=body))
        except NoReply as fault:
            return self._not_taken(message, fault.failure, None)
        failure = refusal(reply, message.address)
        if failure is not None:
            return self._not_taken(message, failure, reply.status)
        self._note_operator(away=reply.text.startswith("3:"))
        return SendResult.accepted(None)

    async def close(self) -> None:
        """Let go of connections; a later `send` makes new ones."""
        await self._caller.close()

    def _not_taken(self, message: Outbound, failure: FailureKind, status: int | None) -> SendResult:
        log.info("%s: message %d not taken: %s (HTTP %s)", self.name, message.message_id, failure, status)
        return SendResult.of(failure)

    def _note_operator(self, *, away: bool) -> None:
        if away and not self.operator_away:
            log.warning("%s: Kannel keeps messages back: none of its operator's accounts is connected", self.name)
        self.operator_away = away


_CHECKED = ("base_url", "callback_url", "username", "password", "sender", "callback_secret", "smsc_id", "max_parts")


def misfit(key: str, value: object) -> str | None:
    """Return what a setting must be, where a value of it could not work; None where it may, and for other settings."""
    match key:
        case "base_url" | "callback_url":
            # smsbox reads `%` in an address as the beginning of a field.
            return None if _is_plain_url(str(value)) else "must be http://HOST:PORT, without a query and without %"
        case "username" | "password" | "sender":
            good = bool(_HEADER_SAFE.fullmatch(str(value))) and not _QUOTED_IN_CONFIGURATION.search(str(value))
            return None if good else 'must be ASCII, not empty, and without ", \\ and spaces around it'
        case "callback_secret":
            good = len(str(value)) >= _SHORTEST_SECRET and bool(_URL_SAFE.fullmatch(str(value)))
            how = f"must be {_SHORTEST_SECRET} or more of A-Z a-z 0-9 _ -; take `openssl rand -hex 24`"
            return None if good else how
        case "smsc_id":
            return None if value is None or _URL_SAFE.fullmatch(str(value)) else "must be made of A-Z a-z 0-9 _ -"
        case "max_parts":
            good = isinstance(value, int) and 1 <= value <= _MOST_PARTS
            return None if good else f"must be from 1 to {_MOST_PARTS}"
    return None


def _is_plain_url(value: str) -> bool:
    url = urlsplit(value)
    return url.scheme in {"http", "https"} and bool(url.hostname) and "%" not in url.geturl() and not url.query


def _proof(secret: str, message: str) -> str:
    """Return what proves a report on one message, so that who reads one report's address cannot make another."""
    return hmac.digest(secret.encode(), f"status:{message}".encode(), "sha256").hex()


def _check(given: str, expected: str) -> None:
    if not given:
        raise Forbidden("no secret")
    if not hmac.compare_digest(given.encode(errors="replace"), expected.encode()):
        raise Forbidden("wrong secret")


def _inbound(request: WebRequest, settings: KannelSettings, now: datetime) -> Inbound:
    sender = _sender(_clean(request.query.get("from", "")), settings.country)
    text = _text(request)
    return Inbound(
        gateway=settings.name,
        channel=Channel.SMS,
        provider_id=_clean(request.query.get("id", "")) or _id_of(request),
        address=sender,
        kind=InboundKind.TEXT if sender and text is not None else InboundKind.OTHER,
        received_at=now,
        text=text or "",
    )


def _id_of(request: WebRequest) -> str:
    return f"body:{sha256(request.path.partition('?')[2].encode()).hexdigest()}"


def _sender(number: str, country: str) -> str:
    """Return the sender's number in E.164; operators leave out the `+` of numbers that have their country code."""
    read = e164(number, country)
    if read.startswith("+") or not (read.isascii() and read.isdigit()):
        return read
    try:
        foreign = phonenumbers.parse(f"+{read}")
    except phonenumbers.NumberParseException:
        return read
    return f"+{read}" if phonenumbers.is_valid_number(foreign) else read


def _text(request: WebRequest) -> str | None:
    """Return the text, or None where the message holds octets that are none.

    smsbox brings UCS-2 as it came, or as UTF-8 or ISO-8859-1 where `mo-recode` is set (with which it drops what
    follows half a surrogate pair), and says which with `%c` and `%C`.
    """
    coding, charset = request.query.get("coding", ""), request.query.get("charset", "").strip().lower()
    if coding == _OCTETS or charset == "8-bit":
        return None
    query = request.path.partition("?")[2].encode("latin-1", errors="replace")
    octets = next((value for name, value in form_bytes(query) if name == b"text"), b"")
    return _clean(octets.decode(_CHARSETS.get(charset) or ("utf-16-be" if coding == _UCS2 else "utf-8"), "replace"))


def _clean(value: str) -> str:
    # PostgreSQL keeps no NUL, and a proved message must be storable.
    return value.replace("\x00", "\ufffd")


def _receipt(request: WebRequest, message_id: int, settings: KannelSettings) -> Receipt | None:
    code = request.query.get("d", "").strip()
    state = state_of(code, settings.name)
    if state is None:
        return None
    return Receipt(
        settings.name,
        state,
        message_id=message_id,
        provider_id=_clean(request.query.get("id", "")) or None,
        failure=failure_of(state, request.query.get("a", ""), settings.errors),
    )


# The names that Kannel gives with `%C`; without one it is what `coding` says.
_CHARSETS = {
    "utf-8": "utf-8",
    "utf-16be": "utf-16-be",
    "ucs-2": "utf-16-be",
    "iso-8859-1": "iso-8859-1",
    "latin1": "iso-8859-1",
    "us-ascii": "utf-8",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
}


def _headers(message: Outbound, settings: KannelSettings, encoding: Encoding) -> dict[str, str]:
    """Return a message's fields as the header fields that smsbox reads from a POST (user guide, "SMS Push by POST")."""
    fields = {
        "Content-Type": "text/plain; charset=UTF-8",
        "X-Kannel-Username": settings.username,
        "X-Kannel-Password": settings.password,
        "X-Kannel-From": settings.sender,
        "X-Kannel-To": message.address,
        "X-Kannel-Coding": _GSM7 if encoding is Encoding.GSM7 else _UCS2,
        "X-Kannel-DLR-Mask": _ALL_REPORTS,
        "X-Kannel-DLR-Url": settings.status_url(message.message_id),
    }
    return fields | ({"X-Kannel-SMSC": settings.smsc_id} if settings.smsc_id else {})
