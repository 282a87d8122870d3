"""Reading `/broadcast place; women; group …; until 30/11 9h: text`: whom staff mean, until when, and the words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

import regex

from domain.reading import Language
from domain.texts.digits import to_ascii_digits
from handlers.broadcasts.audience import Wanted
from handlers.broadcasts.faults import BroadcastFault
from handlers.context import Context
from handlers.places import find_places, find_wider, full_place
from storage import Tx
from storage.queries import areas
from storage.queries.areas import AreaRecord

_COLON = regex.compile(r"[:៖：](?!\d)")
_ANY_COLON = regex.compile(r"[:៖：]")
_SEPARATOR = regex.compile(r"[;；+\n]")
_MOMENT = regex.compile(r"(\d{1,2})/(\d{1,2})(?:\s+(?:ម៉ោង\s*|ໂມງ\s*)?(\d{1,2})(?:[.:h](\d{2})?)?)?\s*\Z")
_LAST = time(23, 59)

_ALONE: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(("women", "woman", "female", "ស្រី", "ស្ត្រី", "នារី", "ແມ່ຍິງ", "ຍິງ"), ("sex", "f")),
    **dict.fromkeys(("men", "man", "male", "ប្រុស", "បុរស", "ຜູ້ຊາຍ", "ຊາຍ"), ("sex", "m")),
    "sms": ("channel", "sms"),
    **dict.fromkeys(("telegram", "តេឡេក្រាម", "ເທເລແກຣມ"), ("channel", "telegram")),
    **dict.fromkeys(("khmer", "km", "ខ្មែរ", "ភាសាខ្មែរ"), ("language", "km")),
    **dict.fromkeys(("lao", "lo", "ລາວ", "ພາສາລາວ"), ("language", "lo")),
    **dict.fromkeys(("english", "en", "អង់គ្លេស", "ភាសាអង់គ្លេស", "ອັງກິດ", "ພາສາອັງກິດ"), ("language", "en")),
}
"""What narrows an audience by itself."""

_BEFORE_WORDS: Mapping[str, str] = {
    **dict.fromkeys(("group", "ក្រុម", "ກຸ່ມ"), "group"),
    **dict.fromkeys(("programme", "program", "កម្មវិធី", "ໂຄງການ"), "programme"),
    **dict.fromkeys(("round", "វគ្គ", "បើកប្រាក់", "ຮອບ"), "round_code"),
    **dict.fromkeys(("unanswered", "មិនទាន់ឆ្លើយ", "ຍັງບໍ່ຕອບ"), "unanswered"),
    **dict.fromkeys(("until", "ដល់", "ຮອດ"), "until"),
}
"""What narrows it by the words that follow."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asked for: the audience, in words as they were written, the text, and the end of its use."""

    wanted: Wanted
    area: AreaRecord | None
    narrowed: tuple[str, ...]
    text: str
    until: datetime | None = None

    def who(self, tx: Tx, language: Language) -> str:
        """Return whom it is for, as staff read it."""
        place = () if self.area is None else (full_place(tx, self.area, language),)
        return " · ".join((*place, *self.narrowed))


def read(context: Context, tx: Tx, words: str, *, now: datetime) -> Asked:
    """Return what somebody asks for. Raises `BroadcastFault` where it has no text, or a part means nothing known."""
    colon = _COLON.search(words) or _ANY_COLON.search(words)
    text = words[colon.end() :].strip() if colon else ""
    parts = [part.strip() for part in _SEPARATOR.split(words[: colon.start()])] if colon else []
    if not text or not any(parts):
        raise BroadcastFault("broadcast_usage", place=_example(context, tx))
    asked = Asked(Wanted(), None, (), text)
    for part in filter(None, parts):
        asked = _with_part(context, tx, asked, part, now)
    return asked


def _with_part(context: Context, tx: Tx, asked: Asked, part: str, now: datetime) -> Asked:
    found = _narrowing(part)
    if found is None:
        if asked.area is not None:
            raise BroadcastFault("officer_place_unknown", text=part)
        area = _place(context, tx, part)
        return replace(asked, area=area, wanted=replace(asked.wanted, area=area.code))
    key, value = found
    narrowed = (*asked.narrowed, part)
    if key == "until":
        return replace(asked, narrowed=narrowed, until=_moment(context, value, now))
    narrower: dict[str, Any] = {key: value}
    return replace(asked, narrowed=narrowed, wanted=replace(asked.wanted, **narrower))


def _narrowing(part: str) -> tuple[str, str] | None:
    """Return what a part narrows an audience by; None where it can only be a place."""
    if alone := _ALONE.get(part.casefold()):
        return alone
    first, _, rest = part.partition(" ")
    key = _BEFORE_WORDS.get(first.casefold())
    return (key, rest.strip()) if key is not None and rest.strip() else None


def _place(context: Context, tx: Tx, text: str) -> AreaRecord:
    """Return the place that is meant, by name or by code. Raises `BroadcastFault` where none is, or several."""
    by_code = areas.by_code(tx, to_ascii_digits(text))
    if by_code is not None:
        return by_code
    found = find_places(context, tx, text, whole=True) or find_wider(context, tx, text)
    if not found:
        raise BroadcastFault("officer_place_unknown", text=text)
    if len(found) > 1:
        language = context.settings.default_language
        named = (f"{full_place(tx, each, language)} {each.code}" for each in found)
        raise BroadcastFault("broadcast_places", places="; ".join(named))
    return found[0]


def _moment(context: Context, text: str, now: datetime) -> datetime:
    """Return the moment that `30/11`, `30/11 9h` or `30/11 9.30` means: the next such day, else its end."""
    found = _MOMENT.match(to_ascii_digits(text))
    if found is None:
        raise BroadcastFault("broadcast_no_moment", text=text)
    today = context.calendar.local_day(now)
    try:
        day = date(today.year, int(found[2]), int(found[1]))
        if day < today - timedelta(days=31):
            day = day.replace(year=today.year + 1)
        return context.calendar.at(day, time(int(found[3]), int(found[4] or 0)) if found[3] else _LAST)
    except ValueError as fault:
        raise BroadcastFault("broadcast_no_moment", text=text) from fault


def _example(context: Context, tx: Tx) -> str:
    example = areas.of_level(tx, context.settings.asked_level)
    return example[0].name(context.settings.default_language) if example else "…"
