"""What many people wrote on one matter, at the desk's page: the list, its open cases, and one answer to all of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.reading import Language
from domain.settings import Level
from handlers.cases.incidents import answer_of, named
from handlers.console import acting, case_pages
from handlers.console.acting import Done, PageDuty, Posted
from handlers.console.case_pages import MOST, Row
from handlers.console.signing_in import Signed
from handlers.context import Context
from handlers.officers.acts import incidents as acts
from handlers.officers.commands import Command, Given
from storage.queries.casework import incidents
from storage.queries.casework.incidents import Figures, IncidentRecord
from storage.store import Tx

ANSWERED = "officer_incident_sent"
"""The wording that tells that an answer is on its way."""


@dataclass(frozen=True, slots=True)
class Line:
    """An incident in the list: its matter, its place, and how many people and cases of it the desk sees."""

    number: int
    category: str
    place: str
    since: datetime
    figures: Figures
    answering: bool


@dataclass(frozen=True, slots=True)
class View:
    """An incident at its page: its open cases, the languages an answer may be in, and the answer that is on its way."""

    line: Line
    cases: tuple[Row, ...]
    languages: tuple[Language, ...]
    answer: Mapping[str, str]


def listed(context: Context, signed: Signed, *, language: Language) -> list[Line]:
    """Return the incidents that are not over and of which the desk sees something, oldest first."""
    posts = signed.only(Level.DESK).posts
    with context.store.reading() as tx:
        found = incidents.of_states(tx, incidents.RAISED, incidents.ANSWERING)
        figures = incidents.figures(tx, [each.id for each in found], posts)
        return [_line(tx, each, figures[each.id], language) for each in found if each.id in figures]


def shown(context: Context, signed: Signed, number: int, *, language: Language, now: datetime) -> View | None:
    """Return one incident; None where there is none, or nothing of it to be seen."""
    posts = signed.only(Level.DESK).posts
    with context.store.reading() as tx:
        found = incidents.by_id(tx, number)
        figures = incidents.figures(tx, [number], posts).get(number)
        if found is None or figures is None:
            return None
        cases = case_pages.rows(tx, incidents.open_cases(tx, number, posts)[:MOST], language, now)
        answer = answer_of(found).words if found.state == incidents.ANSWERING else {}
        line = _line(tx, found, figures, language)
        return View(line, tuple(cases), context.settings.languages, answer)


def answer(
    context: Context, posted: Posted, number: int, *, outcome: str, words: Mapping[str, str], send: bool
) -> Done:
    """Say what an answer in these languages would be; with `send` let it go to all, each form at most once."""
    said = " ".join(f"{language}: {text}" for language, text in words.items())
    typed = f"{number} answer {outcome} {said}"
    with context.store.transaction() as tx:
        duty: PageDuty = acting.duty_of(context, tx, posted)
        if not send:
            acts.shown_before_code(duty, Given(Command.INCIDENT, slash=True, words=typed))
        elif acting.first_time(tx, posted, None):
            acts.send(duty, typed)
        return Done(found=True, told=tuple(duty.told))


def _line(tx: Tx, found: IncidentRecord, figures: Figures, language: Language) -> Line:
    about = named(tx, found, language)
    return Line(
        number=found.id,
        category=about["category"],
        place=about["place"],
        since=found.opened_at,
        figures=figures,
        answering=found.state == incidents.ANSWERING,
    )
