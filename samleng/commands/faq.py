"""Commands about ready answers: bring them in, list how they fare, and try which one a question would get."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from handlers import faq as ready
from samleng.commands.shared import Wrong, installation, json_option, show_json, told_plainly
from samleng.files.faq_files import read_faq
from samleng.files.projects import ConfigFaults
from storage.queries.faq import Changes, Counts, FaqRecord
from storage.store import AlreadyThere


@click.group()
def faq() -> None:
    """Questions that many ask, with their answers."""


@faq.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@json_option
@click.pass_context
@told_plainly
def import_faq(context: click.Context, file: Path, *, dry_run: bool, as_json: bool) -> None:
    """Put the entries of a TOML file in force, in place of those that are.

    Each is a [[faq]] table: code, category, and km, lo, en with questions and an answer. An entry that the file lacks
    is taken out of force; nothing is deleted.
    """
    try:
        entries = read_faq(file)
    except ConfigFaults as faults:
        raise Wrong(str(faults)) from faults
    with installation(context) as opened:
        try:
            with opened.store.transaction() as tx:
                found = ready.bring_in(tx, entries, now=datetime.now(UTC), dry_run=dry_run)
        except AlreadyThere as fault:
            raise Wrong("somebody else is bringing in entries at this moment; try again") from fault
    _tell(found, len(entries), as_json=as_json)


@faq.command("list")
@json_option
@click.pass_context
@told_plainly
def list_faq(context: click.Context, *, as_json: bool) -> None:
    """List the entries in force: how often each was given, helped, and did not help."""
    with installation(context) as opened, opened.store.reading() as tx:
        rows = [_row(entry, counts) for entry, counts in ready.listed(tx)]
    if as_json:
        show_json(rows)
        return
    click.echo(f"{'code':32} {'category':18} {'languages':10} {'given':>6} {'helped':>6} {'not':>6}")
    for row in rows:
        spoken = " ".join(row["languages"])
        figures = f"{row['given']:6} {row['helped']:6} {row['not_helped']:6}"
        click.echo(f"{row['code']:32} {row['category']:18} {spoken:10} {figures}")


@faq.command("try")
@click.argument("text")
@json_option
@click.pass_context
@told_plainly
def try_faq(context: click.Context, text: str, *, as_json: bool) -> None:
    """Say which entry would answer a text, were it read as a question, and how near the nearest come (0 to 1)."""
    with installation(context) as opened:
        tried = ready.tried(opened.context, text)
    code = tried.answering.code if tried.answering else None
    nearest = [{"code": each.code, "score": round(each.score, 3)} for each in tried.nearest]
    if as_json:
        show_json({"answers": code, "nearest": nearest})
        return
    click.echo(f"Answered by {code}." if code else "No entry answers it; it would become a case.")
    for each in nearest:
        click.echo(f"  {each['score']:.3f}  {each['code']}")


def _tell(found: Changes, entries: int, *, as_json: bool) -> None:
    changes = {"new": found.new, "changed": found.changed, "removed": found.removed}
    if as_json:
        show_json({**changes, "unchanged": entries - len(found.new) - len(found.changed)})
        return
    for name, codes in changes.items():
        click.echo(f"{name:8} {len(codes):3}  {', '.join(codes)}".rstrip())


def _row(entry: FaqRecord, counts: Counts) -> dict[str, Any]:
    return {
        "code": entry.code,
        "category": entry.category.value,
        "languages": sorted(entry.words),
        "given": counts.given,
        "helped": counts.helped,
        "not_helped": counts.not_helped,
    }
