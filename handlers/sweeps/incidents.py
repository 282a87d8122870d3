"""Sweeps over incidents: where many write on one matter one is raised, and its answer is given to one case after another."""

from datetime import datetime

from handlers.cases import incidents as made
from handlers.context import Context
from storage.queries.casework import incidents
from storage.queries.casework.incidents import IncidentRecord, Window


def watch(context: Context, now: datetime) -> int:
    """Bring open incidents up to date and raise new ones; count the new ones and the cases that joined or left.

    What is under no incident is counted in one query, whatever the number of cases.
    """
    rules = context.settings.incidents
    with context.store.reading() as tx:
        seen = made.window(context, tx, now)
        raised = incidents.of_states(tx, incidents.RAISED)
    done = _bring_up_to_date(context, raised, seen, now) if raised else 0
    with context.store.reading() as tx:
        asked = context.settings.asked_level
        crowds = incidents.crowded(tx, seen, categories=made.MATTERS, asked_level=asked, people=rules.people)
    narrow: set[tuple[str, int]] = set()
    for crowd in crowds:
        if crowd.spread and (crowd.category, crowd.district_id) in narrow:
            continue  # What is left of the district is counted anew next time.
        with context.store.transaction() as tx:
            done += made.raise_one(context, tx, crowd, seen, now) is not None
        narrow.add((crowd.category, crowd.district_id))
    return done


def send_answers(context: Context, now: datetime) -> int:
    """Give the cases of answered incidents their answer, each in a transaction of its own, and count them.

    A case that has it is no longer open: whatever was interrupted goes on where it stopped.
    """
    with context.store.reading() as tx:
        found = incidents.of_states(tx, incidents.ANSWERING)
    return sum(_send(context, each, now) for each in found)


def _bring_up_to_date(context: Context, raised: list[IncidentRecord], seen: Window, now: datetime) -> int:
    done = 0
    with context.store.reading() as tx:
        gone = incidents.strays(tx, made.CHUNK)
        waiting = [each.id for each in raised if incidents.belonging(tx, each.id, seen, 1)]
        over = incidents.empty(tx)
    if gone:
        with context.store.transaction() as tx:
            done += made.take_out(tx, gone, now)
    for number in waiting:
        hung = made.CHUNK
        while hung == made.CHUNK:
            with context.store.transaction() as tx:
                hung = made.hang_all(tx, number, seen, now)
            done += hung
    for number in set(over) - set(waiting):
        with context.store.transaction() as tx:
            made.end(tx, number, now)
    return done


def _send(context: Context, incident: IncidentRecord, now: datetime) -> int:
    wanted, done = made.answer_of(incident).cases, 0
    for start in range(0, len(wanted), made.CHUNK):
        chunk = wanted[start : start + made.CHUNK]
        with context.store.reading() as tx:
            left = incidents.still_to_answer(tx, incident.id, chunk)
        for place, case_id in enumerate(left, start=start):
            with context.store.transaction() as tx:
                done += made.answer_one(context, tx, incident, case_id=case_id, place=place, now=now)
    with context.store.transaction() as tx:
        incidents.change(tx, incident.id, state=incidents.ANSWERED)
    return done
