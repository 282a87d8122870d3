"""Commands about understanding: what a text is taken to mean, and how often that is right."""

import json
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from domain.reading import Language, Reading
from samleng.commands.shared import Wrong, show_json
from understanding import read
from understanding.learning.figures import GOALS, GROUP_GOALS, Judged, Report, Share, judge, report
from understanding.learning.messages import MessageFileFault, read_file, read_folder

DEFAULT_PREFIXES = ("LP", "RR")
_CONFUSIONS_SHOWN = 8
_TEXT_SHOWN = 90


_LEARNING = ("adopt", "folds", "learn", "models", "retire")


class _TextOrCommand(click.Group):
    """A group whose arguments are taken as a text where they name no command; those of learning are loaded late."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands' names."""
        return sorted([*super().list_commands(ctx), *_LEARNING])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, or None where there is none of that name."""
        if cmd_name not in _LEARNING:
            return super().get_command(ctx, cmd_name)
        command: click.Command = getattr(import_module("samleng.commands.learning"), cmd_name)
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the command for texts before arguments that begin with none."""
        if args and args[0] not in self.list_commands(ctx) and args[0] != "--help":
            args = ["text", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_TextOrCommand, no_args_is_help=True)
def understand() -> None:
    """Say what TEXT is taken to mean: `samleng understand TEXT`; or look after what that is learned from."""


@understand.command("text", hidden=True)
@click.argument("text", required=False)
@click.option(
    "--file", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="JSON lines: id, text."
)
@click.option("--prefix", "prefixes", multiple=True, help="A project's reference prefix (default LP and RR).")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
def understand_text(text: str | None, *, file: Path | None, prefixes: tuple[str, ...], as_json: bool) -> None:
    """Say what a text is taken to mean."""
    known = prefixes or DEFAULT_PREFIXES
    if file is not None:
        for row in rows_of(file):
            show_json({"id": row.get("id"), **values(read(str(row["text"]), prefixes=known))})
        return
    if text is None:
        raise Wrong("give a text, or --file with JSON lines")
    found = values(read(text, prefixes=known))
    if as_json:
        show_json(found)
    else:
        for name, value in found.items():
            click.echo(f"{name:16} {value}")


@click.command()
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
@click.option("--worst", default=12, show_default=True, help="How many misses of each kind to show.")
def evaluate(source: Path, *, as_json: bool, worst: int) -> None:
    """Compare what is read with labels: a file of JSON lines, a file of messages, or a folder of those.

    Prints each share with its 95 % interval for all and for each language and script, what is taken for what, how
    honest the confidence is, and the misses that harm most.
    """
    try:
        messages = read_folder(source) if source.is_dir() else read_file(source)
    except MessageFileFault as fault:
        raise Wrong(str(fault)) from fault
    if not messages:
        raise Wrong(f"{source}: there are no messages in it")
    judged = judge(messages, lambda text: read(text, prefixes=DEFAULT_PREFIXES))
    show_report(report(judged, prefixes=DEFAULT_PREFIXES, worst=worst), as_json=as_json)


def show_report(found: Report, *, as_json: bool) -> None:
    """Print a report as tables, or as one line of JSON."""
    if as_json:
        show_json({**found.plain(), "reliability": _plain_bins(found), "missed_goals": found.missed_goals()})
        return
    console = Console(width=140, highlight=False)
    console.print(_shares_table(found), _bins_table(found))
    for group, confused in found.confusions.items():
        told = ", ".join(f"{was} as {read_as} {count}" for was, read_as, count in confused[:_CONFUSIONS_SHOWN])
        console.print(f"[bold]{group}[/bold]: {told or 'nothing confused'}")
    for kind, misses in found.misses.items():
        if misses:
            console.print(f"\n[bold]{kind}[/bold]")
            _show_misses(console, misses)
    short = found.missed_goals()
    console.print("\nAll goals are met." if not short else "\nShort of the goals: " + "; ".join(short))


def rows_of(file: Path) -> Iterator[dict[str, Any]]:
    """Read a file of JSON lines, each with a text. Raises `Wrong` naming the line."""
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            raise Wrong(f"{file}, line {number}: this is not JSON") from None
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            raise Wrong(f"{file}, line {number}: there is no text in it")
        yield row


def values(reading: Reading) -> dict[str, Any]:
    """Return a reading as plain values, in the shape that scripts rely on."""
    return {
        "language": Language(reading.language).value,
        "script": reading.script.value,
        "intent": reading.intent.value,
        "category": reading.category.value if reading.category else None,
        "categories": [each.value for each in reading.categories[:3]],
        "sensitive": reading.sensitive,
        "reference": reading.reference,
        "reference_valid": reading.reference_valid,
        "confidence": round(reading.confidence, 4),
    }


def _shares_table(found: Report) -> Table:
    table = Table(title="Right readings, with 95 % intervals", title_justify="left")
    table.add_column("")
    groups = list(found.shares)
    for group in groups:
        table.add_column(f"{group}\n{found.shares[group]['intent'].of}", justify="right")
    table.add_column("goal\nall / each", justify="right")
    for name, goal in GOALS.items():
        each = f" / {GROUP_GOALS[name]:.0%}" if name in GROUP_GOALS else ""
        table.add_row(name, *[_told(found.shares[group][name]) for group in groups], f"{goal:.0%}{each}")
    return table


def _bins_table(found: Report) -> Table:
    table = Table(title="Is the confidence honest?", title_justify="left")
    for name in ("confidence", "readings", "said on average", "intent right"):
        table.add_column(name, justify="right")
    for each in found.reliability:
        table.add_row(f"{each.low:.2f}-{each.high:.2f}", str(each.share.of), f"{each.mean:.1%}", _told(each.share))
    return table


def _plain_bins(found: Report) -> list[dict[str, float | int | None]]:
    return [
        {"from": each.low, "to": each.high, "n": each.share.of, "said": each.mean, "right": each.share.value}
        for each in found.reliability
    ]


def _told(share: Share) -> str:
    if share.value is None:
        return "-"
    low, high = share.interval
    return f"{share.value:.1%}\n{low:.0%}-{high:.0%}"


def _show_misses(console: Console, misses: Sequence[Judged]) -> None:
    for each in misses:
        was, said = each.message, each.reading
        labels = f"{was.intent}/{was.category or '-'} as {said.intent}/{said.category or '-'} {said.confidence:.2f}"
        console.print(f"  {labels} | {was.text[:_TEXT_SHOWN]}", markup=False)
