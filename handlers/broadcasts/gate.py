"""The gate that a broadcast goes through: drafted, submitted, approved by a second person and within the month's budget."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from secrets import token_hex
from typing import Any

from domain.permissions import Permission, permissions_of
from domain.ports import Button, Rows
from domain.reading import Language
from domain.settings import Level
from handlers.broadcasts import texts as words
from handlers.broadcasts.faults import BroadcastFault
from handlers.broadcasts.preview import Preview, cost_of, preview
from handlers.broadcasts.texts import Filler
from handlers.context import Context
from handlers.sending.voice import Voice
from storage import Tx
from storage.queries import audit
from storage.queries.sending import audiences, batches
from storage.queries.sending.batches import BatchRecord
from storage.queries.staffing import staff
from wording import say

STATES = ("draft", "submitted", "laying_out", "sending", "paused", "cancelled")
SPENT = ("broadcast", "report")
"""The kinds of sending that the month's budget is for; reminders are the project's duty."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to send. `until` is the end of its use: what has not left by then is dropped.

    `asks_coming` lets answers such as "I can't come" count as answers to it.
    """

    audience: Mapping[str, Any]
    texts: Mapping[str, str]
    maker_id: int
    until: datetime | None = None
    asks_coming: bool = False


def draft(context: Context, tx: Tx, wanted: Draft, now: datetime) -> tuple[int, Preview]:
    """Keep a broadcast as a draft and return its number and preview. Raises `BroadcastFault`."""
    _may(tx, wanted.maker_id, Permission.BROADCASTS_MAKE)
    texts = words.checked(dict(wanted.texts))
    shown = checked_preview(context, tx, wanted.audience, Filler(texts), until=wanted.until, now=now)
    batch_id = batches.create(
        tx,
        now,
        kind="broadcast",
        subject=f"broadcast:{token_hex(6)}",
        plan="once",
        state="draft",
        texts=texts,
        audience={**wanted.audience, **({"asks_coming": True} if wanted.asks_coming else {})},
        counts={"people": shown.people, "reached": shown.reached, "segments": shown.segments},
        maker_id=wanted.maker_id,
        not_after=wanted.until,
    )
    assert batch_id is not None
    audit.add(tx, "broadcast.drafted", actor="staff", actor_id=wanted.maker_id, now=now, data={"batch": batch_id})
    return batch_id, shown


def checked_preview(
    context: Context, tx: Tx, audience: Mapping[str, Any], filler: Filler, *, until: datetime | None, now: datetime
) -> Preview:
    """Return what a broadcast would be. Raises `BroadcastFault` where it may not be so: nobody, a language, too late."""
    shown = preview(context, tx, audience, filler, now)
    if shown.missing:
        language, number = next(iter(shown.missing.items()))
        raise BroadcastFault("broadcast_missing_language", language=language, count=number)
    if shown.reached == 0:
        raise BroadcastFault("broadcast_nobody")
    if until is not None and shown.begins_at >= until:
        raise BroadcastFault(
            "broadcast_ends_before", time=_clock(context, until), begins=_clock(context, shown.begins_at)
        )
    return shown


def needs_second(context: Context, batch: BatchRecord) -> bool:
    """Tell whether somebody else than its maker must approve a broadcast. A report has the machine as its maker."""
    return int((batch.counts or {}).get("reached", 0)) > context.settings.broadcast_second_above


def submit(context: Context, tx: Tx, batch: BatchRecord, *, now: datetime) -> None:
    """Ask everybody of the staff but its maker to approve a broadcast. Raises `BroadcastFault`."""
    if batch.state != "draft":
        raise BroadcastFault("officer_too_late")
    batches.change(tx, batch.id, state="submitted")
    audit.add(tx, "broadcast.submitted", actor="staff", actor_id=batch.maker_id, now=now, data={"batch": batch.id})
    ask_for_approval(context, tx, batch, now=now)


def ask_for_approval(context: Context, tx: Tx, batch: BatchRecord, *, now: datetime) -> None:
    """Show staff what waits for their approval, with Send and Cancel."""
    voice = Voice(context, tx, now)
    for staff_id in staff.of_level(tx, Level.STAFF, now):
        contact = voice.staff_contact(staff_id)
        if staff_id == batch.maker_id or contact is None:
            continue
        language = voice.staff_language(contact)
        said = "\n".join((batch.texts or {}).values())
        reached = (batch.counts or {}).get("reached", 0)
        text = say("broadcast_to_approve", language, number=batch.id, people=reached) + f"\n«{said}»"
        voice.send(contact, text, key="broadcast_submitted", kind="notice", buttons=buttons(batch.id, language),
                   staff_id=staff_id)  # fmt: skip


def approve(context: Context, tx: Tx, batch: BatchRecord, *, approver_id: int, now: datetime) -> datetime:
    """Freeze a broadcast's audience and let it be laid out; return from when it leaves.

    Raises `BroadcastFault`, and then nothing was changed: the audience is counted anew, so that one which grew since
    it was drafted, or what would exceed the budget, is stopped here.
    """
    if batch.state not in ("draft", "submitted"):
        raise BroadcastFault("officer_too_late")
    _may(tx, approver_id, Permission.BROADCASTS_APPROVE)
    with tx.attempt():
        default = context.settings.default_language.value
        audiences.freeze(tx, batch.id, batch.audience or {}, default=default)
        among = {"batch": batch.id, "channel": (batch.audience or {}).get("channel")}
        shown = checked_preview(context, tx, among, words.filler_of(batch), until=batch.not_after, now=now)
        above = context.settings.broadcast_second_above
        if shown.reached > above and approver_id == batch.maker_id:
            raise BroadcastFault("broadcast_needs_second", limit=above)
        within_budget(context, tx, shown.cost, now, without_price=shown.without_price)
        counts = {
            **(batch.counts or {}), "people": shown.people, "reached": shown.reached, "segments": shown.segments,
            "nothing": dict(shown.nothing),
        }  # fmt: skip
        batches.change(
            tx, batch.id, state="laying_out", approver_id=approver_id, started_at=now, counts=counts, cost=shown.cost
        )
        what = {"batch": batch.id, "people": shown.people, "reached": shown.reached, "cost": shown.cost}
        audit.add(tx, "broadcast.approved", actor="staff", actor_id=approver_id, now=now, data=what)
    tx.queued = True
    return context.calendar.after_quiet_hours(now)


def pause(tx: Tx, batch: BatchRecord, *, actor_id: int | None, now: datetime) -> None:
    """Hold a broadcast back until it is told to go on. Raises `BroadcastFault`."""
    if batch.state not in ("laying_out", "sending"):
        raise BroadcastFault("officer_too_late")
    batches.change(tx, batch.id, state="paused")
    audit.add(tx, "broadcast.paused", actor="staff", actor_id=actor_id, now=now, data={"batch": batch.id})


def go_on(tx: Tx, batch: BatchRecord, *, actor_id: int | None, now: datetime) -> None:
    """Let a paused broadcast go on where it was; it was approved before. Raises `BroadcastFault`."""
    if batch.state != "paused":
        raise BroadcastFault("officer_too_late")
    batches.change(tx, batch.id, state="laying_out")
    audit.add(tx, "broadcast.continued", actor="staff", actor_id=actor_id, now=now, data={"batch": batch.id})
    tx.queued = True


def cancel(context: Context, tx: Tx, batch: BatchRecord, *, actor_id: int | None, now: datetime) -> None:
    """Cancel a broadcast: what has not left does not leave, and only what has left counts for the budget."""
    if batch.state == "cancelled":
        raise BroadcastFault("officer_too_late")
    batches.change(tx, batch.id, state="cancelled")
    if batch.state not in ("draft", "submitted"):
        batches.change(tx, batch.id, cost=spent(context, tx, batch.id))
    audit.add(tx, "broadcast.cancelled", actor="staff", actor_id=actor_id, now=now, data={"batch": batch.id})


def spent(context: Context, tx: Tx, batch_id: int) -> float:
    """Return what a batch has cost so far, at today's prices."""
    left = batches.parts_gone(tx, batch_id)
    known = {name: context.gateways[name] for name in left if name in context.gateways}
    return sum(cost_of(info, left[name]) or 0.0 for name, info in known.items())


