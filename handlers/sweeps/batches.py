"""Sweeps over what goes to many: reminders and surveys are made when they are due, and laid out in chunks."""

import logging
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from domain.inbound import Channel
from domain.placeholders import filled
from domain.reading import Language
from domain.routing import stand_ins
from domain.segments import count_segments
from domain.settings import ReminderPlan
from handlers import information
from handlers.broadcasts.laying_out import lay_out_next
from handlers.context import Context
from handlers.conversation.asking.surveys import RECEIVED
from handlers.faults import where
from handlers.rounds.audience import audience_of, part_of, worded
from handlers.sending.gateways import gateway_for_many, shares
from storage import Tx
from storage.queries import areas
from storage.queries.persons import questions
from storage.queries.programme import conditions, rounds
from storage.queries.programme.round_parts import parts_between
from storage.queries.programme.rounds import MeetingRecord
from storage.queries.sending import batches
from storage.queries.sending.batches import Addressee, BatchRecord
from wording import say

log = logging.getLogger(__name__)

_CHUNK = 500
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

    Each chunk is a transaction of its own that remembers how far it came, so that a crash repeats nothing. Batches take
    turns, so that a large one holds no other up; one that fails is logged.
    """
    with context.store.reading() as tx:
        waiting = batches.to_lay_out(tx)
    done = 0
    while waiting:
        for batch_id in tuple(waiting):
            written = _try_part(context, batch_id, now)
            done += written or 0
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
    chunk = batches.addressees(tx, audience, after=batch.last_person_id, limit=_CHUNK, with_address=several)
    if not chunk:
        return None
    done = _write(context, tx, batch, chunk, now)
    batches.change(tx, batch.id, last_person_id=chunk[-1].person_id)
    return done


def _write(context: Context, tx: Tx, batch: BatchRecord, chunk: list[Addressee], now: datetime) -> int:
    due = context.calendar.after_quiet_hours(now)
    if batch.not_after is not None and due > batch.not_after:
        return 0
    texts, shared = _Texts(context, tx, batch), shares(context, tx, now, bulk=True)
    rows, no_text = [], 0
    for each in chunk:
        if each.contact_id is None or each.channel is None or each.stopped:
            continue
        language = _language(context, each)
        if texts.of(language) is None:
            no_text += context.gateway_for(each.channel) is not None
            continue
        parts = texts.parts(language) if each.channel is Channel.SMS else 1
        gateway = gateway_for_many(
            context, shared, channel=each.channel, own=each.gateway, address=each.address, parts=parts
        )
        if gateway is None:
            continue
        row = _row(context, tx, batch, each, texts, gateway=gateway, now=now)
        if row is not None:
            rows.append(row)
    batches.lay_out(tx, batch.id, rows, due_at=due, now=now)
    if no_text:
        counts = batch.counts or {}
        batches.change(tx, batch.id, counts={**counts, "no_text": counts.get("no_text", 0) + no_text})
    return len(rows)


def _language(context: Context, each: Addressee) -> Language:
    return Language(each.language) if each.language else context.settings.default_language


def _row(
    context: Context, tx: Tx, batch: BatchRecord, each: Addressee, texts: "_Texts", *, gateway: str, now: datetime
) -> dict[str, Any] | None:
    assert each.contact_id is not None
    assert each.channel is not None
    language = _language(context, each)
    words, buttons = texts.of(language), None
    assert words is not None
    if batch.kind == "survey":
        question = _ask(context, tx, batch, each.contact_id, now)
        if question is None:
            return None
        labels = [say(f"survey_label_{n}", language) for n in (1, 2, 3)]
        buttons = [[[label, f"q:{question}:{n}"]] for n, label in enumerate(labels, start=1)]
    return {
        "contact_point_id": each.contact_id,
        "person_id": each.person_id,
        "kind": batch.kind,
        "key": batch.kind,
        "text": words,
        "language": language.value,
        "buttons": buttons if each.channel is Channel.TELEGRAM else None,
        "protect": False,
        "channel": each.channel.value,
        "segments": texts.parts(language) if each.channel is Channel.SMS else 1,
        "gateway_name": gateway,
    }


def _ask(context: Context, tx: Tx, batch: BatchRecord, contact_id: int, now: datetime) -> int | None:
    """Open the survey's question; None where a question about a case is open, which goes before any survey."""
    opened = questions.open_of(tx, contact_id)
    if opened is not None and opened.case_id is not None and opened.expires_at > now:
        return None
    expires = now + timedelta(hours=context.settings.deadlines.question_hours)
    return questions.ask(
        tx, contact_id=contact_id, kind="survey", options=list(RECEIVED), now=now, expires_at=expires, batch_id=batch.id
    )


class _Texts:
    """A batch's words by language, put together once for each."""

    def __init__(self, context: Context, tx: Tx, batch: BatchRecord) -> None:
        self._batch, self._context = batch, context
        kind, _, number = batch.subject.partition(":")
        self._part = part_of(tx, batch.subject)
        self._meeting = rounds.meeting_by_id(tx, int(number)) if kind == "meeting" else None
        self._condition = conditions.by_id(tx, int(number)) if kind == "condition" else None
        self._words: dict[Language, str | None] = {}
        self._parts: dict[Language, int] = {}

    def of(self, language: Language) -> str | None:
        """Return the words in a language; None where there are none."""
        if language not in self._words:
            self._words[language] = self._put_together(language)
        return self._words[language]

    def parts(self, language: Language) -> int:
        """Return into how many SMS parts the words in a language go."""
        if language not in self._parts:
            self._parts[language] = count_segments(self.of(language) or "").segments
        return self._parts[language]

    def _put_together(self, language: Language) -> str | None:
        if self._batch.texts:
            return self._own_words(language)
        if self._part is not None:
            return worded(self._batch, self._part, language)
        if self._condition is not None:
            words = information.condition_words(self._condition, language)
            return say("reminder_condition", language, **words) if words is not None else None
        assert self._meeting is not None
        words = information.meeting_words(self._context.calendar, self._meeting)
        return say("reminder_meeting", language, **words)

    def _own_words(self, language: Language) -> str | None:
        """Return what the plan said when the batch was made, filled in; None where it was not written in a language."""
        text = (self._batch.texts or {}).get(language.value)
        if text is None:
            return None
        if self._part is not None:
            return filled(text, information.round_words(self._part.round, language))
        if self._condition is not None:
            words = information.condition_words(self._condition, language)
            return None if words is None else filled(text, words)
        assert self._meeting is not None
        return filled(text, information.meeting_words(self._context.calendar, self._meeting))
