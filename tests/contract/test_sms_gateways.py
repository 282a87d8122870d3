"""What every SMS gateway keeps to: proof of origin, repeats, texts in every script, receipts, failures, quiet logs."""

import asyncio
import logging
import socket
from collections.abc import Iterator

import pytest

from domain.inbound import Channel, InboundKind
from domain.ports import FailureKind, Outbound, OutboundAction, Receipt, SendOutcome, SendResult
from tests.contract.android_case import ANDROID
from tests.contract.gammu_case import GAMMU
from tests.contract.generic_case import GENERIC
from tests.contract.kannel_case import KANNEL
from tests.contract.sms_gateway_case import NUMBER, Behaviour, GatewayCase, SendingCase, StatusRow, Taken
from tests.sms_gateway.parts.front import NOW, Front
from tests.sms_gateway.parts.twilio_stand_in import TWILIO

CASES = [TWILIO, ANDROID, KANNEL, GENERIC]
SENDERS: list[SendingCase] = [*CASES, GAMMU]

KHMER = "សូមជួយ! ខ្ញុំមិនទាន់បានទទួលប្រាក់ ១២៣៤៥ រៀលទេ ស្រី្ដ"
LAO = "ຂ້ອຍຍັງບໍ່ໄດ້ຮັບເງິນເທື່ອ ແລະ ນໍ້າບໍ່ໄຫຼ ໑໒໓"
TEXTS = {
    "empty": "",
    "spaces": "   ",
    "khmer": KHMER,
    "lao": LAO,
    "emoji": "👩🏽‍🌾🇰🇭 ok 👍",
    "mixed": f"Reference LP-7K3M-9Q: {KHMER} / {LAO}\r\nThanks & regards + 100% = yes?",
    "ten thousand characters": "ក្ខ" * 3333 + "!",
    "zero-width space": "សំ\u200bឡេង",
    "markup": "<Response><Message>no</Message></Response>",
    "replacement character": "a\ufffdb",
}

each_case = pytest.mark.parametrize("case", CASES, ids=str)
each_sender = pytest.mark.parametrize("case", SENDERS, ids=str)


@pytest.fixture(autouse=True)
def nothing_private_in_logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.DEBUG)
    yield
    formatter = logging.Formatter()
    logged = "\n".join(formatter.format(record) for record in caplog.get_records("call"))
    secrets = [secret for case in SENDERS for secret in case.secrets]
    for private in (*secrets, NUMBER, NUMBER.removeprefix("+"), KHMER, LAO, "%2B85512345678"):
        assert private not in logged


def front_of(case: GatewayCase) -> Front:
    return Front(case.gateway("http://127.0.0.1:1", 1.0))


@each_case
def test_a_signed_message_is_passed_on_and_answered(case: GatewayCase) -> None:
    front = front_of(case)
    response = front.post(case.inbound("id-1", "hello"))
    assert response.status_code == 200
    assert (response.text, response.mimetype) == case.answer
    (message,) = front.received
    assert (message.gateway, message.channel, message.kind) == ("main", Channel.SMS, InboundKind.TEXT)
    assert (message.provider_id, message.address, message.text) == ("id-1", NUMBER, "hello")
    assert message.received_at == NOW
    assert message.media == ()


@each_case
def test_a_repeat_is_answered_alike_and_carries_the_same_id(case: GatewayCase) -> None:
    front = front_of(case)
    first, second = (front.post(case.inbound("id-1", "hello")) for _ in range(2))
    assert (first.status_code, first.data) == (second.status_code, second.data)
    assert front.received[0] == front.received[1]


@each_case
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_a_text_arrives_as_it_was_written(case: GatewayCase, text: str) -> None:
    front = front_of(case)
    assert front.post(case.inbound("id-1", text)).status_code == 200
    assert front.received[0].text == text


@each_case
def test_broken_bytes_become_replacement_characters(case: GatewayCase) -> None:
    front = front_of(case)
    assert front.post(case.broken()).status_code == 200
    assert front.received[0].text == "a\ufffdb"


