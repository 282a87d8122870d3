"""A gateway described by configuration alone: its proofs, messages, receipts, and sending."""

import base64
import hmac
import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from ipaddress import ip_address
from urllib.parse import quote, urlencode
from xml.sax.saxutils import escape as xml_escape

import phonenumbers

from domain.inbound import Channel, Inbound, InboundKind
from domain.ports import FailureKind, Outbound, OutboundAction, Receipt, SendResult
from domain.sending.segments import Encoding, encoding_of
from sms_gateway.addresses import e164
from sms_gateway.gateway import Answer, Forbidden, Malformed, WebRequest
from sms_gateway.generic.http import Caller, NoReply, Reply, Request, failure_of_status, readable
from sms_gateway.generic.settings import AnswerRule, GenericSettings, Proof, SendRule
from sms_gateway.generic.values import Place, Template, decoded, document_of

log = logging.getLogger(__name__)

_ZWSP = "\u200b"
_NO_ANSWER = Answer("", "text/plain")


class GenericGateway:
    """One described provider, both ways. `send` and `close` belong to one event loop; the rest to any thread."""

    channel: Channel = Channel.SMS

    def __init__(self, settings: GenericSettings) -> None:
        self.name = settings.name
        self.answer = settings.receive.answer if settings.receive else _NO_ANSWER
        self.methods = frozenset({"GET", "POST"} if _stands_in_query(settings) else {"POST"})
        self._settings = settings
        self._caller = Caller(settings.send.timeout)

    def receive(self, request: WebRequest, now: datetime) -> Inbound:
        """Return the message that a request brought. Raises `Forbidden`, and `Malformed` for a body that is no JSON."""
        rule = self._settings.receive
        if rule is None:
            raise Forbidden("this gateway receives nothing: describe it under receive")
        document = _document(request, [rule.sender, rule.text, *(each.at for each in rule.proofs)])
        _check(rule.proofs, request, document)
        found = {
            name: _clean(place.value(request, document)) if place else ""
            for name, place in {"id": rule.id, "to": rule.to, "time": rule.time, "coding": rule.coding}.items()
        }
        sender = e164(_clean(rule.sender.value(request, document)), self._settings.country)
        encoding = rule.encodings.get(found["coding"].lower(), rule.encoding)
        text = _clean(decoded(rule.text.value(request, document), encoding))
        return Inbound(
            gateway=self.name,
            channel=Channel.SMS,
            provider_id=found["id"] or _made_id(request, [sender, found["to"], found["time"], text]),
            address=sender,
            kind=InboundKind.TEXT if sender else InboundKind.OTHER,
            received_at=now,
            text=text,
        )

    def status(self, request: WebRequest, now: datetime) -> Receipt | None:  # noqa: ARG002
        """Return what a request says of a message that we sent, or None where that is no news. Raises `Forbidden`."""
        rule = self._settings.status
        if rule is None:
            raise Forbidden("this gateway is told no states: describe them under status")
        document = _document(request, [rule.state, *(each.at for each in rule.proofs)])
        _check(rule.proofs, request, document)
        word = rule.state.value(request, document).strip()
        if word.lower() not in rule.states:
            log.warning("%s: unknown message status %s", self.name, readable(word))
            return None
        state = rule.states[word.lower()]
        ours = rule.our_id.value(request, document) if rule.our_id else ""
        theirs = _clean(rule.id.value(request, document)) if rule.id else ""
        message_id = int(ours) if ours.isascii() and ours.isdigit() and len(ours) <= 18 else None
        if state is None or (message_id is None and not theirs):
            return None
        code = rule.error.value(request, document).strip().lower() if rule.error else ""
        failed = state.value in {"failed", "undelivered"}
        failure = rule.failures.get(code, FailureKind.UNCLEAR) if failed else None
        return Receipt(self.name, state, message_id=message_id, provider_id=theirs or None, failure=failure)

    async def send(self, message: Outbound) -> SendResult:
        """Hand one message to the provider, as described."""
        if message.action is not OutboundAction.SEND:
            return SendResult.of(FailureKind.REJECTED)
        status: int | None = None
        try:
            reply = await self._caller.ask(_request(self._settings.send, values_of(message, self._settings)))
        except NoReply as fault:
            result = SendResult.of(fault.failure)
        else:
            result, status = result_of(reply, self._settings.send.answer), reply.status
        if result.failure:
            log.info("%s: message %d not taken: %s (HTTP %s)", self.name, message.message_id, result.failure, status)
        return result

    async def close(self) -> None:
        """Let go of connections; a later `send` makes new ones."""
        await self._caller.close()


