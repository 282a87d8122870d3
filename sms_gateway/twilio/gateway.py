"""Twilio: its configuration, what its webhooks mean, what its status and error codes mean, and sending through it."""

import asyncio
import base64
import hmac
import logging
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from urllib.parse import quote, unquote_to_bytes, urlsplit

from aiohttp import ClientError
from twilio.base.exceptions import TwilioException
from twilio.request_validator import RequestValidator, add_port, remove_port
from werkzeug.datastructures import MultiDict

from domain.inbound import Channel, Inbound, InboundKind, Media, MediaKind
from domain.ports import DeliveryState, FailureKind, Outbound, OutboundAction, Receipt, SendResult
from sms_gateway.addresses import e164
from sms_gateway.gateway import Answer, Forbidden, WebRequest, form_bytes
from sms_gateway.twilio.http import API, Attempt, Line, fetch_media

log = logging.getLogger(__name__)

_MAX_MEDIA = 10
_LONGEST_SENDER_NAME = 11
_ZWSP = "\u200b"


@dataclass(frozen=True, slots=True)
class TwilioConfig:
    """One account's settings.

    `sender` is a number, an alphanumeric sender or the sid of a messaging service. `base_url` names another place
    than Twilio's own API. `public_url` is where the outside finds our application, as Twilio has it: signatures are
    made over it. `country` (ISO 3166) says how to read numbers without a country code. `rate` is in messages a
    second, `timeout` in seconds for one request.
    """

    name: str
    account_sid: str
    auth_token: str = field(repr=False)
    sender: str = field(repr=False)
    base_url: str | None
    public_url: str
    country: str = "KH"
    rate: float = 1.0
    timeout: float = 15.0


class TwilioGateway:
    """One Twilio account, both ways. `send`, `fetch` and `close` belong to one event loop; the rest to any thread."""

    channel: Channel = Channel.SMS
    answer = Answer("<Response/>", "text/xml")

    def __init__(self, config: TwilioConfig) -> None:
        self.name = config.name
        self._config = config
        self._line = Line(config.account_sid, config.auth_token, config.base_url)

    def receive(self, request: WebRequest, now: datetime) -> Inbound:
        """Return the message that a request brought, whole or not. Raises `Forbidden` for a wrong signature."""
        _check_signature(request, self._config)
        return _inbound(request, self._config, now)

    def status(self, request: WebRequest, now: datetime) -> Receipt | None:  # noqa: ARG002
        """Return what a status callback says, or None where that is no news. Raises `Forbidden`."""
        _check_signature(request, self._config)
        return _receipt(request, self.name)

    async def send(self, message: Outbound) -> SendResult:
        """Hand one message to Twilio. A sent SMS cannot be taken back: `DELETE` fails."""
        if message.action is not OutboundAction.SEND:
            return SendResult.of(FailureKind.REJECTED)
        attempt = Attempt()
        try:
            async with asyncio.timeout(self._config.timeout):
                sid = await self._line.create(attempt, **_fields(message, self._config))
        except TwilioException as fault:
            failure = _refusal(attempt, getattr(fault, "code", None))
        except (ClientError, OSError):
            failure = _unanswered(attempt)
        except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
            if not attempt.answered:
                raise
            # The SDK could not read an answer that says 2xx: the message may well be on its way.
            failure = FailureKind.TIMEOUT
        else:
            if sid:
                return SendResult.accepted(sid)
            failure = FailureKind.TIMEOUT
        log.info("%s: message %d not taken: %s (HTTP %s)", self.name, message.message_id, failure, attempt.status)
        return SendResult.of(failure, attempt.retry_after)

    async def fetch(self, media: Media, limit: int) -> bytes | None:
        """Return a file's bytes; None where it is gone, larger than `limit` bytes, or not kept by Twilio.

        Raises `ConnectionError` where Twilio cannot be reached or does not serve it now, so that it may be tried again.
        """
        return await fetch_media(
            media.ref,
            limit,
            auth=(self._config.account_sid, self._config.auth_token),
            own=(API, self._config.base_url or API),
            timeout=self._config.timeout,
        )

    async def close(self) -> None:
        """Let go of connections; a later `send` makes new ones."""
        await self._line.close()


def _check_signature(request: WebRequest, config: TwilioConfig) -> None:
    """Raise `Forbidden` unless Twilio signed this very request (https://www.twilio.com/docs/usage/security)."""
    signature = request.headers.get("x-twilio-signature")
    if not signature:
        raise Forbidden("no signature")
    url = config.public_url.rstrip("/") + request.path
    if RequestValidator(config.auth_token).validate(url, MultiDict(request.form), signature):
        return
    if not (_has_broken_bytes(request.body) and _signed_as_bytes(request.body, url, config.auth_token, signature)):
        raise Forbidden("wrong signature")


