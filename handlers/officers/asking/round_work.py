"""`/round CODE`: how a payment round goes; with `paid`, `unpaid` or a day, that it was or was not paid, or is moved."""

from datetime import date

from domain.reading import Language
from handlers.incoming.noted import found_in
from handlers.officers.commands import PAID_WORDS, UNPAID_WORDS, Given
from handlers.officers.duty import Duty
from handlers.places import find_places
from handlers.programme.schedule import ScheduleFault, known_round
from handlers.rounds import live, moving, paying
from storage.queries import areas
from wording import say


def command(duty: Duty, given: Given) -> None:
    """Show a round, or do to it what is said; what is not possible is told so, and nothing is changed."""
    code, _, rest = given.words.strip().partition(" ")
    act, _, place = rest.strip().partition(" ")
    try:
        with duty.tx.attempt():
            _do(duty, code, act.lower(), place.strip())
    except ScheduleFault:
        duty.tell("staff_round_wrong", code=code)


def _do(duty: Duty, code: str, act: str, place: str) -> None:
    found = known_round(duty.tx, code)
    if not act:
        words = live.worded(duty.tx, found, Language(duty.language), short=duty.by_sms)
        duty.send(words, key="staff_round")
        return
    area_code = _area(duty, place)
    if act in PAID_WORDS:
        paying.pay(duty.voice, code, area_code=area_code, by=duty.staff.id)
        duty.tell("staff_round_paid")
        return
    if act in UNPAID_WORDS:
        paying.unpay(duty.voice, code, area_code=area_code, by=duty.staff.id)
        duty.tell("staff_round_unpaid")
        return
    told = moving.move(duty.voice, code, _day(duty, act), area_code=area_code, by=duty.staff.id)
    duty.tell("staff_round_moved", count=told)


def _area(duty: Duty, place: str) -> str | None:
    """Return the code of the area that is named by code or name. Raises `ScheduleFault` where it is not clear which."""
    if not place:
        return None
    known = areas.by_code(duty.tx, place)
    found = [known] if known is not None else find_places(duty.context, duty.tx, place, whole=True)
    if len(found) != 1:
        raise ScheduleFault(say("officer_place_unknown", Language.EN, text=place))
    return found[0].code


def _day(duty: Duty, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        named = found_in(duty.context, text, duty.now).dates
    today = duty.context.calendar.local_day(duty.now)
    if not named:
        raise ScheduleFault(f"{text} is no day")
    day = named[0].day
    return day.replace(year=day.year + 1) if day < today and (day.month, day.day) != (2, 29) else day