def _stands_in_query(settings: GenericSettings) -> bool:
    """Tell whether messages or receipts stand in the address, as where a provider calls by GET."""
    told = [rule.sender for rule in [settings.receive] if rule] + [rule.state for rule in [settings.status] if rule]
    return any(place.part == "query" for place in told)


def _document(request: WebRequest, places: list[Place]) -> object:
    """Return the body as JSON, if any of these places stands in one."""
    if all(place.part != "json" for place in places):
        return None
    document = document_of(request.body.decode(errors="replace"))
    if not isinstance(document, dict | list):
        raise Malformed("the body is no JSON")
    return document


def _check(proofs: tuple[Proof, ...], request: WebRequest, document: object) -> None:
    """Raise `Forbidden` unless every proof holds."""
    for proof in proofs:
        shown = proof.at.value(request, document).strip()
        if not shown:
            raise Forbidden(f"no {proof.kind}")
        if not _HOLDS[proof.kind](proof, shown, request.body):
            raise Forbidden(f"wrong {proof.kind}")


def _is_secret(proof: Proof, shown: str, _body: bytes) -> bool:
    return hmac.compare_digest(shown.encode(errors="replace"), proof.secret.encode())


def _is_signature(proof: Proof, shown: str, body: bytes) -> bool:
    mac = hmac.digest(proof.secret.encode(), body, proof.hash)
    signature = shown.removeprefix(proof.prefix)
    if proof.encoding == "hex":
        return hmac.compare_digest(signature.lower().encode(errors="replace"), mac.hex().encode())
    return hmac.compare_digest(signature.encode(errors="replace"), base64.b64encode(mac))


def _is_address(proof: Proof, shown: str, _body: bytes) -> bool:
    # The nearest proxy writes the last of several; those before it are whatever the caller wrote.
    try:
        caller = ip_address(shown.rpartition(",")[2].strip())
    except ValueError:
        return False
    return any(caller in network for network in proof.networks)


_HOLDS: Mapping[str, Callable[[Proof, str, bytes], bool]] = {
    "secret": _is_secret,
    "hmac": _is_signature,
    "address": _is_address,
}


def _clean(value: str) -> str:
    # PostgreSQL keeps no NUL, and a proved message must be storable.
    return value.replace("\x00", "\ufffd")


def _made_id(request: WebRequest, parts: list[str]) -> str:
    """Return an id for a message without one: of its parts where the provider gives a time, else of all that came."""
    has_time = bool(parts[2])
    content = "\x00".join(parts).encode(errors="replace") if has_time else request.body + request.path.encode()
    return f"body:{sha256(content).hexdigest()}"


def values_of(message: Outbound, settings: GenericSettings) -> dict[str, str]:
    """Return what the placeholders mean for one message."""
    text = message.text.replace(_ZWSP, "")
    gsm7, ucs2 = settings.send.coding
    base = f"{settings.public_url.rstrip('/')}/sms/{quote(settings.name)}/status"
    return {
        "to": message.address,
        "to_digits": message.address.removeprefix("+"),
        "to_national": _national(message.address) if settings.send.asks_for("to_national") else "",
        "text": text,
        "text_hex_ucs2": text.encode("utf-16-be", errors="replace").hex().upper(),
        "id": str(message.message_id),
        "sender": settings.sender,
        "coding": gsm7 if encoding_of(text) is Encoding.GSM7 else ucs2,
        "status_url": f"{base}?m={message.message_id}",
    }


