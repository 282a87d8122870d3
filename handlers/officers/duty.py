"""One step of an officer's work: who asks, by which account, and the means of doing and answering it in one transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.inbound import Channel, Inbound
from domain.ports import Rows
from domain.reading import Language
from handlers.cases.caseacts import Actor
from handlers.cases.casework import Casework
from handlers.cases.conflicts import outside_body
from handlers.context import Context
from handlers.officers.commands import without_slashes
from handlers.sending.voice import Voice
from storage import Tx
from storage.queries.casework import case_numbers, caseload
from storage.queries.casework.cases import CaseRecord
from storage.queries.persons.contacts import Contact
from storage.queries.staffing.staff import StaffRecord
from wording import say, texts

_NO_CASE = 0


@dataclass(frozen=True, slots=True)
class Duty:
    """What an officer sent, being processed."""

    context: Context
    tx: Tx
    now: datetime
    contact: Contact
    staff: StaffRecord
    item: Inbound

    @property
    def voice(self) -> Voice:
        """Return the means of speaking in this step."""
        return Voice(self.context, self.tx, self.now)

    @property
    def work(self) -> Casework:
        """Return the means of working on cases in this step."""
        return Casework(self.context, self.tx, self.now)

    @property
    def actor(self) -> Actor:
        """Return the officer as the audit log names him."""
        return Actor("officer", self.staff.id, self.via)

    @property
    def via(self) -> str:
        """Return from where he acts."""
        return self.contact.channel.value

    @property
    def language(self) -> Language:
        """Return the language in which the officer is answered."""
        return Language(self.contact.language or self.staff.language)

    @property
    def by_sms(self) -> bool:
        """Tell whether the officer uses SMS, where a sender can be forged and others may read."""
        return self.contact.channel is Channel.SMS

    def outside_body(self, case: CaseRecord) -> str:
        """Return where the person of a case can turn outside the project."""
        return outside_body(self.context.settings, case)

    def tell(self, key: str, *, case: CaseRecord | None = None, buttons: Rows = (), **values: Any) -> int | None:
        """Answer the officer, shorter by SMS where there is a shorter wording."""
        if self.by_sms and f"{key}_sms" in texts(self.language):
            key = f"{key}_sms"
        return self.send(say(key, self.language, **values), key=key, case=case, buttons=buttons)

    def send(
        self, words: str, *, key: str, case: CaseRecord | None = None, buttons: Rows = (), protect: bool = False
    ) -> int | None:
        """Send the officer words that are put together already; by SMS with commands as they are typed there."""
        words = without_slashes(words, self.language) if self.by_sms else words
        return self.voice.send(
            self.contact,
            words.strip(),
            key=key,
            case=case,
            kind="notice",
            buttons=buttons,
            protect=protect,
            staff_id=self.staff.id,
        )

    def find(
        self, *, number: int | None = None, reference: str | None = None, case_id: int | None = None
    ) -> CaseRecord | None:
        """Return the case that is meant where the officer may see it, locked; else say that there is none."""
        case = self.look(number=number, reference=reference, case_id=case_id)
        if case is None:
            self.tell("officer_not_found", ref=reference or (f"[{number}]" if number is not None else ""))
        return case

    def look(
        self, *, number: int | None = None, reference: str | None = None, case_id: int | None = None
    ) -> CaseRecord | None:
        """Return the case that is meant where the officer may see it, locked, or None.

        A number that nobody gave takes as many queries as that of a case which became sensitive.
        """
        wanted = (case_numbers.numbered(self.tx, self.staff.id, number) or _NO_CASE) if number is not None else case_id
        return caseload.find_visible(self.tx, self.staff.posts, case_id=wanted, reference=reference)
