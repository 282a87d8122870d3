"""Commands about people: the staff's register, and imports of people, areas and rounds."""

from datetime import UTC, date, datetime
from pathlib import Path

import click

from domain.reading import Language
from domain.settings import Level
from handlers import importing, register
from samleng.commands.shared import FAULTS, Wrong, end, installation, json_option, show_json, told_plainly


@click.group()
def staff() -> None:
    """Officers and staff: who holds which post."""


@staff.command("add")
@click.option("--name", required=True)
@click.option("--level", type=click.Choice([level.value for level in Level]), required=True)
@click.option("--area", default=None, help="The official code of the area, for the levels that have one.")
@click.option("--phone", required=True, help="The registered number; a Telegram account must prove to have it.")
@click.option("--language", type=click.Choice([language.value for language in Language]), default=None)
@json_option
@click.pass_context
@told_plainly
def add(
    context: click.Context, *, name: str, level: str, area: str | None, phone: str, language: str | None, as_json: bool
) -> None:
    """Put somebody on a post and print the number."""
    with installation(context) as opened:
        try:
            staff_id = register.add_staff(
                opened.context,
                name=name,
                level=Level(level),
                area_code=area,
                phone=phone,
                language=Language(language) if language else opened.context.settings.default_language,
                now=datetime.now(UTC),
            )
        except register.RegisterFault as fault:
            raise Wrong(str(fault)) from fault
    if as_json:
        show_json({"id": staff_id})
    else:
        click.echo(f"Number {staff_id}. Invite to Telegram with: samleng staff invite {staff_id}")


@staff.command("invite")
@click.argument("staff_id", type=int)
@json_option
@click.pass_context
@told_plainly
def invite(context: click.Context, staff_id: int, *, as_json: bool) -> None:
    """Print a one-time link that ties an officer's Telegram account to the register; valid for 48 hours."""
    with installation(context) as opened:
        if opened.config.telegram:
            from samleng.outside import Outside

            opened.context.bot_links = Outside(opened).bot_usernames()
        try:
            invitation = register.invite(opened.context, staff_id, datetime.now(UTC))
        except register.RegisterFault as fault:
            raise Wrong(str(fault)) from fault
    if as_json:
        show_json({"link": invitation.link, "code": invitation.code, "expires_at": invitation.expires_at.isoformat()})
    else:
        click.echo(f"{invitation.link}\nOnce only, until {invitation.expires_at:%Y-%m-%d %H:%M} UTC.")


@staff.command("list")
@json_option
@click.pass_context
@told_plainly
def list_staff(context: click.Context, *, as_json: bool) -> None:
    """List who holds which post."""
    with installation(context) as opened:
        rows = register.everybody(opened.context)
    if as_json:
        show_json(
            [
                {
                    "id": each.id,
                    "name": each.name,
                    "active": each.active,
                    "posts": [{"level": post.level.value, "area": post.area_path} for post in each.posts],
                }
                for each in rows
            ]
        )
        return
    for each in rows:
        posts = ", ".join(f"{post.level} {post.area_path}".strip() for post in each.posts) or "no post"
        click.echo(f"{each.id:4}  {each.name}  {posts}{'' if each.active else '  (not active)'}")


@staff.command("handover")
@click.argument("from_id", type=int)
@click.argument("to_id", type=int)
@click.pass_context
@told_plainly
def handover(context: click.Context, from_id: int, to_id: int) -> None:
    """Move all posts from one person to another; the cases stay with the posts."""
    with installation(context) as opened:
        try:
            register.handover(opened.context, from_id, to_id, datetime.now(UTC))
        except register.RegisterFault as fault:
            raise Wrong(str(fault)) from fault
    click.echo("Done.")


@staff.command("deactivate")
@click.argument("staff_id", type=int)
@click.pass_context
@told_plainly
def deactivate(context: click.Context, staff_id: int) -> None:
    """End somebody's posts and accounts; vacant posts are reported to the desk."""
    with installation(context) as opened:
        try:
            register.deactivate(opened.context, staff_id, datetime.now(UTC))
        except register.RegisterFault as fault:
            raise Wrong(str(fault)) from fault
    click.echo("Done.")


@click.group("import")
def import_() -> None:
    """Bring in lists: areas, people, the people of a round."""


_file = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_dry_run = click.option("--dry-run", is_flag=True, help="Only say what would happen.")


@import_.command("areas")
@_file
@_dry_run
@json_option
@click.pass_context
@told_plainly
def import_areas(context: click.Context, file: Path, *, dry_run: bool, as_json: bool) -> None:
    """Bring in areas: code, level, parent, kind, name_km, name_lo, name_en."""
    with installation(context) as opened:
        report = importing.import_areas(opened.context, file, now=datetime.now(UTC), dry_run=dry_run)
    _report(report, as_json=as_json)


@import_.command("people")
@_file
@_dry_run
@json_option
@click.pass_context
@told_plainly
def import_people(context: click.Context, file: Path, *, dry_run: bool, as_json: bool) -> None:
    """Bring in people: id, name, phone, language, sex, area, group, programme."""
    with installation(context) as opened:
        report = importing.import_people(opened.context, file, now=datetime.now(UTC), dry_run=dry_run)
    _report(report, as_json=as_json)


@import_.command("round")
@_file
@click.option("--code", required=True, help="The round's own code, for instance 2026-11.")
@click.option("--label", required=True, help="What people call it: a month's number, or a name.")
@click.option("--date", "day", required=True, help="The day of the payment, as 2026-11-30.")
@click.option("--place", required=True)
@click.option("--agent", default=None)
@click.option("--area", default=None, help="The official code of the area, where the round is for one.")
@_dry_run
@json_option
@click.pass_context
@told_plainly
def import_round(
    context: click.Context,
    file: Path,
    *,
    code: str,
    label: str,
    day: str,
    place: str,
    agent: str | None,
    area: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Make a payment round of a list of people: id, amount."""
    plan = importing.RoundPlan(code=code, label=label, day=_day(day), place=place, agent=agent, area_code=area)
    with installation(context) as opened:
        report = importing.import_round(opened.context, file, plan, now=datetime.now(UTC), dry_run=dry_run)
    _report(report, as_json=as_json)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Wrong(f"--date: {text!r} is no day; write it like 2026-11-30") from None


def _report(report: importing.Report, *, as_json: bool) -> None:
    faults = [{"row": f.row, "column": f.column, "value": f.value, "why": f.why} for f in report.faults]
    if as_json:
        show_json({"new": report.new, "changed": report.changed, "unchanged": report.unchanged, "faults": faults})
    else:
        click.echo(f"{report.new} new, {report.changed} changed, {report.unchanged} unchanged, {len(faults)} wrong")
        for fault in faults[:50]:
            click.echo(f"  row {fault['row']}, {fault['column']} {fault['value']!r}: {fault['why']}", err=True)
    end(FAULTS if faults else 0)
