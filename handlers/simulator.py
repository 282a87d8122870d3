"""The phone simulator: whose phone can be played, what is shown on it, and what is sent from it.

It stands in for gateways where none is configured. What is typed takes the road of every message (`intake.receive`),
and a phone shows what the dispatcher handed over. A phone that a real gateway serves is never played or read.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from domain.inbound import Channel, Inbound, InboundKind, Media, MediaKind
from domain.ports import GatewayInfo, Rows
from domain.reading import Language
from domain.sending.segments import count_segments
from domain.settings import Level
from handlers.context import Context
from handlers.incoming.intake import receive
from storage import Tx
from storage.queries import areas, audit
from storage.queries.casework import cases
from storage.queries.persons import contacts, messages
from storage.queries.persons import people as people_rows
from storage.queries.persons.contacts import Contact
from storage.queries.persons.messages import MessageRecord
from storage.queries.sending import batches
from storage.queries.staffing import staff
from wording import say

PHONE_SMS, PHONE_TELEGRAM = "phone-sms", "phone-telegram"
GATEWAYS = (
    GatewayInfo(PHONE_SMS, Channel.SMS, rate=20.0, simulator=True),
    GatewayInfo(PHONE_TELEGRAM, Channel.TELEGRAM, rate=20.0, simulator=True),
)
"""What the context is given for each channel that no real gateway serves."""

SAMPLE_PHOTO = Media(MediaKind.PHOTO, "phone:sample", "image/png")
SHOWN_AT_ONCE = 200
LONGEST_TEXT = 4096
"""The longest text that a phone sends, in characters: Telegram's limit."""

_GATEWAY = {each.channel: each.name for each in GATEWAYS}
_WAITING = frozenset({"queued", "sending", "unknown"})
_ON_THE_PHONE = frozenset({"accepted", "sent", "delivered"})
_KNOWN_PEOPLE, _LOOKED_AT, _OWN_NUMBERS = 8, 24, 20
_FIRST_NUMBER = {"KH": 855_97_000_0001, "LA": 856_20_9900_0001}
_NEW_ADDRESS = {Channel.SMS: re.compile(r"\+[1-9]\d{7,14}"), Channel.TELEGRAM: re.compile(r"sim-\d{8,15}")}

Names = Mapping[str, str]
"""A name by language."""


class Unfit(ValueError):
    """Something asked of the simulator that cannot be; `field` names what is wrong with it."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


@dataclass(frozen=True, slots=True)
class Line:
    """One end of a conversation: a phone number (SMS) or an account (Telegram)."""

    channel: Channel
    address: str


@dataclass(frozen=True, slots=True)
class Handset:
    """A beneficiary's phone: its number, the Telegram account on it, what is known of its owner. `new`: unused yet."""

    number: str
    account: str
    language: str | None
    area: Names
    new: bool


@dataclass(frozen=True, slots=True)
class Officer:
    """A member of staff with the levels and areas of the posts held; `asked_area` is one that people are asked for."""

    staff_id: int
    name: str
    language: str
    levels: tuple[Names, ...]
    areas: tuple[Names, ...]
    asked_area: Names


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody who can be played, the project's words, and the channels that no real gateway serves."""

    project: str
    prefix: str
    languages: tuple[Language, ...]
    channels: tuple[Channel, ...]
    handsets: tuple[Handset, ...]
    officers: tuple[Officer, ...]


@dataclass(frozen=True, slots=True)
class Bubble:
    """A message as a phone shows it; one that is still on its way (`waiting`) has no words yet.

    `direction` is `in` for what the phone sent and `out` for what it got, `kind` is text, photo or contact, `at` is in
    project time. `ref` is what the gateway calls the message. `asks_contact`: its button shares the own number.
    """

    id: int
    direction: str
    kind: str
    text: str
    at: datetime
    state: str
    waiting: bool
    ref: str | None
    buttons: Rows
    asks_contact: bool
    segments: int


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a phone shows, whether there is more after it, and who handles the newest case from this phone now."""

    bubbles: tuple[Bubble, ...]
    more: bool
    with_staff: tuple[int, ...]


def people(context: Context) -> Cast:
    """Return who can be played: some people of the project, the simulator's own numbers and a new one, all officers."""
    settings = context.settings
    with context.store.reading() as tx:
        return Cast(
            project=settings.name,
            prefix=settings.prefix,
            languages=settings.languages,
            channels=tuple(each for each in Channel if _simulated(context, each)),
            handsets=(*_known(context, tx), *_own_numbers(tx, settings.country)),
            officers=_officers(tx, settings.asked_level),
        )