def _has_broken_bytes(body: bytes) -> bool:
    try:
        unquote_to_bytes(body).decode()
    except UnicodeDecodeError:
        return True
    return False


def _signed_as_bytes(body: bytes, url: str, token: str, signature: str) -> bool:
    """Tell whether the signature holds over the bytes that came, which decoding with U+FFFD has changed."""
    fields = b"".join(name + value for name, value in sorted(set(form_bytes(body))))
    parsed = urlsplit(url)
    macs = (hmac.digest(token.encode(), each(parsed).encode() + fields, "sha1") for each in (remove_port, add_port))
    return any(hmac.compare_digest(base64.b64encode(mac), signature.encode()) for mac in macs)


def _inbound(request: WebRequest, config: TwilioConfig, now: datetime) -> Inbound:
    sender = e164(_clean(request.field_of("From")), config.country)
    media_count = min(_number(request.field_of("NumMedia")) or 0, _MAX_MEDIA)
    kind = InboundKind.MEDIA if media_count else InboundKind.TEXT
    return Inbound(
        gateway=config.name,
        channel=Channel.SMS,
        provider_id=_clean(request.field_of("MessageSid")) or f"body:{sha256(request.body).hexdigest()}",
        address=sender,
        kind=kind if sender else InboundKind.OTHER,
        received_at=now,
        text=_clean(request.field_of("Body")),
        data=_clean(request.field_of("OptOutType")),
        media=_media(request, media_count),
    )


def _clean(value: str) -> str:
    # PostgreSQL keeps no NUL, and a signed message must be storable.
    return value.replace("\x00", "\ufffd")


def _number(digits: str) -> int | None:
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 18 else None


def _media(request: WebRequest, count: int) -> tuple[Media, ...]:
    listed = ((request.field_of(f"MediaUrl{i}"), request.field_of(f"MediaContentType{i}")) for i in range(count))
    return tuple(_one_media(_clean(url), _clean(mime)) for url, mime in listed if url)


def _one_media(url: str, mime: str) -> Media:
    plain = mime.partition(";")[0].strip().lower()
    return Media(_MEDIA_KINDS.get(plain.partition("/")[0], MediaKind.UNKNOWN), url, plain)


def _receipt(request: WebRequest, gateway: str) -> Receipt | None:
    state = _state(request.field_of("MessageStatus"), gateway)
    message_id, provider_id = _number(request.query.get("m", "")), _clean(request.field_of("MessageSid")) or None
    if state is None or (message_id is None and provider_id is None):
        return None
    failed = state in {DeliveryState.FAILED, DeliveryState.UNDELIVERED}
    code = _number(request.field_of("ErrorCode"))
    # Somebody cancelled it on purpose: that is no fault, and nothing to try again.
    unknown = FailureKind.REJECTED if request.field_of("MessageStatus").lower() == "canceled" else FailureKind.UNCLEAR
    failure = _FAILURES.get(code or 0, unknown) if failed else None
    return Receipt(gateway, state, message_id=message_id, provider_id=provider_id, failure=failure)


def _state(status: str, gateway: str) -> DeliveryState | None:
    word = status.strip().lower()
    if word not in _STATES:
        readable = word.isascii() and word.replace("_", "").isalpha() and len(word) <= 40
        log.warning("%s: unknown message status %s", gateway, word if readable else "(unreadable)")
    return _STATES.get(word)


_MEDIA_KINDS = {
    "image": MediaKind.PHOTO,
    "audio": MediaKind.VOICE,
    "video": MediaKind.VIDEO,
    "application": MediaKind.DOCUMENT,
    "text": MediaKind.DOCUMENT,
}

# https://www.twilio.com/docs/messaging/api/message-resource#message-status-values
_STATES: dict[str, DeliveryState | None] = {
    "accepted": None,
    "scheduled": None,
    "queued": None,
    "sending": None,
    "sent": DeliveryState.SENT,
    "delivered": DeliveryState.DELIVERED,
    "read": DeliveryState.DELIVERED,
    "undelivered": DeliveryState.UNDELIVERED,
    "failed": DeliveryState.FAILED,
    "canceled": DeliveryState.FAILED,
}

