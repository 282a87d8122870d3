"""A sweep over meetings that come again: those of the coming weeks are made."""

from datetime import datetime

from handlers.context import Context
from handlers.programme import meetings
from storage.queries.programme import meeting_series


def make_meetings(context: Context, now: datetime) -> int:
    """Make the meetings of all series that go on, some weeks ahead, each once, and count them."""
    with context.store.reading() as tx:
        running = meeting_series.everything(tx, running=True)
    due = context.calendar.local_day(now) + meetings.AHEAD
    made = 0
    for each in running:
        if each.made_until is None or each.made_until < min(due, each.ends_on or due):
            with context.store.transaction() as tx:
                series = meeting_series.by_id(tx, each.id)
                if series.state == "running":
                    made += meetings.make_ahead(context, tx, series, now)
    return made
