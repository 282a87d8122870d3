"""Commands about the staff's register: who holds which post."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import click

from domain.reading import Language
from domain.settings import Level
from handlers.staffing import leaving, register
from samleng.commands.shared import Wrong, installation, json_option, show_json, told_plainly
from samleng.wiring import Installation


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
                    "absent_until": each.absent_until.isoformat() if each.absent_until else None,
                    "posts": [{"level": post.level.value, "area": post.area_path} for post in each.posts],
                }
                for each in rows
            ]
        )
        return
    for each in rows:
        posts = ", ".join(f"{post.level} {post.area_path}".strip() for post in each.posts) or "no post"
        away = each.absent_until is not None and each.absent_until > datetime.now(UTC)
        mark = "" if each.active else "  (not active)"
        click.echo(f"{each.id:4}  {each.name}  {posts}{'  (away)' if away else ''}{mark}")


@staff.command("handover")
@click.argument("from_id", type=int)
@click.argument("to_id", type=int)
@click.pass_context
@told_plainly
def handover(context: click.Context, from_id: int, to_id: int) -> None:
    """Move all posts from one person to another; the cases stay with the posts."""
    with _register(context) as opened:
        taken = leaving.handover(opened.context, from_id, to_id, datetime.now(UTC))
    click.echo(f"Done. Number {to_id} has the posts now, and the {taken} open cases that number {from_id} had taken.")


@staff.command("deactivate")
@click.argument("staff_id", type=int)
@click.pass_context
@told_plainly
def deactivate(context: click.Context, staff_id: int) -> None:
    """End somebody's posts and accounts; open cases go on at once, vacant posts are reported to the desk."""
    with _register(context) as opened:
        moved = leaving.deactivate(opened.context, staff_id, datetime.now(UTC))
    click.echo(f"Done. {moved} open cases went on to others.")


@staff.command("lost-phone")
@click.argument("staff_id", type=int)
@click.pass_context
@told_plainly
def lost_phone(context: click.Context, staff_id: int) -> None:
    """Cut a lost phone off at once: Telegram, SMS, console, invitations. Posts and cases stay."""
    with _register(context) as opened:
        withdrawn = leaving.lost_phone(opened.context, staff_id, datetime.now(UTC))
    click.echo(
        f"Cut off; {withdrawn} notices were withdrawn. The cases stay with the posts.\n"
        f"Until there is a new phone: samleng staff absent {staff_id} DATE, so that others have the cases.\n"
        f"With a new phone or SIM (the same number too): samleng staff phone {staff_id} NUMBER, "
        f"then samleng staff invite {staff_id}"
    )


@staff.command("phone")
@click.argument("staff_id", type=int)
@click.argument("number")
@click.pass_context
@told_plainly
def phone(context: click.Context, staff_id: int, number: str) -> None:
    """Register another number for somebody; the old one is cut off."""
    with _register(context) as opened:
        leaving.new_phone(opened.context, staff_id, number, datetime.now(UTC))
    click.echo(f"Done. For Telegram on a new account: samleng staff invite {staff_id}")


@staff.command("absent")
@click.argument("staff_id", type=int)
@click.argument("until", metavar="DATE|off")
@click.pass_context
@told_plainly
def absent(context: click.Context, staff_id: int, until: str) -> None:
    """Let somebody be away up to and with a day (2026-11-30), or there again (off); open cases go on at once."""
    day = None if until == "off" else _day(until, of="DATE")
    with _register(context) as opened:
        moved = leaving.absent(opened.context, staff_id, day, datetime.now(UTC))
    click.echo("There again." if day is None else f"Away up to and with {day}. {moved} open cases went on to others.")


@staff.command("names")
@click.argument("staff_id", type=int)
@click.argument("names", nargs=-1)
@click.option("--remove", is_flag=True, help="Take these out instead.")
@click.pass_context
@told_plainly
def names(context: click.Context, staff_id: int, names: tuple[str, ...], *, remove: bool) -> None:
    """Add other ways to write somebody's name: a complaint that names him so is kept from him."""
    with _register(context) as opened:
        kept = leaving.other_names(opened.context, staff_id, names, datetime.now(UTC), remove=remove)
    for name in kept:
        click.echo(name)


@contextmanager
def _register(context: click.Context) -> Iterator[Installation]:
    """Open the installation for an act on the register, whose faults end the command with exit status 2."""
    with installation(context) as opened:
        try:
            yield opened
        except register.RegisterFault as fault:
            raise Wrong(str(fault)) from fault


def _day(text: str, *, of: str = "--date") -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Wrong(f"{of}: {text!r} is no day; write it like 2026-11-30") from None
