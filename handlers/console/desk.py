"""The desk's work at its page: reading what nobody else reads first, writing transcripts, and handing on."""

from dataclasses import dataclass
from datetime import datetime

from domain.lifecycle import Act, after
from domain.reading import Category, Language
from domain.settings import Level
from handlers.cases import who_wrote
from handlers.console import acting, case_pages
from handlers.console.acting import Done, PageDuty, Posted, Told
from handlers.console.case_pages import MOST, Row
from handlers.console.signing_in import Signed
from handlers.context import Context
from handlers.officers.acts import answering, sorting
from handlers.places import find_places, option_place
from storage.queries import areas, console_lists
from storage.queries.areas import AreaRecord
from storage.queries.casework import caseload
from storage.queries.casework.cases import CaseRecord
from storage.queries.console_lists import UnsortedRecord


@dataclass(frozen=True, slots=True)
class Unsorted:
    """A message of no case in the desk's list, by when it is to be read, and whether that has passed."""

    message: UnsortedRecord
    due_at: datetime
    late: bool


@dataclass(frozen=True, slots=True)
class DeskList:
    """All that waits for the desk, oldest first: cases to be read, messages of no case, and cases that lie with it.

    `to_agree` are cases whose decision waits for a second person.
    """

    to_read: tuple[Row, ...]
    unsorted: tuple[Unsorted, ...]
    at_desk: tuple[Row, ...]
    to_agree: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the desk says of a case: its category, and its place by name, or by the number of an area chosen from several."""

    category: Category | None
    place: str
    area_id: int | None


def waiting(context: Context, signed: Signed, *, language: Language, now: datetime) -> DeskList:
    """Return what waits for the desk."""
    posts = signed.only(Level.DESK).posts
    with context.store.reading() as tx:
        wanted = console_lists.to_agree(tx, posts, signed.staff.id, MOST)
        return DeskList(
            to_read=tuple(case_pages.rows(tx, console_lists.to_read(tx, posts, MOST), language, now)),
            unsorted=tuple(_dated(context, each, now) for each in console_lists.unsorted(tx, MOST)),
            at_desk=tuple(case_pages.rows(tx, console_lists.at_desk(tx, posts, MOST), language, now)),
            to_agree=tuple(case_pages.rows(tx, wanted, language, now)),
        )


def transcribe(context: Context, posted: Posted, reference: str, file_id: int, words: str) -> Done:
    """Keep what the desk heard or saw in a file: officers of the area read that, never the file."""

    def act(duty: PageDuty, case: CaseRecord) -> None:
        kept = console_lists.transcribe(duty.tx, file_id, case.id, words=words, staff_id=duty.staff.id, now=duty.now)
        if kept:
            duty.work.note(case, "case.transcribed", duty.actor, file=file_id)
            duty.told.append(Told("page_kept", ""))

    return acting.on_case(context, posted, reference, act)


def hand_on(context: Context, posted: Posted, reference: str, chosen: Chosen) -> tuple[Done, list[tuple[int, str]]]:
    """Say what a case is about and where it belongs, and give it to the officers there.

    Where several places have the name, nothing is done, and they are returned with their numbers to choose from. A case
    whose category is abuse goes to the focal points.
    """
    several: list[tuple[int, str]] = []

    def act(duty: PageDuty, case: CaseRecord) -> None:
        after(case.status, Act.TRANSFER)
        found = _places(duty, chosen)
        if len(found) > 1:
            several.extend((area.id, option_place(duty.tx, area, duty.language)) for area in found)
            duty.told.append(Told("page_which_place", ""))
            return
        if chosen.place and not found:
            duty.tell("officer_place_unknown", text=chosen.place)
            return
        _hand_on(duty, case, chosen.category, found[0] if found else None)

    return acting.on_case(context, posted, reference, act), several


def hand_over(context: Context, posted: Posted, reference: str) -> Done:
    """Give a case to the focal points: copies of notices are withdrawn, and who had read it is written down."""

    def act(duty: PageDuty, case: CaseRecord) -> None:
        seen = [staff_id for staff_id, _ in console_lists.readers(duty.tx, case.id)]
        duty.work.mark_sensitive(case, "unsorted", duty.actor)
        duty.work.note(case, "case.handed_over", duty.actor, read_by=seen)
        duty.tell("officer_marked_sensitive", ref=case.reference)

    return acting.on_case(context, posted, reference, act)


def take_back(context: Context, posted: Posted, reference: str, message_id: int) -> Done:
    """Take back words that are still held."""

    def act(duty: PageDuty, _case: CaseRecord) -> None:
        answering.take_back(duty, message_id)

    return acting.on_case(context, posted, reference, act)


def calls(
    context: Context, signed: Signed, *, language: Language, now: datetime
) -> list[tuple[Row, console_lists.Callee]]:
    """Return whom the desk has to call, oldest first, with the languages that each speaks."""
    with context.store.reading() as tx:
        found = case_pages.rows(tx, console_lists.to_call(tx, signed.only(Level.DESK).posts, MOST), language, now)
        spoken = console_lists.callees(tx, {row.case.id for row in found})
        return [(row, spoken[row.case.id]) for row in found]


def number_of(context: Context, posted: Posted, reference: str) -> tuple[Done, str | None]:
    """Return the number on which a person wants to be called, and note that it was shown; None where she does not."""
    number: list[str] = []

    def act(duty: PageDuty, case: CaseRecord) -> None:
        wanted = case.call_wanted_at is not None or case.call_hours is not None
        known = who_wrote.number_of(duty.tx, case) if wanted else None
        if known is not None:
            number.append(known)
            duty.work.note(case, "case.number_shown", duty.actor)

    return acting.on_case(context, posted, reference, act), next(iter(number), None)


def called(context: Context, posted: Posted, reference: str, words: str) -> Done:
    """Note that a person was called, and what was said."""

    def act(duty: PageDuty, case: CaseRecord) -> None:
        duty.work.change(case, called_at=duty.now)
        duty.work.note(case, "case.called", duty.actor, personal=words or None)
        duty.told.append(Told("page_kept", ""))

    return acting.on_case(context, posted, reference, act)


def _dated(context: Context, message: UnsortedRecord, now: datetime) -> Unsorted:
    due = context.calendar.deadline(message.at, context.settings.deadlines.desk_days)
    return Unsorted(message, due, due < now)


def _places(duty: PageDuty, chosen: Chosen) -> list[AreaRecord]:
    if chosen.area_id is not None:
        known = {area.id: area for area in areas.all_areas(duty.tx)}
        return [known[chosen.area_id]] if chosen.area_id in known else []
    return find_places(duty.context, duty.tx, chosen.place, whole=True) if chosen.place else []


def _hand_on(duty: PageDuty, case: CaseRecord, category: Category | None, area: AreaRecord | None) -> None:
    work = duty.work
    if category is not None and (category.value != case.category or case.category_by == "machine"):
        sorting.choose(duty, case, category)
        seen = caseload.find_visible(duty.tx, duty.staff.posts, case_id=case.id)
        if seen is None:
            return
        case = seen
    if case.with_desk:
        # The deadline of reading is over; what she was promised counts from here on.
        case = work.change(case, with_desk=False, **work.new_deadline(case.answer_by))
    work.note(case, "case.sorted", duty.actor)
    elsewhere = area is not None and area.id != case.area_id
    if area is None and case.area_id is not None:
        area = areas.by_id(duty.tx, case.area_id)
    if area is None:
        work.route(case)
        duty.told.append(Told("page_kept_at_desk", ""))
    else:
        work.put_in_area(case, area, duty.actor, from_the_start=elsewhere)
        duty.told.append(Told("page_handed_on", ""))
