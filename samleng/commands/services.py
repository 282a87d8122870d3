"""Commands about services for survivors: bring the directory in, list it, and check it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from handlers.cases import services as directory
from handlers.cases.services import Offered, UnknownAreas
from samleng.commands.shared import FAULTS, Wrong, end, installation, json_option, show_json, told_plainly
from samleng.files.projects import ConfigFaults
from samleng.files.service_files import COLUMNS, read_services
from storage.queries import services as rows
from storage.store import AlreadyThere


@click.group()
def services() -> None:
    """Services to which focal points refer people: health, police, shelter and others, by district."""


@services.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
@click.pass_context
@told_plainly
def import_services(context: click.Context, *, file: Path, as_json: bool) -> None:
    """Put the directory of a CSV file in force, in place of the one there is: all of it, or nothing where a row is wrong.

    Its columns: code, kind, area (a district's code; empty for the whole country), name_km, name_lo, name_en, phone,
    hours, for_children, checked_on.
    """
    now = datetime.now(UTC)
    with installation(context) as opened:
        try:
            wanted = read_services(file, opened.context.calendar.local_day(now))
            with opened.store.transaction() as tx:
                found = directory.bring_in(tx, wanted, now)
        except ConfigFaults as faults:
            raise Wrong(str(faults)) from faults
        except UnknownAreas as fault:
            raise Wrong(
                f"{file}: area: {fault}: no districts of this project; `samleng import areas` adds some"
            ) from fault
        except AlreadyThere as fault:
            raise Wrong("somebody else is bringing in services at this moment; try again") from fault
    changes = {"new": len(found.new), "changed": len(found.changed), "removed": len(found.removed)}
    if as_json:
        show_json({**changes, "services": len(wanted)})
    else:
        click.echo(f"{len(wanted)} services: " + ", ".join(f"{count} {name}" for name, count in changes.items()))


@services.command("list")
@json_option
@click.pass_context
@told_plainly
def list_services(context: click.Context, *, as_json: bool) -> None:
    """List the directory, with the day on which each service was checked."""
    with installation(context) as opened, opened.store.reading() as tx:
        found = [_row(each) for each in directory.listed(opened.context, tx, datetime.now(UTC))]
    if as_json:
        show_json(found)
        return
    for row in found:
        old = "  OLD: ring before referring" if row["old"] else ""
        where = row["area"] or "everywhere"
        click.echo(f"{row['code']:24} {row['kind']:13} {where:12} {row['phone'] or '-':16} {row['checked_on']}{old}")
    if not found:
        click.echo("No services. Write them into a CSV file and bring it in: samleng services import FILE.csv")


@services.command("check")
@json_option
@click.pass_context
@told_plainly
def check(context: click.Context, *, as_json: bool) -> None:
    """Say which services are old, and which districts with people have none; exit status 1 where there are any.

    Also says where the project has not written yet to whom the law has harm to a child reported.
    """
    with installation(context) as opened, opened.store.reading() as tx:
        found = directory.listed(opened.context, tx, datetime.now(UTC))
        without = rows.districts_without(tx)
        child_report = any(opened.context.settings.safeguarding.child_report.values())
    old = [each.service.code for each in found if each.old]
    if as_json:
        show_json({"services": len(found), "old": old, "districts_without": without, "child_report": child_report})
    for code in () if as_json else old:
        click.echo(f"{code}: not checked for {directory.OLD_AFTER_MONTHS} months; ring it and write the day")
    for code in () if as_json else without:
        click.echo(f"district {code}: people and no service; add one for it")
    if not (as_json or child_report):
        click.echo("safeguarding.child_report is empty: write to whom the law has harm to a child reported")
    if not (as_json or old or without):
        click.echo(f"{len(found)} services, all checked of late.")
    end(FAULTS if old or without else 0)


def _row(each: Offered) -> dict[str, Any]:
    service = each.service
    names = {f"name_{language}": name for language, name in service.names.items()}
    plain = {name: getattr(service, name, names.get(name)) for name in COLUMNS}
    return {**plain, "old": each.old}
