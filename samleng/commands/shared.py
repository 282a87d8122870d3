"""What the commands share: finding the configuration, printing as text or JSON, and the three exit statuses."""

import csv
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn, ParamSpec, TypeVar

import click
import orjson

from domain.texts.formulas import inert
from samleng.config import Config, ConfigFaults, find_path, load
from samleng.files.keyfiles import RESTORE
from samleng.wiring import Installation, build
from storage import KeyFault
from storage.queries.settings import NoSettings
from storage.store import DatabaseAway

FAULTS, WRONG = 1, 2
"""Exit statuses: faults were found; the input or configuration is wrong."""

P = ParamSpec("P")
R = TypeVar("R")


class Wrong(click.ClickException):
    """Wrong input or configuration: said in one message, exit status 2."""

    exit_code = WRONG


def config_path(context: click.Context) -> Path:
    """Return where the configuration file is, by option, environment or folder."""
    return find_path(context.meta.get("samleng.config"), os.environ)


def read_config(context: click.Context) -> Config:
    """Read the configuration, or end with every fault of it and exit status 2."""
    path = config_path(context)
    try:
        return load(path, os.environ)
    except ConfigFaults as faults:
        for fault in faults.faults:
            click.echo(f"{path}: {fault.key}: {fault.what}\n    → {fault.remedy}", err=True)
        sys.exit(WRONG)


def check_file(config: Config) -> None:
    """End the command where the database is a SQLite file that is not there: asking for it would make an empty one."""
    path = config.sqlite_path
    if path is not None and not path.exists():
        raise Wrong(f"there is no database {path}\n    → mend [database] url, or make one with `samleng init`")


@contextmanager
def installation(context: click.Context, *, without_database: bool = False) -> Iterator[Installation]:
    """Open the configured installation for one command; `without_database` for what puts one where there is none."""
    config = read_config(context)
    if not without_database:
        check_file(config)
    opened = build(config)
    try:
        yield opened
    finally:
        opened.close()


def told_plainly(command: Callable[P, R]) -> Callable[P, R]:
    """Turn what may go wrong with any installation into a message that names the remedy."""

    @wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except DatabaseAway as fault:
            raise Wrong(f"the database cannot be used: {fault}\n    → {fault.remedy}") from fault
        except NoSettings as fault:
            raise Wrong("the database holds no project yet; run `samleng init`") from fault
        except KeyFault as fault:
            raise Wrong(f"the keys do not fit this database: {fault}\n    → {RESTORE}") from fault

    return told


def show_json(value: Any) -> None:
    """Print a value as one line of JSON."""
    click.echo(orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode())


def show_csv(columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """Print a table as CSV in which no cell acts as a formula; None is an empty cell."""
    writer = csv.writer(sys.stdout)
    writer.writerow(columns)
    writer.writerows(["" if each is None else inert(str(each)) for each in row] for row in rows)


def moment(text: str | None) -> datetime:
    """Read a moment in ISO format (UTC where it names no zone), or return now."""
    if text is None:
        return datetime.now(UTC)
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise Wrong(f"--at: {text!r} is no moment; write it like 2026-11-22T08:00:00+07:00") from None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def end(status: int) -> NoReturn:
    """End the command with an exit status."""
    sys.exit(status)


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
