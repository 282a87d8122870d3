"""Commands about what understanding is learned from: proposing a model, deciding on it, and estimating honestly."""

from datetime import UTC, datetime
from pathlib import Path

import click

from handlers import learning
from handlers.learning import LearningFault, Proposal
from samleng.commands.reading import DEFAULT_PREFIXES, show_report
from samleng.commands.shared import Wrong, installation, json_option, show_json, told_plainly
from understanding.learning.figures import report
from understanding.learning.fit import Recipe, Taken
from understanding.learning.folds import judged_by_strangers
from understanding.learning.messages import Message, MessageFileFault, packaged, read_folder

_MESSAGES = click.option(
    "--messages",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of the project's own labelled messages, learned from beside those that come with the program.",
)


@click.command()
@_MESSAGES
@click.option("--folds", default=3, show_default=True, help="How many parts before and after are compared in.")
@click.pass_context
@told_plainly
def learn(context: click.Context, *, folder: Path | None, folds: int) -> None:
    """Propose a model that has learned from the cases whose category officers corrected; `adopt` puts it to use.

    No text of a case that is, was or might be sensitive is looked at. It takes some minutes.
    """
    base = messages_of(folder)
    with installation(context) as opened:
        try:
            proposal = learning.propose(opened.context, base, datetime.now(UTC), folds=folds, told=_told)
        except LearningFault as fault:
            raise Wrong(str(fault)) from fault
    _show(proposal)


@click.command()
@click.argument("number", type=int)
@click.pass_context
@told_plainly
def adopt(context: click.Context, number: int) -> None:
    """Put a proposed model to use; every process takes it up within seconds."""
    with installation(context) as opened:
        try:
            learning.adopt(opened.context, number, datetime.now(UTC))
        except LearningFault as fault:
            raise Wrong(str(fault)) from fault
    click.echo(f"Model {number} reads texts from now on. `samleng understand retire` goes back.")


@click.command()
@click.pass_context
@told_plainly
def retire(context: click.Context) -> None:
    """Go back to the model that comes with the program."""
    with installation(context) as opened:
        try:
            learning.retire(opened.context, datetime.now(UTC))
        except LearningFault as fault:
            raise Wrong(str(fault)) from fault
    click.echo("The model that comes with the program reads texts again.")


@click.command()
@json_option
@click.pass_context
@told_plainly
def models(context: click.Context, *, as_json: bool) -> None:
    """List the models that were learned here, with their figures before and after."""
    with installation(context) as opened:
        known = learning.models(opened.context)
    if as_json:
        show_json([{"id": m.id, "state": m.state, "corrected": m.corrected, "figures": m.figures} for m in known])
        return
    for model in known:
        click.echo(f"{model.id}  {model.state}  {model.made_at:%Y-%m-%d}  {model.corrected} corrected cases")
    if not known:
        click.echo("None. `samleng understand learn` proposes one.")


@click.command()
@_MESSAGES
@click.option("--folds", default=3, show_default=True)
@click.option("--worst", default=12, show_default=True, help="How many misses of each kind to show.")
@json_option
def folds(*, folder: Path | None, folds: int, worst: int, as_json: bool) -> None:
    """Estimate honestly: each writer's messages are read by a model that knows nothing of that writer. Some minutes."""
    judged = judged_by_strangers(messages_of(folder), Taken(), Recipe(), folds, told=_told)
    show_report(report(judged, prefixes=DEFAULT_PREFIXES, worst=worst), as_json=as_json)


def messages_of(folder: Path | None) -> list[Message]:
    """Return the messages that come with the program, and those of a project's folder. Raises `Wrong`."""
    try:
        return [*packaged(), *(read_folder(folder) if folder else ())]
    except MessageFileFault as fault:
        raise Wrong(str(fault)) from fault


def _told(step: str) -> None:
    click.echo(step, err=True)


def _show(proposal: Proposal) -> None:
    click.echo(f"Model {proposal.id}, learned from {proposal.corrected} corrected cases. On texts it had not seen:")
    for name, each in proposal.comparison.plain().items():
        before, after = (f"{value:.1%}" if value is not None else "-" for value in (each["before"], each["after"]))
        click.echo(f"  {name.replace('_', ' '):20} {before:>7} before  {after:>7} after  ({each['n']} texts)")
    click.echo(f"To use it: samleng understand adopt {proposal.id}")