@each_case
def test_broken_bytes_do_not_make_a_forged_message_good(case: GatewayCase) -> None:
    front = front_of(case)
    assert front.post(case.forge(case.broken())).status_code == 403
    assert front.received == []


@each_case
def test_a_message_without_its_id_gets_a_stable_one(case: GatewayCase) -> None:
    front = front_of(case)
    assert [front.post(case.without["id"]()).status_code for _ in range(2)] == [200, 200]
    first, second = front.received
    assert first.provider_id == second.provider_id
    assert first.provider_id.startswith("body:")


@each_case
def test_a_message_without_a_sender_is_kept(case: GatewayCase) -> None:
    front = front_of(case)
    assert front.post(case.without["sender"]()).status_code == 200
    (message,) = front.received
    assert (message.address, message.kind, message.text) == ("", InboundKind.OTHER, "hello")


@each_case
def test_a_message_without_a_text_is_kept(case: GatewayCase) -> None:
    front = front_of(case)
    assert front.post(case.without["text"]()).status_code == 200
    (message,) = front.received
    assert (message.address, message.kind, message.text) == (NUMBER, InboundKind.TEXT, "")


@each_case
@pytest.mark.parametrize("proof", ["forge", "unsigned"])
def test_a_request_without_proof_changes_nothing(case: GatewayCase, proof: str) -> None:
    front = front_of(case)
    for call in (case.inbound("id-1", KHMER), case.status("delivered", "")):
        assert front.post(getattr(case, proof)(call)).status_code == 403
    assert front.received == []
    assert front.receipts == []


@each_case
def test_proof_made_for_one_route_is_no_proof_on_the_other(case: GatewayCase) -> None:
    front = front_of(case)
    message = case.inbound("id-1", "hello")
    assert front.post(message, path=message.path.replace("receive", "status")).status_code == 403


@each_case
def test_a_gateway_that_nobody_configured_is_not_found(case: GatewayCase) -> None:
    call = case.inbound("id-1", "hello")
    assert front_of(case).post(call, path=call.path.replace("main", "other")).status_code == 404


@each_case
def test_the_provider_is_told_to_come_back_while_the_database_is_away(case: GatewayCase) -> None:
    front = front_of(case)
    front.away = True
    for call in (case.inbound("id-1", "hello"), case.status(case.statuses[4].word, "")):
        response = front.post(call)
        assert (response.status_code, response.headers["Retry-After"]) == (503, "5")


@pytest.mark.parametrize(
    ("case", "row"),
    [(case, row) for case in CASES for row in case.statuses],
    ids=lambda each: getattr(each, "word", each),
)
def test_a_status_means_what_the_table_says(case: GatewayCase, row: StatusRow) -> None:
    front = front_of(case)
    assert front.post(case.status(row.word, row.code)).status_code == case.status_answer
    known = {"message_id": 42, "provider_id": case.provider_id}
    means = {"failure": row.failure, "part": row.part}
    assert front.receipts == ([Receipt("main", row.state, **known, **means)] if row.state else [])


@each_case
@pytest.mark.parametrize("word", ["teleported", "", f"to {NUMBER}"])
def test_an_unknown_status_is_noted_and_changes_nothing(
    case: GatewayCase, word: str, caplog: pytest.LogCaptureFixture
) -> None:
    front = front_of(case)
    assert front.post(case.status(word, "")).status_code == case.status_answer
    assert front.receipts == []
    assert "unknown message status" in caplog.text
    assert (word == "teleported") == ("teleported" in caplog.text)


def send(
    case: SendingCase, behaviour: Behaviour, *messages: Outbound, timeout: float = 5.0
) -> tuple[list[SendResult], list[Taken]]:
    async def scenario() -> tuple[list[SendResult], list[Taken]]:
        async with case.stand_in(behaviour) as provider:
            gateway = case.gateway(provider.url, timeout)
            try:
                return [await gateway.send(each) for each in messages], provider.taken
            finally:
                await gateway.close()

    return asyncio.run(scenario())