def _national(address: str) -> str:
    try:
        number = phonenumbers.parse(address, None)
    except phonenumbers.NumberParseException:
        return address
    national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return "".join(each for each in national if each.isdigit())


def _request(rule: SendRule, values: Mapping[str, str]) -> Request:
    headers = {name: template.filled(values, _header_value) for name, template in rule.headers.items()}
    fields = {name: _filled(value, values) for name, value in rule.fields.items()}
    query: dict[str, str] = {}
    for auth in rule.auth:
        match auth.kind:
            case "basic":
                login = base64.b64encode(f"{auth.username}:{auth.value}".encode()).decode()
                headers["Authorization"] = f"Basic {login}"
            case "bearer":
                headers["Authorization"] = f"Bearer {auth.value}"
            case "header":
                headers[auth.name] = auth.value
            case "query":
                query[auth.name] = auth.value
            case _:
                fields[auth.name] = auth.value
    if rule.body == "query":
        query |= {name: _plain(value) for name, value in fields.items()}
    body, content_type = _body(rule, fields, values)
    if content_type and not any(name.lower() == "content-type" for name in headers):
        headers["Content-Type"] = content_type
    url = rule.url.filled(values, lambda value: quote(value, safe=""))
    return Request(rule.method, url, headers, query, body)


def _body(rule: SendRule, fields: Mapping[str, object], values: Mapping[str, str]) -> tuple[bytes | None, str]:
    match rule.body:
        case "json":
            return json.dumps(fields, ensure_ascii=False).encode(errors="replace"), "application/json; charset=utf-8"
        case "form":
            pairs = urlencode({name: _plain(value) for name, value in fields.items()}, errors="replace")
            return pairs.encode(), "application/x-www-form-urlencoded; charset=utf-8"
        case "raw":
            return rule.raw.filled(values, _ESCAPES[rule.escape]).encode(errors="replace"), rule.content_type
        case _:
            return None, ""


def _filled(value: object, values: Mapping[str, str]) -> object:
    if isinstance(value, Template):
        return value.filled(values)
    if isinstance(value, Mapping):
        return {name: _filled(each, values) for name, each in value.items()}
    return [_filled(each, values) for each in value] if isinstance(value, list) else value


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _header_value(value: str) -> str:
    return quote(value, safe=" +:/?=&@#,;()")


_ESCAPES: Mapping[str, Callable[[str], str]] = {
    "none": str,
    "xml": lambda text: xml_escape(text, {'"': "&quot;", "'": "&apos;"}),
    "json": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
}


def result_of(reply: Reply, rule: AnswerRule) -> SendResult:
    """Return what an answer means by the described rule.

    A good status with an answer in which the code, or lacking a rule for it the id, is not found may be anything: the
    message's fate is unknown. A code that is neither good nor in the table is a failure of unclear kind.
    """
    code = rule.code.found(reply.text).strip().lower() if rule.code else ""
    known = rule.failures.get(code) or rule.http_failures.get(str(reply.status))
    if reply.status in rule.status:
        return _good_status(reply, rule, code)
    return SendResult.of(known or failure_of_status(reply.status), reply.retry_after)


def _good_status(reply: Reply, rule: AnswerRule, code: str) -> SendResult:
    if not reply.whole:
        return SendResult.of(FailureKind.TIMEOUT)
    theirs = _clean(rule.id.found(reply.text).strip()) if rule.id else ""
    if rule.code is None:
        return SendResult.accepted(theirs or None) if theirs or rule.id is None else SendResult.of(FailureKind.TIMEOUT)
    if code in rule.good:
        return SendResult.accepted(theirs or None)
    if code:
        return SendResult.of(rule.failures.get(code, FailureKind.UNCLEAR), reply.retry_after)
    return SendResult.of(FailureKind.TIMEOUT)
