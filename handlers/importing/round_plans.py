"""The round that a list is for: its own day and place, made with the list or known before, and copied from the last one."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from handlers.context import Context
from handlers.importing.lists import told_in
from handlers.importing.report import Choices, Refused, Report, RowFault, changed_meanwhile
from storage import Tx
from storage.queries import areas, audit
from storage.queries.programme import round_lists, rounds
from storage.queries.programme.rounds import RoundRecord
from storage.store import AlreadyThere

_LONGEST = {"code": 48, "label": 80, "place": 200}


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """The round that a list of people is for; `day` is in project time. Only a new round needs more than its code."""

    code: str
    label: str | None = None
    day: date | None = None
    place: str | None = None
    agent: str | None = None
    area_code: str | None = None


def round_from_last(
    context: Context,
    last: str,
    plan: RoundPlan,
    *,
    now: datetime,
    with_sums: bool = True,
    choices: Choices | None = None,
) -> Report:
    """Make a round with the list of an earlier one, with its sums or without."""
    report = Report()
    with told_in(report), context.store.transaction() as tx:
        earlier = rounds.round_by_code(tx, last)
        if earlier is None:
            raise Refused(RowFault(0, "from-last", last, "there is no round with this code"))
        if known_round(context, tx, plan, now=now) is not None:
            raise Refused(RowFault(0, "code", plan.code, "there is a round with this code already"))
        report.new = rounds.recipients(tx, earlier.id)
        if choices is not None and choices.dry_run:
            return report
        round_id = make_round(tx, plan, now=now)
        report.new = round_lists.copy(tx, earlier.id, round_id, with_sums=with_sums)
        _take_places(tx, earlier.id, round_id, plan, report)
        data = {"round": round_id, "people": report.new, "from": earlier.id}
        audit.add(tx, "round.imported", actor="staff", now=now, data=data)
        report.written = True
    return report


def _take_places(tx: Tx, earlier_id: int, round_id: int, plan: RoundPlan, report: Report) -> None:
    """Let areas that had a place or an agent of their own have them again, on the round's own day."""
    assert plan.day is not None
    own = [
        stop for stop in round_lists.stops(tx, earlier_id).values() if stop.place is not None or stop.agent is not None
    ]
    for stop in own:
        round_lists.put_stop(tx, round_id, replace(stop, day=plan.day))
    if own:
        report.notes.append(
            f"{len(own)} areas keep the place or agent that they had; all are paid on {plan.day.isoformat()} unless "
            "samleng round move --area gives one another day"
        )


def known_round(context: Context, tx: Tx, plan: RoundPlan, *, now: datetime) -> RoundRecord | None:
    """Return the round where it is known already; None where it can be made. Raises `Refused` where neither holds."""
    found = rounds.round_by_code(tx, plan.code)
    today = context.calendar.local_day(now)
    faults = list(_new_faults(tx, plan, today) if found is None else _known_faults(tx, found, plan, today))
    if faults:
        raise Refused(*faults)
    return found


def make_round(tx: Tx, plan: RoundPlan, *, now: datetime) -> int:
    """Make the round and return its number."""
    area = areas.by_code(tx, plan.area_code) if plan.area_code else None
    values = {name: getattr(plan, name) for name in ("code", "label", "day", "place", "agent")}
    try:
        return rounds.add_round(tx, now, **values, area_id=area.id if area else None)
    except AlreadyThere:
        raise changed_meanwhile() from None


def _new_faults(tx: Tx, plan: RoundPlan, today: date) -> Iterator[RowFault]:
    for column, longest in _LONGEST.items():
        value = getattr(plan, column) or ""
        if not 0 < len(value.strip()) <= longest:
            yield RowFault(0, column, value[:longest], f"write 1 to {longest} characters")
    if plan.day is None:
        yield RowFault(0, "date", "", "a new round needs its day, as 2026-11-30")
    elif plan.day < today:
        yield RowFault(0, "date", plan.day.isoformat(), "is past")
    if plan.area_code and areas.by_code(tx, plan.area_code) is None:
        yield RowFault(0, "area", plan.area_code, "there is no area with this code")


def _known_faults(tx: Tx, found: RoundRecord, plan: RoundPlan, today: date) -> Iterator[RowFault]:
    """Return what speaks against correcting the list of a round; its own day and place are changed elsewhere."""
    if found.state != "planned":
        yield RowFault(0, "code", plan.code, f"the round is {found.state}; its list is not changed any more")
    elif max((found.day, *(stop.day for stop in round_lists.stops(tx, found.id).values()))) < today:
        yield RowFault(0, "code", plan.code, "its day is past; its list is not changed any more")
    area = areas.by_id(tx, found.area_id).code if found.area_id is not None else None
    for column, given, stored in (
        ("label", plan.label, found.label),
        ("date", plan.day, found.day),
        ("place", plan.place, found.place),
        ("agent", plan.agent, found.agent),
        ("area", plan.area_code, area),
    ):
        if given is not None and given != stored:
            why = "the round is known with another; an import corrects its list only (a day: samleng round move)"
            yield RowFault(0, column, str(given), why)