@pytest.mark.parametrize(
    ("case", "behaviour"), [(case, behaviour) for case in SENDERS for behaviour in case.sending], ids=str
)
def test_sending_ends_as_the_table_says(case: SendingCase, behaviour: Behaviour) -> None:
    timeout = 0.2 if behaviour is Behaviour.NEVER_ANSWER else 5.0
    results, taken = send(case, behaviour, Outbound(42, NUMBER, KHMER), timeout=timeout)
    assert results == [case.sending[behaviour]]
    assert taken == [Taken(NUMBER, KHMER)]


@pytest.mark.parametrize(
    ("case", "kind"),
    [
        (case, kind)
        for case in SENDERS
        for kind in ("khmer", "lao", "mixed", "emoji", "ten thousand characters", "replacement character")
        if len(TEXTS[kind]) <= case.longest
    ],
    ids=str,
)
def test_a_text_leaves_as_it_was_written(case: SendingCase, kind: str) -> None:
    _, taken = send(case, Behaviour.ACCEPT, Outbound(42, NUMBER, TEXTS[kind]))
    assert taken == [Taken(NUMBER, TEXTS[kind])]


@each_sender
def test_zero_width_spaces_are_not_paid_for(case: SendingCase) -> None:
    _, taken = send(case, Behaviour.ACCEPT, Outbound(42, NUMBER, "សំ\u200bឡេង"))
    assert taken == [Taken(NUMBER, "សំឡេង")]


@each_sender
def test_a_message_that_is_accepted_has_its_own_id(case: SendingCase) -> None:
    results, _ = send(case, Behaviour.ACCEPT, *(Outbound(each, NUMBER, "hello") for each in range(3)))
    assert [each.outcome for each in results] == [SendOutcome.ACCEPTED] * 3
    assert len({each.provider_id for each in results} - {None}) == (3 if case.gives_id else 0)


@each_sender
def test_a_provider_that_refuses_the_connection_was_handed_nothing(case: SendingCase) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    assert _send_to(case, f"http://127.0.0.1:{port}") == SendResult.of(FailureKind.PROVIDER_DOWN)


@each_sender
def test_a_connection_that_never_opens_was_handed_nothing(case: SendingCase) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        # Nobody answers the TLS greeting, so no request can have been written when the time is over.
        result = _send_to(case, f"https://127.0.0.1:{deaf.getsockname()[1]}", timeout=0.2)
    assert result == SendResult.of(FailureKind.PROVIDER_DOWN)


@each_sender
def test_secrets_and_numbers_do_not_show_in_a_gateway(case: SendingCase) -> None:
    gateway = case.gateway("http://127.0.0.1:1", 1.0)
    shown = f"{gateway!r} {vars(gateway)!r}"
    assert not [secret for secret in (*case.secrets, case.sender) if secret in shown]


@each_sender
def test_a_sent_sms_cannot_be_taken_back(case: SendingCase) -> None:
    message = Outbound(42, NUMBER, "", action=OutboundAction.DELETE, provider_id="SM1")
    results, taken = send(case, Behaviour.ACCEPT, message)
    assert results == [SendResult(SendOutcome.FAILED, failure=FailureKind.REJECTED)]
    assert taken == []


@each_sender
def test_a_gateway_can_be_closed_unused_and_used_after_closing(case: SendingCase) -> None:
    async def scenario() -> list[SendResult]:
        async with case.stand_in(Behaviour.ACCEPT) as provider:
            gateway = case.gateway(provider.url, 5.0)
            results = []
            for _ in range(2):
                await gateway.close()
                results.append(await gateway.send(Outbound(42, NUMBER, "hello")))
            await gateway.close()
            return results

    assert [each.outcome for each in asyncio.run(scenario())] == [SendOutcome.ACCEPTED] * 2


def _send_to(case: SendingCase, url: str, timeout: float = 5.0) -> SendResult:
    async def scenario() -> SendResult:
        gateway = case.gateway(url, timeout)
        try:
            return await gateway.send(Outbound(42, NUMBER, KHMER))
        finally:
            await gateway.close()

    return asyncio.run(scenario())
