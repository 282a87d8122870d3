"""What an officer's command does: each act checks the case's status, changes it, and says what happened."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from domain import ladder
from domain.inbound import Channel
from domain.lifecycle import Act, Outcome, Refused, after, allowed
from domain.ports import Button, Rows
from domain.reading import Category, Language
from domain.segments import count_segments
from domain.settings import LADDER_LEVELS, Level
from handlers.noted import found_in, in_short
from handlers.officers import lists, sorting
from handlers.officers.commands import Command, Given
from handlers.officers.duty import Duty
from handlers.places import find_places, full_place, option_place
from storage.queries import cases, messages, outbox, questions
from storage.queries.cases import CaseRecord
from storage.queries.messages import MessageRecord
from wording import say

_OUTCOMES = {
    "upheld": Outcome.UPHELD,
    "partly": Outcome.PARTLY,
    "info": Outcome.INFORMATION,
    "information": Outcome.INFORMATION,
    "ត្រឹមត្រូវ": Outcome.UPHELD,
    "ខ្លះ": Outcome.PARTLY,
    "ព័ត៌មាន": Outcome.INFORMATION,
    "ຖືກຕ້ອງ": Outcome.UPHELD,
    "ບາງສ່ວນ": Outcome.PARTLY,
    "ຂໍ້ມູນ": Outcome.INFORMATION,
}
_OF_THE_LEVEL = frozenset(
    {
        Command.TAKE,
        Command.REPLY,
        Command.ASK,
        Command.RESOLVE,
        Command.REJECT,
        Command.ESCALATE,
        Command.TRANSFER,
        Command.CATEGORY,
    }
)
WORDS_STAY = timedelta(minutes=10)
_FRESH = timedelta(hours=1)


def perform(duty: Duty, given: Given) -> None:
    """Do what a complete command says, and answer the officer."""
    if given.command in _WITHOUT_CASE:
        _WITHOUT_CASE[given.command](duty, given)
        return
    case = duty.find(number=given.number, reference=given.reference)
    if case is None:
        return
    if not may_act(duty, case, given.command):
        passed_on(duty, case)
        return
    try:
        with duty.tx.attempt():
            _ON_CASE[given.command](duty, case, given.words)
    except Refused as refused:
        refuse(duty, case, refused.act)


def may_act(duty: Duty, case: CaseRecord, command: Command) -> bool:
    """Tell whether an officer may do this to a case that he sees: not where it went on to a level above his posts."""
    if command not in _OF_THE_LEVEL:
        return True
    held = duty.staff.levels
    if Level.DESK in held or (Level.FOCAL in held and case.sensitive is not None):
        return True
    if case.level not in LADDER_LEVELS:
        return Level.NATIONAL in held
    return any(ladder.rank(level) >= ladder.rank(case.level) for level in held if level in LADDER_LEVELS)


def passed_on(duty: Duty, case: CaseRecord, buttons: Rows = ()) -> None:
    """Say that a case is with another level now, and that a note can still be added."""
    level = say(f"level_{case.level}", duty.language)
    number = cases.number_for(duty.tx, duty.staff.id, case.id)
    duty.tell("officer_passed_on", case=case, buttons=buttons, ref=case.reference, level=level, number=number)


def refuse(duty: Duty, case: CaseRecord, act: Act) -> None:
    """Say that a case's status does not allow an act, and what it allows."""
    possible = [command for command in _ON_CASE if command.value in {each.value for each in allowed(case.status)}]
    duty.tell(
        "officer_status_refuses",
        case=case,
        ref=case.reference,
        status=_status(case, duty.language),
        act=say(f"act_{act}", duty.language),
        possible=", ".join(say(f"act_{command}", duty.language) for command in possible),
    )


