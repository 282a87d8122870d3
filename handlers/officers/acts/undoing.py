"""Taking an act back: what it changed is kept for five minutes, and given back where nothing of it has left or gone on.

`remember` is called after an act, with the case as it was before; `undo` gives the case back. What an act changed in
other tables is given back by the function that `ALSO` names for it.
"""

from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import timedelta

from domain.ladder import is_barred
from domain.permissions import Permission, permissions_of
from domain.ports import Button
from handlers.cases.conflicts import needs_two
from handlers.officers.commands import Command, Given
from handlers.officers.duty import Duty
from storage.queries.casework import bars, case_numbers, cases, second_looks, undoable
from storage.queries.casework.cases import CaseRecord
from storage.queries.casework.undoable import Undoable
from storage.queries.persons import contacts, messages, questions
from storage.queries.sending import outbox
from storage.queries.staffing import staff
from wording import say

MARK = "z"
AT_ONCE = frozenset({Command.RESOLVE, Command.REJECT, Command.TRANSFER, Command.AGREE})
"""The commands that `acts.perform` remembers by itself; others call `remember` where they change a case."""
ALSO: dict[Command, Callable[[Duty, CaseRecord, Undoable], bool]] = {}
"""What is given back besides a case's columns, entered by whoever does the act; called with the case as the act left it,
and False where it has gone on."""
_TELLING = frozenset({"status", "taken_by", "post_id", "level", "area_id", "sensitive"})
"""Where one of these is not as the act left it, somebody has gone on with the case."""
MINUTES = 5
_CODE_WAITS = timedelta(minutes=10)
_COLUMNS = tuple(each.name for each in fields(CaseRecord) if each.name not in ("id", "reference", "person_id"))


def remember(duty: Duty, case: CaseRecord, act: Command, message_ids: Sequence[int] = ()) -> None:
    """Let an act be taken back; `case` is as it was before, `message_ids` what was queued. Nothing where nothing changed.

    A decision that was proposed to a second person has changed no column.

    By Telegram the officer's answer gets a button for it.
    """
    left = cases.by_id(duty.tx, case.id)
    changed = {name for name in _COLUMNS if getattr(left, name) != getattr(case, name)}
    if not changed and not _has_proposed(duty, case):
        return
    kept = sorted(changed | _TELLING)
    act_id = undoable.add(
        duty.tx,
        staff_id=duty.staff.id,
        case_id=case.id,
        act=act.value,
        changed={name: (getattr(case, name), getattr(left, name)) for name in kept},
        message_ids=message_ids,
        at=duty.now,
        expires_at=duty.now + timedelta(minutes=MINUTES),
    )
    answer = None if duty.by_sms else undoable.answer_to(duty.tx, duty.contact.id)
    if answer is not None:
        button = Button(say("button_undo", duty.language), f"{MARK}:undo:{act_id}")
        messages.change(duty.tx, answer[0], buttons=[*(answer[1] or []), [[button.label, button.data]]])


def undo(duty: Duty, _given: Given | None = None, *, act_id: int | None = None) -> None:
    """Take back the newest act, or the one of a tapped button, where that is still possible; else say what to do."""
    if Permission.CASES_WORK not in permissions_of(duty.staff.levels):
        duty.tell("officer_not_allowed", command=f"/{Command.UNDO}")
        return
    act = undoable.newest(duty.tx, duty.staff.id, act_id=act_id)
    if act is None or act.expires_at <= duty.now:
        duty.tell("officer_undo_none")
        return
    case = cases.by_id(duty.tx, act.case_id, locked=True)
    if _is_kept_from_it(duty, case):
        duty.tell("officer_undo_none")
    elif any(getattr(case, name) != value for name, value in act.became.items()):
        duty.tell("officer_undo_gone_on", case=case, ref=case.reference)
    elif not _nothing_left(duty, act):
        duty.tell("officer_undo_left", case=case, ref=case.reference)
    elif not ALSO.get(Command(act.act), _nothing_besides)(duty, case, act):
        duty.tell("officer_undo_gone_on", case=case, ref=case.reference)
    else:
        _give_back(duty, case, act)


def would_undo(duty: Duty) -> str:
    """Return which act would be taken back, with the officer's number of its case; empty where there is none."""
    act = undoable.newest(duty.tx, duty.staff.id)
    if act is None or act.expires_at <= duty.now:
        return ""
    number = case_numbers.number_for(duty.tx, duty.staff.id, act.case_id)
    return f"({say(f'act_{act.act}', duty.language)} [{number}])"


def hold_for_code(duty: Duty) -> None:
    """Let nothing of the newest act leave while its undoing waits for a code by SMS: a forged one only delays it."""
    act = undoable.newest(duty.tx, duty.staff.id)
    if act is not None and act.expires_at > duty.now:
        undoable.put_off(duty.tx, act.message_ids, duty.now + _CODE_WAITS)


def _has_proposed(duty: Duty, case: CaseRecord) -> bool:
    """Tell whether a decision waits that the officer has just proposed."""
    look = second_looks.open_of(duty.tx, case.id) if needs_two(case) else None
    return look is not None and (look.proposed_by, look.proposed_at) == (duty.staff.id, duty.now)


def _is_kept_from_it(duty: Duty, case: CaseRecord) -> bool:
    """Tell whether the officer may know nothing of a case any more, which he could still see when he acted."""
    if case.sensitive is not None:
        return duty.look(case_id=case.id) is None
    barred = all(is_barred(level, case.barred_to) for level in duty.staff.levels)
    return barred or duty.staff.id in bars.of_case(duty.tx, case.id)


def _nothing_besides(_duty: Duty, _case: CaseRecord, _act: Undoable) -> bool:
    return True


def _nothing_left(duty: Duty, act: Undoable) -> bool:
    """Tell whether all that goes to the person still waits; notices to officers can be taken back where they are."""
    return all(each.waits or each.to_staff for each in undoable.fates(duty.tx, act.message_ids))


def _with_somebody(duty: Duty, case: CaseRecord) -> CaseRecord:
    """Pass a case on that came back to somebody who has gone meanwhile, or may not have it any more."""
    if not case.is_open or case.sensitive is not None:
        return case
    if case.taken_by is not None and not _may_have(duty, case.taken_by, case):
        case = duty.work.change(case, taken_by=None)
    if case.post_id is None or staff.holders(duty.tx, case.post_id, duty.now, case_id=case.id):
        return case
    return duty.work.settle(case, start=case.rung, key="officer_escalated_to")


def _may_have(duty: Duty, staff_id: int, case: CaseRecord) -> bool:
    record = staff.by_id(duty.tx, staff_id)
    there = record is not None and record.active and (record.absent_until is None or record.absent_until <= duty.now)
    return there and staff_id not in bars.of_case(duty.tx, case.id)


def _give_back(duty: Duty, case: CaseRecord, act: Undoable) -> None:
    for each in undoable.fates(duty.tx, act.message_ids):
        if each.contact_point_id == duty.contact.id:
            continue
        if not outbox.withdraw(duty.tx, each.id):
            duty.voice.delete_later(contacts.by_id(duty.tx, each.contact_point_id), each.id, at=duty.now)
    if act.was != act.became:
        questions.end_of_case(duty.tx, case.id, "replaced")
    case = _with_somebody(duty, duty.work.change(case, **act.was))
    if case.status == "awaiting":
        undoable.ask_again(duty.tx, case.id, duty.now)
    undoable.done(duty.tx, act.id, duty.now)
    duty.work.note(case, "case.undone", duty.actor, act=act.act)
    duty.tell("officer_undone", case=case, ref=case.reference)
