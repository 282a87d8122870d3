"""Reading the description of a gateway from a table of the configuration, with every fault named at once."""

from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any
from urllib.parse import urlsplit

from domain.ports import DeliveryState, FailureKind
from sms_gateway.gateway import Answer
from sms_gateway.generic.settings import (
    AnswerRule,
    Auth,
    Fields,
    GenericSettings,
    Proof,
    ReceiveRule,
    SendRule,
    StatusRule,
)
from sms_gateway.generic.table import Table, WrongSettings
from sms_gateway.generic.values import ENCODINGS, PARTS, Finder, Place, Template


def read_settings(
    table: Mapping[str, Any], *, name: str, sender: str, country: str = "KH", public_url: str = "", key: str = ""
) -> GenericSettings:
    """Return the settings that `send`, `receive` and `status` of a table describe, its secrets being text already.

    `key` is what the table is called where faults are told. Raises `WrongSettings` with every fault.
    """
    faults: list[tuple[str, str, str]] = []
    whole = Table({each: table[each] for each in ("send", "receive", "status") if each in table}, key, faults)
    send = _send(whole.table("send"))
    receive = _receive(whole.table("receive")) if "receive" in table else None
    status = _status(whole.table("status")) if "status" in table else None
    if not public_url and any(part == "status_url" for part in _names(send.fields, send.raw, send.url)):
        faults.append(("public_url", "is missing, and {status_url} is made of it", "write the https address"))
    if faults:
        raise WrongSettings(faults)
    return GenericSettings(name, sender, country, public_url, send, receive, status)


def _names(*values: object) -> list[str]:
    found: list[str] = []
    for value in values:
        if isinstance(value, Template):
            found += [name for _, name in value.parts]
        elif isinstance(value, Mapping):
            found += _names(*value.values())
        elif isinstance(value, list):
            found += _names(*value)
    return found


_FAILURES: Mapping[str, FailureKind] = {each.value: each for each in FailureKind}
_STATES: Mapping[str, DeliveryState | None] = {each.value: each for each in DeliveryState} | {"none": None}
_NOWHERE = Place("form", "-")


def _send(table: Table) -> SendRule:
    method = table.choice("method", ("POST", "GET"), "POST")
    body = table.choice("body", ("form", "json", "query", "raw"), "query" if method == "GET" else "form")
    if method == "GET" and body != "query":
        table.fault("body", "cannot go with GET", 'write body = "query", or method = "POST"')
    coding = table.table("coding")
    rule = SendRule(
        url=table.made("url", _url, Template(())),
        method=method,
        body=body,
        fields=_fields(table, flat=body != "json") if body != "raw" else {},
        raw=table.made("template", Template.of, Template(())) if body == "raw" else Template(()),
        escape=table.choice("escape", ("none", "xml", "json"), "none") if body == "raw" else "none",
        content_type=table.text("content_type", "text/plain; charset=utf-8") if body == "raw" else "",
        headers=_headers(table),
        auth=tuple(_auth(each, body) for each in table.tables("auth")),
        coding=(coding.text("gsm7", "0"), coding.text("ucs2", "2")),
        timeout=_timeout(table),
        answer=_answer(table.table("answer")),
    )
    coding.done()
    table.done()
    return rule


def _url(text: str) -> Template:
    template = Template.of(text)
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.fragment:
        raise ValueError("is no address: write https://host/path, and secrets under auth")
    if "{" in parts.netloc:
        raise ValueError("has a placeholder in its host: write the host out")
    return template


def _fields(table: Table, *, flat: bool) -> Fields:
    found = table.raw("fields")
    if not isinstance(found, Mapping) or not found:
        table.fault("fields", "is missing or no table", f'write [{table.key}.fields] with lines like to = "{{to}}"')
        return {}
    return {name: _field(table, f"fields.{name}", value, flat=flat) for name, value in found.items()}


def _field(table: Table, key: str, value: object, *, flat: bool) -> object:
    if isinstance(value, str):
        try:
            return Template.of(value)
        except ValueError as fault:
            what, _, remedy = str(fault).partition(": ")
            table.fault(key, what, remedy)
            return ""
    if isinstance(value, Mapping) and not flat:
        return {name: _field(table, f"{key}.{name}", each, flat=flat) for name, each in value.items()}
    if isinstance(value, list) and not flat:
        return [_field(table, f"{key}[{i}]", each, flat=flat) for i, each in enumerate(value)]
    if not isinstance(value, int | float):
        table.fault(key, "can be no part of this body", "write a text, a number, true or false")
    return value


def _headers(table: Table) -> dict[str, Template]:
    headers = table.table("headers")
    found = {name: headers.made(name, Template.of, Template(())) for name in (table.raw("headers") or {})}
    for name in found:
        if name.lower() in {"content-length", "host", "transfer-encoding", "authorization"}:
            headers.fault(name, "is not written here", "leave it out; logins stand under auth")
    return found


