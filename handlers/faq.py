"""Ready answers: a question that fits one well is answered from it, and she is asked whether it helped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING

from domain.reading import Language, Reading
from domain.sending.segments import Encoding, count_segments
from handlers.cases.conflicts import barred_to
from handlers.context import Context
from storage import Tx
from storage.queries import audit, faq
from storage.queries.faq import Changes, Counts, FaqRecord, FaqText, UseRecord
from storage.queries.persons import questions
from storage.queries.persons.questions import QuestionRecord
from understanding.faq import Entry, FaqIndex, FaqMatch
from understanding.wishes.answers import says_no_help, yes_or_no
from wording import say

if TYPE_CHECKING:
    from handlers.conversation.talk import Talk

KIND = "helped"
"""The question whether an answer helped; its options carry the number of the use."""
_HELPED, _NOT_HELPED = "helped", "not_helped"
_ASKS_FOR_WORDS = frozenset({"place", "place_which", "matter", "hours"})
"""Questions about a case that "no" is no answer to."""
_AGAIN = timedelta(hours=24)
"""Who asks the same again within this time was not helped by the answer."""
_ROOM = {Encoding.UCS2: 134, Encoding.GSM7: 306}
"""What two SMS hold, by alphabet."""
_LOCK = Lock()


@dataclass(frozen=True, slots=True)
class Prepared:
    """The entries of one version, ready to be looked up."""

    version: tuple[int, int]
    index: FaqIndex
    by_code: Mapping[str, FaqRecord]


@dataclass(frozen=True, slots=True)
class Tried:
    """What would become of a question: the entry that answers it, if one does, and those that come nearest."""

    answering: FaqRecord | None
    nearest: Sequence[FaqMatch]


def fitting(talk: Talk, reading: Reading) -> FaqRecord | None:
    """Return the entry that answers a question in her language; None where none fits well.

    Nothing ready answers what a person must see: a question that accuses somebody, names a case, held a PIN, or may
    hint at harm.
    """
    must_be_seen = reading.sensitive or reading.unsure_sensitive or reading.reference is not None or talk.hid_pin
    if must_be_seen or barred_to(reading) >= 0:
        return None
    prepared = _prepared(talk.context, talk.tx)
    match = prepared.index.best(talk.text, reading.category)
    entry = prepared.by_code[match.code] if match is not None else None
    return entry if entry is not None and talk.language.value in entry.words else None


def answer(talk: Talk, reading: Reading, entry: FaqRecord) -> UseRecord | None:
    """Answer a question from an entry and ask whether it helped; the use is recorded.

    While a question about a case is open, which a number must still answer, she is told to write again instead. Where
    she does so within a day, nothing is answered, and the answer that did not help is returned.
    """
    alone = not _is_asked_about_a_case(talk)
    in_vain = None if alone else faq.unjudged_use(talk.tx, talk.contact.id, talk.now - _AGAIN, code=entry.code)
    if in_vain is not None:
        return in_vain
    use = faq.record_use(talk.tx, entry.id, talk.keep(reading=reading), talk.now)
    words = entry.words[talk.language.value]["answer"]
    if not alone:
        talk.tell("faq_answer_only", answer=words)
        return None
    choices = (_HELPED, _NOT_HELPED)
    labels = tuple(say(f"button_{choice}", talk.language) for choice in choices)
    marks = [f"{choice}:{use}" for choice in choices]
    talk.work.ask(talk.contact, KIND, "faq_answer", case=None, choices=marks, labels=labels, answer=words)
    return None


def _is_asked_about_a_case(talk: Talk) -> bool:
    """Tell whether an open question about a case waits: "did this help?" must not take its place."""
    asked = questions.latest(talk.tx, talk.contact.id)
    return asked is not None and asked.case_id is not None and asked.state == "open" and asked.expires_at > talk.now


def said_in_vain(talk: Talk, question: QuestionRecord | None) -> UseRecord | None:
    """Return the answer of the last day that a text says did not help, None where it says no such thing.

    `question` is the one that is open; what was asked after the answer is what her words are about. A mere "no" says
    so too, where it cannot answer that question.
    """
    plain_no = yes_or_no(talk.text) is False
    if not (says_no_help(talk.text) or (plain_no and question is not None and question.kind in _ASKS_FOR_WORDS)):
        return None
    use = faq.unjudged_use(talk.tx, talk.contact.id, talk.now - _AGAIN)
    return None if use is None or (question is not None and question.asked_at > use.at) else use


def did_not_help(talk: Talk, use: UseRecord) -> None:
    """Keep that an answer did not help, in whatever way she said so."""
    faq.record_helped(talk.tx, use.id, helped=False)


def helped(talk: Talk, choice: str) -> tuple[int, str] | None:
    """Keep whether an answer helped; where it did not, return her question's message and the entry's code."""
    said, _, number = choice.partition(":")
    use = faq.use(talk.tx, int(number))
    faq.record_helped(talk.tx, int(number), helped=said == _HELPED)
    return None if said == _HELPED else (use.message_id, use.code)


def too_long_by(words: str, language: Language) -> int:
    """Return by how many characters an answer, with what is said after it, exceeds two SMS; 0 where it fits."""
    return max(_beyond_two(say(key, language, answer=words)) for key in ("faq_answer", "faq_answer_only"))


def _beyond_two(words: str) -> int:
    count = count_segments(words)
    return 0 if count.segments <= 2 else max(1, count.units - _ROOM[count.encoding])


def bring_in(tx: Tx, entries: Sequence[FaqText], *, now: datetime, dry_run: bool = False) -> Changes:
    """Put entries in force in place of those that are, on the record, and return what changed, or would.

    Raises `storage.store.AlreadyThere` where somebody else does so at the same moment.
    """
    if dry_run:
        return faq.changes(tx, entries)
    found = faq.replace(tx, entries, now)
    if found:
        data = {"new": list(found.new), "changed": list(found.changed), "removed": list(found.removed)}
        audit.add(tx, "faq.replaced", actor="staff", now=now, data=data)
    return found


def listed(tx: Tx) -> list[tuple[FaqRecord, Counts]]:
    """Return the entries in force with how often each was given and helped."""
    known = faq.counts(tx)
    return [(entry, known.get(entry.code, Counts())) for entry in faq.active(tx)]


def tried(context: Context, text: str) -> Tried:
    """Return which entry would answer a text, were it read as a question, and the three that come nearest."""
    settings = context.settings
    reading = context.read(text, settings.default_language)
    with context.store.reading() as tx:
        prepared = _prepared(context, tx)
    match = prepared.index.best(text, reading.category)
    nearest = prepared.index.ranked(text, reading.category)[:3]
    return Tried(prepared.by_code[match.code] if match is not None else None, nearest)


def _prepared(context: Context, tx: Tx) -> Prepared:
    version = faq.version(tx)
    cached: Prepared | None = context.faq_entries
    if cached is None or cached.version != version:
        with _LOCK:
            cached = context.faq_entries = _prepare(version, faq.active(tx))
    return cached


def _prepare(version: tuple[int, int], entries: Sequence[FaqRecord]) -> Prepared:
    index = FaqIndex(Entry(each.code, each.category, _questions(each)) for each in entries)
    return Prepared(version, index, {each.code: each for each in entries})


def _questions(entry: FaqRecord) -> tuple[str, ...]:
    return tuple(question for words in entry.words.values() for question in words["questions"])
