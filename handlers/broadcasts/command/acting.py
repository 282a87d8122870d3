"""Broadcasts by Telegram: `/broadcast place: text`, shown before anything is sent; `/broadcast 12`; and the taps beneath.

What has to count many people happens once the officer's message is done with, so that nobody else waits for it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from domain.ports import Rows
from domain.reading import Language
from domain.texts.digits import to_ascii_digits
from handlers.broadcasts import failures, gate
from handlers.broadcasts.approval import carry_out_and_answer
from handlers.broadcasts.audience import audience_of
from handlers.broadcasts.command import asked, telling
from handlers.broadcasts.faults import BroadcastFault
from handlers.broadcasts.gate import Draft
from handlers.broadcasts.texts import texts_by_language
from handlers.context import Context
from handlers.faults import where
from handlers.sending.voice import Voice
from storage.queries.persons.contacts import Contact
from storage.queries.sending import batches
from storage.queries.sending.batches import BatchRecord
from wording import say

if TYPE_CHECKING:
    from handlers.officers.duty import Duty

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Asker:
    """Who asked, to be answered in a transaction of its own."""

    context: Context
    staff_id: int
    contact: Contact
    language: Language
    by_sms: bool
    now: datetime

    def tell(self, words: str, *, key: str, batch: BatchRecord | None = None, more: tuple[str, ...] = ()) -> None:
        """Answer, with what can be done with a broadcast: as buttons, or in words where there are none."""
        rows: Rows = () if batch is None else gate.buttons(batch, self.language, *more)
        if batch is not None and self.by_sms and rows:
            words += f"\nbroadcast {batch.id} " + " / ".join(button.label for button in rows[0])
        with self.context.store.transaction() as tx:
            voice = Voice(self.context, tx, self.now)
            voice.send(self.contact, words, key=key, kind="notice", buttons=rows, staff_id=self.staff_id)


def preview_by_command(duty: Duty, words: str) -> None:
    """Answer `/broadcast place: text` with what it would be, `/broadcast 12` with how it goes; `12 cancel` does that."""
    number, _, verb = words.strip().partition(" ")
    digits = to_ascii_digits(number)
    if digits.isdigit() and len(digits) < 10 and (not verb or _verb(verb) is not None):
        _about(duty, int(digits), _verb(verb))
        return
    try:
        wanted = asked.read(duty.context, duty.tx, words, now=duty.now)
        audience = audience_of(duty.tx, wanted.wanted)
    except BroadcastFault as fault:
        duty.send(fault.said(duty.language), key=fault.key)
        return
    texts = texts_by_language(wanted.text, duty.context.settings.default_language)
    who = wanted.who(duty.tx, duty.language)
    draft = Draft(audience, texts, duty.staff.id, until=wanted.until, who=who)
    _later(duty, lambda asker: _show(asker, draft))


def act(duty: Duty, batch_id: int, verb: str) -> None:
    """Do what a button of a broadcast says, and answer it."""
    batch = batches.by_id(duty.tx, batch_id, locked=True)
    if batch is None or batch.kind not in gate.SPENT or verb not in _ACTS:
        return
    try:
        gate.check_may_approve(duty.tx, duty.staff.id)
        _ACTS[verb](duty, batch)
    except BroadcastFault as fault:
        duty.send(fault.said(duty.language), key=fault.key)


def _verb(word: str) -> str | None:
    """Return the act whose button says a word, in any language."""
    said = word.strip().casefold()
    return next(
        (verb for verb, key in gate.LABELS.items() if said in {say(key, each).casefold() for each in Language}), None
    )


def _about(duty: Duty, batch_id: int, verb: str | None) -> None:
    if verb is not None:
        act(duty, batch_id, verb)
        return
    _later(duty, lambda asker: _tell_progress(asker, batch_id))


def _later(duty: Duty, then: Callable[[_Asker], None]) -> None:
    """Have something done once the officer's message is committed; what is wrong with it is told, and a fault of ours too."""
    asker = _Asker(duty.context, duty.staff.id, duty.contact, duty.language, duty.by_sms, duty.now)

    def done() -> None:
        try:
            then(asker)
        except BroadcastFault as fault:
            _tell_fault(asker, fault)
        except Exception as failed:
            log.error("a broadcast's command failed: %s", where(failed))
            _tell_fault(asker, BroadcastFault("broadcast_failed"))

    duty.tx.after_commit(done)


