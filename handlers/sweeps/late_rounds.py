"""Sweeps over rounds that are late: staff and desk are told each day, and the people before they have to ask."""

from datetime import date, datetime, time, timedelta

from handlers.context import Context
from handlers.information import round_label
from handlers.places import short_place
from handlers.programme.schedule import short_day
from handlers.rounds.audience import audience_of
from handlers.rounds.live import of_part
from handlers.rounds.outlying import staff_and_desk
from handlers.sending.voice import Voice
from storage import Tx
from storage.queries import alerts
from storage.queries.programme import round_figures
from storage.queries.programme.round_parts import Part, paid_parts, parts_between
from storage.queries.programme.told import LATE, promises
from storage.queries.sending import batches
from wording import say

_STAFF_TOLD_FOR, _PEOPLE_TOLD_FOR = timedelta(days=60), timedelta(days=30)
"""What is older was forgotten, not late."""
_TOLD_AGAIN_FOR, _TIMES_TOLD = timedelta(days=92), 4
"""So long, and so often in all, people hear that a payment is still late: nobody waits for months without knowing."""
_NAMED = 5
_FEWEST_ANSWERS = 3


def alert_staff(context: Context, now: datetime) -> int:
    """Tell staff and the desk once each working day of all that is past its day and not marked as paid; count it."""
    if not context.calendar.is_open(now):
        return 0
    today = context.calendar.local_day(now)
    with context.store.transaction() as tx:
        late = late_parts(context, tx, today, context.settings.deadlines.late_round_days, _STAFF_TOLD_FOR)
        if not late or not alerts.alert_once(tx, "rounds_late", today.isoformat(), case_id=None, now=now):
            return 0
        voice = Voice(context, tx, now)
        for staff_id in staff_and_desk(voice):
            _alert(voice, staff_id, late)
        return len(late)


def tell_people(context: Context, now: datetime) -> int:
    """Tell the people that their payment is late and by when they hear more, where staff gave no new day in time.

    Where that day comes without any news they are told again, each time by a day twice as far. Nobody is told who said
    that she was paid, nor anybody where most of those who answered were. Count the parts.
    """
    if not context.calendar.is_open(now):
        return 0
    today, days = context.calendar.local_day(now), context.settings.deadlines.late_round_days
    count = 0
    with context.store.transaction() as tx:
        for part in late_parts(context, tx, today, 2 * days, _TOLD_AGAIN_FOR):
            promised = promises(tx, part.subject)
            if _is_to_hear(part, promised, today) and not _seems_paid(tx, part):
                count += _make(context, tx, part, len(promised), now)
    return count


def late_parts(context: Context, tx: Tx, today: date, days: int, back: timedelta) -> list[Part]:
    """Return what was to be paid so many working days ago or earlier and is not marked as paid."""
    found = parts_between(tx, today - back, today - timedelta(days=1))
    paid = paid_parts(tx, [each.subject for each in found])
    passed = context.calendar.working_days_between
    return [each for each in found if each.subject not in paid and passed(each.round.day, today) >= days]


def _is_to_hear(part: Part, promised: list[date], today: date) -> bool:
    if not promised:
        return part.round.day >= today - _PEOPLE_TOLD_FOR
    return promised[-1] <= today and len(promised) < _TIMES_TOLD


def _seems_paid(tx: Tx, part: Part) -> bool:
    """Tell whether most of those of a part who answered were paid: staff forgot to say so."""
    villages = of_part(tx, part, round_figures.by_village(tx, part.round.id))
    answered = sum(each.answered for each in villages)
    return answered >= _FEWEST_ANSWERS and 2 * sum(each.missing for each in villages) < answered


def _make(context: Context, tx: Tx, part: Part, before: int, now: datetime) -> int:
    calendar = context.calendar
    today = calendar.local_day(now)
    by = calendar.working_days_after(today, context.settings.deadlines.answer_days * 2**before)
    audience = {**audience_of(tx, part), "money": True, "unpaid": True, "by": by.isoformat()}
    made = batches.create(
        tx,
        now,
        kind=LATE,
        subject=part.subject,
        plan=f"{LATE}-{before + 1}" if before else LATE,
        state="laying_out",
        audience=audience,
        started_at=now,
        not_after=calendar.at(today + timedelta(days=1), time(12, 0)),
    )
    return int(made is not None)


def _alert(voice: Voice, staff_id: int, late: list[Part]) -> None:
    contact = voice.staff_contact(staff_id)
    if contact is None:
        return
    language = voice.staff_language(contact)

    def named(part: Part) -> str:
        place = short_place(voice.tx, part.stop, language) if part.stop else ""
        promised = promises(voice.tx, part.subject)
        word = say("staff_round_promised", language, day=short_day(promised[-1])) if promised else ""
        words = (round_label(part.round, language), f"({part.round.code})", place, short_day(part.round.day), word)
        return " ".join(filter(None, words))

    first = f"/round {late[0].round.code}"
    listed = ", ".join(named(each) for each in late[:_NAMED]) + (" …" if len(late) > _NAMED else "")
    voice.tell_staff(
        staff_id, "staff_rounds_late", count=len(late), rounds=listed, paid=f"{first} paid", move=f"{first} 30/12"
    )
