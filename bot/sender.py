"""The way out to Telegram: messages and their keyboards, taking back, fetching files, what a bot says of itself."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from telegram import (
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
)
from telegram.error import BadRequest, TelegramError

from bot.connection import CHAT_RATE, BotConfig, Client, Connection
from bot.faults import result_of, says
from bot.fetching import fetch
from domain.inbound import Channel, Media
from domain.ports import FailureKind, Outbound, OutboundAction, SendResult
from domain.sending.segments import clusters

LONGEST = 4096
"""UTF-16 units that Telegram takes in one message."""

MOST_PIECES = 11
"""Messages that one text may become: so many ids of up to ten digits fit where the provider's id is kept."""

Listed = Sequence[tuple[str, str]]
"""Commands, without the slash, with what each does."""

Commands = Mapping[str, Listed]
"""Commands by language; under "" what everybody else reads."""

Shown = TypeVar("Shown")

log = logging.getLogger(__name__)

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_CONTACT_LABEL = "☎"


class TelegramSender:
    """One bot's way out: `domain.ports.Sender` and `domain.ports.MediaSource`, bound to one event loop.

    `base_url` and `base_file_url` are as in `BotConfig`; `chat_rate` is in messages a second for one chat.
    """

    channel = Channel.TELEGRAM

    def __init__(
        self,
        name: str,
        token: str,
        *,
        base_url: str | None = None,
        base_file_url: str | None = None,
        chat_rate: float = CHAT_RATE,
    ) -> None:
        self.name = name
        self._connection = Connection(BotConfig(name, token, base_url, base_file_url), chat_rate=chat_rate)

    @property
    def bot(self) -> Client:
        """Return the library's client, for what is neither sending nor fetching; it raises `TelegramError`."""
        return self._connection.bot

    async def send(self, message: Outbound) -> SendResult:
        """Hand one message to Telegram, in several where it is too long for one, or take one back.

        The provider's id is then the ids of all pieces with commas between. Where only some pieces have left, theirs
        come with the failure, and the next attempt goes on behind them. What is not there any more counts as taken back.
        """
        try:
            chat_id = int(message.address)
        except ValueError:
            return SendResult.of(FailureKind.BAD_ADDRESS)
        try:
            if message.action is OutboundAction.DELETE:
                return await self._take_back(chat_id, message)
            return await self._hand_over(chat_id, message)
        except TelegramError as fault:
            return result_of(fault)

    async def fetch(self, media: Media, limit: int) -> bytes | None:
        """Return a file's bytes, or None where it is gone or larger than `limit` bytes.

        Raises `ConnectionError` where Telegram could not be asked, and the file may still be there.
        """
        return await fetch(self.bot, media, limit)

    async def username(self) -> str | None:
        """Return what the bot is called in Telegram, or None where Telegram cannot be asked."""
        try:
            return (await self.bot.get_me()).username
        except TelegramError:
            return None

    async def leave(self, chat_id: str) -> None:
        """Leave a group; where the bot is no longer in it, nothing happens."""
        try:
            await self.bot.leave_chat(int(chat_id))
        except TelegramError as fault:
            log.info("bot %s: a group could not be left (%s)", self.name, type(fault).__name__)

    async def answer_tap(self, tap_id: str) -> None:
        """Let a tapped button rest. Telegram refuses after some minutes, which harms nobody."""
        try:
            await self.bot.answer_callback_query(tap_id)
        except TelegramError as fault:
            log.info("bot %s: a tap could not be answered (%s)", self.name, type(fault).__name__)

    async def announce(
        self,
        commands: Commands,
        descriptions: Mapping[str, str] | None = None,
        short_descriptions: Mapping[str, str] | None = None,
    ) -> bool:
        """Set what Telegram shows to everybody, by language; tell whether it took all.

        `descriptions` stand in an empty chat, `short_descriptions` on the bot's page and with its shared link. Without
        "" everybody else reads the first language's.
        """
        bot = self.bot
        try:
            for language, listed in _for_everybody(commands).items():
                await bot.set_my_commands(_shown(listed), language_code=language or None)
            for language, description in _for_everybody(descriptions or {}).items():
                await bot.set_my_description(description, language_code=language or None)
            for language, description in _for_everybody(short_descriptions or {}).items():
                await bot.set_my_short_description(description, language_code=language or None)
        except TelegramError as fault:
            log.warning("bot %s: its commands could not be set (%s)", self.name, type(fault).__name__)
            return False
        return True

    async def show_commands(self, chat_id: str, commands: Listed) -> SendResult:
        """Set the commands that one chat shows in place of everybody's; with none it shows everybody's again."""
        scope = BotCommandScopeChat(int(chat_id))
        try:
            if commands:
                await self.bot.set_my_commands(_shown(commands), scope=scope)
            else:
                await self.bot.delete_my_commands(scope=scope)
        except TelegramError as fault:
            return result_of(fault)
        return SendResult.accepted(None)

    async def close(self) -> None:
        """Let go of connections."""
        await self._connection.close()

    async def _hand_over(self, chat_id: int, message: Outbound) -> SendResult:
        cut = pieces(message.text)
        if len(cut) > MOST_PIECES:
            return SendResult.of(FailureKind.TOO_LONG)
        sent = _ids(message.provider_id)
        try:
            for number, piece in enumerate(cut[len(sent) :], start=len(sent) + 1):
                keyboard = _keyboard(message) if number == len(cut) else None
                sent.append(await self._say(chat_id, piece, message, keyboard))
        except TelegramError as fault:
            return replace(result_of(fault), provider_id=_joined(sent))
        return SendResult.accepted(_joined(sent))

    async def _say(
        self, chat_id: int, text: str, message: Outbound, keyboard: InlineKeyboardMarkup | ReplyKeyboardMarkup | None
    ) -> int:
        sent = await self.bot.send_message(
            chat_id,
            text,
            parse_mode=None,
            link_preview_options=_NO_PREVIEW,
            protect_content=message.protect or None,
            reply_markup=keyboard,
        )
        return sent.message_id

    async def _take_back(self, chat_id: int, message: Outbound) -> SendResult:
        """Take back every piece; one that Telegram does not give back keeps no other from going."""
        ids = _ids(message.provider_id)
        result = SendResult.accepted(message.provider_id) if ids else SendResult.of(FailureKind.REJECTED)
        for each in ids:
            try:
                await self.bot.delete_message(chat_id, each)
            except BadRequest as fault:
                if not says(fault, "message to delete not found"):
                    result = result_of(fault)
        return result


