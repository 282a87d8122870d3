"""The configuration: every fault in one run with its key and remedy, no secret in any of it, and the example kept true."""

import re
import shutil
import traceback
from pathlib import Path
from typing import get_args

import pytest

from domain.inbound import Channel
from samleng.config import Config, ConfigFaults, SmsGatewayConfig, find_path, load
from samleng.config.sms import TwilioTable
from samleng.files import keyfiles
from samleng.files.projects import keys_of

ROOT = Path(__file__).parents[2]
ENVIRON = {"BOT": "12345:bot-secret", "HOOK": "hook-value", "TWILIO": "twilio-secret"}
BASE = """
public_url = "https://samleng.example.org"
[database]
url = "sqlite:///samleng.db"
[keys]
personal_file = "keys/personal.key"
sensitive_file = "keys/sensitive.key"
lookup_file = "keys/lookup.key"
[phone]
enabled = false
[[telegram]]
name = "bot"
token_env = "BOT"
[[sms_gateway]]
name = "sms"
kind = "twilio"
from = "+15005550006"
account_sid = "AC0"
auth_token_env = "TWILIO"
"""
HOOK = 'mode = "webhook"\nwebhook_secret_env = "HOOK"'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    keyfiles.make(tmp_path / "keys")
    return tmp_path


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text)
    return path


def faults_of(folder: Path, text: str, environ: dict[str, str] | None = None) -> list:
    with pytest.raises(ConfigFaults) as raised:
        load(written(folder, text), ENVIRON if environ is None else environ)
    return raised.value.faults


def test_a_right_file_gives_everything_that_it_says(folder: Path) -> None:
    config = load(written(folder, BASE.replace('name = "bot"', f'name = "bot"\n{HOOK}')), ENVIRON)
    assert config.path == folder / "config.toml"
    assert config.public_url == "https://samleng.example.org"
    assert config.database.url == f"sqlite:///{folder}/samleng.db"
    assert (config.web.host, config.web.port, config.allow_time_travel) == ("127.0.0.1", 8080, False)
    assert config.telegram[0].token.get_secret_value() == ENVIRON["BOT"]
    assert config.telegram[0].webhook_secret.get_secret_value() == ENVIRON["HOOK"]
    assert config.sms_gateway[0].auth_token.get_secret_value() == ENVIRON["TWILIO"]
    keyring = config.keyring()
    assert keyring.personal == keyfiles.read(folder / "keys/personal.key")
    assert keyring.decrypt("sensitive", keyring.encrypt("sensitive", b"x")) == b"x"
    assert len(keyring.lookup) == 32


