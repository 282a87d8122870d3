"""Office time: how much of it lies between two moments, from when so much is gone, and when offices open next."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import WorkingCalendar
from domain.reading import Language
from domain.settings import ProjectSettings

CALENDAR = WorkingCalendar(
    ProjectSettings(
        name="LEAP",
        prefix="LP",
        country="KH",
        timezone="Asia/Phnom_Penh",
        languages=(Language.KM,),
        emergency_number="117",
    )
)
START = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 330 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))


def local(day: int, hour: int) -> datetime:
    """Return a moment of March 2026 by the project's clock."""
    return datetime(2026, 3, day, hour, tzinfo=UTC) - timedelta(hours=7)


def test_nights_weekends_and_holidays_are_no_office_time() -> None:
    assert CALENDAR.worked_between(local(6, 16), local(10, 9)) == timedelta(hours=1 + 9 + 1)
    assert CALENDAR.worked_between(local(7, 9), local(8, 20)) == timedelta()
    assert CALENDAR.worked_between(local(4, 12), local(3, 12)) == timedelta()


def test_offices_open_on_the_next_working_morning() -> None:
    assert CALENDAR.next_open(local(6, 17)) == local(9, 8)
    assert CALENDAR.next_open(local(6, 7)) == local(6, 8)
    assert CALENDAR.next_open(local(6, 16)) == local(6, 16)


@given(MOMENTS, st.integers(1, 400))
def test_going_back_and_forth_agree(end: datetime, hours: int) -> None:
    span = timedelta(hours=hours)
    assert CALENDAR.worked_between(CALENDAR.worked_before(end, span), end) == span


@given(MOMENTS, MOMENTS, MOMENTS)
def test_office_time_adds_up(one: datetime, other: datetime, third: datetime) -> None:
    first, middle, last = sorted((one, other, third))
    parts = CALENDAR.worked_between(first, middle) + CALENDAR.worked_between(middle, last)
    assert parts == CALENDAR.worked_between(first, last)


@given(MOMENTS)
def test_offices_are_open_when_they_open_next(moment: datetime) -> None:
    opens = CALENDAR.next_open(moment)
    assert CALENDAR.is_open(opens)
    assert opens >= moment
