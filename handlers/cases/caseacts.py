"""What every act on a case is made of: changing it with an audit entry, asking its person, stopping and resuming its clock."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from domain.ports import Button
from domain.settings import Level
from handlers.context import Context
from handlers.sending.voice import Voice
from storage.queries import alerts, audit
from storage.queries.casework import caseload, cases
from storage.queries.casework.cases import CaseRecord
from storage.queries.persons import contacts, questions
from storage.queries.persons.contacts import Contact
from storage.queries.sending import outbox
from storage.queries.staffing import staff
from storage.store import Tx
from wording import say


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: `person`, `officer`, `desk`, `staff`, `clock` or `machine`, and the number where there is one.

    `via` is from where, where that is known: `sms`, `telegram` or `console`.
    """

    kind: str
    id: int | None = None
    via: str | None = None


_JUST_WROTE = timedelta(hours=1)
HAZARD = "hazard"
"""The alert that a life is in danger, kept for a case."""
CLOCK, MACHINE = Actor("clock"), Actor("machine")


@dataclass(frozen=True, slots=True)
class CaseActs:
    """The means of working on cases within one transaction, at one moment."""

    context: Context
    tx: Tx
    now: datetime

    @property
    def voice(self) -> Voice:
        """Return the means of speaking in the same transaction."""
        return Voice(self.context, self.tx, self.now)

    def answer_leaves_at(self, case: CaseRecord, contact: Contact) -> datetime:
        """Return when an officer's words may reach the person: held so that he can take them back, and in their order.

        Not at night, unless she just wrote.
        """
        held = self.now + timedelta(seconds=self.context.settings.deadlines.hold_seconds)
        queued = outbox.latest_due(self.tx, contact.id) or held
        return max(queued, self.not_at_night(case, held, wrote_at=contact.last_inbound_at))

    def not_at_night(self, case: CaseRecord, moment: datetime, *, wrote_at: datetime | None) -> datetime:
        """Return a moment, or the end of the quiet hours after it.

        Not where she just wrote, nor of a sensitive case or one where a life is in danger.
        """
        awake = wrote_at is not None and wrote_at > self.now - _JUST_WROTE
        morning = self.context.calendar.after_quiet_hours(moment)
        if awake or case.sensitive is not None or morning == moment:
            return moment
        return moment if alerts.was_told(self.tx, HAZARD, str(case.id)) else morning

    def ask_solved(self, case: CaseRecord, contact: Contact, due_at: datetime | None = None) -> None:
        """Ask the person whether it is solved; a question about a case replaces the one that was open."""
        until = self.context.calendar.deadline(self.now, self.context.settings.deadlines.appeal_days)
        day = self.voice.day(until)
        choices = ["solved", "not_yet"]
        self.ask(contact, "solved", "solved_question", case=case, choices=choices, asked_at=due_at, day=day)

    def ask(
        self,
        contact: Contact,
        kind: str,
        key: str | None,
        *,
        case: CaseRecord | None,
        choices: Sequence[str] = (),
        batch_id: int | None = None,
        asked_at: datetime | None = None,
        labels: tuple[str, ...] = (),
        **values: Any,
    ) -> int | None:
        """Open a question and say it with its buttons; `key` None opens it without words of its own."""
        if contact.stopped_at is not None:
            return None
        question = questions.ask(
            self.tx,
            contact_id=contact.id,
            kind=kind,
            options=list(choices),
            now=asked_at or self.now,
            expires_at=(asked_at or self.now) + timedelta(hours=self.context.settings.deadlines.question_hours),
            case_id=case.id if case else None,
            batch_id=batch_id,
        )
        if key is None:
            return question
        language = self.voice.language_of(contact)
        names = labels or tuple(say(f"button_{name}", language) for name in _button_names(kind, choices))
        buttons = tuple((Button(label, f"q:{question}:{n}"),) for n, label in enumerate(names, start=1))
        reference = {"ref": case.reference} if case else {}
        self.voice.tell(contact, key, case=case, buttons=buttons, due_at=asked_at, **{**reference, **values})
        return question

    def clock_stops(self, case: CaseRecord) -> dict[str, Any]:
        """Return the columns by which a case's deadline waits for the person's answer."""
        if case.due_at is None or case.remaining_days is not None:
            return {}
        calendar = self.context.calendar
        left = calendar.working_days_between(calendar.local_day(self.now), calendar.local_day(case.due_at))
        return {"remaining_days": left, "due_at": None}

    def clock_goes_on(self, case: CaseRecord) -> dict[str, Any]:
        """Return the columns by which a stopped deadline runs again for the working days that were left, at least one."""
        due = self.context.calendar.deadline(self.now, max(1, case.remaining_days or 0))
        warned = case.warned if case.warned < caseload.TOLD else 0
        return {"due_at": due, "due_from": self.now, "remaining_days": None, "warned": warned}

    def new_deadline(self, due_at: datetime) -> dict[str, Any]:
        """Return the columns by which a deadline begins now, of which nobody was warned yet."""
        return {"due_at": due_at, "due_from": self.now, "warned": 0}

    def answered(self, case: CaseRecord) -> dict[str, datetime]:
        """Return the columns that tell when an officer first took a case and first answered; nothing where one did before."""
        firsts = ("acknowledged_at", "first_answer_at")
        return {name: self.now for name in firsts if getattr(case, name) is None}

    def officers_of(self, case: CaseRecord) -> list[int]:
        """Return who has a case now: who took it, else its post's holders, else the desk."""
        if case.taken_by is not None:
            return [case.taken_by]
        if case.post_id is not None:
            return staff.holders(self.tx, case.post_id, self.now, case_id=case.id)
        return staff.of_level(self.tx, Level.DESK, self.now, case_id=case.id)

    def contact_of(self, case: CaseRecord) -> Contact | None:
        """Return the contact point by which a case's person is answered, or None."""
        return contacts.by_id(self.tx, case.contact_point_id) if case.contact_point_id is not None else None

    def change(self, case: CaseRecord, **values: Any) -> CaseRecord:
        """Set columns of a case and return it as it is now."""
        cases.change(self.tx, case.id, **values)
        return replace(case, **values)

    def note(self, case: CaseRecord, type_: str, actor: Actor, *, personal: str | None = None, **data: Any) -> None:
        """Add an audit entry about a case: who, from where, what."""
        if actor.via is not None:
            data["via"] = actor.via
        audit.add(
            self.tx,
            type_,
            actor=actor.kind,
            actor_id=actor.id,
            case_id=case.id,
            now=self.now,
            data=data,
            personal=personal,
        )


def _button_names(kind: str, choices: Sequence[str]) -> tuple[str, ...]:
    if kind == "slip":
        return ("yes", "no")
    if kind == "last_level":
        return ("help",)
    if kind in ("solved", "take_up", "survey", "withdraw", "appeal", "trouble", "satisfaction"):
        return tuple(choices)
    return ()
