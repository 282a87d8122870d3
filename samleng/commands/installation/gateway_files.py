"""The command that writes what the other end of an SMS gateway needs: `samleng gateway files`."""

from pathlib import Path

import click

from samleng.commands.shared import Wrong, json_option, read_config, show_json, told_plainly
from samleng.config import Config, SmsGatewayConfig
from samleng.gateways import conf


@click.command("files")
@click.argument("name")
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    help="Where the files go (else a folder NAME-files beside the configuration).",
)
@click.option("--force", is_flag=True, help="Write over files that are there; never over SMSD's database.")
@json_option
@click.pass_context
@told_plainly
def files(context: click.Context, *, name: str, folder: Path | None, force: bool, as_json: bool) -> None:
    """Write the files that the other end of gateway NAME needs, and say what to do there by hand.

    Kannel: kannel.conf. Gammu: SMSD's configuration and database, and the hook for missed calls. For the others: what to
    set in the app or in the provider's console. Files may be read by their owner alone; no secret is shown.
    """
    config = read_config(context)
    table = _table(config, name)
    place = (folder or config.path.parent / f"{name}-files").absolute()
    other_end = conf.other_end(config, table, place)
    try:
        written = conf.write(other_end, place, force=force) if other_end.files else []
    except conf.NotMade as refused:
        raise Wrong(str(refused)) from None
    if as_json:
        show_json({"gateway": name, "kind": table.kind, "files": list(map(str, written)), "steps": other_end.steps})
        return
    for path in written:
        click.echo(f"Written: {path}")
    for number, step in enumerate(other_end.steps, start=1):
        click.echo(f"{number}. {step}")


def _table(config: Config, name: str) -> SmsGatewayConfig:
    tables = {each.name: each for each in config.sms_gateway}
    if name not in tables:
        there = ", ".join(tables) or "none; add one under [[sms_gateway]]"
        raise Wrong(f"there is no SMS gateway of that name; there are {there}")
    return tables[name]
