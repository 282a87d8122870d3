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
from storage.queries.sending import batches
from storage.queries.sending.batches import BatchRecord
from storage.queries.staffing import staff
from wording import say

SPENT = ("broadcast", "report")
"""The kinds of sending that the month's budget is for; reminders are the project's duty."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to send. `until` is the end of its use: what has not left by then is dropped.

    `asks_coming` lets answers such as "I can't come" count as answers to it; None: where it speaks of a meeting.
    `who` says in words whom it is for.
    """

    audience: Mapping[str, Any]
    texts: Mapping[str, str]
    maker_id: int
    until: datetime | None = None
    asks_coming: bool | None = None
    who: str = ""


def draft(context: Context, wanted: Draft, now: datetime) -> tuple[int, Preview]:
    """Keep a broadcast as a draft and return its number and preview. Raises `BroadcastFault`.

    Its people are counted before anything is written, so that nobody waits for a large audience.
    """
    texts = words.checked(dict(wanted.texts))
    with context.store.reading() as tx:
        _may(tx, wanted.maker_id, Permission.BROADCASTS_MAKE)
        shown = checked_preview(context, tx, wanted.audience, Filler(texts), until=wanted.until, now=now)
    asks = words.speaks_of_meeting(texts) if wanted.asks_coming is None else wanted.asks_coming
    with context.store.transaction() as tx:
        batch_id = batches.create(
            tx,
            now,
            kind="broadcast",
            subject=f"broadcast:{token_hex(6)}",
            plan="once",
            state="draft",
            texts=texts,
            audience={**wanted.audience, **({"asks_coming": True} if asks else {})},
            counts={**shown.figures, **({"who": wanted.who} if wanted.who else {})},
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
            "broadcast_ends_before", time=clock(context, until), begins=clock(context, shown.begins_at)
        )
    return shown


def needs_second(context: Context, batch: BatchRecord) -> bool:
    """Tell whether somebody else than its maker must approve a broadcast. A report has the machine as its maker."""
    return int((batch.counts or {}).get("reached", 0)) > context.settings.broadcast_second_above


def submit(context: Context, tx: Tx, batch: BatchRecord, *, now: datetime) -> int:
    """Ask everybody of the staff but its maker to approve a broadcast, and count them. Raises `BroadcastFault`."""
    if batch.state != "draft":
        raise BroadcastFault("officer_too_late")
    batches.change(tx, batch.id, state="submitted")
    audit.add(tx, "broadcast.submitted", actor="staff", actor_id=batch.maker_id, now=now, data={"batch": batch.id})
    return ask_for_approval(context, tx, batch, now=now)


def ask_for_approval(context: Context, tx: Tx, batch: BatchRecord, *, now: datetime) -> int:
    """Show staff what waits for their approval, with Send and Cancel, and count those who can be asked."""
    voice, asked = Voice(context, tx, now), 0
    for staff_id in staff.of_level(tx, Level.STAFF, now):
        contact = voice.staff_contact(staff_id)
        if staff_id == batch.maker_id or contact is None:
            continue
        language = voice.staff_language(contact)
        text = _to_approve(context, tx, batch, language)
        voice.send(contact, text, key="broadcast_submitted", kind="notice", buttons=buttons(batch, language),
                   staff_id=staff_id)  # fmt: skip
        asked += 1
    return asked


def _to_approve(context: Context, tx: Tx, batch: BatchRecord, language: Language) -> str:
    """Return what whoever approves has to know: whose it is, how many get it, at what cost, until when, and the words."""
    counts = batch.counts or {}
    lines = [say("broadcast_to_approve", language, number=batch.id, people=counts.get("reached", 0))]
    if "who" in counts:
        lines.append(counts["who"])
    if batch.maker_id is not None and (maker := staff.by_id(tx, batch.maker_id)) is not None:
        lines.append(say("broadcast_made_by", language, name=maker.name))
    if "cost" in counts:
        lines.append(say("broadcast_cost", language, segments=counts["segments"], cost=f"{counts['cost']:g}"))
    if batch.not_after is not None:
        lines.append(say("broadcast_until", language, time=clock(context, batch.not_after)))
    return "\n".join((*lines, "«" + "\n".join(words.samples(batch)) + "»"))


