"""Reports: so far the one figure that is told of sensitive cases."""

from datetime import UTC, datetime

import click

from handlers.cases import safeguarding
from samleng.commands.shared import installation, json_option, show_json, told_plainly


@click.group()
def report() -> None:
    """Figures for those who answer for the project."""


@report.command("sensitive")
@json_option
@click.pass_context
@told_plainly
def sensitive(context: click.Context, *, as_json: bool) -> None:
    """Tell how many sensitive cases came in, of the whole project, by half years that are over; never fewer than five."""
    with installation(context) as opened:
        found = safeguarding.half_years(opened.context, datetime.now(UTC))
    if as_json:
        show_json([{"from": each.starts.isoformat(), "cases": each.count} for each in found])
        return
    for each in found:
        told = str(each.count) if each.count is not None else f"fewer than {safeguarding.FEWEST}"
        click.echo(f"half year from {each.starts}  {told}")
