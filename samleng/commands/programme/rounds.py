"""The command `samleng round`: payment rounds, how they go, and when they are paid."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import click

from handlers.programme import schedule
from handlers.rounds import live, moving, paying
from samleng.commands.shared import Wrong, installation, json_option, show_json, told_plainly
from samleng.wiring import Installation

_area = click.option("--area", default=None, help="The official code of the area, where it alone is meant.")


@click.group("round")
def round_() -> None:
    """Payment rounds: their dates and places, and how they go."""


@contextmanager
def scheduling(context: click.Context) -> Iterator[Installation]:
    """Open the installation, and say what is wrong with an act on a round or meeting."""
    with installation(context) as opened:
        try:
            yield opened
        except schedule.ScheduleFault as fault:
            raise Wrong(str(fault)) from fault


def a_day(text: str, option: str = "--date") -> date:
    """Read a day, or end with what is wrong with it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Wrong(f"{option}: {text!r} is no day; write it like 2026-11-30") from None


@round_.command("list")
@json_option
@click.pass_context
@told_plainly
def list_rounds(context: click.Context, *, as_json: bool) -> None:
    """List the rounds by day."""
    with installation(context) as opened:
        rows = schedule.all_rounds(opened.context)
    if as_json:
        show_json(rows)
    else:
        for row in rows:
            click.echo(f"{row['day']}  {row['code']}  {row['label']}  {row['place']}  {row['state']}")


@round_.command("show")
@click.argument("code")
@json_option
@click.pass_context
@told_plainly
def show(context: click.Context, code: str, *, as_json: bool) -> None:
    """Show how a round goes: told, delivered, asked, and what people answered, by village."""
    with scheduling(context) as opened:
        shown = live.shown(opened.context, code)
    if as_json:
        show_json(shown)
    else:
        _print(shown)


@round_.command("move")
@click.argument("code")
@click.option("--date", "day", default=None, help="The new day, as 2026-11-30.")
@click.option("--place", default=None, help="The new place.")
@click.option("--agent", default=None, help="Who pays there from now on; this alone is told to nobody.")
@_area
@click.pass_context
@told_plainly
def move_round(
    context: click.Context, code: str, *, day: str | None, place: str | None, agent: str | None, area: str | None
) -> None:
    """Move a round to another day or place, and tell whoever knew the old ones.

    Areas that have a day or place of their own keep it; those of the very day of the round move with it.
    """
    on, now = a_day(day) if day is not None else None, datetime.now(UTC)
    with scheduling(context) as opened:
        told = moving.move_round(opened.context, code, on, now, place=place, agent=agent, area_code=area)
    click.echo(f"Moved. {told} people are told.")


@round_.command("paid")
@click.argument("code")
@click.option("--date", "day", default=None, help="The day on which it was paid, where that was another one.")
@click.option("--undo", is_flag=True, help="Take the mark back: it was not paid.")
@_area
@click.pass_context
@told_plainly
def paid(context: click.Context, code: str, *, day: str | None, undo: bool, area: str | None) -> None:
    """Mark a round as paid: it is not late any more, and people are asked some days after whether the money came."""
    if undo and day is not None:
        raise Wrong("--undo: gives back the day of before; leave out --date")
    on, now = a_day(day) if day is not None else None, datetime.now(UTC)
    with scheduling(context) as opened:
        if undo:
            paying.unmark_paid(opened.context, code, now, area_code=area)
        else:
            paying.mark_paid(opened.context, code, now, area_code=area, day=on)
    click.echo("Not marked as paid any more." if undo else "Marked as paid.")


@round_.command("cancel")
@click.argument("code")
@click.pass_context
@told_plainly
def cancel_round(context: click.Context, code: str) -> None:
    """Cancel a round: no reminder of it leaves any more, and whoever was told of it is told."""
    with scheduling(context) as opened:
        told = schedule.cancel_round(opened.context, code, datetime.now(UTC))
    click.echo(f"Cancelled. {told} people are told.")


_HEADINGS = {"people": "people", "told": "told", "delivered": "delivered", "asked": "asked", "answered": "answered",
             "received": "in full", "less": "less", "missing": "not at all", "silent": "silent"}  # fmt: skip


def _print(shown: dict[str, Any]) -> None:
    click.echo(f"{shown['code']}  {shown['label']}  {shown['state']}")
    for part in shown["parts"]:
        click.echo(
            f"  {part['area'] or 'all others'}: {part['day']}  {part['place']}{'  paid' if part['paid'] else ''}"
        )
    click.echo("  ".join(["village".ljust(24), *(each.rjust(10) for each in _HEADINGS.values())]))
    for row in [*shown["villages"], {**shown["total"], "name": "all"}]:
        name = str(row.get("name") or row.get("area") or "place not known")
        click.echo("  ".join([name.ljust(24), *(str(row[each]).rjust(10) for each in _HEADINGS)]))
    whole = shown["total"]
    if whole["less_told"]:
        click.echo(f"Those with less say that they got {whole['less_told']} of {whole['less_due']}.")
