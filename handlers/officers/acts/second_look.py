"""Closing what accuses somebody: one officer proposes the decision, and a second one agrees or does not.

Until then the person is told nothing, and the clock goes on.
"""

from domain.lifecycle import Act, Outcome, after
from domain.settings import Level
from handlers.cases.caseacts import Actor
from handlers.cases.conflicts import is_accusation
from handlers.officers.duty import Duty
from storage.queries.casework import second_looks
from storage.queries.casework.cases import CaseRecord
from storage.queries.staffing import staff
from wording import say

_BUTTONS = ("read", "agree", "disagree")


def is_needed(case: CaseRecord) -> bool:
    """Tell whether a case is closed by two people: what is or may be an accusation, by either of its matters."""
    return is_accusation(case.category) or is_accusation(case.secondary)


def propose(duty: Duty, case: CaseRecord, outcome: Outcome, words: str) -> None:
    """Keep a decision and ask others to look at it. Raises `Refused`."""
    after(case.status, Act.REJECT if outcome is Outcome.NOT_UPHELD else Act.RESOLVE)
    staff_id = duty.staff.id
    second_looks.propose(duty.tx, case.id, outcome=outcome.value, words=words, staff_id=staff_id, now=duty.now)
    duty.work.note(case, "case.decision_proposed", duty.actor, personal=words, outcome=outcome.value)
    others = [each for each in _second_people(duty, case) if each != staff_id]
    for other in others:
        duty.voice.tell_staff(other, "second_look_wanted", case=case, actions=_BUTTONS)
    duty.tell("second_look_asked" if others else "second_look_nobody", case=case, ref=case.reference)


def agree(duty: Duty, case: CaseRecord, _words: str = "") -> None:
    """Let a decision hold: the person is told it now. Raises `Refused`."""
    look = _open(duty, case)
    if look is None:
        return
    second_looks.decide(duty.tx, look.id, state="agreed", staff_id=duty.staff.id, now=duty.now)
    duty.work.note(case, "case.decision_agreed", duty.actor, proposed_by=look.proposed_by)
    case = duty.work.resolve(case, Outcome(look.outcome), look.words, Actor("officer", look.proposed_by))
    duty.voice.tell_staff(look.proposed_by, "second_look_agreed", case=case)
    duty.tell("second_look_done", case=case, ref=case.reference)


def disagree(duty: Duty, case: CaseRecord, words: str) -> None:
    """Give a decision back to who proposed it, with the reason; the case stays open."""
    look = _open(duty, case)
    if look is None:
        return
    second_looks.decide(duty.tx, look.id, state="refused", staff_id=duty.staff.id, now=duty.now)
    duty.work.note(case, "case.decision_refused", duty.actor, personal=words, proposed_by=look.proposed_by)
    if case.sensitive is None:
        duty.voice.tell_staff(look.proposed_by, "second_look_refused", case=case, text=words)
    else:
        duty.voice.tell_staff(look.proposed_by, "second_look_refused_sensitive", case=case)
    duty.tell("second_look_given_back", case=case, ref=case.reference)


def lines(duty: Duty, case: CaseRecord) -> list[str]:
    """Return what is shown of the decision that waits, after the words of the case."""
    look = second_looks.open_of(duty.tx, case.id) if is_needed(case) else None
    if look is None:
        return []
    outcome = say(f"outcome_{look.outcome}", duty.language)
    return [say("officer_words_proposed", duty.language, outcome=outcome, text=look.words)]


def _open(duty: Duty, case: CaseRecord) -> second_looks.LookRecord | None:
    """Return the decision that waits, where this officer may be its second person; else say why not."""
    look = second_looks.open_of(duty.tx, case.id)
    if look is None:
        duty.tell("second_look_none", case=case, ref=case.reference)
    elif look.proposed_by == duty.staff.id:
        duty.tell("second_look_own", case=case, ref=case.reference)
        look = None
    return look


def _second_people(duty: Duty, case: CaseRecord) -> list[int]:
    """Return who is asked: others on the post, the next level above, and the desk; of a sensitive case, focal points."""
    tx, now = duty.tx, duty.now
    if case.sensitive is not None:
        return staff.of_level(tx, Level.FOCAL, now, case_id=case.id)
    posts = [post for post in (case.post_id, duty.work.post_above(case)) if post is not None]
    found = [each for post in posts for each in staff.holders(tx, post, now, case_id=case.id)]
    return list(dict.fromkeys([*found, *staff.of_level(tx, Level.DESK, now, case_id=case.id)]))
