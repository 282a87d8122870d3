"""Carrying an approval out: the audience is written down chunk by chunk and counted; then it leaves, or waits again."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from handlers.broadcasts import gate, reports
from handlers.broadcasts.faults import BroadcastFault
from handlers.broadcasts.preview import Preview
from handlers.broadcasts.texts import filler_of
from handlers.broadcasts.turns import let_others_write
from handlers.context import Context
from handlers.faults import where
from handlers.sending.voice import Voice
from storage import Tx
from storage.queries import audit
from storage.queries.sending import batches, frozen
from storage.queries.sending.batches import BatchRecord
from wording import say

log = logging.getLogger(__name__)

_AT_ONCE = 5_000
"""So many people are written down in one transaction: on SQLite nobody else writes meanwhile."""

_READ = 20 * _AT_ONCE
"""So many are read at a time, by number."""

_LEFT_BEHIND = timedelta(minutes=1)
"""Who approved carries it out at once; after so long a sweep takes it for left behind by a crash."""


def approve(context: Context, batch_id: int, *, approver_id: int, now: datetime) -> datetime:
    """Approve a broadcast, freeze its audience, and return from when it leaves. Raises `BroadcastFault`."""
    with context.store.transaction() as tx:
        batch = batches.by_id(tx, batch_id, locked=True)
        if batch is None:
            raise BroadcastFault("officer_too_late")
        gate.approve(context, tx, batch, approver_id=approver_id, now=now)
    carry_out(context, batch_id, now)
    return context.calendar.after_quiet_hours(now)


def carry_out(context: Context, batch_id: int, now: datetime) -> BatchRecord:
    """Freeze the audience of what was approved, let it be laid out, and return it.

    Raises `BroadcastFault` where it may not leave, and it waits for an approval again: it is counted anew, so that an
    audience which grew since it was drafted, or what would exceed the budget, is stopped here. May be repeated, and goes
    on where it was left.
    """
    while _write_down(context, batch_id):
        pass
    try:
        with context.store.reading() as tx:
            batch = _freezing(tx, batch_id)
            among = {"batch": batch_id, "channel": (batch.audience or {}).get("channel")}
            shown = gate.checked_preview(context, tx, among, filler_of(batch), until=batch.not_after, now=now)
        with context.store.transaction() as tx:
            return _let_go(context, tx, _freezing(tx, batch_id, locked=True), shown, now)
    except BroadcastFault as fault:
        _keep_back(context, batch_id, fault, now)
        raise


def carry_out_and_answer(context: Context, batch_id: int, *, approver_id: int, now: datetime) -> None:
    """Do the same, and tell whoever approved it what became of it. Raises nothing: what fails is left to the sweep."""
    fault = None
    try:
        try:
            carry_out(context, batch_id, now)
        except BroadcastFault as why:
            fault = why
        with context.store.transaction() as tx:
            _answer(Voice(context, tx, now), batch_id, approver_id, fault)
    except Exception as failed:
        log.error("an approval could not be carried out: %s", where(failed))


def carry_on(context: Context, now: datetime) -> None:
    """Carry out the approvals that a crash left behind."""
    with context.store.reading() as tx:
        left = frozen.left_behind(tx, now - _LEFT_BEHIND)
    for batch_id, approver_id in left:
        carry_out_and_answer(context, batch_id, approver_id=approver_id, now=now)


def _write_down(context: Context, batch_id: int) -> bool:
    """Write down some more of those whom a batch is for; False where all are.

    They are read before any is written: a reading that stays open lets SQLite's log grow.
    """
    with context.store.reading() as tx:
        batch = _freezing(tx, batch_id)
    if batch.last_person_id == 0:
        _clear(context, batch_id)
    assert batch.started_at is not None
    default, last = context.settings.default_language.value, batch.last_person_id
    with context.store.reading() as tx:
        audience, made_by = batch.audience or {}, batch.started_at
        found = frozen.found(tx, audience, after=last, made_by=made_by, default=default, most=_READ)
    for start in range(0, len(found), _AT_ONCE):
        people = found[start : start + _AT_ONCE]
        with context.store.transaction() as tx:
            if not frozen.advance(tx, batch_id, before=last, after=people[-1]):
                return True
            frozen.write(tx, batch_id, people)
        let_others_write(context, len(people))
        last = people[-1]
    return len(found) == _READ


def _clear(context: Context, batch_id: int) -> None:
    """Take out whom an approval wrote down that was not let go."""
    gone = _AT_ONCE
    while gone == _AT_ONCE:
        with context.store.transaction() as tx:
            if _freezing(tx, batch_id, locked=True).last_person_id != 0:
                return
            gone = frozen.clear(tx, batch_id, most=_AT_ONCE)


def _freezing(tx: Tx, batch_id: int, *, locked: bool = False) -> BatchRecord:
    """Return a batch that is being frozen. Raises `BroadcastFault` where it is not any more."""
    batch = batches.by_id(tx, batch_id, locked=locked)
    if batch is None or batch.state != "freezing":
        raise BroadcastFault("officer_too_late")
    return batch


def _let_go(context: Context, tx: Tx, batch: BatchRecord, shown: Preview, now: datetime) -> BatchRecord:
    above = context.settings.broadcast_second_above
    if shown.reached > above and batch.approver_id == batch.maker_id:
        raise BroadcastFault("broadcast_needs_second", limit=above)
    gate.within_budget(context, tx, shown.cost, now, without_price=shown.without_price)
    counts = {**(batch.counts or {}), **shown.figures, "nothing": dict(shown.nothing)}
    batches.change(tx, batch.id, state="laying_out", last_person_id=0, counts=counts, cost=shown.cost)
    what = {"batch": batch.id, "people": shown.people, "reached": shown.reached, "cost": shown.cost}
    audit.add(tx, "broadcast.approved", actor="staff", actor_id=batch.approver_id, now=now, data=what)
    approved = batches.by_id(tx, batch.id)
    assert approved is not None
    if approved.kind == "report":
        reports.tell_officers(context, tx, approved, now)
    if batch.maker_id not in (None, batch.approver_id):
        Voice(context, tx, now).tell_staff(batch.maker_id, "broadcast_approved", number=batch.id, people=shown.reached)
    tx.queued = True
    return approved


def _keep_back(context: Context, batch_id: int, fault: BroadcastFault, now: datetime) -> None:
    """Let what may not leave wait for an approval again; where that needs a second person, the others are asked."""
    with context.store.transaction() as tx:
        batch = batches.by_id(tx, batch_id, locked=True)
        if batch is None or batch.state != "freezing":
            return
        batches.change(tx, batch_id, state="submitted", approver_id=None, started_at=None)
        what = {"batch": batch_id, "why": fault.key}
        audit.add(tx, "broadcast.kept_back", actor="staff", actor_id=batch.approver_id, now=now, data=what)
        if fault.key == "broadcast_needs_second":
            gate.ask_for_approval(context, tx, replace(batch, state="submitted"), now=now)


def _answer(voice: Voice, batch_id: int, approver_id: int, fault: BroadcastFault | None) -> None:
    contact = voice.staff_contact(approver_id)
    batch = batches.by_id(voice.tx, batch_id)
    if contact is None or batch is None:
        return
    language = voice.staff_language(contact)
    if fault is not None:
        voice.send(contact, fault.said(language), key=fault.key, kind="notice", staff_id=approver_id)
        return
    said = say("broadcast_sent", language, people=(batch.counts or {}).get("reached", 0))
    leaves = voice.context.calendar.after_quiet_hours(voice.now)
    if leaves > voice.now:
        local = voice.context.calendar.local(leaves)
        said += "\n" + say("broadcast_quiet", language, time=f"{local.hour}:{local.minute:02}")
    rows = gate.buttons(batch, language)
    voice.send(contact, said, key="broadcast_sent", kind="notice", buttons=rows, staff_id=approver_id)
