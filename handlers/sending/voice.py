"""Saying something to somebody: the wording in the right language, the message kept, and its place in the outbox.

Everything that leaves goes through here, in the transaction of what caused it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.inbound import Channel
from domain.ports import Button, OutboundAction, Rows
from domain.reading import Language
from domain.sending.segments import count_segments
from domain.settings import Level
from handlers.context import Context
from handlers.officers.commands import without_slashes
from handlers.places import short_place
from handlers.sending.gateways import gateway_for
from storage.queries.casework import case_numbers
from storage.queries.casework.cases import CaseRecord
from storage.queries.persons import contacts, messages, people
from storage.queries.persons.contacts import Contact
from storage.queries.sending import outbox
from storage.queries.sending.outbox import Lane
from storage.queries.staffing import staff
from storage.store import Tx
from wording import say, texts

SILENT_EXCEPT = "stopped"
"""The one thing that is still said to somebody who has just asked for silence."""


@dataclass(frozen=True, slots=True)
class Voice:
    """The means of speaking within one transaction, at one moment."""

    context: Context
    tx: Tx
    now: datetime

    def language_of(self, contact: Contact) -> Language:
        """Return the language in which a contact point is written to."""
        code = contact.language
        if code is None and contact.person_id is not None:
            code = people.by_id(self.tx, contact.person_id).language
        return Language(code) if code else self.context.settings.default_language

    def day(self, moment: datetime) -> str:
        """Return a date as messages show it: day and month in project time."""
        local = self.context.calendar.local(moment)
        return f"{local.day}/{local.month}"

    def tell(
        self,
        contact: Contact,
        key: str,
        *,
        case: CaseRecord | None = None,
        buttons: Rows = (),
        kind: str = "system",
        due_at: datetime | None = None,
        **values: Any,
    ) -> int | None:
        """Say something to a person in her language; None where she asked for silence or cannot be reached."""
        words = say(key, self.language_of(contact), **values)
        return self.send(contact, words, key=key, case=case, buttons=buttons, kind=kind, due_at=due_at)

    def send(  # noqa: PLR0913
        self,
        contact: Contact,
        words: str,
        *,
        key: str,
        case: CaseRecord | None = None,
        buttons: Rows = (),
        kind: str = "system",
        due_at: datetime | None = None,
        protect: bool = False,
        staff_id: int | None = None,
    ) -> int | None:
        """Queue words for a contact point and return the message's number; None where nothing may be sent.

        What may not be forwarded tells who wrote, so that it is sealed here too.
        """
        if (contact.stopped_at is not None and key != SILENT_EXCEPT) or contact.blocked_at is not None:
            return None
        gateway = self.gateway_of(contact)
        if gateway is None:
            return None
        if contact.channel is Channel.SMS:
            words, buttons = words.replace("\u200b", ""), ()
        message_id = messages.add(
            self.tx,
            text=words,
            sealed=protect or (case is not None and case.sensitive is not None),
            direction="out",
            contact_point_id=contact.id,
            case_id=case.id if case else None,
            person_id=contact.person_id if staff_id is None else None,
            staff_id=staff_id,
            kind=kind,
            key=key,
            language=contact.language,
            buttons=[[[button.label, button.data] for button in row] for row in buttons] or None,
            protect=protect,
            state="queued",
            gateway=gateway,
            channel=contact.channel.value,
            segments=count_segments(words).segments if contact.channel is Channel.SMS else 1,
            at=self.now,
        )
        outbox.enqueue(
            self.tx, message_id, contact_id=contact.id, gateway=gateway, due_at=max(self.now, due_at or self.now)
        )
        return message_id

    def gateway_of(self, contact: Contact) -> str | None:
        """Return the gateway by which a contact point is reached now: the one it wrote to, where that can send."""
        return gateway_for(self.context, self.tx, contact, self.now)

    def delete_later(self, contact: Contact, message_id: int, *, at: datetime) -> None:
        """Take a message out of its chat at a moment (where the channel can)."""
        if outbox.take_back_sooner(self.tx, message_id, at):
            return
        gateway = self.gateway_of(contact)
        if gateway is not None and contact.channel is Channel.TELEGRAM:
            outbox.enqueue(
                self.tx,
                message_id,
                contact_id=contact.id,
                gateway=gateway,
                due_at=at,
                lane=Lane.BULK,
                action=OutboundAction.DELETE,
            )

    def tell_staff(
        self,
        staff_id: int,
        key: str,
        *,
        case: CaseRecord | None = None,
        actions: tuple[str, ...] = (),
        due_at: datetime | None = None,
        **values: Any,
    ) -> bool:
        """Notify a member of staff, by Telegram, or by SMS where there is no account; the case gets a short number.

        It leaves at `due_at`, else at once. False where there is no way to reach him.
        """
        contact = self.staff_contact(staff_id)
        if contact is None:
            return False
        language = self.staff_language(contact)
        if case is not None:
            values = {
                **values,
                **self.about(case, language),
                "number": case_numbers.number_for(self.tx, staff_id, case.id),
            }
        if contact.channel is Channel.SMS and f"{key}_sms" in texts(language):
            key = f"{key}_sms"
        for name in ("level", "office"):
            if isinstance(values.get(name), Level):
                values[name] = say(f"{name}_{values[name]}", language)
        words = say(key, language, **values)
        if contact.channel is Channel.SMS:
            words = without_slashes(words, language)
        buttons = self.case_buttons(case, actions, language) if case is not None and actions else ()
        sent = self.send(
            contact, words, key=key, case=case, kind="notice", buttons=buttons, due_at=due_at, staff_id=staff_id
        )
        return sent is not None

    def tell_level(self, holders: Level, key: str, /, *, case: CaseRecord | None = None, **values: Any) -> int:
        """Notify everybody who holds a post of a level anywhere, such as the desk, and is not named by the case.

        Return how many those are.
        """
        found = staff.of_level(self.tx, holders, self.now, case_id=case.id if case is not None else None)
        for staff_id in found:
            self.tell_staff(staff_id, key, case=case, **values)
        return len(found)

    def staff_contact(self, staff_id: int) -> Contact | None:
        """Return by what a member of staff is reached now: Telegram before SMS."""
        reachable = (c for c in contacts.of_staff(self.tx, staff_id) if c.blocked_at is None and c.stopped_at is None)
        return next((c for c in reachable if self.gateway_of(c) is not None), None)

    def staff_language(self, contact: Contact) -> Language:
        """Return the language in which an officer's account is written to."""
        return self.language_of(contact)

    def about(self, case: CaseRecord, language: Language) -> dict[str, str]:
        """Return how a notice names a case: reference, category, place and date, and nothing of her words."""
        return {
            "ref": case.reference,
            "category": say(f"category_{case.category or 'none'}", language),
            "place": short_place(self.tx, case.area_id, language),
            "day": self.day(case.due_at or case.answer_by),
        }

    def case_buttons(self, case: CaseRecord, actions: tuple[str, ...], language: Language) -> Rows:
        """Return a row of buttons, each carrying its act and the case's number."""
        return (tuple(Button(say(f"button_{act}", language), f"c:{act}:{case.id}") for act in actions),)
