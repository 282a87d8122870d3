"""The Android phone's own ways: its signature, its events, its SIMs, and sending once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.inbound import Inbound, InboundKind
from domain.ports import DeliveryState, FailureKind, Outbound, Receipt, SendOutcome, SendResult
from sms_gateway.android import AndroidGateway, AndroidSim
from sms_gateway.gateway import Forbidden, Malformed, WebRequest
from tests.contract.sms_gateway_case import NUMBER, Behaviour, Call
from tests.sms_gateway.parts import android_stand_in as phone
from tests.sms_gateway.parts.android_stand_in import played, sent
from tests.sms_gateway.parts.front import NOW, Front

TWO_SIMS = (AndroidSim("main", 1, phone.OWN_NUMBER), AndroidSim("second", 2, "097 777 7888"))


def web_request(call: Call) -> WebRequest:
    return WebRequest.of("POST", call.path, headers=call.headers, body=call.body)


def parsed(call: Call, **changes: Any) -> Inbound:
    return phone.gateway(**changes).receive(web_request(call), NOW)


def receipts(*calls: Call, gateway: AndroidGateway | None = None) -> list[Receipt | None]:
    made = gateway or phone.gateway()
    return [made.status(web_request(each), NOW) for each in calls]


class TestSignature:
    def test_the_documented_way_of_signing_holds(self) -> None:
        # Reckoned with `openssl dgst -sha256 -hmac secret` over body and timestamp.
        body = b'{"event":"sms:received","id":"1","payload":{"message":"hi","sender":"+85512345678"}}'
        mac = "7382d0d640c6ebc02e9bf6f3f0fb1ae015ae67a8c91b53b77bd7d757b9001e71"
        headers = {"x-signature": mac, "x-timestamp": "1793673000"}
        request = WebRequest.of("POST", phone.RECEIVE, headers=headers, body=body)
        at = datetime.fromtimestamp(1793673000, UTC)
        assert replace_key("secret").receive(request, at).text == "hi"

    @pytest.mark.parametrize("seconds", [-300, -299, 0, 299, 300])
    def test_five_minutes_either_way_are_allowed(self, seconds: int) -> None:
        call = phone.signed(phone.RECEIVE, phone.inbound("1", "hi").body, NOW + timedelta(seconds=seconds))
        assert parsed(call).text == "hi"

    @pytest.mark.parametrize("seconds", [-301, 301, -86_400])
    def test_more_is_not_and_the_remedy_is_told(self, seconds: int) -> None:
        call = phone.signed(phone.RECEIVE, phone.inbound("1", "hi").body, NOW + timedelta(seconds=seconds))
        with pytest.raises(Forbidden, match="phone's clock"):
            parsed(call)
        front = Front(phone.gateway())
        for each in (call, phone.signed(phone.RECEIVE, call.body, NOW + timedelta(seconds=seconds), key="other")):
            assert front.post(each).status_code == 403
        assert (front.clocks, front.signs, front.received) == (["main"], [], []), "of a forged one nobody is told"

    @pytest.mark.parametrize("stamp", ["", "x", "²", "1" * 40, "-5", "1.5"])
    def test_a_time_that_is_none_is_refused(self, stamp: str) -> None:
        call = phone.inbound("1", "hi")
        with pytest.raises(Forbidden):
            parsed(replace(call, headers={**call.headers, "X-Timestamp": stamp}))

    @pytest.mark.parametrize("change", [{"X-Signature": "é"}, {"X-Signature": ""}, {"X-Timestamp": "1793673001"}])
    def test_another_signature_or_time_does_not_hold(self, change: dict[str, str]) -> None:
        call = phone.inbound("1", "hi")
        with pytest.raises(Forbidden):
            parsed(replace(call, headers={**call.headers, **change}))

    def test_another_key_does_not_hold(self) -> None:
        call = phone.inbound("1", "hi")
        with pytest.raises(Forbidden):
            parsed(phone.signed(phone.RECEIVE, call.body, key="other"))

    @pytest.mark.parametrize(
        "body", [b"", b"[]", b'"x"', b"{", b"[" * 60_000, b'{"event":"sms:received","payload":[1]}']
    )
    def test_a_signed_body_that_is_no_event_is_told_so(self, body: bytes) -> None:
        with pytest.raises((Malformed, Forbidden)):
            parsed(phone.signed(phone.RECEIVE, body))
        assert Front(phone.gateway()).post(phone.signed(phone.STATUS, body)).status_code in {400, 403}


def replace_key(key: str) -> AndroidGateway:
    return AndroidGateway(replace(phone.settings(), signing_key=key))


class TestMessages:
    def test_a_number_without_its_country_is_read_as_the_projects(self) -> None:
        assert parsed(phone.inbound("1", "hi", sender="012 345 678")).address == NUMBER

    def test_an_older_app_calls_the_sender_otherwise(self) -> None:
        assert parsed(phone.inbound("1", "hi", sender=None)).address == NUMBER

    def test_what_no_database_keeps_is_replaced(self) -> None:
        assert parsed(phone.inbound("1", "a\x00b")).text == "a\ufffdb"

    def test_a_picture_is_told_with_its_subject(self) -> None:
        payload = {"messageId": "m", "sender": NUMBER, "simNumber": 1, "subject": "my house", "transactionId": "T1"}
        message = parsed(phone.signed(phone.RECEIVE, phone.envelope("mms:received", payload)))
        assert (message.kind, message.text, message.address) == (InboundKind.MEDIA, "my house", NUMBER)

    @pytest.mark.parametrize(
        ("fields", "gateway"),
        [
            ({"simNumber": 1}, "main"),
            ({"simNumber": 2}, "second"),
            ({"simNumber": None, "recipient": "+855977777888"}, "second"),
            ({"simNumber": None, "recipient": None}, "main"),
            ({"simNumber": 3, "recipient": ""}, "main"),
        ],
    )
    def test_a_message_belongs_to_the_sim_that_was_written_to(self, fields: dict[str, Any], gateway: str) -> None:
        assert parsed(phone.inbound("1", "hi", **fields), sims=TWO_SIMS).gateway == gateway

    def test_an_event_at_the_wrong_route_is_refused_with_the_remedy(self) -> None:
        call = phone.status("delivered")
        with pytest.raises(Forbidden, match="register the webhooks again"):
            parsed(call)

    def test_one_route_can_take_all_events(self) -> None:
        gateway = phone.gateway()
        found = [gateway.event(web_request(each), NOW) for each in (phone.inbound("1", "hi"), phone.status("sent"))]
        assert [type(each) for each in found] == [Inbound, Receipt]
        assert gateway.event(web_request(phone.ping()), NOW) is None


class TestReceipts:
    def test_delivery_is_told_by_parts_each_known_by_its_event(self) -> None:
        found = receipts(*(phone.outcome("sms:delivered", each) for each in ("e1", "e2", "e1")))
        assert [each.part for each in found if each] == ["e1", "e2", "e1"]
        assert {each.state for each in found if each} == {DeliveryState.DELIVERED}

    def test_an_event_without_id_is_known_by_what_it_holds(self) -> None:
        payloads = [{"messageId": phone.OWN_ID, "deliveredAt": at} for at in ("1", "2", "1")]
        calls = [phone.signed(phone.STATUS, phone.envelope("sms:delivered", each, None)) for each in payloads]
        first, second, again = [each.part for each in receipts(*calls) if each]
        assert first == again != second

    @pytest.mark.parametrize(("told", "parts"), [(3, 3), (1, 1), (-1, None), (0, None), (999, None), ("3", None)])
    def test_the_phone_tells_its_count_of_parts_once_sent(self, told: object, parts: int | None) -> None:
        (receipt,) = receipts(phone.outcome("sms:sent", partsCount=told))
        assert receipt
        assert (receipt.state, receipt.part, receipt.parts) == (DeliveryState.SENT, None, parts)

    def test_one_failed_part_is_a_failure(self) -> None:
        (receipt,) = receipts(phone.status("failed", "TTL expired"))
        assert receipt
        assert (receipt.state, receipt.failure, receipt.part) == (DeliveryState.FAILED, FailureKind.EXPIRED, None)

    @pytest.mark.parametrize("id_", ["42", "zXDYfTmTVf3iMd16zzdBj", "", "42-xyz", "9" * 20 + "-0123456789ab", None])
    def test_messages_of_other_programs_are_left_alone(self, id_: str | None) -> None:
        assert receipts(phone.outcome("sms:sent", messageId=id_)) == [None]

    def test_a_receipt_belongs_to_the_sim_that_sent(self) -> None:
        gateway = phone.gateway(sims=TWO_SIMS)
        (receipt,) = receipts(phone.outcome("sms:sent", simNumber=2), gateway=gateway)
        assert receipt
        assert receipt.gateway == "second"

    def test_our_own_id_comes_back_as_it_was_given(self) -> None:
        _, stand_in = sent(Behaviour.ACCEPT)
        (receipt,) = receipts(phone.outcome("sms:delivered", messageId=stand_in.messages[0]["id"]))
        assert receipt == Receipt(
            "main", DeliveryState.DELIVERED, message_id=42, provider_id=stand_in.messages[0]["id"], part="e1"
        )


class TestSending:
    def test_a_message_leaves_as_documented(self) -> None:
        result, provider = sent(Behaviour.ACCEPT, sim_number=2, device_id="PyDmBQZZXYmyxMwED8Fzy", ttl=600)
        (message,) = provider.messages
        assert message == {
            "id": result.provider_id,
            "textMessage": {"text": "hello"},
            "phoneNumbers": [NUMBER],
            "simNumber": 2,
            "deviceId": "PyDmBQZZXYmyxMwED8Fzy",
            "ttl": 600,
            "withDeliveryReport": True,
        }
        assert provider.queries == ["skipPhoneValidation=true"]
        assert provider.logins == [phone.BASIC]

    def test_ids_fit_the_api_and_begin_with_our_own(self) -> None:
        async def scenario(gateway: AndroidGateway, _provider: phone.AndroidStandIn) -> SendResult:
            return await gateway.send(Outbound(2**63 - 1, NUMBER, "ក" * 60_000))

        result: SendResult = played(scenario)
        assert result.provider_id
        assert result.provider_id.startswith("9223372036854775807-")
        assert len(result.provider_id) <= 36

    def test_a_repeat_is_told_by_its_id_and_sent_once(self) -> None:
        async def scenario(gateway: AndroidGateway, provider: phone.AndroidStandIn) -> Any:
            return [await gateway.send(Outbound(42, NUMBER, "hello")) for _ in range(2)], provider.messages

        results, messages = played(scenario)
        assert results[0] == results[1]
        assert results[0].outcome is SendOutcome.ACCEPTED
        assert len({each["id"] for each in messages}) == 1

    def test_what_failed_is_handed_over_again_under_another_id(self) -> None:
        async def scenario(gateway: AndroidGateway, provider: phone.AndroidStandIn) -> Any:
            tries = [await gateway.send(Outbound(42, NUMBER, "hello", again=again)) for again in (0, 1, 1, 2)]
            return [each.provider_id for each in tries], [each["id"] for each in provider.messages]

        told, asked = played(scenario)
        assert told == asked
        assert told[1] == told[2]
        assert len(set(told)) == 3

    def test_an_old_databases_id_does_not_hide_a_new_message(self) -> None:
        async def scenario(gateway: AndroidGateway, provider: phone.AndroidStandIn) -> Any:
            other = phone.gateway(provider.url, installation="second")
            await gateway.send(Outbound(42, NUMBER, "hello"))
            await gateway.send(Outbound(42, NUMBER, "other text"))
            await gateway.send(Outbound(42, "+85512345679", "hello"))
            await other.send(Outbound(42, NUMBER, "hello"))
            await other.close()
            return [each["id"] for each in provider.messages]

        assert len(set(played(scenario))) == 4

    @pytest.mark.parametrize(
        ("http", "said", "expected"),
        [
            (400, "failed to use phone in row 1: invalid phone number", SendResult.of(FailureKind.BAD_ADDRESS)),
            (400, "not mobile phone number", SendResult.of(FailureKind.LANDLINE)),
            (400, "failed to select device: record not found", SendResult.of(FailureKind.CREDENTIALS)),
            (400, "Invalid device ID", SendResult.of(FailureKind.CREDENTIALS)),
            (400, "Text message is empty", SendResult.of(FailureKind.REJECTED)),
            (401, "Unauthorized", SendResult.of(FailureKind.CREDENTIALS)),
            (403, "Insufficient permissions", SendResult.of(FailureKind.CREDENTIALS)),
            (404, "Not Found", SendResult.of(FailureKind.CREDENTIALS)),
            (409, "message with the same ID already exists", SendResult.accepted("42-2f9f44f3cb23")),
            (429, "slow down", SendResult.of(FailureKind.SLOW_DOWN)),
            (500, "failed to handle request", SendResult.of(FailureKind.TIMEOUT)),
            (503, "queue limits exceeded: too old pending message", SendResult.of(FailureKind.SLOW_DOWN, 60.0)),
            (302, "", SendResult.of(FailureKind.PROVIDER_DOWN)),
            (202, "no id", SendResult.of(FailureKind.TIMEOUT)),
        ],
    )
    def test_an_answer_means_what_the_table_says(self, http: int, said: str, expected: SendResult) -> None:
        result, _ = sent(phone.refusing(http, said))
        assert replace(result, provider_id=None) == replace(expected, provider_id=None)
