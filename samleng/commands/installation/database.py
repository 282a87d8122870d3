"""Commands about the database: upgrade, backup, restore, verify."""

from datetime import UTC, datetime
from pathlib import Path

import click

from samleng import audit_heads
from samleng.commands.shared import FAULTS, Wrong, end, installation, json_option, show_json, told_plainly
from storage import copies, schema
from storage.queries import audit


@click.group()
def db() -> None:
    """Look after the database."""


@db.command()
@click.pass_context
@told_plainly
def upgrade(context: click.Context) -> None:
    """Bring the database to the newest schema."""
    with installation(context) as opened:
        try:
            schema.upgrade(opened.store)
        except schema.Newer as fault:
            raise Wrong(f"{fault}\n    → bring the program up to date, or restore a backup of before") from fault
        click.echo(f"The database is at {schema.revision_of(opened.store)}.")


@db.command()
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_context
@told_plainly
def backup(context: click.Context, target: Path) -> None:
    """Write a copy of the database to TARGET while it runs. The keys are not in it: keep them elsewhere."""
    with installation(context) as opened:
        try:
            copies.backup(opened.store, target)
        except copies.CopyFault as fault:
            raise Wrong(str(fault)) from fault
    click.echo(f"Written to {target}. Without the key files it tells no names: keep those in another safe place.")


@db.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Replace what the database holds now.")
@click.pass_context
@told_plainly
def restore(context: click.Context, source: Path, *, yes: bool) -> None:
    """Put a backup in place of the database; nothing may be running meanwhile."""
    if not yes:
        raise Wrong("this replaces everything in the database; say so with --yes, and stop Samleng first")
    with installation(context, without_database=True) as opened:
        try:
            kept = copies.restore(opened.store, source, datetime.now(UTC))
        except copies.CopyFault as fault:
            raise Wrong(str(fault)) from fault
    if kept is not None:
        click.echo(f"What was there before is kept as {kept}.")
    click.echo("Restored. Run `samleng db upgrade`, then `samleng db verify`.")


@db.command()
@json_option
@click.pass_context
@told_plainly
def verify(context: click.Context, *, as_json: bool) -> None:
    """Walk the audit log and find what was changed, removed or put in."""
    with installation(context) as opened:
        second_place = opened.config.audit.head_file
        witnessed = _witnessed(second_place)
        with opened.store.reading() as tx:
            faults = [{"entry": fault.entry, "kind": fault.kind} for fault in audit.faults(tx, witnessed)]
            report = {
                "ok": not faults,
                "entries": audit.entries(tx),
                "unsealed": audit.unsealed(tx),
                "faults": faults,
            }
    if as_json:
        show_json(report)
    else:
        click.echo(f"{report['entries']} entries, {report['unsealed']} not sealed yet, {len(faults)} faults")
        for fault in faults:
            click.echo(f"  entry {fault['entry']}: {fault['kind']}")
        click.echo(_against(second_place, witnessed))
    end(FAULTS if faults else 0)


def _witnessed(second_place: Path | None) -> dict[int, str]:
    try:
        return audit_heads.read(second_place)
    except OSError as fault:
        what = f"[audit] head_file: {second_place} cannot be read ({fault.strerror})"
        raise Wrong(f"{what}\n    → let this user read it; without it a cut-off end is not found") from fault


def _against(second_place: Path | None, witnessed: dict[int, str]) -> str:
    """Say how much the second place could prove: a log that was rewritten whole or cut off fits itself."""
    if second_place is None:
        return "Not compared with a second place: [audit] head_file is not set. A cut-off end would not be found."
    if not witnessed:
        return f"Nothing stands in {second_place} yet, or any more. A cut-off end would not be found."
    return f"Compared with {len(witnessed)} heads in {second_place}, the newest of entry {max(witnessed)}."
