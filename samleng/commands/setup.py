"""Commands that set an installation up and find its faults: init and check."""

import os
from datetime import UTC, datetime

import click

from samleng import checking, setup
from samleng.commands.shared import FAULTS, WRONG, Wrong, config_path, end, json_option, show_json, told_plainly
from samleng.config import ConfigFaults, load


@click.command()
@click.option("--project", default=None, help="leap, rrpm, or the path of a project file.")
@click.option("--sms", type=click.Choice(setup.SMS_CHOICES), default=None)
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
    sms: setup.Sms | None,
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
            telegram_token_env=telegram_token_env or defaults.telegram_token_env,
            database_url=database or defaults.database_url,
        )
        for step in setup.set_up(path, answers if yes else setup.ask(answers), datetime.now(UTC)):
            click.echo(f"- {step}")
    except setup.SetupRefused as refused:
        raise Wrong(str(refused)) from refused
    except ConfigFaults as faults:
        raise Wrong(str(faults)) from faults


@click.command()
@json_option
@click.pass_context
@told_plainly
def check(context: click.Context, *, as_json: bool) -> None:
    """Find every fault of the configuration and the installation, and say of each what to do."""
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


def _unreadable(context: click.Context) -> bool:
    try:
        load(config_path(context), os.environ)
    except ConfigFaults:
        return True
    return False
