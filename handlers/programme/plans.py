"""Changing the project's reminder plans, and the bounds of broadcasts: each change a new version of the settings, audited."""

from datetime import datetime, time
from typing import Any

from pydantic import ValidationError

from domain.settings import ProjectSettings, ReminderPlan
from storage import Tx
from storage.queries import audit, settings
from storage.queries.staffing import staff


class PlanFault(Exception):
    """Why a plan cannot be so; the words name the remedy."""


def add(tx: Tx, plan: dict[str, Any], *, actor_id: int, now: datetime) -> str:
    """Add a reminder plan and return its key. Raises `PlanFault`."""
    try:
        made = ReminderPlan.model_validate(plan)
    except ValidationError as fault:
        raise PlanFault(_said(fault)) from fault
    before = settings.current(tx)
    if _is_quiet(before, made.hour):
        quiet = before.quiet_hours
        raise PlanFault(
            f"--hour: {made.hour}:00 lies in the quiet hours ({quiet.start:%H:%M} to {quiet.end:%H:%M}); nothing would leave"
        )
    _change(tx, before, {"reminders": (*before.reminders, made)}, actor_id=actor_id, now=now)
    return made.key


def remove(tx: Tx, kind: str, key: str, *, actor_id: int, now: datetime) -> None:
    """Take a reminder plan out; what it has made already still goes. Raises `PlanFault`."""
    before = settings.current(tx)
    found = _plan(before, kind, key)
    left = tuple(each for each in before.reminders if each is not found)
    _change(tx, before, {"reminders": left}, actor_id=actor_id, now=now)


def set_texts(tx: Tx, kind: str, key: str, *, texts: dict[str, str], actor_id: int, now: datetime) -> None:
    """Give a reminder plan words of its own, in every language of the project; none: the usual ones. Raises `PlanFault`."""
    before = settings.current(tx)
    found = _plan(before, kind, key)
    try:
        new = ReminderPlan.model_validate({**found.model_dump(), "texts": texts})
    except ValidationError as fault:
        raise PlanFault(_said(fault)) from fault
    plans = tuple(new if each is found else each for each in before.reminders)
    _change(tx, before, {"reminders": plans}, actor_id=actor_id, now=now)


def change_bounds(tx: Tx, values: dict[str, Any], *, actor_id: int, now: datetime) -> None:
    """Change what bounds broadcasts: the second person's size, the month's budget, the day of reports. Raises `PlanFault`."""
    _change(tx, settings.current(tx), values, actor_id=actor_id, now=now)


def _is_quiet(current: ProjectSettings, hour: int) -> bool:
    start, end, clock = current.quiet_hours.start, current.quiet_hours.end, time(hour)
    return start <= clock < end if start <= end else clock >= start or clock < end


def _plan(before: ProjectSettings, kind: str, key: str) -> ReminderPlan:
    found = next((each for each in before.reminders if (each.kind, each.key) == (kind, key)), None)
    if found is None:
        raise PlanFault(f"there is no plan {kind} {key}; see: samleng plan list")
    return found


def _change(tx: Tx, before: ProjectSettings, values: dict[str, Any], *, actor_id: int, now: datetime) -> None:
    if staff.by_id(tx, actor_id) is None:
        raise PlanFault(f"--by: there is nobody with the number {actor_id}; see: samleng staff list")
    try:
        after = ProjectSettings.model_validate({**before.model_dump(), **values})
    except ValidationError as fault:
        raise PlanFault(_said(fault)) from fault
    settings.add(tx, after, actor="staff", actor_id=actor_id, now=now)
    audit.add(tx, "settings.changed", actor="staff", actor_id=actor_id, now=now, data={"keys": sorted(values)})


def _said(fault: ValidationError) -> str:
    """Return what is wrong in words, without the values."""
    return "; ".join(each["msg"].removeprefix("Value error, ") for each in fault.errors())
