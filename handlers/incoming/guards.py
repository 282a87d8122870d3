"""Guards at the door: machines that answer machines, floods from one sender, and senders that are no telephone."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from domain.inbound import Channel, Inbound
from domain.settings import Level
from handlers.context import Context
from handlers.conversation.talk import COURTESIES
from handlers.sending.voice import Voice
from storage import Tx
from storage.queries import alerts, audit
from storage.queries.persons import messages
from storage.queries.persons.contacts import Contact
from storage.queries.persons.messages import Lately
from understanding.pins import mask_pins

WINDOW = timedelta(minutes=10)
SILENCE = timedelta(minutes=30)
"""How long a sender is not answered once a guard has found it."""
REPEATS = 8
"""So often within the window the same text is answered, or the same thing said; then it is taken for a machine."""
FLOOD = 30
"""So many messages of one sender within the window are answered."""

_MARK = "guard"
_LOOKED_AT = 150
_TELLING_NOTHING = COURTESIES - {"help", "help_rights"}
"""Answers that whoever tells a long story in short messages gets again and again."""
_NOTICE = "notice"
_TO_STAFF = ("officer_", "desk_", "staff_")
"""How the keys of what is said to staff begin."""
_SERVICE = re.compile(r"\+?\d{1,6}|.*[^\W\d_].*", re.DOTALL)


def is_service(item: Inbound) -> bool:
    """Tell whether a message comes from a short code or a name, such as an operator's advertising: from no telephone."""
    return item.channel is Channel.SMS and _SERVICE.fullmatch(item.address) is not None


def heed(context: Context, tx: Tx, contact: Contact, item: Inbound, now: datetime) -> Contact:
    """Return the contact, as one whom nothing reaches in this step where a guard stops the answers.

    What is sent is kept and acted on all the same, since a report of harm may be among it. Costs one query, of at most
    150 rows by their index.
    """
    found = messages.lately(tx, contact.id, since=now - SILENCE, most=_LOOKED_AT)
    if not any(each.kind == _MARK for each in found):
        reason = _reason([each for each in found if each.at > now - WINDOW], mask_pins(item.text)[0])
        if reason is None:
            return contact
        _silence(context, tx, contact, item, reason=reason, now=now)
    return replace(contact, blocked_at=now)


def _reason(lately: Sequence[Lately], text: str) -> str | None:
    came = [each for each in lately if each.direction == "in"]
    if _matters(came) >= FLOOD:
        return "flood"
    same = sum(each.text == text for each in came) if text.strip() else 0
    said = Counter(each.key for each in lately if each.direction == "out" and _answers_a_person(each))
    return "loop" if max(same, *said.values(), 0) >= REPEATS else None


def _matters(came: Sequence[Lately]) -> int:
    """Count what came; the files of one album, which the provider brings one by one, are one."""
    return len({each.key or str(n) for n, each in enumerate(came)})


def _answers_a_person(told: Lately) -> bool:
    """Tell whether something was said to a person: what is said to staff follows from others' cases, and comes in heaps."""
    key = told.key or ""
    return bool(key) and told.kind != _NOTICE and key not in _TELLING_NOTHING and not key.startswith(_TO_STAFF)


def _silence(context: Context, tx: Tx, contact: Contact, item: Inbound, *, reason: str, now: datetime) -> None:
    """Mark the beginning of a silence in the conversation, and tell the desk of it once a day."""
    messages.add(
        tx,
        text="",
        sealed=False,
        direction="in",
        contact_point_id=contact.id,
        kind=_MARK,
        key=reason,
        state="received",
        gateway=item.gateway,
        channel=item.channel.value,
        at=now,
    )
    audit.add(tx, "contact.silenced", actor="machine", now=now, data={"contact": contact.id, "why": reason})
    day = context.calendar.local_day(now).isoformat()
    if alerts.alert_once(tx, reason, f"{contact.id}:{day}", case_id=None, now=now):
        Voice(context, tx, now).tell_level(Level.DESK, f"desk_{reason}")
