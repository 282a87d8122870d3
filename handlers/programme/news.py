"""Word of a change to whoever knew of something: a round, meeting or condition that was moved, held elsewhere, or cancelled.

It goes out as reminders do: written down at once for whom, laid out in parts, in the bulk lane, in no quiet hours, and kept
with what was sent about its subject.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.reading import Language
from handlers.sending.voice import Voice
from storage.queries.sending import batches
from wording import say

KIND = "news"
WordsIn = Callable[[Language], Mapping[str, Any] | None]
"""What a message is filled in with, in a language; None where it cannot be said in that."""


@dataclass(frozen=True, slots=True)
class News:
    """What is told of what: the wording by its key, under which subject it is kept, until when it is of use (None: always)."""

    subject: str
    key: str
    words_in: WordsIn
    until: datetime | None = None


def spread(voice: Voice, news: News, freeze: Callable[[int], int]) -> int:
    """Tell whoever `freeze` writes down for the batch whose number it is given, and count whom it can be sent to."""
    tx = voice.tx
    filled = {each: news.words_in(each) for each in Language}
    texts = {each.value: say(news.key, each, **words) for each, words in filled.items() if words is not None}
    batch_id = batches.create(
        tx,
        voice.now,
        kind=KIND,
        subject=news.subject,
        plan=news.key,
        state="laying_out",
        texts=texts,
        audience={},
        started_at=voice.now,
        not_after=news.until,
    )
    assert batch_id is not None
    reached = freeze(batch_id)
    told = news.subject.partition("@")[0].partition("/")[0]
    batches.change(tx, batch_id, audience={"frozen": batch_id, "told": told})
    tx.queued = True
    return reached