def show(duty: Duty, case: CaseRecord, _words: str = "") -> None:
    """Show where a case stands, with buttons for what can be done; her words open on a tap."""
    actions = (
        ("read", "take", "reply", "resolve", "escalate", "category")
        if case.is_open and may_act(duty, case, Command.TAKE)
        else ("read",)
    )
    about = duty.voice.about(case, duty.language)
    number = cases.number_for(duty.tx, duty.staff.id, case.id)
    duty.tell(
        "officer_case",
        case=case,
        buttons=duty.voice.case_buttons(case, actions, duty.language) if case.sensitive is None else (),
        number=number,
        status=_status(case, duty.language),
        level=say(f"level_{case.level}", duty.language),
        received=duty.voice.day(case.received_at),
        **about,
    )
    if case.call_hours and not duty.by_sms:
        hours = "–".join(str(hour) for hour in case.call_hours)
        duty.tell("officer_case_call", case=case, hours=hours)


def read_words(duty: Duty, case: CaseRecord) -> None:
    """Show the conversation of a case, protected from forwarding and gone after ten minutes; never by SMS."""
    if case.sensitive is not None or duty.by_sms:
        duty.tell("officer_not_found", ref=case.reference)
        return
    said = [each for each in messages.of_case(duty.tx, case.id) if messages.is_conversation(each) and each.text]
    lines = [line for each in said for line in _lines(duty, each)]
    duty.work.note(case, "case.read", duty.actor)
    text = "\n".join(lines) or say("officer_words_none", duty.language)
    words = say("officer_words", duty.language, ref=case.reference, text=text)
    message_id = duty.send(words, key="officer_words", case=case, protect=True)
    if message_id is not None:
        duty.voice.delete_later(duty.contact, message_id, at=duty.now + WORDS_STAY)


def _lines(duty: Duty, message: MessageRecord) -> Iterator[str]:
    """Return one message of a conversation as it is shown, and the days, sums and numbers that a person named in it."""
    theirs = message.direction == "in"
    yield say("officer_words_person" if theirs else "officer_words_you", duty.language, text=message.text)
    noted = in_short(found_in(duty.context, message.text, message.at)) if theirs else ""
    if noted:
        yield say("officer_words_noted", duty.language, noted=noted)


def take(duty: Duty, case: CaseRecord, _words: str) -> None:
    """Take a case as one's own. Raises `Refused`."""
    if case.taken_by == duty.staff.id:
        duty.tell("officer_already_yours", case=case, ref=case.reference)
        return
    status = after(case.status, Act.TAKE)
    before = say("officer_taken_from", duty.language) if case.taken_by is not None else ""
    values = duty.work.clock_goes_on(case) if case.remaining_days is not None else {}
    case = duty.work.change(case, status=status, taken_by=duty.staff.id, **_acknowledged(duty, case), **values)
    duty.work.note(case, "case.taken", duty.actor)
    duty.tell("officer_taken", case=case, ref=case.reference, who_before=before)


def take_back(duty: Duty, message_id: int) -> None:
    """Take back an answer that is still held."""
    message = messages.by_id(duty.tx, message_id)
    if message is None or message.staff_id != duty.staff.id or not outbox.withdraw(duty.tx, message_id):
        duty.tell("officer_too_late")
        return
    if message.case_id is not None:
        case = cases.by_id(duty.tx, message.case_id, locked=True)
        questions.end_of_case(duty.tx, case.id, "replaced")
        if message.kind == "question" and case.remaining_days is not None:
            duty.work.change(case, status=after(case.status, Act.PERSON_WROTE), **duty.work.clock_goes_on(case))
        duty.work.note(case, "message.taken_back", duty.actor, message=message_id)
    duty.tell("officer_taken_back")


def speak(duty: Duty, language: Language) -> None:
    """Say in the chosen language that it is spoken from now on."""
    duty.send(say("officer_language_set", language), key="officer_language_set")


def _reply(duty: Duty, case: CaseRecord, words: str) -> None:
    status = after(case.status, Act.REPLY)
    if _too_long(duty, case, "reply_from_officer", words):
        return
    _send_to_person(duty, case, words, Act.REPLY)
    case = duty.work.change(case, status=status, **_acknowledged(duty, case))
    duty.work.note(case, "case.replied", duty.actor)


