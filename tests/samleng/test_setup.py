"""Setting an installation up: what it makes and asks, that a failure leaves nothing behind, and the project files."""

import os
import re
import tomllib
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from samleng import setup
from samleng.checking import check
from samleng.cli import main
from samleng.config import ConfigFaults, load
from samleng.config.sms import AndroidTable, GammuTable
from samleng.files import keyfiles
from samleng.files.projects import packaged, read_project
from samleng.first_gateway import Sms
from samleng.setup import Answers, SetupRefused, ask, config_text, set_up
from storage import KeyFault, schema
from storage.queries import settings
from tests.support.databases import Databases

NOW = datetime(2026, 3, 3, 3, tzinfo=UTC)
TWILIO = Answers(
    public_url="https://samleng.example.org",
    sms="twilio",
    gateway={"account_sid": "AC0", "from": "+15005550006", "auth_token_env": "SAMLENG_TWILIO_TOKEN"},
    telegram_token_env="BOT",
)
ANDROID = ["--sms", "android", "--set", "username=sms"]
AGGREGATOR = ["--sms", "http", "--set", "described_by=mekongsms", "--set", "from=LEAP", "--set", "username=p@mekongnet"]


@pytest.mark.parametrize("project", ["leap", "rrpm"])
def test_an_installation_is_made_whole(tmp_path: Path, project: str) -> None:
    path = tmp_path / "new" / "folder" / "config.toml"
    steps = set_up(path, Answers(project=project), NOW)
    config = load(path, {})
    assert list(config.gateway_infos()) == ["phone-sms", "phone-telegram"]
    assert config.project is not None
    assert config.project.read_text() == packaged()[project].read_text()
    with closing(config.open_store()) as store, store.reading() as tx:
        assert schema.is_current(store)
        assert settings.current(tx) == read_project(packaged()[project])
    assert "samleng check" in "\n".join(steps)
    assert str(path.parent / "keys") in steps[0]


def test_only_the_owner_may_read_what_holds_people(tmp_path: Path) -> None:
    set_up(tmp_path / "config.toml", Answers(), NOW)
    keys = tmp_path / "keys"
    assert keys.stat().st_mode & 0o777 == 0o700
    assert {file.name: file.stat().st_mode & 0o777 for file in keys.iterdir()} == {
        "personal.key": 0o600,
        "sensitive.key": 0o600,
        "lookup.key": 0o600,
    }
    assert (tmp_path / "samleng.db").stat().st_mode & 0o777 == 0o600


def test_the_tokens_are_needed_only_afterwards(tmp_path: Path) -> None:
    steps = "\n".join(set_up(tmp_path / "config.toml", TWILIO, NOW))
    assert "BOT and SAMLENG_TWILIO_TOKEN" in steps
    assert "samleng gateway files twilio" in steps
    with pytest.raises(ConfigFaults) as raised:
        load(tmp_path / "config.toml", {})
    assert [each.key for each in raised.value.faults] == ["telegram[0].token_env", "sms_gateway[0].auth_token_env"]
    config = load(tmp_path / "config.toml", {"BOT": "1:x", "SAMLENG_TWILIO_TOKEN": "x"})
    assert list(config.gateway_infos()) == ["twilio", "bot"]


KINDS: list[tuple[Sms, dict[str, str], dict[str, str]]] = [
    ("kannel", {"from": "1288", "rate": "10"}, {}),
    ("gammu", {"daily_cap": "400", "database": "/var/lib/smsd.db"}, {}),
    ("gammu", {}, {}),
    ("android", {"username": "sms"}, {"SAMLENG_PHONE_PASSWORD": "x", "SAMLENG_PHONE_KEY": "y"}),
    (
        "android",
        {"username": "sms", "base_url": "http://192.168.1.10:8080", "password_env": "P", "signing_key_env": "K"},
        {"P": "x", "K": "y"},
    ),
    (
        "http",
        {"described_by": "mekongsms", "from": "LEAP", "username": "p@mekongnet"},
        {"SAMLENG_MEKONGSMS_PASS": "x"},
    ),
    (
        "http",
        {"described_by": "africastalking", "from": "22384", "username": "leap"},
        {f"SAMLENG_AFRICASTALKING_{each}": each for each in ("KEY", "RECEIVE", "STATUS")},
    ),
]