def spent_this_month(context: Context, tx: Tx, now: datetime) -> float:
    """Return what the broadcasts that were approved this month cost."""
    local = context.calendar.local_day(now)
    first = context.calendar.at(local.replace(day=1), time.min)
    next_first = (local.replace(day=28) + timedelta(days=4)).replace(day=1)
    return batches.cost_between(tx, SPENT, first, context.calendar.at(next_first, time.min))


def within_budget(context: Context, tx: Tx, cost: float, now: datetime, *, without_price: tuple[str, ...] = ()) -> None:
    """Raise `BroadcastFault`, with the figures, where something would exceed what is left of the month's budget."""
    budget = context.settings.broadcast_budget
    if budget is None:
        return
    if without_price:
        raise BroadcastFault("broadcast_no_price", gateway=", ".join(without_price))
    batches.one_approval_at_a_time(tx)
    before = spent_this_month(context, tx, now)
    if before + cost > budget:
        raise BroadcastFault("broadcast_over_budget", cost=f"{cost:g}", spent=f"{before:g}", budget=f"{budget:g}")


def buttons(batch_id: int, language: Language) -> Rows:
    """Return Send and Cancel."""
    return (
        (
            Button(say("button_approve", language), f"b:send:{batch_id}"),
            Button(say("button_cancel", language), f"b:cancel:{batch_id}"),
        ),
    )


def check_may_approve(tx: Tx, staff_id: int) -> None:
    """Raise `BroadcastFault` where somebody may not approve what is sent."""
    _may(tx, staff_id, Permission.BROADCASTS_APPROVE)


def _may(tx: Tx, staff_id: int, permission: Permission) -> None:
    """Raise `BroadcastFault` where somebody may not do this, or is not there."""
    known = staff.by_id(tx, staff_id)
    if known is None or not known.active or permission not in permissions_of(known.levels):
        raise BroadcastFault("broadcast_not_staff", number=staff_id)


def _clock(context: Context, moment: datetime) -> str:
    local = context.calendar.local(moment)
    return f"{local.day}/{local.month} {local.hour}:{local.minute:02}"
