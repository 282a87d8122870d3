"""What becomes of a case: opening it, placing it on its ladder, moving it up, and closing it, each with audit and notices.

Every function runs within the caller's transaction, so that the change, its audit entry and its messages commit together.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain import ladder
from domain.ladder import Placement
from domain.lifecycle import Act, CaseKind, Outcome, Status, after
from domain.reading import Category
from domain.settings import Level, Step
from handlers.caseacts import CLOCK, MACHINE, Actor, CaseActs
from handlers.conflicts import highest_named, is_accusation
from storage.queries import areas, cases, contacts, messages, outbox, people, questions, staff
from storage.queries.areas import AreaRecord
from storage.queries.cases import CaseRecord
from storage.queries.contacts import Contact
from storage.store import Tx
from wording import say


@dataclass(frozen=True, slots=True)
class Opening:
    """What a new case starts with. `barred_to` is the rank of the highest level that a conflict of interest bars."""

    kind: CaseKind
    category: Category | None
    categories: tuple[Category, ...] = ()
    secondary: Category | None = None
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
class Casework(CaseActs):
    """What becomes of a case, step by step, within one transaction."""

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
            "secondary": opening.secondary.value if opening.secondary else None,
            "category_by": "machine",
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
        if case.with_desk:
            self.note(case, "case.to_be_read", MACHINE)
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

    def put_in_area(
        self, case: CaseRecord, area: AreaRecord, actor: Actor, *, from_the_start: bool = False
    ) -> CaseRecord:
        """Say where a case belongs, and give it to the officers there, on its rung or from the first one on."""
        case = self.change(case, area_id=area.id, area_path=area.path)
        self.note(case, "case.placed", actor, area=area.code)
        if case.sensitive is not None or case.with_desk or not case.is_open:
            return case
        return self.settle(case, start=0 if from_the_start else case.rung, key="officer_new")

    def settle(self, case: CaseRecord, *, start: int, key: str, keep_due: bool = True) -> CaseRecord:
        """Put a case on the first filled rung from `start` on, tell its officers, and alert the desk of vacant posts."""
        placement = self._placement(case, start)
        due = case.due_at
        passed = due is not None and due <= self.now
        if not keep_due or passed or (due is None and case.remaining_days is None):
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
        case = self.change(case, status=status, resolved_at=None, remaining_days=None)
        if case.area_path is None:
            return self._back_to_desk(case, actor, reason)
        case = self.settle(case, start=case.rung + 1, key="officer_escalated_to", keep_due=False)
        if act is Act.ESCALATE:
            self._tell_person_of_escalation(case)
        data = {"from": before.value, "to": case.level.value, "act": act.value}
        self.note(case, "case.escalated", actor, personal=reason, **data)
        if old_post is not None:
            key = "officer_not_solved" if act is Act.NOT_SOLVED else "officer_overdue"
            self._tell_old_post(case, old_post, key if actor.kind != "officer" else None)
        return case

    def _back_to_desk(self, case: CaseRecord, actor: Actor, reason: str | None) -> CaseRecord:
        """Leave a case without a place with the desk, which has to find out where it belongs."""
        due = self.context.calendar.deadline(self.now, self.context.settings.deadlines.answer_days)
        case = self.change(case, level=Level.DESK, post_id=None, due_at=due, taken_by=None)
        self.note(case, "case.back_to_desk", actor, personal=reason)
        self.voice.tell_level(Level.DESK, "desk_no_place", case=case)
        return case

    def _tell_person_of_escalation(self, case: CaseRecord) -> None:
        contact = self.contact_of(case)
        if contact is None or case.sensitive is not None:
            return
        level = say(f"level_{case.level}", self.voice.language_of(contact))
        day = self.voice.day(case.due_at or case.answer_by)
        due = self.context.calendar.after_quiet_hours(self.now)
        self.voice.tell(contact, "escalated", case=case, due_at=due, ref=case.reference, level=level, day=day)

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

    def resolve(self, case: CaseRecord, outcome: Outcome, text: str, actor: Actor) -> CaseRecord:
        """Resolve a case with its outcome in words, tell the person, and ask whether it is solved. Raises `Refused`."""
        act = Act.REJECT if outcome is Outcome.NOT_UPHELD else Act.RESOLVE
        status = after(case.status, act)
        case = self.change(case, status=status, outcome=outcome.value, resolved_at=self.now, remaining_days=None)
        self.note(case, "case.resolved", actor, personal=text, outcome=outcome.value, level=case.level.value)
        if case.sensitive is None and (contact := self.contact_of(case)) is not None:
            due = self.answer_leaves_at(case, contact)
            words: dict[str, Any] = {"ref": case.reference, "text": text}
            self.voice.tell(contact, "decision", case=case, kind="officer", due_at=due, **words)
            self.ask_solved(case, contact, due)
        return case

    def solved(self, case: CaseRecord, actor: Actor, *, confirmed: bool) -> CaseRecord:
        """Close a resolved case; `confirmed` tells the person's word from seven days of silence. Raises `Refused`."""
        status = after(case.status, Act.SOLVED if confirmed else Act.SILENCE)
        case = self.change(case, status=status, closed_at=self.now, confirmed=confirmed, due_at=None)
        self.note(case, "case.closed", actor, confirmed=confirmed)
        for staff_id in self._officers_of(case) if confirmed else ():
            self.voice.tell_staff(staff_id, "officer_solved", case=case)
        return case

    def person_wrote(self, case: CaseRecord) -> CaseRecord:
        """Note that the person wrote to a case; the clock goes on where it stood still for her answer."""
        if case.status is Status.AWAITING and questions.is_still_to_be_asked(self.tx, case.id, self.now):
            return self.change(case, last_inbound_at=self.now)
        values: dict[str, Any] = {"last_inbound_at": self.now, "status": after(case.status, Act.PERSON_WROTE)}
        if case.remaining_days is not None:
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

    def no_answer(self, case: CaseRecord) -> CaseRecord:
        """Let the clock of a case go on whose person did not answer, and tell its officers."""
        values = self.clock_goes_on(case) if case.remaining_days is not None else {}
        case = self.change(case, status=after(case.status, Act.PERSON_WROTE), **values)
        self.note(case, "case.not_answered", CLOCK)
        for staff_id in self._officers_of(case) if case.sensitive is None else ():
            self.voice.tell_staff(staff_id, "officer_no_answer", case=case)
        return case

    def help_wanted(self, case: CaseRecord) -> datetime:
        """Give a case to the desk whose person wants help after the last decision; return by when she is called."""
        due = self.context.calendar.deadline(self.now, self.context.settings.deadlines.acknowledge_days)
        case = self.change(
            case,
            status=after(case.status, Act.NOT_SOLVED),
            level=Level.DESK,
            post_id=None,
            resolved_at=None,
            due_at=due,
        )
        self.note(case, "case.help_wanted", Actor("person"))
        self.voice.tell_level(Level.DESK, "officer_help_wanted", case=case)
        return due

    def back_to_be_read(self, case: CaseRecord) -> CaseRecord:
        """Give a case to the desk to be read before anybody in the area sees it any more."""
        case = self.change(case, with_desk=True, taken_by=None, post_id=None)
        self.withdraw_notices(case)
        self.note(case, "case.to_be_read", MACHINE)
        return self.route(case)

    def recategorise(self, case: CaseRecord, category: Category, actor: Actor) -> CaseRecord:
        """Say what a case is about. One that nobody has touched starts anew on the ladder of that category; an
        accusation moves to its ladder whoever has it, and never down.

        What is abuse goes to the focal points; what accuses somebody is taken from those whom its words name.
        """
        self.note(case, "case.recategorised", actor, **{"from": case.category, "to": category.value})
        if category is Category.ABUSE and case.sensitive is None:
            case = self.change(case, category=category.value, category_by=actor.kind)
            return self.mark_sensitive(case, "unsorted", actor)
        steps = self.context.settings.ladder_for(category)
        values: dict[str, Any] = {"category": category.value, "category_by": actor.kind}
        untouched = case.status is Status.NEW and case.taken_by is None and case.parent_id is None and case.rung == 0
        moves = steps != case.steps and (untouched or is_accusation(category))
        if moves:
            rung = 0 if untouched else _rung_from(steps, case.level)
            values |= {"ladder": [step.model_dump(mode="json") for step in steps], "rung": rung, "taken_by": None}
        case = self.change(case, **values)
        if is_accusation(category):
            case = self.raise_bar(case, self._named_in(case))
        if moves and case.sensitive is None and not case.with_desk and case.area_path is not None:
            self.withdraw_notices(case)
            case = self.settle(case, start=case.rung, key="officer_new")
        return case

    def _named_in(self, case: CaseRecord) -> int:
        """Return the rank of the highest level that the person's words name; -1 for none."""
        language = self.context.settings.default_language
        said = [each.text for each in messages.of_case(self.tx, case.id) if each.direction == "in" and each.text]
        return max((highest_named(self.context.read(text, language)) for text in said), default=-1)

    def raise_bar(self, case: CaseRecord, barred_to: int) -> CaseRecord:
        """Take a case away from a level that a later text names, and from those below it."""
        if barred_to <= case.barred_to:
            return case
        case = self.change(case, barred_to=barred_to, taken_by=None)
        self.note(case, "case.barred", MACHINE, barred_to=barred_to)
        if case.sensitive is not None or case.with_desk or case.area_path is None or not case.is_open:
            return case
        self.withdraw_notices(case)
        return self.settle(case, start=case.rung, key="officer_new")

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
        """Note that a vacant post was stepped over, and tell the desk of the post once a day."""
        self.note(case, "post.vacant", MACHINE, level=vacant.value)
        day = self.context.calendar.local_day(self.now).isoformat()
        key = f"{vacant.value}:{areas.codes_in(case.area_path)[-1]}:{day}"
        if not cases.alert_once(self.tx, "vacant", key, case_id=case.id, now=self.now):
            return
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


def _rung_from(steps: tuple[Step, ...], level: Level) -> int:
    """Return the first rung of a ladder that is not below a level; the last where all are."""
    return next((n for n, step in enumerate(steps) if ladder.rank(step.level) >= _known(level)), len(steps) - 1)


def _known(level: Level) -> int:
    """Return a level's rank; the desk, which has a case before anybody, counts as the lowest."""
    return 0 if level is Level.DESK else ladder.rank(level)


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
