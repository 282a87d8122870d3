"""What an officer asks for that is not about one case: the list, the language, logging somebody, a broadcast."""

from domain.ports import Button
from domain.reading import Language
from domain.settings import LADDER_LEVELS
from handlers import broadcasts
from handlers.incoming import intake_in_person
from handlers.incoming.intake_in_person import Spoken
from handlers.officers.asking import calling
from handlers.officers.asking.listing import as_list
from handlers.officers.commands import LISTS, Command, Given, language_named, words_of
from handlers.officers.duty import Duty
from storage.queries import areas
from storage.queries.areas import AreaRecord
from storage.queries.casework import caseload
from storage.queries.persons import contacts
from wording import say

_ROWS, _ROWS_ALL, _ROWS_SMS = 10, 40, 4


def show_cases(duty: Duty, given: Given) -> None:
    """List the officer's cases, the most urgent first, with the short numbers that stand for their references."""
    only = LISTS.get(given.words, "open")
    if only == calling.LISTED:
        calling.show(duty)
        return
    limit = _ROWS_SMS if duty.by_sms else _ROWS_ALL if only == "all" else _ROWS
    found = caseload.list_visible(duty.tx, duty.staff.posts, only=only, now=duty.now, limit=limit)
    count = caseload.count_visible(duty.tx, duty.staff.posts, duty.now)
    if not found and not count.open:
        duty.tell("officer_cases_none")
        return
    title = say("officer_cases_title", duty.language, count=count.open, overdue=count.overdue)
    every = {"open": count.open, "overdue": count.overdue, "new": count.new}.get(only, len(found))
    duty.send(as_list(duty, title, found, every), key="officer_cases")


def choose_language(duty: Duty, given: Given) -> None:
    """Speak the language that is named from now on; else offer all, each in its own name: as buttons, by SMS to write."""
    chosen = language_named(given.words)
    if chosen is not None:
        contacts.change(duty.tx, duty.contact.id, language=chosen.value)
        speak(duty, chosen)
        return
    names = {each: say(f"language_{each}", each) for each in Language}
    row = tuple(Button(name, f"l:{each}") for each, name in names.items())
    word = words_of(Command.LANGUAGE, duty.language)[0]
    duty.tell("officer_language", buttons=(row,), options=", ".join(f"{word} {name}" for name in names.values()))


def speak(duty: Duty, language: Language) -> None:
    """Say in the chosen language that it is spoken from now on."""
    duty.send(say("officer_language_set", language), key="officer_language_set")


def log_in_person(duty: Duty, given: Given) -> None:
    """Make a case of what somebody said in person, who need not have a phone."""
    spoken = Spoken(
        words=given.words,
        staff_id=duty.staff.id,
        language=duty.language,
        channel=duty.contact.channel,
        area=_own_area(duty),
    )
    case = intake_in_person.take_down(duty.work, spoken, duty.actor)
    if caseload.find_visible(duty.tx, duty.staff.posts, case_id=case.id) is None:
        duty.tell("officer_logged_only", ref=case.reference)
        return
    duty.tell("officer_logged", case=case, ref=case.reference, day=duty.voice.day(case.answer_by))


def broadcast(duty: Duty, given: Given) -> None:
    """Show what a broadcast to an area would be, with Send and Cancel."""
    broadcasts.preview_by_command(duty, given.words)


def _own_area(duty: Duty) -> AreaRecord | None:
    own = [post.area_id for post in duty.staff.posts if post.level in LADDER_LEVELS and post.area_id is not None]
    return areas.by_id(duty.tx, own[0]) if own else None
