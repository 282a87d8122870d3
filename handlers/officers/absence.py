"""`/absent`: an officer says until when he is away; what he has goes to who is there, and he is told what."""

from datetime import date, timedelta

from domain.texts.digits import typed_number
from handlers.incoming.noted import found_in
from handlers.officers.commands import Given
from handlers.officers.duty import Duty
from handlers.staffing import posts
from wording import say

_OFF = frozenset({"off", "back", "no", "មកវិញ", "ឈប់", "ກັບມາ", "ບໍ່"})
_LONGEST_DAYS, _LONG_PAST_DAYS = 366, 60
_NAMED = 3


def absent(duty: Duty, given: Given) -> None:
    """Take an officer for absent up to and with the day that is named, or for present again."""
    if is_over(given.words):
        posts.end_absence(duty.work, duty.staff, duty.actor)
        duty.tell("officer_present")
        return
    day = until(duty, given.words)
    if day is None:
        duty.tell("officer_usage", usage=say("usage_absent", duty.language))
        return
    try:
        moved = posts.set_absent(duty.work, duty.staff, day, duty.actor)
    except posts.LastOne:
        duty.tell("officer_absent_last")
        return
    names = ", ".join(case.reference for case in moved[:_NAMED]) + (" …" if len(moved) > _NAMED else "")
    shown = f"{day.day}/{day.month}"
    duty.tell("officer_absent" if moved else "officer_absent_free", day=shown, count=len(moved), refs=names)


def is_over(words: str) -> bool:
    """Tell whether words say that somebody is there again."""
    return words.strip().lower() in _OFF


def until(duty: Duty, words: str) -> date | None:
    """Return the last day of an absence as it is named (15/12, tomorrow, ថ្ងៃសុក្រ), None where it is none to come."""
    today = duty.context.calendar.local_day(duty.now)
    number = typed_number(words)
    if number is not None:
        return next((each for n in range(31) if (each := today + timedelta(days=n)).day == number), None)
    days = [_to_come(each.day, today) for each in found_in(duty.context, words, duty.now).dates]
    coming = [day for day in days if 0 <= (day - today).days <= _LONGEST_DAYS]
    return coming[-1] if coming else None


def _to_come(day: date, today: date) -> date:
    """Return the same day of the next year where the nearest one is long past: nobody tells of an absence that is over."""
    long_past = (today - day).days > _LONG_PAST_DAYS and (day.month, day.day) != (2, 29)
    return day.replace(year=day.year + 1) if long_past else day
