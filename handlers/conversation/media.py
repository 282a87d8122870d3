"""Photos, voice messages, documents and places on the map: kept with a case that the desk looks at first."""

from collections.abc import Sequence
from dataclasses import replace

from domain.inbound import InboundKind
from domain.reading import CATEGORY_INTENTS, Category, Intent, Reading
from handlers.cases.caseacts import MACHINE
from handlers.conversation import matters
from handlers.conversation.asking import shared_phone
from handlers.conversation.talk import Talk
from storage.queries.casework import cases
from storage.queries.casework.cases import CaseRecord
from storage.queries.persons import attachments, messages
from storage.queries.persons.messages import MessageRecord
from understanding.wishes.hiding import hides_name
from wording import say


def handle(talk: Talk) -> None:
    """Add what was sent to the case that is going on, or make one; the desk listens or looks before the area does.

    The files of an album come one by one, in any order and any time apart: the first of them is the matter and is
    answered, the others join it and are not.
    """
    talk = talk.with_person()
    before = messages.of_album(talk.tx, talk.contact.id, talk.item.album) if talk.item.album else []
    if not before:
        _first(talk, _reading(talk))
    elif talk.item.message_id not in {each.provider_id for each in before}:
        _another(talk, _reading(talk), before)


def _reading(talk: Talk) -> Reading:
    reading = talk.context.read(talk.text, talk.language)
    if reading.intent in CATEGORY_INTENTS:
        return reading
    return replace(reading, intent=Intent.COMPLAINT, category=Category.OTHER, categories=(Category.OTHER,))


def _first(talk: Talk, reading: Reading) -> None:
    joined = matters.case_to_join(talk, reading)
    if joined is None:
        _begin(talk, reading)
        return
    matters.join(talk, joined, reading)
    if talk.item.kind is not InboundKind.LOCATION:
        _attach(talk, attachments.newest_message(talk.tx, joined.id))


def _begin(talk: Talk, reading: Reading, before: Sequence[MessageRecord] = ()) -> None:
    """Make a case and send the receipt; files of the album that came before belong to it too."""
    case = matters.begin(talk, reading, with_desk=True)
    _attach(talk, attachments.newest_message(talk.tx, case.id))
    messages.move_to_case(talk.tx, [each.id for each in before], case.id)
    if case.sensitive is not None:
        messages.seal_case(talk.tx, case.id, sealed=True)
    day = talk.voice.day(case.answer_by)
    kind = say(f"area_kind_{talk.context.settings.asked_level}", talk.language)
    if case.area_id is None:
        talk.work.ask(talk.contact, "place", "media_receipt", case=case, day=day, area_kind=kind)
    else:
        talk.work.ask(talk.contact, "hours", "receipt_known_place", case=case, day=day)
    matters.first_notice(talk, case)
    shared_phone.ask_whose(talk, case)


def _another(talk: Talk, reading: Reading, before: Sequence[MessageRecord]) -> None:
    """Add a further file of an album to its case, without a word.

    Where its words may report harm and the album had joined a case that officers see, the album leaves that case and
    becomes one of its own.
    """
    case = cases.by_id(talk.tx, _case_of(before), locked=True)
    begun = messages.of_case(talk.tx, case.id)[0].id == before[0].id
    harm = reading.sensitive or reading.unsure_sensitive
    if harm and not begun and case.sensitive is None and not matters.fits(case, reading):
        _begin(talk, reading, before)
        return
    _attach(talk, talk.keep(case=case, reading=reading))
    if talk.text.strip():
        _heed_words(talk, case, reading, first=begun and not any(each.text.strip() for each in before))


def _case_of(before: Sequence[MessageRecord]) -> int:
    case_id = before[-1].case_id
    assert case_id is not None, "a file is kept with a case"
    return case_id


def _heed_words(talk: Talk, case: CaseRecord, reading: Reading, *, first: bool) -> None:
    """Let the words under a further file count as though they had stood under the first."""
    work = talk.work
    if reading.sensitive and case.sensitive is None:
        case = work.mark_sensitive(case, "unsorted", MACHINE)
    case = work.heed_names(case, talk.text, reading)
    if hides_name(talk.text):
        case = work.change(case, anonymous=True)
    if first and case.with_desk and case.taken_by is None:
        case = matters.take_for_first(talk, case, reading)
        area = matters.named_area(talk) if case.area_id is None else None
        case = case if area is None else work.put_in_area(case, area, matters.PERSON)
    if talk.hid_pin:
        talk.tell("pin_warning", case=case, ref=case.reference, day=talk.voice.day(case.answer_by))


def _attach(talk: Talk, message_id: int) -> None:
    for media in talk.item.media:
        attachments.add(
            talk.tx,
            message_id=message_id,
            gateway=talk.item.gateway,
            media=media,
            now=talk.now,
        )
