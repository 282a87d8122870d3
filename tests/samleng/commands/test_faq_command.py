"""The commands about ready answers, and the files they are brought in from."""

import json
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from domain.reading import Language
from domain.sending.segments import count_segments
from samleng.cli import main
from samleng.config import load
from samleng.files.faq_files import faq_of, faq_path, read_faq
from samleng.files.projects import ConfigFaults, packaged, read_project
from samleng.setup import Answers, complete, set_up
from storage.queries import faq
from wording import say

NOW = datetime(2026, 3, 3, 3, tzinfo=UTC)
ENTRY = """
[[faq]]
code = "free"
category = "corruption"
km.questions = ["តើត្រូវបង់លុយទេ", "អស់លុយទេ", "trov bong luy te"]
km.answer = "មិនអស់លុយទេ។"
en.questions = ["is it free", "do i have to pay", "does it cost money"]
en.answer = "It is free."
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    set_up(tmp_path / "config.toml", Answers(), NOW)
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Callable[..., Result]:
    def call(*words: str) -> Result:
        return CliRunner().invoke(main, ["faq", *words, "--config", str(folder / "config.toml")])

    return call


def faults(tmp_path: Path, content: str) -> list[str]:
    (tmp_path / "f.toml").write_text(content, encoding="utf-8")
    with pytest.raises(ConfigFaults) as raised:
        read_faq(tmp_path / "f.toml")
    return [str(fault) for fault in raised.value.faults]


def codes(folder: Path) -> set[str]:
    with closing(load(folder / "config.toml", {}).open_store()) as store, store.reading() as tx:
        return {each.code for each in faq.active(tx)}


@pytest.mark.parametrize("project", ["leap", "rrpm"])
def test_what_comes_with_the_program_speaks_the_projects_languages(project: str) -> None:
    entries = faq_of(packaged()[project])
    spoken = {each.value for each in read_project(packaged()[project]).languages}
    assert len(entries) >= 14
    for entry in entries:
        assert set(entry.words) == spoken, entry.code
        for language, words in entry.words.items():
            assert len(words["questions"]) >= 3
            if language != "en":
                assert sum(each.isascii() for each in words["questions"]) >= 2, entry.code
            said = say("faq_answer", Language(language), answer=words["answer"])
            assert count_segments(said).segments <= 2, entry.code


@pytest.mark.parametrize("project", ["leap", "rrpm"])
def test_init_loads_them_and_lays_the_file_down(tmp_path: Path, project: str) -> None:
    steps = set_up(tmp_path / "config.toml", Answers(project=project), NOW)
    assert codes(tmp_path) == {each.code for each in faq_of(packaged()[project])}
    assert (tmp_path / "project_faq.toml").read_text() == faq_path(packaged()[project]).read_text()
    assert "project_faq.toml" in "\n".join(steps)


def test_a_project_without_them_has_none(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(packaged()["leap"].read_text())
    set_up(tmp_path / "new" / "config.toml", Answers(project=str(own)), NOW)
    assert codes(tmp_path / "new") == set()
    assert not (tmp_path / "new" / "project_faq.toml").exists()


def test_ones_own_file_beside_the_project_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(packaged()["leap"].read_text())
    (tmp_path / "own_faq.toml").write_text(ENTRY)
    set_up(tmp_path / "new" / "config.toml", Answers(project=str(tmp_path / "own.toml")), NOW)
    assert codes(tmp_path / "new") == {"free"}


def test_a_faulty_file_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(packaged()["leap"].read_text())
    (tmp_path / "own_faq.toml").write_text(ENTRY.replace('"corruption"', '"bribes"'))
    with pytest.raises(ConfigFaults):
        set_up(tmp_path / "new" / "config.toml", Answers(project=str(tmp_path / "own.toml")), NOW)
    assert not (tmp_path / "new").exists()


def test_a_configuration_written_by_hand_is_completed_with_them(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[database]\nurl = "sqlite:///samleng.db"\n[phone]\nenabled = true\n')
    assert "project" in complete(path, "leap", {}, NOW)
    assert codes(tmp_path) == {each.code for each in faq_of(packaged()["leap"])}


def test_importing_tells_what_is_new_changed_and_removed(folder: Path, run: Callable[..., Result]) -> None:
    before = codes(folder)
    file = folder / "own.toml"
    file.write_text(ENTRY.replace('"free"', '"is_it_free"') + ENTRY, encoding="utf-8")
    shown = run("import", str(file), "--dry-run")
    assert shown.exit_code == 0, shown.output
    assert "new        1  free\nchanged    1  is_it_free\nremoved   14" in shown.output
    assert codes(folder) == before
    done = json.loads(run("import", str(file), "--json").output)
    assert (done["new"], done["changed"], len(done["removed"]), done["unchanged"]) == (["free"], ["is_it_free"], 14, 0)
    assert codes(folder) == {"free", "is_it_free"}
    again = json.loads(run("import", str(file), "--json").output)
    assert (again["new"], again["changed"], again["removed"], again["unchanged"]) == ([], [], [], 2)
    with closing(load(folder / "config.toml", {}).open_store()) as store, store.reading() as tx:
        told = tx.execute(text("SELECT count(*) FROM audit_entry WHERE type = 'faq.replaced'")).scalar_one()
    assert told == 2


def test_listing_and_trying(run: Callable[..., Result]) -> None:
    rows = json.loads(run("list", "--json").output)
    free = next(row for row in rows if row["code"] == "is_it_free")
    assert free == {
        "code": "is_it_free",
        "category": "corruption",
        "languages": ["en", "km"],
        "given": 0,
        "helped": 0,
        "not_helped": 0,
    }
    assert "is_it_free" in run("list").output
    assert json.loads(run("try", "plech lek somngat hz tov tver mech", "--json").output)["answers"] == "forgot_pin"
    assert "Answered by forgot_pin" in run("try", "i forgot my pin what should i do").output
    assert "No entry answers it" in run("try", "where is the market").output


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"corruption"', '"bribes"', ["faq[0] free.category: is not one of the words"]),
        ('code = "free"', 'code = "Is it free?"', ["faq[0] Is it free?.code: has not the right form"]),
        ('code = "free"', "", ["faq[0].code: is missing"]),
        ("en.answer", "en.anwser", ["faq[0] free.en.anwser: there is no such key; did you mean `answer`?"]),
        ('en.answer = "It is free."', "", ["free.en.answer: is missing"]),
        ('"is it free", "do i have to pay", ', "", ["free.en.questions: there are fewer than 3 examples"]),
        ('en.answer = "It is free."', 'en.answer = ["It is free."]', ["faq[0] free.en.answer: is"]),
        ("km.", "kh.", ["faq[0] free.kh: there is no such key; take it out; known here are code, category, km"]),
        ("[[faq]]", "[[fqa]]", ["faq: is missing", "fqa: there is no such key"]),
    ],
)
def test_a_fault_is_told_by_entry_and_field(tmp_path: Path, old: str, new: str, told: list[str]) -> None:
    assert old in ENTRY
    found = faults(tmp_path, ENTRY.replace(old, new))
    assert len(found) == len(told)
    for expected in told:
        assert any(each.startswith(expected) for each in found), found


def test_an_answer_that_is_too_long_is_told_by_how_much(tmp_path: Path) -> None:
    longest = 134 - len(say("faq_answer", "km", answer=""))
    (tmp_path / "f.toml").write_text(ENTRY.replace("មិនអស់លុយទេ។", "ក" * longest), encoding="utf-8")
    assert read_faq(tmp_path / "f.toml")
    found = faults(tmp_path, ENTRY.replace("មិនអស់លុយទេ។", "ក" * (longest + 7)))
    assert found == [
        "free.km.answer: with the question after it, it is 7 characters longer than two SMS; leave out at least 7"
    ]


def test_two_entries_of_one_code_and_entries_without_words_are_told_together(tmp_path: Path) -> None:
    bare = '\n[[faq]]\ncode = "bare"\ncategory = "other"\n'
    found = faults(tmp_path, ENTRY + ENTRY + bare)
    assert [each.partition(":")[0] for each in found] == ["free.code", "bare"]


def test_a_wrong_file_ends_with_status_2_and_changes_nothing(folder: Path, run: Callable[..., Result]) -> None:
    file = folder / "wrong.toml"
    file.write_text(ENTRY.replace('"corruption"', '"bribes"'), encoding="utf-8")
    before = codes(folder)
    result = run("import", str(file))
    assert result.exit_code == 2
    assert "free.category" in result.output
    assert codes(folder) == before
