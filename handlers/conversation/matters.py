"""What a person has to say: it makes a case at once, or joins the one she has just begun; then comes the receipt."""

from dataclasses import replace
from datetime import timedelta

from domain.lifecycle import CaseKind, Status
from domain.reading import Category, Intent, Reading
from domain.settings import Level
from handlers import faq, information
from handlers.cases import conflicts, hazards, safeguarding
from handlers.cases.caseacts import MACHINE, Actor
from handlers.cases.casework import Opening, next_level
from handlers.conversation import behalf, calls, privacy
from handlers.conversation.asking import same_matter, shared_phone, which_matter
from handlers.conversation.talk import Talk
from handlers.incoming import joining
from handlers.places import find_places
from storage.queries import areas
from storage.queries.areas import AreaRecord
from storage.queries.casework import cases
from storage.queries.casework.cases import CaseRecord
from storage.queries.faq import UseRecord
from storage.queries.persons import contacts, messages, people, questions
from storage.queries.staffing import staff
from understanding.hours import call_hours
from understanding.wishes.hiding import hides_name
from understanding.wishes.speaking import cannot_read, spoken_language
from wording import say

_KINDS = {
    Intent.COMPLAINT: CaseKind.COMPLAINT,
    Intent.QUESTION: CaseKind.QUESTION,
    Intent.FEEDBACK: CaseKind.FEEDBACK,
    Intent.HUMAN: CaseKind.QUESTION,
}
PERSON = Actor("person")


def handle(talk: Talk, reading: Reading) -> None:
    """Let a text join its case, answer a question that can be answered, or make a case and send the receipt."""
    talk = talk.with_person()
    joined = case_to_join(talk, reading)
    called = joined if joined is not None and calls.is_bare(joined) else None
    if joined is not None and called is None:
        join(talk, joined, reading, hours=call_hours(talk.text))
    elif reading.intent is Intent.QUESTION and not reading.sensitive and information.answer(talk, reading):
        talk.keep(reading=reading)
    elif reading.intent is not Intent.QUESTION or not _answered(talk, reading):
        case = begin(talk, reading) if called is None else _first_words(talk, called, reading)
        receipt(talk, case, reading)


def _answered(talk: Talk, reading: Reading) -> bool:
    """Answer a question from the staff's list, where an entry fits; one that was answered in vain becomes a case."""
    entry = faq.fitting(talk, reading)
    if entry is None:
        return False
    in_vain = faq.answer(talk, reading, entry)
    if in_vain is not None:
        answered_in_vain(talk, reading, in_vain)
    return True


def _first_words(talk: Talk, case: CaseRecord, reading: Reading) -> CaseRecord:
    """Take the first words after a missed call for what its case is about; the desk still reads it first."""
    join(talk, case, reading, hours=call_hours(talk.text), quietly=True)
    return take_for_first(talk, cases.by_id(talk.tx, case.id), reading)


def take_for_first(talk: Talk, case: CaseRecord, reading: Reading) -> CaseRecord:
    """Take words for what a case is about that began without any; who has it does not change."""
    case = talk.work.change(case, kind=_KINDS.get(reading.intent, CaseKind.COMPLAINT))
    if case.sensitive is None and reading.category is not None:
        return talk.work.recategorise(case, reading.category, MACHINE)
    return talk.work.change(case, category=reading.category)


def answered_in_vain(talk: Talk, reading: Reading, use: UseRecord) -> None:
    """Make a case of a question whose ready answer did not help, as words say that belong to that case too."""
    faq.did_not_help(talk, use)
    message_id = talk.keep(reading=reading)
    not_helped(talk, use.message_id, use.code)
    asked = messages.by_id(talk.tx, use.message_id)
    assert asked is not None
    assert asked.case_id is not None
    messages.move_to_case(talk.tx, [message_id], asked.case_id)
    if cases.by_id(talk.tx, asked.case_id).sensitive is not None:
        messages.seal_case(talk.tx, asked.case_id, sealed=True)


