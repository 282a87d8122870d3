"""What becomes of a text: an answer to the open question, a wish such as STOP, or a matter that makes or joins a case."""

from collections.abc import Callable
from dataclasses import replace

from domain.digits import typed_number
from domain.reading import CATEGORY_INTENTS, Category, Intent, Reading
from handlers.conversation import answers, matters, status, wishes
from handlers.conversation.talk import Talk
from storage.queries import questions
from storage.queries.questions import QuestionRecord
from understanding.answers import is_thanks, is_wrong, wants_no_name, yes_or_no

_STAY = frozenset({Intent.STOP, Intent.HUMAN, Intent.QUESTION, Intent.FEEDBACK})
"""What a text that may report harm is still taken for; whatever else it reads as, it is a report first."""
_ACTS: dict[Intent, Callable[[Talk, Reading], None]] = {
    Intent.STATUS: status.handle,
    Intent.YES: status.solved_or_not,
    Intent.NO: status.solved_or_not,
    Intent.HUMAN: matters.wants_call,
}
_WISHES = frozenset({Intent.STOP, Intent.START, Intent.LANGUAGE, Intent.HELP, Intent.GREETING})


def handle(talk: Talk) -> None:
    """Do what a text asks for, and answer it."""
    if not talk.text.strip():
        talk.keep(kind="unsorted")
        talk.tell("menu")
        return
    question = questions.latest(talk.tx, talk.contact.id)
    number = typed_number(talk.text)
    if number is not None:
        answers.number(talk, number, question if question is None or question.asked_at <= talk.now else None)
        return
    reading = talk.context.read(talk.text, talk.language)
    talk = talk.in_language(reading)
    if not _answered(talk, reading, question):
        _act(talk, reading)


def _act(talk: Talk, reading: Reading) -> None:
    """Do what a text says by itself, whatever was asked before."""
    harm = reading.sensitive or reading.unsure_sensitive
    if harm and reading.intent not in _STAY:
        matters.handle(talk, _with_category(replace(reading, intent=Intent.COMPLAINT)))
    elif is_thanks(talk.text):
        matters.thanks(talk, reading)
    elif reading.intent in _WISHES:
        wishes.handle(talk, reading)
    elif reading.intent in _ACTS:
        _ACTS[reading.intent](talk, reading)
    elif reading.intent is Intent.UNCLEAR:
        matters.unclear(talk, reading)
    else:
        matters.handle(talk, _with_category(reading))


def _answered(talk: Talk, reading: Reading, question: QuestionRecord | None) -> bool:
    """Take a text as the answer to the open question, where it can be one; what reports harm never is."""
    if reading.sensitive or reading.unsure_sensitive or reading.intent is Intent.STOP:
        return False
    if wants_no_name(talk.text):
        return wishes.no_name(talk)
    if is_wrong(talk.text) and answers.take_back(talk, question):
        return True
    return question is not None and question.asked_at <= talk.now and _answers(talk, reading, question)


def _answers(talk: Talk, reading: Reading, question: QuestionRecord) -> bool:
    """Take a text as the answer to the newest question; a place is taken when it comes late too."""
    if question.kind in answers.PLACES and answers.place_again(talk, reading, question):
        return True
    if question.state != "open" or question.expires_at <= talk.now:
        return False
    yes = yes_or_no(talk.text)
    if yes is not None and question.kind in answers.YES_NO:
        answers.choose(talk, question, 1 if yes else 2)
        return True
    return answers.in_words(talk, reading, question)


def _with_category(reading: Reading) -> Reading:
    if reading.intent in CATEGORY_INTENTS and reading.category is None:
        return replace(reading, category=Category.OTHER)
    return reading
