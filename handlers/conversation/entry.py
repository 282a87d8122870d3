"""The first look at what a person sent: a text, a tap, a file, a place on the map, a correction of an earlier message."""

from dataclasses import replace
from datetime import datetime

from domain.inbound import Inbound, InboundKind, MediaKind
from domain.reading import CATEGORY_INTENTS, Intent
from handlers.cases.caseacts import MACHINE
from handlers.context import Context
from handlers.conversation import answers, calls, matters, media, privacy, texts
from handlers.conversation.talk import Talk
from handlers.incoming import joining
from storage import Tx
from storage.queries.casework import cases
from storage.queries.persons import contacts, messages
from storage.queries.persons.contacts import Contact
from understanding.pins import mask_pins

_ONLY_STICKERS = frozenset({MediaKind.STICKER})


def handle(context: Context, tx: Tx, contact: Contact, item: Inbound, now: datetime) -> None:
    """Do what is to be done with one thing that a person sent, and answer it."""
    text, hid_pin = mask_pins(item.text)
    talk = Talk(context, tx, now, contact, item, text, hid_pin=hid_pin)
    if item.is_missed_call:
        calls.handle(talk)
        return
    match item.kind:
        case InboundKind.TEXT:
            texts.handle(_speaking_again(talk))
        case InboundKind.TAP:
            _tapped(_speaking_again(talk))
        case InboundKind.MEDIA if item.media and {each.kind for each in item.media} <= _ONLY_STICKERS:
            _speaking_again(talk).tell("sticker")
        case InboundKind.MEDIA | InboundKind.LOCATION:
            media.handle(_speaking_again(talk))
        case InboundKind.EDIT:
            _corrected(talk)
        case InboundKind.CONTACT | InboundKind.OTHER:
            _unread(_speaking_again(talk))
        case InboundKind.BLOCKED | InboundKind.UNBLOCKED | InboundKind.GROUP | InboundKind.CALL:
            return


def _tapped(talk: Talk) -> None:
    if not privacy.tapped(talk):
        answers.tapped(talk)


def _unread(talk: Talk) -> None:
    """Take a number that she shares of herself; what else cannot be read is kept for the desk."""
    if not joining.number_shared(talk):
        talk.keep(kind="unsorted")
        talk.tell("menu")


def _speaking_again(talk: Talk) -> Talk:
    """Whoever writes after STOP hears from us again, unless it is another STOP."""
    if talk.contact.stopped_at is None or read_intent(talk) is Intent.STOP:
        return talk
    contacts.change(talk.tx, talk.contact.id, stopped_at=None)
    return replace(talk, contact=replace(talk.contact, stopped_at=None))


def read_intent(talk: Talk) -> Intent:
    """Return what a text is after, by itself."""
    return talk.context.read(talk.text, talk.language).intent


def _corrected(talk: Talk) -> None:
    """Let a corrected message replace the stored one; a correction that turns out sensitive makes the case so."""
    old = messages.by_provider_id(talk.tx, talk.item.gateway, talk.contact.id, talk.item.edit_of or "")
    if old is None or old.direction != "in":
        texts.handle(_speaking_again(talk))
        return
    reading = talk.context.read(talk.text, talk.language)
    harm = reading.sensitive or reading.unsure_sensitive
    if old.case_id is None:
        if reading.intent in CATEGORY_INTENTS or harm or matters.names_desk(talk, reading):
            texts.handle(_speaking_again(talk))
        else:
            messages.set_text(talk.tx, old.id, talk.text, sealed=False)
        return
    case = cases.by_id(talk.tx, old.case_id, locked=True)
    messages.set_text(talk.tx, old.id, talk.text, sealed=case.sensitive is not None or harm)
    talk.work.note(case, "message.corrected", MACHINE, message=old.id)
    if reading.sensitive and case.sensitive is None:
        talk.work.mark_sensitive(case, "unsorted", MACHINE)
    elif harm and case.sensitive is None and not case.with_desk:
        talk.work.back_to_be_read(case)
    else:
        talk.work.heed_names(case, talk.text, reading)
    talk.tell("edited_noted")