def not_helped(talk: Talk, message_id: int, code: str) -> None:
    """Make a case of a question whose ready answer did not help, unless it is one already, and send the receipt."""
    asked = messages.by_id(talk.tx, message_id)
    assert asked is not None
    if asked.case_id is not None:
        talk.tell("noted")
        return
    talk = replace(talk, text=asked.text)
    reading = talk.context.read(talk.text, talk.language)
    reading = replace(reading, intent=Intent.QUESTION, category=reading.category or Category.OTHER)
    case = begin(talk, reading, kept=message_id)
    talk.work.note(case, "case.answer_did_not_help", PERSON, faq=code)
    receipt(talk, case, reading)


def wants_call(talk: Talk, reading: Reading) -> None:
    """Take a wish to be called, in the case that is going on or in a new one, and ask when it suits."""
    talk = talk.with_person()
    hours = call_hours(talk.text)
    joined = case_to_join(talk, reading)
    if joined is not None and hours is not None:
        join(talk, joined, reading, hours=hours)
        return
    case = joined or begin(talk, reading, hours=hours)
    if joined is not None:
        join(talk, joined, reading, quietly=True)
    case = calls.want(talk, cases.by_id(talk.tx, case.id), hours)
    key = "receipt_known_place" if hours else "human"
    day = talk.voice.day(case.answer_by)
    if hours:
        talk.tell(key, case=case, ref=case.reference, day=day)
    else:
        talk.work.ask(talk.contact, "hours", key, case=case, choices=[], day=day)
    first_notice(talk, case)
    if joined is None:
        shared_phone.ask_whose(talk, case)


def thanks(talk: Talk, reading: Reading) -> None:
    """Keep thanks with the case that they are for, where there is one; they make no case."""
    mine = shared_phone.hers(talk, cases.askable_from(talk.tx, talk.contact.id))
    case = next((each for each in mine if each.sensitive is None), None)
    talk.keep(case=case, reading=reading)
    talk.tell("noted", case=case)


def unclear(talk: Talk, reading: Reading) -> None:
    """Keep what cannot be read on the desk's unsorted list, and send the menu; right after a case it belongs to that.

    What names somebody of the desk becomes a case: it is kept from him, as no list could be.
    """
    if talk.contact.person_id is not None:
        joined = case_to_join(talk.with_person(), reading)
        if joined is not None:
            join(talk, joined, reading)
            return
    if names_desk(talk, reading):
        talk = talk.with_person()
        about = replace(reading, intent=Intent.COMPLAINT, category=Category.OTHER, categories=(Category.OTHER,))
        receipt(talk, begin(talk, about, with_desk=True))
        return
    talk.keep(reading=reading, kind="unsorted")
    talk.tell("menu")


def names_desk(talk: Talk, reading: Reading) -> bool:
    """Tell whether a text names somebody of the desk."""
    named = conflicts.found_in(talk.tx, talk.text, reading, area=None, complaint=True).staff
    found = [staff.by_id(talk.tx, staff_id) for staff_id in named]
    return any(each is not None and Level.DESK in each.levels for each in found)


def case_to_join(talk: Talk, reading: Reading) -> CaseRecord | None:
    """Return the case that a text belongs to: the one just begun, unless an officer took it, or one that waits for her.

    Neither where the text names another reference, nor where it may report harm and the case is one that officers see.
    What she writes while a decision is still held joins its case: she knows nothing of it, and it may be taken back.
    """
    assert talk.contact.person_id is not None
    since = talk.now - timedelta(minutes=talk.context.settings.deadlines.join_minutes)
    person_id, contact_id = talk.contact.person_id, talk.contact.id
    found = cases.recent(
        talk.tx, person_id=person_id, contact_id=contact_id, since=since, sensitive=reading.sensitive
    ) or cases.recent(talk.tx, person_id=person_id, contact_id=contact_id, since=since)
    held = found is not None and found.status is Status.RESOLVED and _is_decision_held(talk, found)
    if found is None or (found.taken_by is not None and not held):
        found = cases.awaiting(talk.tx, person_id=person_id, contact_id=contact_id)
    if found is None or (found.status is Status.RESOLVED and not held):
        return None
    if found.sensitive is None and reading.reference not in (None, found.reference):
        return None
    if found.sensitive is None and is_for_another(talk, found, reading):
        return None
    if not fits(found, reading):
        return None
    return cases.by_id(talk.tx, found.id, locked=True)


