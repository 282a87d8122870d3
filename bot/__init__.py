"""The Telegram side: updates in, by polling or webhook, and messages out; it alone knows Telegram's library."""

from bot.connection import BotConfig
from bot.poller import Announcement, Poller, Steps
from bot.sender import Commands, Listed, TelegramSender
from bot.updates import parse
from bot.webhook import WebhookBot, create_blueprint, set_webhook

__all__ = [
    "Announcement",
    "BotConfig",
    "Commands",
    "Listed",
    "Poller",
    "Steps",
    "TelegramSender",
    "WebhookBot",
    "create_blueprint",
    "parse",
    "set_webhook",
]
