"""The command `samleng import`: lists of areas, people and rounds, what they would do in a table, and progress."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from handlers.importing import Choices, Report, RoundPlan, import_areas, import_people, import_round, round_from_last
from samleng.commands.shared import FAULTS, Wrong, end, installation, json_option, show_json, told_plainly

_MOST_SHOWN = 50
_WIDE = 160


@click.group("import")
def import_() -> None:
    """Bring in lists from CSV or XLSX: areas, people, the people of a round.

    All or nothing: where a row is wrong or doubtful nothing is written, unless --skip-wrong says otherwise.
    """


_file = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_choices = (
    click.option("--dry-run", is_flag=True, help="Only say what would happen."),
    click.option(
        "--skip-wrong",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="REJECTS",
        help="Write all other rows; the wrong and doubtful ones come back in this new file with the reasons.",
    ),
    click.option(
        "--map",
        "columns",
        multiple=True,
        metavar="OURS=HEADING",
        help="What the file calls a column of ours, remembered for files with the same headings; -=HEADING is left out.",
    ),
)
_doubtful = click.option("--accept-doubtful", is_flag=True, help="Write doubtful rows as they stand.")


def _with_choices(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(_choices):
        command = option(command)
    return command


@import_.command("areas")
@_file
@_with_choices
@json_option
@click.pass_context
@told_plainly
def areas(context: click.Context, /, file: Path, *, as_json: bool, **given: Any) -> None:
    """Bring in areas: code, level, parent, kind, name_km, name_lo, name_en."""
    with installation(context) as opened, _chosen(as_json=as_json, **given) as choices:
        report = import_areas(opened.context, file, now=datetime.now(UTC), choices=choices)
    _tell(report, choices, as_json=as_json)


@import_.command("people")
@_file
@_with_choices
@_doubtful
@click.option("--shared-phones", is_flag=True, help="One phone for several people is no mistake in this list.")
@json_option
@click.pass_context
@told_plainly
def people(context: click.Context, /, file: Path, *, as_json: bool, **given: Any) -> None:
    """Bring in people: id, name, phone, language, sex, village or area, group, programme, and more."""
    with installation(context) as opened, _chosen(as_json=as_json, **given) as choices:
        report = import_people(opened.context, file, now=datetime.now(UTC), choices=choices)
    _tell(report, choices, as_json=as_json)


@import_.command("round")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--code", required=True, help="The round's own code, for instance 2026-11.")
@click.option("--label", default=None, help="What people call it: a month's number, or a name.")
@click.option("--date", "day", default=None, help="The day of the payment, as 2026-11-30.")
@click.option("--place", default=None)
@click.option("--agent", default=None)
@click.option("--area", default=None, help="The official code of the area, where the round is for one.")
@click.option("--from-last", default=None, metavar="CODE", help="Take the list of this earlier round, without a file.")
@click.option("--without-sums", is_flag=True, help="With --from-last: the people alone.")
@click.option("--replace", is_flag=True, help="Take whoever is not in the file off the list.")
@_with_choices
@_doubtful
@json_option
@click.pass_context
@told_plainly
def round_(context: click.Context, /, file: Path | None, *, as_json: bool, **given: Any) -> None:
    """Make a payment round with its list (id or phone or name, amount), or correct the list before it is paid."""
    given["day"] = _day(given["day"])
    given["area_code"] = given.pop("area")
    plan = RoundPlan(**{name: given.pop(name) for name in ("code", "label", "day", "place", "agent", "area_code")})
    last, without_sums, replace = (given.pop(name) for name in ("from_last", "without_sums", "replace"))
    if (file is None) == (last is None):
        raise Wrong("name either a FILE or --from-last CODE")
    now = datetime.now(UTC)
    with installation(context) as opened, _chosen(as_json=as_json, **given) as choices:
        if file is not None:
            report = import_round(opened.context, file, plan, now=now, choices=choices, replace=replace)
        else:
            report = round_from_last(opened.context, last, plan, now=now, with_sums=not without_sums, choices=choices)
    _tell(report, choices, as_json=as_json)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError:
        raise Wrong(f"--date: {text!r} is no day; write it like 2026-11-30") from None


@contextmanager
def _chosen(*, as_json: bool, columns: Sequence[str], **given: Any) -> Iterator[Choices]:
    """Return what was chosen, with a bar that shows progress on a terminal."""
    pairs = [each.partition("=") for each in columns]
    unfit = [f"{ours}{sign}{theirs}" for ours, sign, theirs in pairs if not (ours and sign and theirs)]
    if unfit:
        raise Wrong(f"--map {unfit[0]!r}: write it like --map phone='Tel. 1'")
    said: dict[str, str] = {}
    for ours, _, theirs in pairs:
        said[ours.strip()] = f"{said[ours.strip()]},{theirs}" if ours.strip() == "-" and "-" in said else theirs
    console = Console(stderr=True)
    columns_shown = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns_shown, console=console, transient=True, disable=as_json or not console.is_terminal) as bar:
        task = bar.add_task("reading", total=1.0)
        yield Choices(
            columns=said, progress=lambda what, share: bar.update(task, description=what, completed=share), **given
        )


def _tell(report: Report, choices: Choices, *, as_json: bool) -> None:
    if as_json:
        show_json(_as_json(report))
    else:
        _show(report, choices)
    end(FAULTS if report.is_blocked and not report.written else 0)


def _as_json(report: Report) -> dict[str, Any]:
    def rows(found: Sequence[Any]) -> list[dict[str, Any]]:
        return [{"row": each.row, "column": each.column, "value": each.value, "why": each.why} for each in found]

    counts = {name: getattr(report, name) for name in ("new", "changed", "unchanged", "removed", "doubtful", "wrong")}
    return {
        **counts,
        "kept_out": report.kept_out,
        "written": report.written,
        "rows_written": report.rows_written,
        "columns": dict(report.columns),
        "changes": [{"row": each.row, "columns": list(each.columns)} for each in report.changes],
        "doubts": rows(report.doubts),
        "faults": rows(report.faults),
        "notes": report.notes,
    }


def _show(report: Report, choices: Choices) -> None:
    console = Console(highlight=False, emoji=False, markup=False)
    if not console.is_terminal:
        console.width = _WIDE
    console.print(_counts(report))
    for table in _rows(report):
        console.print(table)
    for note in report.notes[:_MOST_SHOWN]:
        console.print(f"Note: {note}.")
    console.print(_what_now(report, choices))


def _counts(report: Report) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    changes = ", ".join(f"{column} {count}" for column, count in report.columns.most_common())
    for name in ("new", "changed", "unchanged", "removed", "doubtful", "wrong"):
        count = getattr(report, name)
        if count or name not in ("removed",):
            table.add_row(name, str(count), changes if name == "changed" else "")
    return table


def _rows(report: Report) -> Iterator[Table]:
    """Return a table of each kind of row that somebody should look at, some of each."""
    found = [("wrong", each.row, each.column, each.value, each.why) for each in report.faults[:_MOST_SHOWN]]
    found += [("doubtful", each.row, each.column, each.value, each.why) for each in report.doubts[:_MOST_SHOWN]]
    found += [("changed", each.row, ", ".join(each.columns), "", "") for each in report.changes[:_MOST_SHOWN]]
    if not found:
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("row", "what", "column", "value", "why"):
        table.add_column(heading, overflow="fold")
    for what, row, column, value, why in found:
        called = f"{column} ({report.headings[column]})" if column in report.headings else column
        table.add_row(str(row) if row else "", what, called, value, why)
    yield table
    hidden = max(0, report.wrong - _MOST_SHOWN), max(0, report.doubtful - _MOST_SHOWN)
    if any(hidden):
        sys.stderr.write("More rows are not shown; --json shows more, --skip-wrong writes all of them to a file.\n")


def _what_now(report: Report, choices: Choices) -> str:
    if choices.dry_run:
        return "Nothing was written: this was a dry run."
    if report.written:
        kept = f" {report.kept_out} rows were kept out: {choices.skip_wrong}." if report.kept_out else ""
        return f"Written.{kept}"
    if report.rows_written:
        return f"{report.rows_written} rows were written and stay. Run the same command again: it brings in the rest."
    if not any(each.row for each in (*report.faults, *report.doubts)):
        return "Nothing was written."
    return (
        "Nothing was written. Correct the rows, or bring in all others with --skip-wrong REJECTS; a doubtful row that is "
        "right gets yes in a column ok, and --accept-doubtful takes them all."
    )