CHANGES = [
    ("[database]", "porject = 1\n[database]", "porject", "no such key", "did you mean `project`"),
    ("[phone]", "[web]\nprot = 1\n[phone]", "web.prot", "no such key", "did you mean `port`"),
    ("[phone]", "[web]\nzzz = 1\n[phone]", "web.zzz", "no such key", "host, port, threads"),
    ("[phone]", "[web]\nport = 70000\n[phone]", "web.port", "out of range", "at most 65535"),
    ("[phone]", "[web]\nport = 0\n[phone]", "web.port", "out of range", "at least 1"),
    ("[phone]", '[web]\nport = "8080"\n[phone]', "web.port", "is a text", "whole number without quotes"),
    ("enabled = false", 'enabled = "no"', "phone.enabled", "is a text", "true or false"),
    ("[phone]\nenabled = false", "[[phone]]", "phone", "is a list", "a [table]"),
    ("https://samleng", "http://samleng", "public_url", "plain http", "https"),
    ("https://samleng.example.org", "samleng.example.org", "public_url", "not a web address", "https://"),
    ("https://samleng", "https://me:pw@samleng", "public_url", "more than host and path", "password"),
    ('public_url = "https://samleng.example.org"', "", "public_url", "sms_gateway[0]", "https"),
    ("sqlite:///samleng.db", "mysql://here/x", "database.url", "not a database's address", "postgresql://"),
    ("sqlite:///samleng.db", "sqlite://", "database.url", "not a database's address", "sqlite:///samleng.db"),
    ('url = "sqlite:///samleng.db"', "", "database.url", "missing", "sqlite:///"),
    ('url = "sqlite:///samleng.db"', 'url = "sqlite:///a"\nurl_env = "BOT"', "database.url", "twice", "keep"),
    ("keys/personal.key", "keys/gone.key", "keys.personal_file", "gone.key cannot be read", "put back"),
    ('lookup_file = "keys/lookup.key"', 'lookup_env = "BOT"', "keys.lookup", "holds no keys: line 1", "put back"),
    ('token_env = "BOT"', 'token_env = "NOBOT"', "telegram[0].token_env", "NOBOT is not set", "set it"),
    ('token_env = "BOT"', 'token_file = "no.txt"', "telegram[0].token_file", "no.txt cannot be read", "check"),
    ('token_env = "BOT"', 'token = "1:x"', "telegram[0].token", "written into the file", "token_env or"),
    ('token_env = "BOT"', "", "telegram[0].token", "missing", "token_env or a file in token_file"),
    ('token_env = "BOT"', 'token_env = "BOT"\ntoken_file = "x"', "telegram[0].token_env", "both given", "keep one"),
    ('name = "bot"', 'name = "Bot 1"', "telegram[0].name", "right form", "small letters"),
    ('name = "bot"', 'name = "phone-sms"', "telegram[0].name", "right form", "simulator's own"),
    ('name = "bot"', 'name = "sms"', "sms_gateway[0].name", "another bot or gateway is called sms", "its own name"),
    ('name = "bot"', 'name = "bot"\nmode = "hook"', "telegram[0].mode", "not one of", "'polling' or 'webhook'"),
    ('name = "bot"', 'name = "bot"\nmode = "webhook"', "telegram[0].webhook_secret", "missing", "webhook_secret_env"),
    ('name = "bot"', f'name = "bot"\n{HOOK}'.replace("HOOK", "BOT"), "telegram[0].webhook_secret", "Telegram", "A-Z"),
    ('name = "bot"', 'name = "bot"\nbase_url = "x"', "telegram[0].base_url", "not a web address", "https://"),
    ('kind = "twilio"', "", "sms_gateway[0].kind", "missing", "add it"),
    ('kind = "twilio"', 'kind = "twillio"', "sms_gateway[0].kind", "not one of", "'twilio', 'phone', 'kannel'"),
    ('kind = "twilio"', "kind = 3", "sms_gateway[0].kind", "not one of", "'twilio', 'phone', 'kannel'"),
    ('account_sid = "AC0"', "", "sms_gateway[0].account_sid", "missing", "Twilio's console"),
    ('account_sid = "AC0"', 'account_sid = "SK0"', "sms_gateway[0].account_sid", "not an Account SID", "AC"),
    ('auth_token_env = "TWILIO"', "", "sms_gateway[0].auth_token", "missing", "auth_token_env"),
    ('from = "+15005550006"', "from = 1288", "sms_gateway[0].from", "is a whole number", "text in quotes"),
    ('from = "+15005550006"', 'from = "+855 12 345"', "sms_gateway[0].from", "right form", "+85512345678"),
    ('from = "+15005550006"', "rate = 0", "sms_gateway[0].rate", "out of range", "more than 0"),
    ("[database]", "[database", "line 3", "not TOML", "[brackets]"),
]


@pytest.mark.parametrize(("old", "new", "key", "what", "remedy"), CHANGES, ids=[f"{c[2]}: {c[3]}" for c in CHANGES])
def test_each_fault_has_its_key_and_its_remedy(
    folder: Path, old: str, new: str, key: str, what: str, remedy: str
) -> None:
    assert old in BASE
    faults = faults_of(folder, BASE.replace(old, new, 1))
    found = [fault for fault in faults if fault.key == key]
    assert len(found) == 1, faults
    assert len(faults) == 1, faults
    assert what in found[0].what
    assert remedy in found[0].remedy