def is_for_another(talk: Talk, case: CaseRecord, reading: Reading) -> bool:
    """Tell whether words are on a matter of somebody else's, for whom she writes, while the case is her own."""
    known = reading.category is None or reading.category.value in (case.category, Category.OTHER.value)
    return not (known or case.about_id is not None or behalf.says_only_so(talk.text)) and behalf.is_for_another(
        talk.text
    )


def _is_decision_held(talk: Talk, case: CaseRecord) -> bool:
    return questions.is_still_to_be_asked(talk.tx, case.id, talk.now)


def fits(case: CaseRecord, reading: Reading) -> bool:
    """Tell whether a text may join a case: nothing that may report harm joins what officers see.

    The other way round, what follows a report of harm belongs to it, unless it only asks for information.
    """
    if case.sensitive is not None:
        return reading.sensitive or reading.intent is not Intent.QUESTION
    if case.with_desk:
        return case.taken_by is None or not (reading.sensitive or reading.unsure_sensitive)
    return not (reading.sensitive or reading.unsure_sensitive)


def join(
    talk: Talk,
    case: CaseRecord,
    reading: Reading | None,
    *,
    hours: tuple[int, int] | None = None,
    quietly: bool = False,
) -> None:
    """Add a text to a case and say that it is noted."""
    talk.keep(case=case, reading=reading)
    case = talk.work.person_wrote(case)
    if hours is not None:
        case = calls.want(talk, case, hours)
    if not case.anonymous and hides_name(talk.text):
        case = talk.work.change(case, anonymous=True)
        talk.work.note(case, "case.made_anonymous", PERSON)
    learn_how_she_speaks(talk)
    case = behalf.heed(talk, case)
    if reading is not None and reading.sensitive and case.sensitive is None:
        case = talk.work.mark_sensitive(case, "unsorted", MACHINE)
    elif reading is not None:
        case = talk.work.heed_names(case, talk.text, reading)
    safeguarding.heed_danger(talk.work, case, talk.text)
    hazards.heed(talk.work, case, talk.text)
    if quietly:
        return
    _tell_whom_to_call(talk, case)
    if talk.hid_pin:
        talk.tell("pin_warning", case=case, ref=case.reference, day=talk.voice.day(case.answer_by))
    else:
        talk.tell("noted", case=case)


def begin(
    talk: Talk,
    reading: Reading,
    *,
    hours: tuple[int, int] | None = None,
    with_desk: bool = False,
    kept: int | None = None,
) -> CaseRecord:
    """Make a case of a text, in the area that is known or that the text names; `kept` is its message, if it has one.

    While it is not known who of a phone writes, nobody's name is shown with it, and it is asked about from there alone.
    """
    assert talk.contact.person_id is not None
    unclear_whose = shared_phone.is_unclear(talk)
    opening = Opening(
        kind=_KINDS.get(reading.intent, CaseKind.COMPLAINT),
        category=reading.category,
        categories=reading.categories,
        secondary=reading.secondary,
        sensitive="unsorted" if reading.sensitive else None,
        with_desk=with_desk or reading.unsure_sensitive,
        barred_to=conflicts.barred_to(reading),
        area=named_area(talk),
        call_hours=hours,
        anonymous=unclear_whose or hides_name(talk.text) or privacy.hid_lately(talk),
        reasons=reading.sensitive_reason if reading.sensitive else (),
        text=talk.text,
        reading=reading,
    )
    case = talk.work.open(opening, person_id=talk.contact.person_id, contact=talk.contact, actor=PERSON)
    case = behalf.heed(talk, case)
    if not unclear_whose:
        learn_how_she_speaks(talk)
        _let_her_other_accounts_ask(talk, case)
    if kept is None:
        talk.keep(case=case, reading=reading)
        return case
    messages.move_to_case(talk.tx, [kept], case.id)
    if case.sensitive is not None:
        messages.seal_case(talk.tx, case.id, sealed=True)
    return case


