"""Finding the ready answer that fits: measured on questions written by hand, half of which no entry answers."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.reading import Category
from samleng.files.faq_files import faq_of
from samleng.files.projects import packaged
from understanding import read
from understanding.faq import Entry, FaqIndex

QUESTIONS = [json.loads(line) for line in Path(__file__).with_name("faq_questions.jsonl").read_text().splitlines()]
HELD_OUT = [row for row in QUESTIONS if row.get("held_out")]
"""Written after the thresholds were set, which were never moved for them."""


def index_without(project: str, code: str) -> FaqIndex:
    return FaqIndex(each for each in entries_of(project) if each.code != code)


def entries_of(project: str) -> list[Entry]:
    return [
        Entry(each.code, each.category, tuple(q for words in each.words.values() for q in words["questions"]))
        for each in faq_of(packaged()[project])
    ]


INDEXES = {project: FaqIndex(entries_of(project)) for project in ("leap", "rrpm")}


def figures(rows: list[dict[str, Any]], *, with_reading: bool) -> tuple[float, float]:
    """Return precision and recall."""
    given_, right, wanted = 0, 0, 0
    for row in rows:
        category = read(row["text"], prefixes=("LP", "RR")).category if with_reading else None
        found = INDEXES[row["project"]].best(row["text"], category)
        given_ += found is not None
        right += found is not None and found.code == row["code"]
        wanted += row["code"] is not None
    return right / given_, right / wanted


@pytest.mark.parametrize("with_reading", [False, True])
@pytest.mark.parametrize("rows", [QUESTIONS, HELD_OUT], ids=["all", "held out"])
def test_an_answer_that_is_given_fits(rows: list[dict[str, Any]], with_reading: bool) -> None:
    precision, recall = figures(rows, with_reading=with_reading)
    assert precision >= 0.95
    assert recall >= 0.6


@pytest.mark.parametrize(
    ("language", "script"), [("km", "native"), ("km", "latin"), ("lo", "native"), ("lo", "latin"), ("en", "native")]
)
def test_every_language_and_script_is_served(language: str, script: str) -> None:
    rows = [row for row in QUESTIONS if (row["language"], row["script"]) == (language, script)]
    precision, recall = figures(rows, with_reading=False)
    assert precision >= 0.9
    assert recall >= 0.6


def test_without_its_entry_a_question_is_not_answered_from_a_neighbour() -> None:
    asked = [row for row in QUESTIONS if row["code"] is not None]
    indexes = {key: index_without(*key) for key in {(row["project"], row["code"]) for row in asked}}
    wrong = [row["id"] for row in asked if indexes[row["project"], row["code"]].best(row["text"]) is not None]
    assert len(wrong) <= 0.04 * len(asked), wrong


def test_half_of_the_questions_have_no_answer() -> None:
    assert sum(row["code"] is None for row in QUESTIONS) * 2 == len(QUESTIONS)
    for row in QUESTIONS:
        codes = {each.code for each in faq_of(packaged()[row["project"]])}
        assert row["code"] in codes | {None}, row["id"]
    assert len({(row["project"], row["text"]) for row in QUESTIONS}) == len(QUESTIONS)


def test_no_example_is_one_of_the_questions() -> None:
    for row in QUESTIONS:
        entries = faq_of(packaged()[row["project"]])
        examples = {q for each in entries for words in each.words.values() for q in words["questions"]}
        assert row["text"] not in examples, row["id"]


@pytest.mark.parametrize("project", ["leap", "rrpm"])
def test_every_example_finds_its_own_entry(project: str) -> None:
    for entry in faq_of(packaged()[project]):
        for words in entry.words.values():
            for question in words["questions"]:
                found = INDEXES[project].best(question)
                assert found is not None, question
                assert found.code == entry.code, question


def test_two_entries_that_fit_alike_answer_nothing() -> None:
    questions = ("how do i get a new card", "where can i get a new card")
    index = FaqIndex([Entry("one", Category.OTHER, questions), Entry("two", Category.ELIGIBILITY, questions)])
    assert index.best("how do i get a new card") is None


def test_the_category_of_the_reading_helps() -> None:
    index = INDEXES["leap"]
    without = index.ranked("forgot my pin, how to get a new one?")[0]
    agreeing = index.ranked("forgot my pin, how to get a new one?", Category.PAYMENT_ACCESS)[0]
    assert agreeing.code == without.code == "forgot_pin"
    assert agreeing.score > without.score


@pytest.mark.parametrize("text", ["", "   ", "?", "1", "👍", "ដដដ", "xyzzy", "when", "ប៉ុន្មាន", "how much", "i", "តើ"])
def test_what_says_nothing_is_not_answered(text: str) -> None:
    assert INDEXES["leap"].best(text) is None


def test_a_story_is_not_answered() -> None:
    assert INDEXES["leap"].best("i forgot my pin what should i do " * 6) is None


def test_a_single_entry_is_found_and_takes_nothing_else() -> None:
    index = FaqIndex(each for each in entries_of("leap") if each.code == "join_group")
    assert index.best("how can I join a savings group in my village") is not None
    assert index.best("how many members are in the savings group") is None
    assert index.best("i forgot my pin what should i do") is None


def test_without_entries_nothing_is_answered() -> None:
    assert FaqIndex([]).best("i forgot my pin") is None


@given(st.text(max_size=200))
def test_it_never_fails(text: str) -> None:
    for match in INDEXES["rrpm"].ranked(text):
        assert 0 <= match.second <= match.score <= 1
