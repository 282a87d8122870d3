"""Kannel as it is: the configuration that we ship, in Debian's bearerbox and smsbox, between a phone and our gateway."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from domain.inbound import InboundKind
from domain.ports import DeliveryState, FailureKind, Outbound, SendOutcome, SendResult
from domain.sending.segments import count_segments
from sms_gateway.kannel import KannelGateway
from tests.sms_gateway.parts.kannel_smpp import Operator
from tests.sms_gateway.parts.real_kannel import PASSWORD, SECRET, Kannel, eventually, needs_kannel, on_air

pytestmark = needs_kannel

NUMBER = "+85512345678"
KHMER = "សូមជួយ! ខ្ញុំមិនទាន់បានទទួលប្រាក់ ១២៣៤៥ រៀលទេ"
LAO = "ຂ້ອຍຍັງບໍ່ໄດ້ຮັບເງິນເທື່ອ ແລະ ນໍ້າບໍ່ໄຫຼ ໑໒໓"
LATIN = "Thank you [OK] {1} €5 + 100% & more? #2"
LONG = {"khmer": KHMER * 6, "lao": LAO * 6, "both and emoji": f"{KHMER} {LAO} 👩🏽‍🌾🇰🇭 " * 3}
GSM_LATIN = b"Caf\x05 \x1b<\x1be\x1b> \x10\x00"


@pytest.fixture
def kannel(tmp_path: Path) -> Iterator[Kannel]:
    """Kannel with its own fake SMSC in place of an operator's account."""
    with Kannel(tmp_path).running() as found:
        yield found


@pytest.fixture
def operator() -> Iterator[Operator]:
    with Operator().running() as found:
        yield found


@pytest.fixture
def shipped(tmp_path: Path, operator: Operator) -> Iterator[Kannel]:
    """Kannel with the configuration exactly as it is shipped, bound to an operator by SMPP."""
    with Kannel(tmp_path, fake=False, smpp_port=operator.port).running() as found:
        eventually(found.operator_connected, "the bind")
        yield found


def final_states(kannel: Kannel, message_id: int) -> set[DeliveryState]:
    return set(kannel.application.states(message_id)) - {DeliveryState.SENT}


class TestFakeSmsc:
    @pytest.mark.parametrize("text", [KHMER, LAO, "STOP [1] + 100%"], ids=["khmer", "lao", "latin"])
    def test_a_text_comes_and_goes_and_is_reported(self, kannel: Kannel, text: str) -> None:
        phone = kannel.connect_fake(on_air(text))
        eventually(lambda: kannel.application.received, "the message")
        (message,) = kannel.application.received
        assert (message.address, message.text, message.kind) == (NUMBER, text, InboundKind.TEXT)
        assert len(message.provider_id) == 36
        assert kannel.send(Outbound(42, NUMBER, text)) == [SendResult.accepted(None)]
        eventually(lambda: len(kannel.application.states(42)) == 2, "both reports")
        assert set(kannel.application.states(42)) == {DeliveryState.SENT, DeliveryState.DELIVERED}
        (got,) = phone.got()
        assert (got.sender, got.receiver) == ("1288", NUMBER)
        assert got.data.decode("utf-16-be" if got.kind == "ucs-2" else "utf-8") == text

    def test_nothing_is_answered_to_a_phone_by_kannel_itself(self, kannel: Kannel) -> None:
        phone = kannel.connect_fake(on_air("hello"))
        eventually(lambda: kannel.application.received, "the message")
        kannel.send(Outbound(1, NUMBER, "the only one"))
        eventually(lambda: DeliveryState.DELIVERED in kannel.application.states(1), "the report")
        assert [each.data for each in phone.got()] == [b"the only one"]

    def test_a_wrong_password_is_a_matter_of_credentials(self, kannel: Kannel) -> None:
        assert kannel.send(Outbound(1, NUMBER, "x"), password="wrong") == [SendResult.of(FailureKind.CREDENTIALS)]

    def test_a_name_cannot_be_sent_to(self, kannel: Kannel) -> None:
        assert kannel.send(Outbound(1, "Metfone", "x")) == [SendResult.of(FailureKind.BAD_ADDRESS)]

    def test_a_wrong_address_is_the_operators_to_mend(self, kannel: Kannel) -> None:
        wrong = f"{kannel.settings.base_url}/elsewhere"
        assert kannel.send(Outbound(1, NUMBER, "x"), base_url=wrong) == [SendResult.of(FailureKind.CREDENTIALS)]

    def test_a_message_with_a_wrong_secret_is_not_taken(self, kannel: Kannel) -> None:
        kannel.application.gateway = KannelGateway(replace(kannel.settings, callback_secret="another-" + SECRET))
        kannel.connect_fake(on_air(KHMER))
        eventually(lambda: kannel.application.refused, "the refusal")
        assert kannel.application.received == []

    def test_what_we_cannot_take_is_brought_again_with_the_same_id(self, kannel: Kannel) -> None:
        kannel.application.away = True
        kannel.connect_fake(on_air(KHMER))
        eventually(lambda: len(kannel.application.calls) >= 2, "the repeat")
        kannel.application.away = False
        eventually(lambda: kannel.application.received, "the message")
        assert len(set(kannel.application.calls)) == 1

    def test_a_report_is_brought_again_until_it_is_answered_with_200(self, kannel: Kannel) -> None:
        kannel.application.status_answer = 204
        kannel.connect_fake()
        kannel.send(Outbound(1, NUMBER, "x"))
        eventually(lambda: kannel.application.states(1).count(DeliveryState.DELIVERED) >= 2, "the repeat")

    def test_logs_hold_no_number_text_or_secret(self, kannel: Kannel) -> None:
        kannel.application.away = True
        kannel.connect_fake(on_air("a private word"))
        eventually(lambda: len(kannel.application.calls) >= 2, "the repeat")
        kannel.send(Outbound(1, NUMBER, "another private word"))
        kannel.send(Outbound(1, NUMBER, "another private word"), password="wrong")
        kannel.send(Outbound(1, "Metfone", "another private word"))
        logs = kannel.logs()
        assert "ERROR" in logs
        for private in (NUMBER[1:], "private", SECRET, PASSWORD, "proof=", "Metfone"):
            assert private not in logs


