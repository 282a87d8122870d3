"""The words of a reminder, a survey, or news of a change, put together once for each language."""

from dataclasses import dataclass, replace

from domain.reading import Language
from domain.sending.segments import count_segments
from domain.texts.placeholders import filled
from handlers import information
from handlers.context import Context
from handlers.programme.news import KIND as NEWS
from handlers.rounds.audience import part_of, worded
from storage import Tx
from storage.queries.programme import conditions, rounds
from storage.queries.sending.batches import BatchRecord
from wording import say

_ZERO_WIDTH_SPACE = "\u200b"
"""It shows where Khmer words end, is seen by nobody, and stands in places and titles that staff paste."""


@dataclass(frozen=True, slots=True)
class Said:
    """Words and into how many SMS parts they go; `is_addressed` where they begin with who of several is meant."""

    words: str
    parts: int
    is_addressed: bool = False


class Texts:
    """A batch's words by language, put together once for each."""

    def __init__(self, context: Context, tx: Tx, batch: BatchRecord) -> None:
        self._batch, self._context = batch, context
        kind, _, number = batch.subject.partition("@")[0].partition(":")
        self._part = part_of(tx, batch.subject)
        self._meeting = rounds.meeting_by_id(tx, int(number)) if kind == "meeting" else None
        self._condition = conditions.by_id(tx, int(number)) if kind == "condition" else None
        self._said: dict[Language, Said | None] = {}

    def said(self, language: Language, *, called: str | None = None) -> Said | None:
        """Return the words in a language; None where there are none. On a shared phone they name who is `called` so."""
        if language not in self._said:
            words = self._put_together(language)
            self._said[language] = None if words is None else _said(words.replace(_ZERO_WIDTH_SPACE, ""))
        plain = self._said[language]
        if plain is None or not called:
            return plain
        return replace(_said(say("survey_of", language, name=called, words=plain.words)), is_addressed=True)

    def _put_together(self, language: Language) -> str | None:
        if self._batch.kind == NEWS:
            return (self._batch.texts or {}).get(language.value)
        if self._batch.texts:
            return self._own_words(language)
        if self._part is not None:
            return worded(self._batch, self._part, language)
        if self._condition is not None:
            words = information.condition_words(self._condition, language)
            return say("reminder_condition", language, **words) if words is not None else None
        assert self._meeting is not None
        words = information.meeting_words(self._context.calendar, self._meeting)
        return say("reminder_meeting", language, **words)

    def _own_words(self, language: Language) -> str | None:
        """Return what the plan said when the batch was made, filled in; None where it was not written in a language."""
        text = (self._batch.texts or {}).get(language.value)
        if text is None:
            return None
        if self._part is not None:
            return filled(text, information.round_words(self._part.round, language))
        if self._condition is not None:
            words = information.condition_words(self._condition, language)
            return None if words is None else filled(text, words)
        assert self._meeting is not None
        return filled(text, information.meeting_words(self._context.calendar, self._meeting))


def _said(words: str) -> Said:
    return Said(words, count_segments(words).segments)
