"""What an officer asks for that is not about one case: the list, help, the language, logging somebody, a broadcast."""

from dataclasses import replace

from domain.lifecycle import CaseKind
from domain.ports import Button
from domain.reading import CATEGORY_INTENTS, Category, Intent, Language
from domain.settings import LADDER_LEVELS
from handlers import broadcasts
from handlers.casework import Opening
from handlers.conflicts import barred_to
from handlers.officers.commands import LISTS, Given
from handlers.officers.duty import Duty
from handlers.places import find_places
from storage.queries import areas, cases, messages, people
from storage.queries.areas import AreaRecord
from understanding.pins import mask_pins
from wording import say

_ROWS, _ROWS_ALL, _ROWS_SMS = 10, 40, 4
_KINDS = {
    Intent.COMPLAINT: CaseKind.COMPLAINT,
    Intent.QUESTION: CaseKind.QUESTION,
    Intent.FEEDBACK: CaseKind.FEEDBACK,
}


def show_cases(duty: Duty, given: Given) -> None:
    """List the officer's cases, the most urgent first, with the short numbers that stand for their references."""
    only = LISTS.get(given.words, "open")
    limit = _ROWS_SMS if duty.by_sms else _ROWS_ALL if only == "all" else _ROWS
    found = cases.list_visible(duty.tx, duty.staff.posts, only=only, now=duty.now, limit=limit)
    if not found:
        duty.tell("officer_cases_none")
        return
    count, overdue = cases.count_visible(duty.tx, duty.staff.posts, duty.now)
    language = duty.language
    lines = [say("officer_cases_title", language, count=count, overdue=overdue)]
    key = "officer_cases_row_sms" if duty.by_sms else "officer_cases_row"
    for case in found:
        late = case.is_open and case.due_at is not None and case.due_at < duty.now
        lines.append(
            say(
                key,
                language,
                number=cases.number_for(duty.tx, duty.staff.id, case.id),
                mark=say("officer_overdue_mark", language) if late else "",
                **duty.voice.about(case, language),
            )
        )
    if only != "all" and count > len(found):
        lines.append(say("officer_cases_more", language, count=count - len(found)))
    duty.send("\n".join(lines), key="officer_cases")


def show_help(duty: Duty, _given: Given) -> None:
    """Say what an officer can write."""
    duty.tell("officer_help")


def ask_language(duty: Duty, _given: Given) -> None:
    """Offer the languages as buttons, each in its own name."""
    row = tuple(Button(say(f"language_{each}", each), f"l:{each}") for each in Language)
    duty.tell("officer_language", buttons=(row,))


def log_in_person(duty: Duty, given: Given) -> None:
    """Make a case of what somebody said in person, who need not have a phone."""
    text, _ = mask_pins(given.words)
    reading = duty.context.read(text, duty.language)
    if reading.intent not in CATEGORY_INTENTS:
        reading = replace(reading, intent=Intent.COMPLAINT, category=reading.category or Category.OTHER)
    opening = Opening(
        kind=_KINDS[reading.intent],
        category=reading.category,
        categories=reading.categories,
        sensitive="unsorted" if reading.sensitive else None,
        with_desk=reading.unsure_sensitive,
        barred_to=barred_to(reading),
        area=_area_of(duty, text),
        reasons=reading.sensitive_reason if reading.sensitive else (),
    )
    person = people.create(duty.tx, duty.now, language=reading.language.value)
    case = duty.work.open(opening, person_id=person, contact=None, actor=duty.actor)
    messages.add(
        duty.tx,
        text=text,
        sealed=case.sensitive is not None,
        direction="in",
        kind="in_person",
        case_id=case.id,
        person_id=person,
        staff_id=duty.staff.id,
        language=reading.language.value,
        state="received",
        channel=duty.contact.channel.value,
        at=duty.now,
    )
    if cases.find_visible(duty.tx, duty.staff.posts, case_id=case.id) is None:
        duty.tell("officer_logged_only", ref=case.reference)
        return
    duty.tell("officer_logged", case=case, ref=case.reference, day=duty.voice.day(case.answer_by))


def broadcast(duty: Duty, given: Given) -> None:
    """Show what a broadcast to an area would be, with Send and Cancel."""
    broadcasts.preview_by_command(duty, given.words)


def _area_of(duty: Duty, text: str) -> AreaRecord | None:
    named = find_places(duty.context, duty.tx, text, whole=False)
    if len(named) == 1:
        return named[0]
    own = [post.area_id for post in duty.staff.posts if post.level in LADDER_LEVELS and post.area_id is not None]
    return areas.by_id(duty.tx, own[0]) if own else None
