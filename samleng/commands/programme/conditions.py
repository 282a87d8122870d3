"""The command `samleng condition`: what people must have done by a day so that a transfer goes on."""

from datetime import UTC, datetime
from pathlib import Path

import click

from handlers.importing.cells import identifier
from handlers.importing.files import opened as opened_list
from handlers.importing.headers import place_of
from handlers.importing.report import Refused
from handlers.programme import conditions
from samleng.commands.programme.rounds import a_day, scheduling
from samleng.commands.shared import Wrong, installation, json_option, show_json, told_plainly


@click.group()
def condition() -> None:
    """Conditions of a transfer, such as a growth-monitoring visit by a day."""


@condition.command("add")
@click.option("--code", required=True)
@click.option("--date", "day", required=True, help="By which day it must be done, as 2026-11-30.")
@click.option("--place", default=None)
@click.option("--km", default=None, help="What must be done, in Khmer.")
@click.option("--lo", default=None, help="The same in Lao.")
@click.option("--en", default=None, help="The same in English.")
@click.pass_context
@told_plainly
def add(
    context: click.Context,
    *,
    code: str,
    day: str,
    place: str | None,
    km: str | None,
    lo: str | None,
    en: str | None,
) -> None:
    """Add a condition; every language of the project needs its words."""
    labels = {language: words for language, words in (("km", km), ("lo", lo), ("en", en)) if words}
    with scheduling(context) as opened:
        plan = conditions.ConditionPlan(code, labels, a_day(day), place)
        conditions.add(opened.context, plan, datetime.now(UTC))
    click.echo("Added.")


@condition.command("list")
@json_option
@click.pass_context
@told_plainly
def list_conditions(context: click.Context, *, as_json: bool) -> None:
    """List the conditions by day, with how many people have met each."""
    with installation(context) as opened:
        rows = conditions.listed(opened.context)
    if as_json:
        show_json(rows)
    else:
        for row in rows:
            label = next(iter(row["labels"].values()))
            click.echo(f"{row['due_on']}  {row['code']}  {label}  {row['met']} of {row['people']}  {row['state']}")


@condition.command("import")
@click.argument("code")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_context
@told_plainly
def import_people(context: click.Context, code: str, *, file: Path) -> None:
    """Say for whom a condition is: FILE (CSV or XLSX) has their identifiers in its column `id`. All or nothing."""
    ids = _ids(file)
    with scheduling(context) as opened:
        new = conditions.put_people(opened.context, code, ids, datetime.now(UTC))
    click.echo(f"{new} people are new.")


@condition.command("met")
@click.argument("code")
@click.argument("ids", nargs=-1)
@click.option("--file", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=None)
@click.pass_context
@told_plainly
def met(context: click.Context, code: str, *, ids: tuple[str, ...], file: Path | None) -> None:
    """Keep that people (their identifiers, or a FILE's) met a condition: they are reminded no more."""
    wanted = [*ids, *(_ids(file) if file is not None else ())]
    if not wanted:
        raise Wrong("say who met it: identifiers, or --file")
    with scheduling(context) as opened:
        done = conditions.met(opened.context, code, wanted, datetime.now(UTC))
    click.echo(f"{done} people met it.")


@condition.command("cancel")
@click.argument("code")
@click.pass_context
@told_plainly
def cancel(context: click.Context, code: str) -> None:
    """Cancel a condition: nobody is reminded of it any more, and whoever was told of it is told."""
    with scheduling(context) as opened:
        told = conditions.cancel(opened.context, code, datetime.now(UTC))
    click.echo(f"Cancelled. {told} people are told.")


@condition.command("move")
@click.argument("code")
@click.option("--date", "day", required=True, help="The new day, as 2026-11-30.")
@click.pass_context
@told_plainly
def move(context: click.Context, code: str, *, day: str) -> None:
    """Give a condition another day, and tell whoever was told of it and has not met it."""
    with scheduling(context) as opened:
        told = conditions.move(opened.context, code, a_day(day), datetime.now(UTC))
    click.echo(f"Moved. {told} people are told.")


def _ids(file: Path) -> list[str]:
    try:
        with opened_list(file) as sheet:
            column = place_of("people", sheet.header, "id")
            if column is None:
                raise Wrong(f"{file.name}: there is no column id")
            return [identifier(row[column]) for _, row in sheet.rows if row[column]]
    except Refused as fault:
        raise Wrong(f"{file.name}: " + "; ".join(each.why for each in fault.faults)) from fault