def _ask(duty: Duty, case: CaseRecord, words: str) -> None:
    status = after(case.status, Act.ASK)
    if not _too_long(duty, case, "question_from_officer", words) and _send_to_person(duty, case, words, Act.ASK):
        stopped = duty.work.clock_stops(case)
        case = duty.work.change(case, status=status, **_acknowledged(duty, case), **stopped)
        duty.work.note(case, "case.asked", duty.actor)


def _too_long(duty: Duty, case: CaseRecord, key: str, words: str) -> bool:
    """Say that words are too long for the person's SMS, and how long they may be; False where they fit."""
    contact = duty.work.contact_of(case)
    if contact is None or contact.channel is not Channel.SMS:
        return False
    gateway = duty.context.gateways.get(duty.voice.gateway_of(contact) or "")
    most = gateway.max_segments if gateway else 1
    text = say(key, duty.voice.language_of(contact), ref=case.reference, text=words)
    segments = count_segments(text).segments
    if segments <= most:
        return False
    duty.tell("officer_too_long", case=case, segments=segments, most=most)
    return True


def _send_to_person(duty: Duty, case: CaseRecord, words: str, act: Act) -> bool:
    """Queue words for the person, held for a minute and through the quiet hours, and show them back with Take back."""
    contact = duty.work.contact_of(case)
    due, quiet = _leaves_at(duty, case, contact.last_inbound_at if contact else None)
    message_id = None
    if contact is not None:
        question = act is Act.ASK
        key = "question_from_officer" if question else "reply_from_officer"
        text = say(key, duty.voice.language_of(contact), ref=case.reference, text=words)
        kind = "question" if question else "officer"
        message_id = duty.voice.send(contact, text, key=key, case=case, kind=kind, due_at=due, staff_id=duty.staff.id)
    if contact is None or message_id is None:
        duty.tell("officer_cannot_send", case=case, ref=case.reference)
        return False
    if case.is_open or act is Act.ASK:
        duty.work.ask(contact, "ask" if act is Act.ASK else "reply", None, case=case, asked_at=due)
    buttons = ((Button(say("button_undo", duty.language), f"u:{message_id}"),),)
    if quiet:
        local = duty.context.calendar.local(due)
        duty.tell("officer_held_until", case=case, buttons=buttons, time=f"{local.hour}:{local.minute:02}")
    elif duty.item.data:
        duty.tell("officer_held", case=case, buttons=buttons, seconds=str(_hold(duty)))
    else:
        seconds = str(_hold(duty))
        duty.tell("officer_held_text", case=case, buttons=buttons, ref=case.reference, text=words, seconds=seconds)
    return True


def _leaves_at(duty: Duty, case: CaseRecord, wrote_at: datetime | None) -> tuple[datetime, bool]:
    held = duty.now + timedelta(seconds=_hold(duty))
    awake = wrote_at is not None and wrote_at > duty.now - _FRESH
    if awake or case.sensitive is not None:
        return held, False
    morning = duty.context.calendar.after_quiet_hours(held)
    return morning, morning > held


def _hold(duty: Duty) -> int:
    return duty.context.settings.deadlines.hold_seconds


def _note(duty: Duty, case: CaseRecord, words: str) -> None:
    after(case.status, Act.NOTE)
    duty.work.note(case, "case.noted", duty.actor, personal=words)
    key = "officer_kept_note" if duty.item.data else "officer_note_kept"
    duty.tell(key, case=case, ref=case.reference)


def _resolve(duty: Duty, case: CaseRecord, words: str) -> None:
    first, _, rest = words.partition(" ")
    outcome = _OUTCOMES.get(first.lower())
    text = rest.strip() if outcome else words
    if not text:
        duty.tell("officer_usage", usage=say("usage_resolve", duty.language))
        return
    if _too_long(duty, case, "decision", text):
        return
    case = duty.work.resolve(case, outcome or Outcome.UPHELD, text, duty.actor)
    duty.tell("officer_resolved" if _hears(duty, case) else "officer_resolved_quiet", case=case)


