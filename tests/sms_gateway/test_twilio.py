"""Twilio's own ways: its signature, its fields, its codes, its messaging services, and the files it keeps."""

import asyncio
import base64
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp import web
from twilio.request_validator import RequestValidator

from domain.inbound import Inbound, InboundKind, Media, MediaKind
from domain.ports import FailureKind, Outbound, SendOutcome, SendResult
from sms_gateway import TwilioGateway
from sms_gateway.gateway import Forbidden, WebRequest
from tests.contract.sms_gateway_case import NUMBER, Behaviour, Call
from tests.sms_gateway.parts import twilio_stand_in as twilio
from tests.sms_gateway.parts.front import Front

NOW = datetime(2026, 11, 3, 2, 30, tzinfo=UTC)
VECTOR = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675309",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
}
VECTOR_SIGNATURE = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
CODES = {
    20003: FailureKind.CREDENTIALS,
    20429: FailureKind.SLOW_DOWN,
    21211: FailureKind.BAD_ADDRESS,
    21217: FailureKind.BAD_ADDRESS,
    21610: FailureKind.OPTED_OUT,
    21611: FailureKind.SLOW_DOWN,
    21614: FailureKind.LANDLINE,
    21617: FailureKind.TOO_LONG,
    21635: FailureKind.LANDLINE,
    30001: FailureKind.SLOW_DOWN,
    30003: FailureKind.UNREACHABLE,
    30004: FailureKind.BLOCKED,
    30005: FailureKind.BAD_ADDRESS,
    30006: FailureKind.LANDLINE,
    30007: FailureKind.FILTERED,
    30008: FailureKind.UNCLEAR,
}


def web_request(call: Call) -> WebRequest:
    return WebRequest.of("POST", call.path, headers=call.headers, body=call.body)


def parsed(call: Call, **changes: Any) -> Inbound:
    return TwilioGateway(twilio.config(**changes)).receive(web_request(call), NOW)


class TestSignature:
    gateway = TwilioGateway(
        replace(twilio.config(), auth_token="12345", public_url="https://mycompany.com")  # the documentation's example
    )

    def check(self, path: str, fields: Mapping[str, str], signature: str) -> Inbound:
        call = Call(path, {"X-Twilio-Signature": signature}, urlencode(fields).encode())
        return self.gateway.receive(web_request(call), NOW)

    def test_the_published_example_holds(self) -> None:
        assert self.check("/myapp.php?foo=1&bar=2", VECTOR, VECTOR_SIGNATURE).address == "+14158675309"

    def test_the_order_of_fields_does_not_matter(self) -> None:
        assert self.check("/myapp.php?foo=1&bar=2", dict(reversed(VECTOR.items())), VECTOR_SIGNATURE)

    @pytest.mark.parametrize("path", ["/myapp.php?bar=2&foo=1", "/myapp.php", "/other.php?foo=1&bar=2"])
    def test_another_address_does_not_hold(self, path: str) -> None:
        with pytest.raises(Forbidden):
            self.check(path, VECTOR, VECTOR_SIGNATURE)

    @pytest.mark.parametrize("change", [{"Digits": "1235"}, {"Extra": ""}, {"From": "+14158675300"}])
    def test_another_field_does_not_hold(self, change: dict[str, str]) -> None:
        with pytest.raises(Forbidden):
            self.check("/myapp.php?foo=1&bar=2", VECTOR | change, VECTOR_SIGNATURE)

    @pytest.mark.parametrize("signature", ["", "x", "é" * 28, VECTOR_SIGNATURE.lower(), VECTOR_SIGNATURE + "="])
    @pytest.mark.parametrize("fields", [VECTOR, {**VECTOR, "Body": "\udcff"}])
    def test_another_signature_does_not_hold(self, fields: dict[str, str], signature: str) -> None:
        body = urlencode(fields, errors="surrogateescape").encode()
        call = Call("/myapp.php?foo=1&bar=2", {"X-Twilio-Signature": signature}, body)
        with pytest.raises(Forbidden):
            self.gateway.receive(web_request(call), NOW)

    def test_repeated_fields_are_signed_as_the_sdk_says(self) -> None:
        signature = RequestValidator("12345").compute_signature("https://mycompany.com/a", {"A": "1"})
        call = Call("/a", {"X-Twilio-Signature": signature}, b"A=1&A=1")
        assert self.gateway.receive(web_request(call), NOW).kind is InboundKind.OTHER

    def test_the_public_address_counts_not_the_one_that_was_asked(self) -> None:
        front = Front(TwilioGateway(twilio.config()))
        call = twilio.inbound("SM1", "hello")
        disguised = replace(call, headers={**call.headers, "Host": "evil.example", "X-Forwarded-Host": "evil.example"})
        assert front.post(disguised).status_code == 200

    @pytest.mark.parametrize("public_url", ["https://grm.example.org/samleng/", "https://grm.example.org:443/samleng"])
    def test_a_slash_or_the_usual_port_in_the_public_address_does_no_harm(self, public_url: str) -> None:
        for call in (twilio.inbound("SM1", "hello"), twilio.broken()):
            assert parsed(call, public_url=public_url).provider_id == "SM1"


