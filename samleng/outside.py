"""What ties an installation to the world: gateways, bots, senders, the dispatcher and the clock, by its configuration."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot import BotConfig, Poller, TelegramSender, WebhookBot, set_webhook
from console.simulator import SimulatorSender
from domain.ports import Sender
from handlers.context import Context
from handlers.sweeps import SWEEPS, Sweep
from samleng import audit_heads
from samleng.announcing import Menus, announcement
from samleng.config import TelegramConfig
from samleng.gateways import SmsGateways
from samleng.wiring import Installation, utc_now
from sms_gateway import Gateway
from worker.clock import Clock
from worker.dispatcher import Dispatcher

_WITNESS_EVERY_S = 600.0
_MENUS_EVERY_S = 10.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outside:
    """The ways in and out of an installation."""

    installation: Installation

    def sms_gateways(self) -> dict[str, Gateway]:
        """Return the ways in by SMS that the web serves, by name."""
        return self.sms.called()

    @property
    def sms(self) -> SmsGateways:
        """Return the SMS gateways."""
        return SmsGateways(self.installation)

    def webhook_bots(self) -> dict[str, WebhookBot]:
        """Return the bots that Telegram calls, by name."""
        return {
            each.name: WebhookBot(each.webhook_secret.get_secret_value())
            for each in self.installation.config.telegram
            if each.mode == "webhook" and each.webhook_secret is not None
        }

    def pollers(self, clock: Callable[[], datetime]) -> list[Poller]:
        """Return what asks Telegram for updates, one for each bot in polling mode."""
        return [
            Poller(
                self.installation.context, bot_config(each), clock, announcement=announcement(self.installation.context)
            )
            for each in self.installation.config.telegram
            if each.mode == "polling"
        ]

    def called_bots(self) -> list[TelegramConfig]:
        """Return the bots in webhook mode."""
        return [each for each in self.installation.config.telegram if each.mode == "webhook"]

    async def register_webhook(self, each: TelegramConfig) -> bool:
        """Tell Telegram where to call a bot, and what the bot says of itself; False where it could not be told."""
        assert each.webhook_secret is not None
        sender, said = telegram_sender(each), announcement(self.installation.context)
        try:
            told = await set_webhook(
                sender, self.installation.config.public_url, each.webhook_secret.get_secret_value()
            )
            announced = await sender.announce(said.commands, said.descriptions, said.short_descriptions)
        finally:
            await sender.close()
        return told and announced

    def senders(self) -> Mapping[str, Callable[[], Sender]]:
        """Return how each gateway's sender is made, within the dispatcher's event loop."""
        made: dict[str, Callable[[], Sender]] = {**self.sms.senders()}
        for each in self.installation.config.telegram:
            made[each.name] = partial(telegram_sender, each)
        for name, channel in self.installation.config.simulators().items():
            made[name] = partial(SimulatorSender, name, channel, self.installation.context, utc_now)
        return made

    def bot_usernames(self) -> dict[str, str]:
        """Ask Telegram what each bot is called; a bot that cannot be asked now is left out."""
        return asyncio.run(_usernames(self.installation.config.telegram))

    def dispatcher(self, clock: Callable[[], datetime] = utc_now) -> Dispatcher:
        """Return what hands over the messages that wait."""
        return Dispatcher(self.installation.context, self.senders(), clock, wake=self.installation.wake)

    def clock(self, clock: Callable[[], datetime] = utc_now) -> Clock:
        """Return what wakes the sweeps."""
        return Clock(self.installation.context, clock, sweeps=self.sweeps())

    def sweeps(self) -> dict[str, tuple[Sweep, float]]:
        """Return all sweeps, with those that reach out: the audit chain's head to its second place, menus to Telegram."""

        def witness(context: Context, now: datetime) -> int:
            return audit_heads.write(context.store, self.installation.config.audit.head_file, now)

        bots = {each.name: partial(telegram_sender, each) for each in self.installation.config.telegram}
        menus: dict[str, tuple[Sweep, float]] = {"menus": (Menus(bots), _MENUS_EVERY_S)} if bots else {}
        return {**SWEEPS, "witness": (witness, _WITNESS_EVERY_S), **menus}


def bot_config(config: TelegramConfig) -> BotConfig:
    """Return what the bot's room needs of a bot's configuration."""
    return BotConfig(config.name, config.token.get_secret_value(), config.base_url, config.base_file_url)


def telegram_sender(config: TelegramConfig) -> TelegramSender:
    """Return a sender for a bot."""
    return TelegramSender(
        config.name, config.token.get_secret_value(), base_url=config.base_url, base_file_url=config.base_file_url
    )


async def _usernames(bots: Sequence[TelegramConfig]) -> dict[str, str]:
    names: dict[str, str] = {}
    for each in bots:
        sender = telegram_sender(each)
        name = await sender.username()
        if name is None:
            log.warning("Telegram cannot be asked for the name of bot %s now", each.name)
        else:
            names[each.name] = name
        await sender.close()
    return names
