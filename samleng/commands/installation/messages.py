"""Commands about messages: which did not arrive, without numbers or texts."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import click

from domain.calendar import WorkingCalendar
from domain.sending.failures import reason_of
from samleng.commands.shared import Wrong, installation, json_option, moment, show_csv, show_json, told_plainly
from storage.queries.sending import failures
from storage.queries.sending.failures import FailedMessage

_DAYS = 7
_MOST = 10_000
_COLUMNS = ("message_id", "reference", "kind", "channel", "gateway", "reason", "failure", "written_at", "failed_at")


@click.group()
def messages() -> None:
    """Messages: which did not arrive."""


@messages.command("failed")
@click.option(
    "--since", metavar="DAY", help=f"From this day of the project on (2026-11-22), or moment; else {_DAYS} days."
)
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV, for a table.")
@json_option
@click.pass_context
@told_plainly
def failed(context: click.Context, *, since: str | None, as_csv: bool, as_json: bool) -> None:
    """List what failed for good, newest first: by its number and its case's reference; sensitive cases are left out."""
    if as_csv and as_json:
        raise Wrong("--csv and --json cannot be had together; keep one")
    now = datetime.now(UTC)
    with installation(context) as opened:
        first = _first(opened.context.calendar, since, now)
        with opened.store.reading() as tx:
            rows = [_row(each) for each in failures.listed(tx, first, now, _MOST)]
    _show(rows, as_csv=as_csv, as_json=as_json)


def _first(calendar: WorkingCalendar, since: str | None, now: datetime) -> datetime:
    if since is None:
        return calendar.at(calendar.local_day(now) - timedelta(days=_DAYS), time.min)
    try:
        return calendar.at(date.fromisoformat(since), time.min)
    except ValueError:
        return _moment(since)


def _moment(since: str) -> datetime:
    try:
        return moment(since)
    except Wrong:
        raise Wrong(f"--since: {since!r} is no day; write it like 2026-11-22") from None


def _row(each: FailedMessage) -> dict[str, Any]:
    return {
        "message_id": each.id,
        "reference": each.reference,
        "kind": each.kind,
        "channel": each.channel,
        "gateway": each.gateway,
        "reason": reason_of(each.failure).value,
        "failure": each.failure,
        "written_at": each.at.isoformat(),
        "failed_at": each.failed_at.isoformat(),
    }


def _show(rows: list[dict[str, Any]], *, as_csv: bool, as_json: bool) -> None:
    if as_json:
        show_json(rows)
    elif as_csv:
        show_csv(_COLUMNS, (each.values() for each in rows))
    else:
        for row in rows:
            at = row["failed_at"][:16].replace("T", " ")
            named = f"{row['message_id']:8}  {row['reference'] or '-':12} {row['kind']:10}"
            click.echo(f"{at}  {named} {row['gateway'] or '-':20} {row['reason']}")
        if not rows:
            click.echo("Nothing failed.")
