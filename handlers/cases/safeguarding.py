"""What a sensitive case asks of its focal points: its kind, the form without identity, its clocks, and who is called.

Nobody but focal points learns of anything here. What leaves for a phone says to open the console, and no more.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise
from typing import Any

from domain import harm_form
from domain.harm import Harm
from domain.harm_form import Body, Flaw, HarmAnswers
from domain.inbound import Channel
from handlers.cases.caseacts import MACHINE, Actor, CaseActs
from handlers.context import Context
from storage.queries import alerts, areas
from storage.queries.casework import case_numbers, harm
from storage.queries.casework.cases import CaseRecord
from storage.queries.casework.harm import FormRecord
from storage.queries.persons import contacts
from storage.store import Tx
from understanding.danger import says_danger
from understanding.persons.named_people import named_in
from understanding.slots.glossary import Country
from understanding.slots.phones import find_phones
from wording import say

FIRST = 2
"""How many focal points are told at once; those who came to the post after them stand in for them."""
FEWEST = 5
"""No figure below this is told to anybody: it would point at somebody."""
_SINCE = "since"


class Flawed(ValueError):
    """A form that cannot be kept; `flaws` says why."""

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        super().__init__(", ".join(flaws))
        self.flaws = tuple(flaws)


@dataclass(frozen=True, slots=True)
class Clock:
    """Who has to be notified, by when, and who said when that this was done."""

    body: Body
    due_at: datetime
    told_at: datetime | None
    told_by: int | None


@dataclass(frozen=True, slots=True)
class Form:
    """A case's form as focal points see it: what is answered, and the clocks that run."""

    answers: HarmAnswers
    clocks: tuple[Clock, ...]


@dataclass(frozen=True, slots=True)
class HalfYear:
    """Half a year that is over, by its first day, and how many sensitive cases came in; None where they are too few."""

    starts: date
    count: int | None


def begin(acts: CaseActs, case: CaseRecord) -> None:
    """Start the clocks of a case that has become sensitive; they go on where they were started before."""
    _kept(acts, case)


def of_case(acts: CaseActs, case: CaseRecord) -> Form:
    """Return a case's form; its clocks are started where they were not."""
    record = _kept(acts, case)
    clocks = [
        Clock(Body.PROJECT, record.project_due_at, record.project_told_at, record.project_told_by),
        Clock(Body.BANK, record.bank_due_at, record.bank_told_at, record.bank_told_by) if record.bank_due_at else None,
    ]
    return Form(_answers(record), tuple(clock for clock in clocks if clock is not None))


def keep(acts: CaseActs, case: CaseRecord, answers: HarmAnswers, actor: Actor) -> None:
    """Keep the answers of a form, and set its clocks anew. Raises `Flawed`, and keeps nothing then.

    A child stays one: where the age says so and no kind was named, the case is a child's.
    """
    flaws = [*answers.flaws(acts.context.calendar.local_day(acts.now)), *_identities(acts, case, answers)]
    if flaws:
        raise Flawed(flaws)
    record = _kept(acts, case)
    harm.change(acts.tx, case.id, **_row(acts, case, answers, _since(record)), changed_by=actor.id)
    acts.note(case, "harm.form_kept", actor)
    if answers.age.is_child and case.sensitive == Harm.UNSORTED:
        set_kind(acts, case, Harm.CHILD, actor)


def set_kind(acts: CaseActs, case: CaseRecord, kind: Harm, actor: Actor) -> CaseRecord:
    """Say what kind of harm a case tells of, and set its clocks anew; they count from when it became known."""
    if case.sensitive == kind.value:
        return case
    acts.note(case, "case.harm_kind", actor, **{"from": case.sensitive, "to": kind.value})
    case = acts.change(case, sensitive=kind.value)
    record = _kept(acts, case)
    harm.change(acts.tx, case.id, **_row(acts, case, _answers(record), _since(record)))
    return case


def tell_of_notification(acts: CaseActs, case: CaseRecord, body: Body, actor: Actor) -> bool:
    """Note that the project or the Bank was notified, by whom and when; False where that was noted before."""
    if _kept(acts, case).told_at(body) is not None:
        return False
    harm.change(acts.tx, case.id, **{f"{body}_told_at": acts.now, f"{body}_told_by": actor.id})
    acts.note(case, "harm.told", actor, body=body.value)
    return True


def first_to_tell(acts: CaseActs, case: CaseRecord) -> list[int]:
    """Return who is told of a case at once: who took it, and the first two focal points who are there; none named by it."""
    there = harm.focal_points(acts.tx, acts.now, case.id)
    taker = [case.taken_by] if case.taken_by in there and case.taken_by is not None else []
    return list(dict.fromkeys([*taker, *there[:FIRST]]))


def call_everybody(acts: CaseActs, case: CaseRecord, key: str = "focal_called") -> int:
    """Call every focal point who is there, the substitutes too, by each way to reach them; count those who were reached."""
    return sum(_call(acts, case, staff_id, key) for staff_id in harm.focal_points(acts.tx, acts.now, case.id))


