"""`/merge REF REF`: two cases of one matter made one; the older goes on, and nobody is told anything new."""

from domain.settings import AREA_LEVELS, Level
from handlers.cases import duplicates
from handlers.officers import mending
from handlers.officers.acts import undoing
from handlers.officers.commands import Command, parse
from handlers.officers.duty import Duty
from handlers.officers.reach import may_act
from storage.queries import areas
from storage.queries.casework.cases import CaseRecord


def merge(duty: Duty, case: CaseRecord, words: str) -> None:
    """Close the younger of two cases as a duplicate of the older one. Raises `Refused`."""
    other = _other(duty, words)
    if other is None:
        return
    older, younger = sorted((case, other), key=lambda each: (each.received_at, each.id))
    why = _refused(duty, older, younger)
    if why is not None:
        duty.tell(why, case=younger, ref=younger.reference, old=older.reference)
        return
    duplicates.add_to(duty.work, younger, older, duty.actor)
    of_two = older.person_id != younger.person_id
    key = "officer_merged_two" if of_two else "officer_merged"
    duty.tell(key, case=younger, ref=younger.reference, old=older.reference)
    undoing.remember(duty, younger, Command.MERGE)


def _other(duty: Duty, words: str) -> CaseRecord | None:
    """Return the second case, locked, where the officer may see it; else say what is wrong."""
    given = parse(f"/{Command.CASE} {words}", (duty.context.settings.prefix,))
    if given is None or (given.number is None and given.reference is None):
        duty.tell("officer_merge_two")
        return None
    return mending.find(duty, given)


def _refused(duty: Duty, older: CaseRecord, younger: CaseRecord) -> str | None:
    """Return why two cases are not made one, None where they may be."""
    both = (older, younger)
    if older.id == younger.id:
        return "officer_merge_two"
    if any(each.sensitive is not None for each in both):
        return "officer_merge_sensitive"
    if not all(each.is_open for each in both):
        return "officer_merge_over"
    if not all(may_act(duty, each, Command.MERGE) for each in both):
        return "officer_merge_level"
    apart = _place(duty, older) != _place(duty, younger)
    return "officer_merge_areas" if apart and Level.DESK not in duty.staff.levels else None


def _place(duty: Duty, case: CaseRecord) -> tuple[str, ...]:
    """Return the codes of a case's area, down to the kind that people are asked for."""
    return areas.codes_in(case.area_path)[: AREA_LEVELS.index(duty.context.settings.asked_level) + 1]
