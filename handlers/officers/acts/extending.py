"""Putting a deadline off: so many days, twice at most, with a reason that the person is told."""

import re

from domain.lifecycle import Act, after
from domain.texts.digits import to_ascii_digits
from handlers.officers.acts.answering import too_long
from handlers.officers.duty import Duty
from storage.queries.casework.cases import CaseRecord

MOST = 2
"""So often a deadline may be put off, over all the levels of a case."""
_DAYS_AND_REASON = re.compile(r"(\d{1,3})\D?\s+(\S.*)", re.DOTALL)


def extend(duty: Duty, case: CaseRecord, words: str) -> None:
    """Put a case's deadline off by `DAYS REASON`. Raises `Refused`.

    At most by as many working days as the level has, and never where nothing may be sent to the person.
    """
    given = _DAYS_AND_REASON.fullmatch(to_ascii_digits(words[:4]) + words[4:])
    most = case.steps[min(case.rung, len(case.steps) - 1)].days
    if case.sensitive is not None:
        duty.tell("officer_extend_sensitive", case=case, ref=case.reference)
    elif given is None or not 1 <= int(given[1]) <= most:
        duty.tell("officer_extend_days", case=case, ref=case.reference, most=most)
    else:
        after(case.status, Act.EXTEND)
        _extend(duty, case, int(given[1]), given[2].strip())


def _extend(duty: Duty, case: CaseRecord, days: int, reason: str) -> None:
    if case.extended >= MOST or case.due_at is None:
        duty.tell("officer_extend_no_more", case=case, ref=case.reference, most=MOST)
        return
    due = duty.context.calendar.deadline(max(case.due_at, duty.now), days)
    day = duty.voice.day(due)
    if too_long(duty, case, "extended", reason, day=day):
        return
    case = duty.work.change(case, extended=case.extended + 1, **duty.work.new_deadline(due))
    duty.work.note(case, "case.extended", duty.actor, personal=reason, days=days)
    contact = duty.work.contact_of(case)
    if contact is not None:
        leaves = duty.work.answer_leaves_at(case, contact)
        duty.voice.tell(
            contact, "extended", case=case, kind="officer", due_at=leaves, ref=case.reference, text=reason, day=day
        )
    duty.tell("officer_extended", case=case, ref=case.reference, day=day, left=MOST - case.extended)
