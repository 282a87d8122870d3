"""The first look at what somebody of the staff sent: a registration, a tap, a code, a command, an answer to a notice."""

from datetime import datetime

from domain.digits import to_ascii_digits
from domain.inbound import Inbound, InboundKind
from domain.permissions import permissions_of
from handlers.context import Context
from handlers.officers import drafts, registration, taps
from handlers.officers.acts import perform
from handlers.officers.commands import SHAPES, Given, parse
from handlers.officers.duty import Duty
from handlers.voice import Voice
from storage import Tx
from storage.queries import messages, staff
from storage.queries.contacts import Contact


def handle(context: Context, tx: Tx, contact: Contact, item: Inbound, now: datetime) -> bool:
    """Do what an officer sent; False where it is not an officer's matter, and is read like anybody's message."""
    if registration.handle(context, tx, contact, item, now):
        return True
    if contact.staff_id is None:
        return _strangers_command(context, tx, contact, item, now)
    record = staff.by_id(tx, contact.staff_id)
    if record is None or not record.active:
        return False
    duty = Duty(context, tx, now, contact, record, item)
    if item.kind is InboundKind.TAP:
        return taps.handle(duty)
    return item.kind is InboundKind.TEXT and _text(duty)


def _strangers_command(context: Context, tx: Tx, contact: Contact, item: Inbound, now: datetime) -> bool:
    """Answer an officers' command from somebody who is none with what this number is for; nothing else happens."""
    given = parse(item.text, (context.settings.prefix,)) if item.kind is InboundKind.TEXT else None
    if given is None or not given.slash:
        return False
    Voice(context, tx, now).tell(contact, "help", emergency=context.settings.emergency_number)
    return True


def _text(duty: Duty) -> bool:
    text = duty.item.text.strip()
    digits = to_ascii_digits(text)
    if duty.by_sms and len(digits) == 4 and digits.isdigit() and drafts.code_given(duty, digits):
        return True
    given = parse(text, (duty.context.settings.prefix,))
    if given is not None and given.complete:
        return _command(duty, given)
    if given is not None and given.slash:
        duty.tell("officer_usage", usage=f"/{given.command} …" if not SHAPES[given.command].case else _usage(given))
        return True
    if duty.item.reply_to is not None:
        return _answer_to_notice(duty, text)
    return drafts.prompted(duty, text)


def _usage(given: Given) -> str:
    return f"/{given.command} 3" + (" …" if SHAPES[given.command].words else "")


def _command(duty: Duty, given: Given) -> bool:
    shape = SHAPES[given.command]
    if shape.permission not in permissions_of(duty.staff.levels):
        if not given.slash:
            return False
        duty.tell("officer_not_allowed", command=f"/{given.command}")
        return True
    if duty.by_sms and shape.changes:
        drafts.confirm_by_code(duty, given)
    else:
        perform(duty, given)
    return True


def _answer_to_notice(duty: Duty, text: str) -> bool:
    """Show an answer to the bot's message about a case back, with Send and Keep as note."""
    assert duty.item.reply_to is not None
    answered = messages.by_provider_id(duty.tx, duty.item.gateway, duty.contact.id, duty.item.reply_to)
    if answered is None or answered.case_id is None or answered.staff_id != duty.staff.id:
        return False
    case = duty.find(case_id=answered.case_id)
    if case is not None:
        drafts.show_back(duty, case, text)
    return True
