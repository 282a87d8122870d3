"""A round as staff see it while it goes on: who was told, asked and answered, and who was paid, by village.

Only staff and the desk see it. Their figures are whole: they hold the list. Officers of the area, who may be whom an
answer is about, see none of it, so that no small number points at somebody. Cases are not in it, sensitive or not.
"""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from domain.reading import Language
from handlers.context import Context
from handlers.information import round_label
from handlers.places import short_place
from handlers.programme.schedule import known_round
from storage import Tx
from storage.queries import areas
from storage.queries.programme import round_figures, round_parts, rounds
from storage.queries.programme.round_figures import Village
from storage.queries.programme.round_parts import Part
from wording import say

_SHOWN = 15
_COUNTED = [each.name for each in fields(Village) if each.name != "area_id"]


def shown(context: Context, code: str) -> dict[str, Any]:
    """Return a round with its parts and figures as plain values. Raises `ScheduleFault`."""
    with context.store.reading() as tx:
        found = known_round(tx, code)
        villages = _sorted(round_figures.by_village(tx, found.id))
        records = {each.id: each for each in areas.all_areas(tx)} if villages else {}
        parts = round_parts.parts_of(tx, found)
        paid = round_parts.paid_parts(tx, [each.subject for each in parts])
    named = [records.get(each.area_id) if each.area_id is not None else None for each in villages]
    return {
        "code": found.code,
        "label": found.label,
        "state": found.state,
        "parts": [
            {
                "area": each.path.rstrip("/").rpartition("/")[2] or None,
                "day": each.round.day.isoformat(),
                "place": each.round.place,
                "paid": found.state == "paid" or each.subject in paid,
            }
            for each in parts
        ],
        "total": _plain(total(villages)),
        "villages": [
            {"area": area.code if area else None, "name": area.name(Language.EN) if area else None, **_plain(each)}
            for each, area in zip(villages, named, strict=True)
        ],
    }


def worded(tx: Tx, found: rounds.RoundRecord, language: Language, *, short: bool) -> str:
    """Return a round in words, the villages with most noes first; only the whole where it is to be short."""
    villages = _sorted(round_figures.by_village(tx, found.id))
    whole = total(villages)
    head = say("staff_round", language, round=round_label(found, language), day=f"{found.day.day}/{found.day.month}",
               **_plain(whole))  # fmt: skip
    if short:
        return head
    lines = [
        say("staff_round_village", language, place=short_place(tx, each.area_id, language), **_plain(each))
        for each in villages[:_SHOWN]
    ]
    return "\n".join([head, *lines, *(["…"] if len(villages) > _SHOWN else [])])


def total(villages: Sequence[Village]) -> Village:
    """Return the sums of several villages."""
    return Village(None, **{name: sum(getattr(each, name) for each in villages) for name in _COUNTED})


def of_part(tx: Tx, part: Part, villages: Sequence[Village]) -> list[Village]:
    """Return the villages that go by a part of a round."""
    stops = round_parts.parts_of(tx, rounds.round_by_id(tx, part.round.id))
    paths = areas.paths_of(tx, [each.area_id for each in villages if each.area_id is not None])

    def nearest(village: Village) -> int:
        path = paths.get(village.area_id or 0, "")
        return max((each for each in stops if path.startswith(each.path)), key=lambda each: len(each.path)).stop

    return [each for each in villages if nearest(each) == part.stop]


def _sorted(villages: Sequence[Village]) -> list[Village]:
    return sorted(villages, key=lambda each: (-(each.missing + each.less), -each.people, each.area_id or 0))


def _plain(village: Village) -> dict[str, Any]:
    return {**{name: getattr(village, name) for name in _COUNTED}, "answered": village.answered}
