"""Commands about the console: inviting somebody to it, and starting anew after a forgotten password or a lost phone."""

from datetime import UTC, datetime

import click

from handlers.console import accounts
from handlers.console.accounts import AccountFault
from samleng.commands.shared import Wrong, installation, json_option, show_json, told_plainly
from samleng.config import Config


@click.group()
def console() -> None:
    """The staff's web pages: who may sign in."""


@console.command("invite")
@click.argument("staff_id", type=int)
@click.option("--username", default=None, help="What is typed to sign in; else the level and the number, as desk7.")
@json_option
@click.pass_context
@told_plainly
def invite(context: click.Context, staff_id: int, *, username: str | None, as_json: bool) -> None:
    """Print a one-time link with which somebody sets a password; valid for 48 hours."""
    _link(context, staff_id, username=username, again=False, as_json=as_json)


@console.command("reset")
@click.argument("staff_id", type=int)
@json_option
@click.pass_context
@told_plainly
def reset(context: click.Context, staff_id: int, *, as_json: bool) -> None:
    """End somebody's password, one-time codes and sessions, and print a new link: after a lost phone or password."""
    _link(context, staff_id, username=None, again=True, as_json=as_json)


def _link(context: click.Context, staff_id: int, *, username: str | None, again: bool, as_json: bool) -> None:
    with installation(context) as opened:
        try:
            link = accounts.invite(opened.context, staff_id, username=username, now=datetime.now(UTC), again=again)
        except AccountFault as fault:
            raise Wrong(str(fault)) from fault
        address = f"{_outside(opened.config)}/console/password/{link.token}"
    if as_json:
        show_json({"link": address, "username": link.username, "expires_at": link.expires_at.isoformat()})
    else:
        click.echo(f"{address}\nUser name {link.username}. Once only, until {link.expires_at:%Y-%m-%d %H:%M} UTC.")


def _outside(config: Config) -> str:
    return config.public_url.rstrip("/") or f"http://{config.web.host}:{config.web.port}"
