"""Commands about incidents, where many people wrote on one matter: list and show. Sensitive cases are in no figure."""

import click

from handlers.cases import incidents
from samleng.commands.shared import FAULTS, end, installation, json_option, show_json, told_plainly


@click.group("incident")
def incident() -> None:
    """Look at what many people wrote about."""


@incident.command("list")
@json_option
@click.pass_context
@told_plainly
def list_incidents(context: click.Context, *, as_json: bool) -> None:
    """List all incidents, the newest first."""
    with installation(context) as opened:
        rows = incidents.listed(opened.context)
    if as_json:
        show_json(rows)
        return
    for row in rows:
        figures = f"{row['people']:5} people  {row['open']:5} open  {row['answered']:5} answered"
        click.echo(f"{row['number']:5}  {row['state']:10} {row['category']:18} {row['area']:12} {figures}")


@incident.command("show")
@click.argument("number", type=int)
@json_option
@click.pass_context
@told_plainly
def show(context: click.Context, *, number: int, as_json: bool) -> None:
    """Show one incident with the answer that it was given."""
    with installation(context) as opened:
        found = incidents.shown(opened.context, number)
    if found is None:
        click.echo(f"There is no incident {number}; `samleng incident list` shows them all.", err=True)
        end(FAULTS)
    if as_json:
        show_json(found)
        return
    for name in ("number", "state", "category", "area", "people", "open", "answered", "opened_at", "answered_at"):
        click.echo(f"{name:12} {found[name]}")
    for language, words in (found["answer"] or {"words": {}})["words"].items():
        click.echo(f"  {language}  {words}")
