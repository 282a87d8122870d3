"""Whom a broadcast is for, as staff say it: by area, programme, group, language, channel, sex, round, no answer yet."""

from dataclasses import dataclass
from typing import Any

from handlers.broadcasts.faults import BroadcastFault
from storage import Tx
from storage.queries import areas
from storage.queries.areas import AreaRecord
from storage.queries.programme import rounds


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an audience is narrowed by, in official codes; what is None narrows nothing."""

    area: str | None = None
    programme: str | None = None
    group: str | None = None
    language: str | None = None
    channel: str | None = None
    sex: str | None = None
    round_code: str | None = None
    unanswered: str | None = None


def audience_of(tx: Tx, wanted: Wanted) -> dict[str, Any]:
    """Return the audience as it is kept. Raises `BroadcastFault` for a code that is not known, or where nothing is said."""
    found: dict[str, Any] = {}
    if wanted.area is not None:
        area = areas.by_code(tx, wanted.area)
        if area is None:
            raise BroadcastFault("broadcast_no_area", code=wanted.area)
        found["area"] = area.path
    if wanted.round_code is not None:
        found |= _of_round(tx, wanted.round_code, found)
    if wanted.unanswered is not None:
        found["unanswered"] = _round(tx, wanted.unanswered)
    for key in ("programme", "group", "language", "channel", "sex"):
        if value := getattr(wanted, key):
            found[key] = value
    if not found:
        raise BroadcastFault("broadcast_no_audience")
    return found


def in_area(area: AreaRecord) -> dict[str, Any]:
    """Return the audience of an area's people."""
    return {"area": area.path}


def _of_round(tx: Tx, code: str, found: dict[str, Any]) -> dict[str, Any]:
    """Return the people on a round's list; those of its area where it has none."""
    round_id = _round(tx, code)
    about = rounds.round_by_id(tx, round_id)
    if rounds.recipients(tx, round_id) or about.area_id is None or "area" in found:
        return {"round": round_id}
    return in_area(areas.by_id(tx, about.area_id))


def _round(tx: Tx, code: str) -> int:
    found = rounds.round_by_code(tx, code)
    if found is None:
        raise BroadcastFault("broadcast_no_round", code=code)
    return found.id
