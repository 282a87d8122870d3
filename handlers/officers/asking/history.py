"""What an officer reads of the cases before an appeal: the words, the notes, and what came with them."""

from collections.abc import Callable, Iterable, Iterator

from handlers.cases import who_wrote
from handlers.officers.duty import Duty
from storage.queries import audit
from storage.queries.casework import cases, duplicates
from storage.queries.casework.cases import CaseRecord
from storage.queries.persons import attachments, messages
from storage.queries.persons.messages import MessageRecord
from wording import say

_MOST = 3

Shown = Callable[[Duty, MessageRecord], Iterable[str]]


def before(duty: Duty, case: CaseRecord, shown: Shown) -> list[str]:
    """Return what is shown of the cases that this one takes up again, the oldest first; `shown` words one message.

    Not of one that is hidden from the reader for what it is: what is sensitive stays with its focal points.
    """
    found: list[CaseRecord] = []
    while case.parent_id is not None and len(found) < _MOST:
        parent = cases.by_id(duty.tx, case.parent_id)
        if (parent.sensitive is None) != (case.sensitive is None):
            break
        found.append(parent)
        case = parent
    return [line for parent in reversed(found) for line in _of(duty, parent, shown)]


def merged(duty: Duty, case: CaseRecord, shown: Shown) -> list[str]:
    """Return the words of the cases that were added to this one, where its reader may see them."""
    lines: list[str] = []
    for each in duplicates.added_to(duty.tx, case.id):
        if each.sensitive is None:
            lines.append(say("officer_words_merged", duty.language, ref=each.reference))
            said = (message for message in messages.of_case(duty.tx, each.id) if messages.is_conversation(message))
            lines += [line for message in said if message.text for line in shown(duty, message)]
    return lines


def _of(duty: Duty, case: CaseRecord, shown: Shown) -> Iterator[str]:
    yield say("officer_words_before", duty.language, ref=case.reference)
    for message in who_wrote.veiled(duty.context, duty.tx, case, messages.of_case(duty.tx, case.id)):
        if messages.is_conversation(message) and message.text:
            yield from shown(duty, message)
    for note in audit.notes_of(duty.tx, case.id):
        yield say("officer_words_note", duty.language, text=note)
    files = len(attachments.of_case(duty.tx, case.id))
    if files:
        yield say("officer_words_files", duty.language, count=files)
