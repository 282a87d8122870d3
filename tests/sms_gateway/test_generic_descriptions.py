"""Wrong descriptions of gateways: every fault is told with its key and its remedy."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sms_gateway.generic.reading import read_settings
from sms_gateway.generic.table import WrongSettings, with_secrets
from tests.sms_gateway.parts import generic_stand_in as provider
from tests.sms_gateway.parts.generic_stand_in import BARE, FIELDS, RECEIVING, SEND, described


class TestWrongDescriptions:
    @pytest.mark.parametrize(
        ("text", "key", "remedy"),
        [
            (BARE.replace("{to}", "{too}"), "gw.send.fields.to", "to_digits"),
            (BARE.replace("{to}", "{to"), "gw.send.fields.to", "{{"),
            (BARE.replace("http:", "ftp:"), "gw.send.url", "https://host"),
            (BARE.replace("127.0.0.1:1", "{to}.example.org"), "gw.send.url", "host"),
            (BARE.replace('"\n', '"\nmethod="PUT"\n', 1), "gw.send.method", "POST, GET"),
            (BARE.replace('"\n', '"\nmethd="GET"\n', 1), "gw.send.methd", "write one of"),
            (BARE.replace('"\n', '"\ntimeout=0\n', 1), "gw.send.timeout", "seconds"),
            (BARE.replace('"\n', '"\nbody="raw"\n', 1), "gw.send.template", "template ="),
            (BARE + "n = []", "gw.send.fields.n", "number"),
            (SEND, "gw.send.fields", "to ="),
            (BARE + '[send.headers]\nHost = "x"', "gw.send.headers.Host", "leave it out"),
            (BARE + '[send.answer]\ngood = ["0"]', "gw.send.answer.good", "code ="),
            (BARE + '[send.answer]\ncode = {regex="("}\ngood=[0]', "gw.send.answer.code", "correct"),
            (BARE + '[send.answer]\nid = {json="a..b"}', "gw.send.answer.id", "dots"),
            (BARE + '[send.answer]\nid = {}', "gw.send.answer.id", "json ="),
            (BARE + '[send.answer.failures]\n9 = "broke"', "gw.send.answer.failures.9", "opted_out"),
            (BARE + '[[send.auth]]\nkind = "bearer"', "gw.send.auth[0].value", "value ="),
            (BARE + '[receive]\ntext = "t"', "gw.receive.from", "from ="),
            (BARE + '[receive]\ntext = "t"\nfrom = "f"', "gw.receive.proof", "secret"),
            (BARE + '[receive]\ntext = "json:a[x]"\nfrom="f"', "gw.receive.text", "json:path"),
            (RECEIVING.format(keys=FIELDS, proof='kind="address"\nat="X"\naddresses=["1.2.3"]'),
             "gw.receive.proof[0].addresses", "203.0.113.7"),
            (RECEIVING.format(keys=FIELDS, proof='kind="address"\nat="query:x"\naddresses=["1.2.3.4"]'),
             "gw.receive.proof[0].at", "proxy"),
            (BARE + '[status]\nstate = "s"\nid="i"', "gw.status.states", "words"),
            (BARE + '[status]\nstate = "s"\n[status.states]\nA = "gone"', "gw.status.states.A", "delivered"),
            (BARE + '[status]\nstate = "s"\n[status.states]\nA = "sent"', "gw.status.id", "our_id"),
            ("send = 3", "gw.send", "[send]"),
            ("", "gw.send.url", "url ="),
        ],
    )  # fmt: skip
    def test_a_fault_names_its_key_and_what_to_do(self, text: str, key: str, remedy: str) -> None:
        with pytest.raises(WrongSettings) as raised:
            described(text, key="gw")
        assert [each for each in raised.value.faults if each[0] == key and remedy in each[2]], raised.value

    def test_all_faults_are_told_at_once(self) -> None:
        with pytest.raises(WrongSettings) as raised:
            described(BARE.replace("{to}", "{x}").replace("http:", "x:") + '[status]\nstate = "s"', key="gw")
        keys = {each[0] for each in raised.value.faults}
        assert {"gw.send.fields.to", "gw.send.url", "gw.status.id", "gw.status.states", "gw.status.proof"} <= keys

    def test_a_status_address_needs_a_public_one(self) -> None:
        with pytest.raises(WrongSettings, match="public_url"):
            described(provider.DESCRIPTION, public_url="")

    def test_a_secret_in_the_configuration_is_refused_and_not_shown(self) -> None:
        with pytest.raises(WrongSettings, match="write value_env or value_file") as raised:
            with_secrets({"send": {"auth": [{"kind": "bearer", "value": "hunter2"}]}}, provider.looked_up)
        assert raised.value.faults[0][0] == "send.auth[0].value"
        assert "hunter2" not in str(raised.value)

    @settings(max_examples=40, deadline=None)
    @given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda each: st.lists(each) | st.dictionaries(
        st.sampled_from(["send", "receive", "status", "url", "fields", "answer", "code", "json", "proof", "auth", "states"]),
        each)))  # fmt: skip
    def test_whatever_stands_there_ends_in_faults_or_settings(self, table: Any) -> None:
        if isinstance(table, dict):
            with pytest.raises(WrongSettings):
                read_settings(table, name="main", sender="x")
