"""Commands about broadcasts: a gate, not a button."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click

from domain.inbound import Channel
from domain.reading import Language
from handlers.broadcasts import BroadcastFault, approval, failures, gate, replies
from handlers.broadcasts.audience import Wanted, audience_of
from handlers.broadcasts.gate import Draft
from handlers.broadcasts.preview import Preview, preview
from handlers.broadcasts.texts import Filler, checked
from handlers.context import Context
from samleng.commands.shared import Wrong, installation, json_option, show_csv, show_json, told_plainly
from storage import Tx
from storage.queries.sending import batches
from storage.queries.sending.batches import BatchRecord


@click.group()
def broadcast() -> None:
    """Messages to many people: a gate, not a button."""


_OPTIONS = (
    click.option("--area", default=None, help="The official code of the area; all below it count."),
    click.option("--programme", default=None),
    click.option("--group", default=None),
    click.option("--language", type=click.Choice([each.value for each in Language]), default=None),
    click.option("--channel", type=click.Choice([each.value for each in Channel]), default=None),
    click.option("--sex", type=click.Choice(["f", "m"]), default=None),
    click.option("--round", "round_code", default=None, help="The code of a round: those on its list."),
    click.option("--unanswered", default=None, help="The code of a round: who has not said whether the money came."),
    *(
        click.option(f"--{language}", f"text_{language}", default=None, help=f"The text in {name}; {{name}} is hers.")
        for language, name in (("km", "Khmer"), ("lo", "Lao"), ("en", "English"))
    ),
    click.option("--until", default=None, help='The end of its use in project time, as "2026-11-30 09:00".'),
)


def _what(command: Any) -> Any:
    """Give a command the options that say who is to get what."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@broadcast.command("preview")
@_what
@json_option
@click.pass_context
@told_plainly
def show(context: click.Context, /, *, as_json: bool, until: str | None, **given: str | None) -> None:
    """Say what a broadcast would be: people, words, cost, hours, who gets nothing. Nothing is kept."""
    with installation(context) as opened, opened.store.reading() as tx, _faults_told():
        now, ends = datetime.now(UTC), _moment(opened.context, until)
        shown = preview(opened.context, tx, audience_of(tx, _wanted(given)), Filler(checked(_texts(given))), now)
        fault = gate.over_budget(opened.context, tx, shown.cost, now, without_price=shown.without_price)
        over = None if fault is None else fault.said(Language.EN)
        _show(opened.context, shown, in_time=ends is None or shown.is_done_by(ends), over=over, as_json=as_json)


@broadcast.command("submit")
@_what
@click.option(
    "--ask-coming/--no-ask-coming", default=None, help='Count answers such as "I can\'t come". [default: for meetings]'
)
@click.option("--by", "maker", type=int, required=True, help="The number of the member of staff who makes it.")
@json_option
@click.pass_context
@told_plainly
def submit(
    context: click.Context,
    /,
    *,
    ask_coming: bool | None,
    maker: int,
    as_json: bool,
    until: str | None,
    **given: str | None,
) -> None:
    """Keep a broadcast for approval and print its number."""
    now = datetime.now(UTC)
    with installation(context) as opened, _faults_told():
        with opened.store.reading() as tx:
            audience = audience_of(tx, _wanted(given))
        ends = _moment(opened.context, until)
        who = " · ".join(f"{key} {value}" for key, value in asdict(_wanted(given)).items() if value)
        wanted = Draft(audience, _texts(given), maker_id=maker, until=ends, asks_coming=ask_coming, who=who)
        batch_id, shown = gate.draft(opened.context, wanted, now)
        with opened.store.transaction() as tx:
            gate.submit(opened.context, tx, _batch(tx, batch_id), now=now)
    if as_json:
        values = {"people": shown.people, "reached": shown.reached, "segments": shown.segments, "cost": shown.cost}
        show_json({"id": batch_id, **values})
    else:
        click.echo(f"Number {batch_id}. Approve with: samleng broadcast approve {batch_id} --by NUMBER")


