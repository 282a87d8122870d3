"""Gateways described by configuration alone: templates, bodies, logins, and how answers are read."""

import asyncio
import base64
import json
import logging
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.ports import FailureKind, Outbound, SendOutcome, SendResult
from sms_gateway.generic.values import Finder, Template, at_path
from tests.contract.sms_gateway_case import NUMBER, Behaviour
from tests.sms_gateway.parts import generic_stand_in as provider
from tests.sms_gateway.parts.generic_stand_in import BARE, SEND, Asked, described

KHMER = 'បានទទួល ១២៣ & <ok> "100%" {to}'
EMPTY = provider.plain(200, "")


def sent(text: str, message: str = "hello", answer: provider.Way = EMPTY) -> tuple[SendResult, Asked]:
    async def scenario() -> tuple[SendResult, Asked]:
        async with provider.stand_in(answer) as stand_in:
            gateway = described(text, stand_in.url)
            try:
                return await gateway.send(Outbound(42, NUMBER, message)), stand_in.asked[0]
            finally:
                await gateway.close()

    return asyncio.run(scenario())


class TestTemplates:
    def test_every_placeholder_means_what_it_says(self) -> None:
        fields = ("to", "to_digits", "to_national", "text", "text_hex_ucs2", "id", "sender", "coding", "status_url")
        lines = "\n".join(f'{name} = "{{{name}}}"' for name in fields)
        _, asked = sent(SEND.replace("[send.answer]", f"[send.fields]\n{lines}"), "សួ\u200ba")
        assert asked.form == {
            "to": NUMBER,
            "to_digits": "85512345678",
            "to_national": "012345678",
            "text": "សួa",
            "text_hex_ucs2": "179F17BD0061",
            "id": "42",
            "sender": provider.SENDER,
            "coding": "2",
            "status_url": f"{provider.PUBLIC_URL}/sms/main/status?m=42",
        }

    @pytest.mark.parametrize(("text", "coding"), [("hello €", "gsm"), ("សួស្តី", "unicode")])
    def test_the_alphabet_is_told_in_the_providers_words(self, text: str, coding: str) -> None:
        table = BARE + 'coding = "{coding}"\n[send.coding]\ngsm7 = "gsm"\nucs2 = "unicode"'
        assert sent(table, text)[1].form["coding"] == coding

    def test_braces_can_be_written(self) -> None:
        assert Template.of("{{{id}}} {{}}").filled({"id": "4"}) == "{4} {}"

    @pytest.mark.parametrize(
        "text", ["{", "}", "{to", "to}", "{}", "{To}", "{to.x}", "{to!r}", "{to:>5}", "{0}", "{{to}"]
    )
    def test_anything_else_in_braces_is_a_fault(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"brace|placeholder"):
            Template.of(text)

    @settings(max_examples=40, deadline=None)
    @given(st.text(), st.text())
    def test_values_are_never_read_as_templates(self, text: str, to: str) -> None:
        assert Template.of("<{to}|{text}>").filled({"to": to, "text": text}) == f"<{to}|{text}>"


class TestBodies:
    def test_a_get_has_all_in_its_query(self) -> None:
        table = '[send]\nmethod="GET"\nurl="http://x/send?v=2"\n[send.fields]\nt="{text}"\nn=1\nb=true'
        _, asked = sent(table, KHMER)
        assert (asked.method, asked.path, asked.body) == ("GET", "/send", b"")
        assert asked.query == {"v": "2", "t": KHMER, "n": "1", "b": "true"}

    def test_a_json_body_keeps_its_shape(self) -> None:
        table = '[send]\nbody="json"\nurl="http://x/y"\n[send.fields]\nm=[{to=["{to}"], n=1, u=true}]\n"a.b"="{text}"'
        _, asked = sent(table, KHMER)
        assert asked.json == {"m": [{"to": [NUMBER], "n": 1, "u": True}], "a.b": KHMER}
        assert asked.headers["Content-Type"] == "application/json; charset=utf-8"

    @pytest.mark.parametrize(
        ("escape", "template", "expected"),
        [
            ("xml", "<sms>{text}</sms>", "<sms>" + KHMER.replace("&", "&amp;").replace("<", "&lt;")
             .replace(">", "&gt;").replace('"', "&quot;") + "</sms>"),
            ("json", '{{"t":"{text}"}}', json.dumps({"t": KHMER}, ensure_ascii=False).replace(": ", ":")),
            ("none", "{text}", KHMER),
        ],
    )  # fmt: skip
    def test_a_raw_body_is_escaped_as_described(self, escape: str, template: str, expected: str) -> None:
        table = f"[send]\nbody='raw'\nurl='http://x/y'\nescape='{escape}'\ncontent_type='a/b'\ntemplate='{template}'"
        _, asked = sent(table, KHMER)
        assert asked.body.decode() == expected
        assert asked.headers["Content-Type"] == "a/b"

    def test_an_address_may_hold_what_changes(self) -> None:
        assert sent(BARE.replace("/send", "/v1/{to}/{id}"))[1].path == "/v1/+85512345678/42"

    def test_what_stands_in_the_address_is_quoted(self) -> None:
        _, asked = sent(BARE.replace("/send", "/send?v=a+b&t={text}&n={to}"), KHMER + "+&=#/?")
        assert asked.query == {"v": "a b", "t": KHMER + "+&=#/?", "n": NUMBER}

    def test_headers_hold_templates_and_never_a_second_line(self) -> None:
        asked = sent(BARE + '[send.headers]\nX-Ref = "m-{id}"\nX-Text = "{text}"', "a\r\nX-Evil: 1ក")[1]
        assert asked.headers["X-Ref"] == "m-42"
        assert asked.headers["X-Text"] == "a%0D%0AX-Evil: 1%E1%9E%80"
        assert "X-Evil" not in asked.headers

    def test_each_kind_of_login_stands_in_its_place(self) -> None:
        kinds = [
            'kind="query"\nname="private_key"\nvalue_env="A"',
            'kind="header"\nname="X-Secret"\nvalue_env="B"',
            'kind="field"\nname="pass"\nvalue_file="C"',
            'kind="basic"\nusername="me"\nvalue_env="D"',
        ]
        _, asked = sent(BARE + "".join(f"\n[[send.auth]]\n{each}" for each in kinds))
        assert asked.query == {"private_key": "the-secret-A"}
        assert asked.headers["X-Secret"] == "the-secret-B"
        assert asked.form["pass"] == "the-secret-C"
        assert asked.headers["Authorization"] == "Basic " + base64.b64encode(b"me:the-secret-D").decode()

    def test_a_get_is_sent_once_though_the_line_breaks(self) -> None:
        async def scenario() -> tuple[SendResult, int]:
            async with provider.stand_in(provider.hang_up) as stand_in:
                gateway = described(BARE.replace('"\n', '"\nmethod = "GET"\n', 1), stand_in.url)
                result = await gateway.send(Outbound(42, NUMBER, "hello"))
                await gateway.close()
                return result, len(stand_in.asked)

        assert asyncio.run(scenario()) == (SendResult.of(FailureKind.TIMEOUT), 1)


