"""What an officer has still to confirm: a draft that is shown back with buttons, or a command that waits for its code."""

import json
from datetime import timedelta

from domain.lifecycle import Act, allowed
from domain.ports import Button
from handlers.officers import absence, mending
from handlers.officers.acts import incidents, undoing
from handlers.officers.acts.deciding import OUTCOME_WORDS
from handlers.officers.acts.performing import passed_on, perform, refuse
from handlers.officers.commands import Command, Given, is_written_in
from handlers.officers.duty import Duty
from handlers.officers.keeping import keep
from handlers.officers.reach import may_act
from storage.queries import alerts, audit
from storage.queries.casework import cases
from storage.queries.casework.cases import CaseRecord
from storage.queries.staffing import pending
from storage.queries.staffing.pending import Pending
from wording import say

ASKED_FOR = frozenset({Command.REPLY, Command.ASK, Command.RESOLVE, Command.REJECT, Command.ESCALATE, Command.DISAGREE})
"""The commands whose words are asked for where they are missing."""
_ASKED_BACK = {
    Command.RESOLVE: ("button_send", "officer_decide_question"),
    Command.REJECT: ("button_send", "officer_decide_question"),
    Command.ESCALATE: ("button_escalate", "officer_escalate_question"),
}
CODE_MINUTES = 10
_SAID_BACK = 20
DRAFT_HOURS = 12
_WRONG_CODES, _WRONG_CODES_A_DAY, _CODES_AN_HOUR = 3, 5, 10


def show_back(duty: Duty, case: CaseRecord, text: str, command: Command = Command.REPLY) -> None:
    """Show a text back before anything is done with it, and what that is, with Send and Keep as note."""
    draft = keep(duty, Given(command, slash=True, words=text), case, "draft", timedelta(hours=DRAFT_HOURS))
    note = Button(say("button_keep_note", duty.language), f"d:note:{draft}")
    if not may_act(duty, case, command):
        passed_on(duty, case, buttons=((note,),))
        return
    label, question = _ASKED_BACK.get(command, ("button_send", "officer_send_question"))
    send = Button(say(label, duty.language), f"d:send:{draft}")
    duty.tell(question, case=case, text=text, buttons=((send, note),))


def decide(duty: Duty, draft_id: int, choice: str) -> None:
    """Send a draft, or keep it as a note; once only."""
    draft = pending.take(duty.tx, draft_id, contact_id=duty.contact.id, state="draft", now=duty.now)
    if draft is None:
        duty.tell("officer_confirm_late")
        return
    given = _given(draft)
    command = given.command if choice == "send" else Command.NOTE
    _perform(duty, Given(command, slash=True, words=given.words), draft)


def ask_for_words(duty: Duty, case: CaseRecord, command: Command) -> None:
    """Ask for the words that a command still needs, where it is possible; the officer's next text is taken for them."""
    if command is Command.DISAGREE:
        _prompt(duty, case, command)
    elif not may_act(duty, case, command):
        passed_on(duty, case)
    elif Act(command.value) in allowed(case.status):
        _prompt(duty, case, command)
    else:
        refuse(duty, case, Act(command.value))


def waits_for_words(duty: Duty) -> bool:
    """Tell whether an officer's next text is taken for the words that were asked for."""
    return pending.newest(duty.tx, duty.contact.id, state="prompt", now=duty.now) is not None


def _prompt(duty: Duty, case: CaseRecord, command: Command) -> None:
    keep(duty, Given(command, slash=True), case, "prompt", timedelta(minutes=CODE_MINUTES))
    outcomes = ", ".join(each for each in OUTCOME_WORDS if is_written_in(each, duty.language))
    key = "officer_write_decision" if command is Command.RESOLVE else "officer_write_words"
    duty.tell(key, case=case, ref=case.reference, act=say(f"act_{command}", duty.language), outcomes=outcomes)


def prompted(duty: Duty, text: str, *, case_id: int | None = None) -> bool:
    """Take a text as the words that were asked for, about this case where one is given; False where nothing was."""
    waiting = pending.newest(duty.tx, duty.contact.id, state="prompt", now=duty.now)
    if waiting is None or (case_id is not None and case_id != waiting.case_id):
        return False
    pending.take(duty.tx, waiting.id, contact_id=duty.contact.id, state="prompt", now=duty.now)
    if waiting.case_id is None or (case := duty.find(case_id=waiting.case_id)) is None:
        return True
    if waiting.command == Command.DISAGREE:
        perform(duty, Given(Command.DISAGREE, slash=True, reference=case.reference, words=text))
        return True
    show_back(duty, case, text, Command(waiting.command))
    return True


