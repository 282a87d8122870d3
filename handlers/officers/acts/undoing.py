"""Taking an act back: what it changed is kept for five minutes, and given back where nothing of it has left or gone on.

`remember` is called after an act, with the case as it was before; `undo` gives the case back. What an act changed in
other tables is given back by the function that `ALSO` names for it.
"""

from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import timedelta

from domain.ports import Button
from handlers.officers.commands import Command, Given
from handlers.officers.duty import Duty
from storage.queries.casework import cases, undoable
from storage.queries.casework.cases import CaseRecord
from storage.queries.casework.undoable import Undoable
from storage.queries.persons import contacts, messages, questions
from storage.queries.sending import outbox
from wording import say

MARK = "z"
AT_ONCE = frozenset({Command.RESOLVE, Command.REJECT, Command.TRANSFER})
"""The commands that `acts.perform` remembers by itself; others call `remember` where they change a case."""
ALSO: dict[Command, Callable[[Duty, CaseRecord], None]] = {}
"""What is given back besides a case's columns, entered by whoever does the act; called with the case as the act left it."""
_TELLING = frozenset({"status", "taken_by", "post_id", "level", "area_id", "sensitive"})
"""Where one of these is not as the act left it, somebody has gone on with the case."""
MINUTES = 5
_CODE_WAITS = timedelta(minutes=10)
_COLUMNS = tuple(each.name for each in fields(CaseRecord) if each.name not in ("id", "reference", "person_id"))


def remember(duty: Duty, case: CaseRecord, act: Command, message_ids: Sequence[int] = ()) -> None:
    """Let an act be taken back; `case` is as it was before, `message_ids` what was queued. Nothing where nothing changed.

    By Telegram the officer's answer gets a button for it.
    """
    left = cases.by_id(duty.tx, case.id)
    changed = {name for name in _COLUMNS if getattr(left, name) != getattr(case, name)}
    if not changed:
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
    act = undoable.newest(duty.tx, duty.staff.id, act_id=act_id)
    if act is None or act.expires_at <= duty.now:
        duty.tell("officer_undo_none")
        return
    case = cases.by_id(duty.tx, act.case_id, locked=True)
    if case.sensitive is not None and duty.look(case_id=case.id) is None:
        duty.tell("officer_undo_none")
        return
    if any(getattr(case, name) != value for name, value in act.became.items()):
        duty.tell("officer_undo_gone_on", case=case, ref=case.reference)
        return
    if not _nothing_left(duty, act):
        duty.tell("officer_undo_left", case=case, ref=case.reference)
        return
    _give_back(duty, case, act)


def hold_for_code(duty: Duty) -> None:
    """Let nothing of the newest act leave while its undoing waits for a code by SMS: a forged one only delays it."""
    act = undoable.newest(duty.tx, duty.staff.id)
    if act is not None and act.expires_at > duty.now:
        undoable.put_off(duty.tx, act.message_ids, duty.now + _CODE_WAITS)


def _nothing_left(duty: Duty, act: Undoable) -> bool:
    """Tell whether all that goes to the person still waits; notices to officers can be taken back where they are."""
    return all(each.waits or each.to_staff for each in undoable.fates(duty.tx, act.message_ids))


def _give_back(duty: Duty, case: CaseRecord, act: Undoable) -> None:
    for each in undoable.fates(duty.tx, act.message_ids):
        if each.contact_point_id == duty.contact.id:
            continue
        if not outbox.withdraw(duty.tx, each.id):
            duty.voice.delete_later(contacts.by_id(duty.tx, each.contact_point_id), each.id, at=duty.now)
    questions.end_of_case(duty.tx, case.id, "replaced")
    also = ALSO.get(Command(act.act))
    if also is not None:
        also(duty, case)
    case = duty.work.change(case, **act.was)
    if case.status == "awaiting":
        undoable.ask_again(duty.tx, case.id, duty.now)
    undoable.done(duty.tx, act.id, duty.now)
    duty.work.note(case, "case.undone", duty.actor, act=act.act)
    duty.tell("officer_undone", case=case, ref=case.reference)