def lines_of(context: Context, staff_id: int, now: datetime) -> tuple[Line, ...]:
    """Return the lines by which an officer is played, Telegram first; without an account one is made.

    Raises `Unfit` where nobody active has this number, or a real gateway reaches the officer: his notices stay there.
    """
    with context.store.transaction() as tx:
        record = staff.by_id(tx, staff_id)
        if record is None or not record.active:
            raise Unfit("staff_id", "nobody active has this number")
        theirs = contacts.of_staff(tx, staff_id)
        if not all(_played(context, each) for each in theirs):
            raise Unfit("staff_id", "a real gateway serves this officer's phone")
        if _simulated(context, Channel.TELEGRAM) and not any(each.channel is Channel.TELEGRAM for each in theirs):
            account = contacts.lock(tx, Channel.TELEGRAM, f"sim-{staff_id}", now=now)
            contacts.change(tx, account.id, staff_id=staff_id, language=record.language, gateway=PHONE_TELEGRAM)
            audit.add(tx, "simulator.account", actor="machine", now=now, data={"staff": staff_id})
            theirs = [account, *theirs]
    return tuple(Line(each.channel, each.address) for each in theirs)


def conversation(context: Context, line: Line, *, after_id: int, now: datetime) -> Conversation:
    """Return what a phone shows after a message's number, at most `SHOWN_AT_ONCE`. Raises `Unfit`.

    What left by a real gateway is not shown, nor are the words of a sensitive case on an officer's phone.
    """
    zone = context.calendar.local
    with context.store.reading() as tx:
        contact = _contact(context, tx, line)
        if contact is None:
            return Conversation((), more=False, with_staff=())
        kept = messages.of_contact(tx, contact.id, after_id=after_id, limit=SHOWN_AT_ONCE)
        hidden = _hidden_cases(tx, contact, kept)
        shown = [each for each in kept if _shown(each) and not (each.key == "officer_words" and each.case_id in hidden)]
        with_staff = _with_staff(tx, contact, now) if contact.staff_id is None else ()
    bubbles = tuple(_bubble(each, zone(each.at)) for each in shown)
    return Conversation(bubbles, more=len(kept) == SHOWN_AT_ONCE, with_staff=with_staff)


def send_text(
    context: Context, line: Line, text: str, now: datetime, *, reply_to: int | None = None, language: str | None = None
) -> str:
    """Send a text, as the answer to a bubble where one is named; return what the gateway calls it. Raises `Unfit`."""
    if not text.strip():
        raise Unfit("text", "write something first")
    if len(text) > LONGEST_TEXT:
        raise Unfit("text", f"longer than {LONGEST_TEXT} characters")
    answered = None
    if reply_to is not None:
        _only_telegram(line, "reply_to")
        answered = _on_phone(context, line, reply_to).provider_id
    return _send(context, line, InboundKind.TEXT, now, text=text, reply_to=answered, language_hint=language)


def tap(context: Context, line: Line, bubble_id: int, data: str, now: datetime) -> str:
    """Tap a button under a bubble and return what the gateway calls the tap. Raises `Unfit`."""
    _only_telegram(line, "kind")
    bubble = _on_phone(context, line, bubble_id)
    if not data or data not in {button.data for row in bubble.buttons for button in row}:
        raise Unfit("data", "there is no such button under this message")
    return _send(context, line, InboundKind.TAP, now, data=data)


def share_contact(context: Context, line: Line, now: datetime) -> str:
    """Share the phone's own number and return what the gateway calls the message. Raises `Unfit`."""
    _only_telegram(line, "kind")
    with context.store.reading() as tx:
        contact = _contact(context, tx, line)
        phone = staff.phone_of(tx, contact.staff_id) if contact is not None and contact.staff_id is not None else None
    if phone is None and (own := _NEW_ADDRESS[Channel.TELEGRAM].fullmatch(line.address)) is not None:
        phone = f"+{own[0].removeprefix('sim-')}"
    return _send(context, line, InboundKind.CONTACT, now, phone=phone)


def send_photo(context: Context, line: Line, now: datetime) -> str:
    """Send the sample photo and return what the gateway calls the message. Raises `Unfit`."""
    _only_telegram(line, "kind")
    return _send(context, line, InboundKind.MEDIA, now, media=(SAMPLE_PHOTO,))


def deleted(context: Context, message_id: int, now: datetime) -> None:
    """Take a message off the phone that it was handed over to. Raises `storage.store.DatabaseAway`."""
    with context.store.transaction() as tx:
        messages.change(tx, message_id, state="withdrawn", state_at=now)


def _send(context: Context, line: Line, kind: InboundKind, now: datetime, **values: Any) -> str:
    with context.store.reading() as tx:
        _contact(context, tx, line)
    ref = f"phone-in-{uuid4().hex}"
    inbound = Inbound(
        gateway=_GATEWAY[line.channel],
        channel=line.channel,
        provider_id=ref,
        message_id=ref,
        address=line.address,
        kind=kind,
        received_at=now,
        **values,
    )
    receive(context, inbound, now)
    return ref


def _contact(context: Context, tx: Tx, line: Line) -> Contact | None:
    """Return a line's contact point, None where it never wrote. Raises `Unfit` for a line that is none of ours."""
    if not _simulated(context, line.channel):
        raise Unfit("channel", "a real gateway serves this channel")
    found = contacts.find(tx, line.channel, line.address)
    if found is None and not _NEW_ADDRESS[line.channel].fullmatch(line.address):
        raise Unfit("address", "not a number or account that the simulator knows")
    if found is not None and not _played(context, found):
        raise Unfit("address", "a real gateway serves this phone")
    return found


