"""Erasing what is kept of somebody: by her wish, or when the time for keeping is over; figures stay.

Sensitive cases stay whole until a focal point erases them, since the law may ask for what they hold: the desk neither
learns of them nor ends them.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from domain.lifecycle import Outcome, Status
from domain.settings import Level
from handlers.cases.caseacts import Actor
from handlers.cases.casework import Casework
from handlers.context import Context
from storage.queries import alerts, audit
from storage.queries.casework import cases
from storage.queries.casework.cases import CaseRecord
from storage.queries.persons import erasing
from storage.store import Tx

LEAVES_BEFORE = timedelta(minutes=2)
"""How long after the last message at least she is erased: a message on its way needs its address."""
GIVEN_UP = timedelta(days=2)
"""After how long she is erased although her last message never left."""
_MONTH = timedelta(days=30.44)
_AT_ONCE, _AT_MOST = 200, 5_000
"""So many in one go, and so many at most in one run of the sweep, so that a first run is over within days."""
_WORDS = 1_000
_SHOWN = timedelta(minutes=10)
"""How long officers are shown a list of numbers."""
CLOCK = Actor("clock")
_TOLD = "erase_focal"
"""The kind of the alert that focal points were told of a wish to be erased; `key` is the person's number."""


def others_open(tx: Tx, case: CaseRecord) -> list[int]:
    """Return the other open cases of a case's person, of those that everybody may know of."""
    return [
        n
        for n, sensitive, is_open in erasing.cases_of(tx, case.person_id)
        if is_open and not sensitive and n != case.id
    ]


def begin(work: Casework, case: CaseRecord, actor: Actor) -> None:
    """Tell her what is done, end her cases, and let her be erased once the message has left."""
    contact = work.contact_of(case)
    if contact is not None:
        work.voice.tell(contact, "erased_last", case=case, ref=case.reference)
    for number in (*others_open(work.tx, case), case.id):
        _end(work, cases.by_id(work.tx, number, locked=True), actor)
    if any(sensitive for _, sensitive, _ in erasing.cases_of(work.tx, case.person_id)):
        _ask_focal_points(work, case.person_id)
    work.note(case, "case.erasure_decided", actor)
    erasing.ask(work.tx, case.person_id, case.id, now=work.now)


def erase_sensitive(work: Casework, case: CaseRecord, actor: Actor) -> None:
    """Empty one sensitive case, by a focal point's decision; its person too, where she wished it and nothing else is left."""
    work.note(case, "case.erased", actor)
    erasing.erase_case(work.tx, case.id, now=work.now)
    wished = alerts.alert_once(work.tx, _TOLD, str(case.person_id), case_id=None, now=work.now) is False
    if wished and not _kept_whole(work.tx, case.person_id):
        erasing.ask(work.tx, case.person_id, None, now=work.now)


def erase_asked(context: Context, now: datetime) -> int:
    """Erase those whose last message has left, and count them."""
    with context.store.reading() as tx:
        due = erasing.to_erase(tx, asked_before=now - LEAVES_BEFORE, given_up_before=now - GIVEN_UP, limit=_AT_ONCE)
    for person_id in due:
        with context.store.transaction() as tx:
            _erase(tx, person_id, now)
    if due:
        with context.store.transaction() as tx:
            erasing.forget_call_lists(tx, now - _SHOWN)
    return len(due)


def erase_out_of_time(context: Context, now: datetime) -> int:
    """Empty what cases hold that were closed longer ago than the project keeps them, and count them.

    Whoever is on no list and has nothing else here is erased with her last case, or with her last words, which are
    emptied at that age too where they belong to no case.
    """
    before = now - context.settings.deadlines.keep_closed_months * _MONTH
    done = 0
    while done < _AT_MOST:
        with context.store.reading() as tx:
            due = erasing.out_of_time(tx, before, _AT_ONCE)
        for case_id, person_id in due:
            with context.store.transaction() as tx:
                Casework(context, tx, now).note(cases.by_id(tx, case_id), "case.erased", CLOCK)
                erasing.erase_case(tx, case_id, now=now)
                _erase_unknown(tx, person_id, before, now)
        done += len(due)
        if len(due) < _AT_ONCE:
            break
    _empty_old_words(context, before, now)
    return done


def _empty_old_words(context: Context, before: datetime, now: datetime) -> None:
    looked_at = _WORDS
    while looked_at == _WORDS:
        with context.store.transaction() as tx:
            looked_at, persons, contact_ids = erasing.empty_old_words(tx, before, _WORDS)
            for person_id in sorted(persons):
                _erase_unknown(tx, person_id, before, now)
            for contact_id in sorted(contact_ids):
                erasing.erase_silent_contact(tx, contact_id, before=before, now=now)


def _erase_unknown(tx: Tx, person_id: int, before: datetime, now: datetime) -> None:
    """Erase somebody who is on no list, was not heard of lately, and has nothing else here."""
    if not erasing.is_still_known(tx, person_id, before):
        erasing.erase_person(tx, person_id, now=now)


def _erase(tx: Tx, person_id: int, now: datetime) -> None:
    """Empty her ordinary cases, and herself where no sensitive case needs her to be reached."""
    for number, sensitive, _ in erasing.cases_of(tx, person_id):
        if not sensitive:
            erasing.erase_case(tx, number, now=now)
    audit.add(tx, "person.erased", actor="clock", now=now, data={"person": person_id})
    if _kept_whole(tx, person_id):
        erasing.no_longer_asked(tx, person_id)
    else:
        erasing.erase_person(tx, person_id, now=now)


def _kept_whole(tx: Tx, person_id: int) -> bool:
    """Tell whether somebody has a sensitive case that no focal point has erased."""
    return bool(erasing.whole_among(tx, _sensitive(erasing.cases_of(tx, person_id))))


def _sensitive(found: Iterable[tuple[int, bool, bool]]) -> list[int]:
    return [number for number, sensitive, _ in found if sensitive]


def _ask_focal_points(work: Casework, person_id: int) -> None:
    """Tell the focal points, once, that the person of their case wishes to be erased."""
    for number in _sensitive(erasing.cases_of(work.tx, person_id))[:1]:
        if alerts.alert_once(work.tx, _TOLD, str(person_id), case_id=None, now=work.now):
            work.voice.tell_level(Level.FOCAL, "focal_erasure", case=cases.by_id(work.tx, number))


def _end(work: Casework, case: CaseRecord, actor: Actor) -> None:
    """Close a case whose person is erased; nobody is asked anything about it any more."""
    if case.closed_at is not None:
        return
    work.withdraw_notices(case)
    work.change(
        case, status=Status.CLOSED, outcome=Outcome.WITHDRAWN.value, closed_at=work.now, confirmed=True, due_at=None
    )
    work.note(case, "case.closed", actor, outcome=Outcome.WITHDRAWN.value, why="erasure")
    if case.taken_by is not None and case.taken_by != actor.id:
        work.voice.tell_staff(case.taken_by, "officer_withdrawn", case=case)