class TestFaults:
    def test_what_was_accepted_outlives_the_death_of_both_boxes(self, kannel: Kannel) -> None:
        messages = [Outbound(each, NUMBER, f"{KHMER} {each}") for each in range(1, 21)]
        assert kannel.send(*messages[:10]) == [SendResult.accepted(None)] * 10
        kannel.restart_smsbox()
        assert kannel.send(*messages[10:]) == [SendResult.accepted(None)] * 10
        kannel.smsbox.kill()
        kannel.bearerbox.kill()
        kannel.start()
        phone = kannel.connect_fake()
        eventually(lambda: len(phone.got()) >= 20, "what was accepted")
        assert sorted(each.data.decode("utf-16-be") for each in phone.got()) == sorted(each.text for each in messages)
        eventually(
            lambda: all(DeliveryState.DELIVERED in kannel.application.states(i) for i in range(1, 21)), "reports"
        )

    def test_what_came_in_outlives_the_death_of_both_boxes(self, shipped: Kannel, operator: Operator) -> None:
        shipped.smsbox.kill()
        operator.bring("85512345678", "1288", KHMER)
        eventually(lambda: operator.answered, "bearerbox's word that it has the message")
        shipped.bearerbox.kill()
        shipped.start()
        eventually(lambda: shipped.application.received, "the message")
        assert [each.text for each in shipped.application.received] == [KHMER]

    def test_reports_that_are_expected_outlive_it_too(self, shipped: Kannel, operator: Operator) -> None:
        operator.late = True
        shipped.send(Outbound(42, NUMBER, KHMER))
        eventually(lambda: shipped.application.states(42) == [DeliveryState.SENT], "the first report")
        shipped.smsbox.kill()
        shipped.bearerbox.kill()
        shipped.start()
        eventually(shipped.operator_connected, "the bind")
        operator.report_all()
        eventually(lambda: final_states(shipped, 42) == {DeliveryState.DELIVERED}, "the report")

    def test_a_full_queue_is_refused_and_stays_with_us(self, tmp_path: Path) -> None:
        with Kannel(tmp_path, queue=3).running() as kannel:
            results = kannel.send(*(Outbound(each, NUMBER, "x") for each in range(6)))
        assert [each.outcome for each in results] == [SendOutcome.ACCEPTED] * 3 + [SendOutcome.RETRY] * 3
        assert {each.failure for each in results[3:]} == {FailureKind.PROVIDER_DOWN}

    def test_without_bearerbox_nothing_is_taken(self, kannel: Kannel) -> None:
        kannel.bearerbox.kill()
        first, *rest = kannel.send(*(Outbound(each, NUMBER, "x") for each in range(3)))
        # smsbox may hang up on the message in which it finds out.
        assert first.outcome in {SendOutcome.RETRY, SendOutcome.UNKNOWN}
        assert rest == [SendResult.of(FailureKind.PROVIDER_DOWN)] * 2

    def test_without_smsbox_nothing_is_taken(self, kannel: Kannel) -> None:
        kannel.smsbox.kill()
        assert kannel.send(Outbound(1, NUMBER, "x")) == [SendResult.of(FailureKind.PROVIDER_DOWN)]

    def test_while_bearerbox_hangs_the_fate_of_a_message_is_unknown(self, kannel: Kannel) -> None:
        phone = kannel.connect_fake()
        with kannel.bearerbox.hanging():
            assert kannel.send(Outbound(7, NUMBER, "x"), timeout=0.5) == [SendResult.of(FailureKind.TIMEOUT)]
        eventually(lambda: DeliveryState.DELIVERED in kannel.application.states(7), "the report that ends the doubt")
        assert len(phone.got()) == 1


