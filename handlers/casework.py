"""What becomes of a case: opening it, placing it on its ladder, moving it up, and closing it, each with audit and notices.

Every function runs within the caller's transaction, so that the change, its audit entry and its messages commit together.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from domain import ladder
from domain.ladder import Placement
from domain.lifecycle import Act, CaseKind, Outcome, Status, after
from domain.ports import Button
from domain.reading import Category
from domain.settings import Level, Step
from handlers.context import Context
from handlers.voice import Voice
from storage.queries import areas, audit, cases, contacts, messages, outbox, people, questions, staff
from storage.queries.areas import AreaRecord
from storage.queries.cases import CaseRecord
from storage.queries.contacts import Contact
from storage.store import Tx
from wording import say


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: `person`, `officer`, `desk`, `staff`, `clock` or `machine`, and the number where there is one."""

    kind: str
    id: int | None = None


CLOCK, MACHINE = Actor("clock"), Actor("machine")


@dataclass(frozen=True, slots=True)
class Opening:
    """What a new case starts with. `barred_to` is the rank of the highest level that a conflict of interest bars."""

    kind: CaseKind
    category: Category | None
    categories: tuple[Category, ...] = ()
    sensitive: str | None = None
    with_desk: bool = False
    barred_to: int = -1
    area: AreaRecord | None = None
    round_id: int | None = None
    parent: CaseRecord | None = None
    anonymous: bool = False
    call_hours: tuple[int, int] | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Casework:
    """The means of working on cases within one transaction, at one moment."""

    context: Context
    tx: Tx
    now: datetime

    @property
    def voice(self) -> Voice:
        """Return the means of speaking in the same transaction."""
        return Voice(self.context, self.tx, self.now)

    def open(self, opening: Opening, *, person_id: int, contact: Contact | None, actor: Actor) -> CaseRecord:
        """Make a case: acknowledged by machine at once, on its ladder, with its officers told."""
        settings, calendar = self.context.settings, self.context.calendar
        answer_by = calendar.deadline(self.now, settings.deadlines.answer_days)
        steps = settings.ladder_for(opening.category)
        values: dict[str, Any] = {
            "kind": opening.kind.value,
            "status": Status.NEW.value,
            "category": opening.category.value if opening.category else None,
            "categories": [each.value for each in opening.categories],
            "sensitive": opening.sensitive,
            "with_desk": opening.with_desk and opening.sensitive is None,
            "anonymous": opening.anonymous,
            "level": Level.DESK.value,
            "ladder": [step.model_dump(mode="json") for step in steps],
            "rung": _first_rung(steps, opening.parent),
            "barred_to": opening.barred_to,
            "area_id": opening.area.id if opening.area else None,
            "area_path": opening.area.path if opening.area else None,
            "person_id": person_id,
            "contact_point_id": contact.id if contact else None,
            "round_id": opening.round_id,
            "parent_id": opening.parent.id if opening.parent else None,
            "call_hours": list(opening.call_hours) if opening.call_hours else None,
            "received_at": self.now,
            "last_inbound_at": self.now,
            "answer_by": answer_by,
            "due_at": answer_by,
        }
        case = cases.create(
            self.tx,
            prefix=settings.prefix,
            random=self.context.random,
            contact_id=contact.id if contact else None,
            values=values,
        )
        self.note(case, "case.opened", actor, kind=case.kind.value, category=case.category)
        if opening.reasons:
            self.note(case, "case.sensitive_because", MACHINE, personal=" · ".join(opening.reasons))
        return self.route(case)

    def route(self, case: CaseRecord) -> CaseRecord:
        """Give a case to whoever must act on it first: focal points, the desk, or the first filled rung of its ladder."""
        deadlines, calendar = self.context.settings.deadlines, self.context.calendar
        if case.sensitive is not None:
            due = calendar.deadline(self.now, deadlines.sensitive_days)
            case = self.change(case, level=Level.FOCAL, post_id=None, due_at=due)
            self.voice.tell_level(Level.FOCAL, "officer_new_sensitive", case=case)
            return case
        if case.with_desk:
            case = self.change(case, level=Level.DESK, due_at=calendar.deadline(case.received_at, deadlines.desk_days))
            self.voice.tell_level(Level.DESK, "desk_unsorted", case=case)
            return case
        if case.area_path is None:
            return self.change(case, level=Level.DESK)
        return self.settle(case, start=case.rung, key="officer_new")

    def put_in_area(self, case: CaseRecord, area: AreaRecord, actor: Actor) -> CaseRecord:
        """Say where a case belongs, and give it to the officers there."""
        case = self.change(case, area_id=area.id, area_path=area.path)
        self.note(case, "case.placed", actor, area=area.code)
        if case.sensitive is not None or case.with_desk or not case.is_open:
            return case
        return self.settle(case, start=case.rung, key="officer_new")

    def settle(self, case: CaseRecord, *, start: int, key: str, keep_due: bool = True) -> CaseRecord:
        """Put a case on the first filled rung from `start` on, tell its officers, and alert the desk of vacant posts."""
        placement = self._placement(case, start)
        due = case.due_at
        if not keep_due:
            due = ladder.due_at(
                self.context.calendar,
                self.now,
                case.steps,
                placement.index,
                answer_days=self.context.settings.deadlines.answer_days,
            )
        case = self.change(
            case, rung=placement.index, level=placement.level, post_id=placement.post, due_at=due, taken_by=None
        )
        for vacant in placement.vacant:
            self._alert_vacant(case, vacant)
        if placement.post is None:
            self.voice.tell_level(Level.DESK, "desk_unfilled", case=case)
        else:
            self._tell_post(case, placement.post, key)
        return case

    def escalate(self, case: CaseRecord, *, actor: Actor, act: Act, reason: str | None = None) -> CaseRecord:
        """Move a case one level up: the officers of both levels and the person are told. Raises `Refused`."""
        status = after(case.status, act)
        before, old_post = case.level, case.post_id
        questions.end_of_case(self.tx, case.id, "replaced")
        case = self.change(case, status=status, resolved_at=None, remaining_s=None)
        case = self.settle(case, start=case.rung + 1, key="officer_escalated_to", keep_due=False)
        data = {"from": before.value, "to": case.level.value, "act": act.value}
        self.note(case, "case.escalated", actor, personal=reason, **data)
        if old_post is not None:
            key = "officer_not_solved" if act is Act.NOT_SOLVED else "officer_overdue"
            self._tell_old_post(case, old_post, key if actor.kind != "officer" else None)
        return case

    def mark_sensitive(self, case: CaseRecord, kind: str, actor: Actor) -> CaseRecord:
        """Give a case to the focal points: its words are sealed, notices about it withdrawn where they can be."""
        case = self.change(case, sensitive=kind, with_desk=False, taken_by=None, post_id=None)
        messages.seal_case(self.tx, case.id, sealed=True)
        self.withdraw_notices(case)
        outbox.withdraw_case(self.tx, case.id, kinds=("notice", "officer", "question"))
        questions.end_of_case(self.tx, case.id, "replaced")
        self.note(case, "case.marked_sensitive", actor, sensitive=kind)
        return self.route(case)

    def withdraw_notices(self, case: CaseRecord) -> None:
        """Take notices about a case back: those in the queue, and those on officers' phones where the channel can."""
        outbox.withdraw_case(self.tx, case.id, kinds=("notice",))
        for notice in messages.notices_of(self.tx, case.id):
            if notice.provider_id is not None and notice.contact_point_id is not None:
                contact = contacts.by_id(self.tx, notice.contact_point_id)
                self.voice.delete_later(contact, notice.id, at=self.now)
        cases.forget_numbers(self.tx, case.id)

    def resolve(self, case: CaseRecord, outcome: Outcome, text: str, actor: Actor) -> CaseRecord:
        """Resolve a case with its outcome in words, tell the person, and ask whether it is solved. Raises `Refused`."""
        act = Act.REJECT if outcome is Outcome.NOT_UPHELD else Act.RESOLVE
        status = after(case.status, act)
        case = self.change(case, status=status, outcome=outcome.value, resolved_at=self.now, remaining_s=None)
        self.note(case, "case.resolved", actor, personal=text, outcome=outcome.value, level=case.level.value)
        if case.sensitive is None and (contact := self.contact_of(case)) is not None:
            self.voice.tell(contact, "decision", case=case, kind="officer", ref=case.reference, text=text)
            self.ask_solved(case, contact)
        return case

    def ask_solved(self, case: CaseRecord, contact: Contact) -> None:
        """Ask the person whether it is solved; a question about a case replaces the one that was open."""
        settings, calendar = self.context.settings, self.context.calendar
        until = calendar.deadline(self.now, settings.deadlines.appeal_days)
        self.ask(
            contact, "solved", "solved_question", case=case, choices=["solved", "not_yet"], day=self.voice.day(until)
        )

    def ask(
        self,
        contact: Contact,
        kind: str,
        key: str | None,
        *,
        case: CaseRecord | None,
        choices: Sequence[str] = (),
        batch_id: int | None = None,
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
            now=self.now,
            expires_at=self.now + timedelta(hours=self.context.settings.deadlines.question_hours),
            case_id=case.id if case else None,
            batch_id=batch_id,
        )
        if key is None:
            return question
        language = self.voice.language_of(contact)
        names = labels or tuple(say(f"button_{name}", language) for name in _button_names(kind, choices))
        buttons = tuple((Button(label, f"q:{question}:{n}"),) for n, label in enumerate(names, start=1))
        reference = {"ref": case.reference} if case else {}
        self.voice.tell(contact, key, case=case, buttons=buttons, **{**reference, **values})
        return question

    def solved(self, case: CaseRecord, actor: Actor, *, confirmed: bool) -> CaseRecord:
        """Close a resolved case; `confirmed` tells the person's word from seven days of silence. Raises `Refused`."""
        status = after(case.status, Act.SOLVED if confirmed else Act.SILENCE)
        case = self.change(case, status=status, closed_at=self.now, confirmed=confirmed, due_at=None)
        self.note(case, "case.closed", actor, confirmed=confirmed)
        for staff_id in self._officers_of(case) if confirmed else ():
            self.voice.tell_staff(staff_id, "officer_solved", case=case)
        cases.forget_numbers(self.tx, case.id)
        return case

    def person_wrote(self, case: CaseRecord) -> CaseRecord:
        """Note that the person wrote to a case; the clock goes on where it stood still for her answer."""
        values: dict[str, Any] = {"last_inbound_at": self.now, "status": after(case.status, Act.PERSON_WROTE)}
        if case.remaining_s is not None:
            values |= self.clock_goes_on(case)
        waited = case.status is Status.AWAITING or case.taken_by is not None
        case = self.change(case, **values)
        self.note(case, "case.person_wrote", Actor("person"))
        if waited and case.sensitive is None:
            for staff_id in self._officers_of(case):
                self.voice.tell_staff(staff_id, "officer_person_wrote", case=case, actions=("read",))
        if case.sensitive is not None:
            self.voice.tell_level(Level.FOCAL, "officer_new_sensitive", case=case)
        return case

    def clock_stops(self, case: CaseRecord) -> dict[str, Any]:
        """Return the columns by which a case's deadline waits for the person's answer."""
        if case.due_at is None or case.remaining_s is not None:
            return {}
        return {"remaining_s": max(0, int((case.due_at - self.now).total_seconds())), "due_at": None}

    def clock_goes_on(self, case: CaseRecord) -> dict[str, Any]:
        """Return the columns by which a stopped deadline runs again for the time that was left."""
        return {"due_at": self.now + timedelta(seconds=case.remaining_s or 0), "remaining_s": None}

    def contact_of(self, case: CaseRecord) -> Contact | None:
        """Return the contact point by which a case's person is answered, or None."""
        return contacts.by_id(self.tx, case.contact_point_id) if case.contact_point_id is not None else None

    def change(self, case: CaseRecord, **values: Any) -> CaseRecord:
        """Set columns of a case and return it as it is now."""
        cases.change(self.tx, case.id, **values)
        return replace(case, **values)

    def note(self, case: CaseRecord, type_: str, actor: Actor, *, personal: str | None = None, **data: Any) -> None:
        """Add an audit entry about a case."""
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

    def _placement(self, case: CaseRecord, start: int) -> Placement[int]:
        codes = areas.codes_in(case.area_path)
        return ladder.place(
            case.steps,
            start=start,
            barred_to=case.barred_to,
            filled_post=lambda level: staff.filled_post(self.tx, level, codes, self.now),
        )

    def _tell_post(self, case: CaseRecord, post_id: int, key: str) -> None:
        """Tell the holders of a post of a case; where none of them can be reached, the desk hears of it."""
        told = [
            self.voice.tell_staff(staff_id, key, case=case, actions=("read", "take", "resolve"))
            for staff_id in staff.holders(self.tx, post_id, self.now)
        ]
        day = self.context.calendar.local_day(self.now).isoformat()
        unreached = not any(told)
        if unreached and cases.alert_once(self.tx, "unreachable", f"{post_id}:{day}", case_id=case.id, now=self.now):
            self.voice.tell_level(Level.DESK, "desk_unreachable", case=case, level=case.level)

    def _alert_vacant(self, case: CaseRecord, vacant: Level) -> None:
        if not cases.alert_once(self.tx, "vacant", f"{case.id}:{vacant.value}", case_id=case.id, now=self.now):
            return
        self.note(case, "post.vacant", MACHINE, level=vacant.value)
        self.voice.tell_level(Level.DESK, "desk_vacant", case=case, level=case.level, office=case.level)

    def _tell_old_post(self, case: CaseRecord, post_id: int, key: str | None) -> None:
        if key is None:
            return
        for staff_id in staff.holders(self.tx, post_id, self.now):
            self.voice.tell_staff(staff_id, key, case=case, level=case.level, office=case.level)

    def _officers_of(self, case: CaseRecord) -> list[int]:
        if case.taken_by is not None:
            return [case.taken_by]
        if case.post_id is not None:
            return staff.holders(self.tx, case.post_id, self.now)
        return staff.of_level(self.tx, Level.DESK, self.now)


def next_level(case: CaseRecord) -> Level:
    """Return the level that a case's first rung above the barred ones belongs to: who sees it, whoever fills the post."""
    rungs = (step.level for step in case.steps[case.rung :] if ladder.rank(step.level) > case.barred_to)
    return next(rungs, Level.DESK)


def person_of(tx: Tx, contact: Contact, now: datetime) -> int:
    """Return the person of a contact point, made at the first message."""
    if contact.person_id is not None:
        return contact.person_id
    person_id = people.create(tx, now, language=contact.language)
    contacts.change(tx, contact.id, person_id=person_id)
    return person_id


def _first_rung(steps: tuple[Step, ...], parent: CaseRecord | None) -> int:
    if parent is None:
        return 0
    above = [i for i, step in enumerate(steps) if ladder.rank(step.level) > ladder.rank(parent.level)]
    return above[0] if above else len(steps) - 1


def _button_names(kind: str, choices: Sequence[str]) -> tuple[str, ...]:
    if kind == "slip":
        return ("yes", "no")
    if kind == "last_level":
        return ("help",)
    if kind in ("solved", "take_up", "survey"):
        return tuple(choices)
    return ()
