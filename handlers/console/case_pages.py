"""What a page shows of a case: its words, files and transcripts, where it stands, and who has read it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.lifecycle import Act, allowed
from domain.reading import Language
from domain.settings import Level
from handlers.cases import duplicates
from handlers.cases.caseacts import Actor
from handlers.cases.casework import Casework
from handlers.console.signing_in import Signed
from handlers.context import Context
from handlers.places import short_place
from handlers.rounds import of_case
from storage.queries import audit, console_lists
from storage.queries.casework import caseload, second_looks
from storage.queries.casework.cases import CaseRecord
from storage.queries.console_lists import Callee, FileRecord
from storage.queries.persons import messages
from storage.store import Tx

MOST = 100
"""How many rows a list shows; what is older is shown first, so that nothing is pushed out of sight."""


@dataclass(frozen=True, slots=True)
class Row:
    """A case in a list. `late` tells that its deadline has passed, `files` which kinds of file it brought."""

    case: CaseRecord
    place: str
    late: bool
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One message of a conversation: hers, an officer's (`ours`), with files. `held` can still be taken back."""

    id: int
    ours: bool
    at: datetime
    text: str
    held: bool
    files: tuple[FileRecord, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who read the words of a case, and when last."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Note:
    """What a member of staff wrote on a case for those who have it too."""

    name: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """A decision that waits for a second person; `own` is what its reader proposed."""

    outcome: str
    words: str
    own: bool


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as its page shows it. `payment` is what it is about where that is one; `acts` are those its status allows.

    `proposed` is the decision that waits for a second person.
    """

    case: CaseRecord
    place: str
    payment: str | None
    late: bool
    lines: tuple[Line, ...]
    notes: tuple[Note, ...]
    readers: tuple[Reader, ...]
    taken_by: str | None
    callee: Callee
    acts: frozenset[Act]
    proposed: Proposed | None

    @property
    def wants_call(self) -> bool:
        """Tell whether its person wants to be called, and was not yet."""
        case = self.case
        return (case.call_wanted_at is not None or case.call_hours is not None) and case.called_at is None


def opened(
    context: Context, signed: Signed, level: Level, reference: str, *, language: Language, now: datetime
) -> CaseView | None:
    """Return a case as the holder of a level may read it, and note that it was read; None where there is none to see."""
    with context.store.transaction() as tx:
        case = caseload.find_visible(tx, signed.only(level).posts, reference=reference)
        if case is None:
            return None
        Casework(context, tx, now).note(case, "case.read", Actor("officer", signed.staff.id, "console"))
        return _view(tx, case, language, now, reader=signed.staff.id)


def rows(tx: Tx, found: Sequence[CaseRecord], language: Language, now: datetime) -> list[Row]:
    """Return cases as a list shows them."""
    places = console_lists.area_names(tx, {each.area_id for each in found if each.area_id is not None}, language.value)
    files = console_lists.kinds_of_files(tx, {each.id for each in found})
    return [
        Row(
            case=each,
            place=places.get(each.area_id or 0, ""),
            late=is_late(each, now),
            files=tuple(sorted(files.get(each.id, ()))),
        )
        for each in found
    ]


def is_late(case: CaseRecord, now: datetime) -> bool:
    """Tell whether an open case's deadline has passed."""
    return case.is_open and case.due_at is not None and case.due_at < now


def file_of(
    context: Context, signed: Signed, level: Level, reference: str, *, file_id: int, now: datetime
) -> tuple[bytes, str] | None:
    """Return bytes and type of a file of a case that the person may see, and note that it was opened; else None."""
    with context.store.transaction() as tx:
        case = caseload.find_visible(tx, signed.only(level).posts, reference=reference)
        found = console_lists.bytes_of(tx, file_id, case.id) if case is not None else None
        if case is not None and found is not None:
            actor = Actor("officer", signed.staff.id, "console")
            Casework(context, tx, now).note(case, "case.file_opened", actor, file=file_id)
        return found


def _view(tx: Tx, case: CaseRecord, language: Language, now: datetime, *, reader: int) -> CaseView:
    read = console_lists.readers(tx, case.id)
    taken = [case.taken_by] if case.taken_by is not None else []
    look = second_looks.open_of(tx, case.id)
    remarks = audit.remarks_of(tx, case.id, since_release=case.sensitive is None)
    wrote = (each.staff_id for each in remarks if each.staff_id is not None)
    names = console_lists.names_of(tx, {*taken, *wrote, *(staff_id for staff_id, _ in read)})
    return CaseView(
        case=case,
        place=short_place(tx, case.area_id, language) if case.area_id is not None else "",
        payment=of_case.worded(tx, case, language),
        late=is_late(case, now),
        lines=tuple(_lines(tx, case)),
        notes=tuple(Note(names.get(each.staff_id or 0, ""), each.at, each.text) for each in remarks),
        readers=tuple(Reader(names[staff_id], at) for staff_id, at in read),
        taken_by=names[case.taken_by] if case.taken_by is not None else None,
        callee=console_lists.callees(tx, {case.id})[case.id],
        acts=allowed(case.status),
        proposed=Proposed(look.outcome, look.words, look.proposed_by == reader) if look else None,
    )


def _lines(tx: Tx, case: CaseRecord) -> list[Line]:
    """Return the words of a case and of what was added to it; the files of the case itself."""
    files = console_lists.files_of_case(tx, case.id)
    theirs = {file.message_id for file in files}
    added = [each for each in duplicates.added_to(tx, case) if (each.sensitive is None) == (case.sensitive is None)]
    every = (message for each in (case, *added) for message in messages.of_case(tx, each.id))
    said = sorted((each for each in every if messages.is_conversation(each)), key=lambda each: each.id)
    return [
        Line(
            id=each.id,
            ours=each.direction == "out",
            at=each.at,
            text=each.text,
            held=each.direction == "out" and each.state == "queued",
            files=_of(files, each.id),
        )
        for each in said
        if each.text or each.id in theirs
    ]


def _of(files: Collection[FileRecord], message_id: int) -> tuple[FileRecord, ...]:
    return tuple(file for file in files if file.message_id == message_id)
