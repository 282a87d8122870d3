"""Commands that run the installation: run, web, bot, worker, demo, sweep."""

from datetime import UTC, datetime

import click

from samleng import running
from samleng.commands.shared import (
    Wrong,
    check_file,
    installation,
    json_option,
    moment,
    read_config,
    show_json,
    told_plainly,
)
from samleng.config import is_loopback
from samleng.demo.start import prepare
from samleng.outside import Outside
from samleng.wiring import Installation, build
from storage import schema


def _run(context: click.Context, *, web: bool = False, bots: bool = False, worker: bool = False) -> None:
    config = read_config(context)
    check_file(config)
    opened = build(config)
    _ready_to_run(opened)
    _serve(opened, web=web, bots=bots, worker=worker)


def _serve(opened: Installation, *, web: bool, bots: bool, worker: bool) -> None:
    try:
        running.run(opened, web=web, bots=bots, worker=worker, ready=lambda: _say_started(opened, web=web))
    except running.CannotListen as fault:
        raise Wrong(f"{fault}\n    → {fault.remedy}") from fault


def _ready_to_run(opened: Installation) -> None:
    if not schema.is_current(opened.store):
        raise Wrong("the database lacks migrations; run `samleng db upgrade`")
    if opened.config.phone.enabled and not is_loopback(opened.config.web.host):
        raise Wrong("the phone simulator is on and the web listens to other machines: anybody could read and write")
    _ = opened.context.settings


def _say_started(opened: Installation, *, web: bool) -> None:
    settings = opened.config.web
    where = f" at http://{settings.host}:{settings.port}" if web else ""
    click.echo(f"Samleng runs{where}. Ctrl-C ends it.")


@click.command()
@click.pass_context
@told_plainly
def run(context: click.Context) -> None:
    """Run everything in one process: web, bots and worker."""
    _run(context, web=True, bots=True, worker=True)


@click.command()
@click.pass_context
@told_plainly
def web(context: click.Context) -> None:
    """Run the web only: webhooks, health, pages."""
    _run(context, web=True)


@click.command()
@click.pass_context
@told_plainly
def bot(context: click.Context) -> None:
    """Run the Telegram bots in polling mode only."""
    _run(context, bots=True)


@click.command()
@click.pass_context
@told_plainly
def worker(context: click.Context) -> None:
    """Run the worker only: the clock and the dispatcher of the outbox."""
    _run(context, worker=True)


@click.command()
@click.option("--project", type=click.Choice(["leap", "rrpm"]), default="leap", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True)
@click.option("--folder", type=click.Path(file_okay=False), default=None, help="Where the demo keeps its files.")
@click.option("--fresh", is_flag=True, help="Throw the demo's data away and make them anew.")
@click.option("--no-run", is_flag=True, help="Only set it up.")
@told_plainly
def demo(*, project: str, port: int, folder: str | None, fresh: bool, no_run: bool) -> None:
    """Set up a believable project with people and cases, and run it with the phone simulator."""
    opened = prepare(project, port=port, folder=folder, fresh=fresh, now=datetime.now(UTC))
    if no_run:
        opened.close()
        return
    _serve(opened, web=True, bots=True, worker=True)


@click.command()
@click.option("--at", "at", default=None, help="As though it were this moment (needs allow_time_travel).")
@click.option("--drain", is_flag=True, help="Then send what is due.")
@json_option
@click.pass_context
@told_plainly
def sweep(context: click.Context, *, at: str | None, drain: bool, as_json: bool) -> None:
    """Run every due sweep once."""
    now = moment(at)
    with installation(context) as opened:
        if at is not None and not opened.config.allow_time_travel:
            raise Wrong("--at needs allow_time_travel = true in the configuration, which only a trial should have")
        outside = Outside(opened)
        done = {name: due(opened.context, now) for name, (due, _) in outside.sweeps().items()}
        if drain:
            done["sent"] = outside.dispatcher(lambda: now).drain(now)
    if as_json:
        show_json(done)
    else:
        for name, count in done.items():
            click.echo(f"{name:12} {count}")
