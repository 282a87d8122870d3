"""Staff's work with conditions of a transfer: adding one, for whom it is, who met it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from handlers.context import Context
from handlers.information import condition_words
from handlers.programme.news import News, spread
from handlers.programme.schedule import ScheduleFault, short_day, withdraw
from handlers.sending.voice import Voice
from storage import Tx
from storage.queries import audit
from storage.queries.persons import people
from storage.queries.programme import conditions, told
from storage.queries.programme.conditions import ConditionRecord
from storage.queries.programme.told import Answered
from storage.queries.sending import batches
from storage.store import AlreadyThere

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class ConditionPlan:
    """What is to be done by a day, said in each language of the project."""

    code: str
    labels: Mapping[str, str]
    due_on: date
    place: str | None = None


def add(context: Context, plan: ConditionPlan, now: datetime) -> int:
    """Add a condition and return its number. Raises `ScheduleFault`; a language without words is refused."""
    missing = [each.value for each in context.settings.languages if not plan.labels.get(each.value)]
    if missing:
        raise ScheduleFault(f"the words are missing in: {', '.join(missing)}")
    with context.store.transaction() as tx:
        values = {"code": plan.code, "labels": dict(plan.labels), "due_on": plan.due_on, "place": plan.place}
        try:
            with tx.attempt():
                number = conditions.add(tx, now, **values)
        except AlreadyThere as taken:
            raise ScheduleFault(f"there is a condition {plan.code} already") from taken
        audit.add(tx, "condition.added", actor="staff", now=now, data={"condition": number})
        return number


def put_people(context: Context, code: str, external_ids: Sequence[str], now: datetime) -> int:
    """Let a condition be for the people of these identifiers, all or none, and count the new ones.

    Raises `ScheduleFault` with those that nobody has.
    """
    return _for_all(context, code, external_ids, now, act=conditions.add_people, event="condition.people")


def met(context: Context, code: str, external_ids: Sequence[str], now: datetime) -> int:
    """Keep that people met a condition, all or none: they are reminded no more. Count them. Raises `ScheduleFault`."""

    def meet(tx: Tx, number: int, ids: Sequence[int]) -> int:
        return conditions.meet(tx, number, ids, now)

    return _for_all(context, code, external_ids, now, act=meet, event="condition.met")


def cancel(context: Context, code: str, now: datetime) -> int:
    """Cancel a condition: nobody is reminded of it any more. Tell whoever knew of it and has not met it; count them.

    Of a day that is past nothing is said. Raises `ScheduleFault`.
    """
    with context.store.transaction() as tx:
        found = _open(tx, code)
        conditions.change(tx, found.id, state="cancelled")
        withdraw(tx, f"condition:{found.id}")
        audit.add(tx, "condition.cancelled", actor="staff", now=now, data={"condition": found.id})
        return _tell(Voice(context, tx, now), "condition_cancelled", found, found)


def move(context: Context, code: str, day: date, now: datetime) -> int:
    """Give a condition another day; tell whoever knew of it and has not met it, and count them. Raises `ScheduleFault`."""
    with context.store.transaction() as tx:
        found, today = _open(tx, code), context.calendar.local_day(now)
        if day < today or day == found.due_on:
            raise ScheduleFault(f"{day.isoformat()} is {'past' if day < today else 'its day already'}")
        subject = f"condition:{found.id}"
        withdraw(tx, subject)
        conditions.change(tx, found.id, due_on=day)
        batches.retire(tx, subject, found.due_on)
        audit.add(tx, "condition.moved", actor="staff", now=now, data={"condition": found.id, "to": day.isoformat()})
        return _tell(Voice(context, tx, now), "condition_moved", found, conditions.by_id(tx, found.id))


def listed(context: Context) -> list[dict[str, Any]]:
    """Return all conditions as plain values, by day."""
    with context.store.reading() as tx:
        found = conditions.everything(tx)
    return [
        {"code": each.code, "labels": each.labels, "due_on": each.due_on.isoformat(), "place": each.place,
         "state": each.state, "people": whole, "met": done}
        for each, whole, done in found
    ]  # fmt: skip


def _tell(voice: Voice, key: str, before: ConditionRecord, after: ConditionRecord) -> int:
    calendar, tx = voice.context.calendar, voice.tx
    if after.due_on < calendar.local_day(voice.now):
        return 0
    until = calendar.at(after.due_on, time(23, 0))
    news = News(f"condition:{after.id}", key, lambda language: condition_words(after, language), until)
    answered = Answered("condition_next", short_day(before.due_on), before.created_at)
    return spread(voice, news, lambda batch: told.freeze_of_condition(tx, batch, after.id, answered))


def _for_all(
    context: Context,
    code: str,
    external_ids: Sequence[str],
    now: datetime,
    *,
    act: Callable[[Tx, int, Sequence[int]], int],
    event: str,
) -> int:
    wanted, done = list(dict.fromkeys(external_ids)), 0
    with context.store.transaction() as tx:
        found = _open(tx, code)
        for start in range(0, len(wanted), _AT_ONCE):
            chunk = wanted[start : start + _AT_ONCE]
            known = people.by_external_ids(tx, chunk)
            unknown = [each for each in chunk if each not in known]
            if unknown:
                raise ScheduleFault(f"nobody has the identifier {', '.join(unknown[:5])}; nothing was changed")
            done += act(tx, found.id, list(known.values()))
        audit.add(tx, event, actor="staff", now=now, data={"condition": found.id, "people": done})
    return done


def _open(tx: Tx, code: str) -> ConditionRecord:
    found = conditions.by_code(tx, code)
    if found is None:
        raise ScheduleFault(f"there is no condition {code}")
    if found.state != "open":
        raise ScheduleFault(f"the condition {code} is {found.state}")
    return found
