"""Bringing in people: every row is checked against the others and against who is known, before any is written."""

from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

from handlers.context import Context
from handlers.importing.lists import Listing, headings_of, is_accepted, judge, listed, may_write, told_in, with_rejects
from handlers.importing.people_rows import Checked, Checker
from handlers.importing.people_writing import write
from handlers.importing.places import Places
from handlers.importing.report import Choices, Report
from handlers.importing.same_people import doubt_near_names
from storage.notebook import Notebook, notebook


def import_people(context: Context, path: Path, *, now: datetime, choices: Choices | None = None) -> Report:
    """Bring in people; each may be reached by SMS. An empty cell says nothing and changes nothing.

    Whoever wrote before being on a list is the person whose phone it is. Another phone takes the place of the old one. A
    phone that is another's is doubtful, unless the same list gives that one another; where it is accepted, both share it.
    """
    choices, freed = choices or Choices(), frozenset[str]()
    while True:
        report, to_free = _brought_in(context, path, freed, now=now, choices=choices)
        if to_free <= freed:
            return report
        freed |= to_free


def _brought_in(
    context: Context, path: Path, freed: frozenset[str], *, now: datetime, choices: Choices
) -> tuple[Report, frozenset[str]]:
    """Check a list, and write it unless it turns out that it frees more numbers than were known: it is then read anew."""
    report = Report()
    with told_in(report), ExitStack() as stack:
        book = stack.enter_context(notebook())
        listing = stack.enter_context(listed(context, "people", path, choices))
        report.headings.update(headings_of(listing))
        to_free = _check(context, listing, book, report=report, freed=freed)
        if not to_free <= freed:
            return report, to_free
        for page in book.steps():
            for row, step in page:
                report.count(row, tuple(step["columns"]), is_new=step["is_new"])
        report.kept_out = book.kept_out()
        if may_write(report, choices):
            with_rejects(
                path, book, report, choices, write=lambda: write(context, listing, book, report=report, now=now)
            )
    return report, freed


def _check(
    context: Context, listing: Listing, book: Notebook, *, report: Report, freed: frozenset[str]
) -> frozenset[str]:
    """Check every row, and return whose numbers the list frees. Raises `Refused`."""
    with context.store.reading() as tx:
        places = Places(tx, asked_level=context.settings.asked_level)
        country, shared = context.settings.country, listing.choices.shared_phones
        checker = Checker(tx, places, book, country=country, shared=shared, freed=freed)
        for chunk in listing.chunks():
            fit: list[tuple[Checked, bool]] = []
            for checked in checker.check(chunk):
                row, accepted = checked.row, is_accepted(checked.row, listing.choices)
                if judge(book, report, row, wrong=checked.wrong, doubtful=checked.doubtful, accepted=accepted):
                    fit.append((checked, accepted))
            book.put((checked.row.number, _step(checked)) for checked, _ in fit)
            book.group(_named(checked, accepted=accepted) for checked, accepted in fit if checked.circle is not None)
        doubt_near_names(tx, book, report, listing.choices)
        for column in sorted(places.unused):
            report.notes.append(f"the column {column} was not used: the project has no areas of this kind")
        return checker.to_free()


def _step(checked: Checked) -> dict[str, Any]:
    return {
        "id": checked.identifier,
        "person": checked.person_id,
        "is_new": checked.is_new,
        "values": checked.values,
        "columns": checked.columns,
        "phone": checked.phone,
        "owner": checked.owner_id,
        "shared": checked.is_shared,
        "freed": checked.is_freed,
    }


def _named(checked: Checked, *, accepted: bool) -> tuple[str, int, dict[str, Any]]:
    circle = checked.circle
    assert circle is not None
    body = {"name": circle.name, "sex": circle.sex, "group": circle.group, "person": checked.person_id, "ok": accepted}
    return f"{circle.area_id} {int(circle.is_village)}", checked.row.number, body
