"""Broadcasts by Telegram: `/broadcast place: text`, shown before anything is sent, and the taps on Send and Cancel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.broadcasts import gate, reports
from handlers.broadcasts.audience import in_area
from handlers.broadcasts.faults import BroadcastFault
from handlers.broadcasts.gate import Draft
from handlers.broadcasts.preview import Preview
from handlers.broadcasts.texts import texts_by_language
from handlers.places import find_places, full_place
from storage.queries import areas
from storage.queries.areas import AreaRecord
from storage.queries.sending import batches
from wording import say

if TYPE_CHECKING:
    from handlers.officers.duty import Duty


def preview_by_command(duty: Duty, words: str) -> None:
    """Answer `/broadcast place: text` with what it would be, and Send and Cancel."""
    place, colon, text = words.partition(":")
    found = find_places(duty.context, duty.tx, place.strip(), whole=True) if colon and text.strip() else []
    if not colon or not text.strip():
        example = areas.of_level(duty.tx, duty.context.settings.asked_level)
        duty.tell("broadcast_usage", place=example[0].name(duty.language) if example else "…")
        return
    if len(found) != 1:
        duty.tell("officer_place_unknown", text=place.strip())
        return
    texts = texts_by_language(text, duty.context.settings.default_language)
    try:
        wanted = Draft(in_area(found[0]), texts, maker_id=duty.staff.id)
        batch_id, shown = gate.draft(duty.context, duty.tx, wanted, duty.now)
    except BroadcastFault as fault:
        _tell_fault(duty, fault)
        return
    _show(duty, batch_id, shown, found[0])


def approve_by_tap(duty: Duty, batch_id: int) -> None:
    """Take a tap on Send: lay the broadcast out, or pass it on to a second person where its size asks for one."""
    batch = batches.by_id(duty.tx, batch_id, locked=True)
    if batch is None:
        return
    above = duty.context.settings.broadcast_second_above
    try:
        if batch.state == "draft" and gate.needs_second(duty.context, batch) and batch.maker_id == duty.staff.id:
            gate.submit(duty.context, duty.tx, batch, now=duty.now)
            duty.tell("broadcast_needs_second", limit=above)
            return
        leaves = gate.approve(duty.context, duty.tx, batch, approver_id=duty.staff.id, now=duty.now)
    except BroadcastFault as fault:
        _tell_fault(duty, fault)
        return
    approved = batches.by_id(duty.tx, batch_id)
    assert approved is not None
    if approved.kind == "report":
        reports.tell_officers(duty.context, duty.tx, approved, duty.now)
    duty.tell("broadcast_sent", people=(approved.counts or {}).get("reached", 0))
    if leaves > duty.now:
        local = duty.context.calendar.local(leaves)
        duty.tell("broadcast_quiet", time=f"{local.hour}:{local.minute:02}")


def cancel_by_tap(duty: Duty, batch_id: int) -> None:
    """Take a tap on Cancel."""
    batch = batches.by_id(duty.tx, batch_id, locked=True)
    if batch is None or batch.state not in ("draft", "submitted"):
        duty.tell("officer_too_late")
        return
    gate.cancel(duty.context, duty.tx, batch, actor_id=duty.staff.id, now=duty.now)
    duty.tell("broadcast_cancelled")


def _show(duty: Duty, batch_id: int, shown: Preview, area: AreaRecord) -> None:
    language = duty.language
    by_language = ", ".join(f"{say(f'language_{code}', language)} {n}" for code, n in shown.languages.items())
    samples = dict.fromkeys(said for several in shown.samples.values() for said in several[:1])
    nothing = shown.nothing
    duty.tell(
        "broadcast_preview",
        buttons=gate.buttons(batch_id, language),
        people=shown.people,
        place=full_place(duty.tx, area, language),
        sms=shown.sms,
        segments=shown.segments,
        telegram=shown.telegram,
        unreached=sum(nothing.values()),
        stopped=nothing.get("stopped", 0),
        nocontact=sum(nothing.get(why, 0) for why in ("no_contact", "dead", "blocked")),
        noconsent=nothing.get("no_consent", 0),
        cost=f"{shown.cost:g}",
        languages=by_language,
        text="» «".join(samples),
    )


def _tell_fault(duty: Duty, fault: BroadcastFault) -> None:
    values = dict(fault.values)
    if "language" in values:
        values["language"] = say(f"language_{values['language']}", duty.language)
    duty.tell(fault.key, **values)
