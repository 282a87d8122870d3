"""An Android phone as gateway ("SMS Gateway for Android"): its settings, webhooks, what its events mean, and sending."""

import hmac
import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from domain.inbound import Channel, Inbound, InboundKind
from domain.ports import DeliveryState, FailureKind, Outbound, OutboundAction, Receipt, SendResult
from sms_gateway.addresses import e164
from sms_gateway.android.phone import EVENTS, AndroidAccess, LoginRefused, Phone, PhoneHealth, parsed
from sms_gateway.gateway import Answer, ClockApart, Forbidden, Malformed, WebRequest
from sms_gateway.generic.http import NoReply, Reply, failure_of_status, readable

log = logging.getLogger(__name__)

_CLOCKS_APART_S = 300
_QUEUE_FULL_S = 60.0
_ZWSP = "\u200b"
_OWN_ID = re.compile(r"([0-9]{1,18})-[0-9a-f]{12}")
_MOST_PARTS = 255


@dataclass(frozen=True, slots=True)
class AndroidSim:
    """One SIM of the phone: the gateway that stands for it, its number in the app (1, 2, 3), and its phone number."""

    gateway: str
    sim_number: int
    phone_number: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class AndroidSettings:
    """One SIM of one phone, as a gateway.

    `signing_key` is the app's key for webhooks. `sims` are all SIMs of the phone, in the same order for each of
    its gateways: the phone calls the first one's routes, and an event is given to the gateway of its SIM, by which
    answers leave.
    `sim_number` is this gateway's own, None for what the phone chooses. `ttl` is in seconds, `country` as ISO 3166.
    `installation` is part of every message's id at the phone: it must change when the database is begun anew, or the
    phone takes a new message for the repeat of an old one where text and number are the same too.
    """

    name: str
    access: AndroidAccess
    signing_key: str = field(repr=False)
    public_url: str
    country: str = "KH"
    sim_number: int | None = None
    sims: tuple[AndroidSim, ...] = ()
    ttl: int = 86_400
    installation: str = ""


