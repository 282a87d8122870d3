"""Messages from staff to an area's people: shown before they are sent, approved, laid out in the bulk lane, cancelled."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import regex

from domain.inbound import Channel
from domain.ports import Button
from domain.reading import Language
from domain.segments import count_segments
from domain.settings import Level
from handlers.context import Context
from handlers.places import find_places, full_place
from handlers.voice import Voice
from storage import Tx
from storage.queries import areas, audit, batches, staff
from storage.queries.areas import AreaRecord
from storage.queries.batches import Addressee, BatchRecord
from understanding import read
from wording import say

if TYPE_CHECKING:
    from handlers.officers.duty import Duty

_CHUNK = 500
SECOND_PERSON_ABOVE = 200
"""Above so many people somebody else than the maker must approve."""
_LANGUAGE_MARK = regex.compile(r"(?:^|\s)(km|lo|en)\s*:\s*", regex.IGNORECASE)


class BroadcastFault(Exception):
    """Why a broadcast cannot be made; `key` and `values` say it in an officer's language."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key, self.values = key, values


@dataclass(frozen=True, slots=True)
class Preview:
    """What a broadcast would be: people by channel, SMS segments in all, who gets nothing and why, people by language."""

    people: int
    sms: int
    segments: int
    telegram: int
    stopped: int
    no_contact: int
    languages: dict[str, int]
    missing: dict[str, int]

    @property
    def reached(self) -> int:
        """Return how many people it would be sent to."""
        return self.sms + self.telegram


def texts_by_language(text: str, default: Language) -> dict[str, str]:
    """Split `km: … lo: …` into texts by language; a text without marks is in the language that it reads as."""
    marks = list(_LANGUAGE_MARK.finditer(text))
    if not marks:
        reading = read(text, prefixes=(), default_language=default)
        return {reading.language.value: text.strip()}
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return {mark[1].lower(): text[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=True)}


def preview(context: Context, tx: Tx, audience: dict[str, Any], texts: dict[str, str]) -> Preview:
    """Count what a broadcast would be, without writing anything."""
    count: Counter[str] = Counter()
    languages: Counter[str] = Counter()
    for each in _everybody(tx, audience):
        count["people"] += 1
        language = each.language or context.settings.default_language.value
        if each.contact_id is None or each.channel is None:
            count["no_contact"] += 1
        elif each.stopped:
            count["stopped"] += 1
        else:
            languages[language] += 1
            count[each.channel.value] += 1
            if each.channel is Channel.SMS and language in texts:
                count["segments"] += count_segments(texts[language]).segments
    missing = {language: number for language, number in languages.items() if language not in texts}
    return Preview(
        people=count["people"],
        sms=count["sms"],
        segments=count["segments"],
        telegram=count["telegram"],
        stopped=count["stopped"],
        no_contact=count["no_contact"],
        languages=dict(languages),
        missing=missing,
    )


def draft(
    context: Context, tx: Tx, area: AreaRecord, texts: dict[str, str], *, maker_id: int | None, now: datetime
) -> tuple[int, Preview]:
    """Keep a broadcast as a draft and return its number and preview. Raises `BroadcastFault`."""
    audience = {"area": area.path}
    shown = preview(context, tx, audience, texts)
    if shown.reached == 0:
        raise BroadcastFault("broadcast_nobody", area=area)
    if shown.missing:
        language, number = next(iter(shown.missing.items()))
        raise BroadcastFault("broadcast_missing_language", language=language, count=number)
    batch_id = batches.create(
        tx,
        now,
        kind="broadcast",
        subject=f"broadcast:{token_hex(6)}",
        plan="once",
        state="draft",
        texts=texts,
        audience=audience,
        counts={"people": shown.people, "reached": shown.reached, "segments": shown.segments},
        maker_id=maker_id,
    )
    assert batch_id is not None
    audit.add(tx, "broadcast.drafted", actor="staff", actor_id=maker_id, now=now, data={"batch": batch_id})
    return batch_id, shown


def needs_second(batch: BatchRecord) -> bool:
    """Tell whether somebody else than its maker must approve a broadcast."""
    return int((batch.counts or {}).get("reached", 0)) > SECOND_PERSON_ABOVE


def submit(context: Context, tx: Tx, batch: BatchRecord, *, now: datetime) -> None:
    """Ask everybody of the staff but its maker to approve a broadcast."""
    batches.change(tx, batch.id, state="submitted")
    audit.add(tx, "broadcast.submitted", actor="staff", actor_id=batch.maker_id, now=now, data={"batch": batch.id})
    voice = Voice(context, tx, now)
    for staff_id in staff.of_level(tx, Level.STAFF, now):
        contact = voice.staff_contact(staff_id)
        if staff_id == batch.maker_id or contact is None:
            continue
        language = voice.staff_language(contact)
        words = "\n".join((batch.texts or {}).values())
        text = say("broadcast_needs_second", language, limit=SECOND_PERSON_ABOVE) + f"\n«{words}»"
        voice.send(contact, text, key="broadcast_submitted", kind="notice", buttons=_buttons(batch.id, language),
                   staff_id=staff_id)  # fmt: skip


