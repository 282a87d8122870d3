"""The officer's card: every command stands on it with words that work, in three languages, as a document and as a page."""

from html.parser import HTMLParser
from pathlib import Path

import pytest

from domain.permissions import permissions_of
from domain.reading import Category, Language
from domain.settings import Level
from handlers.officers.acts.deciding import OUTCOME_WORDS
from handlers.officers.card import Terms, as_markdown, as_page, card
from handlers.officers.commands import SHAPES, Command, parse, words_of
from wording import say

DOCUMENT = Path(__file__).parents[3] / "docs" / "officers-card.md"


class Page(HTMLParser):
    """What a page holds: its cells, its sections, and whatever it would load from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loads: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loads += [name for name, _ in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_document_is_the_card_as_it_is() -> None:
    made = as_markdown([card(each, Terms()) for each in Language])
    assert DOCUMENT.read_text(encoding="utf-8") == made, "write what as_markdown returns to docs/officers-card.md"


def test_every_command_that_an_officer_may_use_stands_on_it() -> None:
    held = permissions_of(frozenset(Level))
    for language in Language:
        shown = [row.telegram.split()[0] for row in card(language, Terms()).rows]
        assert shown == [f"/{command}" for command, shape in SHAPES.items() if shape.permission in held]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("command", Command)
def test_every_word_on_it_works(language: Language, command: Command) -> None:
    (row,) = [each for each in card(language, Terms()).rows if each.telegram.split()[0] == f"/{command}"]
    assert row.what
    for typed in (row.telegram, *row.sms.split(" / ")):
        given = parse(typed, ("LP",))
        assert given is not None, typed
        assert given.command is command, typed
        assert given.complete, typed
    assert {each.split()[0] for each in row.sms.split(" / ")} == set(words_of(command, language))


@pytest.mark.parametrize("language", Language)
def test_categories_have_the_numbers_that_work(language: Language) -> None:
    shown = card(language, Terms()).categories
    assert shown == tuple(f"{n} {say(f'category_{each}', language)}" for n, each in enumerate(Category, start=1))


@pytest.mark.parametrize("language", Language)
def test_the_outcomes_named_on_it_work(language: Language) -> None:
    (rule,) = [each for each in card(language, Terms()).rules if each.startswith("/resolve")]
    named = [word for word in OUTCOME_WORDS if word in rule]
    assert {OUTCOME_WORDS[word].value for word in named} == {"upheld", "partly", "information"}


@pytest.mark.parametrize("language", Language)
def test_the_page_is_two_sides_and_loads_nothing(language: Language) -> None:
    made = card(language, Terms(prefix="ZQ", hold_seconds=45, emergency="1234"))
    page = Page()
    page.feed(as_page(made))
    assert page.tags.count("section") == 2
    assert page.tags.count("tr") == len(made.rows) + 1
    assert not page.loads
    assert "script" not in page.tags
    assert "@page" in page.text
    for words in ("ZQ-", "45", "1234", *(row.telegram for row in made.rows), *made.rules):
        assert words in page.text