class AndroidGateway:
    """One SIM of a phone, both ways. `send`, `health`, `register_webhooks` and `close` belong to one event loop.

    `pulse` is the gateway which the phone calls, that of its first SIM: every signed event is a sign of the phone's life.
    """

    channel: Channel = Channel.SMS
    answer = Answer("", "text/plain")

    def __init__(self, settings: AndroidSettings) -> None:
        self.name = settings.name
        self.pulse = settings.sims[0].gateway if settings.sims else settings.name
        self._settings = settings
        self._phone = Phone(settings.access)

    def receive(self, request: WebRequest, now: datetime) -> Inbound:
        """Return the message of an `sms:received` or `mms:received`. Raises `Forbidden`, and so for other events."""
        found = self.event(request, now, route="receive")
        if not isinstance(found, Inbound):
            raise Malformed("the event holds no message")
        return found

    def status(self, request: WebRequest, now: datetime) -> Receipt | None:
        """Return what an event says of a message that we sent; None for a ping. Raises `Forbidden`, `Malformed`."""
        found = self.event(request, now, route="status")
        return found if isinstance(found, Receipt) else None

    def event(self, request: WebRequest, now: datetime, *, route: str | None = None) -> Inbound | Receipt | None:
        """Return what any event brought, where one route serves them all; `route` admits its own events only."""
        _check_signature(request, self._settings.signing_key, now)
        envelope = _object(parsed(request.body.decode(errors="replace")), "the body")
        kind, payload = str(envelope.get("event", "")), _object(envelope.get("payload") or {}, "the payload")
        if route is not None and EVENTS.get(kind, "status") != route:
            raise Forbidden(f"an event of the other route ({readable(kind)}): register the webhooks again")
        if EVENTS.get(kind) == "receive":
            return self._inbound(kind, request, envelope, payload, now)
        return self._receipt(kind, envelope, payload)

    async def send(self, message: Outbound) -> SendResult:
        """Hand one message to the phone. A repeat is told by its id, and counts as taken."""
        if message.action is not OutboundAction.SEND:
            return SendResult.of(FailureKind.REJECTED)
        text = message.text.replace(_ZWSP, "")
        own_id = self._own_id(message, text)
        status: int | None = None
        try:
            # Our addresses are in E.164 already, and the app's tables lag behind new number ranges.
            reply = await self._phone.ask(
                "POST", "/messages?skipPhoneValidation=true", self._payload(message, text, own_id)
            )
            result, status = _result(reply, own_id), reply.status
        except LoginRefused as fault:
            failure, status = failure_of_status(fault.reply.status), fault.reply.status
            result = SendResult.of(FailureKind.PROVIDER_DOWN if failure is FailureKind.TIMEOUT else failure)
        except NoReply as fault:
            result = SendResult.of(fault.failure)
        if result.failure:
            log.info("%s: message %d not taken: %s (HTTP %s)", self.name, message.message_id, result.failure, status)
        return result

    async def health(self) -> PhoneHealth:
        """Return how the phone is, asked now."""
        return await self._phone.health()

    async def register_webhooks(self, one_route: str | None = None) -> tuple[str, ...]:
        """Have the phone call the routes of its first SIM's gateway, and return the events that were not yet so.

        Every SIM's gateway may ask for it: two registrations of one event would bring each message twice, under two
        ids. `one_route` names a single route for all events (`event`). Raises `android.phone.WebhooksRefused`.
        """
        base = f"{self._settings.public_url.rstrip('/')}/sms/{self.pulse}/"
        urls = {event: base + (one_route or route) for event, route in EVENTS.items()}
        return await self._phone.register(urls, self.pulse)

    async def close(self) -> None:
        """Let go of connections; a later `send` makes new ones."""
        await self._phone.close()

    def _inbound(
        self, kind: str, request: WebRequest, envelope: Mapping[str, Any], payload: Mapping[str, Any], now: datetime
    ) -> Inbound:
        sender = e164(_text(payload, "sender") or _text(payload, "phoneNumber"), self._settings.country)
        is_picture = kind == "mms:received"
        found = InboundKind.MEDIA if is_picture else InboundKind.TEXT
        return Inbound(
            gateway=self._gateway_of(payload, ours=_text(payload, "recipient")),
            channel=Channel.SMS,
            provider_id=_text(envelope, "id") or f"body:{sha256(request.body).hexdigest()}",
            address=sender,
            kind=found if sender else InboundKind.OTHER,
            received_at=now,
            text=_text(payload, "subject" if is_picture else "message"),
        )

    def _receipt(self, kind: str, envelope: Mapping[str, Any], payload: Mapping[str, Any]) -> Receipt | None:
        own = _OWN_ID.fullmatch(_text(payload, "messageId"))
        if kind not in _STATES:
            if kind != "system:ping":
                log.warning("%s: unknown message status %s", self.name, readable(kind))
            return None
        if own is None:
            return None  # another program's message: the phone tells everybody everything
        state, told = _STATES[kind], payload.get("partsCount")
        reason = _text(payload, "reason")
        if kind == "sms:failed" and reason.startswith("Delivery result"):
            state = DeliveryState.UNDELIVERED
        failed = state in {DeliveryState.FAILED, DeliveryState.UNDELIVERED}
        # Somebody cancelled it at the phone on purpose: that is no fault, and nothing to try again.
        failure = FailureKind.REJECTED if kind == "sms:cancelled" else _failure_of(reason)
        return Receipt(
            self._gateway_of(payload, ours=_text(payload, "sender")),
            state,
            message_id=int(own[1]),
            provider_id=own[0],
            failure=failure if failed else None,
            # Delivery is told once a part, and the app itself calls the message delivered at the first.
            part=(_text(envelope, "id") or json.dumps(payload, sort_keys=True)) if kind == "sms:delivered" else None,
            parts=told if kind == "sms:sent" and isinstance(told, int) and 0 < told <= _MOST_PARTS else None,
        )

    def _gateway_of(self, payload: Mapping[str, Any], *, ours: str) -> str:
        """Return the gateway of the SIM that an event is about, by the SIM's number in the app or its phone number."""
        sims, country = self._settings.sims, self._settings.country
        by_slot = [each.gateway for each in sims if each.sim_number == payload.get("simNumber")]
        own = e164(ours, country)
        by_phone = [each.gateway for each in sims if each.phone_number and e164(each.phone_number, country) == own]
        return next(iter(by_slot + by_phone), self.name)

    def _own_id(self, message: Outbound, text: str) -> str:
        """Return the message's id at the phone: our own, and a mark of what it says to whom.

        The mark keeps an id of an earlier database from hiding a new message, and one that failed from hiding the next
        try; at most 36 characters are allowed.
        """
        tries = (str(message.again),) if message.again else ()
        content = "\x00".join((self._settings.installation, message.address, text, *tries))
        mark = hmac.new(self._settings.signing_key.encode(), content.encode(errors="replace"), sha256).hexdigest()[:12]
        return f"{message.message_id}-{mark}"

    def _payload(self, message: Outbound, text: str, own_id: str) -> dict[str, object]:
        settings = self._settings
        optional = {"simNumber": settings.sim_number, "deviceId": settings.access.device_id}
        return {
            "id": own_id,
            "textMessage": {"text": text},
            "phoneNumbers": [message.address],
            "withDeliveryReport": True,
            "ttl": settings.ttl,
        } | {name: value for name, value in optional.items() if value is not None}


