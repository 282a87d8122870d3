"""Bringing in people: every row is checked against the others and against who is known, then all are written at once."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from handlers.context import Context
from handlers.importing.lists import Listing, headings_of, is_accepted, judge, listed, may_write, told_in, with_rejects
from handlers.importing.people_rows import Checked, Checker
from handlers.importing.phones_handed import PhonesHanded
from handlers.importing.places import Places
from handlers.importing.report import Choices, Report, changed_meanwhile
from handlers.importing.same_people import doubt_near_names
from storage import Tx
from storage.notebook import Notebook, notebook
from storage.queries import audit
from storage.queries.persons import bulk, contacts, joining, people
from storage.store import AlreadyThere

_SITTING = timedelta(hours=2)


def import_people(context: Context, path: Path, *, now: datetime, choices: Choices | None = None) -> Report:
    """Bring in people; each may be reached by SMS. An empty cell says nothing and changes nothing.

    Whoever wrote before being on a list is the person whose phone it is. Another phone takes the place of the old one. A
    phone that is another's is doubtful; where it is accepted, both share it.
    """
    choices, report = choices or Choices(), Report()
    with told_in(report), ExitStack() as stack:
        book = stack.enter_context(notebook())
        listing = stack.enter_context(listed(context, "people", path, choices))
        report.headings.update(headings_of(listing))
        _check(context, listing, book, report)
        for page in book.steps():
            for row, step in page:
                report.count(row, tuple(step["columns"]), is_new=step["is_new"])
        report.kept_out = book.kept_out()
        if may_write(report, choices):
            with_rejects(
                path, book, report, choices, write=lambda: _write(context, listing, book, report=report, now=now)
            )
    return report


def _check(context: Context, listing: Listing, book: Notebook, report: Report) -> None:
    with context.store.reading() as tx:
        places = Places(tx, asked_level=context.settings.asked_level)
        checker = Checker(tx, places, book, country=context.settings.country, shared=listing.choices.shared_phones)
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
    }


def _named(checked: Checked, *, accepted: bool) -> tuple[str, int, dict[str, Any]]:
    circle = checked.circle
    assert circle is not None
    body = {"name": circle.name, "sex": circle.sex, "group": circle.group, "person": checked.person_id, "ok": accepted}
    return f"{circle.area_id} {int(circle.is_village)}", checked.row.number, body


def _write(context: Context, listing: Listing, book: Notebook, *, report: Report, now: datetime) -> None:
    total, done, handed = max(1, report.new + report.changed + report.unchanged), 0, PhonesHanded()
    with context.store.transaction() as tx:
        for page in book.steps():
            # What changes nothing is not looked at again: on SQLite nobody else writes meanwhile.
            changing = [step for _, step in page if step["is_new"] or step["columns"]]
            try:
                _write_page(tx, changing, handed, now)
            except AlreadyThere:
                raise changed_meanwhile() from None
            done += len(page)
            listing.choices.progress("writing", done / total)
        handed.follow(tx, now)
        listing.remember(tx, now)
        data = {"new": report.new, "changed": report.changed, "unchanged": report.unchanged}
        audit.add(tx, "people.imported", actor="staff", now=now, data=data | {"kept_out": report.kept_out})
    report.written = True


def _write_page(tx: Tx, steps: Sequence[Mapping[str, Any]], handed: PhonesHanded, now: datetime) -> None:
    if not steps:
        return
    known = bulk.by_external_ids(tx, [step["id"] for step in steps])
    holders = bulk.holders(tx, [step["phone"] for step in steps if step["phone"]])
    for step in steps:
        _check_still(step, known, holders)
    made = bulk.add_people(tx, now, [step["values"] for step in steps if step["person"] is None])
    bulk.change_people(tx, [(step["person"], step["values"]) for step in steps if step["person"] is not None])
    whose = {step["id"]: step["person"] or made[step["id"]] for step in steps}
    _be_one(tx, steps, whose, holders)
    given = [(whose[step["id"]], step["phone"]) for step in steps if step["phone"] and not step["shared"]]
    had = [step["person"] for step in steps if step["phone"] and not step["shared"] and step["person"] is not None]
    handed.note(bulk.give_phones(tx, given, holders, had=had, now=now), had)
    _share(tx, [step for step in steps if step["phone"] and step["shared"]], whose, handed=handed, now=now)


def _be_one(
    tx: Tx, steps: Sequence[Mapping[str, Any]], whose: Mapping[str, int], holders: dict[str, bulk.Holder]
) -> None:
    """Let whoever wrote from a phone, and is on no list, be the person on the list whose new phone it is."""
    for step in steps:
        holder, person_id = holders.get(step["phone"] or ""), whose[step["id"]]
        if holder is None or step["shared"] or holder.external_id is not None or len(holder.people) != 1:
            continue
        if holder.person_id is not None and holder.person_id != person_id:
            joining.merge(tx, gone=holder.person_id, kept=person_id)
            holders[step["phone"]] = replace(holder, person_id=person_id, people=frozenset({person_id}))


def _share(
    tx: Tx, steps: Sequence[Mapping[str, Any]], whose: Mapping[str, int], *, handed: PhonesHanded, now: datetime
) -> None:
    """Share phones with those who have them; the first of all is given one that nobody has (any more)."""
    for step in steps:
        person_id, phone = whose[step["id"]], step["phone"]
        holder = bulk.holders(tx, [phone]).get(phone)
        if holder is None or holder.person_id is None:
            known = {phone: holder} if holder else {}
            handed.note(bulk.give_phones(tx, [(person_id, phone)], known, had=[person_id], now=now), [person_id])
            continue
        for each in (holder.person_id, person_id):
            name = people.by_id(tx, each).name
            # Being on a list is no use of the phone: who uses it is asked with the next matter.
            contacts.share(tx, holder.contact_id, each, label=name, now=now - _SITTING)


def _check_still(
    step: Mapping[str, Any], known: Mapping[str, bulk.KnownPerson], holders: Mapping[str, bulk.Holder]
) -> None:
    """See that nobody was added or given a phone since the row was checked. Raises `Refused`."""
    person = known.get(step["id"])
    if (person.id if person else None) != (None if step["is_new"] else step["person"]):
        raise changed_meanwhile()
    if step["phone"] and not step["shared"]:
        holder = holders.get(step["phone"])
        if (holder.person_id if holder else None) != step["owner"]:
            raise changed_meanwhile()