def _auth(table: Table, body: str) -> Auth:
    kind = table.choice("kind", ("basic", "bearer", "header", "query", "field"))
    if kind == "field" and body not in {"form", "json"}:
        table.fault("kind", "has no body to stand in", "write query or header")
    named = kind in {"header", "query", "field"}
    found = Auth(
        kind,
        name=table.text("name") if named else "",
        username=table.text("username") if kind == "basic" else "",
        value=table.text("value"),
    )
    if not found.value.isprintable():
        table.fault("value", "has signs that cannot be sent", "look for a line break in the secret")
    table.done()
    return found


def _timeout(table: Table) -> float:
    value = table.raw("timeout")
    if value is None:
        return 15.0
    if isinstance(value, int | float) and 0 < value <= 120:
        return float(value)
    table.fault("timeout", "is no time", "write seconds, more than 0 and at most 120")
    return 15.0


def _answer(table: Table) -> AnswerRule:
    status = table.words("status", tuple(str(each) for each in range(200, 300)))
    if not all(each.isascii() and each.isdigit() for each in status):
        table.fault("status", "holds no HTTP status", "write status = [200]")
    rule = AnswerRule(
        status=frozenset(int(each) for each in status if each.isascii() and each.isdigit()),
        code=_finder(table, "code"),
        good=frozenset(each.lower() for each in table.words("good")),
        id=_finder(table, "id"),
        failures=table.mapping("failures", _FAILURES),
        http_failures=table.mapping("http_failures", _FAILURES),
    )
    if (rule.code is None) != (not rule.good):
        table.fault("good", "and code go together", 'write code = { json = "…" } and good = ["…"]')
    table.done()
    return rule


def _finder(table: Table, name: str) -> Finder | None:
    if table.raw(name) is None:
        return None
    inner = table.table(name)
    try:
        found = Finder.of(json=inner.optional("json"), regex=inner.optional("regex"))
    except ValueError as fault:
        what, _, remedy = str(fault).partition(": ")
        table.fault(name, what, remedy or "correct it")
        return None
    inner.done()
    return found


def _place(table: Table, name: str, part: str) -> Place | None:
    return table.made(name, lambda text: Place.of(text, part), None) if table.raw(name) is not None else None


def _needed(table: Table, name: str, part: str) -> Place:
    return table.made(name, lambda text: Place.of(text, part), _NOWHERE)


def _receive(table: Table) -> ReceiveRule:
    part = table.choice("read", PARTS, "form")
    answer = table.table("answer")
    rule = ReceiveRule(
        sender=_needed(table, "from", part),
        text=_needed(table, "text", part),
        id=_place(table, "id", part),
        to=_place(table, "to", part),
        time=_place(table, "time", part),
        encoding=table.choice("encoding", ENCODINGS, "utf-8"),
        coding=_place(table, "coding", part),
        encodings=table.mapping("encodings", {each: each for each in ENCODINGS}),
        proofs=_proofs(table, part),
        answer=Answer(answer.text("body", ""), answer.text("content_type", "text/plain")),
    )
    answer.done()
    table.done()
    return rule


def _status(table: Table) -> StatusRule:
    part = table.choice("read", PARTS, "form")
    rule = StatusRule(
        state=_needed(table, "state", part),
        states=table.mapping("states", _STATES),
        our_id=_place(table, "our_id", part),
        id=_place(table, "id", part),
        error=_place(table, "error", part),
        failures=table.mapping("failures", _FAILURES),
        proofs=_proofs(table, part),
    )
    if rule.our_id is None and rule.id is None:
        table.fault("id", "is missing", "write id (the provider's) or our_id (ours), or both")
    if not rule.states:
        table.fault("states", "is missing", f"write [{table.key}.states] with the provider's words")
    table.done()
    return rule


def _proofs(table: Table, part: str) -> tuple[Proof, ...]:
    found = tuple(_proof(each, part) for each in table.tables("proof"))
    if not found:
        table.fault("proof", "is missing", "anybody could write in anybody's name; give a secret, an hmac or addresses")
    return found


def _proof(table: Table, part: str) -> Proof:
    kind = table.choice("kind", ("secret", "hmac", "address"))
    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    if kind == "address":
        try:
            networks = tuple(ip_network(each) for each in table.words("addresses"))
        except ValueError:
            table.fault("addresses", "holds what is no address", 'write "203.0.113.7" or "203.0.113.0/24"')
        if not networks:
            table.fault("addresses", "is missing or empty", 'write addresses = ["203.0.113.7"]')
    found = Proof(
        kind,
        at=_needed(table, "at", part if kind == "secret" else "header"),
        secret=table.text("secret") if kind != "address" else "",
        hash=table.choice("hash", ("sha256", "sha1", "sha512"), "sha256") if kind == "hmac" else "sha256",
        encoding=table.choice("encoding", ("hex", "base64"), "hex") if kind == "hmac" else "hex",
        prefix=table.text("prefix", "") if kind == "hmac" else "",
        networks=networks,
    )
    if kind == "address" and found.at.part != "header":
        table.fault("at", "must be a header", "write the header in which your reverse proxy puts the caller's address")
    table.done()
    return found
