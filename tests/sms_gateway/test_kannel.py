"""Kannel's own ways: its fields and character sets, its reports, its answers, and faults in its settings."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote_from_bytes, urlencode

import pytest
from aiohttp import web

from domain.inbound import Inbound, InboundKind
from domain.ports import DeliveryState, FailureKind, Outbound, Receipt, SendOutcome, SendResult
from sms_gateway.gateway import Forbidden, WebRequest
from sms_gateway.kannel import KannelGateway
from sms_gateway.kannel.conf import Boxes, SmppAccount, example_configuration
from tests.contract import kannel_case as kannel
from tests.contract.sms_gateway_case import NUMBER, Behaviour, Call
from tests.sms_gateway.parts.kannel_stand_in import SmsboxStandIn, Way, in_pieces, plain, stand_in

NOW = datetime(2026, 11, 3, 2, 30, tzinfo=UTC)


def web_request(call: Call) -> WebRequest:
    return WebRequest.of("GET", call.path, headers=call.headers, body=call.body)


def parsed(call: Call, **changes: Any) -> Inbound:
    return KannelGateway(kannel.settings(**changes)).receive(web_request(call), NOW)


def reported(code: str, words: str, **changes: Any) -> Receipt | None:
    return KannelGateway(kannel.settings(**changes)).status(web_request(kannel.status(code, words)), NOW)


def with_octets(octets: bytes, *, coding: str, charset: str) -> Call:
    fields = kannel.message_fields(coding=coding, charset=charset)
    del fields["text"]
    return kannel.receiving(urlencode(fields) + "&text=" + quote_from_bytes(octets))


class TestReceiving:
    @pytest.mark.parametrize(
        ("octets", "coding", "charset", "text"),
        [
            ("ជួយខ្ញុំផង".encode(), "0", "UTF-8", "ជួយខ្ញុំផង"),
            ("ជួយខ្ញុំផង".encode("utf-16-be"), "2", "UTF-16BE", "ជួយខ្ញុំផង"),
            ("ສະບາຍດີ".encode("utf-16-be"), "2", "", "ສະບາຍດີ"),
            (b"Fran\xe7ais", "0", "ISO-8859-1", "Français"),
            (b"\x93caf\xe9\x94", "0", "WINDOWS-1252", "“café”"),
            (b"\xd8\x3d\x00a", "2", "UTF-16BE", "\ufffda"),
            ("é".encode(), "0", "", "é"),
            ("é".encode(), "", "x-unheard-of", "é"),
            (b"a\x00b", "0", "UTF-8", "a\ufffdb"),
        ],
    )
    def test_the_character_set_is_the_one_that_smsbox_names(
        self, octets: bytes, coding: str, charset: str, text: str
    ) -> None:
        message = parsed(with_octets(octets, coding=coding, charset=charset))
        assert (message.kind, message.text) == (InboundKind.TEXT, text)

    @pytest.mark.parametrize(("coding", "charset"), [("1", "8-BIT"), ("1", ""), ("", "8-BIT")])
    def test_octets_that_are_no_text_are_kept_as_something_else(self, coding: str, charset: str) -> None:
        message = parsed(with_octets(b"\x06\x05\x04", coding=coding, charset=charset))
        assert (message.kind, message.text, message.address) == (InboundKind.OTHER, "", NUMBER)

    @pytest.mark.parametrize(
        ("given", "country", "kept"),
        [
            ("85512345678", "KH", NUMBER),
            ("+85512345678", "KH", NUMBER),
            ("012345678", "KH", NUMBER),
            ("85512345678", "LA", NUMBER),
            ("8562055512345", "KH", "+8562055512345"),
            ("02055512345", "LA", "+8562055512345"),
            ("1288", "KH", "1288"),
            ("8555", "KH", "8555"),
            ("Metfone", "KH", "Metfone"),
        ],
    )
    def test_numbers_are_kept_in_one_form(self, given: str, country: str, kept: str) -> None:
        assert parsed(kannel.inbound("id-1", "hi", **{"from": given}), country=country).address == kept

    @pytest.mark.parametrize("secret", ["", "x", "é", kannel.SECRET[:-1], kannel.SECRET + "x", kannel.SECRET.upper()])
    def test_another_secret_does_not_hold(self, secret: str) -> None:
        call = kannel.inbound("id-1", "hello")
        path = call.path.replace(f"secret={kannel.SECRET}", urlencode({"secret": secret}))
        with pytest.raises(Forbidden):
            parsed(replace(call, path=path))

    def test_the_address_for_the_configuration_is_one_that_is_taken(self) -> None:
        settings = kannel.settings(callback_url="http://127.0.0.1:8080/")
        path = settings.receive_url().removeprefix("http://127.0.0.1:8080")
        for escape, value in {"%I": "id-9", "%p": "85512345678", "%b": "hi", "%c": "0", "%C": "UTF-8"}.items():
            path = path.replace(escape, value)
        message = parsed(Call(path, {}, b""))
        assert (message.provider_id, message.address, message.text) == ("id-9", NUMBER, "hi")


class TestReports:
    def test_a_report_on_one_message_proves_none_on_another(self) -> None:
        call = kannel.status("1")
        with pytest.raises(Forbidden):
            KannelGateway(kannel.settings()).status(
                web_request(replace(call, path=call.path.replace("m=42", "m=43"))), NOW
            )

    @pytest.mark.parametrize("message", ["", "m=&", "m=x&"])
    def test_a_report_without_our_id_is_proved_by_nothing(self, message: str) -> None:
        call = kannel.status("1")
        with pytest.raises(Forbidden):
            KannelGateway(kannel.settings()).status(
                web_request(replace(call, path=call.path.replace("m=42&", message))), NOW
            )

    @pytest.mark.parametrize("code", ["001", "1", "01"])
    def test_the_operators_own_codes_count_before_the_general_ones(self, code: str) -> None:
        receipt = reported("2", kannel.smpp("UNDELIV", "001"), errors={code: FailureKind.BAD_ADDRESS})
        assert receipt
        assert receipt.failure is FailureKind.BAD_ADDRESS

    @pytest.mark.parametrize("code", ["0x400", "0x00000400", "0X0400"])
    def test_so_do_its_own_refusals(self, code: str) -> None:
        receipt = reported("16", "NACK/0x00000400/Vendor-specific", errors={code: FailureKind.NO_CREDIT})
        assert receipt
        assert (receipt.state, receipt.failure) == (DeliveryState.FAILED, FailureKind.NO_CREDIT)

    def test_without_the_operators_id_our_own_counts(self) -> None:
        call = kannel.status("8")
        receipt = KannelGateway(kannel.settings()).status(
            web_request(replace(call, path=call.path.replace("id=SM42", "id="))), NOW
        )
        assert receipt == Receipt("main", DeliveryState.SENT, message_id=42)


def sent(
    answer: Behaviour | Way, text: str = "hello", to: str = NUMBER, **changes: Any
) -> tuple[SendResult, SmsboxStandIn]:
    async def scenario() -> tuple[SendResult, SmsboxStandIn]:
        async with stand_in(answer) as smsbox:
            gateway = KannelGateway(kannel.settings(smsbox.url, **changes))
            try:
                return await gateway.send(Outbound(42, to, text)), smsbox
            finally:
                await gateway.close()

    return asyncio.run(scenario())


class TestSending:
    def test_everything_travels_in_the_head_and_the_text_in_the_body(self) -> None:
        _, smsbox = sent(Behaviour.ACCEPT, smsc_id="smart")
        (headers,) = smsbox.headers
        assert {name: value for name, value in headers.items() if name.startswith(("X-Kannel", "Content-Type"))} == {
            "Content-Type": "text/plain; charset=UTF-8",
            "X-Kannel-Username": "samleng",
            "X-Kannel-Password": kannel.PASSWORD,
            "X-Kannel-From": kannel.SENDER,
            "X-Kannel-To": NUMBER,
            "X-Kannel-Coding": "0",
            "X-Kannel-DLR-Mask": "31",
            "X-Kannel-DLR-Url": f"http://127.0.0.1:8080/sms/main/status?m=42&proof={kannel.PROOF}&d=%d&id=%F&a=%A",
            "X-Kannel-SMSC": "smart",
        }

    @pytest.mark.parametrize(
        ("text", "coding"),
        [
            ("Thank you [OK] €", "0"),
            ("ΔΦΓΛΩΠΨΣΘΞ", "0"),
            ("សូម", "2"),
            ("ສະ", "2"),
            ("\u200bok\u200b", "0"),
            ("ç", "2"),
            ("Ç", "0"),
        ],
    )
    def test_the_alphabet_is_the_smaller_one_that_holds_the_text(self, text: str, coding: str) -> None:
        _, smsbox = sent(Behaviour.ACCEPT, text)
        assert smsbox.headers[0]["X-Kannel-Coding"] == coding

    @pytest.mark.parametrize(
        ("http", "text", "expected"),
        [
            (202, "0: Accepted for delivery", SendResult.accepted(None)),
            (202, "3: Queued for later delivery", SendResult.accepted(None)),
            (202, "Sent.", SendResult.accepted(None)),
            (202, "", SendResult.of(FailureKind.TIMEOUT)),
            (400, "Number(s) has/have been denied by white- and/or black-lists.", SendResult.of(FailureKind.BLOCKED)),
            (400, "Missing receiver(s) number(s), rejected", SendResult.of(FailureKind.BAD_ADDRESS)),
            (400, "Empty receiver number not allowed, rejected", SendResult.of(FailureKind.BAD_ADDRESS)),
            (400, "Sender missing and no global set, rejected", SendResult.of(FailureKind.CREDENTIALS)),
            (400, "Charset or body misformed, rejected", SendResult.of(FailureKind.REJECTED)),
            (403, "Authorization failed for sendsms", SendResult.of(FailureKind.CREDENTIALS)),
            (403, "Not routable. Do not try again.", SendResult.of(FailureKind.REJECTED)),
            (404, "Unknown request.", SendResult.of(FailureKind.CREDENTIALS)),
            (503, "Temporal failure, try again later.", SendResult.of(FailureKind.PROVIDER_DOWN)),
            (429, "", SendResult.of(FailureKind.SLOW_DOWN)),
            (500, "Sending failed.", SendResult.of(FailureKind.TIMEOUT)),
            (302, "", SendResult.of(FailureKind.PROVIDER_DOWN)),
        ],
    )
    def test_an_answer_means_what_the_table_says(self, http: int, text: str, expected: SendResult) -> None:
        assert sent(plain(http, text))[0] == expected

    @pytest.mark.parametrize("ends", [True, False], ids=["whole", "broken off"])
    def test_an_answer_that_comes_in_pieces_is_read_to_its_end(self, ends: bool) -> None:
        result, smsbox = sent(in_pieces(b"0", b": Accepted for delivery", ends=ends))
        assert result == SendResult.accepted(None)
        assert len(smsbox.taken) == 1

    def test_a_number_that_is_none_is_told_from_a_blocked_one(self) -> None:
        denied = plain(400, "Number(s) has/have been denied by white- and/or black-lists.")
        assert sent(denied, to="Metfone")[0] == SendResult.of(FailureKind.BAD_ADDRESS)

    @pytest.mark.parametrize("text", ["ក" * 135, "a" * 307])
    def test_what_kannel_would_cut_off_is_not_handed_over(self, text: str) -> None:
        result, smsbox = sent(Behaviour.ACCEPT, text, max_parts=2)
        assert result == SendResult.of(FailureKind.TOO_LONG)
        assert smsbox.taken == []

    @pytest.mark.parametrize("text", ["", "\u200b"])
    def test_nothing_is_not_handed_over(self, text: str) -> None:
        result, smsbox = sent(Behaviour.ACCEPT, text)
        assert result == SendResult.of(FailureKind.REJECTED)
        assert smsbox.taken == []

    def test_an_operator_that_is_away_is_noted_once_until_it_is_back(self, caplog: pytest.LogCaptureFixture) -> None:
        answers = iter(["3: Queued for later delivery"] * 2 + ["0: Accepted for delivery"])

        def in_turn(smsbox: SmsboxStandIn, request: web.Request) -> web.StreamResponse:
            return plain(202, next(answers))(smsbox, request)

        async def scenario() -> list[tuple[SendOutcome, bool]]:
            async with stand_in(in_turn) as smsbox:
                gateway = KannelGateway(kannel.settings(smsbox.url))
                seen = []
                for each in range(3):
                    result = await gateway.send(Outbound(each, NUMBER, "hello"))
                    seen.append((result.outcome, gateway.operator_away))
                await gateway.close()
                return seen

        assert asyncio.run(scenario()) == [(SendOutcome.ACCEPTED, away) for away in (True, True, False)]
        assert caplog.text.count("keeps messages back") == 1


class TestSettings:
    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("base_url", "127.0.0.1:13013"),
            ("base_url", "ftp://127.0.0.1"),
            ("callback_url", "http://127.0.0.1:8080/%41"),
            ("callback_url", "http://127.0.0.1:8080/?a=b"),
            ("username", ""),
            ("username", "a\nb"),
            ("password", 'pass"word'),
            ("password", " pass-phrase"),
            ("password", "ពាក្យ"),
            ("sender", "a\r\nX-Kannel-To: 1"),
            ("callback_secret", "short"),
            ("callback_secret", "a secret with spaces and %d"),
            ("smsc_id", "a b"),
            ("max_parts", 0),
            ("max_parts", 256),
        ],
    )
    def test_a_value_that_could_not_work_is_named_without_being_shown(self, key: str, value: object) -> None:
        with pytest.raises(ValueError, match=f"Kannel gateway main: {key} must be") as fault:
            kannel.settings(**{key: value})
        assert not isinstance(value, str) or len(value) < 6 or value not in str(fault.value)

    def test_the_configuration_listens_on_this_machine_only(self) -> None:
        text = example_configuration(kannel.settings())
        assert text.count("-interface = 127.0.0.1") == 3
        assert "max-messages = 255" in text
        assert "global-sender" not in text

    def test_a_value_that_its_format_cannot_hold_is_refused(self) -> None:
        for account, boxes in ((SmppAccount(password='a"b'), Boxes()), (SmppAccount(), Boxes(admin_password="a\nb"))):
            with pytest.raises(ValueError, match="choose another"):
                example_configuration(kannel.settings(), account, boxes)

    def test_secrets_do_not_show(self) -> None:
        shown = repr((kannel.settings(), SmppAccount(password="hidden-1"), Boxes(admin_password="hidden-2")))
        assert not [each for each in (kannel.SECRET, kannel.PASSWORD, kannel.SENDER, "hidden") if each in shown]
