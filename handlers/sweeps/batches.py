"""Sweeps over what goes to many: reminders and surveys are made when they are due, and laid out in chunks."""

import logging
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from domain.inbound import Channel
from domain.reading import Language
from domain.sending.routing import stand_ins
from domain.settings import ReminderPlan
from handlers.broadcasts.approval import carry_on
from handlers.broadcasts.laying_out import lay_out_next
from handlers.broadcasts.turns import let_others_write, turns
from handlers.context import Context
from handlers.conversation.asking.surveys import RECEIVED
from handlers.faults import where
from handlers.programme.news import KIND as NEWS
from handlers.rounds.audience import audience_of
from handlers.sending.gateways import gateway_for_many, shares
from handlers.sweeps.batch_texts import Said, Texts
from storage import Tx
from storage.queries import areas
from storage.queries.persons import questions
from storage.queries.programme import addressing, conditions, rounds
from storage.queries.programme.round_parts import parts_between
from storage.queries.programme.rounds import MeetingRecord
from storage.queries.sending import batches
from storage.queries.sending.batches import Addressee, BatchRecord
from wording import say

log = logging.getLogger(__name__)

_CHUNK = 500
SURVEY = "survey"
Buttons = list[list[list[str]]]
FROZEN = ("broadcast", "report")
"""Kinds of batches whose people were written down when they were approved."""
_LATE = timedelta(hours=6)
"""A reminder that could not be made within this time of its hour is not made any more: it would come too late."""


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a batch is about: its name in the table, its day and hour, its audience, and whether it speaks of money."""

    name: str
    day: date
    ends_at: datetime
    audience: dict[str, Any]


def make_reminders(context: Context, now: datetime) -> int:
    """Make every reminder whose hour has come, once, with its audience frozen by its layout; count them."""
    made = 0
    today = context.calendar.local_day(now)
    for plan in context.settings.reminders:
        hour = context.calendar.at(today, time(plan.hour))
        if not hour <= now < hour + _LATE:
            continue
        day = today + timedelta(days=plan.days_before)
        with context.store.transaction() as tx:
            for subject in _subjects(context, tx, plan.kind, day):
                made += _make(tx, "reminder", subject, plan, now)
    return made


def lay_out_all(context: Context, now: datetime) -> int:
    """Write the messages of all batches that are being laid out, chunk by chunk, and count them.

    What was approved when a process ended is frozen first.

    Each chunk is a transaction of its own that remembers how far it came, so that a crash repeats nothing. Batches take
    turns, so that a large one holds no other up; one that fails is logged.
    """
    carry_on(context, now)
    with context.store.reading() as tx:
        waiting = batches.to_lay_out(tx)
    done = 0
    while waiting:
        for batch_id in tuple(waiting):
            written = _try_part(context, batch_id, now)
            done += written or 0
            let_others_write(context, written or 0)
            if written is None:
                waiting.remove(batch_id)
    return done


def _try_part(context: Context, batch_id: int, now: datetime) -> int | None:
    """Lay out the next part of a batch and count its messages; None where that was all, or it failed."""
    try:
        return _lay_out(context, batch_id, now)
    except Exception as fault:
        log.error("laying out batch %d failed: %s", batch_id, where(fault))
        return None


def _make(tx: Tx, kind: str, subject: _Subject, plan: ReminderPlan | None, now: datetime) -> int:
    audience = subject.audience if plan is None else {**subject.audience, "channel": plan.channel.value}
    key = plan.key if plan else "once"
    if batches.exists(tx, kind, subject.name, key):
        return 0
    made = batches.create(
        tx,
        now,
        kind=kind,
        subject=subject.name,
        plan=key,
        state="laying_out",
        channel=plan.channel.value if plan else None,
        texts={language.value: text for language, text in plan.texts.items()} if plan and plan.texts else None,
        audience=audience,
        started_at=now,
        not_after=subject.ends_at,
    )
    return int(made is not None)


def _subjects(context: Context, tx: Tx, kind: str, day: date) -> list[_Subject]:
    calendar = context.calendar
    if kind == "round":
        ends = calendar.at(day, time(23, 0))
        return [
            _Subject(part.subject, day, ends, {**audience_of(tx, part), "money": True})
            for part in parts_between(tx, day, day)
        ]
    if kind == "condition":
        ends = calendar.at(day, time(23, 0))
        return [
            _Subject(f"condition:{found.id}", day, ends, {"condition": found.id})
            for found in conditions.due_on(tx, day)
        ]
    first, last = calendar.at(day, time.min), calendar.at(day, time.max)
    return [
        _Subject(f"meeting:{found.id}", day, found.at, _meeting_audience(tx, found))
        for found in rounds.meetings_between(tx, first, last)
    ]


def _meeting_audience(tx: Tx, found: MeetingRecord) -> dict[str, Any]:
    path = areas.by_id(tx, found.area_id).path if found.area_id is not None else ""
    return {"area": path, "group": found.group_name}


def _lay_out(context: Context, batch_id: int, now: datetime) -> int | None:
    with context.store.transaction() as tx:
        batch = batches.by_id(tx, batch_id, locked=True)
        if batch is None or batch.state != "laying_out":
            return None
        done = lay_out_next(context, tx, batch, now) if batch.kind in FROZEN else _next_part(context, tx, batch, now)
        if done is None:
            batches.change(tx, batch_id, state="sending")
        return done


def _next_part(context: Context, tx: Tx, batch: BatchRecord, now: datetime) -> int | None:
    """Write the next part of a batch whose people are found while it is laid out; None after the last."""
    several = len(stand_ins(context.gateways)) > 1
    audience = batch.audience or {}
    chunk = addressing.addressed(tx, audience, after=batch.last_person_id, limit=_CHUNK, with_address=several)
    if not chunk:
        return None
    done = _write(context, tx, batch, chunk, now)
    batches.change(tx, batch.id, last_person_id=chunk[-1].person_id)
    return done


def _write(context: Context, tx: Tx, batch: BatchRecord, chunk: list[Addressee], now: datetime) -> int:
    due = context.calendar.after_quiet_hours(now)
    if batch.not_after is not None and due > batch.not_after:
        return 0
    texts, ways = Texts(context, tx, batch), shares(context, tx, now, bulk=True)
    points = [each.contact_id for each in chunk if each.contact_id is not None]
    called = addressing.labels(tx, points) if batch.kind == SURVEY and points else {}
    rows, no_text = [], 0
    for each in chunk:
        if each.contact_id is None or each.channel is None or each.stopped:
            continue
        language = _language(context, each)
        said = texts.said(language, called=called.get((each.contact_id, each.person_id)))
        if said is None:
            no_text += context.gateway_for(each.channel) is not None
            continue
        parts = said.parts if each.channel is Channel.SMS else 1
        gateway = gateway_for_many(
            context, ways, channel=each.channel, own=each.gateway, address=each.address, parts=parts
        )
        if gateway is None:
            continue
        buttons: Buttons | None = None
        if batch.kind == SURVEY:
            buttons = _asked(context, tx, batch, each, shared=said.is_addressed, now=now)
            if buttons is None:
                continue
        rows.append(_row(batch, each, said, language=language, gateway=gateway, buttons=buttons))
    batches.lay_out(tx, batch.id, rows, due_at=turns(context, tx, due), now=now)
    if no_text:
        counts = batch.counts or {}
        batches.change(tx, batch.id, counts={**counts, "no_text": counts.get("no_text", 0) + no_text})
    return len(rows)


def _language(context: Context, each: Addressee) -> Language:
    return Language(each.language) if each.language else context.settings.default_language


def _row(
    batch: BatchRecord, each: Addressee, said: Said, *, language: Language, gateway: str, buttons: Buttons | None
) -> dict[str, Any]:
    assert each.channel is not None
    return {
        "contact_point_id": each.contact_id,
        "person_id": each.person_id,
        "kind": batch.kind,
        "key": batch.plan if batch.kind == NEWS else batch.kind,
        "text": said.words,
        "language": language.value,
        "buttons": buttons if each.channel is Channel.TELEGRAM else None,
        "protect": False,
        "channel": each.channel.value,
        "segments": said.parts if each.channel is Channel.SMS else 1,
        "gateway_name": gateway,
    }


def _asked(
    context: Context, tx: Tx, batch: BatchRecord, each: Addressee, *, shared: bool, now: datetime
) -> Buttons | None:
    """Open the survey's question and return its buttons; None where another goes before: one about a case always.

    On a phone that several share any open question does: nobody is asked over the head of another.
    """
    assert each.contact_id is not None
    opened = questions.open_of(tx, each.contact_id)
    if opened is not None and opened.expires_at > now and (shared or opened.case_id is not None):
        return None
    expires = now + timedelta(hours=context.settings.deadlines.question_hours)
    question = questions.ask(
        tx,
        contact_id=each.contact_id,
        kind=SURVEY,
        options=list(RECEIVED),
        now=now,
        expires_at=expires,
        batch_id=batch.id,
    )
    labels = [say(f"survey_label_{n}", _language(context, each)) for n in (1, 2, 3)]
    return [[[label, f"q:{question}:{n}"]] for n, label in enumerate(labels, start=1)]
