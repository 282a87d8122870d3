"""What a bot says of itself in Telegram's own menus, in every language of the project."""

from bot import Announcement
from domain.reading import Language
from handlers.context import Context
from wording import say

COMMANDS = (
    "cases",
    "case",
    "take",
    "reply",
    "ask",
    "note",
    "resolve",
    "reject",
    "escalate",
    "transfer",
    "language",
    "help",
)


def announcement(context: Context) -> Announcement:
    """Return what the bots of an installation say of themselves."""
    return Announcement(commands(context), descriptions(context))


def commands(context: Context) -> dict[str, list[tuple[str, str]]]:
    """Return the bot's commands with what each does, by language; the default language stands under the empty code."""
    by_language = {
        language.value: [(command, say(f"menu_{command}", language)) for command in COMMANDS] for language in Language
    }
    return {"": by_language[context.settings.default_language.value], **by_language}


def descriptions(context: Context) -> dict[str, str]:
    """Return what the bot says to somebody who opens it for the first time, by language."""
    project = context.settings.name
    by_language = {language.value: say("start_person", language, project=project) for language in Language}
    return {"": by_language[context.settings.default_language.value], **by_language}
