"""`samleng incident list` and `show`: figures without anything of a sensitive case, as text and as JSON."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from domain.reading import Language
from samleng import config
from samleng.cli import main
from samleng.setup import Answers, set_up
from samleng.wiring import build
from storage.queries import areas
from storage.queries.casework import cases, incidents
from storage.queries.persons import people
from tests.support.world import START


@pytest.fixture
def path(tmp_path: Path) -> Path:
    set_up(tmp_path / "config.toml", Answers(sms="phone"), START)
    opened = build(config.load(tmp_path / "config.toml", {}))
    try:
        with opened.context.store.transaction() as tx:
            area = areas.add(tx, code="ZZ", level="province", parent=None, names={"en": "Far"})
            number = incidents.raise_one(tx, category="payment_missing", area_id=area.id, now=START)
            answer = {"words": {"en": "Paid on Friday"}, "outcome": "upheld", "cases": [1]}
            incidents.change(tx, number, state="answered", texts=answer, answered_at=START)
            for sensitive in (None, "unsorted"):
                _case(tx, opened.context.random, area, number, sensitive)
    finally:
        opened.close()
    return tmp_path / "config.toml"


def _case(tx: object, random: object, area: areas.AreaRecord, number: int, sensitive: str | None) -> None:
    moments = dict.fromkeys(("received_at", "last_inbound_at", "answer_by", "due_at"), START)
    person = people.create(tx, START, language=Language.EN.value)  # type: ignore[arg-type]
    values = {
        "kind": "complaint", "status": "new", "category": "payment_missing", "categories": [], "sensitive": sensitive,
        "level": "desk", "ladder": [], "rung": 0, "area_id": area.id, "area_path": area.path, "person_id": person,
        "incident_id": number, "with_desk": False, "anonymous": False, "barred_to": -1, "category_by": "machine",
        **moments,
    }  # fmt: skip
    cases.create(tx, prefix="LP", random=random, contact_id=None, values=values)  # type: ignore[arg-type]


def run(path: Path, *arguments: str) -> str:
    done = CliRunner().invoke(main, ["incident", *arguments, "--config", str(path)])
    assert done.exit_code == 0, done.output
    return done.output


def test_they_are_listed_without_sensitive_cases(path: Path) -> None:
    (row,) = json.loads(run(path, "list", "--json"))
    assert (row["number"], row["category"], row["area"], row["people"]) == (1, "payment_missing", "ZZ", 1)
    assert "payment_missing" in run(path, "list")


def test_one_is_shown_with_its_answer(path: Path) -> None:
    shown = json.loads(run(path, "show", "1", "--json"))
    assert shown["answer"] == {"outcome": "upheld", "words": {"en": "Paid on Friday"}, "cases": 1}
    assert "Paid on Friday" in run(path, "show", "1")


def test_one_that_is_not_there_is_a_fault(path: Path) -> None:
    assert CliRunner().invoke(main, ["incident", "show", "9", "--config", str(path)]).exit_code == 1
