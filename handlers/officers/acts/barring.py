"""Keeping somebody from a case by hand, as the desk does where the machine found no name, and letting him back."""

from collections.abc import Sequence

from domain.ladder import rank
from domain.reading import Language
from domain.settings import LADDER_LEVELS, Level
from domain.texts.digits import typed_number
from handlers.cases.caseacts import Actor
from handlers.cases.conflicts import Named
from handlers.officers.commands import is_written_in
from handlers.officers.duty import Duty
from storage.queries.casework import bars
from storage.queries.casework.cases import CaseRecord
from storage.queries.staffing import staff
from storage.queries.staffing.staff import StaffRecord
from understanding.spelling.normal import loose_key
from wording import say

_WORDS: dict[Level, tuple[str, ...]] = {
    Level.PROVIDER: ("provider", "អ្នកបើកប្រាក់", "ຜູ້ຈ່າຍເງິນ"),
    Level.FACILITATOR: ("facilitator", "ភូមិ", "ບ້ານ"),
    Level.COMMUNE: ("commune", "ឃុំ", "សង្កាត់", "ກຸ່ມບ້ານ"),
    Level.DISTRICT: ("district", "ស្រុក", "ខណ្ឌ", "ក្រុង", "ເມືອງ"),
    Level.PROVINCE: ("province", "ខេត្ត", "រាជធានី", "ແຂວງ"),
    Level.NATIONAL: ("national", "ជាតិ", "ສູນກາງ"),
}
"""How people call a level."""


def bar(duty: Duty, case: CaseRecord, words: str) -> None:
    """Keep a case from a level and all below it, from the provider's desk, or from a member of staff and his level."""
    named = _named(duty, words)
    if named is None:
        levels = ", ".join(_in(duty.language, each) for each in _WORDS.values())
        duty.tell("officer_bar_who", case=case, ref=case.reference, levels=levels)
        return
    case = duty.work.keep_from(case, named, by=Actor("desk", duty.staff.id, duty.via))
    duty.tell("officer_barred", case=case, ref=case.reference, level=say(f"level_{case.level}", duty.language))


def unbar(duty: Duty, case: CaseRecord, words: str) -> None:
    """Let everybody, or one member of staff by number, see and handle a case again; it stays where it is."""
    staff_id = typed_number(words) if words else None
    if words and staff_id is None:
        duty.tell("officer_unbar_who", case=case, ref=case.reference)
        return
    lifted = bars.lift(duty.tx, case.id, staff_id)
    if staff_id is None:
        case = duty.work.change(case, barred_to=-1)
    duty.work.note(case, "case.unbarred", duty.actor, staff=staff_id, lifted=lifted)
    duty.tell("officer_unbarred", case=case, ref=case.reference)


def _named(duty: Duty, words: str) -> Named | None:
    """Return whom words mean: a level by its name, or a member of staff by number; None where nobody is meant."""
    word = words.strip().lower()
    for level, known in _WORDS.items():
        if word in (*known, say(f"level_{level}", duty.language).lower()):
            return Named(provider=True) if level is Level.PROVIDER else Named(rank(level))
    number = typed_number(word)
    record = staff.by_id(duty.tx, number) if number is not None else _called(duty, word)
    if record is None:
        return None
    ranks = [rank(level) for level in record.levels if level in LADDER_LEVELS]
    return Named(max(ranks, default=-1), frozenset({record.id}), Level.PROVIDER in record.levels)


def _called(duty: Duty, name: str) -> StaffRecord | None:
    """Return the member of staff of a name, however it is spelled, where there is one only."""
    key = loose_key(name)
    found = [each for each in staff.everybody(duty.tx) if each.active and loose_key(each.name) == key]
    return found[0] if len(found) == 1 else None


def _in(language: Language, words: Sequence[str]) -> str:
    return next(each for each in words if is_written_in(each, language))
