"""What a person wishes of the system itself: silence, messages again, another language, help, a hidden name."""

from dataclasses import replace

from domain.reading import Intent, Reading
from domain.settings import Level
from handlers.conversation import matters
from handlers.conversation.talk import Talk
from storage.queries import audit
from storage.queries.persons import contacts, questions
from storage.queries.persons.contacts import Contact
from storage.queries.sending import outbox

_SURE = 0.5
"""Below this who asks for help, or another language, may well have a matter of her own: somebody reads it."""
_KEYWORD = 8
"""HELP and its like are no longer; Khmer and Lao have no spaces to tell a word from a sentence."""


def handle(talk: Talk, reading: Reading) -> None:
    """Do what is wished, and say so."""
    match reading.intent:
        case Intent.STOP:
            stop(talk, reading)
        case Intent.START:
            _start_everywhere(talk)
            talk.keep(reading=reading)
            talk.tell("started")
        case Intent.LANGUAGE if reading.confidence >= _SURE:
            _speak(talk, reading)
        case Intent.GREETING:
            talk.keep(reading=reading)
            talk.tell("greeting")
        case _ if reading.confidence < _SURE:
            matters.unclear(talk, reading)
        case _:
            talk.keep(reading=reading)
            _help(talk)


def _help(talk: Talk) -> None:
    """Say what this number is for; to the keyword alone also where else one can turn."""
    settings = talk.context.settings
    if len(talk.text.split()) == 1 and len(talk.text) <= _KEYWORD:
        talk.tell("help_rights", emergency=settings.emergency_number, outside=settings.outside_address)
    else:
        talk.tell("help", emergency=settings.emergency_number)


def stop(talk: Talk, reading: Reading) -> None:
    """Silence everything at once and withdraw what is queued. One that speaks of fear is not confirmed."""
    in_fear = reading.afraid or reading.sensitive
    for contact in _opt_outs_apply_to(talk):
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


def _opt_outs_apply_to(talk: Talk) -> list[Contact]:
    """Return all contact points of her; of a phone that several share that alone, since who of them it is stays open."""
    person_id = talk.contact.person_id
    if person_id is None or contacts.sharers(talk.tx, talk.contact.id):
        return [talk.contact]
    return contacts.of_person(talk.tx, person_id)


def _start_everywhere(talk: Talk) -> None:
    """Let all contact points of her hear from us again; writing from one alone opens that one."""
    for contact in _opt_outs_apply_to(talk):
        if contact.stopped_at is not None:
            contacts.change(talk.tx, contact.id, stopped_at=None)


def _speak(talk: Talk, reading: Reading) -> None:
    talk.keep(reading=reading)
    wanted = reading.wanted_language
    if wanted is None or wanted not in talk.context.settings.languages:
        talk.tell("menu")
        return
    contacts.change(talk.tx, talk.contact.id, language=wanted.value)
    replace(talk, contact=replace(talk.contact, language=wanted.value)).tell("language_set")