def _reject(duty: Duty, case: CaseRecord, words: str) -> None:
    if _too_long(duty, case, "decision", words):
        return
    case = duty.work.resolve(case, Outcome.NOT_UPHELD, words, duty.actor)
    if not _hears(duty, case):
        duty.tell("officer_resolved_quiet", case=case)
        return
    outcome = say(f"outcome_{Outcome.NOT_UPHELD}", duty.language)
    duty.tell("officer_rejected", case=case, ref=case.reference, outcome=outcome)


def _hears(duty: Duty, case: CaseRecord) -> bool:
    """Tell whether the person is told of a decision: not of a sensitive case, nor after STOP or a block."""
    contact = duty.work.contact_of(case) if case.sensitive is None else None
    return contact is not None and contact.stopped_at is None and contact.blocked_at is None


def _escalate(duty: Duty, case: CaseRecord, words: str) -> None:
    case = duty.work.escalate(case, actor=duty.actor, act=Act.ESCALATE, reason=words)
    if case.post_id is None:
        duty.tell("officer_escalated_desk", case=case, ref=case.reference)
    else:
        level = say(f"level_{case.level}", duty.language)
        duty.tell("officer_escalated", case=case, ref=case.reference, level=level)


def _transfer(duty: Duty, case: CaseRecord, words: str) -> None:
    after(case.status, Act.TRANSFER)
    found = find_places(duty.context, duty.tx, words, whole=True)
    if not found:
        duty.tell("officer_place_unknown", text=words)
    elif len(found) > 1:
        options = "; ".join(option_place(duty.tx, area, duty.language) for area in found)
        duty.tell("officer_place_which", options=options)
    else:
        case = duty.work.put_in_area(duty.work.change(case, with_desk=False), found[0], duty.actor)
        duty.tell("officer_transferred", ref=case.reference, place=full_place(duty.tx, found[0], duty.language))


def _sensitive(duty: Duty, case: CaseRecord, _words: str) -> None:
    if case.sensitive is None:
        duty.work.mark_sensitive(case, "unsorted", duty.actor)
    duty.tell("officer_marked_sensitive", ref=case.reference)


def _release(duty: Duty, case: CaseRecord, words: str) -> None:
    if case.sensitive is not None:
        messages.seal_case(duty.tx, case.id, sealed=False)
        category = Category.OTHER.value if case.category == Category.ABUSE else case.category
        case = duty.work.change(case, sensitive=None, due_at=case.answer_by, category=category)
        duty.work.note(case, "case.released", duty.actor, personal=words)
        duty.work.route(case)
    duty.tell("officer_released", ref=case.reference)


def _acknowledged(duty: Duty, case: CaseRecord) -> dict[str, datetime]:
    return {} if case.acknowledged_at is not None else {"acknowledged_at": duty.now}


def _status(case: CaseRecord, language: Language) -> str:
    key = f"status_name_{case.status}" if case.status in ("resolved", "closed") else f"status_{case.status}"
    return say(key, language)


_ON_CASE: dict[Command, Callable[[Duty, CaseRecord, str], None]] = {
    Command.CASE: show,
    Command.TAKE: take,
    Command.REPLY: _reply,
    Command.ASK: _ask,
    Command.NOTE: _note,
    Command.RESOLVE: _resolve,
    Command.REJECT: _reject,
    Command.ESCALATE: _escalate,
    Command.TRANSFER: _transfer,
    Command.CATEGORY: sorting.correct,
    Command.SENSITIVE: _sensitive,
    Command.RELEASE: _release,
}
_WITHOUT_CASE: dict[Command, Callable[[Duty, Given], None]] = {
    Command.CASES: lists.show_cases,
    Command.HELP: lists.show_help,
    Command.LANGUAGE: lists.ask_language,
    Command.LOG: lists.log_in_person,
    Command.BROADCAST: lists.broadcast,
}