def test_every_fault_is_told_in_one_run(folder: Path) -> None:
    apart = {"line 3", "sms_gateway[0].kind", "phone", "public_url", "web.zzz", "web.prot"}
    text, told = BASE, set()
    for old, new, key, *_ in CHANGES:
        if key not in apart | told and old in text:
            text = text.replace(old, new, 1)
            told.add(key)
    assert len(told) >= 10
    assert {fault.key for fault in faults_of(folder, text)} == told


def test_a_simulator_that_is_off_has_no_numbers(folder: Path) -> None:
    text = ONLY_BASE + '[[sms_gateway]]\nname = "desk"\nkind = "phone"\n'
    assert [(each.key, each.remedy) for each in faults_of(folder, text)] == [
        ("sms_gateway[0].kind", "write enabled = true under [phone], or take it out")
    ]


def test_no_secret_is_in_a_message_or_in_what_is_printed(folder: Path) -> None:
    secrets = {
        "TOK": "1111:aBcDeFgHiJ",
        "KEY": "1:notakeybutsecret",
        "HOOK": "spaced secret",
        "DB": "postgres//u:dbpw@h",
    }
    text = f"""
        public_url = "https://user:urlpw@example.org"
        [database]
        url_env = "DB"
        direct_url = "mysql://u:directpw@host/x"
        [keys]
        personal_env = "KEY"
        sensitive = "1:writtensecret"
        lookup_file = "c2VjcmV0a2V5"
        [[telegram]]
        name = "bot"
        token = "{secrets["TOK"]}"
        mode = "webhook"
        webhook_secret_env = "HOOK"
        [[telegram]]
        name = "0123456:AnotherToken"
        token_env = "0123456:AnotherToken"
        [[sms_gateway]]
        name = "sms"
        kind = "twilio"
        auth_token_env = "deadbeefdeadbeef"
        auth_tokn = "misspelledsecret"
        from = "misplaced-token-secret"
    """
    path = written(folder, text)
    with pytest.raises(ConfigFaults) as raised:
        load(path, secrets)
    shown = str(raised.value) + "".join(traceback.format_exception(raised.value))
    hidden = [*secrets.values(), "urlpw", "dbpw", "directpw", "notakeybut", "writtensecret", "c2VjcmV0a2V5"]
    hidden += ["AnotherToken", "deadbeef", "misspelledsecret", "misplaced"]
    assert [word for word in hidden if word in shown] == []
    good = load(written(folder, BASE.replace("sqlite:///samleng.db", "postgresql://u:dbpw@h/x")), ENVIRON)
    keys = [path.read_text().strip() for path in (folder / "keys").iterdir()]
    assert [word for word in (*ENVIRON.values(), *keys, "dbpw") if word in repr(good) + str(good)] == []


VALUES = [
    "true",
    "3",
    "-1",
    "1.5",
    '""',
    '"x"',
    '"\\u0000"',
    "[]",
    "[1]",
    "[[]]",
    "{}",
    "{a=1}",
    "2026-01-01",
    '"[://"',
]


def test_whatever_stands_at_a_key_is_taken_or_told(folder: Path) -> None:
    lines = [("", key) for key in keys_of(Config)]
    tables = {"database": "[database]", "keys": "[keys]", "web": "[web]", "audit": "[audit]", "phone": "[phone]"}
    tables |= {"telegram": "[[telegram]]", "sms_gateway": "[[sms_gateway]]"}
    for name, header in tables.items():
        lines += [(header, key) for key in table_keys(name)]
    for header, key in lines:
        for value in VALUES:
            for rest in ("", '\nname = "x"\nkind = "twilio"\nmode = "webhook"') if header.startswith("[[") else ("",):
                path = written(folder, f"{header}\n{key} = {value}{'' if key in rest else rest}\n")
                with pytest.raises(ConfigFaults) as raised:
                    load(path, ENVIRON)
                assert raised.value.faults