class TestParsing:
    def test_an_opt_out_that_twilio_saw_is_passed_on(self) -> None:
        assert parsed(twilio.inbound("SM1", "CANCEL", OptOutType="STOP")).data == "STOP"

    def test_a_local_number_is_read_with_the_configured_country(self) -> None:
        assert parsed(twilio.inbound("SM1", "hi", From="02055512345"), country="LA").address == "+8562055512345"

    @pytest.mark.parametrize("sender", ["1288", "Metfone"])
    def test_short_codes_and_names_stay(self, sender: str) -> None:
        message = parsed(twilio.inbound("SM1", "hi", From=sender))
        assert (message.address, message.kind) == (sender, InboundKind.TEXT)

    @pytest.mark.parametrize(
        ("mime", "kind"),
        [
            ("image/jpeg", MediaKind.PHOTO),
            ("IMAGE/PNG; name=x", MediaKind.PHOTO),
            ("audio/amr", MediaKind.VOICE),
            ("video/3gpp", MediaKind.VIDEO),
            ("application/pdf", MediaKind.DOCUMENT),
            ("text/vcard", MediaKind.DOCUMENT),
            ("chemical/x-pdb", MediaKind.UNKNOWN),
            ("", MediaKind.UNKNOWN),
        ],
    )
    def test_files_are_told_by_their_type(self, mime: str, kind: MediaKind) -> None:
        url = f"https://api.twilio.com/2010-04-01/Accounts/{twilio.ACCOUNT}/Messages/MM1/Media/ME1"
        message = parsed(twilio.inbound("MM1", "", NumMedia="1", MediaUrl0=url, MediaContentType0=mime))
        assert message.kind is InboundKind.MEDIA
        assert message.media == (Media(kind, url, mime.partition(";")[0].lower()),)

    @pytest.mark.parametrize(
        ("count", "kind", "found"),
        [
            ("2", InboundKind.MEDIA, 2),
            ("1", InboundKind.MEDIA, 1),
            ("3", InboundKind.MEDIA, 2),
            ("0", InboundKind.TEXT, 0),
            ("999999999999999999999", InboundKind.TEXT, 0),
            ("10000000", InboundKind.MEDIA, 2),
            ("-1", InboundKind.TEXT, 0),
            ("two", InboundKind.TEXT, 0),
            ("", InboundKind.TEXT, 0),
        ],
    )
    def test_the_number_of_files_may_be_anything(self, count: str, kind: InboundKind, found: int) -> None:
        files = {"MediaUrl0": "https://api.twilio.com/0", "MediaUrl1": "https://api.twilio.com/1"}
        message = parsed(twilio.inbound("MM1", "see", NumMedia=count, **files))
        assert (message.kind, len(message.media)) == (kind, found)

    def test_an_empty_signed_request_is_kept(self) -> None:
        message = parsed(twilio.signed(twilio.RECEIVE, b""))
        assert (message.kind, message.address, message.text) == (InboundKind.OTHER, "", "")
        assert message.provider_id.startswith("body:")

    def test_what_no_database_keeps_is_replaced(self) -> None:
        assert parsed(twilio.inbound("SM1", "a\x00b")).text == "a\ufffdb"

    def test_fields_that_nobody_knows_yet_do_no_harm(self) -> None:
        assert parsed(twilio.inbound("SM1", "hello", NewField="1", ChannelMetadata='{"type":"sms"}')).text == "hello"


class TestReceipts:
    def posted(self, path: str, body: bytes | None = None) -> Front:
        front = Front(TwilioGateway(twilio.config()))
        call = twilio.status("delivered", path=path) if body is None else twilio.signed(path, body)
        assert front.post(call).status_code == 204
        return front

    @pytest.mark.parametrize("query", ["", "?m=", "?m=x", "?m=-4", "?m=%C2%B2", "?m=9999999999999999999", "?n=4"])
    def test_without_our_own_id_twilios_counts(self, query: str) -> None:
        (receipt,) = self.posted(f"/sms/main/status{query}").receipts
        assert (receipt.message_id, receipt.provider_id) == (None, "SM42")

    def test_without_any_id_there_is_nothing_to_say(self) -> None:
        assert self.posted("/sms/main/status", b"MessageStatus=delivered").receipts == []

    def test_without_twilios_id_our_own_counts(self) -> None:
        (receipt,) = self.posted(twilio.STATUS, b"MessageStatus=delivered").receipts
        assert (receipt.message_id, receipt.provider_id) == (42, None)


async def handed_over(provider: twilio.TwilioStandIn, **changes: Any) -> SendResult:
    gateway = TwilioGateway(twilio.config(provider.url, **changes))
    try:
        return await gateway.send(Outbound(42, NUMBER, "hello"))
    finally:
        await gateway.close()


def sent(answer: Behaviour | twilio.Way, **changes: Any) -> tuple[SendResult, twilio.TwilioStandIn]:
    async def scenario() -> tuple[SendResult, twilio.TwilioStandIn]:
        async with twilio.stand_in(answer) as provider:
            return await handed_over(provider, **changes), provider

    return asyncio.run(scenario())


