"""When people go: what they had passes on in the same transaction, so that no case is without an owner for a minute."""

from collections import Counter
from datetime import date, time, timedelta

from domain.settings import Level
from handlers.cases.caseacts import Actor
from handlers.cases.casework import Casework
from storage.queries import audit
from storage.queries.casework import ownership
from storage.queries.casework.cases import CaseRecord
from storage.queries.staffing import staff
from storage.queries.staffing.staff import StaffRecord

_NEVER_EMPTY = (Level.DESK, Level.FOCAL)
_FEW = 3
"""Of so many cases somebody is told one by one that they are his now."""


class LastOne(Exception):
    """Nobody else is there at the desk, or among the focal points: `level` says where."""

    def __init__(self, level: Level) -> None:
        super().__init__(level)
        self.level = level


def cover(work: Casework, gone: StaffRecord, actor: Actor, *, why: str) -> list[CaseRecord]:
    """Give every open case that somebody had to who is there, and return those that went on.

    First to others on the same post; where nobody fills it, to the next level up or the desk. `gone` has the posts that
    were held before. Who took a case on a post that is vacant now keeps it. Where they are many, who gets them is told once
    how many they are.
    """
    filled = ownership.present(work.tx, [post.post_id for post in gone.posts], work.now)
    vacant = [post_id for post_id, there in filled.items() if not there]
    moved, told = [], Counter[int]()
    going = ownership.open_with(work.tx, gone.id, vacant)
    for case in going:
        quietly = len(going) > _FEW and case.sensitive is None
        moved.append(_pass_on(work, case, gone.id, quietly=quietly))
        data = {"from": case.level.value, "to": moved[-1].level.value, "why": why}
        work.note(case, "case.passed_on", actor, **data)
        told.update(work.officers_of(moved[-1]) if quietly else ())
    for staff_id, count in sorted(told.items()):
        at = work.context.calendar.next_open(work.now)
        work.voice.tell_staff(staff_id, "officer_covers_many", count=count, due_at=at)
    return moved


def set_absent(work: Casework, record: StaffRecord, until: date, actor: Actor) -> list[CaseRecord]:
    """Let somebody be away up to and with a day, and return the cases that went on. Raises `LastOne`."""
    never_empty(work, record)
    back = work.context.calendar.at(until + timedelta(days=1), time(0))
    staff.change(work.tx, record.id, absent_until=back)
    audit.add(
        work.tx,
        "staff.absent",
        actor=actor.kind,
        actor_id=actor.id,
        now=work.now,
        data={"staff": record.id, "until": until.isoformat()},
    )
    return cover(work, record, actor, why="absent")


def end_absence(work: Casework, record: StaffRecord, actor: Actor) -> None:
    """Let somebody be there again from now on; what went on stays where it is."""
    staff.change(work.tx, record.id, absent_until=None)
    audit.add(work.tx, "staff.back", actor=actor.kind, actor_id=actor.id, now=work.now, data={"staff": record.id})


def never_empty(work: Casework, record: StaffRecord) -> None:
    """Refuse that the desk, or all focal points, go at once. Raises `LastOne`."""
    for level in _NEVER_EMPTY:
        if level in record.levels and staff.of_level(work.tx, level, work.now) in ([record.id], []):
            raise LastOne(level)


def _pass_on(work: Casework, case: CaseRecord, gone_id: int, *, quietly: bool) -> CaseRecord:
    """Give one case to others on its post, to the desk or the focal points where it lies there, or to the next level."""
    mine = case.taken_by == gone_id
    if case.sensitive is not None or case.level is Level.DESK or case.post_id is None:
        case = work.change(case, taken_by=None)
        holders = Level.FOCAL if case.sensitive is not None else Level.DESK
        key = "officer_new_sensitive" if case.sensitive is not None else "officer_covers"
        if not quietly:
            work.voice.tell_level(holders, key, case=case)
        return case
    there = [each for each in staff.holders(work.tx, case.post_id, work.now, case_id=case.id) if each != gone_id]
    if there:
        case = work.change(case, taken_by=None)
        for staff_id in there if not quietly else ():
            work.voice.tell_staff(staff_id, "officer_covers", case=case, actions=("read", "take", "resolve"))
        return case
    keeper = None if mine else case.taken_by
    case = work.settle(case, start=case.rung, key="officer_escalated_to", quietly=quietly)
    return case if keeper is None else work.change(case, taken_by=keeper)