def _simulated(context: Context, channel: Channel) -> bool:
    first = context.gateway_for(channel)
    return first is not None and first.simulator


def _played(context: Context, contact: Contact) -> bool:
    known = context.gateways.get(contact.gateway or "") or context.gateway_for(contact.channel)
    return known is not None and known.simulator


def _only_telegram(line: Line, field: str) -> None:
    if line.channel is not Channel.TELEGRAM:
        raise Unfit(field, "not by SMS")


def _on_phone(context: Context, line: Line, message_id: int) -> MessageRecord:
    with context.store.reading() as tx:
        contact = _contact(context, tx, line)
        found = messages.by_id(tx, message_id)
    ours = contact is not None and found is not None and found.contact_point_id == contact.id
    if found is None or not ours or not _shown(found) or found.state in _WAITING:
        raise Unfit("reply_to", "there is no such message on this phone")
    return found


def _shown(message: MessageRecord) -> bool:
    """Tell whether a message is on the phone, or on its way by the simulator: others' provider ids look different."""
    ours = (message.provider_id or "").startswith("phone-")
    if message.direction == "in":
        return ours
    return (message.state in _ON_THE_PHONE and ours) or (message.state in _WAITING and message.provider_id is None)


def _bubble(message: MessageRecord, at: datetime) -> Bubble:
    waiting = message.direction == "out" and message.state in _WAITING
    text = "" if waiting else message.text
    attached = "contact" if message.kind in ("contact", "unsorted") else "photo"
    by_sms = message.channel is Channel.SMS and bool(text)
    return Bubble(
        id=message.id,
        direction=message.direction,
        kind="text" if text or message.direction == "out" else attached,
        text=text,
        at=at,
        state=message.state,
        waiting=waiting,
        ref=message.provider_id,
        buttons=() if waiting else message.buttons,
        asks_contact=message.key in ("officer_share_contact", "join_offer"),
        segments=count_segments(text).segments if by_sms else 0,
    )


def _hidden_cases(tx: Tx, contact: Contact, kept: Sequence[MessageRecord]) -> set[int]:
    """Return the sensitive ones among the cases whose words an officer once opened on this phone."""
    opened = {each.case_id for each in kept if each.key == "officer_words" and each.case_id is not None}
    return {number for number in opened if cases.by_id(tx, number).sensitive is not None} if contact.staff_id else set()


def _with_staff(tx: Tx, contact: Contact, now: datetime) -> tuple[int, ...]:
    newest = next(iter(cases.askable_from(tx, contact.id)), None)
    if newest is None or newest.sensitive is not None or not newest.is_open:
        return ()
    if newest.post_id is None:
        return tuple(staff.of_level(tx, Level.DESK, now))
    return tuple(staff.holders(tx, newest.post_id, now))


def _known(context: Context, tx: Tx) -> list[Handset]:
    found: list[Handset] = []
    for each in batches.addressees(tx, {"channel": Channel.SMS.value}, after=0, limit=_LOOKED_AT):
        contact = contacts.by_id(tx, each.contact_id) if each.contact_id is not None else None
        if contact is not None and _played(context, contact) and len(found) < _KNOWN_PEOPLE:
            area_id = people_rows.by_id(tx, each.person_id).area_id
            found.append(_handset(contact.address, each.language, _area(tx, area_id), new=False))
    return found


def _own_numbers(tx: Tx, country: str) -> list[Handset]:
    """Return the simulator's numbers that wrote before, and the first that did not."""
    found: list[Handset] = []
    for number in range(_FIRST_NUMBER[country], _FIRST_NUMBER[country] + _OWN_NUMBERS):
        by_sms = contacts.find(tx, Channel.SMS, f"+{number}")
        known = by_sms or contacts.find(tx, Channel.TELEGRAM, f"sim-{number}")
        found.append(_handset(f"+{number}", known.language if known else None, {}, new=known is None))
        if known is None:
            break
    return found


def _handset(number: str, language: str | None, area: Names, *, new: bool) -> Handset:
    return Handset(number, f"sim-{number.removeprefix('+')}", language, area, new)


def _area(tx: Tx, area_id: int | None) -> Names:
    return areas.by_id(tx, area_id).names if area_id is not None else {}


def _officers(tx: Tx, asked_level: str) -> tuple[Officer, ...]:
    active = [each for each in staff.everybody(tx) if each.active and each.posts]
    codes = {areas.codes_in(post.area_path)[-1] for each in active for post in each.posts if post.area_path}
    known = areas.by_codes(tx, sorted(codes))
    found = []
    for each in active:
        theirs = [known[areas.codes_in(post.area_path)[-1]] for post in each.posts if post.area_path]
        asked = next((area.names for area in theirs if area.level == asked_level), {})
        levels = tuple(_level_names(level) for level in dict.fromkeys(post.level for post in each.posts))
        named = tuple(area.names for area in theirs)
        found.append(Officer(each.id, each.name, each.language, levels, named, asked))
    return tuple(found)


def _level_names(level: Level) -> Names:
    return {language.value: say(f"level_{level}", language) for language in Language}
