"""What described gateways are brought: messages, proofs, receipts."""

import base64
import hmac
from typing import Any
from urllib.parse import urlencode

import pytest

from domain.inbound import Inbound, InboundKind
from sms_gateway.gateway import Forbidden, Malformed, WebRequest
from sms_gateway.generic import GenericGateway
from sms_gateway.generic.values import decoded
from tests.contract.sms_gateway_case import NUMBER
from tests.sms_gateway.parts import generic_stand_in as provider
from tests.sms_gateway.parts.front import NOW, Front
from tests.sms_gateway.parts.generic_stand_in import BARE, FIELDS, RECEIVING, described

BY_QUERY = 'kind="secret"\nat="query:token"\nsecret_env="T"'


def receiving(keys: str = FIELDS, proof: str = BY_QUERY) -> GenericGateway:
    return described(RECEIVING.format(keys=keys, proof=proof))


def received(keys: str, path: str, body: bytes = b"", method: str = "POST") -> Inbound:
    return receiving(keys).receive(web_request(f"{path}token=the-secret-T", body, method), NOW)


def web_request(path: str, body: bytes = b"", method: str = "POST", **headers: str) -> WebRequest:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return WebRequest.of(method, path, headers=named, body=body)


class TestReceiving:
    def test_a_message_may_come_by_get(self) -> None:
        message = received('read="query"\n' + FIELDS, "/sms/main/receive?f=012345678&t=%E1%9E%80&i=7&", method="GET")
        assert (message.address, message.text, message.provider_id) == (NUMBER, "ក", "7")

    @pytest.mark.parametrize(
        ("sent", "text"),
        [("179F17BD0061", "សួa"), ("179f17bd", "សួ"), ("no hex", "no hex"), ("D83D", "\ufffd"), ("", "")],
    )
    def test_hexadecimal_text_is_read(self, sent: str, text: str) -> None:
        body = urlencode({"f": NUMBER, "t": sent, "i": "7"}).encode()
        assert received(FIELDS + 'encoding="hex-ucs2"', "/r?", body).text == text
        assert decoded("e19e80", "hex-utf8") == "ក"

    @pytest.mark.parametrize(("coding", "text"), [("8", "ក"), ("0", "1780"), ("", "1780")])
    def test_the_encoding_may_depend_on_a_field(self, coding: str, text: str) -> None:
        keys = FIELDS + 'coding="dcs"\nencodings={8="hex-ucs2"}'
        assert received(keys, "/r?", urlencode({"f": NUMBER, "t": "1780", "dcs": coding}).encode()).text == text

    def test_without_an_id_what_was_said_and_when_tells_repeats(self) -> None:
        bodies = [
            urlencode({"f": NUMBER, "t": "hi", "when": when, "try": attempt}).encode()
            for when, attempt in (("9:00", 1), ("9:00", 2), ("9:01", 1))
        ]
        first, again, later = (received(FIELDS, "/r?", each).provider_id for each in bodies)
        assert first == again != later
        assert first.startswith("body:")

    def test_without_id_and_time_all_that_came_tells_repeats(self) -> None:
        first, again = (received('read="query"\nfrom="f"\ntext="t"', f"/r?t=hi&n={n}&", method="GET") for n in (1, 2))
        assert first.provider_id != again.provider_id
        assert (first.kind, first.address) == (InboundKind.OTHER, "")

    def test_a_body_that_is_no_json_is_told_so(self) -> None:
        for body in (b"", b"{", b"3", b"[" * 60_000):
            with pytest.raises(Malformed, match="no JSON"):
                received('read="json"\nfrom="f"\ntext="t"', "/r?", body)

    def test_what_no_database_keeps_is_replaced(self) -> None:
        assert received(FIELDS, "/r?", b"f=1&t=a%00b&i=7%00").text == "a\ufffdb"

    def test_the_provider_reads_the_answer_that_it_wants(self) -> None:
        body = urlencode({"f": NUMBER, "t": "hi", "i": "7"}).encode()
        answer = Front(receiving()).app.test_client().post("/sms/main/receive?token=the-secret-T", data=body)
        assert answer.text == "ACK/Jasmin"

    def test_what_is_not_described_is_refused(self) -> None:
        for route in ("receive", "status"):
            assert Front(described(BARE)).app.test_client().post(f"/sms/main/{route}").status_code == 403


