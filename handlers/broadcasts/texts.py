"""The words of a broadcast: one text a language, with the person's name where it is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import regex

from domain.reading import Language
from domain.sending.segments import count_segments
from domain.texts.placeholders import PlaceholderFault, filled, placeholders
from handlers.broadcasts.faults import BroadcastFault
from storage.queries.sending.batches import BatchRecord
from understanding import read
from wording import say

PLACEHOLDERS = frozenset({"name"})
"""What is filled in for each person."""

_LANGUAGE_MARK = regex.compile(r"(?:^|\s)(km|lo|en)\s*:\s*", regex.IGNORECASE)
_MEETING = regex.compile(r"meeting|ប្រជុំ|ចូលរួម|ປະຊຸມ|ເຂົ້າຮ່ວມ|\bjoin us\b", regex.IGNORECASE)
_FEW = 2
_ZERO_WIDTH_SPACE = "\u200b"
_MOST_SEGMENTS = 6
"""What every gateway takes unless it says otherwise: a longer text would be cut."""


def texts_by_language(text: str, default: Language) -> dict[str, str]:
    """Split `km: … lo: …` into texts by language; a text without marks is in the language that it reads as.

    One or two English words (`OK`, `COVID-19`) are said in every language here.
    """
    marks = list(_LANGUAGE_MARK.finditer(text))
    if not marks:
        reading = read(text, prefixes=(), default_language=default)
        few = reading.language is Language.EN and len(text.split()) <= _FEW
        return {(default if few else reading.language).value: text.strip()}
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return {mark[1].lower(): text[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=True)}


def checked(texts: dict[str, str], *, known: frozenset[str] = PLACEHOLDERS) -> dict[str, str]:
    """Return texts as they are kept. Raises `BroadcastFault` for an unknown placeholder, or a text that is too long."""
    kept = {language: text.replace(_ZERO_WIDTH_SPACE, "").strip() for language, text in texts.items()}
    for language, text in kept.items():
        try:
            placeholders(text, known)
        except PlaceholderFault as fault:
            listed = " ".join(f"{{{each}}}" for each in fault.known)
            raise BroadcastFault("broadcast_placeholder", name=f"{{{fault.name}}}", known=listed) from fault
        segments = count_segments(text).segments
        if segments > _MOST_SEGMENTS:
            raise BroadcastFault("broadcast_too_long", language=language, segments=segments, most=_MOST_SEGMENTS)
    return kept


def speaks_of_meeting(texts: Mapping[str, str]) -> bool:
    """Tell whether texts ask people to come, so that "yes" and "I can't come" are answers to them."""
    return any(_MEETING.search(text) for text in texts.values())


@dataclass(frozen=True, slots=True)
class Filler:
    """The words for each person. `areas` are a report's values by area and language: whose area has none gets nothing."""

    texts: Mapping[str, str]
    areas: Mapping[int, Mapping[str, Mapping[str, str]]] | None = None

    @property
    def is_personal(self) -> bool:
        """Tell whether the words differ from person to person."""
        return self.areas is not None or any("{" in text for text in self.texts.values())

    def said(self, code: str, *, name: str | None, area_id: int | None) -> str | None:
        """Return the words in a language for somebody; who has no name is addressed as one addresses people."""
        text = self.texts.get(code)
        if text is None:
            return None
        if self.areas is None:
            return filled(text, {"name": name or say("broadcast_no_name", Language(code))})
        values = self.areas.get(area_id, {}).get(code) if area_id is not None else None
        return None if values is None else filled(text, values)


def filler_of(batch: BatchRecord) -> Filler:
    """Return what fills in a batch's words."""
    about = (batch.counts or {}).get("areas") if batch.kind == "report" else None
    return Filler(batch.texts or {}, None if about is None else {int(area): each for area, each in about.items()})


def samples(batch: BatchRecord) -> list[str]:
    """Return a batch's words in each language, a report's as people of one of its areas read them."""
    filler = filler_of(batch)
    if filler.areas is None:
        return list(filler.texts.values())
    area_id = next(iter(filler.areas), None)
    said = (filler.said(code, name=None, area_id=area_id) for code in filler.texts)
    return [each for each in said if each is not None]
