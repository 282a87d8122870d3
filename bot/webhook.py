"""The route by which Telegram brings updates, and telling Telegram of it."""

import hmac
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from telegram.error import TelegramError
from werkzeug.exceptions import RequestEntityTooLarge

from bot.sender import TelegramSender
from bot.updates import ALLOWED_UPDATES, parse, tap_id
from domain.inbound import Inbound, InboundKind
from domain.permissions import Permission, needs
from handlers.context import Context
from handlers.incoming import intake
from handlers.incoming.intake import Taken
from storage.store import DatabaseAway

log = logging.getLogger(__name__)

LARGEST = 1024 * 1024
"""Bytes that an update may have."""

_SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105


@dataclass(frozen=True, slots=True)
class WebhookBot:
    """A bot that is brought its updates: the secret by which Telegram shows itself. Raises `ValueError` for none."""

    secret: str = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse an empty secret, which every request would show."""
        if not self.secret:
            raise ValueError("a webhook needs a secret")


def create_blueprint(
    context: Context,
    bots: Mapping[str, WebhookBot],
    clock: Callable[[], datetime],
    *,
    receive: Callable[[Context, Inbound, datetime], Taken] = intake.receive,
) -> Blueprint:
    """Return the route `/telegram/<bot>/webhook`.

    It answers 200 once an update is stored, 503 where the database is away (Telegram then tries again), 403 without
    the secret, 404 for an unknown bot, 413 above 1 MiB and 400 for what is no JSON object.
    """
    blueprint = Blueprint("telegram", __name__)

    @blueprint.post("/telegram/<bot>/webhook")
    @needs(Permission.PUBLIC)
    def webhook(bot: str) -> ResponseReturnValue:
        if (known := bots.get(bot)) is None:
            return {}, 404
        if not _is_telegram(known):
            return {}, 403
        try:
            update = _update()
        except RequestEntityTooLarge:
            return {}, 413
        if update is None:
            return {}, 400
        now = clock()
        inbound = parse(bot, update, now)
        try:
            if inbound is not None:
                receive(context, inbound, now)
        except DatabaseAway:
            return {}, 503
        return _order(update, inbound)

    return blueprint


def webhook_url(public_url: str, bot_name: str) -> str:
    """Return the address at which Telegram reaches a bot's route."""
    return f"{public_url.rstrip('/')}/telegram/{bot_name}/webhook"


async def set_webhook(sender: TelegramSender, public_url: str, secret: str) -> bool:
    """Have Telegram bring a bot's updates to us; what waits there is kept. False where Telegram could not be told."""
    try:
        await sender.bot.set_webhook(
            webhook_url(public_url, sender.name),
            secret_token=secret,
            allowed_updates=list(ALLOWED_UPDATES),
            drop_pending_updates=False,
        )
    except TelegramError as fault:
        log.warning("bot %s: its webhook could not be set (%s)", sender.name, type(fault).__name__)
        return False
    return True


def _is_telegram(bot: WebhookBot) -> bool:
    shown = request.headers.get(_SECRET, "")
    return hmac.compare_digest(shown.encode("utf-8", "replace"), bot.secret.encode())


def _update() -> dict[str, Any] | None:
    request.max_content_length = LARGEST
    try:
        update = json.loads(request.get_data(cache=False))
    except (ValueError, RecursionError):
        return None
    return update if isinstance(update, dict) else None


def _order(update: Mapping[str, Any], inbound: Inbound | None) -> dict[str, Any]:
    """Return what Telegram shall do on reading our answer, which saves a request of our own."""
    if tap := tap_id(update):
        return {"method": "answerCallbackQuery", "callback_query_id": tap}
    if inbound is not None and inbound.kind is InboundKind.GROUP:
        return {"method": "leaveChat", "chat_id": int(inbound.address)}
    return {}
