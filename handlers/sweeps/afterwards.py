"""Sweeps over closed cases: some days later how it was settled, a month later whether anybody makes trouble for her."""

from datetime import datetime, timedelta

from domain.lifecycle import Status
from domain.settings import Level
from handlers.cases.caseacts import CLOCK
from handlers.cases.casework import Casework
from handlers.context import Context
from handlers.conversation.asking import satisfaction
from storage import Tx
from storage.queries.casework import caseload, cases
from storage.queries.casework.cases import CaseRecord
from storage.queries.persons import people, questions
from storage.queries.persons.contacts import Contact
from wording import say

_CHUNK = 200
_TRIED_FOR = timedelta(days=14)
"""So long it is tried to ask, where another question is open; after that she is left in peace."""


def ask_for_grades(context: Context, now: datetime) -> int:
    """Ask people how their case was settled, some days after it was closed, and count them."""
    settings = context.settings
    if not settings.surveys or not context.calendar.is_open(now):
        return 0
    until = now - timedelta(days=settings.deadlines.survey_after_calendar_days)
    with context.store.reading() as tx:
        ids = caseload.to_be_graded(tx, since=until - _TRIED_FOR, until=until, limit=_CHUNK)
    return sum(_step(context, case_id, now, trouble=False) for case_id in ids)


def ask_for_trouble(context: Context, now: datetime) -> int:
    """Ask people, a month after their complaint was closed, whether all is well with them, and count them.

    Whom no message reaches, or who wanted to be called, the desk calls.
    """
    if not context.calendar.is_open(now):
        return 0
    until = now - timedelta(days=context.settings.deadlines.trouble_after_calendar_days)
    with context.store.reading() as tx:
        ids = caseload.to_be_asked_after(tx, since=until - _TRIED_FOR, until=until, limit=_CHUNK)
    return sum(_step(context, case_id, now, trouble=True) for case_id in ids)


def _step(context: Context, case_id: int, now: datetime, *, trouble: bool) -> int:
    with context.store.transaction() as tx:
        case = cases.by_id(tx, case_id, locked=True)
        if case.status is not Status.CLOSED or case.sensitive is not None:
            return 0
        work = Casework(context, tx, now)
        contact = work.contact_of(case)
        return _ask_about_trouble(work, case, contact) if trouble else _ask_for_grade(work, case, contact)


def _ask_for_grade(work: Casework, case: CaseRecord, contact: Contact | None) -> int:
    person = people.by_id(work.tx, case.person_id)
    if contact is None or not person.surveys or _waits(work.tx, contact, work.now):
        return 0
    language = work.voice.language_of(contact)
    labels = tuple(say(f"button_{grade}", language) for grade in satisfaction.GRADES)
    kind, choices = satisfaction.KIND, satisfaction.GRADES
    work.ask(contact, kind, "satisfaction", case=case, choices=choices, labels=labels)
    return 1


def _ask_about_trouble(work: Casework, case: CaseRecord, contact: Contact | None) -> int:
    """Ask, in words that betray no case on a shared phone; or let the desk call."""
    by_call = contact is None or case.call_wanted_at is not None or case.call_hours is not None
    if not by_call and contact is not None and _waits(work.tx, contact, work.now):
        return 0
    values = {"call_wanted_at": work.now, "called_at": None} if by_call else {}
    case = work.change(case, trouble_asked_at=work.now, **values)
    work.note(case, "case.trouble_asked", CLOCK, by="call" if by_call else "message")
    if by_call:
        work.voice.tell_level(Level.DESK, "desk_trouble_call", case=case)
    elif contact is not None:
        work.ask(contact, satisfaction.TROUBLE, "trouble_question", case=case, choices=satisfaction.WELL)
    return 1


def _waits(tx: Tx, contact: Contact, now: datetime) -> bool:
    """Tell whether nothing is asked now: she wants no messages, cannot be reached, or another question is open."""
    if contact.stopped_at is not None or contact.blocked_at is not None:
        return True
    opened = questions.open_of(tx, contact.id)
    return opened is not None and opened.expires_at > now
