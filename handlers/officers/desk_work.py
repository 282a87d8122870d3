"""The first look at what somebody of the staff sent: a registration, a tap, a code, a command, an answer to a notice."""

from dataclasses import replace
from datetime import datetime

from domain.inbound import Inbound, InboundKind
from domain.permissions import permissions_of
from domain.reading import Intent
from domain.texts.digits import to_ascii_digits
from handlers import conversation
from handlers.context import Context
from handlers.officers import drafts, helping, mending, registration, taps
from handlers.officers.acts.performing import perform
from handlers.officers.commands import SHAPES, Command, Given, parse
from handlers.officers.duty import Duty
from handlers.sending.voice import Voice
from storage import Tx
from storage.queries.persons import contacts, messages, questions
from storage.queries.persons.contacts import Contact
from storage.queries.staffing import pending, staff
from understanding.pins import mask_pins

_STOP_WORDS = 3


def handle(context: Context, tx: Tx, contact: Contact, item: Inbound, now: datetime) -> bool:
    """Do what an officer sent; False where it is not an officer's matter, and is read like anybody's message."""
    if registration.handle(context, tx, contact, item, now):
        return True
    if contact.staff_id is None:
        return _strangers_command(context, tx, contact, item, now)
    record = staff.by_id(tx, contact.staff_id)
    if record is None or not record.active:
        return False
    duty = Duty(context, tx, now, _heard_again(tx, contact, item), record, item)
    if item.kind is InboundKind.TAP:
        return taps.handle(duty)
    if item.kind is InboundKind.EDIT:
        return _edit(duty)
    return item.kind is InboundKind.TEXT and _text(duty)


def _heard_again(tx: Tx, contact: Contact, item: Inbound) -> Contact:
    """Let an officer who writes or taps be written to, whatever he stopped before."""
    if contact.stopped_at is None or item.kind not in (InboundKind.TEXT, InboundKind.TAP, InboundKind.EDIT):
        return contact
    contacts.change(tx, contact.id, stopped_at=None)
    return replace(contact, stopped_at=None)


def _edit(duty: Duty) -> bool:
    """Refuse a changed command; False where what was changed is a message of the officer's own as a person."""
    if messages.by_provider_id(duty.tx, duty.item.gateway, duty.contact.id, duty.item.edit_of or "") is not None:
        return False
    duty.tell("officer_edit_ignored")
    return True


def _strangers_command(context: Context, tx: Tx, contact: Contact, item: Inbound, now: datetime) -> bool:
    """Answer an officers' command from somebody who is none with what this number is for.

    Where words follow the command, they are read as anybody's message.
    """
    if item.kind is not InboundKind.TEXT:
        return False
    given = parse(item.text, (context.settings.prefix,))
    start = item.text.split()[:1] == ["/start"]
    if not start and (given is None or not given.slash):
        return False
    _, *rest = item.text.split(maxsplit=1)
    if rest and (start or (given is not None and given.words)):
        conversation.handle(context, tx, contact, replace(item, text=rest[0]), now)
        return True
    Voice(context, tx, now).tell(contact, "help", emergency=context.settings.emergency_number)
    return True


def _text(duty: Duty) -> bool:
    text = duty.item.text.strip()
    digits = to_ascii_digits(text)
    if duty.by_sms and len(digits) == 4 and digits.isdigit() and drafts.code_given(duty, digits):
        return True
    given = parse(text, (duty.context.settings.prefix,), touching=duty.by_sms)
    if given is not None and given.complete:
        given = replace(given, words=mask_pins(given.words)[0])
        return (given.may_be_a_quantity and mending.ask_back(duty, given)) or _command(duty, given)
    if given is None:
        given = mending.mended(duty, mask_pins(text)[0])
        if given is not None and given.complete:
            return mending.ask_back(duty, given) or _command(duty, given)
    return _no_whole_command(duty, text, given)


def _no_whole_command(duty: Duty, text: str, given: Given | None) -> bool:
    """Ask for what a command lacks; take what is none as a wish, an answer, or what an officer says as a person."""
    if _wants_silence(duty, text):
        duty.tell("officer_stop_refused")
        return True
    if given is not None and _is_meant(duty, given):
        _ask_for_the_rest(duty, given)
        return True
    if text.startswith("/"):
        helping.show(duty, Given(Command.HELP, slash=True))
        return True
    return _words(duty, mask_pins(text)[0])


def _words(duty: Duty, text: str) -> bool:
    """Take what is no command as an answer to one of the bot's messages, or as words that were asked for."""
    if duty.item.reply_to is not None:
        return _answer_to_notice(duty, text)
    return drafts.prompted(duty, text)


def _wants_silence(duty: Duty, text: str) -> bool:
    if not 0 < len(text.split()) <= _STOP_WORDS:
        return False
    reading = duty.context.read(text, duty.language)
    return reading.intent is Intent.STOP


def _is_meant(duty: Duty, given: Given) -> bool:
    """Tell whether a command that lacks something is meant as one all the same, and not said as a person.

    Without a slash that is one about a case of his, or its word alone while nothing was asked of him.
    """
    shape = SHAPES[given.command]
    if given.slash:
        return True
    if not shape.case or duty.item.reply_to is not None or shape.permission not in permissions_of(duty.staff.levels):
        return False
    if given.names_case:
        return duty.look(number=given.number, reference=given.reference) is not None
    asked = questions.open_of(duty.tx, duty.contact.id) is not None or drafts.waits_for_words(duty)
    return not given.words and not asked


def _ask_for_the_rest(duty: Duty, given: Given) -> None:
    """Ask for the words that a command lacks, or say how it is written."""
    usage = helping.usage_of(given.command, duty.language)
    if given.names_case:
        case = duty.find(number=given.number, reference=given.reference)
        if case is None:
            return
        if not duty.by_sms and given.command in drafts.ASKED_FOR:
            drafts.ask_for_words(duty, case, given.command)
            return
        usage = usage.replace(f"/{given.command} 3", f"/{given.command} {given.number or case.reference}")
    duty.tell("officer_usage", usage=usage)


def _command(duty: Duty, given: Given) -> bool:
    shape = SHAPES[given.command]
    if shape.permission not in permissions_of(duty.staff.levels):
        if not given.slash:
            return False
        duty.tell("officer_not_allowed", command=f"/{given.command}")
        return True
    if given.changes:
        # What he began by a button and never wrote is over: his next words are not for it.
        pending.drop(duty.tx, duty.contact.id, state="prompt")
    if duty.by_sms and given.needs_code:
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
    if drafts.prompted(duty, text, case_id=answered.case_id):
        return True
    case = duty.find(case_id=answered.case_id)
    if case is not None:
        drafts.show_back(duty, case, text)
    return True
