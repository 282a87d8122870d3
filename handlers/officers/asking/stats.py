"""`/stats`: a month's figures of the cases that an officer may see; never a single rating, nothing of sensitive cases."""

from datetime import date, time
from statistics import median

from domain.sending.segments import count_segments
from domain.texts.digits import typed_number
from handlers.incoming.noted import found_in
from handlers.officers.asking.listing import SMS_SEGMENTS
from handlers.officers.commands import Given
from handlers.officers.duty import Duty
from storage.queries.casework import officer_figures
from storage.queries.casework.officer_figures import Figures
from wording import say

_TOP = 5
_FEWEST_RATINGS = 5
_GOOD = 1


def show(duty: Duty, given: Given) -> None:
    """Show the figures of this month, or of the one that is named."""
    month = _month(duty, given.words)
    if month is None:
        duty.tell("officer_usage", usage=say("usage_stats", duty.language))
        return
    after = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    calendar = duty.context.calendar
    start, end = calendar.at(month, time(0)), calendar.at(after, time(0))
    figures = officer_figures.of_month(duty.tx, duty.staff.posts, start, end, duty.now)
    duty.send(_worded(duty, month, figures), key="officer_stats")


def _month(duty: Duty, words: str) -> date | None:
    """Return the first day of the month that is meant: this one, a number, a month's name; None where there is none."""
    today = duty.context.calendar.local_day(duty.now)
    if not words:
        return today.replace(day=1)
    number = typed_number(words)
    if number is not None:
        return date(today.year - (number > today.month), number, 1) if 1 <= number <= 12 else None
    months = found_in(duty.context, words, duty.now).months
    return date(months[0].year, months[0].month, 1) if months else None


def _worded(duty: Duty, month: date, figures: Figures) -> str:
    """Return figures in words; by SMS with as many categories as two segments hold."""
    language = duty.language
    resolved = len(figures.days)
    lines = [
        say(
            "officer_stats",
            language,
            month=f"{month.month}/{month.year}",
            received=figures.received,
            open=figures.open,
            overdue=figures.overdue,
            resolved=resolved,
            in_time=figures.in_time,
        )
    ]
    if resolved:
        lines.append(say("officer_stats_days", language, days=f"{max(1, median(figures.days)):g}"))
    if figures.extended:
        lines.append(say("officer_stats_extended", language, count=figures.extended))
    if len(figures.ratings) >= _FEWEST_RATINGS:
        good = round(100 * sum(each == _GOOD for each in figures.ratings) / len(figures.ratings))
        lines.append(say("officer_stats_ratings", language, good=good, count=len(figures.ratings)))
    for category, count in figures.categories[:_TOP]:
        name = say(f"category_{category or 'none'}", language)
        lines.append(f"{name} {count}")
    while duty.by_sms and len(lines) > 1 and count_segments("\n".join(lines)).segments > SMS_SEGMENTS:
        lines.pop()
    return "\n".join(lines)
