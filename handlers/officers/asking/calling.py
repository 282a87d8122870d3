"""Calling people back, and telling in person: who wants to be called and when, that it was done, and whose case it is."""

from datetime import timedelta

from domain.settings import Level
from handlers.cases.who_wrote import is_hidden, number_of
from handlers.officers.asking.listing import rows
from handlers.officers.duty import Duty
from storage.queries import console_lists
from storage.queries.casework.cases import CaseRecord
from wording import say

LISTED = "calls"
STAYS = timedelta(minutes=10)
"""How long a name or a number stays in an officer's chat."""
_ROWS, _ROWS_SMS = 10, 3


def wants_call(case: CaseRecord) -> bool:
    """Tell whether a case's person wants to be called and was not yet."""
    return case.is_open and (case.call_wanted_at is not None or case.call_hours is not None) and case.called_at is None


def show(duty: Duty) -> None:
    """List whom to call, oldest first, with hours, language and, not by SMS, the number.

    Those who hid their names stand on the desk's list alone.
    """
    desk = Level.DESK in duty.staff.levels
    found = [each for each in console_lists.to_call(duty.tx, duty.staff.posts, 100) if desk or not is_hidden(each)]
    shown = found[: _ROWS_SMS if duty.by_sms else _ROWS]
    if not shown:
        duty.tell("officer_calls_none")
        return
    listed = [f"{row} · {_how(duty, case)}".rstrip(" ·") for row, case in zip(rows(duty, shown), shown, strict=True)]
    title = say("officer_calls_title", duty.language, count=len(found))
    message_id = duty.send("\n".join([title, *listed]), key="officer_calls", protect=True)
    if message_id is not None:
        duty.voice.delete_later(duty.contact, message_id, at=duty.now + STAYS)


def called(duty: Duty, case: CaseRecord, words: str) -> None:
    """Note that a person was called, and what was said."""
    duty.work.change(case, called_at=duty.now, **duty.work.answered(case))
    duty.work.note(case, "case.called", duty.actor, personal=words or None)
    duty.tell("officer_called", case=case, ref=case.reference)


def told(duty: Duty, case: CaseRecord, words: str) -> None:
    """Note that a person without a phone was told in person."""
    first = duty.work.answered(case)
    if first:
        duty.work.change(case, **first)
    duty.work.note(case, "case.told_in_person", duty.actor, personal=words or None)
    duty.tell("officer_told", case=case, ref=case.reference)


def _how(duty: Duty, case: CaseRecord) -> str:
    hours = "–".join(str(hour) for hour in case.call_hours or ())
    spoken = console_lists.callees(duty.tx, {case.id})[case.id].spoken_language
    number = None if duty.by_sms else number_of(duty.tx, case)
    return " · ".join(part for part in (hours, spoken, number) if part)
