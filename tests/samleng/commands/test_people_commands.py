"""`samleng staff` and `samleng officers-card`, as they are typed: one step each, faults in words, exit status 2."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from domain.reading import Language
from domain.settings import Level
from handlers.staffing.register import add_staff
from samleng import config
from samleng.cli import main
from samleng.setup import Answers, set_up
from samleng.wiring import build
from storage.queries.persons import contacts
from storage.queries.staffing import staff
from tests.support.world import START


@pytest.fixture
def path(tmp_path: Path) -> Path:
    set_up(tmp_path / "config.toml", Answers(sms="phone"), START)
    return tmp_path / "config.toml"


def add(path: Path, phone: str) -> int:
    opened = build(config.load(path, {}))
    try:
        return add_staff(
            opened.context,
            name="Sok",
            level=Level.DESK,
            area_code=None,
            phone=phone,
            language=Language.KM,
            now=START,
        )
    finally:
        opened.close()


def run(path: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--config", str(path), *words])


def test_a_lost_phone_from_the_first_word_to_the_new_one(path: Path) -> None:
    number, _ = add(path, "012345678"), add(path, "012345679")
    lost = run(path, "staff", "lost-phone", str(number))
    assert lost.exit_code == 0, lost.output
    for next_step in (f"staff absent {number}", f"staff phone {number}", f"staff invite {number}"):
        assert next_step in lost.output
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    assert f"Away up to and with {tomorrow}" in run(path, "staff", "absent", str(number), tomorrow).output
    assert "There again" in run(path, "staff", "absent", str(number), "off").output
    assert run(path, "staff", "phone", str(number), "012 345 678").exit_code == 0
    opened = build(config.load(path, {}))
    try:
        with opened.store.reading() as tx:
            assert [each.address for each in contacts.of_staff(tx, number)] == ["+85512345678"]
            record = staff.by_id(tx, number)
    finally:
        opened.close()
    assert record is not None
    assert record.absent_until is None


def test_names_are_added_shown_and_taken_out(path: Path) -> None:
    number = add(path, "012345678")
    assert run(path, "staff", "names", str(number), "Sok Dara", "សុខ").output.splitlines() == ["Sok Dara", "សុខ"]
    assert run(path, "staff", "names", str(number)).output.splitlines() == ["Sok Dara", "សុខ"]
    assert run(path, "staff", "names", str(number), "សុខ", "--remove").output.splitlines() == ["Sok Dara"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("lost-phone", "4711"), "nobody with the number 4711"),
        (("absent", "1", "soon"), "DATE: 'soon' is no day"),
        (("absent", "1", "2020-01-01"), "2020-01-01 is over"),
        (("absent", "1", "2099-01-01"), "last one at the desk"),
        (("deactivate", "1"), "last one at the desk"),
        (("phone", "1", "hello"), "not a number of KH"),
        (("handover", "1", "1"), "themselves"),
    ],
)
def test_what_is_wrong_is_said_with_exit_status_2(path: Path, words: tuple[str, ...], said: str) -> None:
    assert add(path, "012345678") == 1
    done = run(path, "staff", *words)
    assert done.exit_code == 2
    assert said in done.output


def test_two_of_the_desk_hand_over_and_one_goes(path: Path) -> None:
    first, second = add(path, "012345678"), add(path, "012345679")
    assert run(path, "staff", "handover", str(first), str(second)).exit_code == 0
    assert run(path, "staff", "deactivate", str(first)).exit_code == 0


@pytest.mark.parametrize("language", Language)
def test_the_card_is_printed_for_the_project(path: Path, language: Language) -> None:
    page = run(path, "officers-card", "--language", language.value)
    assert page.exit_code == 0, page.output
    assert page.output.startswith("<!doctype html>")
    assert "/resolve" in page.output
    assert "1191" not in page.output
    assert run(path, "officers-card", "--language", language.value, "--markdown").output.startswith("# ")
