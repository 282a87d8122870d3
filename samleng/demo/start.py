"""Setting the demo up in a folder of its own: configuration, keys, database, a believable project, and what to try."""

import os
import shutil
from datetime import datetime
from pathlib import Path

import click

from samleng import config as configuration
from samleng.demo import load
from samleng.demo.doors import make_doors, read_doors
from samleng.demo.summary import DemoSummary, read_summary, write_summary
from samleng.files.faq_files import faq_path
from samleng.files.projects import packaged
from samleng.setup import complete
from samleng.wiring import Installation, build

TOKEN_ENV = "SAMLENG_TELEGRAM_TOKEN"  # noqa: S105

_CONFIG = """\
# The demo's configuration, made by `samleng demo`. The simulator is on: never use it where real people write.
project = "project.toml"
public_url = "http://127.0.0.1:{port}"
allow_time_travel = true

[database]
url = "sqlite:///samleng.db"

[web]
host = "127.0.0.1"
port = {port}

[audit]
head_file = "audit-heads.txt"

[phone]
enabled = true
"""
_TELEGRAM = """
[[telegram]]
name = "bot"
token_env = "{token_env}"
"""


def prepare(project: str, *, port: int, folder: str | None, fresh: bool, now: datetime) -> Installation:
    """Return the demo's installation, made on first use in `var/demo-PROJECT`, and say what to try.

    A demo that was interrupted while it was made is made again; one that is there is started as it is.
    """
    home = Path(folder) if folder else Path("var") / f"demo-{project}"
    if fresh:
        shutil.rmtree(home, ignore_errors=True)
    if not (home / "config.toml").exists():
        _make(project, home, port, now)
    (home / "config.toml").write_text(_config_text(port), encoding="utf-8")
    installation = build(configuration.load(home / "config.toml", os.environ))
    _say(read_summary(home), port)
    _say_doors(home, port, now)
    return installation


def _make(project: str, home: Path, port: int, now: datetime) -> None:
    making = home.with_name(f"{home.name}.making")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    path = making / "config.toml"
    path.write_text(_config_text(port), encoding="utf-8")
    shutil.copyfile(packaged()[project], making / "project.toml")
    shutil.copyfile(faq_path(packaged()[project]), making / "project_faq.toml")
    complete(path, project, os.environ, now)
    installation = build(configuration.load(path, os.environ))
    click.echo("Filling the demo with half a year of a project: people, officers, rounds, cases …")
    try:
        summary = load(installation.context, project, now)
        make_doors(installation.context, making, now)
    finally:
        installation.close()
    write_summary(making, summary)
    making.rename(home)


def _config_text(port: int) -> str:
    telegram = _TELEGRAM.format(token_env=TOKEN_ENV) if os.environ.get(TOKEN_ENV) else ""
    return _CONFIG.format(port=port) + telegram


def _say(summary: DemoSummary, port: int) -> None:
    click.echo(f"\n{summary.project.upper()}: " + ", ".join(f"{n} {name}" for name, n in summary.counts.items()))
    click.echo("Cases: " + ", ".join(f"{n} {status}" for status, n in summary.statuses.items()))
    click.echo(
        f"\n  phones   http://127.0.0.1:{port}/phone/\n  health   http://127.0.0.1:{port}/readyz\n\nWhat to try:"
    )
    for line in summary.to_try:
        click.echo(f"  · {line}")
    click.echo("")


def _say_doors(home: Path, port: int, now: datetime) -> None:
    """Say with what one signs in to the console; codes of a phone change each half minute, the paper codes do not."""
    doors = read_doors(home)
    if doors:
        click.echo(f"The staff's pages: http://127.0.0.1:{port}/console/ (paper codes in {home / 'console.json'})")
    for door in doors:
        click.echo(f"  · {door.told(now)}")