def proved(proof: str, path: str = "/r", body: bytes = b"f=%2B85512345678&t=hi&i=1", **headers: str) -> bool:
    try:
        receiving(proof=proof).receive(web_request(path, body, **headers), NOW)
    except Forbidden:
        return False
    return True


class TestProofs:
    @pytest.mark.parametrize(
        ("at", "path", "body", "headers"),
        [
            ("query:token", "/r?token={}", b"", {}),
            ("header:X-Token", "/r", b"", {"x_token": "{}"}),
            ("form:secret", "/r", b"secret={}", {}),
        ],
    )
    @pytest.mark.parametrize(
        ("secret", "holds"), [("the-secret-T", True), ("the-secret-t", False), ("", False), ("é", False)]
    )
    def test_a_secret_may_stand_anywhere(
        self, at: str, path: str, body: bytes, headers: dict[str, str], secret: str, holds: bool
    ) -> None:
        shown = {name: value.format(secret) for name, value in headers.items()}
        proof = f'kind="secret"\nat="{at}"\nsecret_env="T"'
        assert proved(proof, path.format(secret), body.replace(b"{}", secret.encode()), **shown) is holds

    @pytest.mark.parametrize("hash_", ["sha256", "sha1", "sha512"])
    @pytest.mark.parametrize("encoding", ["hex", "base64"])
    def test_a_signature_is_made_over_the_raw_body(self, hash_: str, encoding: str) -> None:
        body = b"t=\xff&f=1"
        mac = hmac.digest(b"the-secret-T", body, hash_)
        shown = mac.hex().upper() if encoding == "hex" else base64.b64encode(mac).decode()
        proof = f'kind="hmac"\nat="X-Sign"\nsecret_env="T"\nhash="{hash_}"\nencoding="{encoding}"'
        assert proved(proof, body=body, x_sign=shown)
        assert not proved(proof, body=body + b" ", x_sign=shown)
        assert not proved(proof, body=body, x_sign="")
        assert not proved(proof, body=body, x_sign="é")

    @pytest.mark.parametrize(
        ("shown", "holds"),
        [
            ("203.0.113.7", True),
            ("198.51.100.1, 203.0.113.7", True),
            ("2001:db8::5", True),
            ("203.0.113.7, 198.51.100.1", False),
            ("198.51.100.1", False),
            ("unknown", False),
            ("", False),
        ],
    )
    def test_an_address_is_the_one_that_the_proxy_saw(self, shown: str, holds: bool) -> None:
        proof = 'kind="address"\nat="X-Forwarded-For"\naddresses=["203.0.113.0/24", "2001:db8::/32"]'
        assert proved(proof, x_forwarded_for=shown) is holds

    def test_every_proof_must_hold(self) -> None:
        both = BY_QUERY + '\n[[receive.proof]]\nkind="address"\nat="X-Real-IP"\naddresses=["203.0.113.7"]'
        assert proved(both, "/r?token=the-secret-T", x_real_ip="203.0.113.7")
        assert not proved(both, "/r?token=the-secret-T", x_real_ip="203.0.113.8")
        assert not proved(both, "/r?token=x", x_real_ip="203.0.113.7")


class TestReceipts:
    @pytest.mark.parametrize(
        ("query", "id_", "expected"),
        [
            ("m=42", "", (42, None)),
            ("", "T1", (None, "T1")),
            ("m=x", "T1", (None, "T1")),
            ("m=" + "9" * 19, "T1", (None, "T1")),
        ],
    )
    def test_a_receipt_is_found_by_our_id_or_theirs(self, query: str, id_: str, expected: tuple[Any, Any]) -> None:
        call = provider.proved(
            f"/sms/main/status?{query}", urlencode({"id": id_, "state": "SENT"}).encode(), provider.STATUS_KEY
        )
        front = Front(described(provider.DESCRIPTION))
        assert front.post(call).status_code == 204
        assert [(each.message_id, each.provider_id) for each in front.receipts] == [expected]

    def test_without_any_id_there_is_nothing_to_say(self) -> None:
        call = provider.proved("/sms/main/status", b"state=SENT", provider.STATUS_KEY)
        front = Front(described(provider.DESCRIPTION))
        assert (front.post(call).status_code, front.receipts) == (204, [])