@pytest.mark.parametrize(("sms", "given", "environ"), KINDS, ids=[f"{each[0]}-{len(each[1])}" for each in KINDS])
def test_each_kind_of_gateway_is_set_up(
    tmp_path: Path, sms: Sms, given: dict[str, str], environ: dict[str, str]
) -> None:
    answers = Answers(sms=sms, gateway=given, public_url="https://samleng.example.org")
    steps = "\n".join(set_up(tmp_path / "config.toml", answers, NOW))
    config = load(tmp_path / "config.toml", environ)
    (table,) = config.sms_gateway
    (info,) = config.gateway_infos().values()
    assert table.kind == sms
    assert (table.name, info.rate) == (given.get("described_by", sms), float(given.get("rate", "1")))
    assert f"samleng gateway files {table.name}" in steps
    assert f"check --send +855… --gateway {table.name}" in steps
    assert all(each in steps for each in environ)
    if isinstance(table, AndroidTable):
        assert table.local is ("base_url" in given)
    if isinstance(table, GammuTable):
        assert (table.daily_cap is None) is ("daily_cap" not in given)
    assert [fault.key for fault in check(tmp_path / "config.toml", environ) if fault.key.endswith("_file")] == []


def test_secrets_of_our_own_are_made_for_each_installation_alone(tmp_path: Path) -> None:
    found = set()
    for name in ("one", "two"):
        path = tmp_path / name / "config.toml"
        set_up(path, Answers(sms="kannel", gateway={"from": "1288"}), NOW)
        files = sorted((path.parent / "secrets").iterdir())
        assert [each.name for each in files] == ["kannel-callback-secret", "kannel-password"]
        assert [each.stat().st_mode & 0o777 for each in (path.parent / "secrets", *files)] == [0o700, 0o600, 0o600]
        found |= {each.read_text() for each in files}
        assert not any(each.strip() in path.read_text() for each in found)
    assert len(found) == 4


def test_a_secret_that_is_there_is_kept_and_nothing_is_made(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "gammu-call-secret").write_text("precious")
    before = listing(tmp_path)
    with pytest.raises(SetupRefused, match="gammu-call-secret"):
        set_up(tmp_path / "config.toml", Answers(sms="gammu"), NOW)
    assert listing(tmp_path) == before


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ([*ANDROID, "--public-url", "https://x.org"], 0, "SAMLENG_PHONE_PASSWORD and SAMLENG_PHONE_KEY"),
        (AGGREGATOR, 0, "SAMLENG_MEKONGSMS_PASS"),
        (ANDROID, 2, "public_url"),
        (["--sms", "kannel"], 2, "sms_gateway[0].from"),
        (["--sms", "kannel", "--set", "form=1288"], 2, "with --sms kannel there are: from, username, rate"),
        (["--sms", "kannel", "--set", "password=x"], 2, "--set password: that is not asked for"),
        (["--set", "from=1288"], 2, "there are: none"),
    ],
)
def test_the_command_asks_nothing_where_it_is_told_all(
    tmp_path: Path, words: list[str], status: int, said: str
) -> None:
    told = CliRunner().invoke(main, ["init", "--yes", "--config", str(tmp_path / "config.toml"), *words])
    assert (told.exit_code, said in told.output) == (status, True), told.output
    assert (tmp_path / "config.toml").exists() is (status == 0)


def test_the_configuration_is_commented(tmp_path: Path) -> None:
    lines = config_text(TWILIO).splitlines()
    assert sum(line.startswith("# ") for line in lines) >= 12
    assert (
        tomllib.loads(config_text(Answers(public_url='https://x.org/"\\\x7f')))["public_url"] == 'https://x.org/"\\\x7f'
    )


def test_a_project_file_of_ones_own(tmp_path: Path) -> None:
    own = tmp_path / "project.toml"
    own.write_text(packaged()["rrpm"].read_text().replace('"RRPM"', '"PRF"'))
    set_up(tmp_path / "config.toml", Answers(project=str(own)), NOW)
    with closing(load(tmp_path / "config.toml", {}).open_store()) as store, store.reading() as tx:
        assert settings.current(tx).name == "PRF"
    assert '"PRF"' in own.read_text()


@pytest.mark.parametrize("there", ["config.toml", "project.toml", "keys/lookup.key", "samleng.db"])
def test_nothing_is_written_over(tmp_path: Path, there: str) -> None:
    (tmp_path / there).parent.mkdir(exist_ok=True)
    (tmp_path / there).write_text("precious")
    before = listing(tmp_path)
    with pytest.raises(SetupRefused, match=Path(there).name):
        set_up(tmp_path / "config.toml", Answers(), NOW)
    assert listing(tmp_path) == before


