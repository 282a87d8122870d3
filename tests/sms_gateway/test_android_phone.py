"""The phone's API besides messages: tokens, health and silence, registering webhooks."""

import logging
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.ports import FailureKind, Outbound, SendOutcome, SendResult
from sms_gateway.android import AndroidGateway, AndroidSim
from sms_gateway.android.phone import EVENTS, PhoneHealth, WebhooksRefused
from tests.contract.sms_gateway_case import NUMBER, Behaviour, Call
from tests.sms_gateway.parts import android_stand_in as phone
from tests.sms_gateway.parts.android_stand_in import alone, played, sent
from tests.sms_gateway.parts.front import Front

TWO_SIMS = (AndroidSim("main", 1), AndroidSim("second", 2))


class TestTokens:
    def test_a_token_is_asked_for_once_and_used(self) -> None:
        async def scenario(gateway: AndroidGateway, provider: phone.AndroidStandIn) -> Any:
            for each in range(3):
                await gateway.send(Outbound(each, NUMBER, "hello"))
            return provider

        provider = played(scenario, jwt=True)
        assert provider.logins == ["Bearer token-0"] * 3

    def test_a_revoked_token_is_exchanged_and_the_message_sent_once(self) -> None:
        async def scenario(gateway: AndroidGateway, provider: phone.AndroidStandIn) -> Any:
            await gateway.send(Outbound(1, NUMBER, "hello"))
            provider.tokens[0] = "revoked"
            return await gateway.send(Outbound(2, NUMBER, "hello")), provider

        result, provider = played(scenario, jwt=True)
        assert result.outcome is SendOutcome.ACCEPTED
        assert (len(provider.messages), len(provider.tokens)) == (2, 2)

    def test_a_wrong_password_is_for_the_operator_to_mend(self) -> None:
        assert sent(Behaviour.ACCEPT, jwt=True, password="wrong")[0] == SendResult.of(FailureKind.CREDENTIALS)

    def test_a_token_made_by_hand_is_used_as_it_is(self) -> None:
        result, provider = sent(Behaviour.ACCEPT, token="by-hand")
        assert result == SendResult.of(FailureKind.CREDENTIALS)
        assert provider.logins == ["Bearer by-hand"]

    def test_without_an_answer_to_the_login_nothing_was_handed_over(self) -> None:
        result = alone(lambda gateway: gateway.send(Outbound(1, NUMBER, "x")), jwt=True)
        assert result == SendResult.of(FailureKind.PROVIDER_DOWN)


class TestHealth:
    @pytest.mark.parametrize("call", [phone.ping(), phone.inbound("1", "hi"), phone.status("sent")])
    def test_every_signed_event_is_a_sign_of_life(self, call: Call) -> None:
        front = Front(phone.gateway())
        assert front.post(phone.forge(call)).status_code == 403
        assert front.signs == []
        assert front.post(call).status_code in {200, 204}
        assert front.signs == ["main"]

    def test_a_sign_of_any_sim_is_the_phones(self) -> None:
        second = phone.gateway(name="second", sims=TWO_SIMS)
        assert second.pulse == "main"

    def test_a_ping_is_a_sign_of_life_and_nothing_else(self) -> None:
        front = Front(phone.gateway())
        assert front.post(phone.ping()).status_code == 204
        assert (front.received, front.receipts, front.signs) == ([], [], ["main"])

    @pytest.mark.parametrize(
        ("http", "body", "expected"),
        [
            (200, phone.HEALTH, PhoneHealth("warn", ("battery:level",), battery=21)),
            (500, {"status": "fail", "checks": {"connection:status": {"status": "fail"}}},
             PhoneHealth("fail", ("connection:status",))),
            (200, {"status": "pass", "checks": [1]}, PhoneHealth("pass")),
            (200, "nonsense", PhoneHealth("unreachable")),
            (404, {}, PhoneHealth("unreachable")),
        ],
    )  # fmt: skip
    def test_a_phone_can_be_asked(self, http: int, body: object, expected: PhoneHealth) -> None:
        async def scenario(gateway: AndroidGateway, provider: phone.AndroidStandIn) -> Any:
            provider.health = (http, body)
            return await gateway.health(), provider.logins

        assert played(scenario, local=True) == (expected, [])

    def test_a_server_says_when_it_last_heard_of_the_phone(self) -> None:
        async def scenario(gateway: AndroidGateway, provider: phone.AndroidStandIn) -> Any:
            provider.devices = [
                {"id": "mine", "name": "x", "lastSeen": "2026-11-03T02:29:00Z"},
                {"id": "other", "name": "y", "lastSeen": "2026-11-03T02:30:00Z"},
                {"id": "mine", "lastSeen": "never"},
            ]
            return await gateway.health()

        seen = datetime(2026, 11, 3, 2, 29, tzinfo=UTC)
        assert played(scenario, device_id="mine") == PhoneHealth("pass", last_seen=seen)
        assert played(scenario, device_id="gone") == PhoneHealth("unreachable")

    def test_a_phone_that_is_off_is_unreachable(self) -> None:
        for local in (True, False):
            assert alone(AndroidGateway.health, local=local) == PhoneHealth("unreachable")


