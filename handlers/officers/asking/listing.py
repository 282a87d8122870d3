"""Rows of a list of cases, each with the officer's own number for it: the same in every list, in few queries."""

from collections.abc import Sequence

from domain.sending.segments import count_segments
from handlers.cases.who_wrote import is_hidden
from handlers.officers.duty import Duty
from handlers.places import short_places
from storage.queries.casework import case_numbers
from storage.queries.casework.cases import CaseRecord
from wording import say

_CALL = " ☎"
SMS_SEGMENTS = 2
"""How long an answer to an officer by SMS may be."""


def as_list(duty: Duty, title: str, found: Sequence[CaseRecord], count: int) -> str:
    """Return a list under its title, with how many more there are; by SMS as many rows as two segments hold."""
    listed = rows(duty, found)
    text = _joined(duty, title, listed, count)
    while duty.by_sms and len(listed) > 1 and count_segments(text).segments > SMS_SEGMENTS:
        listed.pop()
        text = _joined(duty, title, listed, count)
    return text


def _joined(duty: Duty, title: str, listed: Sequence[str], count: int) -> str:
    lines = [title, *listed]
    if count > len(listed):
        lines.append(say("officer_list_more", duty.language, count=count - len(listed)))
    return "\n".join(lines)


def _call_wanted(case: CaseRecord) -> bool:
    """Tell whether an officer is to call: not where she hid her name, whom only the desk calls."""
    wanted = case.call_wanted_at is not None and case.called_at is None
    return wanted and case.is_open and not is_hidden(case)


def rows(duty: Duty, found: Sequence[CaseRecord]) -> list[str]:
    """Return a line for each case: number, category, day; by Telegram reference and place too."""
    language = duty.language
    numbers = case_numbers.numbers_for(duty.tx, duty.staff.id, [case.id for case in found])
    places = short_places(duty.tx, [case.area_path for case in found], language)
    key = "officer_cases_row_sms" if duty.by_sms else "officer_cases_row"
    mark = "officer_overdue_mark_sms" if duty.by_sms else "officer_overdue_mark"
    lines = []
    for case in found:
        late = case.is_open and case.due_at is not None and case.due_at < duty.now
        lines.append(
            say(
                key,
                language,
                number=numbers[case.id],
                mark=(say(mark, language) if late else "") + (_CALL if _call_wanted(case) else ""),
                ref=case.reference,
                category=say(f"category_{case.category or 'none'}", language),
                place=places[case.area_path],
                day=duty.voice.day(case.due_at or case.answer_by),
            )
        )
    return lines
