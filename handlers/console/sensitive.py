"""Sensitive cases at their page: for focal points alone; nothing here is told to anybody else, nor to her unasked."""

from dataclasses import dataclass
from datetime import datetime

from domain.harm import Harm
from domain.harm_form import Body, HarmAnswers
from domain.reading import Language
from domain.settings import Level
from handlers.cases import safeguarding
from handlers.cases.casework import Casework
from handlers.cases.safeguarding import Flawed, Form
from handlers.console import acting, case_pages
from handlers.console.acting import Done, PageDuty, Posted, Told
from handlers.console.case_pages import MOST, Row
from handlers.console.signing_in import Signed
from handlers.context import Context
from storage.queries import areas, services
from storage.queries.casework import caseload
from storage.queries.casework.cases import CaseRecord
from storage.queries.services import ServiceRow


@dataclass(frozen=True, slots=True)
class HarmView:
    """What stands beside a sensitive case: its form with the clocks, the services of its place, and the districts."""

    form: Form
    services: tuple[ServiceRow, ...]
    districts: tuple[tuple[str, str], ...]


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
        here = [*areas.codes_in(case.area_path), *([form.answers.district] if form.answers.district else [])]
        return HarmView(
            form=form,
            services=tuple(services.active(tx, area_codes=here)),
            districts=tuple(safeguarding.districts(tx, language.value)),
        )


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
