"""What stands in a text by the way: days, months, sums of money, phone numbers, each with the words typed for it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

Currency = Literal["KHR", "LAK", "USD", "THB"]


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A day of the calendar (ថ្ងៃទី១៥, tomorrow)."""

    day: date
    typed: str


@dataclass(frozen=True, slots=True)
class FoundMonth:
    """A month of a year (ខែ៨, ເດືອນແລ້ວ); never a number of months."""

    year: int
    month: int
    typed: str


@dataclass(frozen=True, slots=True)
class FoundSum:
    """An amount of money; the currency is the country's where none was typed."""

    amount: Decimal
    currency: Currency
    typed: str


@dataclass(frozen=True, slots=True)
class FoundPhone:
    """A phone number that exists in its country's plan, as E.164."""

    e164: str
    typed: str


@dataclass(frozen=True, slots=True)
class Slots:
    """All that was found in one text, each kind in the order of the text, each value once."""

    dates: tuple[FoundDate, ...] = ()
    months: tuple[FoundMonth, ...] = ()
    sums: tuple[FoundSum, ...] = ()
    phones: tuple[FoundPhone, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was found."""
        return not (self.dates or self.months or self.sums or self.phones)

    def as_plain(self) -> dict[str, list[dict[str, Any]]]:
        """Return what may be written as JSON. Phone numbers say who somebody is and are left out."""
        return {
            "dates": [{"day": each.day.isoformat(), "typed": each.typed} for each in self.dates],
            "months": [{"month": f"{each.year:04}-{each.month:02}", "typed": each.typed} for each in self.months],
            "sums": [
                {"amount": f"{each.amount:f}", "currency": each.currency, "typed": each.typed} for each in self.sums
            ],
        }