@pytest.mark.parametrize(
    ("content", "key", "what"),
    [
        (None, "config.toml", "not there"),
        (b"\xff\xfe", "config.toml", "not UTF-8"),
        (b"a = \n", "line 1", "not TOML"),
        (b"a = ", "end of config.toml", "not TOML"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path, content: bytes | None, key: str, what: str) -> None:
    path = tmp_path / "config.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigFaults) as raised:
        load(path, {})
    (fault,) = raised.value.faults
    assert what in fault.what
    assert fault.key.endswith(key) or key in fault.key


def test_a_byte_order_mark_does_no_harm(folder: Path) -> None:
    path = written(folder, "")
    path.write_bytes(b"\xef\xbb\xbf" + BASE.encode())
    assert load(path, ENVIRON).web.port == 8080


@pytest.mark.parametrize(
    ("option", "environ", "path"),
    [
        (None, {}, "config.toml"),
        (None, {"SAMLENG_CONFIG": "/etc/s.toml"}, "/etc/s.toml"),
        ("here.toml", {"SAMLENG_CONFIG": "/etc/s.toml"}, "here.toml"),
    ],
)
def test_the_file_is_found_by_option_environment_or_folder(option: str | None, environ: dict, path: str) -> None:
    assert find_path(option, environ) == Path(path)


@pytest.mark.parametrize(
    ("url", "resolved"),
    [
        ("sqlite:///a.db", "sqlite:///{folder}/a.db"),
        ("sqlite:///sub/a.db", "sqlite:///{folder}/sub/a.db"),
        ("sqlite:////abs/a.db", "sqlite:////abs/a.db"),
        ("postgresql://u@h/d", "postgresql://u@h/d"),
        ("postgresql://postgres:@/postgres?host=/tmp/x", "postgresql://postgres:@/postgres?host=/tmp/x"),
    ],
)
@pytest.mark.parametrize("way", ["url", "url_env", "url_file"])
def test_a_database_is_named_beside_the_file_or_elsewhere(folder: Path, url: str, resolved: str, way: str) -> None:
    (folder / "url.txt").write_text(url + "\n")
    line = {"url": f'url = "{url}"', "url_env": 'url_env = "DB"', "url_file": 'url_file = "url.txt"'}[way]
    config = load(written(folder, BASE.replace('url = "sqlite:///samleng.db"', line)), ENVIRON | {"DB": url})
    assert config.database.url == resolved.format(folder=folder)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080", "http://localhost:8080/", "http://[::1]:8080", "https://x.org/s/"]
)
def test_plain_http_is_for_this_machine(folder: Path, url: str) -> None:
    config = load(written(folder, BASE.replace("https://samleng.example.org", url)), ENVIRON)
    assert config.public_url == url.rstrip("/")


PHONE_ON = ("enabled = false", "enabled = true")
ONLY_BASE = BASE.partition("[[telegram]]")[0]
SIMULATORS = [("phone-sms", Channel.SMS, True), ("phone-telegram", Channel.TELEGRAM, True)]
REAL = [("sms", Channel.SMS, False), ("bot", Channel.TELEGRAM, False)]


@pytest.mark.parametrize(
    ("text", "infos"),
    [
        (BASE, REAL),
        (BASE.replace(*PHONE_ON), REAL + SIMULATORS),
        (ONLY_BASE, []),
        (ONLY_BASE.replace(*PHONE_ON), SIMULATORS),
        (
            ONLY_BASE.replace(*PHONE_ON) + '[[sms_gateway]]\nname = "desk"\nkind = "phone"\n',
            [("desk", Channel.SMS, True), *SIMULATORS],
        ),
    ],
    ids=["real", "real and simulator", "none", "simulator", "one more number"],
)
def test_simulators_stand_behind_what_is_real(folder: Path, text: str, infos: list) -> None:
    found = load(written(folder, text), ENVIRON).gateway_infos()
    assert [(each.name, each.channel, each.simulator) for each in found.values()] == infos
    assert list(found) == [name for name, *_ in infos]


def test_rates_are_the_configured_ones(folder: Path) -> None:
    config = load(written(folder, BASE + "rate = 25\nmax_segments = 3\n"), ENVIRON)
    assert (config.gateway_infos()["sms"].rate, config.gateway_infos()["sms"].max_segments) == (25.0, 3)


def table_keys(name: str) -> list[str]:
    annotation = Config.model_fields[name].annotation
    return keys_of(getattr(annotation, "__args__", [annotation])[0]) if name != "sms_gateway" else keys_of(TwilioTable)


def test_the_example_loads_once_its_secrets_are_there(folder: Path) -> None:
    shutil.copy(ROOT / "config.example.toml", folder / "config.toml")
    environ = {"SAMLENG_BOT_TOKEN": "1:x", "SAMLENG_TWILIO_TOKEN": "x"}
    assert [each.key for each in faults_of(folder, (folder / "config.toml").read_text(), {})] == [
        "telegram[0].token_env",
        "sms_gateway[0].auth_token_env",
    ]
    config = load(folder / "config.toml", environ)
    assert list(config.gateway_infos()) == ["twilio", "bot"]


def test_the_example_explains_every_key_and_no_other() -> None:
    explained: set[tuple[str, str]] = set()
    table, comment = "", False
    of_row: list[str] = []
    for line in (ROOT / "config.example.toml").read_text().splitlines():
        if header := re.fullmatch(r"(?:# )?\[\[?(\w+)\]\]?", line):
            table, of_row = header[1], []
        elif key := re.match(r"(?:# )?(\w+) = ", line):
            assert comment, f"nothing is said of {table} {key[1]}"
            of_row.append(key[1])
            if key[1] == "kind":
                table = re.search(r'"(\w+)"', line)[1]
                of_row, before = [], of_row
                explained |= {(table, each) for each in before}
            explained.add((table, key[1]))
        comment = bool(re.match(r"# (?!\w+ = )", line))
    explained -= {("sms_gateway", "name")}
    kinds = {each.model_fields["kind"].annotation.__args__[0]: each for each in get_args(get_args(SmsGatewayConfig)[0])}
    assert list(kinds) == ["twilio", "phone", "kannel", "gammu", "android", "http"]
    tables = [name for name, field in Config.model_fields.items() if not is_plain(field.annotation)]
    wanted = {("", key) for key in keys_of(Config) if key not in [*tables, "sms_gateway"]}
    wanted |= {(name, key) for name in tables if name != "sms_gateway" for key in table_keys(name)}
    wanted |= {(kind, key) for kind, model in kinds.items() for key in keys_of(model)}
    assert explained == wanted


@pytest.mark.parametrize("kind", ["kannel", "gammu", "android", "http", "phone"])
def test_an_example_of_a_kind_loads_once_its_lines_are_taken_in(folder: Path, kind: str) -> None:
    environ = dict.fromkeys(EXAMPLE_SECRETS, "a-secret-that-is-long-enough")
    lines = example_of(kind)
    config = load(written(folder, ONLY_BASE.replace(*PHONE_ON) + "\n".join(lines)), environ)
    assert config.sms_gateway[0].kind == kind


def example_of(kind: str) -> list[str]:
    """Return the example's lines of one kind without their hash, of each secret the first form."""
    blocks = (ROOT / "config.example.toml").read_text().split("# [[sms_gateway]]\n")[1:]
    (block,) = [each for each in blocks if f'kind = "{kind}"' in each]
    keys = [line.removeprefix("# ") for line in block.partition("\n\n")[0].splitlines() if re.match(r"# \w+ = ", line)]
    left_out = ("password_file", "callback_secret_file", "call_secret_file", "token_file", "signing_key_file")
    return ["[[sms_gateway]]", *(each for each in keys if not each.startswith((*left_out, "receive", "status")))]


EXAMPLE_SECRETS = [
    "SAMLENG_KANNEL_PASSWORD",
    "SAMLENG_KANNEL_SECRET",
    "SAMLENG_MODEM_CALLS",
    "SAMLENG_PHONE_PASSWORD",
    "SAMLENG_PHONE_TOKEN",
    "SAMLENG_PHONE_KEY",
    "SAMLENG_MEKONGSMS_PASS",
]


def is_plain(annotation: object) -> bool:
    return not hasattr(getattr(annotation, "__args__", [annotation])[0], "model_fields")