def pieces(text: str, longest: int = LONGEST) -> list[str]:
    """Cut a text between clusters into messages of at most so many UTF-16 units; there is always one, be it empty."""
    cut, room = [""], longest
    for cluster in _fitting(clusters(text), longest):
        if (width := _units(cluster)) > room:
            cut.append("")
            room = longest
        cut[-1] += cluster
        room -= width
    # Telegram refuses a message of nothing but spaces.
    return [piece for piece in cut if piece.strip()] or cut[:1]


def _fitting(parts: Iterable[str], longest: int) -> Iterator[str]:
    """Give the clusters on, one that is too long for any message in its characters."""
    for part in parts:
        yield from (part,) if _units(part) <= longest else part


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _keyboard(message: Outbound) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | None:
    rows = [
        [InlineKeyboardButton(each.label, callback_data=each.data) for each in row] for row in message.buttons if row
    ]
    if message.request_contact:
        label = rows[0][0].text if rows else _CONTACT_LABEL
        button = KeyboardButton(label, request_contact=True)
        return ReplyKeyboardMarkup([[button]], one_time_keyboard=True, resize_keyboard=True)
    return InlineKeyboardMarkup(rows) if rows else None


def _ids(provider_id: str | None) -> list[int]:
    """Return the ids of a message's pieces; none where a text is no such list."""
    kept = (provider_id or "").split(",")
    return [int(each) for each in kept] if all(each.isdecimal() for each in kept) else []


def _joined(ids: Sequence[int]) -> str | None:
    return ",".join(map(str, ids)) or None


def _shown(listed: Listed) -> list[BotCommand]:
    return [BotCommand(name, description) for name, description in listed]


def _for_everybody(by_language: Mapping[str, Shown]) -> Mapping[str, Shown]:
    return {"": next(iter(by_language.values())), **by_language} if by_language else {}
