"""`/erase`: the desk confirms that somebody is erased, a second person agrees where more is open; focal points, for theirs."""

from domain.settings import Level
from handlers import erasing
from handlers.conversation.privacy import ERASURE
from handlers.officers.duty import Duty
from storage.queries import audit
from storage.queries.casework.cases import CaseRecord

_PROPOSED = "case.erasure_proposed"


def erase(duty: Duty, case: CaseRecord, _words: str) -> None:
    """Erase the person of a case that asks for it; a sensitive case's contents, where a focal point says so."""
    if case.sensitive is not None:
        erasing.erase_sensitive(duty.work, case, duty.actor)
        duty.tell("officer_erased", ref=case.reference)
    elif Level.DESK not in duty.staff.levels:
        duty.tell("officer_not_allowed", command="/erase")
    elif case.topic != ERASURE or not case.is_open:
        duty.tell("officer_erase_not_asked", ref=case.reference)
    elif _needs_another(duty, case):
        _propose(duty, case)
    else:
        erasing.begin(duty.work, case, duty.actor)
        duty.tell("officer_erased", ref=case.reference)


def _needs_another(duty: Duty, case: CaseRecord) -> bool:
    """Tell whether a second person has still to agree: where other cases of hers are open and nobody else proposed it."""
    if not erasing.others_open(duty.tx, case):
        return False
    by = [event.actor_id for event in audit.of_case(duty.tx, case.id) if event.type == _PROPOSED]
    return not any(each != duty.staff.id for each in by)


def _propose(duty: Duty, case: CaseRecord) -> None:
    duty.work.note(case, _PROPOSED, duty.actor)
    duty.voice.tell_level(Level.DESK, "desk_erasure_second", case=case)
    duty.tell("officer_erase_second", ref=case.reference)
