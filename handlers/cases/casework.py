"""What becomes of a case: opening it, placing it on its ladder, moving it up, and closing it, each with audit and notices.

Every function runs within the caller's transaction, so that the change, its audit entry and its messages commit together.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain import ladder
from domain.lifecycle import Act, CaseKind, Outcome, Status, after
from domain.reading import Category, Reading
from domain.settings import LADDER_LEVELS, Level, Rung
from handlers.cases import conflicts, duplicates, hazards, safeguarding
from handlers.cases.caseacts import CLOCK, MACHINE, Actor
from handlers.cases.caseplacing import CasePlacing, first_rung, next_level, rung_from
from handlers.cases.conflicts import is_accusation
from storage.queries import console_lists
from storage.queries.areas import AreaRecord
from storage.queries.casework import bars, cases, harm, second_looks
from storage.queries.casework.cases import CaseRecord
from storage.queries.persons import contacts, messages, people, questions
from storage.queries.persons.contacts import Contact
from storage.queries.sending import outbox
from storage.store import Tx

__all__ = ["Casework", "Opening", "next_level", "person_of"]

_NEVER_SENSITIVE = ("solved_question", "escalated")
"""What is not said of a case that became sensitive, even where it waits to leave: somebody else may hold the phone."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What a new case starts with. `barred_to` is the rank of the highest level that a conflict of interest bars.

    `text` and `reading` are the first words, in which the names of officers are looked for.
    """

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
    text: str = ""
    reading: Reading | None = None


@dataclass(frozen=True, slots=True)
class Casework(CasePlacing):
    """What becomes of a case, step by step, within one transaction."""

    def open(self, opening: Opening, *, person_id: int, contact: Contact | None, actor: Actor) -> CaseRecord:
        """Make a case: acknowledged by machine at once, on its ladder, with its officers told."""
        settings, calendar = self.context.settings, self.context.calendar
        answer_by = calendar.deadline(self.now, settings.deadlines.answer_days)
        steps = self.rungs_for(opening.category, opening.kind)
        rung = first_rung(steps, self.decided_by(opening.parent) if opening.parent is not None else None)
        by = settings.acknowledge_days(opening.category, opening.kind, steps[rung].level)
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
            "rung": rung,
            "barred_to": opening.barred_to,
            "area_id": opening.area.id if opening.area else None,
            "area_path": opening.area.path if opening.area else None,
            "person_id": person_id,
            "contact_point_id": contact.id if contact else None,
            "round_id": opening.round_id,
            "parent_id": opening.parent.id if opening.parent else None,
            "call_hours": list(opening.call_hours) if opening.call_hours else None,
            "about_id": opening.parent.about_id if opening.parent else None,
            "received_at": self.now,
            "last_inbound_at": self.now,
            "answer_by": answer_by,
            "due_at": min(answer_by, self._first_due(steps, rung)),
            "due_from": self.now,
            "acknowledge_by": calendar.deadline(self.now, by),
        }
        case = cases.create(
            self.tx,
            prefix=settings.prefix,
            random=self.context.random,
            contact_id=contact.id if contact else None,
            values=values,
        )
        self.note(case, "case.opened", actor, kind=case.kind.value, category=case.category)
        if contact is not None and contact.staff_id is not None and actor.kind == "person":
            # An officer is a person too; what he writes as one is not his to handle.
            bars.add(self.tx, case.id, {contact.staff_id}, by="machine", now=self.now)
        case = self._as_named(case, opening)
        if case.with_desk:
            self.note(case, "case.to_be_read", MACHINE)
        if opening.reasons:
            self.note(case, "case.sensitive_because", MACHINE, personal=" · ".join(opening.reasons))
        case = self.route(case)
        safeguarding.heed_danger(self, case, opening.text)
        hazards.heed(self, case, opening.text)
        return case

    def _first_due(self, steps: tuple[Rung, ...], rung: int) -> datetime:
        days = self.context.settings.deadlines.answer_days
        return ladder.due_at(self.context.calendar, self.now, steps, rung, answer_days=days)

    def _as_named(self, case: CaseRecord, opening: Opening) -> CaseRecord:
        """Keep a new case from whom its words name, and an appeal from whom the case before it named."""
        if opening.parent is not None:
            bars.carry(self.tx, opening.parent.id, case.id, self.now)
        if opening.reading is None:
            return case
        complaint = case.kind is CaseKind.COMPLAINT
        words = (opening.text, opening.reading)
        named = conflicts.found_in(self.tx, *words, area=opening.area, complaint=complaint)
        return self._keep_away(case, named)[0]

    def mark_sensitive(self, case: CaseRecord, kind: str, actor: Actor) -> CaseRecord:
        """Give a case to the focal points: its words are sealed, notices about it withdrawn where they can be.

        What was added to it tells of the same, and goes with it.
        """
        for each in duplicates.added_to(self.tx, case):
            if each.sensitive is None:
                self.change(self._hide(each, kind, actor), level=Level.FOCAL)
        return self.route(self._hide(case, kind, actor))

    def _hide(self, case: CaseRecord, kind: str, actor: Actor) -> CaseRecord:
        case = self.change(case, sensitive=kind, with_desk=False, taken_by=None, post_id=None, incident_id=None)
        messages.seal_case(self.tx, case.id, sealed=True)
        self.withdraw_notices(case)
        outbox.withdraw_case(self.tx, case.id, kinds=("notice", "officer", "question"))
        outbox.withdraw_said(self.tx, case.id, keys=_NEVER_SENSITIVE)
        questions.end_of_case(self.tx, case.id, "replaced")
        second_looks.end_of_case(self.tx, case.id, "lapsed", now=self.now)
        harm.forget_traces(self.tx, case.id, self.now)
        read_by = [staff_id for staff_id, _ in console_lists.readers(self.tx, case.id)]
        self.note(case, "case.marked_sensitive", actor, sensitive=kind, read_by=read_by)
        return case

    def release(self, case: CaseRecord, reason: str, actor: Actor) -> CaseRecord:
        """Give a sensitive case, with what was added to it, to the officers whose it is; one that is over stays over."""
        second_looks.end_of_case(self.tx, case.id, "lapsed", now=self.now)
        for each in (*duplicates.added_to(self.tx, case), case):
            if each.sensitive is None:
                continue
            messages.seal_case(self.tx, each.id, sealed=False)
            category = Category.OTHER.value if each.category == Category.ABUSE else each.category
            case = self.change(each, sensitive=None, taken_by=None, level=_level_of(each), category=category)
            self.note(case, "case.released", actor, personal=reason)
        return self._give_on(case) if case.is_open else self.change(case, due_at=None)

    def _give_on(self, case: CaseRecord) -> CaseRecord:
        """Give a released case to its level, or to the desk, by when the person was promised an answer."""
        if case.remaining_days is None:
            late = case.answer_by <= self.now
            days = self.context.settings.deadlines.answer_days
            due = self.context.calendar.deadline(self.now, days) if late else case.answer_by
            case = self.change(case, **self.new_deadline(due))
        case = self.route(case)
        if case.area_path is None:
            self.voice.tell_level(Level.DESK, "desk_no_place", case=case)
        return case

    def resolve(
        self, case: CaseRecord, outcome: Outcome, text: str, actor: Actor, *, not_before: datetime | None = None
    ) -> CaseRecord:
        """Resolve a case with its outcome in words, tell the person, and ask whether it is solved. Raises `Refused`.

        Nothing leaves before `not_before`. People whose cases were added to this one are told too.
        """
        act = Act.REJECT if outcome is Outcome.NOT_UPHELD else Act.RESOLVE
        status = after(case.status, act)
        values: dict[str, Any] = dict(self.answered(case)) if actor.kind == "officer" else {}
        values |= {"outcome": outcome.value, "resolved_at": self.now, "remaining_days": None}
        case = self.change(case, status=status, **values)
        self.note(case, "case.resolved", actor, personal=text, outcome=outcome.value, level=case.level.value)
        if case.sensitive is None and (contact := self.contact_of(case)) is not None:
            due = max(self.answer_leaves_at(case, contact), not_before or self.now)
            words: dict[str, Any] = {"ref": case.reference, "text": text}
            words["outside"] = conflicts.outside_body(self.context.settings, case)
            self.voice.tell(contact, "decision", case=case, kind="officer", due_at=due, **words)
            self.ask_solved(case, contact, due)
        if case.sensitive is None:
            duplicates.tell_of_decision(self, case, text)
        return case

    def decided_by(self, case: CaseRecord) -> Level:
        """Return the level that decided a case: of one that was added to another, the level that decided that."""
        other = duplicates.standing_for(self.tx, case)
        return max(case.level, other.level if other is not None else case.level, key=ladder.rank)

    def is_last_word(self, case: CaseRecord) -> bool:
        """Tell whether nobody above who decided a case could look at it again."""
        level = self.decided_by(case)
        return level in LADDER_LEVELS and all(ladder.rank(step.level) <= ladder.rank(level) for step in case.steps)

    def solved(self, case: CaseRecord, actor: Actor, *, confirmed: bool) -> CaseRecord:
        """Close a resolved case; `confirmed` tells the person's word from seven days of silence. Raises `Refused`."""
        status = after(case.status, Act.SOLVED if confirmed else Act.SILENCE)
        case = self.change(case, status=status, closed_at=self.now, confirmed=confirmed, due_at=None)
        self.note(case, "case.closed", actor, confirmed=confirmed)
        for staff_id in self.officers_of(case) if confirmed else ():
            self.voice.tell_staff(staff_id, "officer_solved", case=case)
        return case

    def withdraw(self, case: CaseRecord, actor: Actor) -> CaseRecord:
        """Close a case that its person does not want any more, and tell its officers. Raises `Refused`."""
        status = after(case.status, Act.WITHDRAW)
        told = self.officers_of(case)
        values: dict[str, Any] = {"outcome": Outcome.WITHDRAWN.value, "closed_at": self.now, "confirmed": True}
        case = self.change(case, status=status, due_at=None, remaining_days=None, **values)
        second_looks.end_of_case(self.tx, case.id, "lapsed", now=self.now)
        self.note(case, "case.withdrawn", actor)
        for staff_id in told:
            self.voice.tell_staff(staff_id, "officer_withdrawn", case=case)
        return case

    def person_wrote(self, case: CaseRecord) -> CaseRecord:
        """Note that the person wrote to a case; the clock goes on where it stood still for her answer."""
        if case.status is Status.AWAITING and questions.is_still_to_be_asked(self.tx, case.id, self.now):
            return self.change(case, last_inbound_at=self.now)
        values: dict[str, Any] = {"last_inbound_at": self.now, "status": after(case.status, Act.PERSON_WROTE)}
        if case.remaining_days is not None:
            values |= self.clock_goes_on(case)
        waited = case.status in (Status.AWAITING, Status.RESOLVED) or case.taken_by is not None
        case = self.change(case, **values)
        self.note(case, "case.person_wrote", Actor("person"))
        if waited and case.sensitive is None:
            for staff_id in self.officers_of(case):
                self.voice.tell_staff(staff_id, "officer_person_wrote", case=case, actions=("read",))
        if case.sensitive is not None:
            self.tell_focal(case)
        return case

    def no_answer(self, case: CaseRecord) -> CaseRecord:
        """Let the clock of a case go on whose person did not answer, and tell its officers."""
        values = self.clock_goes_on(case) if case.remaining_days is not None else {}
        case = self.change(case, status=after(case.status, Act.PERSON_WROTE), **values)
        self.note(case, "case.not_answered", CLOCK)
        for staff_id in self.officers_of(case) if case.sensitive is None else ():
            self.voice.tell_staff(staff_id, "officer_no_answer", case=case)
        return case

    def help_wanted(self, case: CaseRecord) -> datetime:
        """Give a case to the desk whose person wants help after the last decision; return by when she is called."""
        due = self.context.calendar.deadline(self.now, self.context.settings.deadlines.acknowledge_days)
        case = self.change(
            case,
            status=after(case.status, Act.HELP),
            level=Level.DESK,
            post_id=None,
            taken_by=None,
            resolved_at=None,
            closed_at=None,
            confirmed=None,
            incident_id=None,
            **self.new_deadline(due),
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

        What is abuse goes to the focal points; what accuses somebody is taken from those whom its words name. A case
        that is over stays where it is.
        """
        self.note(case, "case.recategorised", actor, **{"from": case.category, "to": category.value})
        if category is Category.ABUSE and case.sensitive is None:
            case = self.change(case, category=category.value, category_by=actor.kind)
            return self.mark_sensitive(case, "unsorted", actor)
        steps = self.rungs_for(category, case.kind)
        values: dict[str, Any] = {"category": category.value, "category_by": actor.kind}
        untouched = case.status is Status.NEW and case.taken_by is None and case.parent_id is None and case.rung == 0
        moves = case.is_open and steps != case.steps and (untouched or is_accusation(category))
        if moves:
            rung = 0 if untouched else rung_from(steps, _level_of(case))
            values |= {"ladder": [step.model_dump(mode="json") for step in steps], "rung": rung, "taken_by": None}
        case = self.change(case, **values)
        if is_accusation(category):
            case = self.keep_from(case, self._named_by_all_words(case), by=MACHINE)
        if moves and case.sensitive is None and not case.with_desk and case.area_path is not None:
            self.withdraw_notices(case)
            case = self.settle(case, start=case.rung, key="officer_new")
        return case


def _level_of(case: CaseRecord) -> Level:
    """Return the level that a case is or, while it is with the focal points, was with."""
    return case.steps[min(case.rung, len(case.steps) - 1)].level if case.level is Level.FOCAL else case.level


def person_of(tx: Tx, contact: Contact, now: datetime) -> int:
    """Return the person of a contact point, made at the first message."""
    if contact.person_id is not None:
        return contact.person_id
    person_id = people.create(tx, now, language=contact.language)
    contacts.change(tx, contact.id, person_id=person_id)
    return person_id
