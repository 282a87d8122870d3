"""Commands about understanding: what a text is taken to mean, and how often that is right."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from domain.reading import Language, Reading
from samleng.commands.shared import Wrong, show_json
from samleng.evaluation import evaluate_rows
from understanding import read

DEFAULT_PREFIXES = ("LP", "RR")


@click.command()
@click.argument("text", required=False)
@click.option(
    "--file", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="JSON lines: id, text."
)
@click.option("--prefix", "prefixes", multiple=True, help="A project's reference prefix (default LP and RR).")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
def understand(text: str | None, *, file: Path | None, prefixes: tuple[str, ...], as_json: bool) -> None:
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
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
def evaluate(file: Path, *, as_json: bool) -> None:
    """Compare what is read with the labels of a file of JSON lines, and print how often it is right."""
    report = evaluate_rows(list(rows_of(file)), lambda text: read(text, prefixes=DEFAULT_PREFIXES))
    if as_json:
        show_json(report)
        return
    for group, figures in report.items():
        click.echo(f"{group:12} " + "  ".join(f"{name} {_figure(value)}" for name, value in figures.items()))


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


def _figure(value: float | int | None) -> str:
    return "-" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)
