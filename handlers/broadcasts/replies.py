"""Answers to a broadcast that asked who comes: read in its light for some days, counted, and acknowledged briefly."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from domain.reading import Intent, Reading
from storage import Tx
from storage.queries.sending import batches
from understanding.wishes.answers import yes_or_no
from understanding.wishes.coming import says_coming

if TYPE_CHECKING:
    from handlers.conversation.talk import Talk

_READ_SO = timedelta(hours=72)
_NUMBERS = {1: True, 2: False}
"""1 is always the good answer."""
_ORDINARY = frozenset({Intent.STOP, Intent.HELP, Intent.STATUS, Intent.LANGUAGE})


def counted(tx: Tx, batch_id: int) -> dict[str, int]:
    """Count those who said that they come, and that they do not; each by her last word."""
    found = batches.coming(tx, batch_id)
    return {"coming": found.get(True, 0), "not_coming": found.get(False, 0)}


def answered(talk: Talk, reading: Reading | None, typed: int | None = None) -> bool:
    """Take a text, or a number where nothing else is asked, as the answer to who comes; False where it is none.

    What reports harm, or says more than whether she comes, goes the ordinary way.
    """
    coming = _said(talk, reading, typed)
    if coming is None:
        return False
    message_id = batches.asked_coming(talk.tx, talk.contact.id, since=talk.now - _READ_SO)
    if message_id is None:
        return False
    batches.keep_coming(talk.tx, message_id, coming=coming)
    talk.keep(reading=reading, kind="answer")
    talk.tell("coming_yes" if coming else "coming_no")
    return True


def _said(talk: Talk, reading: Reading | None, typed: int | None) -> bool | None:
    if typed is not None:
        return _NUMBERS.get(typed)
    if reading is not None and (reading.sensitive or reading.unsure_sensitive):
        return None
    said = says_coming(talk.text)
    if said is not None or (reading is not None and reading.intent in _ORDINARY):
        return said
    return yes_or_no(talk.text)