class TestAnswers:
    @pytest.mark.parametrize(
        ("rules", "http", "text", "expected"),
        [
            ("", 200, "<html>", SendResult.accepted(None)),
            ('id={regex="id=(\\\\d+)"}', 200, "OK id=77", SendResult.accepted("77")),
            ('id={regex="id=(\\\\d+)"}', 200, "<html>", SendResult.of(FailureKind.TIMEOUT)),
            ('id={json="a[1].b"}', 201, '{"a":[0,{"b":77}]}', SendResult.accepted("77")),
            ('code={regex="^\\\\d+"}\ngood=[0]', 200, "0 ok", SendResult.accepted(None)),
            ('code={regex="^\\\\d+"}\ngood=[0]', 200, "9 what", SendResult.of(FailureKind.UNCLEAR)),
            ('code={regex="^\\\\d+"}\ngood=[0]\nfailures={9="no_credit"}', 200, "9", SendResult.of(FailureKind.NO_CREDIT)),
            ('code={json="ok"}\ngood=["true"]', 200, '{"ok":true}', SendResult.accepted(None)),
            ('code={json="ok"}\ngood=["true"]', 200, '{"ok":null}', SendResult.of(FailureKind.TIMEOUT)),
            ("status=[202]", 200, "", SendResult.of(FailureKind.TIMEOUT)),
            ("status=[200]", 400, "", SendResult.of(FailureKind.REJECTED)),
            ("", 404, "", SendResult.of(FailureKind.CREDENTIALS)),
            ('http_failures={404="bad_address"}', 404, "", SendResult.of(FailureKind.BAD_ADDRESS)),
            ("", 500, "", SendResult.of(FailureKind.TIMEOUT)),
            ('http_failures={500="provider_down"}', 500, "", SendResult.of(FailureKind.PROVIDER_DOWN)),
            ("", 503, "", SendResult.of(FailureKind.PROVIDER_DOWN)),
            ("", 307, "", SendResult.of(FailureKind.PROVIDER_DOWN)),
        ],
    )  # fmt: skip
    def test_an_answer_means_what_is_described(self, rules: str, http: int, text: str, expected: SendResult) -> None:
        assert sent(f"{BARE}[send.answer]\n{rules}", answer=provider.plain(http, text))[0] == expected

    def test_a_huge_answer_is_read_in_part(self) -> None:
        assert sent(BARE, answer=provider.plain(200, "x" * 5_000_000))[0].outcome is SendOutcome.ACCEPTED

    @settings(max_examples=40, deadline=None)
    @given(
        st.recursive(
            st.none() | st.integers() | st.text(), lambda each: st.lists(each) | st.dictionaries(st.text(), each)
        )
    )
    def test_a_path_through_anything_gives_text(self, document: Any) -> None:
        assert isinstance(at_path(document, "a[0].b"), str)
        assert isinstance(Finder.of(json="a", regex=None).found(json.dumps(document)), str)


def test_nothing_private_is_logged_by_a_get(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def scenario() -> None:
        for answer in (Behaviour.ACCEPT, Behaviour.DOWN, Behaviour.HANG_UP, Behaviour.ANSWER_NONSENSE):
            async with provider.stand_in(answer) as stand_in:
                table = (
                    BARE.replace('"\n', '"\nmethod="GET"\n', 1)
                    + 't="{text}"\n[[send.auth]]\nkind="query"\nname="k"\nvalue_env="K"'
                )
                gateway = described(table, stand_in.url)
                await gateway.send(Outbound(42, NUMBER, "private"))
                await gateway.close()

    asyncio.run(scenario())
    assert not [each for each in ("12345678", "private", "the-secret-K") if each in caplog.text]
