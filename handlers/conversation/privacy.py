"""What a person wishes about her own name and data: hidden or shown, what is kept and how long, and to be erased."""

from datetime import timedelta

from domain.lifecycle import CaseKind
from domain.ports import Button, Rows
from domain.reading import Category, Language, Reading
from domain.settings import Level
from handlers.cases.caseacts import Actor
from handlers.cases.casework import Opening
from handlers.conversation.talk import Talk
from storage.queries.casework import cases
from storage.queries.casework.cases import CaseRecord
from storage.queries.persons import contacts, messages
from wording import say

KIND = "erase_open"
MARK = "w"
HIDE = "hide_name"
SHOWN = "officer_words"
"""The key of a message that shows an officer what a case says, and whose it is."""
ERASURE = "erasure"
"""The topic of a case that asks for erasure."""
_HIDDEN = "anonymous_set"
_REMEMBERED = timedelta(hours=1)
PERSON = Actor("person")


def hide_name(talk: Talk) -> None:
    """Hide the name in all cases of this contact point, and in what she writes within the hour.

    The answer is the same whether there is a case or not: a sensitive one must not show in it.
    """
    talk = talk.with_person()
    mine = [case for case in cases.askable_from(talk.tx, talk.contact.id) if not case.anonymous]
    for case in mine:
        talk.work.change(case, anonymous=True)
        talk.work.note(case, "case.made_anonymous", PERSON)
        if case.sensitive is None:
            _take_back_shown(talk, case)
    if talk.text:
        talk.keep(kind="answer")
    talk.tell(_HIDDEN)


def _take_back_shown(talk: Talk, case: CaseRecord) -> None:
    """Delete what showed her name or number to an officer from his chat at once."""
    for shown in messages.notices_of(talk.tx, case.id):
        if shown.key == SHOWN and shown.provider_id is not None and shown.contact_point_id is not None:
            contact = contacts.by_id(talk.tx, shown.contact_point_id)
            talk.voice.delete_later(contact, shown.id, at=talk.now)


def show_name(talk: Talk) -> None:
    """Let officers see the name again in her cases that are going on, except in the sensitive ones.

    Of others on the same phone nothing is shown: theirs are not hers to tell.
    """
    talk = talk.with_person()
    for case in _her_own(talk):
        if case.anonymous and case.closed_at is None and case.sensitive is None:
            talk.work.change(case, anonymous=False)
            talk.work.note(case, "case.made_named", PERSON)
    talk.keep(kind="answer")
    talk.tell("named_set")


def hid_lately(talk: Talk) -> bool:
    """Tell whether she asked within the hour that her name be hidden, and not since that it be shown."""
    since = talk.now - _REMEMBERED
    hidden = messages.said_since(talk.tx, talk.contact.id, _HIDDEN, since)
    return hidden > 0 and messages.said_since(talk.tx, talk.contact.id, "named_set", since) == 0


def hide_button(language: Language) -> Rows:
    """Return the button by which a name is hidden at any time."""
    return ((Button(say("button_hide_name", language), f"{MARK}:{HIDE}"),),)


def tapped(talk: Talk) -> bool:
    """Take a tap on that button; False where it is another."""
    if talk.item.data != f"{MARK}:{HIDE}":
        return False
    hide_name(talk)
    return True


def tell_what_is_kept(talk: Talk) -> None:
    """Answer in general terms what is kept, for how long, and how it is erased; the same for everybody."""
    talk.keep()
    talk.tell("what_is_kept", months=str(talk.context.settings.deadlines.keep_closed_months))


def wish_erasure(talk: Talk, reading: Reading | None) -> None:
    """Make a case for the desk of the wish to be erased; a second wish joins the first."""
    talk = talk.with_person()
    known = _wished_before(talk)
    if known is not None:
        talk.keep(case=known, reading=reading)
        talk.tell("erasure_receipt", case=known, ref=known.reference, day=talk.voice.day(known.due_at or talk.now))
        return
    case = _open(talk)
    talk.keep(case=case, reading=reading)
    talk.work.note(case, "case.erasure_wished", PERSON)
    day = talk.voice.day(case.due_at or talk.now)
    if _others_open(talk, case):
        talk.work.ask(talk.contact, KIND, "erasure_open", case=case, choices=["wait", "erase"], day=day)
        return
    talk.voice.tell_level(Level.DESK, "desk_erasure", case=case)
    talk.tell("erasure_receipt", case=case, ref=case.reference, day=day)


def answered(talk: Talk, case: CaseRecord, choice: str) -> None:
    """Go on with the erasure although other matters are open, or leave it, as she says."""
    if choice == "erase" and case.is_open:
        talk.work.note(case, "case.erasure_confirmed", PERSON)
        talk.voice.tell_level(Level.DESK, "desk_erasure", case=case)
        talk.tell("erasure_goes_on", case=case, day=talk.voice.day(case.due_at or talk.now))
        return
    if case.is_open:
        talk.work.withdraw(case, PERSON)
    talk.tell("erasure_waits", case=case)


def _others_open(talk: Talk, case: CaseRecord) -> bool:
    """Tell whether other matters are open that may be spoken of on this phone: never sensitive ones."""
    return any(each.is_open and each.sensitive is None and each.id != case.id for each in _her_own(talk))


def _open(talk: Talk) -> CaseRecord:
    assert talk.contact.person_id is not None
    opening = Opening(kind=CaseKind.QUESTION, category=Category.OTHER, anonymous=True)
    case = talk.work.open(opening, person_id=talk.contact.person_id, contact=talk.contact, actor=PERSON)
    due = talk.now + timedelta(days=talk.context.settings.deadlines.erase_days)
    return talk.work.change(case, topic=ERASURE, level=Level.DESK, post_id=None, **talk.work.new_deadline(due))


def _wished_before(talk: Talk) -> CaseRecord | None:
    return next((case for case in _her_own(talk) if case.topic == ERASURE and case.is_open), None)


def _her_own(talk: Talk) -> list[CaseRecord]:
    """Return the cases of this contact point that are the person's who uses it, and not of others who share it."""
    return [case for case in cases.askable_from(talk.tx, talk.contact.id) if case.person_id == talk.contact.person_id]
