"""Asking Telegram for updates: a loop that stores what it gets before Telegram may forget it."""

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

from telegram.error import Conflict, RetryAfter, TelegramError

from bot.connection import BotConfig
from bot.faults import retry_after_s
from bot.sender import Commands, TelegramSender
from bot.updates import ALLOWED_UPDATES, parse, tap_id
from domain.inbound import Inbound, InboundKind
from handlers.context import Context
from handlers.incoming.intake import Taken, take_in
from handlers.incoming.processing import process_sender
from storage.leadership import Leadership
from storage.store import DatabaseAway

log = logging.getLogger(__name__)

ANNOUNCE_AGAIN_S = 600.0
"""Seconds until a bot that could not say what it says of itself tries again; Telegram is strict about these calls."""

Update = Mapping[str, Any]
Clock = Callable[[], datetime]
Answer = TypeVar("Answer")

_ASK_S = 30
_DUTY_PAUSE_S = 5.0
_LOOK_S = 0.5
_PATIENCE = 5


class Duty(Protocol):
    """The right to poll, which one process has at a time; see `storage.leadership.Leadership`."""

    def holds(self) -> bool:
        """Tell whether this process has the duty now."""
        ...

    def release(self) -> None:
        """Give the duty up."""
        ...


@dataclass(frozen=True, slots=True)
class Steps:
    """What is done with each update: the two steps of intake, here so that they can be exchanged."""

    take_in: Callable[[Context, Inbound, datetime], Taken] = take_in
    process: Callable[[Context, str, datetime], object] = process_sender


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a bot says of itself, by language; see `TelegramSender.announce`."""

    commands: Commands = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    short_descriptions: Mapping[str, str] = field(default_factory=dict)


def growing_pause(faults: int) -> float:
    """Return the seconds to wait after so many faults in a row: 1, 2, 4 … 60."""
    return min(60.0, 2.0 ** min(faults - 1, 6))


class Poller:
    """Polls for one bot in a thread of its own.

    Telegram forgets an update as soon as it is asked for later ones, so the offset moves only when all that came are
    committed. `pause_s` says how long to wait after so many faults in a row, `announce_again_s` how long until what
    the bot says of itself is said again where Telegram did not take it.
    """

    def __init__(
        self,
        context: Context,
        bot: BotConfig,
        clock: Clock,
        *,
        announcement: Announcement | None = None,
        steps: Steps | None = None,
        duty: Duty | None = None,
        pause_s: Callable[[int], float] = growing_pause,
        announce_again_s: float = ANNOUNCE_AGAIN_S,
    ) -> None:
        self._context, self._bot, self._clock, self._pause_s = context, bot, clock, pause_s
        self._announcement, self._steps = announcement or Announcement(), steps or Steps()
        self._duty = duty or Leadership(context.store, f"bot-{bot.name}")
        self._offset: int | None = None
        self._faults = 0
        self._prepared = False
        self._announce_at: float | None = None
        self._announce_again_s = announce_again_s
        self._waiting: dict[str, None] = {}

    def run(self, stop: threading.Event) -> None:
        """Poll until `stop` is set; faults of Telegram, network and database are waited out."""
        asyncio.run(self._run(stop))

    async def _run(self, stop: threading.Event) -> None:
        bot = self._bot
        sender = TelegramSender(bot.name, bot.token, base_url=bot.base_url, base_file_url=bot.base_file_url)
        stopped = asyncio.create_task(_noticed(stop))
        try:
            while not stopped.done():
                if pause := await self._turn(sender, stopped):
                    await asyncio.wait({stopped}, timeout=pause)
        finally:
            stopped.cancel()
            self._duty.release()
            await sender.close()

    async def _turn(self, sender: TelegramSender, stopped: asyncio.Task[None]) -> float:
        """Ask once and act on what comes; return the seconds to wait before the next turn."""
        try:
            # Not in another thread: the lock on a file belongs to the thread that took it.
            if not self._duty.holds():
                self._prepared = False
                return _DUTY_PAUSE_S
            await self._prepare(sender)
            asking = sender.bot.raw_updates(self._offset, kinds=ALLOWED_UPDATES, wait_s=_ASK_S)
            if (updates := await _unless(stopped, asking)) is not None:
                await self._take(sender, updates)
        except Exception as fault:
            self._faults += 1
            return max(self._pause_s(self._faults), await self._tell(sender, fault))
        self._faults = 0
        return 0.0

    async def _prepare(self, sender: TelegramSender) -> None:
        if not self._prepared:
            await sender.bot.delete_webhook(drop_pending_updates=False)
            self._prepared, self._announce_at = True, 0.0
        if self._announce_at is not None and self._announce_at <= asyncio.get_running_loop().time():
            await self._announce(sender)

    async def _announce(self, sender: TelegramSender) -> None:
        """Say what the bot says of itself; where Telegram does not take it now, again after a while."""
        said = self._announcement
        told = await sender.announce(said.commands, said.descriptions, said.short_descriptions)
        self._announce_at = None if told else asyncio.get_running_loop().time() + self._announce_again_s

    async def _take(self, sender: TelegramSender, updates: Sequence[Update]) -> None:
        """Store all updates, and only then move on, let buttons rest, leave groups, and process."""
        groups = set()
        for update in updates:
            inbound = await self._store(update)
            if inbound is not None and inbound.kind is InboundKind.GROUP:
                groups.add(inbound.address)
        if updates:
            self._offset = max(each["update_id"] for each in updates) + 1
        taps = filter(None, map(tap_id, updates))
        await asyncio.gather(*map(sender.answer_tap, taps), *map(sender.leave, groups), self._process())

    async def _store(self, update: Update) -> Inbound | None:
        now = self._clock()
        inbound = parse(self._bot.name, update, now)
        if inbound is None:
            return None
        try:
            taken = await asyncio.to_thread(self._steps.take_in, self._context, inbound, now)
        except DatabaseAway:
            raise
        except Exception as fault:
            log.error("bot %s: update %s cannot be stored (%s)", self._bot.name, update["update_id"], _name(fault))
            if self._faults < _PATIENCE:
                raise
            # One message that cannot be kept must not hold up everybody's: that it came is kept at least.
            taken = await asyncio.to_thread(self._steps.take_in, self._context, _bare(inbound), now)
        if taken.new:
            self._waiting[taken.sender] = None
        return inbound

    async def _process(self) -> None:
        for sender in tuple(self._waiting):
            try:
                await asyncio.to_thread(self._steps.process, self._context, sender, self._clock())
            except Exception as fault:
                log.error("bot %s: processing failed (%s); the sweep tries again", self._bot.name, _name(fault))
            del self._waiting[sender]

    async def _tell(self, sender: TelegramSender, fault: Exception) -> float:
        """Log a fault without its words, which may quote a token or a message; return the seconds Telegram asks for."""
        if isinstance(fault, RetryAfter):
            return retry_after_s(fault)
        if isinstance(fault, Conflict):
            log.error("bot %s: %s", self._bot.name, await _rival(sender))
        else:
            log.warning("bot %s: nothing can be taken in now (%s)", self._bot.name, _name(fault))
        return 0.0


async def _noticed(stop: threading.Event) -> None:
    # In short waits, so that no thread is left behind where the loop ends for another reason.
    while not await asyncio.to_thread(stop.wait, _LOOK_S):
        pass


async def _unless(stopped: asyncio.Task[None], asking: Coroutine[Any, Any, Answer]) -> Answer | None:
    """Wait for an answer, but give it up when the poller is to stop; None then."""
    asked = asyncio.create_task(asking)
    await asyncio.wait({asked, stopped}, return_when=asyncio.FIRST_COMPLETED)
    if asked.done():
        return asked.result()
    asked.cancel()
    await asyncio.wait({asked})
    return None


async def _rival(sender: TelegramSender) -> str:
    """Say who else takes this bot's updates."""
    try:
        host = urlsplit((await sender.bot.get_webhook_info()).url).hostname
    except (TelegramError, ValueError) as fault:
        return f"another program takes its updates, unknown which ({_name(fault)})"
    return f"its updates go to a webhook at {host}" if host else "another program polls with its token"


def _bare(inbound: Inbound) -> Inbound:
    return replace(inbound, kind=InboundKind.OTHER, text="", data="", phone=None, media=(), language_hint=None)


def _name(fault: Exception) -> str:
    return type(fault).__name__
