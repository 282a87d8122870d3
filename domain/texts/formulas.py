"""Texts in CSV files that somebody opens in a spreadsheet: none of them may act there as a formula."""

import re

_ACTS = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[\s\d().,/…•-]+")
_MARKED = re.compile(r"'(?=[=+\-@])")


def inert(cell: str) -> str:
    """Return a cell with the mark that spreadsheets put before a text, where it would be taken for a formula.

    Numbers and telephone numbers stay as they are. https://owasp.org/www-community/attacks/CSV_Injection
    """
    return f"'{cell}" if _ACTS.match(cell) and not _NUMBER.fullmatch(cell) else cell


def unmarked(cell: str) -> str:
    """Return a cell without that mark."""
    return _MARKED.sub("", cell, count=1)