def heed_danger(acts: CaseActs, case: CaseRecord, text: str) -> None:
    """Call all focal points at once, at night too, where a sensitive text speaks of danger now; once an hour for a case.

    What its person is answered stays the same to the letter.
    """
    if case.sensitive is None or not says_danger(text):
        return
    if alerts.alert_once(acts.tx, "danger", f"{case.id}:{acts.now:%Y%m%d%H}", case_id=case.id, now=acts.now):
        reached = call_everybody(acts, case, "focal_at_once")
        acts.note(case, "harm.danger", MACHINE, reached=reached)


def remind(acts: CaseActs, case: CaseRecord, due_at: datetime) -> None:
    """Remind who has a case that its clock runs out; everybody, and the configured outsider, once it has."""
    over = due_at <= acts.now
    told = harm.focal_points(acts.tx, acts.now, case.id) if over else first_to_tell(acts, case)
    local = acts.context.calendar.local(due_at)
    for staff_id in told:
        key = "focal_clock_over" if over else "focal_clock"
        acts.voice.tell_staff(staff_id, key, case=case, moment=f"{local:%H:%M} {acts.voice.day(due_at)}")
    if over:
        tell_outsider(acts)


def tell_outsider(acts: CaseActs) -> bool:
    """Ask the configured outsider, if there is one, to call the focal points, without a word of any case."""
    phone = acts.context.settings.safeguarding.outside_phone
    if not phone:
        return False
    contact = contacts.find(acts.tx, Channel.SMS, phone) or contacts.lock(acts.tx, Channel.SMS, phone, now=acts.now)
    return acts.voice.tell(contact, "outsider_wanted", kind="notice", project=acts.context.settings.name) is not None


def districts(tx: Tx, language: str) -> list[tuple[str, str]]:
    """Return code and name of every district: the smallest place that a form may hold."""
    return [(each.code, each.name(language)) for each in areas.of_level(tx, "district")]


def half_years(context: Context, now: datetime, *, most: int = 4) -> list[HalfYear]:
    """Return how many sensitive cases came in, of the whole project, for the last half years that are over, newest first.

    A half year that still runs is not told: a figure that grows tells when.
    """
    day = context.calendar.local_day(now)
    ends = [date(day.year - n // 2, 7 if n % 2 else 1, 1) for n in range(-1, 2 * most + 2)]
    over = sorted((each for each in ends if each <= day), reverse=True)[: most + 1]
    with context.store.reading() as tx:
        return [_half_year(context, tx, start, end) for end, start in pairwise(over)]


def _half_year(context: Context, tx: Tx, start: date, end: date) -> HalfYear:
    at = context.calendar.at
    count = harm.count_received(tx, at(start, time(0)), at(end, time(0)))
    return HalfYear(start, count if count >= FEWEST else None)


def _kept(acts: CaseActs, case: CaseRecord) -> FormRecord:
    """Return the stored form of a case, made where there was none."""
    found = harm.of_case(acts.tx, case.id)
    if found is None:
        since = case.due_from or case.received_at
        harm.begin(acts.tx, case.id, **_row(acts, case, HarmAnswers(), since))
        found = harm.of_case(acts.tx, case.id)
    assert found is not None
    return found


def _row(acts: CaseActs, case: CaseRecord, answers: HarmAnswers, since: datetime) -> dict[str, Any]:
    kind = Harm(case.sensitive or Harm.UNSORTED)
    due = harm_form.due(since, kind, answers, acts.context.settings.safeguarding)
    plain = {**answers.as_plain(), _SINCE: since.isoformat()}
    return {
        "answers": json.dumps(plain, ensure_ascii=False),
        "project_due_at": due[Body.PROJECT],
        "bank_due_at": due[Body.BANK],
        "changed_at": acts.now,
    }


def _answers(record: FormRecord) -> HarmAnswers:
    return HarmAnswers.from_plain(json.loads(record.answers))


def _since(record: FormRecord) -> datetime:
    return datetime.fromisoformat(json.loads(record.answers)[_SINCE])


def _identities(acts: CaseActs, case: CaseRecord, answers: HarmAnswers) -> list[Flaw]:
    """Return by what in a form somebody could be found: a smaller place, a phone number, the name of anybody known."""
    area = areas.by_code(acts.tx, answers.district) if answers.district is not None else None
    flaws = [Flaw.NOT_A_DISTRICT] if answers.district and (area is None or area.level != "district") else []
    if not answers.words:
        return flaws
    country: Country = "KH" if acts.context.settings.country == "KH" else "LA"
    if find_phones(answers.words, country):
        flaws.append(Flaw.NUMBER_IN_WORDS)
    people = harm.names_near(acts.tx, person_id=case.person_id, area_path=case.area_path)
    of_staff = named_in(answers.words, harm.names_of_staff(acts.tx), across=True)
    if of_staff or named_in(answers.words, [(name,) for name in people]):
        flaws.append(Flaw.NAME_IN_WORDS)
    return flaws


def _call(acts: CaseActs, case: CaseRecord, staff_id: int, key: str) -> bool:
    voice, sent = acts.voice, []
    number = case_numbers.number_for(acts.tx, staff_id, case.id)
    for contact in contacts.of_staff(acts.tx, staff_id):
        words = say(key, voice.staff_language(contact), ref=case.reference, number=number)
        sent.append(voice.send(contact, words, key=key, case=case, kind="notice", staff_id=staff_id))
    return any(each is not None for each in sent)
