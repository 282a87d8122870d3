"""Commands that set an installation up and find its faults: init and check."""

import os
from datetime import UTC, datetime
from typing import NoReturn

import click

from samleng import checking, first_gateway, setup
from samleng.commands.shared import (
    FAULTS,
    WRONG,
    Wrong,
    config_path,
    end,
    installation,
    json_option,
    show_json,
    told_plainly,
)
from samleng.config import ConfigFaults, load
from samleng.gateways import trying


@click.command()
@click.option("--project", default=None, help="leap, rrpm, or the path of a project file.")
@click.option("--sms", type=click.Choice(first_gateway.SMS_CHOICES), default=None)
@click.option("--set", "given", multiple=True, metavar="KEY=VALUE", help="A key of the SMS gateway, as in from=1288.")
@click.option("--public-url", default=None)
@click.option("--telegram-token-env", default=None, help="The environment variable that holds the bot's token.")
@click.option("--database", default=None, help="sqlite:///samleng.db or postgresql://user@host/name.")
@click.option("--yes", is_flag=True, help="Ask nothing: take the options and defaults.")
@click.pass_context
@told_plainly
def init(
    context: click.Context,
    *,
    project: str | None,
    sms: first_gateway.Sms | None,
    given: tuple[str, ...],
    public_url: str | None,
    telegram_token_env: str | None,
    database: str | None,
    yes: bool,
) -> None:
    """Make a working installation by asking; beside a configuration that is there, make what it lacks."""
    path = config_path(context)
    defaults = setup.Answers()
    try:
        if path.exists():
            made = setup.complete(path, project or defaults.project, os.environ, datetime.now(UTC))
            click.echo(f"Made: {', '.join(made)}." if made else "Nothing was missing.")
            return
        answers = setup.Answers(
            project=project or defaults.project,
            public_url=public_url or defaults.public_url,
            sms=sms or defaults.sms,
            gateway=_keys(sms or defaults.sms, given),
            telegram_token_env=telegram_token_env or defaults.telegram_token_env,
            database_url=database or defaults.database_url,
        )
        for step in setup.set_up(path, answers if yes else setup.ask(answers), datetime.now(UTC)):
            click.echo(f"- {step}")
    except setup.SetupRefused as refused:
        raise Wrong(str(refused)) from refused
    except ConfigFaults as faults:
        raise Wrong(str(faults)) from faults


def _keys(sms: first_gateway.Sms, given: tuple[str, ...]) -> dict[str, str]:
    """Read what `--set` gave. Secrets are not among it: others' are named by their variable, our own are made."""
    keys = {name.strip(): value.strip() for name, _, value in (each.partition("=") for each in given)}
    if unknown := first_gateway.unknown_keys(sms, keys):
        known = (
            ", ".join(each.key for each in first_gateway.KINDS[sms].wanted) if sms in first_gateway.KINDS else "none"
        )
        raise Wrong(f"--set {unknown[0]}: that is not asked for; with --sms {sms} there are: {known}")
    return keys


@click.command()
@click.option("--send", "number", default=None, metavar="+855…", help="Send a test SMS there by each SMS gateway.")
@click.option("--gateway", default=None, metavar="NAME", help="With --send: by this gateway only.")
@json_option
@click.pass_context
@told_plainly
def check(context: click.Context, *, number: str | None, gateway: str | None, as_json: bool) -> None:
    """Find every fault of the configuration and the installation, and say of each what to do.

    With --send: hand a short test message straight to each SMS gateway, and wait up to a minute for receipts, which the
    running installation takes.
    """
    if number is not None:
        _send_trials(context, number, gateway, as_json=as_json)
    if gateway is not None:
        raise Wrong("--gateway goes with --send")
    path = config_path(context)
    faults = checking.check(path, os.environ)
    if as_json:
        show_json({"ok": not faults, "faults": [{"key": f.key, "what": f.what, "remedy": f.remedy} for f in faults]})
    else:
        for fault in faults:
            click.echo(f"{fault.key}: {fault.what}\n    → {fault.remedy}")
        if not faults:
            click.echo("No fault found.")
    end(0 if not faults else WRONG if _unreadable(context) else FAULTS)


def _send_trials(context: click.Context, number: str, gateway: str | None, *, as_json: bool) -> NoReturn:
    with installation(context) as opened:
        try:
            trials = trying.send_trials(opened, number, gateway)
        except trying.NotTried as refused:
            raise Wrong(str(refused)) from None
    if as_json:
        show_json({"ok": all(each.is_good for each in trials), "gateways": [each.as_dict() for each in trials]})
    else:
        for each in trials:
            click.echo(str(each))
    end(0 if all(each.is_good for each in trials) else FAULTS)


def _unreadable(context: click.Context) -> bool:
    try:
        load(config_path(context), os.environ)
    except ConfigFaults:
        return True
    return False
