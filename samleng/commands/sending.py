"""Commands about what goes to many: rounds, meetings and broadcasts."""

from datetime import UTC, date, datetime, time
from typing import Any

import click

from domain.reading import Language
from handlers import broadcasts, schedule
from samleng.commands.shared import Wrong, end, installation, json_option, show_json, told_plainly
from storage import Tx
from storage.queries import areas, batches
from storage.queries.batches import BatchRecord
from wording import say


@click.group("round")
def round_() -> None:
    """Payment rounds: their dates and places."""


@round_.command("list")
@json_option
@click.pass_context
@told_plainly
def list_rounds(context: click.Context, *, as_json: bool) -> None:
    """List the rounds by day."""
    with installation(context) as opened:
        rows = schedule.all_rounds(opened.context)
    if as_json:
        show_json(rows)
    else:
        for row in rows:
            click.echo(f"{row['day']}  {row['code']}  {row['label']}  {row['place']}  {row['state']}")


@round_.command("move")
@click.argument("code")
@click.option("--date", "day", required=True, help="The new day, as 2026-11-30.")
@click.pass_context
@told_plainly
def move_round(context: click.Context, code: str, *, day: str) -> None:
    """Move a round to another day, and tell whoever was told the old one."""
    with installation(context) as opened:
        try:
            told = schedule.move_round(opened.context, code, _day(day), datetime.now(UTC))
        except schedule.ScheduleFault as fault:
            raise Wrong(str(fault)) from fault
    click.echo(f"Moved. {told} people are told.")


@round_.command("cancel")
@click.argument("code")
@click.pass_context
@told_plainly
def cancel_round(context: click.Context, code: str) -> None:
    """Cancel a round: no reminder of it leaves any more."""
    with installation(context) as opened:
        try:
            schedule.cancel_round(opened.context, code, datetime.now(UTC))
        except schedule.ScheduleFault as fault:
            raise Wrong(str(fault)) from fault
    click.echo("Cancelled.")


@click.group()
def meeting() -> None:
    """Meetings of an area's people or of a group."""


@meeting.command("add")
@click.option("--code", required=True)
@click.option("--title", required=True)
@click.option("--date", "day", required=True, help="As 2026-11-30.")
@click.option("--time", "clock", required=True, help="In project time, as 09:00.")
@click.option("--place", required=True)
@click.option("--area", default=None, help="The official code of the area.")
@click.option("--group", default=None)
@click.pass_context
@told_plainly
def add_meeting(
    context: click.Context,
    *,
    code: str,
    title: str,
    day: str,
    clock: str,
    place: str,
    area: str | None,
    group: str | None,
) -> None:
    """Add a meeting."""
    try:
        at = time.fromisoformat(clock)
    except ValueError:
        raise Wrong(f"--time: {clock!r} is no time; write it like 09:00") from None
    plan = schedule.MeetingPlan(
        code=code, title=title, day=_day(day), clock=at, place=place, area_code=area, group=group
    )
    with installation(context) as opened:
        try:
            schedule.add_meeting(opened.context, plan, datetime.now(UTC))
        except schedule.ScheduleFault as fault:
            raise Wrong(str(fault)) from fault
    click.echo("Added.")


@meeting.command("list")
@json_option
@click.pass_context
@told_plainly
def list_meetings(context: click.Context, *, as_json: bool) -> None:
    """List the meetings by time."""
    with installation(context) as opened:
        rows = schedule.all_meetings(opened.context)
    if as_json:
        show_json(rows)
    else:
        for row in rows:
            click.echo(f"{row['at']}  {row['code']}  {row['title']}  {row['place']}  {row['state']}")


@meeting.command("cancel")
@click.argument("code")
@click.pass_context
@told_plainly
def cancel_meeting(context: click.Context, code: str) -> None:
    """Cancel a meeting: no reminder of it leaves any more."""
    with installation(context) as opened:
        try:
            schedule.cancel_meeting(opened.context, code, datetime.now(UTC))
        except schedule.ScheduleFault as fault:
            raise Wrong(str(fault)) from fault
    click.echo("Cancelled.")


@click.group()
def broadcast() -> None:
    """Messages to an area's people: a gate, not a button."""


_texts = [
    click.option(f"--{language}", f"text_{language}", default=None, help=f"The text in {name}.")
    for language, name in (("km", "Khmer"), ("lo", "Lao"), ("en", "English"))
]


def _with_texts(command: Any) -> Any:
    for option in reversed(_texts):
        command = option(command)
    return command


@broadcast.command("preview")
@click.option("--area", required=True, help="The official code of the area.")
@_with_texts
@json_option
@click.pass_context
@told_plainly
def preview(
    context: click.Context,
    *,
    area: str,
    text_km: str | None,
    text_lo: str | None,
    text_en: str | None,
    as_json: bool,
) -> None:
    """Say what a broadcast would be: how many people, languages, segments. Nothing is kept."""
    texts = _given(km=text_km, lo=text_lo, en=text_en)
    with installation(context) as opened, opened.store.reading() as tx:
        found = _area(tx, area)
        shown = broadcasts.preview(opened.context, tx, {"area": found.path}, texts)
    _show(shown, as_json=as_json)


