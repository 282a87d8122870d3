"""What an officer reads of a case: its words, what was heard in its files, notes; so of cases before it and added to it."""

from collections.abc import Iterator

from domain.settings import Level
from handlers.cases import duplicates, who_wrote
from handlers.incoming.noted import found_in, in_short
from handlers.officers.duty import Duty
from storage.queries import audit, console_lists
from storage.queries.casework import cases
from storage.queries.casework.cases import CaseRecord
from storage.queries.persons import attachments, messages
from storage.queries.persons.messages import MessageRecord
from storage.queries.staffing import staff
from wording import say

_MOST = 3
_APART = frozenset({Level.DESK, Level.FOCAL})
_DECISIONS = frozenset({"decision", duplicates.SHARED})


def lines(duty: Duty, case: CaseRecord) -> list[str]:
    """Return all that is read of a case, in order: the cases before it, whose it is, its words, what was added, the notes."""
    return [
        *_before(duty, case),
        *who_wrote.lines(duty.tx, case, duty.language),
        *_said(duty, case),
        *_merged(duty, case),
        *_notes(duty, case),
    ]


def _before(duty: Duty, case: CaseRecord) -> list[str]:
    """Return what is shown of the cases that this one takes up again, the oldest first.

    Not of one that is hidden from the reader for what it is: what is sensitive stays with its focal points.
    """
    found: list[CaseRecord] = []
    while case.parent_id is not None and len(found) < _MOST:
        parent = cases.by_id(duty.tx, case.parent_id)
        if (parent.sensitive is None) != (case.sensitive is None):
            break
        found.append(parent)
        case = parent
    return [line for parent in reversed(found) for line in _of(duty, parent)]


def _merged(duty: Duty, case: CaseRecord) -> Iterator[str]:
    """Return the words of the cases that were added to this one, where its reader may see them."""
    for each in duplicates.added_to(duty.tx, case):
        if each.sensitive is None:
            yield say("officer_words_merged", duty.language, ref=each.reference)
            yield from _said(duty, each)


def _of(duty: Duty, case: CaseRecord) -> Iterator[str]:
    yield say("officer_words_before", duty.language, ref=case.reference)
    yield from _said(duty, case)
    yield from _decided_with_another(duty, case)
    yield from _notes(duty, case)
    files = len(attachments.of_case(duty.tx, case.id))
    if files:
        yield say("officer_words_files", duty.language, count=files)


def _decided_with_another(duty: Duty, case: CaseRecord) -> Iterator[str]:
    """Return the decision that the person was told of a case that had been added to another one."""
    other = duplicates.standing_for(duty.tx, case)
    if other is None or other.id == case.id:
        return
    for message in messages.of_case(duty.tx, other.id):
        if message.key in _DECISIONS and message.contact_point_id == case.contact_point_id:
            yield from _lines(duty, message)


def _said(duty: Duty, case: CaseRecord) -> Iterator[str]:
    """Return the conversation of a case, and what the desk wrote down of its files, which officers never get themselves."""
    heard = console_lists.transcripts(duty.tx, case.id)
    said = [each for each in messages.of_case(duty.tx, case.id) if messages.is_conversation(each)]
    for message in who_wrote.veiled(duty.context, duty.tx, case, said):
        if message.text:
            yield from _lines(duty, message)
        for text in heard.get(message.id, []):
            veiled = who_wrote.veil(duty.context, duty.tx, case, text)
            yield say("officer_words_heard", duty.language, text=veiled)


def _notes(duty: Duty, case: CaseRecord) -> Iterator[str]:
    """Return what officers noted of a case, and why they passed it on; nothing of the time in which it was sensitive.

    What the desk and focal points wrote, such as what a person said of trouble that somebody makes her, is for the desk.
    """
    remarks = audit.remarks_of(duty.tx, case.id, since_release=True)
    if Level.DESK not in duty.staff.levels:
        apart = staff.ever_of(duty.tx, _APART) if remarks else set()
        remarks = [each for each in remarks if each.staff_id not in apart]
    for remark in remarks:
        text = who_wrote.veil(duty.context, duty.tx, case, remark.text)
        yield say("officer_words_note", duty.language, text=text)


def _lines(duty: Duty, message: MessageRecord) -> Iterator[str]:
    """Return one message of a conversation as it is shown, and the days, sums and numbers that a person named in it."""
    theirs = message.direction == "in"
    yield say("officer_words_person" if theirs else "officer_words_you", duty.language, text=message.text)
    noted = in_short(found_in(duty.context, message.text, message.at)) if theirs else ""
    if noted:
        yield say("officer_words_noted", duty.language, noted=noted)
