"""What an officer's command does: each act checks the case's status, changes it, and says what happened."""

from collections.abc import Callable
from datetime import timedelta

from domain.lifecycle import Act, Refused, after, allowed
from domain.ports import Rows
from domain.reading import Language
from domain.texts.digits import to_ascii_digits
from handlers.officers import absence, helping, mending, own
from handlers.officers.acts import (
    answering,
    barring,
    deciding,
    erasing,
    extending,
    harm_kind,
    incidents,
    merging,
    second_look,
    sorting,
    undoing,
)
from handlers.officers.asking import calling, finding, history, lists, round_work, stats
from handlers.officers.commands import Command, Given
from handlers.officers.duty import Duty
from handlers.officers.reach import may_act
from handlers.places import find_places, find_wider, full_place, option_place
from handlers.rounds import of_case
from storage.queries import areas
from storage.queries.casework import case_numbers, undoable
from storage.queries.casework.cases import CaseRecord
from wording import say

WORDS_STAY = timedelta(minutes=10)
_FRESH = timedelta(hours=1)


def perform(duty: Duty, given: Given) -> None:
    """Do what a complete command says, and answer the officer."""
    if given.command in _WITHOUT_CASE:
        _WITHOUT_CASE[given.command](duty, given)
        return
    act = _ON_CASE[given.command]
    case = mending.find(duty, given)
    if case is None:
        return
    if not may_act(duty, case, given.command):
        passed_on(duty, case)
        return
    newest = undoable.last_message(duty.tx, case.id) if given.command in undoing.AT_ONCE else 0
    try:
        with duty.tx.attempt():
            act(duty, case, given.words)
    except Refused as refused:
        refuse(duty, case, refused.act)
        return
    if given.command in undoing.AT_ONCE:
        undoing.remember(duty, case, given.command, undoable.queued_after(duty.tx, case.id, newest))


def passed_on(duty: Duty, case: CaseRecord, buttons: Rows = ()) -> None:
    """Say that a case is with another level now, and that a note can still be added."""
    level = say(f"level_{case.level}", duty.language)
    number = case_numbers.number_for(duty.tx, duty.staff.id, case.id)
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
    if case.sensitive is not None:
        duty.work.note(case, "case.shown", duty.actor)
    actions: tuple[str, ...] = ("read",)
    if case.is_open and may_act(duty, case, Command.TAKE):
        take = () if case.taken_by == duty.staff.id else ("take",)
        actions = ("read", *take, "reply", "resolve", "escalate", "category")
    about = duty.voice.about(case, duty.language)
    number = case_numbers.number_for(duty.tx, duty.staff.id, case.id)
    payment = None if duty.by_sms else of_case.worded(duty.tx, case, duty.language)
    if payment is not None:
        duty.send(payment, key="officer_case_round", case=case)
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
    lines = [*history.lines(duty, case), *second_look.lines(duty, case)]
    duty.work.note(case, "case.read", duty.actor)
    text = "\n".join(lines) or say("officer_words_none", duty.language)
    words = say("officer_words", duty.language, ref=case.reference, text=text)
    message_id = duty.send(words, key="officer_words", case=case, protect=True)
    if message_id is not None:
        duty.voice.delete_later(duty.contact, message_id, at=duty.now + WORDS_STAY)


def take(duty: Duty, case: CaseRecord, _words: str) -> None:
    """Take a case as one's own. Raises `Refused`."""
    if case.taken_by == duty.staff.id:
        duty.tell("officer_already_yours", case=case, ref=case.reference)
        return
    status = after(case.status, Act.TAKE)
    before = say("officer_taken_from", duty.language) if case.taken_by is not None else ""
    values = duty.work.clock_goes_on(case) if case.remaining_days is not None else {}
    case = duty.work.change(case, status=status, taken_by=duty.staff.id, **answering.acknowledged(duty, case), **values)
    duty.work.note(case, "case.taken", duty.actor)
    duty.tell("officer_taken", case=case, ref=case.reference, who_before=before)


