"""What becomes of a text: an answer to the open question, a wish such as STOP, or a matter that makes or joins a case."""

from collections.abc import Callable
from dataclasses import replace

from domain.reading import CATEGORY_INTENTS, Category, Intent, Reading
from domain.texts.digits import typed_number
from handlers import faq
from handlers.broadcasts import replies
from handlers.conversation import answers, behalf, matters, own_wishes, status, wishes
from handlers.conversation.asking import withdrawal
from handlers.conversation.talk import Talk
from handlers.incoming import joining
from handlers.places import is_place_alone
from storage.queries.persons import questions
from storage.queries.persons.questions import QuestionRecord
from understanding.wishes.answers import is_thanks, is_wrong, says_no_help, yes_or_no
from understanding.wishes.speaking import says_only_cannot_read
from understanding.wishes.withdrawing import says_withdraw

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
    if joining.asked(talk) or joining.code_given(talk):
        return
    question = questions.latest(talk.tx, talk.contact.id)
    number = typed_number(talk.text)
    if number is not None:
        nothing_asked = question is None or question.state != "open" or question.expires_at <= talk.now
        if nothing_asked and replies.answered(talk, None, number):
            return
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
    elif behalf.says_only_so(talk.text):
        matters.handle(talk, _with_category(replace(reading, intent=Intent.COMPLAINT)))
    elif says_only_cannot_read(talk.text):
        matters.wants_call(talk, replace(reading, intent=Intent.HUMAN))
    elif reading.intent in _WISHES:
        wishes.handle(talk, reading)
    elif reading.intent in _ACTS:
        _ACTS[reading.intent](talk, reading)
    elif reading.intent is Intent.UNCLEAR:
        matters.unclear(talk, reading)
    else:
        matters.handle(talk, _with_category(reading))


def _answered(talk: Talk, reading: Reading, question: QuestionRecord | None) -> bool:
    """Take a text as the answer to the open question, where it can be one; what reports harm never is.

    But harm that follows on an earlier case is what she was asked about, where she was asked whether all is well.
    """
    if question is not None and answers.tells_of_trouble(talk, reading, question):
        return True
    if _wished(talk, reading):
        return True
    if reading.intent is Intent.STOP or (_may_be_harm(reading) and not _is_place_asked_for(talk, question)):
        return False
    if is_wrong(talk.text) and answers.take_back(talk, question):
        return True
    if question is not None and question.asked_at > talk.now:
        question = None
    if _did_not_help(talk, reading, question) or (question is not None and _answers(talk, reading, question)):
        return True
    return replies.answered(talk, reading)


def _may_be_harm(reading: Reading) -> bool:
    return reading.sensitive or reading.unsure_sensitive


def _is_place_asked_for(talk: Talk, question: QuestionRecord | None) -> bool:
    """Tell whether a text is the bare name of a place, which was asked for: such a name may look like anything."""
    asked = question is not None and question.state == "open" and question.kind in answers.PLACES
    return asked and is_place_alone(talk.context, talk.tx, talk.text)


def _wished(talk: Talk, reading: Reading) -> bool:
    """Do what somebody wishes about herself in a whole text; False where it is no such wish."""
    if says_withdraw(talk.text) and withdrawal.wished(talk):
        return True
    return own_wishes.wished(talk, reading)


def _did_not_help(talk: Talk, reading: Reading, question: QuestionRecord | None) -> bool:
    """Take words that say that a ready answer did not help for that; False where they say something else."""
    is_open = question is not None and question.state == "open" and question.expires_at > talk.now
    if question is not None and is_open and question.kind == faq.KIND:
        if not says_no_help(talk.text):
            return False
        answers.choose(talk, question, 2)
        return True
    in_vain = faq.said_in_vain(talk, question if is_open else None)
    if in_vain is None:
        return False
    matters.answered_in_vain(talk.with_person(), reading, in_vain)
    return True


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
