"""What became of a case: told only to a contact point of that case, and never of a sensitive one."""

from domain.lifecycle import Act, CaseKind, Status
from domain.reading import Category, Intent, Reading
from domain.texts.references import within_one_slip
from handlers.cases import conflicts, duplicates
from handlers.cases.caseacts import Actor
from handlers.cases.casework import Opening
from handlers.cases.conflicts import needs_two
from handlers.conversation import matters
from handlers.conversation.asking import shared_phone
from handlers.conversation.talk import Talk
from storage.queries import areas
from storage.queries.casework import cases
from storage.queries.casework.cases import CaseRecord
from understanding.wishes.answers import yes_or_no
from wording import say

_SURE_YES = 0.8


def handle(talk: Talk, reading: Reading) -> None:
    """Tell where a case stands, where reference and contact point belong together; else the same neutral answer."""
    talk.keep(reading=reading)
    if reading.reference is None:
        talk.tell("status_ask_reference", prefix=talk.context.settings.prefix)
        return
    mine = [case for case in cases.askable_from(talk.tx, talk.contact.id) if case.sensitive is None]
    case = next((each for each in mine if each.reference == reading.reference), None)
    if case is not None:
        tell(talk, case)
        return
    meant = [each for each in mine if within_one_slip(reading.reference, each.reference)]
    if not reading.reference_valid and len(meant) == 1:
        talk.work.ask(talk.contact, "slip", "reference_slip", case=meant[0], choices=["yes", "no"])
    else:
        talk.tell("status_other_phone")


def tell(talk: Talk, case: CaseRecord) -> None:
    """Say where one's own case stands; one that was added to another stands where that does."""
    ref, standing = case.reference, duplicates.standing_for(talk.tx, case)
    if standing is None:
        talk.tell("status_other_phone")
        return
    case = standing
    key = {Status.RESOLVED: "status_resolved", Status.CLOSED: "status_closed"}.get(case.status, "status_open")
    level = say(f"level_{case.level}", talk.language)
    due = case.due_at or case.answer_by
    day = talk.voice.day(max(due, case.answer_by) if case.rung == 0 else due)
    talk.tell(key, case=case, ref=ref, level=level, day=day)


def solved_or_not(talk: Talk, reading: Reading) -> None:
    """Take "solved" or "not solved" about a resolved case that is named, or the only one there is."""
    own = shared_phone.hers(talk, cases.askable_from(talk.tx, talk.contact.id))
    mine = [case for case in own if case.sensitive is None]
    named = [case for case in mine if case.reference == reading.reference]
    resolved = named or [case for case in mine if case.status is Status.RESOLVED]
    if not resolved and reading.intent is Intent.NO:
        resolved = [case for case in mine if may_be_appealed(talk, case)]
    if reading.reference is not None and not named:
        handle(talk, reading)
    elif len(resolved) != 1 and _means_something_else(talk, reading):
        matters.unclear(talk, reading)
    elif len(resolved) != 1:
        talk.keep(reading=reading)
        talk.tell("noted" if reading.intent is Intent.YES else "menu")
    else:
        case = cases.by_id(talk.tx, resolved[0].id, locked=True)
        talk.keep(case=case, reading=reading)
        answer(talk, case, solved=reading.intent is Intent.YES)


def _means_something_else(talk: Talk, reading: Reading) -> bool:
    """Tell whether what reads as yes or no, with nothing that it answers, is more than that: somebody must read it.

    Nothing must be called noted that nobody is going to see.
    """
    return yes_or_no(talk.text) is None and (reading.intent is Intent.NO or reading.confidence < _SURE_YES)


def may_be_appealed(talk: Talk, case: CaseRecord) -> bool:
    """Tell whether a case was closed so lately that it may be taken up again."""
    if case.closed_at is None:
        return False
    calendar = talk.context.calendar
    since = calendar.working_days_between(calendar.local_day(case.closed_at), calendar.local_day(talk.now))
    return since <= talk.context.settings.deadlines.appeal_days


def answer(talk: Talk, case: CaseRecord, *, solved: bool) -> None:
    """Close a resolved case, open it again one level up, or make an appeal of a closed one, as the person says."""
    case = duplicates.spoken_of(talk.tx, case)
    standing = duplicates.standing_for(talk.tx, case)
    if standing is not None and standing.id != case.id and standing.is_open:
        tell(talk, case)
    elif case.status is Status.RESOLVED and solved:
        talk.work.solved(case, Actor("person"), confirmed=True)
        talk.tell("solved_thanks", case=case, ref=case.reference)
    elif case.status is Status.RESOLVED:
        _not_solved(talk, case)
    elif case.status is Status.CLOSED and not solved and may_be_appealed(talk, case):
        _appeal(talk, case)
    elif case.status is Status.CLOSED and not solved:
        outside = conflicts.outside_body(talk.context.settings, case)
        talk.tell("appeal_too_late", case=case, ref=case.reference, outside=outside)
    else:
        tell(talk, case)


def _not_solved(talk: Talk, case: CaseRecord) -> None:
    if case.rung + 1 >= len(case.steps):
        offer_help(talk, case)
        return
    case = talk.work.escalate(case, actor=Actor("person"), act=Act.NOT_SOLVED)
    level = say(f"level_{case.level}", talk.language)
    day = talk.voice.day(case.due_at or case.answer_by)
    talk.work.ask(talk.contact, "missing", "not_solved", case=case, choices=[], level=level, day=day)


def offer_help(talk: Talk, case: CaseRecord) -> None:
    """Say that the last level has decided, where else one can turn, and that the project helps with it."""
    talk.work.note(case, "case.not_solved_at_last", Actor("person"))
    key = "last_level_accused" if talk.context.settings.integrity_address and needs_two(case) else "last_level"
    outside = conflicts.outside_body(talk.context.settings, case)
    talk.work.ask(talk.contact, "last_level", key, case=case, choices=["help"], outside=outside)


def _appeal(talk: Talk, case: CaseRecord) -> None:
    """Make a linked case one level up of a closed one that is not solved, with everything in it; once only."""
    talk = talk.with_person()
    assert talk.contact.person_id is not None
    known = cases.appeal_of(talk.tx, talk.contact.id, case.id)
    if known is not None:
        tell(talk, known)
        return
    if talk.work.is_last_word(case):
        offer_help(talk, case)
        return
    opening = Opening(
        kind=CaseKind.COMPLAINT,
        category=Category(case.category) if case.category else None,
        categories=tuple(Category(each) for each in case.categories),
        secondary=Category(case.secondary) if case.secondary else None,
        barred_to=case.barred_to,
        area=areas.by_id(talk.tx, case.area_id) if case.area_id is not None else None,
        round_id=case.round_id,
        parent=case,
        anonymous=case.anonymous,
    )
    appeal = talk.work.open(opening, person_id=case.person_id, contact=talk.contact, actor=matters.PERSON)
    cases.carry_contacts(talk.tx, case.id, appeal.id)
    talk.keep(case=appeal)
    level = say(f"level_{appeal.level}", talk.language)
    day = talk.voice.day(appeal.answer_by)
    talk.tell("appeal_receipt", case=appeal, ref=appeal.reference, old=case.reference, level=level, day=day)
