"""What a person's words name by the way: the days, months, sums and phone numbers, for an officer to see at a glance."""

from datetime import datetime

from domain.texts.slots import Slots
from handlers.context import Context
from understanding.slots import slots_of
from understanding.slots.glossary import Country

_SIGNS = {"KHR": "៛", "LAK": "₭", "USD": "$", "THB": "฿"}


def found_in(context: Context, text: str, at: datetime) -> Slots:
    """Return what stands in a text that was written at a moment; "tomorrow" is counted from that day."""
    country: Country = "KH" if context.settings.country == "KH" else "LA"
    today, prefixes = context.calendar.local_day(at), (context.settings.prefix,)
    return slots_of(text, today=today, country=country, prefixes=prefixes)


def in_short(slots: Slots) -> str:
    """Return slots as one line, such as `15/8 · 50,000 ៛ · +85512345678`; empty where there are none."""
    shown = [f"{each.day.day}/{each.day.month}" for each in slots.dates]
    shown += [f"{each.month}/{each.year}" for each in slots.months]
    shown += [f"{each.amount:,f} {_SIGNS[each.currency]}" for each in slots.sums]
    shown += [each.e164 for each in slots.phones]
    return " · ".join(shown)
