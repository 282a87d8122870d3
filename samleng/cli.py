"""The command line: `samleng` and its commands, each loaded when it is called."""

from importlib import import_module

import click

_COMMANDS = {
    "areas": "areas:areas",
    "bot": "installation.running:bot",
    "broadcast": "programme.broadcasts:broadcast",
    "calendar": "programme.calendars:calendar",
    "case": "cases:case",
    "check": "installation.setup:check",
    "condition": "programme.conditions:condition",
    "console": "installation.console:console",
    "db": "installation.database:db",
    "demo": "installation.running:demo",
    "evaluate": "reading:evaluate",
    "faq": "faq:faq",
    "gateway": "installation.gateways:gateway",
    "import": "programme.importing:import_",
    "incident": "incidents:incident",
    "init": "installation.setup:init",
    "meeting": "programme.meetings:meeting",
    "messages": "installation.messages:messages",
    "officers-card": "card:officers_card",
    "plan": "programme.plans:plan",
    "reminder": "programme.plans:reminder",
    "report": "reports:report",
    "round": "programme.rounds:round_",
    "run": "installation.running:run",
    "services": "services:services",
    "staff": "people:staff",
    "sweep": "installation.running:sweep",
    "understand": "reading:understand",
    "web": "installation.running:web",
    "worker": "installation.running:worker",
}
"""Each command with the file and name it lives under."""

_CONFIG_HELP = "The configuration (else SAMLENG_CONFIG, else ./config.toml)."


class _Commands(click.Group):
    """Loads a command only when it is asked for: a script that calls one need not wait for all."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """Return the commands' names."""
        return sorted(_COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """Load a command, or return None where there is none of that name."""
        if name not in _COMMANDS:
            return None
        module, _, attribute = _COMMANDS[name].partition(":")
        command: click.Command = getattr(import_module(f"samleng.commands.{module}"), attribute)
        _let_config_stand_anywhere(command)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="samleng")
def main() -> None:
    """Samleng: grievance redress and feedback by SMS and Telegram.

    Exit status: 0 good, 1 faults found, 2 wrong input or configuration.
    """


def _keep_config(context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    """Keep what `--config` named, wherever on the command line it stood."""
    if value is not None:
        context.meta["samleng.config"] = value


def _let_config_stand_anywhere(command: click.Command) -> None:
    """Give a command and all below it the option `--config`."""
    if not any("--config" in each.opts for each in command.params):
        command.params.append(click.Option(["--config"], help=_CONFIG_HELP, expose_value=False, callback=_keep_config))
    for below in command.commands.values() if isinstance(command, click.Group) else ():
        _let_config_stand_anywhere(below)


_let_config_stand_anywhere(main)
