"""A village where far more say that money is missing than elsewhere in the same round: an incident, and a word to staff."""

from collections.abc import Callable
from datetime import datetime

from domain.outlying import Answers, far_off
from domain.reading import Category
from domain.settings import Level
from handlers.cases import incidents
from handlers.context import Context
from handlers.information import round_label
from handlers.places import short_place
from handlers.sending.voice import Voice
from storage import Tx
from storage.queries import alerts, areas, audit
from storage.queries.casework.incidents import Crowd
from storage.queries.programme import round_figures
from storage.queries.programme.round_figures import Village
from storage.queries.programme.rounds import RoundRecord
from storage.queries.staffing import staff

_MATTERS: tuple[tuple[Category, Callable[[Village], int]], ...] = (
    (Category.PAYMENT_MISSING, lambda village: village.missing),
    (Category.PAYMENT_AMOUNT, lambda village: village.less),
)


def watch(context: Context, tx: Tx, found: RoundRecord, now: datetime) -> int:
    """Raise an incident for each village of a round that lies far off the others, once, and tell desk and staff.

    Only what people answered counts, never cases: nothing of a sensitive case is in the figures.
    """
    villages = {each.area_id: each for each in round_figures.by_village(tx, found.id) if each.area_id is not None}
    raised = 0
    for category, noes in _MATTERS:
        counted = {area_id: Answers(each.answered, noes(each)) for area_id, each in villages.items()}
        for area_id in far_off(counted):
            key = f"{found.id}:{area_id}:{category.value}"
            if not alerts.alert_once(tx, "round_far_off", key, case_id=None, now=now):
                continue
            raised += 1
            here = counted[area_id]
            others = sum(each.answered for each in counted.values()) - here.answered
            missing = sum(each.noes for each in counted.values()) - here.noes
            crowd = Crowd(category.value, area_id, area_id, here.noes, spread=False)
            incidents.raise_one(context, tx, crowd, incidents.window(context, tx, now), now)
            data = {"round": found.id, "area": areas.by_id(tx, area_id).code, "category": category.value}
            audit.add(tx, "round.far_off", actor="clock", now=now, data=data)
            _tell(Voice(context, tx, now), found, area_id, here, Answers(others, missing))
    return raised


def _tell(voice: Voice, found: RoundRecord, area_id: int, here: Answers, others: Answers) -> None:
    for staff_id in staff_and_desk(voice):
        contact = voice.staff_contact(staff_id)
        if contact is None:
            continue
        language = voice.staff_language(contact)
        voice.tell_staff(
            staff_id,
            "staff_round_far_off",
            round=round_label(found, language),
            place=short_place(voice.tx, area_id, language),
            noes=here.noes,
            answered=here.answered,
            other_noes=others.noes,
            others=others.answered,
            show=f"/round {found.code}",
        )


def staff_and_desk(voice: Voice) -> list[int]:
    """Return who hears how rounds go: staff and the desk, each once."""
    told = [each for level in (Level.STAFF, Level.DESK) for each in staff.of_level(voice.tx, level, voice.now)]
    return list(dict.fromkeys(told))
