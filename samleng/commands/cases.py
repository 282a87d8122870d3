"""Commands about cases: list and show. Sensitive cases are as though they were not there."""

import click

from handlers.cases import case_views
from samleng.commands.shared import FAULTS, end, installation, json_option, show_json, told_plainly


@click.group("case")
def case() -> None:
    """Look at cases."""


@case.command("list")
@click.option("--limit", type=click.IntRange(1, 10_000), default=200, show_default=True)
@json_option
@click.pass_context
@told_plainly
def list_cases(context: click.Context, *, limit: int, as_json: bool) -> None:
    """List the newest cases."""
    with installation(context) as opened:
        rows = case_views.listed(opened.context, limit)
    if as_json:
        show_json(rows)
        return
    for row in rows:
        due = (row["due_at"] or "")[:10]
        click.echo(f"{row['reference']}  {row['status']:12} {row['level']:12} {row['category'] or '-':18} {due}")


@case.command("show")
@click.argument("reference")
@json_option
@click.pass_context
@told_plainly
def show(context: click.Context, reference: str, *, as_json: bool) -> None:
    """Show one case with its messages and events."""
    with installation(context) as opened:
        found = case_views.shown(opened.context, reference.strip().upper())
    if found is None:
        click.echo(f"There is no case {reference}.", err=True)
        end(FAULTS)
    if as_json:
        show_json(found)
        return
    for name in ("reference", "kind", "status", "outcome", "level", "area", "category", "due_at"):
        click.echo(f"{name:10} {found[name]}")
    for message in found["messages"]:
        click.echo(f"  {message['at'][:16]} {message['direction']:3} {message['channel']:8} {message['text']}")
    for event in found["events"]:
        click.echo(f"  {event['at'][:16]} {event['actor']:8} {event['type']}")
