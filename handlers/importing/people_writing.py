"""Writing a list of people that was checked whole: at once, or a long one in parts between which others may write."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from handlers.context import Context
from handlers.importing.lists import CHUNK, Listing
from handlers.importing.phones_handed import PhonesHanded
from handlers.importing.report import Refused, Report, changed_meanwhile
from storage import Tx
from storage.notebook import Notebook
from storage.queries import audit
from storage.queries.persons import bulk, contacts, people
from storage.store import AlreadyThere

AT_ONCE = 10_000
"""Up to how many rows that change something are written in one transaction on SQLite, where nobody else writes meanwhile."""

_PART = 5_000
_REST_S = 0.12
"""SQLite has those who wait look again each tenth of a second: so long whoever waits is let in between two parts."""

_SITTING = timedelta(hours=2)

Step = Mapping[str, Any]
_Stranger = tuple[int, int, int]
"""A phone, who wrote from it, and who is said to have it."""


@dataclass(slots=True)
class _Writing:
    """One list on its way in. `later` are rows of parts that turned out to touch somebody's phone."""

    context: Context
    listing: Listing
    report: Report
    now: datetime
    handed: PhonesHanded = field(default_factory=PhonesHanded)
    later: set[int] = field(default_factory=set)
    seen: int = 0

    def went_through(self, rows: int, done: Counter[str]) -> None:
        """Tell how much is written for good."""
        self.seen += rows
        self.report.rows_written += done.total()
        total = max(1, self.report.new + self.report.changed + self.report.unchanged)
        self.listing.choices.progress("writing", self.seen / total)


def write(context: Context, listing: Listing, book: Notebook, *, report: Report, now: datetime) -> None:
    """Write all rows. Raises `Refused` where somebody changed the same people since they were checked.

    On SQLite a long list goes in parts: first whoever touches nobody's phone, then all others at once, since what was
    under way at a phone that is given away follows its person when all is written. What is written stays where a part
    fails, and `report` counts it; the same list again brings in the rest.
    """
    work = _Writing(context, listing, report, now)
    in_parts = context.store.is_sqlite and report.new + report.changed > AT_ONCE
    try:
        for part in _parts(book) if in_parts else ():
            _write_part(work, part)
            time.sleep(_REST_S)
        _write_rest(work, book, without_parts=in_parts)
    except (AlreadyThere, Refused):
        raise changed_meanwhile(report.rows_written) from None
    report.written = True


def _is_apart(step: Step) -> bool:
    """Tell whether a row changes something and nobody's phone: somebody new with a number of her own, or other columns."""
    alone = not step["phone"] or (step["person"] is None and step["owner"] is None and not step["shared"])
    return alone and _changes(step)


def _changes(step: Step) -> bool:
    return bool(step["is_new"] or step["columns"])


def _parts(book: Notebook) -> Iterator[list[tuple[int, Step]]]:
    rows = ((row, step) for page in book.steps() for row, step in page if _is_apart(step))
    while part := list(islice(rows, _PART)):
        yield part


def _write_part(work: _Writing, part: Sequence[tuple[int, Step]]) -> None:
    done, later = Counter[str](), set[int]()
    with work.context.store.transaction() as tx:
        for start in range(0, len(part), CHUNK):
            page = part[start : start + CHUNK]
            known = bulk.holders(tx, [step["phone"] for _, step in page if step["phone"]])
            later |= {row for row, step in page if step["phone"] in known}
            done += _write_page(tx, [step for row, step in page if row not in later], work.handed, work.now)
        _note(tx, work, done)
    work.later |= later
    work.went_through(len(part) - len(later), done)


def _write_rest(work: _Writing, book: Notebook, *, without_parts: bool) -> None:
    done, rows = Counter[str](), 0
    with work.context.store.transaction() as tx:
        for page in book.steps():
            mine = [step for row, step in page if not without_parts or row in work.later or not _is_apart(step)]
            done += _write_page(tx, mine, work.handed, work.now)
            rows += len(mine)
        work.handed.follow(tx, work.now)
        work.listing.remember(tx, work.now)
        _note(tx, work, done, unchanged=work.report.unchanged, kept_out=work.report.kept_out)
    work.went_through(rows, done)


