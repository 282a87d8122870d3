"""The officer's card as a browser prints it: everything on two sides, in each language, on A4 and on A5."""

import re

import pytest
from playwright.sync_api import Browser

from domain.reading import Language
from handlers.officers.card import Terms, as_page, card
from tests.console.browser import IN_BROWSER

pytestmark = IN_BROWSER


@pytest.mark.parametrize("language", Language)
def test_it_prints_on_two_sides(chromium: Browser, language: Language) -> None:
    window = chromium.new_page()
    window.set_content(as_page(card(language, Terms())))
    for printed in (window.pdf(prefer_css_page_size=True), window.pdf(format="A5")):
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2
    window.close()
