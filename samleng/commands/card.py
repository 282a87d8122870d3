"""The command that prints the officer's card of the project."""

import click

from domain.reading import Language
from handlers.officers.card import Terms, as_markdown, as_page, card
from samleng.commands.shared import installation, told_plainly


@click.command("officers-card")
@click.option("--language", type=click.Choice([each.value for each in Language]), default=None)
@click.option("--markdown", is_flag=True, help="As text with marks instead of a page.")
@click.pass_context
@told_plainly
def officers_card(context: click.Context, *, language: str | None, markdown: bool) -> None:
    """Print the officer's card as a page (A4 or A5, two sides): samleng officers-card --language km > card.html"""
    with installation(context) as opened:
        settings = opened.context.settings
    terms = Terms(settings.prefix, settings.deadlines.hold_seconds, settings.emergency_number)
    made = card(Language(language) if language else settings.default_language, terms)
    click.echo(as_markdown([made]) if markdown else as_page(made), nl=False)
