"""What bots say of themselves in Telegram's own menus: to everybody in every language, and to officers in their chats."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from bot import Announcement, TelegramSender
from domain.ports import FailureKind, SendOutcome
from domain.reading import Language
from domain.sending.segments import clusters
from handlers.context import Context
from handlers.officers import menus
from handlers.officers.menus import Menu
from wording import say

PERSONS_COMMANDS = ("start", "help", "call", "stop")
"""What anybody can tap; everything else is said in words."""

LONGEST_DESCRIPTION, LONGEST_SHORT_DESCRIPTION = 512, 120
"""Characters that Telegram takes (https://core.telegram.org/bots/api#setmydescription, #setmyshortdescription)."""

REST_S = 60.0
"""Seconds that a bot is left alone in which Telegram would not set a menu, unless it asks for more."""

log = logging.getLogger(__name__)


def announcement(context: Context) -> Announcement:
    """Return what the bots of an installation say of themselves to everybody."""
    return Announcement(
        commands(context),
        _described(context, "start_person", LONGEST_DESCRIPTION),
        _described(context, "about_bot", LONGEST_SHORT_DESCRIPTION),
    )


def commands(context: Context) -> dict[str, list[tuple[str, str]]]:
    """Return a person's commands with what each does, by language; the default language stands under the empty code."""
    by_language = {
        language.value: [(command, say(f"menu_person_{command}", language)) for command in PERSONS_COMMANDS]
        for language in Language
    }
    return {"": by_language[context.settings.default_language.value], **by_language}


def _described(context: Context, key: str, longest: int) -> dict[str, str]:
    project = context.settings.name
    by_language = {language.value: _within(say(key, language, project=project), longest) for language in Language}
    return {"": by_language[context.settings.default_language.value], **by_language}


def _within(text: str, longest: int) -> str:
    kept = ""
    for cluster in clusters(text):
        if len((kept + cluster).encode("utf-16-le")) // 2 > longest:
            break
        kept += cluster
    return kept


class Menus:
    """The sweep that lets officers' chats show their commands; Telegram is spoken to outside any transaction.

    `senders` makes each bot's sender, for one run.
    """

    def __init__(self, senders: Mapping[str, Callable[[], TelegramSender]]) -> None:
        self._senders = senders
        self._resting: dict[str, datetime] = {}

    def __call__(self, context: Context, now: datetime) -> int:
        """Set right what chats show, and count those that were. Raises `DatabaseAway`."""
        by_bot: dict[str, list[Menu]] = {}
        for menu in menus.due(context, self._senders):
            if menu.bot not in self._senders:
                menus.shown(context, menu)
            elif not now < self._resting.get(menu.bot, now) <= now + _LONGEST_REST:
                by_bot.setdefault(menu.bot, []).append(menu)
        return sum(asyncio.run(self._show(context, bot, listed, now)) for bot, listed in by_bot.items())

    async def _show(self, context: Context, bot: str, listed: Iterable[Menu], now: datetime) -> int:
        sender, done = self._senders[bot](), 0
        try:
            for menu in listed:
                result = await sender.show_commands(menu.address, menu.commands)
                if result.outcome in (SendOutcome.RETRY, SendOutcome.UNKNOWN):
                    log.warning("bot %s: an officer's commands could not be set (%s)", bot, result.failure)
                    self._resting[bot] = now + timedelta(seconds=max(REST_S, result.retry_after or 0.0))
                    break
                if result.failure is FailureKind.BLOCKED:
                    menus.blocked(context, menu, now)
                else:
                    menus.shown(context, menu)
                    done += 1
        finally:
            await sender.close()
        return done


_LONGEST_REST = timedelta(days=1)
