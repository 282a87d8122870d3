"""What an officer writes to the person of a case: an answer, a question, each held for a minute and shown back."""

from datetime import datetime, timedelta

from domain.inbound import Channel
from domain.lifecycle import Act, after
from domain.ports import Button
from domain.sending.segments import count_segments
from handlers.officers.duty import Duty
from storage.queries.casework import cases
from storage.queries.casework.cases import CaseRecord
from storage.queries.persons import messages, questions
from storage.queries.sending import outbox
from wording import say


def reply(duty: Duty, case: CaseRecord, words: str) -> None:
    """Answer the person. Raises `Refused`."""
    status = after(case.status, Act.REPLY)
    if too_long(duty, case, "reply_from_officer", words):
        return
    if not _send_to_person(duty, case, words, Act.REPLY):
        return
    case = duty.work.change(case, status=status, **duty.work.answered(case))
    duty.work.note(case, "case.replied", duty.actor)


def ask(duty: Duty, case: CaseRecord, words: str) -> None:
    """Ask the person something; the clock stands still until she answers. Raises `Refused`."""
    status = after(case.status, Act.ASK)
    if not too_long(duty, case, "question_from_officer", words) and _send_to_person(duty, case, words, Act.ASK):
        stopped = duty.work.clock_stops(case)
        case = duty.work.change(case, status=status, **duty.work.answered(case), **stopped)
        duty.work.note(case, "case.asked", duty.actor)


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


def too_long(duty: Duty, case: CaseRecord, key: str, words: str, **values: str) -> bool:
    """Say that words are too long for the person's SMS, and how long they may be; False where they fit.

    `values` are what the wording needs besides reference and words.
    """
    contact = duty.work.contact_of(case)
    if contact is None or contact.channel is not Channel.SMS:
        return False
    gateway = duty.context.gateways.get(duty.voice.gateway_of(contact) or "")
    most = gateway.max_segments if gateway else 1
    text = say(key, duty.voice.language_of(contact), ref=case.reference, text=words, **values)
    segments = count_segments(text).segments
    if segments <= most:
        return False
    duty.tell("officer_too_long", case=case, segments=segments, most=most)
    return True


def acknowledged(duty: Duty, case: CaseRecord) -> dict[str, datetime]:
    """Return the column that tells when an officer first did something; nothing where one did before."""
    return {} if case.acknowledged_at is not None else {"acknowledged_at": duty.now}


def has_no_way(case: CaseRecord) -> bool:
    """Tell whether a case's person can be told in person only: she has neither number nor account."""
    return case.contact_point_id is None and case.sensitive is None


def hears(duty: Duty, case: CaseRecord) -> bool:
    """Tell whether the person is told of a decision: not of a sensitive case, nor after STOP or a block."""
    contact = duty.work.contact_of(case) if case.sensitive is None else None
    return contact is not None and contact.stopped_at is None and contact.blocked_at is None


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
    due = duty.work.not_at_night(case, held, wrote_at=wrote_at)
    return due, due > held


def _hold(duty: Duty) -> int:
    return duty.context.settings.deadlines.hold_seconds