# https://www.twilio.com/docs/api/errors. What is wrong with the account or its sender counts as `credentials`: it is
# the operator who must mend it, and messages wait until then.
_FAILURES = {
    20003: FailureKind.CREDENTIALS,  # authentication failed
    20005: FailureKind.CREDENTIALS,  # account not active
    20403: FailureKind.CREDENTIALS,  # forbidden
    20404: FailureKind.CREDENTIALS,  # no such account
    20429: FailureKind.SLOW_DOWN,  # too many requests
    20503: FailureKind.PROVIDER_DOWN,  # service unavailable
    21211: FailureKind.BAD_ADDRESS,  # invalid To
    21212: FailureKind.CREDENTIALS,  # invalid From
    21217: FailureKind.BAD_ADDRESS,  # not a phone number
    21265: FailureKind.BAD_ADDRESS,  # To is a short code
    21408: FailureKind.REJECTED,  # region not enabled
    21604: FailureKind.BAD_ADDRESS,  # To missing
    21605: FailureKind.TOO_LONG,  # body over the limit
    21606: FailureKind.CREDENTIALS,  # From is not ours
    21610: FailureKind.OPTED_OUT,  # recipient sent STOP
    21611: FailureKind.SLOW_DOWN,  # sender's queue is full
    21612: FailureKind.REJECTED,  # no route from From to To
    21614: FailureKind.LANDLINE,  # not a mobile number
    21617: FailureKind.TOO_LONG,  # over 1,600 characters
    21635: FailureKind.LANDLINE,  # landline
    21659: FailureKind.CREDENTIALS,  # From is no number of Twilio's
    21660: FailureKind.CREDENTIALS,  # From belongs to another account
    21703: FailureKind.CREDENTIALS,  # messaging service without senders
    21705: FailureKind.CREDENTIALS,  # no such messaging service
    30001: FailureKind.SLOW_DOWN,  # queue overflow
    30002: FailureKind.CREDENTIALS,  # account suspended
    30003: FailureKind.UNREACHABLE,  # handset off or out of reach
    30004: FailureKind.BLOCKED,  # blocked by carrier or recipient
    30005: FailureKind.BAD_ADDRESS,  # unknown number
    30006: FailureKind.LANDLINE,  # landline or carrier out of reach
    30007: FailureKind.FILTERED,  # filtered as spam
    30008: FailureKind.UNCLEAR,  # unknown error
    30010: FailureKind.REJECTED,  # over our maximum price
    30017: FailureKind.SLOW_DOWN,  # carrier congested
    30022: FailureKind.SLOW_DOWN,  # carrier's rate limit
    30036: FailureKind.EXPIRED,  # validity period over
    30500: FailureKind.PROVIDER_DOWN,  # internal failure
}

_HTTP_FAILURES = {
    401: FailureKind.CREDENTIALS,
    402: FailureKind.NO_CREDIT,
    403: FailureKind.CREDENTIALS,
    404: FailureKind.CREDENTIALS,
    429: FailureKind.SLOW_DOWN,
    503: FailureKind.PROVIDER_DOWN,
}


def _refusal(attempt: Attempt, code: object) -> FailureKind:
    """Return what an answer other than 2xx means; `code` is Twilio's, or the HTTP status where the body had none.

    A 5xx with Twilio's own code comes from the API, which says that it made no message. A bare one comes from some
    proxy that lost the API after the request was written, which may have been carried out: unknown. 503 alone says
    by its definition (RFC 9110) that the request was not handled.
    """
    status = attempt.status or 0
    known = _FAILURES.get(code) if isinstance(code, int) else None
    if known or status in _HTTP_FAILURES:
        return known or _HTTP_FAILURES[status]
    if status >= 500:
        return FailureKind.TIMEOUT if code == status else FailureKind.PROVIDER_DOWN
    # A redirect comes from something that stands where Twilio should.
    return FailureKind.REJECTED if status >= 400 else FailureKind.PROVIDER_DOWN


def _unanswered(attempt: Attempt) -> FailureKind:
    return FailureKind.TIMEOUT if attempt.written else FailureKind.PROVIDER_DOWN


def _fields(message: Outbound, config: TwilioConfig) -> dict[str, str]:
    is_service = config.sender.startswith("MG") and len(config.sender) > _LONGEST_SENDER_NAME
    return {
        "to": message.address,
        "messaging_service_sid" if is_service else "from_": config.sender,
        "body": message.text.replace(_ZWSP, ""),
        "status_callback": f"{config.public_url.rstrip('/')}/sms/{quote(config.name)}/status?m={message.message_id}",
    }
