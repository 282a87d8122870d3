"""The command `samleng meeting`: meetings, once or again and again, and what becomes of them."""

from datetime import UTC, datetime, time

import click

from domain.recurrence import OnHoliday
from handlers.programme import meetings, schedule
from samleng.commands.programme.rounds import a_day, scheduling
from samleng.commands.shared import Wrong, installation, json_option, show_json, told_plainly


@click.group()
def meeting() -> None:
    """Meetings of an area's people or of a group."""


@meeting.command("add")
@click.option("--code", required=True)
@click.option("--title", required=True)
@click.option("--date", "day", default=None, help="As 2026-11-30; with --every the first day (else today).")
@click.option(
    "--every", "rule", default=None, help="When it comes again: 'second Tuesday', 'every Friday', 'every 15th'."
)
@click.option("--until", default=None, help="With --every: the last day.")
@click.option("--holidays", type=click.Choice([each.value for each in OnHoliday]), default=OnHoliday.MOVED.value,
              help="With --every: on a holiday it is held all the same, moved to the next office day, or dropped.")  # fmt: skip
@click.option("--time", "clock", required=True, help="In project time, as 09:00.")
@click.option("--place", required=True)
@click.option("--area", default=None, help="The official code of the area.")
@click.option("--group", default=None)
@click.pass_context
@told_plainly
def add_meeting(
    context: click.Context,
    *,
    code: str,
    title: str,
    day: str | None,
    rule: str | None,
    until: str | None,
    holidays: str,
    clock: str,
    place: str,
    area: str | None,
    group: str | None,
) -> None:
    """Add a meeting, or one that comes again: those of the next eight weeks are made, and always more."""
    now, at = datetime.now(UTC), _clock(clock)
    if rule is None:
        if day is None:
            raise Wrong("--date: say the day, or with --every when it comes again")
        plan = schedule.MeetingPlan(
            code=code, title=title, day=a_day(day), clock=at, place=place, area_code=area, group=group
        )
        with scheduling(context) as opened:
            schedule.add_meeting(opened.context, plan, now)
        click.echo("Added.")
        return
    with scheduling(context) as opened:
        series = meetings.SeriesPlan(
            code=code, title=title, rule=rule, clock=at, place=place, area_code=area, group=group,
            starts=a_day(day) if day else opened.context.calendar.local_day(now),
            ends=a_day(until, "--until") if until else None, on_holiday=OnHoliday(holidays),
        )  # fmt: skip
        made = meetings.add_series(opened.context, series, now)
    click.echo(f"Added, with {made} meetings in the next weeks.")


@meeting.command("list")
@json_option
@click.pass_context
@told_plainly
def list_meetings(context: click.Context, *, as_json: bool) -> None:
    """List the meetings by time."""
    with installation(context) as opened:
        rows = schedule.all_meetings(opened.context)
    if as_json:
        show_json(rows)
    else:
        for row in rows:
            click.echo(f"{row['at']}  {row['code']}  {row['title']}  {row['place']}  {row['state']}")


@meeting.command("series")
@json_option
@click.pass_context
@told_plainly
def list_series(context: click.Context, *, as_json: bool) -> None:
    """List the meetings that come again."""
    with installation(context) as opened:
        rows = meetings.all_series(opened.context)
    if as_json:
        show_json(rows)
    else:
        for row in rows:
            click.echo(f"{row['code']}  {row['rule']}  {row['clock']}  {row['title']}  {row['place']}  {row['state']}")


@meeting.command("move")
@click.argument("code")
@click.option("--date", "day", default=None, help="The new day, as 2026-11-30.")
@click.option("--time", "clock", default=None, help="The new time, where that changes.")
@click.option("--place", default=None, help="The new place, where that changes.")
@click.pass_context
@told_plainly
def move_meeting(context: click.Context, code: str, *, day: str | None, clock: str | None, place: str | None) -> None:
    """Put a meeting off or hold it elsewhere, and tell whoever was told of it."""
    if day is None and clock is None and place is None:
        raise Wrong("say what changes: --date, --time or --place")
    on, at = a_day(day) if day is not None else None, _clock(clock) if clock is not None else None
    with scheduling(context) as opened:
        told = meetings.move_meeting(opened.context, code, on, at, datetime.now(UTC), place=place)
    click.echo(f"Moved. {told} people are told.")


@meeting.command("cancel")
@click.argument("code")
@click.pass_context
@told_plainly
def cancel_meeting(context: click.Context, code: str) -> None:
    """Cancel one meeting: no reminder of it leaves any more, and whoever was told of it is told."""
    with scheduling(context) as opened:
        told = schedule.cancel_meeting(opened.context, code, datetime.now(UTC))
    click.echo(f"Cancelled. {told} people are told.")


@meeting.command("end")
@click.argument("code")
@click.pass_context
@told_plainly
def end_series(context: click.Context, code: str) -> None:
    """End a meeting that comes again: what is still to come of it is cancelled."""
    with scheduling(context) as opened:
        told = meetings.end_series(opened.context, code, datetime.now(UTC))
    click.echo(f"Ended. {told} people are told.")


def _clock(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise Wrong(f"--time: {text!r} is no time; write it like 09:00") from None
