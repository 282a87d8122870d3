"""Tying a Telegram account to the register: the one-time code of an invitation, then the officer's own shared number."""

from datetime import datetime

from domain.inbound import Channel, Inbound, InboundKind
from domain.ports import Button
from domain.reading import Language
from handlers.context import Context
from handlers.sending.voice import Voice
from storage import Tx
from storage.queries import audit
from storage.queries.persons import contacts
from storage.queries.persons.contacts import Contact
from storage.queries.staffing import staff
from storage.queries.staffing.staff import StaffRecord
from wording import say


def handle(context: Context, tx: Tx, contact: Contact, item: Inbound, now: datetime) -> bool:
    """Take `/start`, an invitation's code, or the shared number that proves it; False where it is none of these."""
    voice = Voice(context, tx, now)
    if item.kind is InboundKind.CONTACT:
        return _number_shared(voice, contact, item)
    words = item.text.split()
    if item.channel is not Channel.TELEGRAM or item.kind is not InboundKind.TEXT or words[:1] != ["/start"]:
        return False
    if len(words) > 2:
        return False
    if len(words) > 1:
        _redeem(voice, contact, words[1])
    elif contact.staff_id is not None and (record := staff.by_id(tx, contact.staff_id)) is not None:
        _welcome(voice, contact, record)
    else:
        _greet(context, voice, contact, item)
    return True


def _redeem(voice: Voice, contact: Contact, code: str) -> None:
    staff_id = staff.redeem(voice.tx, code, contact.id, voice.now)
    record = staff.by_id(voice.tx, staff_id) if staff_id is not None else None
    if record is None or not record.active:
        voice.tell(contact, "officer_invite_invalid")
        return
    contacts.change(voice.tx, contact.id, language=record.language)
    language = Language(record.language)
    audit.add(voice.tx, "invitation.redeemed", actor="officer", actor_id=record.id, now=voice.now)
    button = Button(say("button_share_contact", language), "")
    words = say("officer_share_contact", language)
    voice.send(contact, words, key="officer_share_contact", kind="notice", buttons=((button,),), staff_id=record.id)


def _number_shared(voice: Voice, contact: Contact, item: Inbound) -> bool:
    waiting = staff.redeemed_by(voice.tx, contact.id, voice.now)
    if waiting is None:
        return False
    invitation_id, staff_id = waiting
    record = staff.by_id(voice.tx, staff_id)
    if item.phone is None:
        voice.tell(contact, "officer_contact_foreign", kind="notice")
    elif record is None or item.phone != staff.phone_of(voice.tx, staff_id):
        voice.tell(contact, "officer_contact_wrong", kind="notice")
        audit.add(voice.tx, "invitation.wrong_number", actor="officer", actor_id=staff_id, now=voice.now)
    else:
        staff.complete(voice.tx, invitation_id, voice.now)
        _part_from_old_accounts(voice, staff_id)
        contacts.change(voice.tx, contact.id, staff_id=staff_id, language=record.language, stopped_at=None)
        audit.add(voice.tx, "staff.registered", actor="officer", actor_id=staff_id, now=voice.now)
        _welcome(voice, contact, record)
    return True


def _part_from_old_accounts(voice: Voice, staff_id: int) -> None:
    """A new account takes the place of the old one, whose phone may be lost."""
    for old in contacts.of_staff(voice.tx, staff_id):
        if old.channel is Channel.TELEGRAM:
            contacts.change(voice.tx, old.id, staff_id=None)


def _welcome(voice: Voice, contact: Contact, record: StaffRecord) -> None:
    language = Language(record.language)
    posts = ", ".join(dict.fromkeys(say(f"level_{post.level}", language) for post in record.posts))
    words = say("officer_welcome", language, name=record.name, posts=posts)
    voice.send(contact, words, key="officer_welcome", kind="notice", staff_id=record.id)


def _greet(context: Context, voice: Voice, contact: Contact, item: Inbound) -> None:
    hint = (item.language_hint or "")[:2]
    if contact.language is None and hint in {language.value for language in context.settings.languages}:
        contacts.change(voice.tx, contact.id, language=hint)
        contact = contacts.by_id(voice.tx, contact.id)
    if contact.stopped_at is not None:
        contacts.change(voice.tx, contact.id, stopped_at=None)
        contact = contacts.by_id(voice.tx, contact.id)
    voice.tell(contact, "start_person", project=context.settings.name)