def _note(tx: Tx, work: _Writing, done: Counter[str], **more: int) -> None:
    """Note what one transaction wrote: of a list in parts there are several entries, and no row is without one."""
    data = {"new": done["new"], "changed": done["changed"], **more}
    audit.add(tx, "people.imported", actor="staff", now=work.now, data=data)


def _write_page(tx: Tx, all_steps: Sequence[Step], handed: PhonesHanded, now: datetime) -> Counter[str]:
    """Write some hundred rows, and count who is new and who changed; what changes nothing is not looked at again."""
    steps = [step for step in all_steps if _changes(step)]
    new = sum(step["is_new"] for step in steps)
    if not steps:
        return Counter()
    known = bulk.by_external_ids(tx, [step["id"] for step in steps])
    holders = bulk.holders(tx, [step["phone"] for step in steps if step["phone"]])
    for step in steps:
        _check_still(step, known, holders)
    made = bulk.add_people(tx, now, [step["values"] for step in steps if step["person"] is None])
    bulk.change_people(tx, [(step["person"], step["values"]) for step in steps if step["person"] is not None])
    whose = {step["id"]: step["person"] or made[step["id"]] for step in steps}
    given = [(whose[step["id"]], step["phone"]) for step in steps if step["phone"] and not step["shared"]]
    had = [step["person"] for step in steps if step["phone"] and not step["shared"] and step["person"] is not None]
    handed.note(bulk.give_phones(tx, given, holders, had=had, now=now), had)
    for contact_id, *both in _strangers(steps, whose, holders):
        _share_between(tx, contact_id, both, now)
    _share(tx, [step for step in steps if step["phone"] and step["shared"]], whose, handed=handed, now=now)
    return Counter(new=new, changed=len(steps) - new)


def _strangers(steps: Sequence[Step], whose: Mapping[str, int], holders: Mapping[str, bulk.Holder]) -> list[_Stranger]:
    """Return who wrote from a phone, is on no list, and is somebody else's on this one: she, or another at that phone.

    Nobody vouches that both are one, so her matters stay hers, and no other account of the listed person shows them.
    """
    found = []
    for step in steps:
        holder, person_id = holders.get(step["phone"] or ""), whose[step["id"]]
        if holder is None or step["shared"] or holder.external_id is not None or holder.person_id is None:
            continue
        if holder.person_id != person_id:
            found.append((holder.contact_id, holder.person_id, person_id))
    return found


def _share(tx: Tx, steps: Sequence[Step], whose: Mapping[str, int], *, handed: PhonesHanded, now: datetime) -> None:
    """Share phones with those who have them; the first of all is given one that nobody has (any more)."""
    for step in steps:
        person_id, phone = whose[step["id"]], step["phone"]
        holder = bulk.holders(tx, [phone]).get(phone)
        if holder is None or holder.person_id is None:
            known = {phone: holder} if holder else {}
            handed.note(bulk.give_phones(tx, [(person_id, phone)], known, had=[person_id], now=now), [person_id])
            continue
        _share_between(tx, holder.contact_id, (holder.person_id, person_id), now)


def _share_between(tx: Tx, contact_id: int, both: Sequence[int], now: datetime) -> None:
    for each in both:
        # Being on a list is no use of the phone: who uses it is asked with the next matter.
        contacts.share(tx, contact_id, each, label=people.by_id(tx, each).name, now=now - _SITTING)


def _check_still(step: Step, known: Mapping[str, bulk.KnownPerson], holders: Mapping[str, bulk.Holder]) -> None:
    """See that nobody was added or given a phone since the row was checked. Raises `Refused`."""
    person = known.get(step["id"])
    if (person.id if person else None) != (None if step["is_new"] else step["person"]):
        raise changed_meanwhile()
    if step["phone"] and not step["shared"]:
        holder = holders.get(step["phone"])
        found = holder.person_id if holder else None
        if found != step["owner"] and not (step["freed"] and found is None):
            raise changed_meanwhile()
