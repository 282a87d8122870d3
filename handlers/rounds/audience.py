"""Whom a part of a round concerns, and what they are told of it."""

from datetime import date
from typing import Any

from domain.reading import Language
from handlers.information import round_words
from storage import Tx
from storage.queries import areas
from storage.queries.programme import round_parts, rounds
from storage.queries.programme.round_parts import Part
from storage.queries.programme.told import LATE
from storage.queries.sending.batches import BatchRecord
from wording import say

_KEYS = {"survey": "survey", LATE: "round_late"}


def audience_of(tx: Tx, part: Part) -> dict[str, Any]:
    """Return whom a part concerns: those of its list, or of its area where it has none, who go by it."""
    found = part.round
    mine = {"stops_of": found.id, "stop": part.stop, "stop_path": part.path}
    if rounds.recipients(tx, found.id) or found.area_id is None:
        return {"round": found.id, **mine}
    return {"area": areas.by_id(tx, found.area_id).path, **mine}


def part_of(tx: Tx, subject: str) -> Part | None:
    """Return the part that a batch is about, such as `round:7` or `round:7/55`; None where it is about no round."""
    return round_parts.of_subject(tx, subject)


def worded(batch: BatchRecord, part: Part, language: Language) -> str:
    """Return what a batch says of a part: the reminder, the survey, or that it is late and by when they hear more."""
    words = round_words(part.round, language)
    key = _KEYS.get(batch.kind, "reminder_round")
    if batch.kind == LATE:
        by = date.fromisoformat((batch.audience or {})["by"])
        words = {**words, "day": f"{by.day}/{by.month}"}
        key = key if batch.plan == LATE else "round_still_late"
    return say(key, language, **words)
