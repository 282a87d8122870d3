"""What `check` finds in an installation: each fault with its key and what to do, and nothing in one that is whole."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.settings import Level
from samleng.checking import check
from samleng.config import load
from samleng.files import keyfiles
from samleng.setup import Answers, set_up
from storage import schema
from storage.queries import areas
from storage.queries.staffing import staff
from tests.support.databases import Databases

NOW = datetime(2026, 3, 3, 3, tzinfo=UTC)
ENVIRON = {"BOT": "12345:the-bots-secret", "TWILIO": "the-twilio-secret"}
ANSWERS = Answers(
    public_url="https://samleng.example.org",
    sms="twilio",
    gateway={"account_sid": "AC0", "from": "+15005550006", "auth_token_env": "TWILIO"},
    telegram_token_env="BOT",
)
WHOLE = (Level.FOCAL, Level.FOCAL, Level.DESK, Level.NATIONAL)


def staffed(path: Path, *levels: Level) -> None:
    with closing(load(path, ENVIRON).open_store()) as store, store.transaction() as tx:
        areas.add(tx, code="17", level="province", parent=None, names={"en": "Siem Reap"}, kind=None)
        for number, level in enumerate(levels):
            phone = f"+8551234500{number}"
            staff_id = staff.add(tx, name=f"Name {number}", language="km", phone=phone, now=NOW)
            staff.hold(tx, staff.post(tx, level, None), staff_id, NOW)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    set_up(folder / "config.toml", ANSWERS, NOW)
    staffed(folder / "config.toml", *WHOLE)
    return folder


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    """A whole installation, to be damaged."""
    return Path(shutil.copytree(made, tmp_path / "here")) / "config.toml"


def test_a_whole_installation_has_no_fault(path: Path) -> None:
    assert check(path, ENVIRON) == []


def edited(*changes: tuple[str, str]) -> Callable[[Path], None]:
    def edit(path: Path) -> None:
        text = path.read_text()
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        path.write_text(text)

    return edit


def without_database(path: Path) -> None:
    for file in path.parent.glob("samleng.db*"):
        file.unlink()


def empty_database(path: Path) -> None:
    without_database(path)
    sqlite3.connect(path.parent / "samleng.db").close()


def no_database_at_all(path: Path) -> None:
    without_database(path)
    (path.parent / "samleng.db").write_bytes(b"this is no database" * 1000)


def migrated_only(path: Path) -> None:
    empty_database(path)
    with closing(load(path, ENVIRON).open_store()) as store:
        schema.upgrade(store)


def executed(statement: str) -> Callable[[Path], None]:
    def execute(path: Path) -> None:
        with closing(sqlite3.connect(path.parent / "samleng.db")) as connection, connection:
            connection.execute(statement)

    return execute


def new_key(purpose: str) -> Callable[[Path], None]:
    def replace(path: Path) -> None:
        keyfiles.path_in(path.parent / "keys", purpose).unlink()
        other = keyfiles.make(path.parent / "other")
        shutil.move(other[purpose], path.parent / "keys")

    return replace


def one_key_for_two(path: Path) -> None:
    keys = path.parent / "keys"
    (keys / "sensitive.key").write_bytes((keys / "personal.key").read_bytes())


def readable_by_all(path: Path) -> None:
    (path.parent / "keys" / "personal.key").chmod(0o644)


def faulty_project_file(path: Path) -> None:
    edited(('"LP"', '"lp"'))(path.with_name("project.toml"))


PHONE_ON = ("enabled = false", "enabled = true")
SAME_BOT = (
    '[[telegram]]\nname = "bot"',
    '[[telegram]]\nname = "bot2"\ntoken_env = "BOT"\n\n[[telegram]]\nname = "bot"',
)
SQLITE = 'url = "sqlite:///samleng.db"'
DAMAGES = [
    (edited(("port = 8080", "port = 0")), "web.port", "out of range", "at least 1"),
    (without_database, "database.url", "there is no file", "samleng init"),
    (empty_database, "database", "migrations are missing", "samleng db upgrade"),
    (no_database_at_all, "database.url", "damaged, or no database", "samleng db restore"),
    (edited((SQLITE, 'url = "postgresql://u@127.0.0.1:1/x"')), "database.url", "nothing answers", "the database runs"),
    (edited((SQLITE, 'url = "postgresql://u@h:port/x"')), "database.url", "cannot be used", "check the address"),
    (migrated_only, "settings", "no project", "samleng init"),
    (executed("UPDATE setting SET body = json_set(body, '$.prefix', 'x')"), "settings: prefix", "form", "capital"),
    (executed("UPDATE setting SET body = json_set(body, '$.timezone', 'X/Y')"), "settings: timezone", "X/Y", "IANA"),
    (executed("UPDATE audit_entry SET at = '2999-01-01 00:00:00.000000'"), "clock", "minutes behind", "set-ntp"),
    (new_key("personal"), "keys.personal", "does not fit", "put back"),
    (new_key("lookup"), "keys.lookup", "does not fit", "put back"),
    (one_key_for_two, "keys", "two purposes", "its own"),
    (readable_by_all, "keys.personal_file", "others than its owner", "chmod 600"),
    (executed("UPDATE post SET level = 'staff' WHERE level = 'desk'"), "staff.desk", "nobody", "--level desk"),
    (executed("UPDATE staff SET active = 0 WHERE id = 1"), "staff.focal", "there are 1 of the 2", "--level focal"),
    (executed("UPDATE post SET level = 'staff' WHERE level = 'national'"), "staff.national", "vacant", "national"),
    (edited(PHONE_ON), "phone.enabled", "public address", "enabled = false"),
    (
        edited(PHONE_ON, ("https://samleng.example.org", "http://localhost"), ("127.0.0.1", "0.0.0.0")),
        "phone.enabled",
        "other machines",
        "[web]",
    ),
    (edited(('from = "+15005550006"', "")), "sms_gateway[0].from", "no sender", "add the number"),
    (edited(SAME_BOT), "telegram[1].token", "bots bot2 and bot have one token", "@BotFather"),
    (
        edited((SQLITE, 'url = "postgresql://u:the-password@db.invalid/x"')),
        "database.url",
        "password is written",
        "url_env",
    ),
    (faulty_project_file, "project.toml: prefix", "right form", "capital"),
    (edited(("[web]", '[audit]\nhead_file = "config.toml/head"\n\n[web]')), "audit.head_file", "written", "another"),
]


@pytest.mark.parametrize(("damage", "key", "what", "remedy"), DAMAGES, ids=[f"{d[1]}: {d[2]}" for d in DAMAGES])
def test_each_fault_is_told_with_what_to_do(
    path: Path, damage: Callable[[Path], None], key: str, what: str, remedy: str
) -> None:
    damage(path)
    found = [fault for fault in check(path, ENVIRON) if fault.key == key and what in fault.what]
    assert len(found) == 1, check(path, ENVIRON)
    assert remedy in found[0].remedy


def test_an_installation_on_postgresql(tmp_path: Path, databases: Databases) -> None:
    path = tmp_path / "config.toml"
    set_up(path, Answers(database_url=databases.fresh_url("postgresql")), NOW)
    assert [fault.key for fault in check(path, {})] == ["areas", "staff.focal", "staff.desk", "staff.national"]
    staffed(path, *WHOLE)
    assert check(path, {}) == []


def test_nobody_can_write_where_there_is_no_gateway(tmp_path: Path) -> None:
    set_up(tmp_path / "config.toml", Answers(sms="none"), NOW)
    assert "sms_gateway" in [fault.key for fault in check(tmp_path / "config.toml", {})]


def test_all_faults_are_told_at_once_and_no_secret_is_in_them(path: Path) -> None:
    edited(PHONE_ON, SAME_BOT, ('from = "+15005550006"', ""))(path)
    executed("UPDATE staff SET active = 0")(path)
    readable_by_all(path)
    faults = check(path, ENVIRON)
    assert [fault.key for fault in faults] == [
        "phone.enabled",
        "sms_gateway[0].from",
        "telegram[1].token",
        "keys.personal_file",
        "staff.focal",
        "staff.desk",
        "staff.national",
    ]
    secrets = [*ENVIRON.values(), *(file.read_text().strip() for file in (path.parent / "keys").iterdir())]
    assert [secret for secret in secrets if secret in "\n".join(map(str, faults))] == []


def test_a_password_in_the_file_is_not_shown(path: Path) -> None:
    edited((SQLITE, 'url = "postgresql://u:the-password@db.invalid/x"'))(path)
    assert "the-password" not in "\n".join(map(str, check(path, ENVIRON)))


def test_checking_makes_nothing(path: Path) -> None:
    without_database(path)
    before = sorted(path.parent.iterdir())
    check(path, ENVIRON)
    assert sorted(path.parent.iterdir()) == before
