"""Debian's Chromium for the tests of pages: where it is, how it is started, and how wide a desk and a hand are."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESK, HAND = {"width": 1280, "height": 860}, {"width": 360, "height": 740}
WITHIN_MS = 15_000

IN_BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not here: apt-get install chromium fonts-noto-core"),
]
ON_SQLITE = pytest.mark.parametrize("store", ["sqlite"], indirect=True)


@contextmanager
def started() -> Iterator[Browser]:
    """Start the browser for a while."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()