class TestWebhooks:
    def test_each_event_is_registered_once_for_a_route_that_takes_it(self) -> None:
        async def scenario(gateway: AndroidGateway, provider: phone.AndroidStandIn) -> Any:
            first, second = await gateway.register_webhooks(), await gateway.register_webhooks()
            return first, second, provider

        first, second, provider = played(scenario)
        assert (set(first), second) == (set(EVENTS), ())
        assert provider.registered == len(EVENTS)
        urls = {each["event"]: each["url"] for each in provider.webhooks.values()}
        assert urls["sms:received"] == f"{phone.PUBLIC_URL}/sms/main/receive"
        assert urls["system:ping"] == f"{phone.PUBLIC_URL}/sms/main/status"
        assert all(len(each) <= 36 for each in provider.webhooks)

    def test_an_address_that_changed_takes_the_old_ones_place(self) -> None:
        async def scenario(gateway: AndroidGateway, provider: phone.AndroidStandIn) -> Any:
            await gateway.register_webhooks()
            moved = phone.gateway(provider.url, public_url="https://new.example.org/samleng")
            await moved.register_webhooks()
            await moved.close()
            return provider.webhooks.values()

        webhooks = played(scenario)
        assert len(webhooks) == len(EVENTS)
        assert all(each["url"].startswith("https://new.example.org/") for each in webhooks)

    def test_a_phone_with_two_sims_calls_one_gateway(self) -> None:
        async def scenario(gateway: AndroidGateway, provider: phone.AndroidStandIn) -> Any:
            first = await gateway.register_webhooks()
            second = phone.gateway(provider.url, name="second", sims=TWO_SIMS)
            again = await second.register_webhooks()
            await second.close()
            return len(first), again, {each["url"].split("/")[-2] for each in provider.webhooks.values()}

        assert played(scenario, sims=TWO_SIMS) == (len(EVENTS), (), {"main"})

    def test_all_events_can_go_to_one_route(self) -> None:
        async def scenario(gateway: AndroidGateway, provider: phone.AndroidStandIn) -> Any:
            await gateway.register_webhooks()
            await gateway.register_webhooks(one_route="event")
            return {each["url"] for each in provider.webhooks.values()}

        assert played(scenario) == {f"{phone.PUBLIC_URL}/sms/main/event"}

    def test_what_goes_wrong_is_told_with_the_remedy(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        with pytest.raises(WebhooksRefused, match="https addresses only: set public_url"):
            alone(AndroidGateway.register_webhooks, public_url="http://10.0.0.5")
        with pytest.raises(WebhooksRefused, match="not reached: look at base_url"):
            alone(AndroidGateway.register_webhooks)

        async def scenario(gateway: AndroidGateway, _provider: phone.AndroidStandIn) -> Any:
            return await gateway.register_webhooks()

        with pytest.raises(WebhooksRefused, match="HTTP 401"):
            played(scenario, password="wrong")
        assert phone.PASSWORD not in caplog.text