def _check_signature(request: WebRequest, key: str, now: datetime) -> None:
    """Raise `Forbidden` unless the app signed this body within five minutes of now, either way; else `ClockApart`."""
    signature, stamp = request.headers.get("x-signature", ""), request.headers.get("x-timestamp", "")
    if not signature or not stamp:
        raise Forbidden("no signature")
    mac = hmac.new(key.encode(), request.body + stamp.encode(errors="replace"), sha256).hexdigest()
    if not hmac.compare_digest(mac.encode(), signature.strip().lower().encode(errors="replace")):
        raise Forbidden("wrong signature")
    is_time = stamp.isascii() and stamp.isdigit() and len(stamp) <= 12
    if not is_time or abs(now.timestamp() - int(stamp)) > _CLOCKS_APART_S:
        raise ClockApart("signed at another time: set the phone's clock by the network")


def _object(value: object, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Malformed(f"{what} is no JSON object")
    return value


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    # PostgreSQL keeps no NUL, and a signed message must be storable.
    return value.replace("\x00", "\ufffd") if isinstance(value, str) else ""


_STATES: Mapping[str, DeliveryState] = {
    "sms:sent": DeliveryState.SENT,
    "sms:delivered": DeliveryState.DELIVERED,
    "sms:failed": DeliveryState.FAILED,
    "sms:cancelled": DeliveryState.FAILED,
}

# https://docs.sms-gate.app/faq/errors and Android's SmsManager, by what a reason contains; the first that fits counts.
# What is wrong with the phone or its SIM counts as `credentials`: somebody must mend it there.
_REASONS: tuple[tuple[str, FailureKind], ...] = (
    ("TTL expired", FailureKind.EXPIRED),
    ("LIMIT_EXCEEDED", FailureKind.SLOW_DOWN),
    ("RATE_LIMITED", FailureKind.SLOW_DOWN),
    ("RADIO_OFF", FailureKind.PROVIDER_DOWN),
    ("RADIO_NOT_AVAILABLE", FailureKind.PROVIDER_DOWN),
    ("NO_SERVICE", FailureKind.PROVIDER_DOWN),
    ("NETWORK_REJECT", FailureKind.REJECTED),
    ("NETWORK_", FailureKind.PROVIDER_DOWN),
    ("MODEM_ERR", FailureKind.PROVIDER_DOWN),
    ("FDN_CHECK", FailureKind.CREDENTIALS),
    ("NO_DEFAULT_SMS_APP", FailureKind.CREDENTIALS),
    ("SIM_ABSENT", FailureKind.CREDENTIALS),
    ("ACCESS_BARRED", FailureKind.CREDENTIALS),
    ("SEND_SMS", FailureKind.CREDENTIALS),
    ("SIM selection", FailureKind.CREDENTIALS),
    ("No SIMs", FailureKind.CREDENTIALS),
    ("SHORT_CODE", FailureKind.REJECTED),
    ("INVALID_", FailureKind.REJECTED),
    ("hone number", FailureKind.BAD_ADDRESS),
)

# 3GPP TS 23.040, 9.2.3.15 (TP-Status): 64 to 95 permanent, 96 to 127 temporary and given up.
_TP_STATUS: Mapping[int, FailureKind] = {
    65: FailureKind.BAD_ADDRESS,  # incompatible destination
    66: FailureKind.BLOCKED,  # rejected by the receiver
    70: FailureKind.EXPIRED,  # validity period over
}


def _failure_of(reason: str) -> FailureKind:
    status = re.search(r"^Delivery result from SC .*: ([0-9]{1,3})$", reason)
    if status:
        code = int(status[1])
        return _TP_STATUS.get(code, FailureKind.UNREACHABLE if 96 <= code < 128 else FailureKind.UNCLEAR)
    if re.search(r"SIM [0-9]+ not found", reason):
        return FailureKind.CREDENTIALS
    return next((failure for part, failure in _REASONS if part in reason), FailureKind.UNCLEAR)


def _result(reply: Reply, own_id: str) -> SendResult:
    answer = parsed(reply.text)
    values = answer if isinstance(answer, dict) else {}
    if reply.status == 409:
        return SendResult.accepted(own_id)
    if reply.status in {200, 201, 202}:
        taken = _text(values, "id")
        return SendResult.accepted(taken) if taken else SendResult.of(FailureKind.TIMEOUT)
    said = f"{_text(values, 'error')} {_text(values, 'message')}".lower()
    if reply.status == 503 and ("queuelimitexceeded" in said or "queue limits" in said):
        return SendResult.of(FailureKind.SLOW_DOWN, reply.retry_after or _QUEUE_FULL_S)
    if reply.status == 400:
        return SendResult.of(next((kind for part, kind in _REFUSALS if part in said), FailureKind.REJECTED))
    return SendResult.of(failure_of_status(reply.status), reply.retry_after)


# What the server says with 400. No phone, or not the one named, is for the operator to mend.
_REFUSALS: tuple[tuple[str, FailureKind], ...] = (
    ("not mobile phone number", FailureKind.LANDLINE),
    ("invalid phone number", FailureKind.BAD_ADDRESS),
    ("failed to parse phone number", FailureKind.BAD_ADDRESS),
    ("record not found", FailureKind.CREDENTIALS),
    ("device", FailureKind.CREDENTIALS),
    ("sim number", FailureKind.CREDENTIALS),
)
