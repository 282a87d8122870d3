"""Which commands an officer's Telegram chat shows: those he may use, in his language, while he may use them.

What a chat should show is compared with what it was last made to show, so that whatever changes a role, a language or
the register needs to say nothing, a crash costs one repetition, and a newer version's commands reach everybody.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from domain.permissions import permissions_of
from domain.reading import Language
from handlers.context import Context
from handlers.officers.commands import SHAPES
from storage.queries.persons import contacts
from storage.queries.staffing import menus, staff
from storage.queries.staffing.menus import Chat
from storage.queries.staffing.staff import StaffRecord
from wording import say, texts

Listed = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Menu:
    """What a bot has to let a chat show: commands with what each does; none for everybody's."""

    contact_id: int
    bot: str
    address: str
    commands: Listed
    mark: str | None


def commands_of(record: StaffRecord, language: Language) -> Listed:
    """Return the commands that a member of staff may use, with what each does; none without a post."""
    if not record.active or not record.posts:
        return ()
    held, worded = permissions_of(record.levels), texts(language)
    usable = [command for command, shape in SHAPES.items() if shape.permission in held and f"menu_{command}" in worded]
    return tuple((command.value, say(f"menu_{command}", language)) for command in usable)


def due(context: Context, bots: Collection[str]) -> list[Menu]:
    """Return the chats that show something else than they should, of these bots."""
    with context.store.reading() as tx:
        chats = menus.chats(tx)
        known = {each.id: each for each in staff.everybody(tx)} if chats else {}
        wrong = [(chat, menu) for chat in chats if (menu := _menu(context, chat, known, bots)) is not None]
        return [Menu(chat.contact_id, bot, contacts.by_id(tx, chat.contact_id).address, listed, mark)
                for chat, (bot, listed, mark) in wrong]  # fmt: skip


def shown(context: Context, menu: Menu) -> None:
    """Keep that a chat shows what it should, or that Telegram will never let it."""
    with context.store.transaction() as tx:
        menus.set_shown(tx, menu.contact_id, menu.mark)


def blocked(context: Context, menu: Menu, now: datetime) -> None:
    """Keep that a chat's owner has blocked the bot; it is looked at again when he writes."""
    with context.store.transaction() as tx:
        contacts.change(tx, menu.contact_id, blocked_at=now)
        menus.set_shown(tx, menu.contact_id, None)


def _menu(
    context: Context, chat: Chat, known: dict[int, StaffRecord], bots: Collection[str]
) -> tuple[str, Listed, str | None] | None:
    record = known.get(chat.staff_id) if chat.staff_id is not None else None
    language = Language(chat.language or (record.language if record else context.settings.default_language))
    listed = commands_of(record, language) if record is not None and not chat.blocked else ()
    before = chat.shown.partition(":")[0] if chat.shown else None
    wrote_by = chat.gateway if chat.gateway in context.gateways else next(iter(bots), None)
    bot = wrote_by if wrote_by in bots else None
    mark = f"{bot}:{sha256(repr(listed).encode()).hexdigest()[:16]}" if bot and listed else None
    if mark == chat.shown or (chat.blocked and record is not None):
        return None
    if before is not None and before != bot:
        # The chat with another bot loses its commands first; its turn with this one comes with the next look.
        bot, listed, mark = before, (), None
    return None if bot is None else (bot, listed, mark)