def approve(context: Context, tx: Tx, batch: BatchRecord, *, approver_id: int | None, now: datetime) -> datetime:
    """Freeze a broadcast's audience and let it be laid out; return from when its SMS leave. Raises `BroadcastFault`."""
    if batch.state not in ("draft", "submitted", "paused"):
        raise BroadcastFault("officer_too_late")
    if needs_second(batch) and approver_id == batch.maker_id:
        raise BroadcastFault("broadcast_needs_second", limit=SECOND_PERSON_ABOVE)
    batches.change(tx, batch.id, state="laying_out", approver_id=approver_id, started_at=now)
    audit.add(tx, "broadcast.approved", actor="staff", actor_id=approver_id, now=now, data={"batch": batch.id})
    tx.queued = True
    return context.calendar.after_quiet_hours(now)


def pause(tx: Tx, batch: BatchRecord, *, actor_id: int | None, now: datetime) -> None:
    """Hold a broadcast back; approving it again lets it go on. Raises `BroadcastFault`."""
    if batch.state not in ("laying_out", "sending"):
        raise BroadcastFault("officer_too_late")
    batches.change(tx, batch.id, state="paused")
    audit.add(tx, "broadcast.paused", actor="staff", actor_id=actor_id, now=now, data={"batch": batch.id})


def cancel(tx: Tx, batch: BatchRecord, *, actor_id: int | None, now: datetime) -> None:
    """Cancel a broadcast; what has not left is dropped at the claim."""
    batches.change(tx, batch.id, state="cancelled")
    audit.add(tx, "broadcast.cancelled", actor="staff", actor_id=actor_id, now=now, data={"batch": batch.id})


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
    try:
        texts = texts_by_language(text, duty.context.settings.default_language)
        batch_id, shown = draft(duty.context, duty.tx, found[0], texts, maker_id=duty.staff.id, now=duty.now)
    except BroadcastFault as fault:
        _tell_fault(duty, fault)
        return
    _show(duty, batch_id, shown, found[0], texts)


def approve_by_tap(duty: Duty, batch_id: int) -> None:
    """Take a tap on Send: lay the broadcast out, or pass it on to a second person where its size asks for one."""
    batch = batches.by_id(duty.tx, batch_id, locked=True)
    if batch is None:
        return
    if batch.state == "draft" and needs_second(batch) and batch.maker_id == duty.staff.id:
        submit(duty.context, duty.tx, batch, now=duty.now)
        duty.tell("broadcast_needs_second", limit=SECOND_PERSON_ABOVE)
        return
    try:
        leaves = approve(duty.context, duty.tx, batch, approver_id=duty.staff.id, now=duty.now)
    except BroadcastFault as fault:
        _tell_fault(duty, fault)
        return
    duty.tell("broadcast_sent", people=(batch.counts or {}).get("reached", 0))
    if leaves > duty.now:
        local = duty.context.calendar.local(leaves)
        duty.tell("broadcast_quiet", time=f"{local.hour}:{local.minute:02}")


def cancel_by_tap(duty: Duty, batch_id: int) -> None:
    """Take a tap on Cancel."""
    batch = batches.by_id(duty.tx, batch_id, locked=True)
    if batch is None or batch.state not in ("draft", "submitted"):
        duty.tell("officer_too_late")
        return
    cancel(duty.tx, batch, actor_id=duty.staff.id, now=duty.now)
    duty.tell("broadcast_cancelled")


def _show(duty: Duty, batch_id: int, shown: Preview, area: AreaRecord, texts: dict[str, str]) -> None:
    language = duty.language
    by_language = ", ".join(f"{say(f'language_{code}', language)} {n}" for code, n in shown.languages.items())
    duty.tell(
        "broadcast_preview",
        buttons=_buttons(batch_id, language),
        people=shown.people,
        place=full_place(duty.tx, area, language),
        sms=shown.sms,
        segments=shown.segments,
        telegram=shown.telegram,
        unreached=shown.stopped + shown.no_contact,
        stopped=shown.stopped,
        nocontact=shown.no_contact,
        languages=by_language,
        text="» «".join(texts.values()),
    )


def _buttons(batch_id: int, language: Language) -> tuple[tuple[Button, ...], ...]:
    return (
        (
            Button(say("button_approve", language), f"b:send:{batch_id}"),
            Button(say("button_cancel", language), f"b:cancel:{batch_id}"),
        ),
    )


def _tell_fault(duty: Duty, fault: BroadcastFault) -> None:
    values = dict(fault.values)
    if isinstance(area := values.pop("area", None), AreaRecord):
        values["place"] = full_place(duty.tx, area, duty.language)
    if "language" in values:
        values["language"] = say(f"language_{values['language']}", duty.language)
    duty.tell(fault.key, **values)


def _everybody(tx: Tx, audience: dict[str, Any]) -> list[Addressee]:
    found: list[Addressee] = []
    while chunk := batches.addressees(tx, audience, after=found[-1].person_id if found else 0, limit=_CHUNK):
        found += chunk
    return found
