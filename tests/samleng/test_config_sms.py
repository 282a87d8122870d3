"""Each kind of SMS gateway in the configuration: what it gives, and every fault with its key and remedy."""

from pathlib import Path

import pytest

from domain.ports import FailureKind
from samleng.config import ConfigFaults, load
from samleng.config.sms import AndroidTable, GammuTable, HttpTable, KannelTable
from samleng.files import keyfiles

ENVIRON = {
    "PW": "the-password",
    "SECRET": "a-callback-secret-0123",
    "KEY": "the-signing-key",
    "OTHER": "another-key",
    "SAMLENG_MEKONGSMS_PASS": "0123456789abcdef",
    "SAMLENG_AFRICASTALKING_KEY": "k1-secret",
    "SAMLENG_AFRICASTALKING_RECEIVE": "k2-secret",
    "SAMLENG_AFRICASTALKING_STATUS": "k3-secret",
}
BASE = 'public_url = "https://samleng.example.org"\n[database]\nurl = "sqlite:///samleng.db"\n'
KANNEL = """[[sms_gateway]]
name = "k"
kind = "kannel"
from = "1288"
username = "samleng"
password_env = "PW"
callback_secret_env = "SECRET"
"""
GAMMU = '[[sms_gateway]]\nname = "g"\nkind = "gammu"\ndatabase = "smsd.db"\nphone_id = "modem-1"\n'
ANDROID = """[[sms_gateway]]
name = "a"
kind = "android"
base_url = "https://api.sms-gate.app/3rdparty/v1"
username = "sms"
password_env = "PW"
signing_key_env = "KEY"
sim_number = 1
"""
SECOND = ANDROID.replace('"a"', '"b"').replace("sim_number = 1", "sim_number = 2")
HTTP = """[[sms_gateway]]
name = "h"
kind = "http"
from = "LEAP"
[sms_gateway.send]
url = "https://sms.example.org/send"
[sms_gateway.send.fields]
to = "{to}"
text = "{text}"
[[sms_gateway.send.auth]]
kind = "bearer"
value_env = "PW"
"""
PACKAGED = '[[sms_gateway]]\nname = "h"\nkind = "http"\nfrom = "LEAP"\ndescribed_by = "mekongsms"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    keyfiles.make(tmp_path / "keys")
    return tmp_path


def loaded(folder: Path, text: str):
    (folder / "config.toml").write_text(BASE + text)
    return load(folder / "config.toml", ENVIRON)


def test_each_kind_gives_what_its_table_says(folder: Path) -> None:
    more = 'errors = { "006" = "unreachable" }\nsmsc_id = "op"\n'
    kannel, gammu, first, second, http = loaded(folder, KANNEL + more + GAMMU + ANDROID + SECOND + HTTP).sms_gateway
    assert isinstance(kannel, KannelTable)
    assert kannel.password.get_secret_value() == "the-password"
    assert (kannel.errors, kannel.smsc_id) == ({"006": FailureKind.UNREACHABLE}, "op")
    assert isinstance(gammu, GammuTable)
    assert (gammu.database, gammu.call_secret) == (folder / "smsd.db", None)
    assert isinstance(first, AndroidTable)
    assert isinstance(second, AndroidTable)
    assert first.phone == second.phone
    assert isinstance(http, HttpTable)


