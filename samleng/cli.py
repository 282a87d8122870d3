"""The command line: `samleng` and its commands."""

import click

from samleng.commands import cases, database, people, reading, running, sending, setup
from samleng.commands.shared import keep_config


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="samleng")
def main() -> None:
    """Samleng: grievance redress and feedback by SMS and Telegram.

    Exit status: 0 good, 1 faults found, 2 wrong input or configuration.
    """


for command in (
    running.demo,
    setup.init,
    setup.check,
    running.run,
    running.web,
    running.bot,
    running.worker,
    database.db,
    people.staff,
    people.import_,
    sending.round_,
    sending.meeting,
    sending.broadcast,
    cases.case,
    reading.understand,
    reading.evaluate,
    running.sweep,
):
    main.add_command(command)


def _let_config_stand_anywhere(command: click.Command) -> None:
    """Give a command and all below it the option `--config`."""
    helped = "The configuration (else SAMLENG_CONFIG, else ./config.toml)."
    command.params.append(click.Option(["--config"], help=helped, expose_value=False, callback=keep_config))
    for below in command.commands.values() if isinstance(command, click.Group) else ():
        _let_config_stand_anywhere(below)


_let_config_stand_anywhere(main)
