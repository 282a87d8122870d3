"""How an officer decides a case: resolved or rejected, with the reason in words that the person is told."""

from domain.lifecycle import Outcome
from handlers.cases.conflicts import needs_two
from handlers.officers.acts import second_look
from handlers.officers.acts.answering import has_no_way, hears, too_long
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
    elif _decide(duty, case, outcome or Outcome.UPHELD, text):
        duty.tell("officer_resolved", case=case)


def reject(duty: Duty, case: CaseRecord, words: str) -> None:
    """Resolve a case as not upheld, with the reason in words. Raises `Refused`."""
    if _decide(duty, case, Outcome.NOT_UPHELD, words):
        outcome = say(f"outcome_{Outcome.NOT_UPHELD}", duty.language)
        duty.tell("officer_rejected", case=case, ref=case.reference, outcome=outcome)


def _decide(duty: Duty, case: CaseRecord, outcome: Outcome, text: str) -> bool:
    """Decide a case, or propose it to a second person; False where the person is told nothing, which is said."""
    outside = duty.outside_body(case)
    if case.sensitive is None and too_long(duty, case, "decision", text, outside=outside):
        return False
    if needs_two(case):
        second_look.propose(duty, case, outcome, text)
        return False
    case = duty.work.resolve(case, outcome, text, duty.actor)
    if hears(duty, case):
        return True
    if has_no_way(case):
        duty.tell("officer_tell_yourself", ref=case.reference, outside=outside)
    else:
        duty.tell("officer_resolved_quiet", case=case)
    return False
