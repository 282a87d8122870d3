"""Messages of no case on the desk's list: answering one, making a case of it, or putting it aside."""

from dataclasses import replace
from datetime import datetime, timedelta

from domain.inbound import Channel, Inbound, InboundKind
from domain.lifecycle import CaseKind
from domain.reading import Category
from domain.sending.segments import count_segments
from handlers.cases.caseacts import Actor
from handlers.cases.casework import Casework, Opening, person_of
from handlers.cases.conflicts import barred_to
from handlers.console.acting import Done, Posted, Told
from handlers.context import Context
from handlers.conversation import matters
from handlers.conversation.talk import Talk
from handlers.sending.voice import Voice
from storage.queries import audit, console_lists
from storage.queries.casework.cases import CaseRecord
from storage.queries.console_lists import UnsortedRecord
from storage.queries.persons import contacts, messages
from storage.store import Tx
from wording import say

_AWAKE = timedelta(hours=1)


def shown(context: Context, posted_by: int, message_id: int, now: datetime) -> UnsortedRecord | None:
    """Return a message of the desk's list, and note that it was read; None where it is not on the list (any more)."""
    with context.store.transaction() as tx:
        message = console_lists.unsorted_message(tx, message_id)
        if message is not None:
            _note(tx, "message.read", posted_by, message_id, now)
        return message


def nothing_to_do(context: Context, posted: Posted, message_id: int) -> Done:
    """Put a message aside: nobody has to do anything about it."""
    with context.store.transaction() as tx:
        if not console_lists.take_unsorted(tx, message_id):
            return Done(found=False)
        _note(tx, "message.put_aside", posted.signed.staff.id, message_id, posted.now)
        return Done(found=True, told=(Told("page_put_aside", ""),))


def answer(context: Context, posted: Posted, message_id: int, words: str) -> Done:
    """Answer a message by the way it came; it leaves the list where the answer could be queued."""
    with context.store.transaction() as tx:
        message = console_lists.unsorted_message(tx, message_id)
        if message is None or message.contact_id is None:
            return Done(found=message is not None, told=(_told(posted, "officer_cannot_send", ref=""),))
        voice = Voice(context, tx, posted.now)
        contact = contacts.by_id(tx, message.contact_id)
        gateway = context.gateways.get(voice.gateway_of(contact) or "")
        segments, most = count_segments(words).segments, gateway.max_segments if gateway else 1
        if contact.channel is Channel.SMS and segments > most:
            return Done(found=True, told=(_told(posted, "officer_too_long", segments=segments, most=most),))
        awake = contact.last_inbound_at is not None and contact.last_inbound_at > posted.now - _AWAKE
        due = posted.now if awake else context.calendar.after_quiet_hours(posted.now)
        sent = voice.send(
            contact, words, key="desk_answer", kind="officer", due_at=due, staff_id=posted.signed.staff.id
        )
        if sent is None:
            return Done(found=True, told=(_told(posted, "officer_cannot_send", ref=""),))
        console_lists.take_unsorted(tx, message_id)
        _note(tx, "message.answered", posted.signed.staff.id, message_id, posted.now)
        return Done(found=True, told=(Told("page_answered", ""),))


def make_case(
    context: Context, posted: Posted, message_id: int, *, kind: CaseKind, category: Category, sensitive: bool
) -> tuple[Done, str | None]:
    """Make a case of a message, with the receipt that every case has; return its reference where the desk may see it.

    A sensitive one goes to the focal points at once.
    """
    with context.store.transaction() as tx:
        message = console_lists.unsorted_message(tx, message_id)
        if message is None or message.contact_id is None or not console_lists.take_unsorted(tx, message_id):
            return Done(found=False), None
        case = _open(context, tx, posted, message, kind=kind, category=category, sensitive=sensitive)
        _note(tx, "message.made_a_case", posted.signed.staff.id, message_id, posted.now)
        if case.sensitive is not None:
            return Done(found=True, told=(_told(posted, "officer_marked_sensitive", ref=case.reference),)), None
        return Done(found=True, told=(Told("page_case_made", case.reference),)), case.reference


def _open(
    context: Context,
    tx: Tx,
    posted: Posted,
    message: UnsortedRecord,
    *,
    kind: CaseKind,
    category: Category,
    sensitive: bool,
) -> CaseRecord:
    talk = _talk(context, tx, message, posted.now)
    harm = sensitive or category is Category.ABUSE
    reading = replace(context.read(message.text, talk.language), category=category)
    opening = Opening(
        kind=kind,
        category=category,
        categories=(category,),
        sensitive="unsorted" if harm else None,
        barred_to=barred_to(reading),
        area=matters.named_area(talk),
        text=message.text,
        reading=reading,
    )
    actor = Actor("officer", posted.signed.staff.id, "console")
    work = Casework(context, tx, posted.now)
    case = work.open(opening, person_id=talk.contact.person_id or 0, contact=talk.contact, actor=actor)
    messages.move_to_case(tx, [message.id], case.id)
    if case.sensitive is not None:
        messages.seal_case(tx, case.id, sealed=True)
    matters.receipt(talk, case)
    return case


def _talk(context: Context, tx: Tx, message: UnsortedRecord, now: datetime) -> Talk:
    """Return the conversation that a message belongs to, as though it had just come."""
    contact = contacts.by_id(tx, message.contact_id or 0)
    contact = replace(contact, person_id=person_of(tx, contact, now))
    item = Inbound(
        gateway=contact.gateway or "",
        channel=contact.channel,
        provider_id=f"unsorted-{message.id}",
        address=contact.address,
        kind=InboundKind.TEXT,
        received_at=message.at,
        text=message.text,
    )
    return Talk(context, tx, now, contact, item, message.text)


def _told(posted: Posted, key: str, **values: object) -> Told:
    return Told(key, say(key, posted.language, **values))


def _note(tx: Tx, type_: str, staff_id: int, message_id: int, now: datetime) -> None:
    audit.add(tx, type_, actor="officer", actor_id=staff_id, now=now, data={"message": message_id})
