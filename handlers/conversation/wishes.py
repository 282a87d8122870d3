"""What a person wishes of the system itself: silence, messages again, another language, help, a hidden name."""

from dataclasses import replace
from datetime import timedelta

from domain.reading import Intent, Reading
from domain.settings import Level
from handlers.conversation import matters
from handlers.conversation.talk import Talk
from storage.queries import audit, cases, contacts, outbox, questions

_ASKABLE = timedelta(days=30)


def handle(talk: Talk, reading: Reading) -> None:
    """Do what is wished, and say so."""
    match reading.intent:
        case Intent.STOP:
            stop(talk, reading)
        case Intent.START:
            talk.keep(reading=reading)
            talk.tell("started")
        case Intent.LANGUAGE:
            _speak(talk, reading)
        case Intent.GREETING:
            talk.keep(reading=reading)
            talk.tell("greeting")
        case _:
            talk.keep(reading=reading)
            talk.tell("help", emergency=talk.context.settings.emergency_number)


def stop(talk: Talk, reading: Reading) -> None:
    """Silence everything at once and withdraw what is queued. One that speaks of fear is not confirmed."""
    in_fear = reading.afraid or reading.sensitive
    ours = contacts.of_person(talk.tx, talk.contact.person_id) if talk.contact.person_id else [talk.contact]
    for contact in ours:
        contacts.change(talk.tx, contact.id, stopped_at=talk.now)
        outbox.withdraw_all(talk.tx, contact.id)
        questions.end_open(talk.tx, contact.id, "replaced")
    audit.add(talk.tx, "contact.stopped", actor="person", now=talk.now, data={"contact": talk.contact.id})
    silent = replace(talk, contact=replace(talk.contact, stopped_at=talk.now))
    if not in_fear:
        silent.keep(reading=reading)
        silent.tell("stopped")
        return
    silent = silent.with_person()
    matters.begin(silent, replace(reading, sensitive=True, intent=Intent.COMPLAINT))
    silent.voice.tell_level(Level.DESK, "desk_stop_fear")


def no_name(talk: Talk) -> bool:
    """Hide the name in the cases of this contact point that are still going on."""
    talk = talk.with_person()
    going_on = [case for case in cases.askable_from(talk.tx, talk.contact.id) if case.closed_at is None]
    if not going_on:
        return False
    for case in going_on:
        if case.received_at > talk.now - _ASKABLE:
            talk.work.change(case, anonymous=True)
            talk.work.note(case, "case.made_anonymous", matters.PERSON)
    talk.keep(case=going_on[0])
    talk.tell("anonymous_set", case=going_on[0])
    return True


def _speak(talk: Talk, reading: Reading) -> None:
    talk.keep(reading=reading)
    wanted = reading.wanted_language
    if wanted is None or wanted not in talk.context.settings.languages:
        talk.tell("menu")
        return
    contacts.change(talk.tx, talk.contact.id, language=wanted.value)
    replace(talk, contact=replace(talk.contact, language=wanted.value)).tell("language_set")