def approve(context: Context, tx: Tx, batch: BatchRecord, *, approver_id: int, now: datetime) -> None:
    """Keep that somebody approves a broadcast; `approval.carry_out` then freezes its audience. Raises `BroadcastFault`."""
    if batch.state not in ("draft", "submitted"):
        raise BroadcastFault("officer_too_late")
    check_may_approve(tx, approver_id)
    if approver_id == batch.maker_id and needs_second(context, batch):
        raise BroadcastFault("broadcast_needs_second", limit=context.settings.broadcast_second_above)
    batches.change(tx, batch.id, state="freezing", approver_id=approver_id, started_at=now, last_person_id=0)


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


def cancel(tx: Tx, batch: BatchRecord, *, actor_id: int | None, now: datetime) -> None:
    """Cancel a broadcast: what has not left does not leave. Raises `BroadcastFault`.

    Only what has left counts for the budget, once `settle` has counted it.
    """
    if batch.state == "cancelled":
        raise BroadcastFault("officer_too_late")
    batches.change(tx, batch.id, state="cancelled")
    audit.add(tx, "broadcast.cancelled", actor="staff", actor_id=actor_id, now=now, data={"batch": batch.id})


def settle(context: Context, batch_id: int) -> None:
    """Keep what a cancelled broadcast has cost. It is counted before anything is written: that takes long for many."""
    with context.store.reading() as tx:
        cost = spent(context, tx, batch_id)
    with context.store.transaction() as tx:
        batches.change(tx, batch_id, cost=cost)


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
    """Raise `BroadcastFault`, with the figures, where something would exceed what is left of the month's budget.

    Until the transaction ends nobody else is let through, so that two do not spend the same money.
    """
    if context.settings.broadcast_budget is not None:
        batches.one_approval_at_a_time(tx)
    if (fault := over_budget(context, tx, cost, now, without_price=without_price)) is not None:
        raise fault


def over_budget(
    context: Context, tx: Tx, cost: float, now: datetime, *, without_price: tuple[str, ...] = ()
) -> BroadcastFault | None:
    """Return why something may not be spent this month, None where it may."""
    budget = context.settings.broadcast_budget
    if budget is None:
        return None
    if without_price:
        return BroadcastFault("broadcast_no_price", gateway=", ".join(without_price))
    before = spent_this_month(context, tx, now)
    if before + cost <= budget:
        return None
    return BroadcastFault("broadcast_over_budget", cost=f"{cost:g}", spent=f"{before:g}", budget=f"{budget:g}")


VERBS = {
    "draft": ("send", "cancel"),
    "submitted": ("send", "cancel"),
    "freezing": ("cancel",),
    "laying_out": ("pause", "cancel"),
    "sending": ("pause", "cancel"),
    "paused": ("go_on", "cancel"),
    "cancelled": (),
}
"""What can be done with a broadcast in each of its states, in their order."""


LABELS = {
    "send": "button_approve",
    "cancel": "button_cancel",
    "pause": "button_pause",
    "go_on": "button_go_on",
    "again": "button_again",
}
"""What the button of each act says; whoever has no buttons writes it after the broadcast's number."""


def buttons(batch: BatchRecord, language: Language, *more: str) -> Rows:
    """Return a row of buttons with what can be done with a broadcast, and more."""
    verbs = (*VERBS[batch.state], *more)
    row = tuple(Button(say(LABELS[verb], language), f"b:{verb}:{batch.id}") for verb in verbs)
    return (row,) if row else ()


def check_may_approve(tx: Tx, staff_id: int) -> None:
    """Raise `BroadcastFault` where somebody may not approve what is sent."""
    _may(tx, staff_id, Permission.BROADCASTS_APPROVE)


def _may(tx: Tx, staff_id: int, permission: Permission) -> None:
    """Raise `BroadcastFault` where somebody may not do this, or is not there."""
    known = staff.by_id(tx, staff_id)
    if known is None or not known.active or permission not in permissions_of(known.levels):
        raise BroadcastFault("broadcast_not_staff", number=staff_id)


def clock(context: Context, moment: datetime) -> str:
    """Return a moment as staff read it: day and hour of project time."""
    local = context.calendar.local(moment)
    return f"{local.day}/{local.month} {local.hour}:{local.minute:02}"
