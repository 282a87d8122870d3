"""Where a case lies: on a rung of its ladder, with focal points or the desk; moving it up, and away from whom it names.

A post that nobody fills is stepped over, and the desk is told of it once a day until somebody is appointed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from domain import ladder
from domain.ladder import Placement
from domain.lifecycle import Act, CaseKind, after
from domain.reading import Category, Reading
from domain.settings import Level, Rung
from handlers.cases import conflicts, safeguarding
from handlers.cases.caseacts import MACHINE, Actor, CaseActs
from handlers.cases.conflicts import Named
from storage.queries import alerts, areas
from storage.queries.areas import AreaRecord
from storage.queries.casework import bars, second_looks
from storage.queries.casework.cases import CaseRecord
from storage.queries.persons import contacts, messages, questions
from storage.queries.sending import outbox
from storage.queries.staffing import staff
from wording import say

_NAMES_NEEDED = {Level.FACILITATOR: 3, Level.COMMUNE: 3, Level.DISTRICT: 2, Level.PROVINCE: 1}
"""How many names of a place, from the province down, tell whose post it is: with fewer, nobody knows that it is vacant."""


@dataclass(frozen=True, slots=True)
class CasePlacing(CaseActs):
    """The means of saying who has a case, within one transaction."""

    def route(self, case: CaseRecord) -> CaseRecord:
        """Give a case to whoever must act on it first: focal points, the desk, or the first filled rung of its ladder.

        Where it names everybody of the desk, who stands highest on the ladder has it at once.
        """
        deadlines, calendar = self.context.settings.deadlines, self.context.calendar
        if case.sensitive is not None:
            due = calendar.deadline(self.now, deadlines.sensitive_days)
            case = self.change(case, level=Level.FOCAL, post_id=None, **self.new_deadline(due))
            safeguarding.begin(self, case)
            self.tell_focal(case)
            return case
        if (case.with_desk or case.area_path is None) and self._names_whole_desk(case):
            last = len(case.steps) - 1
            return self.settle(self.change(case, with_desk=False), start=last, key="officer_new", is_new=True)
        if case.with_desk:
            due = calendar.deadline(case.received_at, deadlines.desk_days)
            case = self.change(case, level=Level.DESK, **self.new_deadline(due))
            self.voice.tell_level(Level.DESK, "desk_unsorted", case=case, actions=("read", "sensitive"))
            return case
        if case.area_path is None:
            return self.change(case, level=Level.DESK)
        return self.settle(case, start=case.rung, key="officer_new", is_new=True)

    def _names_whole_desk(self, case: CaseRecord) -> bool:
        named = bool(bars.of_case(self.tx, case.id))
        return named and not staff.of_level(self.tx, Level.DESK, self.now, case_id=case.id)

    def tell_focal(self, case: CaseRecord) -> None:
        """Notify the first focal points whom a sensitive case does not name; where none is left, an outsider is needed.

        The desk is told so without a word of the case.
        """
        told = safeguarding.first_to_tell(self, case)
        for staff_id in told:
            self.voice.tell_staff(staff_id, "officer_new_sensitive", case=case)
        if not told:
            self._alert_without_focal(case)

    def put_in_area(
        self, case: CaseRecord, area: AreaRecord, actor: Actor, *, from_the_start: bool = False
    ) -> CaseRecord:
        """Say where a case belongs, and give it to the officers there, on its rung or from the first one on.

        Those of them whom it names do not get it.
        """
        case = self.change(case, area_id=area.id, area_path=area.path)
        self.note(case, "case.placed", actor, area=area.code)
        case = self._keep_away(case, self._named_by_all_words(case))[0]
        if case.sensitive is not None or case.with_desk or not case.is_open:
            return case
        return self.settle(case, start=0 if from_the_start else case.rung, key="officer_new")

    def hand_on(self, case: CaseRecord, area: AreaRecord, actor: Actor) -> CaseRecord:
        """Give a case to the officers of a place. What the desk had to read first has their time, not the desk's."""
        if case.with_desk and case.is_open and case.remaining_days is None:
            days = self.context.settings.deadlines.answer_days
            steps, rung = case.steps, min(case.rung, len(case.steps) - 1)
            due = ladder.due_at(self.context.calendar, self.now, steps, rung, answer_days=days)
            promised = case.answer_by if rung == 0 and case.answer_by > self.now else due
            case = self.change(case, **self.new_deadline(min(due, promised)))
        return self.put_in_area(self.change(case, with_desk=False), area, actor)

    def settle(
        self,
        case: CaseRecord,
        *,
        start: int,
        key: str,
        keep_due: bool = True,
        at: datetime | None = None,
        quietly: bool = False,
        is_new: bool = False,
    ) -> CaseRecord:
        """Put a case on the first filled rung from `start` on, tell its officers, and alert the desk of vacant posts.

        They are told `at` a moment, else at once; `quietly` leaves that to the caller. Unless the case is new, a decision
        that waited for a second person falls: who has the case now decides anew.
        """
        if not is_new:
            second_looks.end_of_case(self.tx, case.id, "lapsed", now=self.now)
        placement = self._placement(case, start)
        due, values = case.due_at, {}
        passed = due is not None and due <= self.now
        if not keep_due or passed or (due is None and case.remaining_days is None):
            days = self.context.settings.deadlines.answer_days
            values = self.new_deadline(
                ladder.due_at(self.context.calendar, self.now, case.steps, placement.index, answer_days=days)
            )
        case = self.change(
            case, rung=placement.index, level=placement.level, post_id=placement.post, taken_by=None, **values
        )
        for vacant in placement.vacant:
            if len(areas.codes_in(case.area_path)) >= _NAMES_NEEDED.get(vacant, 0):
                self._alert_vacant(case, vacant, at)
        if quietly:
            return case
        if placement.post is None:
            self.voice.tell_level(Level.DESK, "desk_unfilled", case=case, due_at=at)
        else:
            self._tell_post(case, placement.post, key, at)
        return case

    def escalate(self, case: CaseRecord, *, actor: Actor, act: Act, reason: str | None = None) -> CaseRecord:
        """Move a case one level up: the officers of both levels and the person are told. Raises `Refused`.

        A question to the person that waits for her words stays open. What the clock does is told to officers in office
        hours.
        """
        at = self.context.calendar.next_open(self.now) if actor.kind == "clock" else None
        status = after(case.status, act)
        before, old_post = case.level, case.post_id
        if act is Act.NOT_SOLVED:
            questions.end_of_case(self.tx, case.id, "replaced")
        left = {"incident_id": None} if act is Act.NOT_SOLVED else {}
        case = self.change(case, status=status, resolved_at=None, remaining_days=None, **left)
        if case.area_path is None:
            return self._back_to_desk(case, actor, reason)
        case = self.settle(case, start=case.rung + 1, key="officer_escalated_to", keep_due=False, at=at)
        if act is Act.ESCALATE:
            self._tell_person_of_escalation(case)
        data = {"from": before.value, "to": case.level.value, "act": act.value}
        self.note(case, "case.escalated", actor, personal=reason, **data)
        if old_post is not None:
            key = "officer_not_solved" if act is Act.NOT_SOLVED else "officer_overdue"
            self._tell_old_post(case, before, old_post, key if actor.kind != "officer" else None, at)
        return case

    def post_above(self, case: CaseRecord) -> int | None:
        """Return the filled post to which a case would go next; None where that is the desk."""
        return self._placement(case, case.rung + 1).post if case.area_path is not None else None

    def heed_names(self, case: CaseRecord, text: str, reading: Reading) -> CaseRecord:
        """Take a case away from those whom further words name, by post or by name."""
        return self.keep_from(case, self._named(case, text, reading), by=MACHINE)

    def raise_bar(self, case: CaseRecord, barred_to: int) -> CaseRecord:
        """Take a case away from a level that a later text names, and from those below it."""
        return self.keep_from(case, Named(barred_to), by=MACHINE)

    def keep_from(self, case: CaseRecord, named: Named, *, by: Actor) -> CaseRecord:
        """Take a case away from levels and people: what they were told is withdrawn, and the next in line has it."""
        before = case
        case, added = self._keep_away(case, named, by=by)
        self._withdraw_from(case, added)
        if case.sensitive is not None:
            if added:
                self._alert_without_focal(case)
            return case
        left = case.post_id is None or staff.holders(self.tx, case.post_id, self.now, case_id=case.id)
        if (case == before and left) or case.with_desk or case.area_path is None or not case.is_open:
            return case
        self.withdraw_notices(case)
        return self.settle(case, start=case.rung, key="officer_new")

    def withdraw_notices(self, case: CaseRecord) -> None:
        """Take notices about a case back: those in the queue, and those on officers' phones where the channel can."""
        outbox.withdraw_case(self.tx, case.id, kinds=("notice",))
        for notice in messages.notices_of(self.tx, case.id):
            if notice.provider_id is not None and notice.contact_point_id is not None:
                contact = contacts.by_id(self.tx, notice.contact_point_id)
                self.voice.delete_later(contact, notice.id, at=self.now)

    def rungs_for(self, category: Category | None, kind: CaseKind) -> tuple[Rung, ...]:
        """Return the ladder of such a case, as it is written down with it."""
        settings = self.context.settings
        there = settings.asks_for_provider(category) and bars.has_posts(self.tx, Level.PROVIDER)
        return settings.ladder_for(category, kind, provider=there)

    def _keep_away(self, case: CaseRecord, named: Named, *, by: Actor = MACHINE) -> tuple[CaseRecord, list[int]]:
        """Write down who is kept from a case; also return the people who were not kept from it before."""
        values: dict[str, Any] = {}
        if named.barred_to > case.barred_to:
            values = {"barred_to": named.barred_to, "taken_by": None}
        if named.provider and case.ladder and case.ladder[0]["level"] == Level.PROVIDER:
            values |= {"ladder": case.ladder[1:], "rung": max(0, case.rung - 1), "taken_by": None}
        added = bars.add(self.tx, case.id, named.staff, by=by.kind, now=self.now) if named.staff else []
        if case.taken_by in added:
            values["taken_by"] = None
        if values:
            case = self.change(case, **values)
        if values or added:
            second_looks.end_of_case(self.tx, case.id, "lapsed", now=self.now)
            told: dict[str, Any] = {"staff": added} if added else {}
            self.note(case, "case.barred", by, barred_to=case.barred_to, **told)
        return case, added

    def _withdraw_from(self, case: CaseRecord, staff_ids: Sequence[int]) -> None:
        """Take back what some people were told of a case, where it can be."""
        for notice in messages.notices_of(self.tx, case.id) if staff_ids else ():
            if notice.staff_id in staff_ids and notice.contact_point_id is not None:
                outbox.withdraw(self.tx, notice.id)
                if notice.provider_id is not None:
                    self.voice.delete_later(contacts.by_id(self.tx, notice.contact_point_id), notice.id, at=self.now)

    def _alert_without_focal(self, case: CaseRecord) -> None:
        """Alert the desk once a day, without a word of the case, where every focal point is named by it."""
        if staff.of_level(self.tx, Level.FOCAL, self.now, case_id=case.id):
            return
        day = self.context.calendar.local_day(self.now).isoformat()
        if alerts.alert_once(self.tx, "outsider", f"{case.id}:{day}", case_id=case.id, now=self.now):
            self.voice.tell_level(Level.DESK, "desk_needs_outsider")

    def _named(self, case: CaseRecord, text: str, reading: Reading) -> Named:
        area = areas.by_id(self.tx, case.area_id) if case.area_id is not None else None
        accused, complaint = conflicts.is_accusation(case.category), case.kind is CaseKind.COMPLAINT
        return conflicts.found_in(self.tx, text, reading, area=area, complaint=complaint, accused=accused)

    def _named_by_all_words(self, case: CaseRecord) -> Named:
        """Return whom the person's words name, all of them together."""
        language = self.context.settings.default_language
        said = [each.text for each in messages.of_case(self.tx, case.id) if each.direction == "in" and each.text]
        found = [self._named(case, text, self.context.read(text, language)) for text in said]
        together = frozenset[int]().union(*(each.staff for each in found))
        return Named(
            max((each.barred_to for each in found), default=-1), together, any(each.provider for each in found)
        )

    def _placement(self, case: CaseRecord, start: int) -> Placement[int]:
        codes = areas.codes_in(case.area_path)
        return ladder.place(
            case.steps,
            start=start,
            barred_to=case.barred_to,
            filled_post=lambda level: staff.filled_post(self.tx, level, codes, self.now, case_id=case.id),
        )

    def _tell_post(self, case: CaseRecord, post_id: int, key: str, at: datetime | None) -> None:
        """Tell the holders of a post of a case; where none of them can be reached, the desk hears of it."""
        told = [
            self.voice.tell_staff(staff_id, key, case=case, actions=("read", "take", "resolve"), due_at=at)
            for staff_id in staff.holders(self.tx, post_id, self.now, case_id=case.id)
        ]
        day = self.context.calendar.local_day(self.now).isoformat()
        unreached = not any(told)
        if unreached and alerts.alert_once(self.tx, "unreachable", f"{post_id}:{day}", case_id=case.id, now=self.now):
            self.voice.tell_level(Level.DESK, "desk_unreachable", case=case, level=case.level, due_at=at)

    def _alert_vacant(self, case: CaseRecord, vacant: Level, at: datetime | None) -> None:
        """Note that a vacant post was stepped over, and tell the desk of the post once a day.

        Not where somebody fills it, whom only this case is kept from.
        """
        codes = areas.codes_in(case.area_path)
        if staff.filled_post(self.tx, vacant, codes, self.now) is not None:
            return
        self.note(case, "post.vacant", MACHINE, level=vacant.value)
        day = self.context.calendar.local_day(self.now).isoformat()
        place = next(reversed(areas.codes_in(case.area_path)), "")
        key = f"{vacant.value}:{place}:{day}"
        if not alerts.alert_once(self.tx, "vacant", key, case_id=case.id, now=self.now):
            return
        told = {"level": case.level, "office": case.level}
        if (back := staff.away_until(self.tx, vacant, codes, self.now)) is not None:
            last = self.voice.day(back - timedelta(days=1))
            self.voice.tell_level(Level.DESK, "desk_away", case=case, until=last, due_at=at, **told)
        else:
            self.voice.tell_level(Level.DESK, "desk_vacant", case=case, due_at=at, **told)

    def _tell_old_post(
        self, case: CaseRecord, before: Level, post_id: int, key: str | None, at: datetime | None
    ) -> None:
        if key is None:
            return
        key = "provider_overdue" if before is Level.PROVIDER else key
        for staff_id in staff.holders(self.tx, post_id, self.now, case_id=case.id):
            self.voice.tell_staff(staff_id, key, case=case, level=case.level, office=case.level, due_at=at)

    def _back_to_desk(self, case: CaseRecord, actor: Actor, reason: str | None) -> CaseRecord:
        """Leave a case without a place with the desk, which has to find out where it belongs."""
        due = self.context.calendar.deadline(self.now, self.context.settings.deadlines.answer_days)
        case = self.change(case, level=Level.DESK, post_id=None, taken_by=None, **self.new_deadline(due))
        self.note(case, "case.back_to_desk", actor, personal=reason)
        self.voice.tell_level(Level.DESK, "desk_no_place", case=case)
        return case

    def _tell_person_of_escalation(self, case: CaseRecord) -> None:
        contact = self.contact_of(case)
        if contact is None or case.sensitive is not None:
            return
        level = say(f"level_{case.level}", self.voice.language_of(contact))
        day = self.voice.day(case.due_at or case.answer_by)
        # A day that was put off a moment ago is not told any more: this one takes its place.
        outbox.withdraw_said(self.tx, case.id, keys=("extended",))
        due = self.context.calendar.after_quiet_hours(self.now)
        self.voice.tell(contact, "escalated", case=case, due_at=due, ref=case.reference, level=level, day=day)


def rung_from(steps: tuple[Rung, ...], level: Level) -> int:
    """Return the first rung of a ladder that is not below a level; the last where all are.

    The desk, which has a case before anybody, counts as the lowest, and the provider's desk as below it.
    """
    lowest = ladder.rank(Level.PROVIDER) if level is Level.DESK else ladder.rank(level)
    return next((n for n, step in enumerate(steps) if ladder.rank(step.level) >= lowest), len(steps) - 1)


def next_level(case: CaseRecord) -> Level:
    """Return the level that a case's first rung above the barred ones belongs to: who sees it, whoever fills the post."""
    rungs = (step.level for step in case.steps[case.rung :] if not ladder.is_barred(step.level, case.barred_to))
    return next(rungs, Level.DESK)


def first_rung(steps: tuple[Rung, ...], decided_by: Level | None) -> int:
    """Return the rung that a case begins on: the first, or one above the level that decided the case before it."""
    if decided_by is None:
        return 0
    above = [n for n, step in enumerate(steps) if ladder.rank(step.level) > ladder.rank(decided_by)]
    return above[0] if above else len(steps) - 1