@broadcast.command("approve")
@click.argument("batch_id", type=int)
@click.option("--by", "approver", type=int, required=True, help="The number of the member of staff who approves.")
@click.pass_context
@told_plainly
def approve(context: click.Context, batch_id: int, *, approver: int) -> None:
    """Freeze the audience and let it be sent; what is paused goes on."""
    now = datetime.now(UTC)
    with installation(context) as opened, _faults_told():
        with opened.store.reading() as tx:
            is_paused = _batch(tx, batch_id, locked=False).state == "paused"
        if is_paused:
            _change(opened.context, gate.go_on, batch_id, approver)
            click.echo("It goes on.")
            return
        leaves = approval.approve(opened.context, batch_id, approver_id=approver, now=now)
        click.echo(f"Approved. It leaves from {opened.context.calendar.local(leaves):%Y-%m-%d %H:%M}.")


_Act = Callable[..., None]


def _change(context: Context, act: _Act, batch_id: int, actor: int | None) -> None:
    """Let somebody of the staff change how a broadcast goes."""
    with context.store.transaction() as tx:
        if actor is not None:
            gate.check_may_approve(tx, actor)
        act(tx, _batch(tx, batch_id), actor_id=actor, now=datetime.now(UTC))


def _changing(name: str, act: _Act, *, done: str, what: str) -> None:
    """Add a command that changes how one broadcast goes."""

    @broadcast.command(name, help=what)
    @click.argument("batch_id", type=int)
    @click.option("--by", "actor", type=int, default=None, help="The number of the member of staff who does it.")
    @click.pass_context
    @told_plainly
    def change(context: click.Context, batch_id: int, *, actor: int | None) -> None:
        with installation(context) as opened, _faults_told():
            _change(opened.context, act, batch_id, actor)
            if act is gate.cancel:
                gate.settle(opened.context, batch_id)
        click.echo(done)


_changing("pause", gate.pause, done="Paused.", what="Hold a broadcast back; `continue` lets it go on.")
_changing("continue", gate.go_on, done="It goes on.", what="Let a paused broadcast go on.")
_changing("cancel", gate.cancel, done="Cancelled.", what="Cancel a broadcast; what has not left does not leave.")


@broadcast.command("list")
@json_option
@click.pass_context
@told_plainly
def list_all(context: click.Context, *, as_json: bool) -> None:
    """List the newest broadcasts and reports."""
    with installation(context) as opened, opened.store.reading() as tx:
        found = [each for kind in gate.SPENT for each in batches.of_kind(tx, kind, 50)]
    rows = [
        {
            "id": each.id, "kind": each.kind, "state": each.state, "at": each.created_at,
            "reached": (each.counts or {}).get("reached"), "cost": each.cost,
        }
        for each in sorted(found, key=lambda each: each.id, reverse=True)
    ]  # fmt: skip
    if as_json:
        show_json(rows)
        return
    for row in rows:
        click.echo(f"{row['id']:>5}  {row['at']:%Y-%m-%d}  {row['kind']:9}  {row['state']:10}  {row['reached']} people")


@broadcast.command("status")
@click.argument("batch_id", type=int)
@json_option
@click.pass_context
@told_plainly
def status(context: click.Context, batch_id: int, *, as_json: bool) -> None:
    """Say how far a broadcast is: its messages by state, what it cost, and who said that they come."""
    with installation(context) as opened, opened.store.reading() as tx:
        batch = _batch(tx, batch_id, locked=False)
        progress = batches.progress(tx, batch_id)
        coming = replies.counted(tx, batch_id)
    people = (batch.counts or {}).get("reached")
    if as_json:
        values = {"state": batch.state, "people": people, "messages": progress, "cost": batch.cost}
        show_json({"id": batch_id, **values, **coming})
        return
    click.echo(f"{batch.state}: " + ", ".join(f"{state} {count}" for state, count in sorted(progress.items())))
    if (batch.audience or {}).get("asks_coming"):
        click.echo(f"coming {coming['coming']}, not coming {coming['not_coming']}")


