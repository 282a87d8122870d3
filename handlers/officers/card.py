"""The officer's card: every command with its words, and what is good to know, from the same source as the commands.

As text with marks for a document, and as a page to be printed on both sides of one sheet.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from domain.permissions import permissions_of
from domain.reading import Category, Language
from domain.settings import LADDER_LEVELS, Level
from handlers.officers.acts import undoing
from handlers.officers.acts.deciding import OUTCOME_WORDS
from handlers.officers.commands import LISTS, SHAPES, Command, is_written_in, words_of
from handlers.officers.drafts import CODE_MINUTES
from handlers.officers.helping import tail_of, what_of
from wording import say

_OTHERS = (Level.DESK, Level.FOCAL, Level.STAFF)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a card says of a project: how references begin, how long answers are held, whom to call in an emergency."""

    prefix: str = "LP"
    hold_seconds: int = 60
    emergency: str = "117 / 1191"


@dataclass(frozen=True, slots=True)
class Row:
    """One command on the card: as typed in Telegram, as sent by SMS, and what it does."""

    telegram: str
    sms: str
    what: str


@dataclass(frozen=True, slots=True)
class Card:
    """A card in one language."""

    language: Language
    title: str
    rows: tuple[Row, ...]
    rules: tuple[str, ...]
    categories: tuple[str, ...]

    def said(self, key: str) -> str:
        """Return one of the card's own wordings."""
        return say(f"card_{key}", self.language)


def card(language: Language, terms: Terms) -> Card:
    """Return the card of a language: the commands that officers on the ladder, of the desk and focal points may use."""
    held = permissions_of(frozenset({*LADDER_LEVELS, *_OTHERS}))
    commands = [command for command, shape in SHAPES.items() if shape.permission in held]
    return Card(
        language=language,
        title=say("card_title", language),
        rows=tuple(_row(command, language) for command in commands),
        rules=tuple(_rules(language, terms)),
        categories=tuple(f"{n} {say(f'category_{each}', language)}" for n, each in enumerate(Category, start=1)),
    )


def as_markdown(cards: Iterable[Card]) -> str:
    """Return cards as one document, each language after the other."""
    parts = []
    for each in cards:
        parts += [f"# {each.title}", f"## {each.said('commands')}", _table(each), f"## {each.said('rules')}"]
        parts += ["\n".join(f"- {rule}" for rule in each.rules)]
        parts += [f"## {each.said('categories')}", " · ".join(each.categories)]
    return "\n\n".join(parts) + "\n"


def as_page(each: Card) -> str:
    """Return a card as a page for printing: side one the commands, side two what is good to know; no script, no links."""
    heads = "".join(f"<th>{escape(each.said(f'head_{name}'))}</th>" for name in ("telegram", "sms", "what"))
    rows = "".join(
        f"<tr><td>{escape(row.telegram)}</td><td>{escape(row.sms)}</td><td>{escape(row.what)}</td></tr>"
        for row in each.rows
    )
    rules = "".join(f"<li>{escape(rule)}</li>" for rule in each.rules)
    kinds = "".join(f"<li>{escape(kind.partition(' ')[2])}</li>" for kind in each.categories)
    return (
        f'<!doctype html>\n<html lang="{each.language.value}"><head><meta charset="utf-8">'
        f"<title>{escape(each.title)}</title><style>{_STYLE}</style></head><body>\n"
        f"<section><h1>{escape(each.title)}</h1><h2>{escape(each.said('commands'))}</h2>"
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></section>\n"
        f"<section><h2>{escape(each.said('rules'))}</h2><ul>{rules}</ul>"
        f'<h2>{escape(each.said("categories"))}</h2><ol class="kinds">{kinds}</ol></section>\n</body></html>\n'
    )


def _row(command: Command, language: Language) -> Row:
    tail, names = tail_of(command, language), words_of(command, language)
    telegram = " ".join(part for part in (f"/{command}", tail) if part)
    sms = " / ".join(" ".join(part for part in (name, tail) if part) for name in names)
    return Row(telegram, sms, " ".join([what_of(command, language), *_only_for(command, language)]))


def _only_for(command: Command, language: Language) -> Iterable[str]:
    """Return whose command it is, where officers on the ladder may not use it."""
    needed = SHAPES[command].permission
    if needed in permissions_of(frozenset(LADDER_LEVELS)):
        return ()
    held = (level for level in _OTHERS if needed in permissions_of(frozenset({level})))
    return (f"({', '.join(say(f'level_{level}', language) for level in held)})",)


def _rules(language: Language, terms: Terms) -> Iterable[str]:
    lists = ", ".join(word for word in LISTS if is_written_in(word, language))
    outcomes = ", ".join(word for word in OUTCOME_WORDS if is_written_in(word, language))
    yield say("card_rule_number", language, prefix=terms.prefix)
    yield say("card_rule_lists", language, words=lists)
    yield say("card_rule_sms", language, minutes=CODE_MINUTES)
    yield say("card_rule_words", language)
    yield say("card_rule_held", language, seconds=terms.hold_seconds)
    yield say("card_rule_answer", language)
    yield say("card_rule_undo", language, minutes=undoing.MINUTES)
    yield say("card_rule_outcome", language, outcomes=outcomes)
    for name in ("sensitive", "away", "own", "lost"):
        yield say(f"card_rule_{name}", language)
    yield say("card_rule_never", language, emergency=terms.emergency)


def _table(each: Card) -> str:
    heads = [each.said(f"head_{name}") for name in ("telegram", "sms", "what")]
    lines = [f"| {' | '.join(heads)} |", "| --- | --- | --- |"]
    return "\n".join([*lines, *(f"| `{row.telegram}` | {row.sms} | {row.what} |" for row in each.rows)])


_STYLE = """
@page { size: A4; margin: 12mm }
body { font-family: "Noto Sans Khmer", "Khmer OS", "Noto Sans Lao", "Phetsarath OT", "Saysettha OT", sans-serif;
  font-size: 10pt; line-height: 1.35; margin: 0 auto; max-width: 186mm; color: #000 }
section { break-after: page; break-inside: avoid }
section:last-of-type { break-after: auto }
h1 { font-size: 16pt; margin: 0 0 2mm } h2 { font-size: 12pt; margin: 4mm 0 2mm }
table { border-collapse: collapse; width: 100% }
th, td { border: 0.3pt solid #777; padding: 0.7mm 1.5mm; text-align: left; vertical-align: top }
td:first-child { white-space: nowrap }
ul, ol { margin: 0; padding-left: 6mm } li { margin-bottom: 1mm } .kinds { columns: 2 }
@media print and (max-width: 150mm) { body { font-size: 7.6pt; line-height: 1.3 } }
"""
