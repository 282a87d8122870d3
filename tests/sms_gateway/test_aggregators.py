"""The described gateways that come with the project, as their providers document them."""

import asyncio
import json

import pytest

from domain.ports import FailureKind, Outbound, Receipt, SendResult
from tests.contract.sms_gateway_case import NUMBER
from tests.sms_gateway.parts import generic_stand_in as provider
from tests.sms_gateway.parts.front import Front
from tests.sms_gateway.parts.generic_stand_in import Asked


def handed_over(name: str, text: str, answer: provider.Way) -> tuple[SendResult, Asked]:
    async def scenario() -> tuple[SendResult, Asked]:
        async with provider.stand_in(answer) as stand_in:
            gateway = provider.aggregator(name, stand_in.url)
            result = await gateway.send(Outbound(42, NUMBER, text))
            await gateway.close()
            return result, stand_in.asked[0]

    return asyncio.run(scenario())


class TestMekongSms:
    def test_a_message_leaves_as_documented(self) -> None:
        result, asked = handed_over("mekongsms", "សួស្តី", provider.plain(200, "0[Success]"))
        assert result == SendResult.accepted(None)
        assert (asked.method, asked.path, asked.query) == ("POST", "/api/postsms.aspx", {})
        assert asked.form == {
            "username": "project@mekongnet",
            "pass": "the-secret-SAMLENG_MEKONGSMS_PASS",
            "sender": "LEAP",
            "smstext": "សួស្តី",
            "gsm": "85512345678",
            "int": "0",
            "cd": "42",
        }

    @pytest.mark.parametrize(
        ("answer", "failure"),
        [
            ("101[Invalid User or pass]", FailureKind.CREDENTIALS),
            ("103", FailureKind.BAD_ADDRESS),
            ("106[Not enough credits]", FailureKind.NO_CREDIT),
            ("108", FailureKind.PROVIDER_DOWN),
            ("111", FailureKind.UNCLEAR),
            ("<html>", FailureKind.TIMEOUT),
        ],
    )
    def test_a_code_means_what_is_documented(self, answer: str, failure: FailureKind) -> None:
        assert handed_over("mekongsms", "hello", provider.plain(200, answer))[0] == SendResult.of(failure)

    def test_half_an_answer_leaves_the_fate_open(self) -> None:
        half = provider.plain(200, "10", {"Content-Length": "40", "Connection": "close"})
        assert handed_over("mekongsms", "hello", half)[0] == SendResult.of(FailureKind.TIMEOUT)


def africastalking(code: int, status: str = "Success") -> provider.Way:
    row = {"statusCode": code, "number": NUMBER, "status": status, "cost": "KES 0.8000", "messageId": "ATXid_1"}
    body = {"SMSMessageData": {"Message": "Sent to 1/1 Total Cost: KES 0.8000", "Recipients": [row]}}
    return provider.plain(201, json.dumps(body))


class TestAfricasTalking:
    def test_a_message_leaves_as_documented(self) -> None:
        result, asked = handed_over("africastalking", "សួស្តី", africastalking(101))
        assert result == SendResult.accepted("ATXid_1")
        assert (asked.method, asked.path) == ("POST", "/version1/messaging")
        assert asked.headers["apiKey"] == "the-secret-SAMLENG_AFRICASTALKING_KEY"
        assert asked.headers["Accept"] == "application/json"
        assert asked.form == {
            "username": "leap", "to": NUMBER, "message": "សួស្តី", "from": "22384", "enqueue": "1",
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("code", "failure"),
        [(403, FailureKind.BAD_ADDRESS), (405, FailureKind.NO_CREDIT), (406, FailureKind.BLOCKED),
         (500, FailureKind.PROVIDER_DOWN), (999, FailureKind.UNCLEAR)],
    )  # fmt: skip
    def test_a_code_means_what_is_documented(self, code: int, failure: FailureKind) -> None:
        assert handed_over("africastalking", "hello", africastalking(code))[0] == SendResult.of(failure)

    def posted(self, route: str, fields: dict[str, str], token: str) -> tuple[int, Front]:
        front = Front(provider.aggregator("africastalking"))
        path = f"/sms/africastalking/{route}?token=the-secret-SAMLENG_AFRICASTALKING_{token}"
        return front.app.test_client().post(path, data=fields).status_code, front

    def test_a_message_comes_as_documented(self) -> None:
        fields = {"date": "2026-11-03 09:30:00", "from": NUMBER, "id": "m-1", "linkId": "", "text": "ជួយ", "to": "22384"}
        status, front = self.posted("receive", fields, "RECEIVE")
        (message,) = front.received
        assert (status, message.provider_id, message.address, message.text) == (200, "m-1", NUMBER, "ជួយ")
        assert self.posted("receive", fields, "STATUS")[0] == 403

    @pytest.mark.parametrize(
        ("word", "reason", "state", "failure"),
        [("Success", "", "delivered", None), ("Buffered", "", "sent", None),
         ("Rejected", "UserInBlackList", "failed", "blocked"), ("Failed", "UserDoesNotExist", "undelivered", "bad_address"),
         ("Failed", "", "undelivered", "unclear")],
    )  # fmt: skip
    def test_a_receipt_comes_as_documented(self, word: str, reason: str, state: str, failure: str | None) -> None:
        fields = {
            "id": "ATXid_1",
            "status": word,
            "phoneNumber": NUMBER,
            "networkCode": "45601",
            "failureReason": reason,
        }
        _, front = self.posted("status", fields, "STATUS")
        assert front.receipts == [
            Receipt("africastalking", front.receipts[0].state, provider_id="ATXid_1", failure=front.receipts[0].failure)
        ]
        assert (front.receipts[0].state, front.receipts[0].failure) == (state, failure)
