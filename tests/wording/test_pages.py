"""The catalogs of the staff's pages: complete in three languages, in their own scripts, with every key that a page asks for."""

import re
import string
from dataclasses import fields
from pathlib import Path

import pytest
import regex

from domain.harm import Harm
from domain.harm_form import Accused, AgeGroup, Body, Flaw, HarmAnswers, ServiceKind, Sex, Word
from domain.inbound import MediaKind
from domain.reading import Language
from domain.sending.gateway_health import State
from wording import UnknownWording
from wording.pages import page, page_texts

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "console" / "templates" / "console"
SCRIPTS = {Language.KM: "Khmer", Language.LO: "Lao"}
GROUPS = {
    "file_": [each.value for each in MediaKind],
    "file_is_": ["waiting", "too_large", "gone"],
    "gateway_": [each.value for each in State],
    "harm_": [each.value for each in Harm],
    "kind_": ["complaint", "question", "feedback"],
    "reads_": ["yes", "no"],
    "answer_": [each.name for each in fields(HarmAnswers)],
    "age_": [each.value for each in AgeGroup],
    "sex_": [each.value for each in Sex],
    "accused_": [each.value for each in Accused],
    "word_": [each.value for each in Word],
    "service_": [each.value for each in ServiceKind],
    "body_": [each.value for each in Body],
    "page_flaw_": [each.value for each in Flaw],
}


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _asked_for() -> set[str]:
    templates = "".join(each.read_text(encoding="utf-8") for each in TEMPLATES.glob("*.html"))
    code = "".join(
        each.read_text(encoding="utf-8")
        for folder in ("console", "handlers/console")
        for each in (ROOT / folder).glob("*.py")
    )
    keys = set(re.findall(r"\b(?:t|slip_word)\('([a-z_]+)'(?! ~)", templates))
    keys |= set(re.findall(r'"(page_[a-z_]+|refused_[a-z]+|password_[a-z]+|sign_in_wrong)"', code)) - {"page_flaw_"}
    keys |= {f"{prefix}{value}" for prefix, values in GROUPS.items() for value in values}
    return keys


@pytest.mark.parametrize("language", Language)
def test_every_catalog_has_all_that_pages_ask_for_and_nothing_else(language: Language) -> None:
    asked = {key for key in _asked_for() if not key.endswith("_title")}
    known = {key for key in page_texts(language) if not key.endswith("_title")}
    assert asked - known == set()
    assert known - asked - {"hours", "days"} == set()
    refused = {f"{key}_title" for key in known if key.startswith("refused_")}
    assert refused == {key for key in page_texts(language) if key.endswith("_title")}


@pytest.mark.parametrize("language", SCRIPTS)
def test_same_placeholders_and_no_english_left(language: Language) -> None:
    for key, english in page_texts(Language.EN).items():
        text = page_texts(language)[key]
        assert _placeholders(text) == _placeholders(english), key
        bare = re.sub(r"\{\w+\}|SMS", "", text)
        assert not regex.search("[A-Za-z]", bare), key
        assert regex.search(rf"\p{{{SCRIPTS[language]}}}", bare), key
        other = "Lao" if language is Language.KM else "Khmer"
        assert not regex.search(rf"\p{{{other}}}", bare), key


def test_no_key_twice() -> None:
    for language in Language:
        source = (ROOT / "wording" / "catalogs" / f"pages_{language}.po").read_text(encoding="utf-8")
        keys = re.findall(r'^msgid "(.+)"$', source, re.MULTILINE)
        assert len(keys) == len(set(keys)) == len(page_texts(language))


def test_the_slip_is_that_of_the_dialogue() -> None:
    said = [page(key, "km", day="D") for key in ("slip_received", "slip_answer_by", "slip_ask")]
    assert " · ".join(["R", *said]) == "R · ទទួល D · ឆ្លើយមុន D · សួរមន្ត្រីណាក៏បាន ដោយបង្ហាញក្រដាសនេះ"
    said = [page(key, "lo", day="D") for key in ("slip_received", "slip_answer_by", "slip_ask")]
    assert " · ".join(["R", *said]) == "R · ຮັບ D · ຕອບກ່ອນ D · ຖາມພະນັກງານຄົນໃດກໍໄດ້ ໂດຍສະແດງໃບນີ້"


def test_a_value_not_given_is_a_fault() -> None:
    with pytest.raises(UnknownWording):
        page("due", Language.KM)
