"""Commands and references typed with a slip: what only reads is done and said back, what would change something is asked.

A word without a slash is never taken for a mistyped command where it may be what an officer says as a person: only by
SMS, where it is long, and where the number of one of his cases follows.
"""

import re
from dataclasses import replace
from datetime import timedelta

from domain.permissions import permissions_of
from domain.ports import Button
from domain.texts.digits import to_ascii_digits
from domain.texts.references import one_slip_from
from handlers.officers.commands import SHAPES, WORDS, Given, parse
from handlers.officers.duty import Duty
from handlers.officers.keeping import keep
from storage.queries.casework import caseload
from storage.queries.casework.cases import CaseRecord
from understanding.spelling.slips import meant_words
from wording import say

_ASKED = timedelta(minutes=10)
_NAMES_CASE = re.compile(r"^\S+ (?:\[?\d{1,4}\]?|[A-Za-z]{2}-?[0-9A-Za-z]{4}-?[0-9A-Za-z]{2})(?= |$)")
_LONG_ENOUGH, _LONG_ENOUGH_LATIN = 5, 6
_MOST_OFFERED = 3


def find(duty: Duty, given: Given, *, asks_back: bool = False) -> CaseRecord | None:
    """Return the case that a command is about, locked, where the officer may see it; else say what is wrong.

    One slip in a reference is mended: a command that reads goes on, said back; for one that changes it is asked back,
    unless the caller asks anyhow (`asks_back`).
    """
    case = duty.look(number=given.number, reference=given.reference)
    if case is not None:
        return case
    near = caseload.among_visible(duty.tx, duty.staff.posts, _near(duty, given)) if given.reference else []
    if len(near) == 1 and (asks_back or not given.changes):
        if not asks_back:
            duty.tell("officer_taken_for", command=f"/{given.command} {near[0].reference}")
        return near[0]
    if near:
        for case in near[:_MOST_OFFERED]:
            _ask_back(duty, replace(given, reference=case.reference), case)
        return None
    return duty.find(number=given.number, reference=given.reference)


def mended(duty: Duty, text: str) -> Given | None:
    """Return the command that a text was probably meant as; None where there is none, or it is not clear which."""
    first, _, rest = text.partition(" ")
    slash = first.startswith("/")
    word = first.removeprefix("/").partition("@")[0]
    long = len(word) >= (_LONG_ENOUGH_LATIN if word.isascii() else _LONG_ENOUGH)
    if not slash and not (duty.by_sms and long and _NAMES_CASE.match(to_ascii_digits(text))):
        return None
    held = permissions_of(duty.staff.levels)
    known = [each for each, command in WORDS.items() if SHAPES[command].permission in held]
    near = {WORDS[each]: each for each in meant_words(word.lower(), known)}
    prefixes = (duty.context.settings.prefix,)
    read = [given for each in near.values() if (given := parse(f"/{each} {rest}".strip(), prefixes)) is not None]
    fitting = [given for given in read if given.complete] or read
    if len(fitting) > 1:
        fitting = [given for given in fitting if SHAPES[given.command].case == bool(rest)]
    if len(fitting) != 1:
        return None
    return fitting[0] if slash or _is_his(duty, fitting[0]) else None


def ask_back(duty: Duty, given: Given) -> bool:
    """Ask whether a mended command was meant, with a button; False where nothing must be asked.

    Nothing is asked of what only reads, which is said back, nor by SMS, where the question for the code says it back.
    """
    if not given.changes:
        duty.tell("officer_taken_for", command=_shown(duty, given))
        return False
    if duty.by_sms:
        return False
    case = None
    if SHAPES[given.command].case and (case := find(duty, given, asks_back=True)) is None:
        return True
    _ask_back(duty, given, case)
    return True


def _ask_back(duty: Duty, given: Given, case: CaseRecord | None) -> None:
    reference = case.reference if case is not None else None
    shown = _shown(duty, replace(given, reference=reference, number=None))
    draft = keep(duty, given, case, "draft", _ASKED)
    button = Button(say("button_yes", duty.language), f"d:send:{draft}")
    duty.tell("officer_did_you_mean", case=case, buttons=((button,),), command=shown)


def _shown(duty: Duty, given: Given) -> str:
    """Return a command as it is said back; by SMS without its words, which may be long."""
    named = given.reference or (str(given.number) if given.number is not None else "")
    words = "" if duty.by_sms else given.words
    return " ".join(part for part in (f"/{given.command}", named, words) if part)


def _is_his(duty: Duty, given: Given) -> bool:
    return SHAPES[given.command].case and duty.look(number=given.number, reference=given.reference) is not None


def _near(duty: Duty, given: Given) -> tuple[str, ...]:
    if given.reference is None:
        return ()
    prefix = duty.context.settings.prefix
    if given.reference.startswith(prefix):
        return one_slip_from(given.reference)
    return (prefix + given.reference[len(prefix) :],)