class TestSending:
    def test_our_own_id_travels_in_the_status_callback(self) -> None:
        _, provider = sent(Behaviour.ACCEPT)
        assert provider.forms == [
            {
                "To": NUMBER,
                "From": twilio.SENDER,
                "Body": "hello",
                "StatusCallback": "https://grm.example.org/samleng/sms/main/status?m=42",
            }
        ]
        assert provider.logins == ["Basic " + base64.b64encode(f"{twilio.ACCOUNT}:{twilio.TOKEN}".encode()).decode()]

    def test_the_status_callback_is_one_that_our_routes_take(self) -> None:
        _, provider = sent(Behaviour.ACCEPT)
        path = provider.forms[0]["StatusCallback"].removeprefix(twilio.PUBLIC_URL)
        front = Front(TwilioGateway(twilio.config()))
        assert front.post(twilio.status("delivered", path=path)).status_code == 204
        assert front.receipts[0].message_id == 42

    @pytest.mark.parametrize(
        ("sender", "field"), [("MG" + "0" * 32, "MessagingServiceSid"), ("MGOV", "From"), ("LEAP", "From")]
    )
    def test_a_messaging_service_is_told_from_a_sender(self, sender: str, field: str) -> None:
        _, provider = sent(Behaviour.ACCEPT, sender=sender)
        assert provider.forms[0][field] == sender
        assert {"From", "MessagingServiceSid"} & provider.forms[0].keys() == {field}

    @pytest.mark.parametrize(("code", "failure"), CODES.items())
    def test_a_refusal_means_what_its_code_says(self, code: int, failure: FailureKind) -> None:
        result, _ = sent(twilio.refusing(400, code))
        assert result == SendResult.of(failure)

    @pytest.mark.parametrize(
        ("http", "code", "expected"),
        [
            (400, 99999, SendResult.of(FailureKind.REJECTED)),
            (400, None, SendResult.of(FailureKind.REJECTED)),
            (400, "21610", SendResult.of(FailureKind.REJECTED)),
            (401, 99999, SendResult.of(FailureKind.CREDENTIALS)),
            (402, 99999, SendResult.of(FailureKind.NO_CREDIT)),
            (403, 99999, SendResult.of(FailureKind.CREDENTIALS)),
            (404, 20404, SendResult.of(FailureKind.CREDENTIALS)),
            (429, 99999, SendResult.of(FailureKind.SLOW_DOWN)),
            (500, 20500, SendResult.of(FailureKind.PROVIDER_DOWN)),
            (503, 20503, SendResult.of(FailureKind.PROVIDER_DOWN)),
        ],
    )
    def test_a_refusal_without_a_known_code_means_what_its_status_says(
        self, http: int, code: object, expected: SendResult
    ) -> None:
        assert sent(twilio.refusing(http, code))[0] == expected

    @pytest.mark.parametrize(
        ("http", "outcome"),
        [
            (500, SendOutcome.UNKNOWN),
            (502, SendOutcome.UNKNOWN),
            (504, SendOutcome.UNKNOWN),
            (503, SendOutcome.RETRY),
            (429, SendOutcome.RETRY),
            (302, SendOutcome.RETRY),
            (400, SendOutcome.FAILED),
            (201, SendOutcome.UNKNOWN),
        ],
    )
    @pytest.mark.parametrize("text", ["", "<html>", "[]", '"text"', "{}"])
    def test_an_answer_that_is_not_twilios_is_judged_by_its_status(
        self, http: int, text: str, outcome: SendOutcome
    ) -> None:
        assert sent(twilio.plain(http, text))[0].outcome is outcome

    def test_a_newer_kind_of_error_answer_is_read_too(self) -> None:
        problem = {"type": "https://x", "title": "Opted out", "status": 400, "code": 21610, "detail": f"{NUMBER}"}
        result, _ = sent(lambda *_: web.json_response(problem, status=400))
        assert result == SendResult.of(FailureKind.OPTED_OUT)

    def test_a_retry_after_that_is_no_number_is_left_out(self) -> None:
        soon = {"Retry-After": "Tue, 03 Nov 2026 02:30:00 GMT"}
        result, _ = sent(twilio.refusing(429, 20429, soon))
        assert result == SendResult.of(FailureKind.SLOW_DOWN)

    def test_messages_sent_at_once_are_told_apart(self) -> None:
        async def scenario() -> list[SendResult]:
            async with twilio.stand_in(Behaviour.ACCEPT) as good, twilio.stand_in(Behaviour.LOST_ITS_BACK_END) as bad:
                return await asyncio.gather(*(handed_over(each) for each in (good, bad) * 10))

        results = asyncio.run(scenario())
        assert {each.outcome for each in results[::2]} == {SendOutcome.ACCEPTED}
        assert {each.outcome for each in results[1::2]} == {SendOutcome.UNKNOWN}

    def test_the_environment_does_not_turn_messages_away(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TWILIO_REGION", "au1")
        monkeypatch.setenv("TWILIO_EDGE", "sydney")
        assert sent(Behaviour.ACCEPT)[0].outcome is SendOutcome.ACCEPTED