def _tell_fault(asker: _Asker, fault: BroadcastFault) -> None:
    """Say what stood in the way; nobody tries again by himself, as the officer's message is done with."""
    try:
        asker.tell(fault.said(asker.language), key=fault.key)
    except Exception as failed:
        log.error("a broadcast's command could not be answered: %s", where(failed))


def _show(asker: _Asker, draft: Draft) -> None:
    batch_id, shown = gate.draft(asker.context, draft, asker.now)
    with asker.context.store.reading() as tx:
        batch = batches.by_id(tx, batch_id)
        assert batch is not None
        words = telling.preview_told(asker.context, tx, batch, shown, who=draft.who,
                                     language=asker.language, now=asker.now)  # fmt: skip
    asker.tell(words, key="broadcast_preview", batch=batch)


def _tell_progress(asker: _Asker, batch_id: int) -> None:
    with asker.context.store.reading() as tx:
        batch = batches.by_id(tx, batch_id)
        if batch is None or batch.kind not in gate.SPENT:
            raise BroadcastFault("broadcast_unknown", number=batch_id)
        words, failed = telling.progress_told(asker.context, tx, batch, asker.language)
    more = ("again",) if failed and batch.state in ("laying_out", "sending") else ()
    asker.tell(words, key="broadcast_progress", batch=batch, more=more)


def _send(duty: Duty, batch: BatchRecord) -> None:
    context, tx, me = duty.context, duty.tx, duty.staff.id
    if batch.state == "draft" and batch.maker_id == me and gate.needs_second(context, batch):
        others = gate.submit(context, tx, batch, now=duty.now)
        key = "broadcast_needs_second" if others else "broadcast_no_second"
        duty.tell(key, limit=context.settings.broadcast_second_above)
        return
    gate.approve(context, tx, batch, approver_id=me, now=duty.now)
    now = duty.now
    tx.after_commit(lambda: carry_out_and_answer(context, batch.id, approver_id=me, now=now))


def _cancel(duty: Duty, batch: BatchRecord) -> None:
    context, begun = duty.context, batch.state not in ("draft", "submitted", "freezing")
    gate.cancel(duty.tx, batch, actor_id=duty.staff.id, now=duty.now)
    duty.tell("broadcast_stopped" if begun else "broadcast_cancelled")
    if batch.maker_id not in (None, duty.staff.id):
        telling.tell_cancelled(duty.voice, batch)
    if begun:
        duty.tx.after_commit(lambda: gate.settle(context, batch.id))


def _pause(duty: Duty, batch: BatchRecord) -> None:
    gate.pause(duty.tx, batch, actor_id=duty.staff.id, now=duty.now)
    _tell_state(duty, batch, "broadcast_paused")


def _go_on(duty: Duty, batch: BatchRecord) -> None:
    gate.go_on(duty.tx, batch, actor_id=duty.staff.id, now=duty.now)
    _tell_state(duty, batch, "broadcast_goes_on")


def _again(duty: Duty, batch: BatchRecord) -> None:
    def resent(asker: _Asker) -> None:
        count = failures.resend(asker.context, batch.id, actor_id=asker.staff_id, now=asker.now)
        asker.tell(say("broadcast_resent", asker.language, count=count), key="broadcast_resent")

    _later(duty, resent)


def _tell_state(duty: Duty, batch: BatchRecord, key: str) -> None:
    now_so = batches.by_id(duty.tx, batch.id)
    assert now_so is not None
    duty.tell(key, number=batch.id, buttons=gate.buttons(now_so, duty.language))


_ACTS: dict[str, Callable[[Duty, BatchRecord], None]] = {
    "send": _send,
    "cancel": _cancel,
    "pause": _pause,
    "go_on": _go_on,
    "again": _again,
}
