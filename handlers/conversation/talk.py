"""One step of a conversation: who writes what, when, and the means of answering within the same transaction."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from domain.inbound import Inbound
from domain.reading import Intent, Language, Reading
from domain.texts.references import find_reference
from handlers.cases.casework import Casework, person_of
from handlers.context import Context
from handlers.incoming.noted import found_in
from handlers.sending.voice import Voice
from storage import Tx
from storage.queries.casework.cases import CaseRecord
from storage.queries.persons import contacts, messages, people
from storage.queries.persons.contacts import Contact

COURTESIES = frozenset(
    {"greeting", "help", "help_rights", "menu", "noted", "number_unknown", "question_late", "sticker"}
)
"""What is said to whoever writes anything; each is limited by itself, and tells nobody from a machine."""
_HOUR, _ENOUGH = timedelta(hours=1), 8
_KEYWORDS = 2


@dataclass(frozen=True, slots=True)
class Talk:
    """A message of a contact point, being processed. `text` is what was written, with PIN-like digits hidden."""

    context: Context
    tx: Tx
    now: datetime
    contact: Contact
    item: Inbound
    text: str
    hid_pin: bool = False

    @property
    def voice(self) -> Voice:
        """Return the means of speaking in this step."""
        return Voice(self.context, self.tx, self.now)

    @property
    def work(self) -> Casework:
        """Return the means of working on cases in this step."""
        return Casework(self.context, self.tx, self.now)

    @property
    def language(self) -> Language:
        """Return the language in which the person is answered."""
        return self.voice.language_of(self.contact)

    def tell(self, key: str, *, case: CaseRecord | None = None, **values: Any) -> None:
        """Answer the person; the same courtesy is not repeated without end, so that two machines cannot go on and on."""
        if key in COURTESIES and messages.said_since(self.tx, self.contact.id, key, self.now - _HOUR) >= _ENOUGH:
            return
        self.voice.tell(self.contact, key, case=case, **values)

    def with_person(self) -> "Talk":
        """Return the same step with the contact point's person, made and locked for the rest of it."""
        person_id = person_of(self.tx, self.contact, self.now)
        people.by_id(self.tx, person_id, locked=True)
        return replace(self, contact=replace(self.contact, person_id=person_id))

    def in_language(self, reading: Reading) -> "Talk":
        """Return the same step, answered from now on in the language that the person writes, where the project has it.

        One or two English words are keywords (HELP, OK, Wing) in every language here; a reference and noise are in none.
        """
        if reading.language not in self.context.settings.languages or reading.confidence < 0.5:
            return self
        if self.contact.language == reading.language.value or len(self.text) < 3:
            return self
        if reading.language is Language.EN and (reading.intent is Intent.UNCLEAR or self._is_keywords(reading)):
            return self
        contacts.change(self.tx, self.contact.id, language=reading.language.value)
        return replace(self, contact=replace(self.contact, language=reading.language.value))

    def _is_keywords(self, reading: Reading) -> bool:
        prefixes = (self.context.settings.prefix,)
        found = find_reference(self.text, prefixes) if reading.reference is not None else None
        return len((self.text.replace(found.typed, " ") if found else self.text).split()) <= _KEYWORDS

    def keep(self, *, case: CaseRecord | None = None, reading: Reading | None = None, kind: str = "message") -> int:
        """Keep what came in as a message of the conversation, sealed where the case is sensitive, and return its number."""
        sealed = case is not None and case.sensitive is not None
        return messages.add(
            self.tx,
            text=self.text,
            sealed=sealed,
            direction="in",
            contact_point_id=self.contact.id,
            person_id=self.contact.person_id,
            case_id=case.id if case else None,
            kind=kind,
            key=messages.album_key(self.item.album),
            language=reading.language.value if reading else None,
            reading=self._kept_reading(reading, sealed=sealed) if reading else None,
            state="received",
            gateway=self.item.gateway,
            channel=self.item.channel.value,
            provider_id=self.item.message_id or self.item.provider_id,
            at=self.now,
        )

    def _kept_reading(self, reading: Reading, *, sealed: bool) -> dict[str, Any]:
        """Return what is kept of a reading; days and sums too, as they are words of hers not where the case is sensitive."""
        kept: dict[str, Any] = {
            "intent": reading.intent.value,
            "category": reading.category.value if reading.category else None,
            "script": reading.script.value,
            "confidence": round(reading.confidence, 3),
        }
        slots = None if sealed else found_in(self.context, self.text, self.now).as_plain()
        if slots is not None and any(slots.values()):
            kept["slots"] = slots
        return kept
