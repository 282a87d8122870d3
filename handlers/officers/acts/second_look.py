"""Closing what accuses somebody: one officer proposes the decision, and a second one agrees or does not.

Until then the person is told nothing, and the clock goes on. A proposal and an agreement can be taken back like other
decisions.
"""

from domain.lifecycle import Act, Outcome, after
from domain.settings import Level
from handlers.cases.caseacts import Actor
from handlers.cases.conflicts import needs_two
from handlers.officers.acts import undoing
from handlers.officers.acts.answering import has_no_way, hears
from handlers.officers.commands import Command
from handlers.officers.duty import Duty
from storage.queries.casework import second_looks
from storage.queries.casework.cases import CaseRecord
from storage.queries.casework.undoable import Undoable
from storage.queries.staffing import staff
from wording import say

_BUTTONS = ("read", "agree", "disagree")


def propose(duty: Duty, case: CaseRecord, outcome: Outcome, words: str) -> None:
    """Keep a decision and ask others to look at it. Raises `Refused`.

    Of a sensitive case a phone learns only that the console waits: there it is read and agreed to.
    """
    after(case.status, Act.REJECT if outcome is Outcome.NOT_UPHELD else Act.RESOLVE)
    staff_id = duty.staff.id
    second_looks.propose(duty.tx, case.id, outcome=outcome.value, words=words, staff_id=staff_id, now=duty.now)
    duty.work.note(case, "case.decision_proposed", duty.actor, personal=words, outcome=outcome.value)
    others = [each for each in _second_people(duty, case) if each != staff_id]
    hidden = case.sensitive is not None
    for other in others:
        key = "second_look_wanted_sensitive" if hidden else "second_look_wanted"
        duty.voice.tell_staff(other, key, case=case, actions=() if hidden else _BUTTONS)
    duty.tell("second_look_asked" if others else "second_look_nobody", case=case, ref=case.reference)


def agree(duty: Duty, case: CaseRecord, _words: str = "") -> None:
    """Let a decision hold: the person is told it now, where she is told anything. Raises `Refused`."""
    look = _open(duty, case)
    if look is None:
        return
    second_looks.decide(duty.tx, look.id, state="agreed", staff_id=duty.staff.id, now=duty.now)
    duty.work.note(case, "case.decision_agreed", duty.actor, proposed_by=look.proposed_by)
    case = duty.work.resolve(case, Outcome(look.outcome), look.words, Actor("officer", look.proposed_by))
    duty.voice.tell_staff(look.proposed_by, "second_look_agreed", case=case)
    if has_no_way(case):
        duty.voice.tell_staff(look.proposed_by, "officer_tell_yourself", case=case, outside=duty.outside_body(case))
    duty.tell("second_look_done" if hears(duty, case) else "officer_resolved_quiet", case=case, ref=case.reference)


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
    look = second_looks.open_of(duty.tx, case.id) if needs_two(case) else None
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


def _take_proposal_back(duty: Duty, case: CaseRecord, act: Undoable) -> bool:
    """Take a proposed decision back; False where a second person has answered it. What closed a case was no proposal."""
    if act.was != act.became:
        return True
    look = second_looks.open_of(duty.tx, case.id)
    if look is None or look.proposed_by != duty.staff.id:
        return False
    second_looks.end_of_case(duty.tx, case.id, "undone", now=duty.now)
    return True


def _let_it_wait_again(duty: Duty, case: CaseRecord, _act: Undoable) -> bool:
    """Let the decision wait again to which the second person had agreed."""
    second_looks.reopen(duty.tx, case.id, duty.staff.id)
    return True


undoing.ALSO[Command.RESOLVE] = undoing.ALSO[Command.REJECT] = _take_proposal_back
undoing.ALSO[Command.AGREE] = _let_it_wait_again
