"""How long a broadcast takes at a gateway: its rate, its day, the night between."""

from datetime import date, datetime, time

import pytest

from domain.calendar import WorkingCalendar
from domain.inbound import Channel
from domain.ports import GatewayInfo
from domain.reading import Language
from domain.settings import ProjectSettings
from handlers.broadcasts.duration import finishes

PROJECT = ProjectSettings(
    name="LEAP", prefix="LP", country="KH", timezone="Asia/Phnom_Penh", languages=(Language.KM,), emergency_number="117"
)
CALENDAR = WorkingCalendar(PROJECT)
DAY = date(2026, 3, 3)


def moment(day: date, clock: time) -> datetime:
    return CALENDAR.at(day, clock)


@pytest.mark.parametrize(
    ("rate", "cap", "messages", "each", "used", "ends"),
    [
        (1.0, None, 3_600, 1, 0, moment(DAY, time(20))),
        (1.0, None, 3_601, 1, 0, moment(date(2026, 3, 4), time(7, 0, 1))),
        (10.0, None, 36_000, 2, 0, moment(DAY, time(20))),
        (10.0, 1_000, 900, 1, 0, moment(DAY, time(19, 1, 30))),
        (10.0, 1_000, 1_000, 1, 0, moment(date(2026, 3, 4), time(7, 0, 10))),
        (10.0, 1_000, 450, 2, 0, moment(DAY, time(19, 0, 45))),
        (10.0, 1_000, 100, 1, 900, moment(date(2026, 3, 4), time(7, 0, 10))),
    ],
)
def test_it_ends_when_the_last_has_left(
    rate: float, cap: int | None, messages: int, each: int, used: int, ends: datetime
) -> None:
    info = GatewayInfo("sms", Channel.SMS, rate=rate, daily_cap=cap)
    found = finishes(
        CALENDAR, PROJECT.quiet_hours, info, messages=messages, parts=messages * each, used=used,
        start=moment(DAY, time(19)),
    )  # fmt: skip
    assert found is not None
    assert abs((found - ends).total_seconds()) < 0.001


def test_what_takes_more_than_a_year_has_no_end() -> None:
    info = GatewayInfo("sms", Channel.SMS, rate=1.0, daily_cap=1)
    start = moment(DAY, time(19))
    assert finishes(CALENDAR, PROJECT.quiet_hours, info, messages=1, parts=1, used=0, start=start) is None
