"""`samleng console invite` and `reset`, from the command line to the page, and the demo's ways in."""

from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest
from click.testing import CliRunner

from handlers.console import signing_in
from handlers.console.signing_in import Caller
from handlers.staffing.register import add_staff
from samleng import config
from samleng.cli import main
from samleng.demo.doors import make_doors, read_doors
from samleng.setup import Answers, set_up
from samleng.web import create_app
from samleng.wiring import build
from tests.support.world import START, World


@pytest.fixture
def path(tmp_path: Path) -> Path:
    set_up(tmp_path / "config.toml", Answers(sms="phone"), START)
    return tmp_path / "config.toml"


def add(path: Path, level: str, phone: str) -> int:
    from domain.reading import Language
    from domain.settings import Level

    opened = build(config.load(path, {}))
    try:
        return add_staff(
            opened.context, name="Sok", level=Level(level), area_code=None, phone=phone, language=Language.KM, now=START
        )
    finally:
        opened.close()


def run(path: Path, *words: str):
    return CliRunner().invoke(main, ["--config", str(path), "console", *words])


def test_the_printed_link_opens_the_page(path: Path) -> None:
    import json

    number = add(path, "desk", "012345678")
    done = run(path, "invite", str(number), "--json")
    assert done.exit_code == 0, done.output
    printed = json.loads(done.output)
    assert printed["username"] == f"desk{number}"
    assert datetime.fromisoformat(printed["expires_at"]) > datetime.now(UTC)
    opened = build(config.load(path, {}))
    try:
        address = printed["link"].partition("/console/")[2]
        assert create_app(opened).test_client().get(f"/console/{address}").status_code == 200
    finally:
        opened.close()


def test_a_reset_needs_somebody_who_was_invited(path: Path) -> None:
    number = add(path, "focal", "012345678")
    wrong = run(path, "reset", str(number))
    assert (wrong.exit_code, "samleng console invite" in wrong.output) == (2, True)
    assert run(path, "invite", str(number), "--username", "Ask.For-Me").exit_code == 0
    again = run(path, "reset", str(number))
    assert again.exit_code == 0
    assert "User name ask.for-me" in again.output


@pytest.mark.parametrize("wrong", [("invite", "99"), ("invite", "{}", "--username", "a b"), ("reset", "99")])
def test_what_is_wrong_is_said_with_status_2(path: Path, wrong: tuple[str, ...]) -> None:
    number = add(path, "desk", "012345678")
    done = run(path, *(word.format(number) for word in wrong))
    assert done.exit_code == 2
    assert done.output.startswith("Error: ")


def test_a_taken_name_is_refused(path: Path) -> None:
    first, second = add(path, "desk", "012345678"), add(path, "desk", "012345679")
    assert run(path, "invite", str(first), "--username", "desk").exit_code == 0
    assert run(path, "invite", str(second), "--username", "desk").exit_code == 2


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_the_demos_doors_open_with_what_is_printed(world: World, tmp_path: Path) -> None:
    assert read_doors(tmp_path) == []
    doors = make_doors(world.context, tmp_path, world.now)
    assert doors == read_doors(tmp_path)
    assert [each.level for each in doors] == ["desk", "focal"]
    for door in doors:
        assert door.password in door.told(world.now)
        token = signing_in.begin(world.context, door.username, door.password, caller=Caller(""), now=world.now)
        signed = signing_in.who(world.context, token or "", world.now)
        assert signed is not None
        code = pyotp.TOTP(door.secret).at(world.now)
        assert code in door.told(world.now)
        assert signing_in.finish(world.context, signed, code, caller=Caller(""), now=world.now) is not None