@broadcast.command("submit")
@click.option("--area", required=True, help="The official code of the area.")
@click.option("--by", "maker", type=int, required=True, help="The number of the member of staff who makes it.")
@_with_texts
@json_option
@click.pass_context
@told_plainly
def submit(
    context: click.Context,
    *,
    area: str,
    maker: int,
    text_km: str | None,
    text_lo: str | None,
    text_en: str | None,
    as_json: bool,
) -> None:
    """Keep a broadcast for approval and print its number."""
    texts, now = _given(km=text_km, lo=text_lo, en=text_en), datetime.now(UTC)
    with installation(context) as opened, opened.store.transaction() as tx:
        found = _area(tx, area)
        try:
            batch_id, shown = broadcasts.draft(opened.context, tx, found, texts, maker_id=maker, now=now)
        except broadcasts.BroadcastFault as fault:
            raise Wrong(_why(fault, found)) from fault
        batch = batches.by_id(tx, batch_id)
        assert batch is not None
        broadcasts.submit(opened.context, tx, batch, now=now)
    if as_json:
        show_json({"id": batch_id, "people": shown.people, "reached": shown.reached, "segments": shown.segments})
    else:
        click.echo(f"Number {batch_id}. Approve with: samleng broadcast approve {batch_id} --by NUMBER")


@broadcast.command("approve")
@click.argument("batch_id", type=int)
@click.option("--by", "approver", type=int, required=True, help="The number of the member of staff who approves.")
@click.pass_context
@told_plainly
def approve(context: click.Context, batch_id: int, *, approver: int) -> None:
    """Freeze the audience and let it be sent."""
    with installation(context) as opened, opened.store.transaction() as tx:
        batch = _batch(tx, batch_id)
        try:
            leaves = broadcasts.approve(opened.context, tx, batch, approver_id=approver, now=datetime.now(UTC))
        except broadcasts.BroadcastFault as fault:
            raise Wrong(_why(fault, None)) from fault
    click.echo(f"Approved. SMS leave from {leaves:%Y-%m-%d %H:%M} UTC.")


@broadcast.command("pause")
@click.argument("batch_id", type=int)
@click.pass_context
@told_plainly
def pause(context: click.Context, batch_id: int) -> None:
    """Hold a broadcast back; `approve` again lets it go on."""
    with installation(context) as opened, opened.store.transaction() as tx:
        broadcasts.pause(tx, _batch(tx, batch_id), actor_id=None, now=datetime.now(UTC))
    click.echo("Paused.")


@broadcast.command("cancel")
@click.argument("batch_id", type=int)
@click.pass_context
@told_plainly
def cancel(context: click.Context, batch_id: int) -> None:
    """Cancel a broadcast; what has not left does not leave."""
    with installation(context) as opened, opened.store.transaction() as tx:
        broadcasts.cancel(tx, _batch(tx, batch_id), actor_id=None, now=datetime.now(UTC))
    click.echo("Cancelled.")


@broadcast.command("status")
@click.argument("batch_id", type=int)
@json_option
@click.pass_context
@told_plainly
def status(context: click.Context, batch_id: int, *, as_json: bool) -> None:
    """Say how far a broadcast is."""
    with installation(context) as opened, opened.store.reading() as tx:
        batch = _batch(tx, batch_id)
        progress = batches.progress(tx, batch_id)
    if as_json:
        show_json({"id": batch_id, "state": batch.state, "messages": progress})
    else:
        click.echo(f"{batch.state}: " + ", ".join(f"{state} {count}" for state, count in sorted(progress.items())))
    end(0)


def _given(**texts: str | None) -> dict[str, str]:
    given = {language: text for language, text in texts.items() if text}
    if not given:
        raise Wrong("no text: write one for each language, with --km, --lo, --en")
    return given


def _area(tx: Tx, code: str) -> areas.AreaRecord:
    found = areas.by_code(tx, code)
    if found is None:
        raise Wrong(f"--area: there is no area with the code {code}")
    return found


def _batch(tx: Tx, batch_id: int) -> BatchRecord:
    batch = batches.by_id(tx, batch_id, locked=tx.dialect != "sqlite")
    if batch is None or batch.kind != "broadcast":
        raise Wrong(f"there is no broadcast {batch_id}")
    return batch


def _why(fault: broadcasts.BroadcastFault, area: areas.AreaRecord | None) -> str:
    place = area.name(Language.EN) if area else ""
    values = {**fault.values, "place": place}
    if "language" in values:
        values["language"] = say(f"language_{values['language']}", Language.EN)
    return say(fault.key, Language.EN, **values)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Wrong(f"--date: {text!r} is no day; write it like 2026-11-30") from None


def _show(shown: broadcasts.Preview, *, as_json: bool) -> None:
    values = {
        "people": shown.people,
        "sms": shown.sms,
        "segments": shown.segments,
        "telegram": shown.telegram,
        "stopped": shown.stopped,
        "no_contact": shown.no_contact,
        "languages": shown.languages,
        "missing": shown.missing,
    }
    if as_json:
        show_json(values)
    else:
        for name, value in values.items():
            click.echo(f"{name:12} {value}")