def confirm_by_code(duty: Duty, given: Given) -> None:
    """Answer a changing command by SMS with a code of four digits: it happens when the code comes back."""
    case = None
    if given.number is not None or given.reference is not None:
        case = mending.find(duty, given, asks_back=True)
        if case is None:
            return
        if not may_act(duty, case, given.command):
            passed_on(duty, case)
            return
    if _locked_out(duty):
        return
    if pending.codes_since(duty.tx, duty.contact.id, duty.now - timedelta(hours=1)) >= _CODES_AN_HOUR:
        duty.tell("officer_sms_many")
        return
    if given.command is Command.INCIDENT and not incidents.shown_before_code(duty, given):
        return
    code = f"{duty.context.random.randrange(10_000):04}"
    pending.drop(duty.tx, duty.contact.id, state="code")
    keep(duty, given, case, "code", timedelta(minutes=CODE_MINUTES), code=code)
    if given.command is Command.UNDO:
        undoing.hold_for_code(duty)
    back = given.command is Command.ABSENT and absence.is_over(given.words)
    act = say("act_back" if back else f"act_{given.command}", duty.language)
    said = say("officer_confirm", duty.language, act=act, ref=_of(duty, given, case), code=code, minutes=CODE_MINUTES)
    duty.send(said.replace("  ", " ").replace(" ?", "?"), key="officer_confirm", case=case)


def _of(duty: Duty, given: Given, case: CaseRecord | None) -> str:
    """Return of what a command is said back: a case, a day, the number of an incident, what is taken back."""
    if case is not None:
        return case.reference
    if given.command is Command.UNDO:
        return undoing.would_undo(duty)
    if given.command is Command.INCIDENT:
        return given.words.split()[0]
    if given.command is Command.ABSENT and absence.is_over(given.words):
        return ""
    return given.words[:_SAID_BACK] if given.command in (Command.ABSENT, Command.ROUND) else ""


def _locked_out(duty: Duty) -> bool:
    """Refuse changing commands by SMS after too many wrong codes within a day; False where there were fewer."""
    wrong = pending.wrong_codes_since(duty.tx, duty.contact.id, duty.now - timedelta(days=1))
    if wrong < _WRONG_CODES_A_DAY:
        return False
    pending.drop(duty.tx, duty.contact.id, state="code")
    day = duty.context.calendar.local_day(duty.now).isoformat()
    if alerts.alert_once(duty.tx, "sms_locked", f"{duty.contact.id}:{day}", case_id=None, now=duty.now):
        audit.add(duty.tx, "officer.sms_locked", actor="officer", actor_id=duty.staff.id, now=duty.now)
    duty.tell("officer_sms_locked")
    return True


def code_given(duty: Duty, code: str) -> bool:
    """Take four digits as the code of the command that waits; False where none waits."""
    waiting = pending.newest(duty.tx, duty.contact.id, state="code", now=None)
    if waiting is None:
        return False
    if waiting.expires_at <= duty.now:
        pending.drop(duty.tx, duty.contact.id, state="code")
        duty.tell("officer_confirm_late")
    elif waiting.code_hash != duty.tx.keys.fingerprint("code", str(duty.contact.id), code):
        if pending.count_wrong_code(duty.tx, waiting.id) >= _WRONG_CODES:
            pending.drop(duty.tx, duty.contact.id, state="code")
        if not _locked_out(duty):
            duty.tell("officer_confirm_wrong")
    else:
        pending.take(duty.tx, waiting.id, contact_id=duty.contact.id, state="code", now=duty.now)
        _perform(duty, _given(waiting), waiting)
    return True


def _perform(duty: Duty, given: Given, waiting: Pending) -> None:
    reference = cases.by_id(duty.tx, waiting.case_id).reference if waiting.case_id is not None else None
    perform(duty, Given(given.command, slash=True, reference=reference, words=given.words))


def _given(waiting: Pending) -> Given:
    return Given(Command(waiting.command), slash=True, words=str(json.loads(waiting.payload)["words"]))
