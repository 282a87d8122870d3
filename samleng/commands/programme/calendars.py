"""The command `samleng calendar`: the address of the calendar that a member of staff subscribes to."""

from datetime import UTC, datetime

import click

from handlers.staffing import calendar_feed
from samleng.commands.shared import Wrong, installation, json_option, show_json, told_plainly
from storage.queries import audit
from storage.queries.staffing import calendar_links, staff


@click.group()
def calendar() -> None:
    """Calendars of rounds and meetings, for telephones and calendar programs."""


@calendar.command("link")
@click.argument("staff_id", type=int)
@click.option("--renew", is_flag=True, help="Make a new address; the one before shows nothing any more.")
@click.option("--area", default=None, help="Only what concerns this area of his, by its official code.")
@json_option
@click.pass_context
@told_plainly
def link(context: click.Context, staff_id: int, *, renew: bool, area: str | None, as_json: bool) -> None:
    """Print the address of somebody's calendar. Whoever knows it can read it: give it to nobody else."""
    now = datetime.now(UTC)
    with installation(context) as opened, opened.store.transaction() as tx:
        found = staff.by_id(tx, staff_id)
        if found is None or not found.active:
            raise Wrong(f"nobody with the number {staff_id} works here")
        if renew:
            calendar_links.renew(tx, staff_id, now)
            audit.add(tx, "calendar.renewed", actor="staff", now=now, data={"staff": staff_id})
        base = opened.config.public_url.rstrip("/") or f"http://{opened.config.web.host}:{opened.config.web.port}"
        address = f"{base}/calendar/{calendar_feed.token(tx, staff_id)}.ics" + (f"?area={area}" if area else "")
    if as_json:
        show_json({"url": address})
    else:
        click.echo(address)
