"""The directory of services to which somebody can be referred: bringing it in whole, and what a focal point sees of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from handlers.context import Context
from storage.queries import areas, audit, services
from storage.queries.services import Changes, ServiceRow
from storage.store import Tx

OLD_AFTER_MONTHS = 6
"""A service that nobody checked for so long may have moved or closed: one rings it before sending somebody there."""


class UnknownAreas(ValueError):
    """Areas of a directory that are no districts of the project; `codes` are they."""

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__(", ".join(codes))
        self.codes = tuple(codes)


@dataclass(frozen=True, slots=True)
class Offered:
    """A service as a focal point sees it; `old` asks to ring it before somebody is referred."""

    service: ServiceRow
    old: bool


def bring_in(tx: Tx, wanted: Sequence[ServiceRow], now: datetime) -> Changes:
    """Put a directory in force in place of the one there is, all of it or nothing.

    Raises `UnknownAreas`, and `AlreadyThere` where somebody else does so at this moment.
    """
    codes = sorted({each.area for each in wanted if each.area is not None})
    known = areas.by_codes(tx, codes)
    wrong = [code for code in codes if code not in known or known[code].level != "district"]
    if wrong:
        raise UnknownAreas(wrong)
    found = services.replace(tx, wanted, {code: area.id for code, area in known.items()})
    data = {"new": len(found.new), "changed": len(found.changed), "removed": len(found.removed)}
    audit.add(tx, "services.replaced", actor="staff", now=now, data=data)
    return found


def listed(context: Context, tx: Tx, now: datetime) -> list[Offered]:
    """Return the whole directory."""
    return _offered(context, services.active(tx), now)


def offered(
    context: Context, tx: Tx, area_path: str | None, now: datetime, *, district: str | None = None
) -> list[Offered]:
    """Return the services of a case's district, and of the one that its form names, and those of the whole country."""
    here = [*areas.codes_in(area_path), *([district] if district else [])]
    return _offered(context, services.active(tx, area_codes=here), now)


def is_old(checked_on: date, today: date) -> bool:
    """Tell whether a service was not checked for half a year."""
    return (today.year - checked_on.year) * 12 + today.month - checked_on.month - (
        today.day < checked_on.day
    ) >= OLD_AFTER_MONTHS


def _offered(context: Context, found: Sequence[ServiceRow], now: datetime) -> list[Offered]:
    today = context.calendar.local_day(now)
    return [Offered(each, is_old(each.checked_on, today)) for each in found]