class TestShippedConfiguration:
    @pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
    def test_a_long_text_comes_and_goes_whole(self, shipped: Kannel, operator: Operator, text: str) -> None:
        parts = operator.bring("85512345678", "1288", text, swapped=True)
        eventually(lambda: shipped.application.received, "the message")
        assert [(each.address, each.text) for each in shipped.application.received] == [(NUMBER, text)]
        assert shipped.send(Outbound(42, NUMBER, text)) == [SendResult.accepted(None)]
        eventually(lambda: len(operator.taken) == parts, "all parts")
        assert parts == count_segments(text).segments > 3
        assert b"".join(each.data for each in operator.taken).decode("utf-16-be") == text
        assert [each.header[-1] for each in operator.taken] == list(range(1, parts + 1))
        assert {(each.receiver, each.coding) for each in operator.taken} == {(NUMBER[1:], 8)}
        eventually(lambda: final_states(shipped, 42) == {DeliveryState.DELIVERED}, "the report")

    def test_gsm_letters_come_and_go_in_seven_bits(self, shipped: Kannel, operator: Operator) -> None:
        operator.bring_gsm("85512345678", "1288", GSM_LATIN)
        eventually(lambda: shipped.application.received, "the message")
        assert shipped.application.received[0].text == "Café [€] Δ@"
        shipped.send(Outbound(1, NUMBER, "Café [€] Δ@"), Outbound(2, NUMBER, LATIN * 5))
        eventually(lambda: len(operator.taken) == 3, "all parts")
        assert (operator.taken[0].data, operator.taken[0].coding) == (GSM_LATIN, 0)

    @pytest.mark.parametrize("text", ["é à ü", "½ ÷", "“quoted” …", "a\ud83db សូម", "ok 👍", "\u200bសំ\u200bឡេង"])
    def test_no_letter_that_comes_as_ucs2_is_lost(self, shipped: Kannel, operator: Operator, text: str) -> None:
        operator.bring("85512345678", "1288", text)
        eventually(lambda: shipped.application.received, "the message")
        assert shipped.application.received[0].text == text.replace("\ud83d", "\ufffd")

    def test_a_configuration_that_recodes_is_read_too(self, tmp_path: Path, operator: Operator) -> None:
        kannel = Kannel(tmp_path, fake=False, smpp_port=operator.port, recode=True)
        with kannel.running():
            eventually(kannel.operator_connected, "the bind")
            for text in (KHMER, LAO, "é à"):
                operator.bring("85512345678", "1288", text)
            eventually(lambda: len(kannel.application.received) == 3, "the messages")
            assert {each.text for each in kannel.application.received} == {KHMER, LAO, "é à"}
            assert all("coding=0" in each for each in kannel.application.calls)

    def test_octets_are_kept_as_something_that_is_no_text(self, shipped: Kannel, operator: Operator) -> None:
        operator.bring_octets("85512345678", "1288", b"\x01\x06\x03\xbe\xaf")
        eventually(lambda: shipped.application.received, "the message")
        assert (shipped.application.received[0].kind, shipped.application.received[0].text) == (InboundKind.OTHER, "")

    @pytest.mark.parametrize(
        ("stat", "err", "failure"),
        [
            ("EXPIRED", "000", FailureKind.EXPIRED),
            ("UNDELIV", "006", FailureKind.UNREACHABLE),
            ("UNDELIV", "001", FailureKind.BAD_ADDRESS),
            ("REJECTD", "000", FailureKind.REJECTED),
            ("DELETED", "000", FailureKind.REJECTED),
            ("UNKNOWN", "000", FailureKind.UNCLEAR),
        ],
    )
    def test_the_operators_receipt_says_why(
        self, shipped: Kannel, operator: Operator, stat: str, err: str, failure: FailureKind
    ) -> None:
        errors = {"001": FailureKind.BAD_ADDRESS}
        shipped.application.gateway = KannelGateway(replace(shipped.settings, errors=errors))
        operator.final[NUMBER[1:]] = (stat, err)
        shipped.send(Outbound(42, NUMBER, KHMER))
        eventually(lambda: final_states(shipped, 42), "the report")
        (receipt,) = (each for each in shipped.application.receipts if each.state is not DeliveryState.SENT)
        assert (receipt.state, receipt.failure) == (DeliveryState.UNDELIVERED, failure)
        assert receipt.provider_id == "1"

    def test_the_operators_refusal_says_why(self, shipped: Kannel, operator: Operator) -> None:
        operator.refuse[NUMBER[1:]] = 0x0B
        shipped.send(Outbound(42, NUMBER, LAO))
        eventually(lambda: final_states(shipped, 42), "the report")
        (receipt,) = shipped.application.receipts
        assert (receipt.state, receipt.failure) == (DeliveryState.FAILED, FailureKind.BAD_ADDRESS)

    def test_while_the_account_is_away_messages_wait_in_kannel(self, tmp_path: Path, operator: Operator) -> None:
        with Kannel(tmp_path, fake=False).running() as kannel:
            assert kannel.send(Outbound(1, NUMBER, LAO)) == [SendResult.accepted(None)]
            assert kannel.application.receipts == []