@broadcast.command("failures")
@click.argument("batch_id", type=int)
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@json_option
@click.pass_context
@told_plainly
def list_failures(context: click.Context, batch_id: int, *, as_csv: bool, as_json: bool) -> None:
    """List what failed, with reasons: the person's own number in the project, and a masked address."""
    with installation(context) as opened, opened.store.reading() as tx:
        found = failures.failures(tx, _batch(tx, batch_id, locked=False))
        if as_json:
            show_json([asdict(each) for each in found])
            return
        rows = [(each.person, each.channel, each.address, each.state, each.reason, each.at or "") for each in found]
        if as_csv:
            show_csv(("person", "channel", "address", "state", "reason", "at"), rows)
            return
        for row in rows:
            click.echo("  ".join(map(str, row)))


@broadcast.command("resend")
@click.argument("batch_id", type=int)
@click.option("--by", "actor", type=int, required=True, help="The number of the member of staff who sends again.")
@click.pass_context
@told_plainly
def resend(context: click.Context, batch_id: int, *, actor: int) -> None:
    """Send again only what failed for a reason that passes by itself or was mended."""
    with installation(context) as opened, _faults_told():
        with opened.store.reading() as tx:
            _batch(tx, batch_id, locked=False)
        count = failures.resend(opened.context, batch_id, actor_id=actor, now=datetime.now(UTC))
    click.echo(f"{count} are sent again.")


@contextmanager
def _faults_told() -> Iterator[None]:
    """Turn a fault into words and exit status 2."""
    try:
        yield
    except BroadcastFault as fault:
        raise Wrong(fault.said(Language.EN)) from fault


def _texts(given: dict[str, str | None]) -> dict[str, str]:
    texts = {language.value: text for language in Language if (text := given.get(f"text_{language.value}"))}
    if not texts:
        raise Wrong("no text: write one for each language, with --km, --lo, --en")
    return texts


def _wanted(given: dict[str, str | None]) -> Wanted:
    return Wanted(**{key: given.get(key) for key in Wanted.__dataclass_fields__})


def _moment(context: Context, text: str | None) -> datetime | None:
    """Read a moment of project time."""
    if text is None:
        return None
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        raise Wrong(f'--until: {text!r} is no moment; write it like "2026-11-30 09:00"') from None
    return local.astimezone(UTC) if local.tzinfo else context.calendar.at(local.date(), local.time())


def _batch(tx: Tx, batch_id: int, *, locked: bool = True) -> BatchRecord:
    batch = batches.by_id(tx, batch_id, locked=locked and tx.dialect != "sqlite")
    if batch is None or batch.kind not in gate.SPENT:
        raise Wrong(f"there is no broadcast {batch_id}; see: samleng broadcast list")
    return batch


def _show(context: Context, shown: Preview, *, in_time: bool, over: str | None, as_json: bool) -> None:
    local = context.calendar.local
    gateways = {
        each.name: {
            "messages": each.messages,
            "segments": each.parts,
            "ahead": each.ahead,
            "cost": each.cost,
            "hours": None if each.hours is None else round(each.hours, 2),
            "done_at": each.done_at and local(each.done_at),
        }
        for each in shown.gateways
    }
    values: dict[str, Any] = {
        "people": shown.people,
        "reached": shown.reached,
        "sms": shown.sms,
        "telegram": shown.telegram,
        "segments": shown.segments,
        "cost": shown.cost,
        "languages": shown.languages,
        "missing": shown.missing,
        "nothing": shown.nothing,
        "shared": shown.shared,
        "begins_at": local(shown.begins_at),
        "done_at": shown.done_at and local(shown.done_at),
        "all_in_time": in_time,
        "over_budget": over,
        "quiet_hours": shown.waits_for_morning,
        "holidays": [day.isoformat() for day in shown.holidays],
        "without_price": list(shown.without_price),
        "gateways": gateways,
        "samples": shown.samples,
    }
    if as_json:
        show_json(values)
        return
    for name, value in values.items():
        if isinstance(value, dict) and name in ("gateways", "samples"):
            for key, each in value.items():
                click.echo(f"{name}: {key}: {each}")
        else:
            click.echo(f"{name:14} {value}")
