"""Commands about SMS gateways: how each is, and what is left of its credit."""

from dataclasses import asdict
from datetime import UTC, datetime

import click

from handlers.sending import gateway_figures
from handlers.sending.gateway_figures import Figures, UnknownGateway
from samleng.commands.installation.gateway_files import files
from samleng.commands.shared import Wrong, installation, json_option, show_json, told_plainly


@click.group()
def gateway() -> None:
    """SMS gateways: how each is, its credit, and the files that its parts need."""


gateway.add_command(files)


@gateway.command("list")
@json_option
@click.pass_context
@told_plainly
def list_gateways(context: click.Context, *, as_json: bool) -> None:
    """List the gateways: state and since when, SMS parts sent today and the cap, credit, messages waiting."""
    with installation(context) as opened:
        rows = gateway_figures.figures(opened.context, datetime.now(UTC))
    if as_json:
        show_json([asdict(row) for row in rows])
        return
    click.echo(f"{'gateway':20} {'state':6} {'since':16} {'sent today':>14} {'credit':>12} {'waiting':>8}  last fault")
    for row in rows:
        click.echo(_line(row))


@gateway.command("credit")
@click.argument("name")
@click.argument("amount", type=click.FloatRange(min=0))
@click.option("--add", "added", is_flag=True, help="AMOUNT was added to what was there.")
@json_option
@click.pass_context
@told_plainly
def credit(context: click.Context, *, name: str, amount: float, added: bool, as_json: bool) -> None:
    """Tell that AMOUNT of the project's money is on a gateway's account, as its operator says after a top-up.

    From then on each SMS part that is handed over is taken off at the gateway's `cost`.
    """
    with installation(context) as opened:
        try:
            left = gateway_figures.tell_credit(opened.context, name, amount, datetime.now(UTC), added=added)
        except UnknownGateway as fault:
            raise Wrong(str(fault)) from fault
        cost = opened.context.gateways[name].cost
    if as_json:
        show_json({"gateway": name, "credit": left})
        return
    lasts = f"about {left / cost:,.0f} SMS parts" if cost else "its cost is not set, so that nothing is taken off"
    click.echo(f"{name}: {left:,.2f} ({lasts})")


def _line(row: Figures) -> str:
    since = row.since.isoformat(" ", "minutes")[:16] if row.since else "-"
    sent = f"{row.sent_today} / {row.daily_cap}" if row.daily_cap else str(row.sent_today)
    left = "-" if row.credit is None else f"{row.credit:,.2f}"
    return f"{row.name:20} {row.state:6} {since:16} {sent:>14} {left:>12} {row.waiting:8}  {row.fault or '-'}"
