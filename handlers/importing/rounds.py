"""Bringing in the list of a payment round: who is paid, how much, and where and when each area is, and correcting it."""

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from handlers.context import Context
from handlers.importing.lists import Listing, headings_of, is_accepted, judge, listed, may_write, told_in, with_rejects
from handlers.importing.places import Places
from handlers.importing.report import Choices, Refused, Report, RowFault, changed_meanwhile
from handlers.importing.round_plans import RoundPlan, known_round, make_round
from handlers.importing.round_rows import Checker, Paid
from handlers.importing.stops import Stops
from handlers.programme.schedule import ScheduleFault
from handlers.rounds import moving
from handlers.sending.voice import Voice
from storage import Tx
from storage.notebook import Notebook, notebook
from storage.queries import audit
from storage.queries.programme import round_lists, rounds
from storage.queries.programme.rounds import RoundRecord
from storage.store import AlreadyThere


@dataclass(frozen=True, slots=True)
class _Import:
    """One list on its way in."""

    context: Context
    listing: Listing
    plan: RoundPlan
    book: Notebook
    report: Report
    now: datetime
    replace: bool


def import_round(
    context: Context,
    path: Path,
    plan: RoundPlan,
    *,
    now: datetime,
    choices: Choices | None = None,
    replace: bool = False,
) -> Report:
    """Make a payment round with its list, or correct the list of one that was not paid yet; nobody is sent anything.

    People are found by id, else by phone, else by name in their village. With `replace` whoever is not in the file goes
    from the list, but for those who answered already.
    """
    choices, report = choices or Choices(), Report()
    with told_in(report), ExitStack() as stack:
        book = stack.enter_context(notebook())
        listing = stack.enter_context(listed(context, "round", path, choices))
        report.headings.update(headings_of(listing))
        work = _Import(context, listing, plan, book, report, now, replace)
        with context.store.reading() as tx:
            stops = _check(tx, work)
        report.kept_out = book.kept_out()
        if report.kept_out and not (report.new or report.changed or report.unchanged):
            report.notes.append(
                "no row can be written, and nothing is: a round without a list would be for its whole area"
            )
        elif replace and report.kept_out:
            report.notes.append("with --replace nothing is written while rows are kept out: their people would go too")
        elif may_write(report, choices):
            with_rejects(path, book, report, choices, write=partial(_write, work, stops))
    return report


def _check(tx: Tx, work: _Import) -> Stops:
    context, choices, book, report = work.context, work.listing.choices, work.book, work.report
    known = known_round(context, tx, work.plan, now=work.now)
    places = Places(tx, asked_level=context.settings.asked_level)
    today = context.calendar.local_day(work.now)
    stops = Stops.of_round(tx, known, work.plan, places=places, today=today)
    checker = Checker(tx, places, book, country=context.settings.country, round_id=known.id if known else None)
    for chunk in work.listing.chunks():
        steps: list[tuple[int, dict[str, Any]]] = []
        for paid in checker.check(chunk):
            wrong = [*paid.wrong, *stops.faults(paid)]
            accepted = is_accepted(paid.row, choices)
            if judge(book, report, paid.row, wrong=wrong, doubtful=paid.doubtful, accepted=accepted):
                columns = (*paid.columns, *stops.take(paid))
                report.count(paid.row.number, columns, is_new=paid.is_new)
                steps.append((paid.row.number, _step(paid)))
        book.put(steps)
    for column in sorted(places.unused):
        report.notes.append(f"the column {column} was not used: the project has no areas of this kind")
    if work.replace and known is not None:
        for gone, answered in _missing(tx, known.id, book):
            report.removed += not answered
            if answered:
                report.notes.append(
                    f"person {gone} is not in the file and stays on the list: there is an answer already"
                )
    return stops


def _step(paid: Paid) -> dict[str, Any]:
    return {"person": paid.person_id, "amount": paid.amount, "is_new": paid.is_new, "changes": bool(paid.columns)}


def _missing(tx: Tx, round_id: int, book: Notebook) -> list[tuple[int, bool]]:
    """Return who is on a round's list and not in the file, and whether each answered already."""
    return [
        (person_id, answered)
        for page in round_lists.listed(tx, round_id)
        for person_id, answered in page
        if not book.has_seen(f"person {person_id}")
    ]


def _put_stops(voice: Voice, stops: Stops, round_id: int, known: RoundRecord | None) -> int:
    """Put down each area's day, place and agent; whoever was told others of a known round is told, and counted."""
    told = 0
    for stop in stops.taken():
        if known is None:
            round_lists.put_stop(voice.tx, round_id, stop)
            continue
        try:
            told += moving.put_stop(voice, known, stop)
        except ScheduleFault as fault:
            raise Refused(RowFault(stops.said[stop.area_id][0], "area", "", str(fault))) from fault
    return told


def _write(work: _Import, stops: Stops) -> None:
    report, book = work.report, work.book
    with work.context.store.transaction() as tx:
        known = known_round(work.context, tx, work.plan, now=work.now)
        round_id = known.id if known is not None else make_round(tx, work.plan, now=work.now)
        # Those who go are found before the others come.
        gone = [person for person, answered in _missing(tx, round_id, book) if not answered] if work.replace else []
        round_lists.remove(tx, round_id, gone)
        try:
            for page in book.steps():
                steps = [step for _, step in page]
                fresh = [(step["person"], step["amount"]) for step in steps if step["is_new"]]
                rounds.add_recipients(tx, round_id, fresh)
                sums = {step["person"]: step["amount"] for step in steps if step["changes"] and not step["is_new"]}
                round_lists.change_amounts(tx, round_id, sums)
        except AlreadyThere:
            raise changed_meanwhile() from None
        told = _put_stops(Voice(work.context, tx, work.now), stops, round_id, known)
        if told:
            report.notes.append(f"{told} people who were told another day or place are told the new one")
        work.listing.remember(tx, work.now)
        data = {"round": round_id, "people": report.new, "changed": report.changed, "removed": len(gone)}
        audit.add(tx, "round.imported", actor="staff", now=work.now, data=data)
    report.written = True
