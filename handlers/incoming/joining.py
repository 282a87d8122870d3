"""One person over SMS and Telegram: two contact points that are shown to be hers become one person's, or are kindly refused."""

from dataclasses import replace
from datetime import timedelta

from domain.inbound import Channel
from domain.ports import Button
from domain.settings import Level
from domain.texts.digits import to_ascii_digits
from handlers.cases.casework import person_of
from handlers.conversation.talk import Talk
from storage.queries import audit
from storage.queries.casework.cases import CaseRecord
from storage.queries.persons import contacts, joining, people
from storage.queries.persons.contacts import Contact
from storage.queries.sending import outbox
from understanding.slots.glossary import Country
from understanding.slots.phones import find_phones
from wording import say

MINUTES, _DIGITS, _TRIES, _CODES_A_DAY = 10, 6, 3, 3
_WORDS = frozenset({"join", "/join", "link", "ភ្ជាប់", "តភ្ជាប់", "ເຊື່ອມ", "ເຊື່ອມຕໍ່"})
_OFFER = "join_offer"
_LATER = timedelta(hours=2)


def offer(talk: Talk, case: CaseRecord) -> None:
    """Offer once, two hours after her first case by Telegram, that she shares her number, so that she can ask from both.

    Not after what is or may be sensitive: nothing follows the first receipt there.
    """
    contact, quiet = talk.contact, case.sensitive is not None or case.with_desk
    if contact.channel is not Channel.TELEGRAM or contact.staff_id is not None or quiet:
        return
    button = Button(say("button_share_contact", talk.language), "")
    due = talk.context.calendar.after_quiet_hours(talk.now + _LATER)
    message_id = talk.voice.tell(contact, _OFFER, buttons=((button,),), due_at=due)
    if message_id is not None:
        outbox.behind_answers(talk.tx, message_id)


def number_shared(talk: Talk) -> bool:
    """Join by the number that Telegram vouches for as the sender's own; False where it is another's."""
    if talk.item.phone is None or talk.contact.staff_id is not None:
        return False
    talk.keep(kind="contact")
    other = contacts.lock(talk.tx, Channel.SMS, talk.item.phone, now=talk.now)
    _join(talk.with_person(), other)
    return True


def asked(talk: Talk) -> bool:
    """Take `join 012 345 678`: a code goes to that number; False for other texts. The answer is the same for any number."""
    first, _, rest = talk.text.strip().partition(" ")
    country: Country = "KH" if talk.context.settings.country == "KH" else "LA"
    found = find_phones(rest, country) if first.lower() in _WORDS and talk.contact.staff_id is None else []
    if not found:
        return False
    other = contacts.lock(talk.tx, Channel.SMS, found[0].value, now=talk.now)
    since = talk.now - timedelta(days=1)
    sent = joining.asked_since(talk.tx, asked_by=talk.contact.id, sent_to=other.id, since=since)
    if other.staff_id is None and other.id != talk.contact.id and sent < _CODES_A_DAY:
        _send_code(talk, other)
    talk.tell("join_code_sent", minutes=str(MINUTES))
    return True


def code_given(talk: Talk) -> bool:
    """Take a number of six digits as the code that was sent; False where none is waited for."""
    digits = to_ascii_digits(talk.text.strip())
    if len(digits) != _DIGITS or not digits.isdigit():
        return False
    found = joining.waiting(talk.tx, talk.contact.id, since=talk.now - _LATER)
    if found is None:
        return False
    if found.expires_at <= talk.now or found.wrong_codes >= _TRIES:
        talk.tell("join_code_late")
    elif found.code_hash != _hash(talk, digits):
        joining.count_wrong(talk.tx, found.id)
        talk.tell("join_code_wrong")
    else:
        joining.done(talk.tx, found.id, talk.now)
        _join(talk.with_person(), contacts.by_id(talk.tx, found.sent_to))
    return True


def _send_code(talk: Talk, other: Contact) -> None:
    code = f"{talk.context.random.randrange(10**_DIGITS):0{_DIGITS}}"
    expires = talk.now + timedelta(minutes=MINUTES)
    joining.add(
        talk.tx,
        asked_by=talk.contact.id,
        sent_to=other.id,
        code_hash=_hash(talk, code),
        now=talk.now,
        expires_at=expires,
    )
    talk.voice.tell(other, "join_code", code=code, minutes=str(MINUTES))


def _join(talk: Talk, other: Contact) -> None:
    """Make one person of two, where nothing speaks against it: not staff's, not a shared phone, not two entries of lists."""
    assert talk.contact.person_id is not None
    if other.staff_id is not None:
        talk.tell("join_refused")
        return
    gone, kept = person_of(talk.tx, other, talk.now), talk.contact.person_id
    if gone == kept:
        talk.tell("joined")
        return
    first, second = people.by_id(talk.tx, gone, locked=True), people.by_id(talk.tx, kept, locked=True)
    both_listed = first.external_id is not None and second.external_id is not None
    if both_listed or joining.shared(talk.tx, (talk.contact.id, other.id)):
        audit.add(talk.tx, "person.join_refused", actor="machine", now=talk.now, data={"people": [gone, kept]})
        talk.voice.tell_level(Level.DESK, "desk_join_refused")
        talk.tell("join_refused")
        return
    if first.external_id is not None or (second.external_id is None and gone < kept):
        gone, kept = kept, gone
    joining.merge(talk.tx, gone, kept)
    audit.add(talk.tx, "person.joined", actor="person", now=talk.now, data={"person": kept, "was": gone})
    replace(talk, contact=contacts.by_id(talk.tx, talk.contact.id)).tell("joined")


def _hash(talk: Talk, code: str) -> str:
    return talk.tx.keys.fingerprint("join", str(talk.contact.id), code)
