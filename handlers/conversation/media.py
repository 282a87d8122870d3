"""Photos, voice messages, documents and places on the map: kept with a case that the desk looks at first."""

from dataclasses import replace

from domain.inbound import InboundKind
from domain.reading import CATEGORY_INTENTS, Category, Intent
from handlers.conversation import matters
from handlers.conversation.talk import Talk
from storage.queries import attachments
from wording import say


def handle(talk: Talk) -> None:
    """Add what was sent to the case that is going on, or make one; the desk listens or looks before the area does."""
    talk = talk.with_person()
    reading = talk.context.read(talk.text, talk.language)
    if reading.intent not in CATEGORY_INTENTS:
        reading = replace(reading, intent=Intent.COMPLAINT, category=Category.OTHER, categories=(Category.OTHER,))
    joined = matters.case_to_join(talk, reading)
    if talk.item.kind is InboundKind.LOCATION and joined is not None:
        matters.join(talk, joined, reading)
        return
    if joined is not None:
        matters.join(talk, joined, reading)
        _attach(talk, attachments.newest_message(talk.tx, joined.id))
        return
    case = matters.begin(talk, reading, with_desk=True)
    newest = attachments.newest_message(talk.tx, case.id)
    _attach(talk, newest)
    day = talk.voice.day(case.answer_by)
    kind = say(f"area_kind_{talk.context.settings.asked_level}", talk.language)
    if case.area_id is None:
        talk.work.ask(talk.contact, "place", "media_receipt", case=case, day=day, area_kind=kind)
    else:
        talk.work.ask(talk.contact, "hours", "receipt_known_place", case=case, day=day)
    matters.first_notice(talk, case)


def _attach(talk: Talk, message_id: int) -> None:
    for media in talk.item.media:
        attachments.add(
            talk.tx,
            message_id=message_id,
            gateway=talk.item.gateway,
            media=media,
            now=talk.now,
        )
