"""How an officer decides a case: resolved or rejected, with the reason in words that the person is told."""

from domain.lifecycle import Outcome
from handlers.officers.acts import second_look
from handlers.officers.acts.answering import too_long
from handlers.officers.duty import Duty
from storage.queries.casework.cases import CaseRecord
from wording import say

OUTCOME_WORDS = {
    "upheld": Outcome.UPHELD,
    "partly": Outcome.PARTLY,
    "info": Outcome.INFORMATION,
    "information": Outcome.INFORMATION,
    "ត្រឹមត្រូវ": Outcome.UPHELD,
    "ខ្លះ": Outcome.PARTLY,
    "ព័ត៌មាន": Outcome.INFORMATION,
    "ຖືກຕ້ອງ": Outcome.UPHELD,
    "ບາງສ່ວນ": Outcome.PARTLY,
    "ຂໍ້ມູນ": Outcome.INFORMATION,
}


def resolve(duty: Duty, case: CaseRecord, words: str) -> None:
    """Resolve a case with its outcome and a reason in words. Raises `Refused`."""
    first, _, rest = words.partition(" ")
    outcome = OUTCOME_WORDS.get(first.lower())
    text = rest.strip() if outcome else words
    if not text:
        duty.tell("officer_usage", usage=say("usage_resolve", duty.language))
        return
    if too_long(duty, case, "decision", text, outside=duty.context.settings.outside_address):
        return
    if second_look.is_needed(case):
        second_look.propose(duty, case, outcome or Outcome.UPHELD, text)
        return
    case = duty.work.resolve(case, outcome or Outcome.UPHELD, text, duty.actor)
    if _has_no_way(case):
        duty.tell("officer_tell_yourself", ref=case.reference)
        return
    duty.tell("officer_resolved" if _hears(duty, case) else "officer_resolved_quiet", case=case)


def reject(duty: Duty, case: CaseRecord, words: str) -> None:
    """Resolve a case as not upheld, with the reason in words. Raises `Refused`."""
    if too_long(duty, case, "decision", words, outside=duty.context.settings.outside_address):
        return
    if second_look.is_needed(case):
        second_look.propose(duty, case, Outcome.NOT_UPHELD, words)
        return
    case = duty.work.resolve(case, Outcome.NOT_UPHELD, words, duty.actor)
    if _has_no_way(case):
        duty.tell("officer_tell_yourself", ref=case.reference)
        return
    if not _hears(duty, case):
        duty.tell("officer_resolved_quiet", case=case)
        return
    outcome = say(f"outcome_{Outcome.NOT_UPHELD}", duty.language)
    duty.tell("officer_rejected", case=case, ref=case.reference, outcome=outcome)


def _has_no_way(case: CaseRecord) -> bool:
    """Tell whether a case's person can be told in person only: she has neither number nor account."""
    return case.contact_point_id is None and case.sensitive is None


def _hears(duty: Duty, case: CaseRecord) -> bool:
    """Tell whether the person is told of a decision: not of a sensitive case, nor after STOP or a block."""
    contact = duty.work.contact_of(case) if case.sensitive is None else None
    return contact is not None and contact.stopped_at is None and contact.blocked_at is None
