"""Sensitive cases at their page: for focal points alone; nothing here is told to anybody else, nor to her unasked."""

from dataclasses import dataclass
from datetime import datetime

from domain.harm import Harm
from domain.harm_form import Body, HarmAnswers, Word
from domain.reading import Language
from domain.settings import Level
from handlers.cases import safeguarding, services, who_wrote
from handlers.cases.casework import Casework
from handlers.cases.safeguarding import Flawed, Form
from handlers.cases.services import Offered
from handlers.console import acting, case_pages
from handlers.console.acting import Done, PageDuty, Posted, Told
from handlers.console.case_pages import MOST, Row
from handlers.console.signing_in import Signed
from handlers.context import Context
from storage.queries.casework import caseload
from storage.queries.casework.cases import CaseRecord
from storage.queries.persons import messages
from storage.store import Tx
from understanding.danger import says_danger


@dataclass(frozen=True, slots=True)
class HarmView:
    """What stands beside a sensitive case: its form with the clocks, the services of its place, the districts.

    `child_report` is what the project wrote of the law on harm to a child, None
    where the case tells of none; `danger` says that the person is in danger now.
    """

    form: Form
    services: tuple[Offered, ...]
    districts: tuple[tuple[str, str], ...]
    child_report: str | None
    danger: bool


def listed(context: Context, signed: Signed, *, language: Language, now: datetime, closed: bool = False) -> list[Row]:
    """Return the sensitive cases that a focal point may see, the most urgent first; those that are over where asked."""
    posts = signed.only(Level.FOCAL).posts
    with context.store.reading() as tx:
        only = "all" if closed else "open"
        found = caseload.list_visible(tx, posts, only=only, now=now, limit=MOST)
        return case_pages.rows(tx, [each for each in found if not closed or not each.is_open], language, now)


def set_kind(context: Context, posted: Posted, reference: str, kind: Harm) -> Done:
    """Say what kind of harm a case tells of."""

    def act(duty: PageDuty, case: CaseRecord) -> None:
        safeguarding.set_kind(duty.work, case, kind, duty.actor)
        duty.told.append(Told("page_kept", ""))

    return acting.on_case(context, posted, reference, act)


def harm_of(context: Context, signed: Signed, reference: str, *, language: Language, now: datetime) -> HarmView | None:
    """Return form, clocks and services of a case that a focal point may see; None where there is none to see."""
    with context.store.transaction() as tx:
        case = caseload.find_visible(tx, signed.only(Level.FOCAL).posts, reference=reference)
        if case is None:
            return None
        form = safeguarding.of_case(Casework(context, tx, now), case)
        return HarmView(
            form=form,
            services=tuple(services.offered(context, tx, case.area_path, now, district=form.answers.district)),
            districts=tuple(safeguarding.districts(tx, language.value)),
            child_report=_child_report(context, case, form, language),
            danger=form.answers.danger is Word.YES or _speaks_of_danger(tx, case),
        )


def _speaks_of_danger(tx: Tx, case: CaseRecord) -> bool:
    said = (each.text for each in messages.of_case(tx, case.id) if each.direction == "in")
    return any(says_danger(text) for text in said if text)


def _child_report(context: Context, case: CaseRecord, form: Form, language: Language) -> str | None:
    if case.sensitive != Harm.CHILD and not form.answers.age.is_child:
        return None
    written = context.settings.safeguarding.child_report
    return written.get(language) or next(filter(None, written.values()), "")


def keep_form(context: Context, posted: Posted, reference: str, answers: HarmAnswers) -> Done:
    """Keep the answers of the incident form; what is wrong with them is told, and then nothing is kept."""

    def act(duty: PageDuty, case: CaseRecord) -> None:
        try:
            safeguarding.keep(duty.work, case, answers, duty.actor)
        except Flawed as fault:
            duty.told.extend(Told(f"page_flaw_{flaw}", "") for flaw in fault.flaws)
        else:
            duty.told.append(Told("page_kept", ""))

    return acting.on_case(context, posted, reference, act)


def number_of(context: Context, posted: Posted, reference: str) -> tuple[Done, str | None]:
    """Return the number of a case's person, and note that it was shown; also where she asked for no call.

    In danger she is rung whatever she said of hours; the page warns before.
    """
    number: list[str] = []

    def act(duty: PageDuty, case: CaseRecord) -> None:
        known = who_wrote.number_of(duty.tx, case)
        if known is None:
            duty.told.append(Told("page_no_number", ""))
            return
        number.append(known)
        wanted = case.call_wanted_at is not None or case.call_hours is not None
        duty.work.note(case, "case.number_shown", duty.actor, wanted=wanted)

    return acting.on_case(context, posted, reference, act), next(iter(number), None)


def notified(context: Context, posted: Posted, reference: str, body: Body) -> Done:
    """Note that the project or the Bank was notified."""

    def act(duty: PageDuty, case: CaseRecord) -> None:
        if safeguarding.tell_of_notification(duty.work, case, body, duty.actor):
            duty.told.append(Told("page_kept", ""))

    return acting.on_case(context, posted, reference, act)


def close(context: Context, posted: Posted, reference: str) -> Done:
    """Close a resolved case; its person is not asked, and nothing is told to her."""

    def act(duty: PageDuty, case: CaseRecord) -> None:
        duty.work.solved(case, duty.actor, confirmed=False)

    return acting.on_case(context, posted, reference, act)