def _let_her_other_accounts_ask(talk: Talk, case: CaseRecord) -> None:
    """Let the status of a case be asked from every contact point of hers: those joined, or on a list."""
    assert talk.contact.person_id is not None
    for other in contacts.of_person(talk.tx, talk.contact.person_id):
        if other.id != talk.contact.id:
            cases.add_contact(talk.tx, case.id, other.id)


def receipt(talk: Talk, case: CaseRecord, reading: Reading | None = None) -> None:
    """Send the receipt, ask for the place where it is not known, and give the notice at first contact.

    Receipt and notice are the same to the letter for every case, sensitive or not. Where the reading was unsure what it
    is about, that is asked after them.
    """
    day = talk.voice.day(case.answer_by)
    if talk.hid_pin:
        talk.tell("pin_warning", case=case, ref=case.reference, day=day)
    elif case.area_id is not None:
        talk.work.ask(talk.contact, "hours", "receipt_known_place", case=case, day=day)
    else:
        kind = say(f"area_kind_{talk.context.settings.asked_level}", talk.language)
        talk.work.ask(talk.contact, "place", "receipt", case=case, choices=[], day=day, area_kind=kind)
    first_notice(talk, case)
    _tell_whom_to_call(talk, case)
    if case.barred_to >= 0 and case.sensitive is None:
        talk.tell("named_safe", case=case, level=say(f"level_{next_level(case)}", talk.language))
    if shared_phone.ask_whose(talk, case):
        return
    if reading is not None and same_matter.offer(talk, case, reading):
        return
    if reading is not None and which_matter.wanted(case, reading):
        which_matter.ask(talk, case, reading)


def _tell_whom_to_call(talk: Talk, case: CaseRecord) -> None:
    """Give the emergency number where her words speak of danger to a life, in an ordinary case."""
    if hazards.speaks_of_it(case, talk.text):
        talk.tell("life_danger", case=case, emergency=talk.context.settings.emergency_number)


def first_notice(talk: Talk, case: CaseRecord) -> None:
    """Tell at first contact who sees a message, how to hide one's name, and how to stop."""
    if talk.contact.noticed_at is None and talk.contact.blocked_at is None:
        contacts.change(talk.tx, talk.contact.id, noticed_at=talk.now)
        buttons = privacy.hide_button(talk.language)
        emergency = talk.context.settings.emergency_number
        talk.voice.tell(talk.contact, "notice", case=case, buttons=buttons, emergency=emergency)
        joining.offer(talk, case)


def learn_how_she_speaks(talk: Talk) -> None:
    """Keep what a text tells of how its person is spoken to: that she cannot read, or which language she speaks."""
    values: dict[str, object] = {"reads": False} if cannot_read(talk.text) else {}
    if (spoken := spoken_language(talk.text)) is not None:
        values["spoken_language"] = spoken
    if values and talk.contact.person_id is not None:
        people.change(talk.tx, talk.contact.person_id, **values)


def named_area(talk: Talk) -> AreaRecord | None:
    """Return the area that a text names, else the one where the person is known to live, or None."""
    named = find_places(talk.context, talk.tx, talk.text, whole=False)
    if len(named) == 1:
        return named[0]
    assert talk.contact.person_id is not None
    known = people.by_id(talk.tx, talk.contact.person_id).area_id
    return areas.by_id(talk.tx, known) if known is not None else None
