"""Two cases on one matter made one: the younger is closed as a duplicate, the older goes on, both numbers stay good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from domain.lifecycle import Act, Outcome, after
from domain.settings import Level
from handlers.cases.caseacts import MACHINE, Actor
from handlers.cases.conflicts import Named, outside_body
from storage.queries.casework import bars, cases, duplicates, second_looks
from storage.queries.persons import questions
from storage.store import Tx

if TYPE_CHECKING:
    from handlers.cases.casework import Casework
    from storage.queries.casework.cases import CaseRecord


SHARED = "decision_shared"
"""The wording of a decision for somebody whose case was added to another one."""


def add_to(work: Casework, younger: CaseRecord, older: CaseRecord, actor: Actor) -> CaseRecord:
    """Close a case as a duplicate of an older one, and return that as it is now. Raises `Refused`.

    Whom the younger one names is kept from the older one too: from now on its words are shown with that.
    """
    status = after(younger.status, Act.MERGE)
    after(older.status, Act.MERGE)
    questions.end_of_case(work.tx, younger.id, "replaced")
    second_looks.end_of_case(work.tx, younger.id, "lapsed", now=work.now)
    provider = _without_provider(younger) and not _without_provider(older)
    named = Named(younger.barred_to, frozenset(bars.of_case(work.tx, younger.id)), provider)
    older = work.keep_from(older, named, by=MACHINE)
    values = {"outcome": Outcome.DUPLICATE.value, "duplicate_of": older.id, "incident_id": None, "closed_at": work.now}
    younger = work.change(younger, status=status, due_at=None, remaining_days=None, **values)
    work.note(younger, "case.duplicate", actor, of=older.id)
    work.note(older, "case.duplicate_added", actor, duplicate=younger.id)
    return older


def add_her_own(work: Casework, younger: CaseRecord, older: CaseRecord) -> CaseRecord:
    """Make a person's new case an addition to her older one, as she says: its officers are told that she wrote."""
    before = work.officers_of(younger)
    work.withdraw_notices(younger)
    older = add_to(work, younger, older, Actor("person"))
    values = {
        "anonymous": older.anonymous or younger.anonymous,
        "call_hours": older.call_hours or younger.call_hours,
    }
    told = older.taken_by is not None or older.remaining_days is not None
    older = work.person_wrote(work.change(older, **values))
    for staff_id in work.officers_of(older) if not told else ():
        work.voice.tell_staff(staff_id, "officer_person_wrote", case=older, actions=("read",))
    for staff_id in before:
        if staff_id not in work.officers_of(older):
            work.voice.tell_staff(staff_id, "officer_merged", case=younger, old=older.reference)
    return older


def added_to(tx: Tx, case: CaseRecord) -> list[CaseRecord]:
    """Return the cases that were added to one, and to those."""
    return duplicates.added_to(tx, case.id)


def standing_for(tx: Tx, case: CaseRecord) -> CaseRecord | None:
    """Return the case whose status answers for one: the older one it was added to; None where that became sensitive."""
    if case.duplicate_of is None:
        return case
    found = duplicates.survivor(tx, case)
    return found if found.sensitive is None else None


def spoken_of(tx: Tx, case: CaseRecord) -> CaseRecord:
    """Return the case that a person means who says "solved" or "not solved" of one, locked.

    That is the older one, where it is her own; of another person's she can only appeal by herself.
    """
    found = standing_for(tx, case)
    if found is None or found.id == case.id or found.person_id != case.person_id:
        return case
    return cases.by_id(tx, found.id, locked=True)


def tell_of_decision(work: Casework, case: CaseRecord, text: str) -> None:
    """Tell a decision to the other people whose cases were added to this one, each under her own number.

    The days in which she may ask for another look begin now, and she is told until when.
    """
    settings = work.context.settings
    until = work.context.calendar.deadline(work.now, settings.deadlines.appeal_days)
    for each in duplicates.added_to(work.tx, case.id):
        contact = work.contact_of(each)
        if each.sensitive is not None or each.person_id == case.person_id:
            continue
        work.change(each, closed_at=work.now)
        if contact is not None:
            due = work.answer_leaves_at(each, contact)
            words: dict[str, Any] = {"ref": each.reference, "text": text, "outside": outside_body(settings, case)}
            words["day"] = work.voice.day(until)
            work.voice.tell(contact, SHARED, case=case, kind="officer", due_at=due, **words)


def _without_provider(case: CaseRecord) -> bool:
    return not case.ladder or case.ladder[0]["level"] != Level.PROVIDER
