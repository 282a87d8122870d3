"""One bot's connection to the Bot API: its address and token, the library's client, its rates, and quiet logs."""

import logging
import os
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

from telegram.error import NetworkError
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

# Without this the library warns about its own change from seconds to timedelta each time that Telegram says "later".
os.environ.setdefault("PTB_TIMEDELTA", "true")

OVERALL_RATE = 30
"""Messages a second that Telegram takes from one bot."""

CHAT_RATE = 1.0
"""Messages a second that Telegram takes for one chat."""

_TELEGRAM = "https://api.telegram.org"
# At INFO the clients log addresses, which hold the token; at any level the library may quote texts and answers.
_QUIET = {"httpx": logging.WARNING, "httpcore": logging.WARNING, "telegram": logging.CRITICAL + 1}


@dataclass(frozen=True, slots=True)
class BotConfig:
    """One configured bot.

    `base_url` is the address of another Bot API server, without "/bot"; `base_file_url` that of its files, without
    "/file/bot", where it differs.
    """

    name: str
    token: str = field(repr=False)
    base_url: str | None = None
    base_file_url: str | None = None


class Client(ExtBot[int]):
    """The library's client, with updates as Telegram sends them.

    The library's own objects would drop what they do not know, and fail on what they do not expect.
    """

    @property
    def own_server(self) -> bool:
        """Tell whether this is another Bot API server than Telegram's: one that may share a disk with us."""
        return not self.base_url.startswith(f"{_TELEGRAM}/")

    async def raw_updates(self, offset: int | None, *, kinds: Sequence[str], wait_s: int) -> list[dict[str, Any]]:
        """Wait so many seconds for updates from `offset` on; with it all earlier ones are forgotten by Telegram.

        Raises `telegram.error.TelegramError`.
        """
        fields: dict[str, Any] = {"timeout": wait_s, "allowed_updates": kinds}
        if offset is not None:
            fields["offset"] = offset
        updates = await self._post("getUpdates", fields, read_timeout=wait_s + 10)
        if not isinstance(updates, list):
            raise NetworkError("an answer without updates")
        return [each for each in updates if isinstance(each, dict) and isinstance(each.get("update_id"), int)]


class Connection:
    """The library's client of one bot, made at its first use and bound to the event loop of that use."""

    def __init__(self, config: BotConfig, *, chat_rate: float = CHAT_RATE) -> None:
        self._config, self._chat_rate = config, chat_rate
        self._requests: tuple[HTTPXRequest, HTTPXRequest] | None = None
        self._bot: Client | None = None
        for name, level in _QUIET.items():
            logging.getLogger(name).setLevel(level)

    @property
    def bot(self) -> Client:
        """Return the client. It is not introduced to Telegram first, so nothing can fail here for a provider's fault.

        Raises `telegram.error.InvalidToken` for an empty token.
        """
        if self._bot is None:
            base = (self._config.base_url or _TELEGRAM).rstrip("/")
            files = (self._config.base_file_url or base).rstrip("/")
            self._requests = _request(1), _request(64)
            self._bot = Client(
                self._config.token,
                base_url=f"{base}/bot",
                base_file_url=f"{files}/file/bot",
                get_updates_request=self._requests[0],
                request=self._requests[1],
                rate_limiter=_Rates(self._chat_rate),
            )
        return self._bot

    async def close(self) -> None:
        """Let go of the client; the next use makes a new one."""
        requests, self._requests, self._bot = self._requests or (), None, None
        for request in requests:
            await request.shutdown()


class _Rates(AIORateLimiter):
    """The library's limits, with each chat's limit for people too: by itself it has one for groups only.

    A chat that waits its turn keeps no other waiting. Being told to slow down is passed on at once (`max_retries=0`):
    the library would else stop everything in its own memory, while the dispatcher pauses the bot for all processes.
    """

    def __init__(self, chat_rate: float) -> None:
        super().__init__(
            overall_max_rate=OVERALL_RATE, group_max_rate=1, group_time_period=1 / chat_rate, max_retries=0
        )

    async def process_request(  # noqa: PLR0917
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:
        """Limit one request. A group is told by an id that is no number, so every chat is given such a one.

        Only a message counts for its chat: what is taken back would hold up replies.
        """
        counted = {**data, "chat_id": f"@{data['chat_id']}"} if endpoint == "sendMessage" else data
        return await super().process_request(callback, args, kwargs, endpoint, counted, rate_limit_args)


def _request(connections: int) -> HTTPXRequest:
    return HTTPXRequest(connections, read_timeout=15, write_timeout=15, connect_timeout=10, pool_timeout=15)