def _note(duty: Duty, case: CaseRecord, words: str) -> None:
    after(case.status, Act.NOTE)
    duty.work.note(case, "case.noted", duty.actor, personal=words)
    key = "officer_kept_note" if duty.item.data else "officer_note_kept"
    duty.tell(key, case=case, ref=case.reference)


def _escalate(duty: Duty, case: CaseRecord, words: str) -> None:
    if case.sensitive is not None:
        duty.tell("officer_escalate_sensitive", case=case, ref=case.reference)
        return
    case = duty.work.escalate(case, actor=duty.actor, act=Act.ESCALATE, reason=words)
    if case.post_id is None:
        duty.tell("officer_escalated_desk", case=case, ref=case.reference)
    else:
        level = say(f"level_{case.level}", duty.language)
        duty.tell("officer_escalated", case=case, ref=case.reference, level=level)


def _transfer(duty: Duty, case: CaseRecord, words: str) -> None:
    after(case.status, Act.TRANSFER)
    by_code = areas.by_code(duty.tx, to_ascii_digits(words))
    found = [by_code] if by_code is not None else find_places(duty.context, duty.tx, words, whole=True)
    found = found or find_wider(duty.context, duty.tx, words)
    if not found:
        duty.tell("officer_place_unknown", text=words)
    elif len(found) > 1:
        options = "; ".join(option_place(duty.tx, area, duty.language) for area in found)
        duty.tell("officer_place_which", options=options)
    else:
        case = duty.work.hand_on(case, found[0], duty.actor)
        duty.tell("officer_transferred", ref=case.reference, place=full_place(duty.tx, found[0], duty.language))


def _sensitive(duty: Duty, case: CaseRecord, _words: str) -> None:
    if case.sensitive is None:
        duty.work.mark_sensitive(case, "unsorted", duty.actor)
    duty.tell("officer_marked_sensitive", ref=case.reference)


def _release(duty: Duty, case: CaseRecord, words: str) -> None:
    if case.sensitive is not None:
        duty.work.release(case, words, duty.actor)
    duty.tell("officer_released", ref=case.reference)


def _status(case: CaseRecord, language: Language) -> str:
    key = f"status_name_{case.status}" if case.status in ("resolved", "closed") else f"status_{case.status}"
    return say(key, language)


_ON_CASE: dict[Command, Callable[[Duty, CaseRecord, str], None]] = {
    Command.CASE: show,
    Command.TAKE: take,
    Command.REPLY: answering.reply,
    Command.ASK: answering.ask,
    Command.NOTE: _note,
    Command.RESOLVE: deciding.resolve,
    Command.REJECT: deciding.reject,
    Command.ESCALATE: _escalate,
    Command.TRANSFER: _transfer,
    Command.CATEGORY: sorting.correct,
    Command.SENSITIVE: _sensitive,
    Command.RELEASE: _release,
    Command.KIND: harm_kind.set_kind,
    Command.EXTEND: extending.extend,
    Command.AGREE: second_look.agree,
    Command.DISAGREE: second_look.disagree,
    Command.BAR: barring.bar,
    Command.CALLED: calling.called,
    Command.TOLD: calling.told,
    Command.ERASE: erasing.erase,
    Command.UNBAR: barring.unbar,
    Command.MERGE: merging.merge,
}
_WITHOUT_CASE: dict[Command, Callable[[Duty, Given], None]] = {
    Command.CASES: lists.show_cases,
    Command.HELP: helping.show,
    Command.LANGUAGE: lists.choose_language,
    Command.LOG: lists.log_in_person,
    Command.FIND: finding.find,
    Command.STATS: stats.show,
    Command.ABSENT: absence.absent,
    Command.UNDO: undoing.undo,
    Command.COMPLAIN: own.complain,
    Command.BROADCAST: lists.broadcast,
    Command.ROUND: round_work.command,
    Command.INCIDENT: incidents.command,
}
