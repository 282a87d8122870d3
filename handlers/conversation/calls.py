"""Missed calls: one is a wish to be called back, answered once; a number withdraws it, words or an hour add to it."""

from datetime import datetime, timedelta

from domain.lifecycle import Act, CaseKind, Outcome, Status, after
from domain.settings import Level
from handlers.cases.caseacts import Actor
from handlers.cases.casework import Opening
from handlers.conversation.asking import shared_phone
from handlers.conversation.talk import Talk
from storage.queries import areas
from storage.queries.casework import cases
from storage.queries.casework.cases import CaseRecord
from storage.queries.persons import messages, people
from storage.queries.staffing import staff
from wording import say

KIND = "call"
"""The question whether she wants the call, and the kind of the messages that stand for calls."""
_CALL, _NO_CALL = "call", "no_call"
_NO_WORDS = frozenset({KIND, "answer"})
_PERSON = Actor("person")


def handle(talk: Talk) -> None:
    """Let a missed call join a case, or make one that the desk calls back for, and say so once in a while.

    An officer's call is kept and nothing else. Whoever asked for silence gets no answer, since a call is not writing; the
    desk is told to take care.
    """
    if _is_officer(talk):
        _keep(talk, None)
        return
    talk = talk.with_person()
    case = _case_of(talk)
    told = messages.said_since(talk.tx, talk.contact.id, "missed_call", _window(talk)) > 0
    case = _begin(talk) if case is None else _join(talk, case)
    if not told:
        day = talk.voice.day(max(case.answer_by, case.due_at or case.answer_by))
        talk.work.ask(talk.contact, KIND, "missed_call", case=case, choices=[_CALL, _NO_CALL], day=day)


def answered(talk: Talk, case: CaseRecord, choice: str) -> None:
    """Withdraw the wish to be called, where she says so.

    A case in which there is nothing but calls is closed as withdrawn, through resolved as the lifecycle has it and on her
    own word; one in which she wrote something goes on without the call.
    """
    if choice == _NO_CALL and case.is_open:
        talk.work.note(case, "case.call_unwanted", _PERSON)
        if case.sensitive is None and _only_calls(talk, case):
            _withdraw(talk, case)
        else:
            _keep(talk, case, "no_call_note")
            talk.work.change(talk.work.person_wrote(case), call_hours=None, call_wanted_at=None)
    talk.tell("noted", case=case)


def want(talk: Talk, case: CaseRecord, hours: tuple[int, int] | None = None) -> CaseRecord:
    """Note that she wants to be called, between some hours where she named them; a call made before does not count."""
    if case.call_wanted_at is None or case.called_at is not None:
        case = talk.work.change(case, call_wanted_at=talk.now, called_at=None)
    return case if hours is None else talk.work.change(case, call_hours=list(hours))


def is_bare(case: CaseRecord) -> bool:
    """Tell whether nothing is known of a case but that somebody called."""
    unread = case.with_desk and case.sensitive is None and case.is_open
    return unread and case.kind is CaseKind.QUESTION and case.category is None


def _case_of(talk: Talk) -> CaseRecord | None:
    """Return the open case that a call belongs to, locked.

    A sensitive one comes first, so that those call who know of it and not the desk; then the one she wrote to within the
    time in which texts join, or that waits for her; then one that is but a call nobody has returned yet.
    """
    askable = cases.askable_from(talk.tx, talk.contact.id)
    mine = [case for case in askable if case.is_open and case.contact_point_id == talk.contact.id]
    since = _window(talk)
    found = (
        [case for case in mine if case.sensitive is not None]
        or [case for case in mine if case.last_inbound_at >= since or case.status is Status.AWAITING]
        or [case for case in mine if is_bare(case)]
    )
    return cases.by_id(talk.tx, found[0].id, locked=True) if found else None


def _begin(talk: Talk) -> CaseRecord:
    """Make a case of a call: nobody knows yet what it is about, so the desk calls before anybody in the area sees it."""
    assert talk.contact.person_id is not None
    opening = Opening(kind=CaseKind.QUESTION, category=None, anonymous=shared_phone.is_unclear(talk))
    case = talk.work.open(opening, person_id=talk.contact.person_id, contact=talk.contact, actor=_PERSON)
    known = people.by_id(talk.tx, talk.contact.person_id).area_id
    area = areas.by_id(talk.tx, known) if known is not None else None
    case = talk.work.change(
        case,
        with_desk=True,
        call_wanted_at=talk.now,
        due_at=talk.context.calendar.deadline(talk.now, talk.context.settings.deadlines.desk_days),
        area_id=area.id if area else None,
        area_path=area.path if area else None,
    )
    _keep(talk, case)
    talk.work.note(case, "case.call_wanted", _PERSON)
    key = "desk_call_back" if talk.contact.stopped_at is None else "desk_call_back_stopped"
    talk.voice.tell_level(Level.DESK, key, case=case)
    return case


def _join(talk: Talk, case: CaseRecord) -> CaseRecord:
    _keep(talk, case)
    talk.work.note(case, "case.call_wanted", _PERSON)
    return want(talk, talk.work.person_wrote(case))


def _withdraw(talk: Talk, case: CaseRecord) -> None:
    taken_by = case.taken_by
    talk.work.withdraw_notices(case)
    case = talk.work.change(
        case,
        status=after(after(case.status, Act.RESOLVE), Act.SOLVED),
        outcome=Outcome.WITHDRAWN.value,
        resolved_at=talk.now,
        closed_at=talk.now,
        confirmed=True,
        due_at=None,
        remaining_days=None,
    )
    talk.work.note(case, "case.closed", _PERSON, confirmed=True, outcome=Outcome.WITHDRAWN.value)
    if taken_by is not None:
        talk.voice.tell_staff(taken_by, "officer_call_off", case=case)


def _only_calls(talk: Talk, case: CaseRecord) -> bool:
    theirs = (message for message in messages.of_case(talk.tx, case.id) if message.direction == "in")
    return all(message.kind in _NO_WORDS for message in theirs)


def _keep(talk: Talk, case: CaseRecord | None, key: str = "missed_call_note") -> None:
    """Keep a call in the conversation under words of ours, in the language of the project, for those who read the case."""
    messages.add(
        talk.tx,
        text=say(key, talk.context.settings.default_language),
        sealed=case is not None and case.sensitive is not None,
        direction="in",
        contact_point_id=talk.contact.id,
        person_id=talk.contact.person_id,
        case_id=case.id if case else None,
        kind=KIND,
        state="received",
        gateway=talk.item.gateway,
        channel=talk.item.channel.value,
        provider_id=talk.item.message_id or talk.item.provider_id,
        at=talk.now,
    )


def _is_officer(talk: Talk) -> bool:
    record = staff.by_id(talk.tx, talk.contact.staff_id) if talk.contact.staff_id is not None else None
    return record is not None and record.active


def _window(talk: Talk) -> datetime:
    return talk.now - timedelta(minutes=talk.context.settings.deadlines.join_minutes)