CHANGES = [
    (KANNEL, 'from = "1288"\n', "", "sms_gateway[0].from", "missing", "add it"),
    (KANNEL, '"1288"', '"លុយ"', "sms_gateway[0].from", "Kannel", "ASCII"),
    (KANNEL, 'username = "samleng"\n', "", "sms_gateway[0].username", "missing", "add it"),
    (KANNEL, '"samleng"', "'sam\"leng'", "sms_gateway[0].username", "Kannel", "ASCII"),
    (KANNEL, 'password_env = "PW"', 'password = "x"', "sms_gateway[0].password", "written into", "password_env"),
    (KANNEL, 'password_env = "PW"\n', "", "sms_gateway[0].password", "missing", "password_env"),
    (KANNEL, '"SECRET"', '"PW"', "sms_gateway[0].callback_secret", "Kannel", "openssl rand -hex 24"),
    (KANNEL, '"SECRET"', '"GONE"', "sms_gateway[0].callback_secret_env", "not set", "set it"),
    (KANNEL, "", 'smsc_id = "a b"\n', "sms_gateway[0].smsc_id", "Kannel", "A-Z"),
    (KANNEL, "", 'base_url = "http://h:1/%41"\n', "sms_gateway[0].base_url", "Kannel", "without %"),
    (KANNEL, "", 'callback_url = "x"\n', "sms_gateway[0].callback_url", "", "http"),
    (KANNEL, "", "max_parts = 0\n", "sms_gateway[0].max_parts", "out of range", "at least 1"),
    (KANNEL, "", 'errors = { "1" = "gone" }\n', "sms_gateway[0].errors.1", "not one of", "'unreachable'"),
    (KANNEL, "", 'account_sid = "AC0"\n', "sms_gateway[0].account_sid", "no such key", "take it out"),
    (GAMMU, 'database = "smsd.db"\n', "", "sms_gateway[0].database", "missing", "add it"),
    (GAMMU, 'phone_id = "modem-1"\n', "", "sms_gateway[0].phone_id", "missing", "add it"),
    (GAMMU, "", 'timezone = "Asia/Nowhere"\n', "sms_gateway[0].timezone", "no time zone", "IANA"),
    (GAMMU, "", "daily_cap = 0\n", "sms_gateway[0].daily_cap", "out of range", "at least 1"),
    (GAMMU, "", 'call_secret = "x"\n', "sms_gateway[0].call_secret", "written into", "call_secret_env"),
    (GAMMU, "", 'phoneid = "x"\n', "sms_gateway[0].phoneid", "no such key", "`phone_id`"),
    (ANDROID, 'base_url = "https://api.sms-gate.app/3rdparty/v1"\n', "", "sms_gateway[0].base_url", "missing", "add"),
    (ANDROID, 'password_env = "PW"\n', "", "sms_gateway[0].password", "missing", "password_env"),
    (ANDROID, 'username = "sms"\n', "", "sms_gateway[0].token", "missing", "token_env"),
    (ANDROID, 'signing_key_env = "KEY"\n', "", "sms_gateway[0].signing_key", "missing", "signing_key_env"),
    (ANDROID, "sim_number = 1", "sim_number = 0", "sms_gateway[0].sim_number", "out of range", "at least 1"),
    (ANDROID, "", SECOND.replace("= 2", "= 1"), "sms_gateway[1].sim_number", "that of a", "as the app does"),
    (ANDROID, "", SECOND.replace("sim_number = 2\n", ""), "sms_gateway[1].sim_number", "that of a", "as the app"),
    (ANDROID, "sim_number = 1", SECOND, "sms_gateway[1].sim_number", "in the same phone, has none", "number it too"),
    (ANDROID, "", SECOND.replace('"KEY"', '"OTHER"'), "sms_gateway[1].signing_key", "that of a", "same secret"),
    (HTTP, 'from = "LEAP"\n', "", "sms_gateway[0].from", "missing", "add it"),
    (HTTP, "{to}", "{too}", "sms_gateway[0].send.fields.to", "", ""),
    (HTTP, '"PW"', '"GONE"', "sms_gateway[0].send.auth[0].value_env", "not set", "set it"),
    (HTTP, 'value_env = "PW"', 'value = "x"', "sms_gateway[0].send.auth[0].value", "stands in", "value_env"),
    (HTTP, 'url = "https://sms.example.org/send"\n', "", "sms_gateway[0].send.url", "missing", "url ="),
    (HTTP, "", "[sms_gateway.receive]\nfrom='f'\ntext='t'\n", "sms_gateway[0].receive.proof", "missing", "anybody"),
    (PACKAGED, '"mekongsms"', '"gone.toml"', "sms_gateway[0].described_by", "not there", "africastalking"),
    (PACKAGED, 'described_by = "mekongsms"\n', "", "sms_gateway[0].send.url", "missing", "url ="),
]  # fmt: skip


@pytest.mark.parametrize(("text", "old", "new", "key", "what", "remedy"), CHANGES)
def test_each_fault_has_its_key_and_its_remedy(
    folder: Path, text: str, old: str, new: str, key: str, what: str, remedy: str
) -> None:
    with pytest.raises(ConfigFaults) as raised:
        loaded(folder, text.replace(old, new, 1) if old else text + new)
    found = [each for each in raised.value.faults if each.key == key]
    assert found, raised.value
    assert what in found[0].what
    assert remedy in found[0].remedy


@pytest.mark.parametrize("name", ["mekongsms", "africastalking"])
def test_a_packaged_description_is_taken_with_what_the_table_changes(folder: Path, name: str) -> None:
    text = PACKAGED.replace("mekongsms", name) + '[sms_gateway.send.fields]\nusername = "mine"\n'
    config = loaded(folder, text)
    settings = config.described(config.sms_gateway[0], "LA")
    assert (settings.sender, settings.country) == ("LEAP", "LA")
    assert len(settings.send.fields) > 3
    assert settings.send.fields["username"].parts[0][0] == "mine"
    assert not any(secret in repr(config) + repr(settings) for secret in ENVIRON.values())


def test_a_description_may_be_a_file_of_ones_own(folder: Path) -> None:
    own = HTTP.partition('from = "LEAP"\n')[2].replace("sms_gateway.", "")
    (folder / "own.toml").write_text(own)
    config = loaded(folder, PACKAGED.replace("mekongsms", "own.toml"))
    assert config.described(config.sms_gateway[0], "KH").send.method == "POST"
    (folder / "own.toml").write_text('colour = "red"\n' + own)
    with pytest.raises(ConfigFaults, match=r"described_by: own.toml has keys that describe nothing: colour"):
        loaded(folder, PACKAGED.replace("mekongsms", "own.toml"))


@pytest.mark.parametrize("text", [KANNEL, GAMMU, ANDROID, HTTP, PACKAGED])
def test_a_public_address_is_asked_for_only_where_it_is_needed(folder: Path, text: str) -> None:
    (folder / "config.toml").write_text((BASE + text).partition("\n")[2])
    if text == ANDROID:
        with pytest.raises(ConfigFaults, match="public_url: is missing"):
            load(folder / "config.toml", ENVIRON)
    else:
        assert load(folder / "config.toml", ENVIRON).public_url == ""
