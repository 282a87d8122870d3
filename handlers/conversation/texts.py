"""What becomes of a text: an answer to the open question, a wish such as STOP, or a matter that makes or joins a case."""

from dataclasses import replace

from domain.digits import typed_number
from domain.reading import CATEGORY_INTENTS, Category, Intent, Reading
from handlers.conversation import answers, matters, status, wishes
from handlers.conversation.talk import Talk
from storage.queries import questions
from storage.queries.questions import QuestionRecord
from understanding import read
from understanding.answers import is_wrong, wants_no_name, yes_or_no

_WISHES = frozenset({Intent.STOP, Intent.START, Intent.LANGUAGE, Intent.HELP, Intent.GREETING})


def handle(talk: Talk) -> None:
    """Do what a text asks for, and answer it."""
    settings = talk.context.settings
    if not talk.text.strip():
        talk.keep(kind="unsorted")
        talk.tell("menu")
        return
    question = questions.latest(talk.tx, talk.contact.id)
    number = typed_number(talk.text)
    if number is not None:
        answers.number(talk, number, question)
        return
    reading = read(talk.text, prefixes=(settings.prefix,), default_language=talk.language)
    talk = talk.in_language(reading)
    if _answered(talk, reading, question):
        return
    if reading.intent in _WISHES:
        wishes.handle(talk, reading)
    elif reading.intent is Intent.STATUS:
        status.handle(talk, reading)
    elif reading.intent in (Intent.YES, Intent.NO):
        status.solved_or_not(talk, reading)
    elif reading.intent is Intent.HUMAN:
        matters.wants_call(talk, reading)
    elif reading.intent is Intent.UNCLEAR and not reading.unsure_sensitive and not reading.sensitive:
        matters.unclear(talk, reading)
    else:
        matters.handle(talk, _with_category(reading))


def _answered(talk: Talk, reading: Reading, question: QuestionRecord | None) -> bool:
    """Take a text as the answer to the open question, where it can be one; what reports harm never is."""
    if reading.sensitive or reading.intent is Intent.STOP:
        return False
    if wants_no_name(talk.text):
        return wishes.no_name(talk)
    if is_wrong(talk.text):
        return answers.take_back(talk, question)
    if question is None or question.state != "open" or question.expires_at <= talk.now:
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
