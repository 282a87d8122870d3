"""Commands about reminder plans, and about what was sent by them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import click

from domain.inbound import Channel
from handlers.programme import plans, reminder_log
from samleng.commands.shared import Wrong, installation, json_option, show_csv, show_json, told_plainly


@click.group()
def plan() -> None:
    """Reminder plans: how many days before, at what hour, by what, in which words."""


@plan.command("list")
@json_option
@click.pass_context
@told_plainly
def list_plans(context: click.Context, *, as_json: bool) -> None:
    """List the plans."""
    with installation(context) as opened:
        found = opened.context.settings.reminders
    if as_json:
        show_json([{**each.model_dump(mode="json"), "key": each.key} for each in found])
        return
    for each in found:
        own = ", ".join(language.value for language in each.texts) or "usual words"
        click.echo(f"{each.kind:10} {each.key:18} {own}")


_TEXTS = [
    click.option(f"--{language}", f"text_{language}", default=None, help=f"Its words in {name}.")
    for language, name in (("km", "Khmer"), ("lo", "Lao"), ("en", "English"))
]
_KIND = click.Choice(["round", "meeting", "condition"])
_by = click.option("--by", "actor", type=int, required=True, help="The number of the member of staff who changes it.")


def _with_texts(command: Any) -> Any:
    for option in reversed(_TEXTS):
        command = option(command)
    return command


@plan.command("add")
@click.argument("kind", type=_KIND)
@click.option("--channel", type=click.Choice([each.value for each in Channel]), required=True)
@click.option("--days", type=int, required=True, help="How many calendar days before.")
@click.option("--hour", type=int, default=9, show_default=True, help="In project time.")
@_with_texts
@_by
@click.pass_context
@told_plainly
def add(
    context: click.Context,
    *,
    kind: str,
    channel: str,
    days: int,
    hour: int,
    actor: int,
    text_km: str | None,
    text_lo: str | None,
    text_en: str | None,
) -> None:
    """Add a plan."""
    texts = _given(km=text_km, lo=text_lo, en=text_en)
    wanted = {"kind": kind, "channel": channel, "days_before": days, "hour": hour, "texts": texts}
    with installation(context) as opened, _told(), opened.store.transaction() as tx:
        key = plans.add(tx, wanted, actor_id=actor, now=datetime.now(UTC))
    click.echo(f"Added: {kind} {key}")


@plan.command("remove")
@click.argument("kind", type=_KIND)
@click.argument("key")
@_by
@click.pass_context
@told_plainly
def remove(context: click.Context, kind: str, key: str, *, actor: int) -> None:
    """Take a plan out, by its key as `plan list` shows it."""
    with installation(context) as opened, _told(), opened.store.transaction() as tx:
        plans.remove(tx, kind, key, actor_id=actor, now=datetime.now(UTC))
    click.echo("Removed.")


@plan.command("text")
@click.argument("kind", type=_KIND)
@click.argument("key")
@_with_texts
@_by
@click.pass_context
@told_plainly
def text(
    context: click.Context,
    kind: str,
    key: str,
    *,
    actor: int,
    text_km: str | None,
    text_lo: str | None,
    text_en: str | None,
) -> None:
    """Give a plan words of its own, in every language of the project; without any, the usual ones are said again."""
    texts = _given(km=text_km, lo=text_lo, en=text_en)
    with installation(context) as opened, _told(), opened.store.transaction() as tx:
        plans.set_texts(tx, kind, key, texts=texts, actor_id=actor, now=datetime.now(UTC))
    click.echo("Set." if texts else "The usual words are said again.")


@plan.command("bounds")
@click.option("--second-above", type=int, default=None, help="Above so many people a second person approves.")
@click.option("--budget", default=None, help="What broadcasts may cost a month; `none` for no bound.")
@click.option("--report-day", default=None, help="The day of the month on which reports are drafted; `none` for never.")
@_by
@json_option
@click.pass_context
@told_plainly
def bounds(
    context: click.Context,
    *,
    second_above: int | None,
    budget: str | None,
    report_day: str | None,
    actor: int,
    as_json: bool,
) -> None:
    """Change what bounds broadcasts, and show it."""
    given = {"broadcast_second_above": second_above, "broadcast_budget": budget, "report_back_day": report_day}
    values = {key: None if value == "none" else value for key, value in given.items() if value is not None}
    with installation(context) as opened, _told():
        if values:
            with opened.store.transaction() as tx:
                plans.change_bounds(tx, values, actor_id=actor, now=datetime.now(UTC))
        after = opened.context.settings
        shown = {key: getattr(after, key) for key in given}
    if as_json:
        show_json(shown)
    else:
        for key, value in shown.items():
            click.echo(f"{key:24} {value}")


@click.group()
def reminder() -> None:
    """What reminders were sent."""


@reminder.command("log")
@click.argument("code")
@click.option("--kind", type=click.Choice(reminder_log.KINDS), default="round", show_default=True)
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@json_option
@click.pass_context
@told_plainly
def log(context: click.Context, code: str, *, kind: str, as_csv: bool, as_json: bool) -> None:
    """Say what was sent about a round, meeting or condition: which words, when, to whom, what came of it, at what cost."""
    with installation(context) as opened, opened.store.reading() as tx:
        try:
            found = reminder_log.lines(opened.context, tx, code, kind=kind)
        except reminder_log.NoSubject as fault:
            raise Wrong(f"there is no {kind} with the code {code}") from fault
        rows = ([getattr(each, name) for name in reminder_log.COLUMNS] for each in found)
        if as_json:
            show_json([dict(zip(reminder_log.COLUMNS, row, strict=True)) for row in rows])
            return
        if as_csv:
            show_csv(reminder_log.COLUMNS, rows)
            return
        for row in rows:
            click.echo("  ".join("" if each is None else str(each) for each in row))


@contextmanager
def _told() -> Iterator[None]:
    """Turn a fault into words and exit status 2."""
    try:
        yield
    except plans.PlanFault as fault:
        raise Wrong(str(fault)) from fault


def _given(**texts: str | None) -> dict[str, str]:
    return {language: words for language, words in texts.items() if words}
