"""The commands about understanding: what a text means, figures over labelled files, and what is learned."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from samleng.cli import main

ROW = {"id": "1", "text": "lp 7k3m 9q dol na hery", "language": "km", "script": "latin", "intent": "status",
       "category": None, "sensitive": False, "reference": "lp 7k3m 9q"}  # fmt: skip
SHAPE = {
    "language",
    "script",
    "intent",
    "category",
    "categories",
    "sensitive",
    "reference",
    "reference_valid",
    "confidence",
}


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def rows(folder: Path, *texts: dict[str, object]) -> str:
    path = folder / "rows.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in texts), encoding="utf-8")
    return str(path)


def test_a_text_is_told_in_the_shape_that_scripts_rely_on() -> None:
    found = json.loads(call("understand", "ເງິນຍັງບໍ່ເຂົ້າ 3 ເດືອນແລ້ວ", "--json").output)
    assert set(found) == SHAPE
    assert (found["language"], found["intent"], found["category"]) == ("lo", "complaint", "payment_missing")
    assert len(found["categories"]) == 3
    assert found == json.loads(call("understand", "--json", "ເງິນຍັງບໍ່ເຂົ້າ 3 ເດືອນແລ້ວ").output)


def test_a_file_gives_one_line_a_row(tmp_path: Path) -> None:
    line = json.loads(call("understand", "--file", rows(tmp_path, ROW)).output)
    assert (line["id"], line["intent"], line["reference"]) == ("1", "status", "LP-7K3M-9Q")


def test_evaluate_prints_tables_or_json(tmp_path: Path) -> None:
    file = rows(tmp_path, ROW)
    shown = call("evaluate", file)
    assert shown.exit_code == 0
    assert "Is the confidence honest?" in shown.output
    assert "All goals are met." in shown.output
    found = json.loads(call("evaluate", file, "--json").output)
    assert found["all"]["n"] == 1
    assert found["km latin"]["intent"] == 1.0
    assert found["reliability"][0]["n"] == 1
    assert found["missed_goals"] == []


def test_evaluate_reads_files_and_folders_of_messages(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "writer: a\nlanguage: en\nscript: native\ntheme: t\n\nquestion meeting | when is the next meeting\n",
        encoding="utf-8",
    )
    for source in (tmp_path, tmp_path / "a.txt"):
        assert json.loads(call("evaluate", str(source), "--json").output)["all"]["intent"] == 1.0


@pytest.mark.parametrize(
    ("row", "told"),
    [({"text": "a"}, "language is missing"), ({**ROW, "intent": "wish"}, "'wish' is not a valid Intent")],
)
def test_a_wrong_row_ends_with_its_line(tmp_path: Path, row: dict[str, object], told: str) -> None:
    result = call("evaluate", rows(tmp_path, ROW, row))
    assert result.exit_code == 2
    assert "line 2" in result.output
    assert told in result.output


def test_an_empty_folder_is_said(tmp_path: Path) -> None:
    result = call("evaluate", str(tmp_path))
    assert result.exit_code == 2
    assert "no messages" in result.output


def test_the_commands_of_learning_are_listed_and_a_text_may_hold_their_words() -> None:
    helped = call("understand", "--help").output
    assert all(name in helped for name in ("learn", "adopt", "retire", "models", "folds"))
    assert "intent" in call("understand", "learn to read, please").output