@pytest.mark.parametrize(
    ("answers", "key"),
    [
        (Answers(public_url="samleng"), "public_url"),
        (Answers(sms="twilio", gateway={"account_sid": "AC0"}), "public_url"),
        (Answers(sms="twilio", public_url="https://x.org"), "sms_gateway[0].account_sid"),
        (Answers(telegram_token_env="1:a-token"), "telegram[0].token_env"),
        (Answers(project="lepa"), "lepa"),
        (Answers(database_url="mysql://x"), "database.url"),
    ],
)
def test_a_wrong_answer_leaves_nothing_behind(tmp_path: Path, answers: Answers, key: str) -> None:
    with pytest.raises(ConfigFaults) as raised:
        set_up(tmp_path / "new" / "config.toml", answers, NOW)
    assert key in [fault.key for fault in raised.value.faults]
    assert listing(tmp_path) == []


@pytest.mark.parametrize("step", ["_make_keys", "_make_database", "_load"])
@pytest.mark.parametrize("failure", [OSError("disk full"), KeyboardInterrupt()])
def test_a_failure_at_any_step_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, failure: BaseException
) -> None:
    def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr(setup, step, fail)
    with pytest.raises(type(failure)):
        set_up(tmp_path / "new" / "config.toml", Answers(), NOW)
    assert listing(tmp_path) == []


def test_a_database_that_holds_a_project_is_left_alone(tmp_path: Path, databases: Databases) -> None:
    answers = Answers(database_url=databases.fresh_url("postgresql"))
    set_up(tmp_path / "one" / "config.toml", answers, NOW)
    with pytest.raises(SetupRefused, match="holds a project"):
        set_up(tmp_path / "two" / "config.toml", answers, NOW)
    assert not (tmp_path / "two").exists()


