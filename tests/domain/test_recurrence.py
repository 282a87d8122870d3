"""Rules in words give the days that people mean, and holidays do what the series says."""

from datetime import date

import pytest

from domain.recurrence import NoRule, read_rule

FREE = {date(2026, 4, 14), date(2026, 4, 15), date(2026, 4, 16)}


def is_working(day: date) -> bool:
    return day.weekday() < 5 and day not in FREE


def days(rule: str) -> list[tuple[int, int]]:
    found = read_rule(rule).days(date(2026, 3, 1), date(2026, 4, 30), is_working)
    return [(held.month, held.day) for _, held in found]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("second Tuesday", [(3, 10), (4, 17)]),
        ("every second tuesday; kept", [(3, 10), (4, 14)]),
        ("second Tuesday; dropped", [(3, 10)]),
        ("Last Friday", [(3, 27), (4, 24)]),
        ("every 15th; kept", [(3, 15), (4, 15)]),
        ("every 15th", [(3, 16), (4, 17)]),
        ("every 31st; kept", [(3, 31), (4, 30)]),
        ("every saturday", [(3, 7), (3, 14), (3, 21), (3, 28), (4, 4), (4, 11), (4, 18), (4, 25)]),
    ],
)
def test_days(rule: str, expected: list[tuple[int, int]]) -> None:
    assert days(rule) == expected


@pytest.mark.parametrize(
    "rule", ["", "sometimes", "every", "every 32nd", "every 0", "fifth Tuesday", "every Friday; perhaps"]
)
def test_what_is_no_rule_is_refused(rule: str) -> None:
    with pytest.raises(NoRule):
        read_rule(rule)