@pytest.mark.parametrize(
    ("typed", "answers"),
    [
        ("\n\n\n\n", Answers()),
        ("rrpm\nnone\n\nBOT\n", Answers(project="rrpm", sms="none", telegram_token_env="BOT")),
        (
            "leap\ntwilio\nAC0\n+15005550006\n\nhttps://samleng.example.org\nBOT\n",
            TWILIO,
        ),
        ("leap\nfax\nphone\n\n\n", Answers()),
        (
            "\nkannel\n1288\n\n10\n\n\n",
            Answers(sms="kannel", gateway={"from": "1288", "username": "samleng", "rate": "10"}),
        ),
        (
            "\ngammu\n\n\n\n\n\n",
            Answers(
                sms="gammu",
                gateway={"database": "/var/lib/samleng-sms/smsd.db", "phone_id": "modem-1", "daily_cap": ""},
            ),
        ),
        (
            "\nhttp\nnobody\nmekongsms\nLEAP\np@mekongnet\n5\n\n\n",
            Answers(
                sms="http",
                gateway={"described_by": "mekongsms", "from": "LEAP", "username": "p@mekongnet", "rate": "5"},
            ),
        ),
    ],
)
def test_asking_offers_what_was_given(typed: str, answers: Answers) -> None:
    asked: list[Answers] = []

    @click.command()
    def command() -> None:
        asked.append(ask(Answers()))

    result = CliRunner().invoke(command, input=typed, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert asked == [answers]


def test_key_files_are_made_once_and_all_or_none(tmp_path: Path) -> None:
    made = keyfiles.make(tmp_path / "keys")
    keys = [keyfiles.read(path) for path in made.values()]
    assert [list(each) for each in keys] == [[1], [1], [1]]
    assert len({each[1] for each in keys}) == 3
    made["personal"].unlink()
    with pytest.raises(FileExistsError, match=r"sensitive\.key.*no name, number or sensitive text can ever be read"):
        keyfiles.make(tmp_path / "keys")
    assert not made["personal"].exists()


def test_a_full_disk_leaves_no_half_written_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def fsync(handle: int) -> None:
        calls.append(handle)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(OSError, match="No space"):
        keyfiles.make(tmp_path)
    assert listing(tmp_path) == []


@pytest.mark.parametrize("content", [None, b"", b"1:secretsecret", b"\xff"])
def test_a_key_file_that_cannot_be_read_says_what_to_do(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "personal.key"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(KeyFault, match=r"personal\.key.*put back the key file") as raised:
        keyfiles.read(path)
    assert "secretsecret" not in str(raised.value)


GROUPED = r"(start|end|corruption|staff_conduct|kind|channel|days_before|hour) = "
"""Keys that the comment on their whole table explains."""


@pytest.mark.parametrize("name", ["leap", "rrpm"])
def test_the_packaged_project_files_state_every_key_with_a_comment(name: str) -> None:
    path = packaged()[name]
    project, raw = read_project(path), tomllib.loads(path.read_text())
    fields = type(project).model_fields
    bounds = {key for key, field in fields.items() if field.default is None}
    assert set(raw) <= set(fields) <= set(raw) | bounds
    assert all(f"\n# {key} = " in path.read_text() for key in bounds - set(raw))
    for key, table in raw.items():
        if isinstance(table, dict) and key not in {"ladders", "category_ladders"}:
            assert set(table) == set(type(getattr(project, key)).model_fields), key
    previous = ""
    for line in path.read_text().splitlines():
        if re.match(r"\w+ = ", line) and not re.match(GROUPED, line):
            assert previous.startswith("# "), line
        previous = line


PROJECT = packaged()["leap"].read_text()
PROJECT_CHANGES = [
    ('prefix = "LP"', 'prefix = "lp"', "prefix", "right form", "two capital letters"),
    ('prefix = "LP"', "", "prefix", "missing", "add it"),
    ('country = "KH"', 'country = "TH"', "country", "right form", "KH (Cambodia)"),
    ("Phnom_Penh", "Phnom Penh", "timezone", "no such time zone", "IANA"),
    ('["km", "en"]', '["kh"]', "languages[0]", "not one of", "'km', 'lo' or 'en'"),
    ("answer_days = 5", "answer_days = 0", "deadlines.answer_days", "out of range", "at least 1"),
    ("answer_days", "anwser_days", "deadlines.anwser_days", "no such key", "answer_days"),
    ("start = 20:00:00", 'start = "8 pm"', "quiet_hours.start", "", "20:00:00"),
    (
        'level = "district", days = 10',
        'level = "distrikt", days = 10',
        "ladders.general[2].level",
        "not one of",
        "'dis",
    ),
    ('level = "district", days = 10', 'level = "district", days = 500', "ladders.general[2].days", "range", "most 120"),
    ('level = "district", days = 10', 'level = "desk", days = 10', "ladders.general", "each step needs", "example"),
    ('level = "district", days = 10', 'level = "national", days = 10', "ladders.general", "must rise", "example"),
    ("general = [", "generl = [", "ladders", "'general' is needed", "example"),
    ('corruption = "integrity"', 'corruption = "x"', "category_ladders.corruption", "no ladder 'x'", "example"),
    ('corruption = "integrity"', 'corupt = "integrity"', "category_ladders.corupt", "not one of", "'corruption'"),
    ('channel = "sms"', 'channel = "fax"', "reminders[0].channel", "not one of", "'sms' or 'telegram'"),
    ("added = []", 'added = ["soon"]', "holidays.added[0]", "", "2026-04-14"),
]


@pytest.mark.parametrize(
    ("old", "new", "key", "what", "remedy"), PROJECT_CHANGES, ids=[f"{c[2]}: {c[3]}" for c in PROJECT_CHANGES]
)
def test_a_project_file_tells_each_fault_by_its_key(
    tmp_path: Path, old: str, new: str, key: str, what: str, remedy: str
) -> None:
    assert old in PROJECT
    (tmp_path / "p.toml").write_text(PROJECT.replace(old, new, 1))
    with pytest.raises(ConfigFaults) as raised:
        read_project(tmp_path / "p.toml")
    (fault,) = raised.value.faults
    assert fault.key == key
    assert what in fault.what
    assert remedy in fault.remedy


def test_a_project_file_tells_all_its_faults_at_once(tmp_path: Path) -> None:
    text = PROJECT.replace('"LP"', '"lp"').replace('corruption = "integrity"', 'corruption = "x"')
    text = text.replace("integrity = [", "lame = []\nintegrity = [").replace("days = 15 }", "days = 0 }", 1)
    (tmp_path / "p.toml").write_text(text)
    with pytest.raises(ConfigFaults) as raised:
        read_project(tmp_path / "p.toml")
    assert {fault.key for fault in raised.value.faults} == {
        "prefix",
        "ladders.general[3].days",
        "ladders.lame",
        "category_ladders.corruption",
    }


def listing(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))
