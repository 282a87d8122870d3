"""Translation of a Telegram update, as raw JSON, into an `Inbound`; nothing here decides or raises."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.fields import Json, integer, number, record, words
from bot.files import files_of
from domain.inbound import Channel, Inbound, InboundKind

ALLOWED_UPDATES = ("message", "edited_message", "channel_post", "callback_query", "my_chat_member")
"""The kinds of update that the project asks Telegram for."""

LONGEST_ALBUM = 40
"""Letters of an album's id that are kept; Telegram's have about twenty."""

_GROUPS = frozenset({"group", "supergroup", "channel"})
_GONE = frozenset({"kicked", "left"})


def parse(bot_name: str, update: Mapping[str, Any], now: datetime) -> Inbound | None:
    """Return what an update says, or None where there is nobody to answer.

    What a person sent in a way that cannot be read is of kind `OTHER`. Of a group only its chat id is taken. `now` is
    aware UTC.
    """
    update_id, (source, body) = integer(update, "update_id"), _content(update)
    chat = _chat(body)
    chat_id = integer(chat, "id")
    if update_id is None or chat_id is None:
        return None
    came = Inbound(
        gateway=bot_name,
        channel=Channel.TELEGRAM,
        provider_id=f"u:{update_id}",
        address=str(chat_id),
        kind=InboundKind.OTHER,
        received_at=now,
        language_hint=words(record(body, "from"), "language_code")[:16] or None,
    )
    if chat_id < 0 or words(chat, "type") in _GROUPS:
        return None if _new_status(body) in _GONE else replace(came, kind=InboundKind.GROUP, language_hint=None)
    return _READERS.get(source, _other)(came, body)


def tap_id(update: Mapping[str, Any]) -> str | None:
    """Return the id by which a tapped button wants to be answered; None where the update is no tap."""
    return words(record(update, "callback_query"), "id") or None


def _content(update: Mapping[str, Any]) -> tuple[str, Json]:
    return next(((name, body) for name, body in update.items() if isinstance(body, dict)), ("", {}))


def _chat(body: Json) -> Json:
    if chat := record(body, "chat") or record(record(body, "message"), "chat"):
        return chat
    # A tap without its message comes from a person; the private chat has the person's id.
    return record(body, "from") if "data" in body else {}


def _new_status(body: Json) -> str:
    return words(record(body, "new_chat_member"), "status")


def _message(came: Inbound, body: Json) -> Inbound:
    came = replace(came, message_id=_message_id(body), reply_to=_message_id(record(body, "reply_to_message")))
    if contact := record(body, "contact"):
        return replace(came, kind=InboundKind.CONTACT, phone=_own_phone(body, contact))
    if place := _place(body):
        return replace(came, kind=InboundKind.LOCATION, text=place)
    if files := files_of(body):
        album = words(body, "media_group_id")[:LONGEST_ALBUM] or None
        return replace(came, kind=InboundKind.MEDIA, text=words(body, "caption"), media=files, album=album)
    if isinstance(body.get("text"), str):
        return replace(came, kind=InboundKind.TEXT, text=words(body, "text"))
    return came


def _edited(came: Inbound, body: Json) -> Inbound:
    message = _message(came, body)
    if message.kind is InboundKind.OTHER:
        return message
    return replace(message, kind=InboundKind.EDIT, edit_of=message.message_id)


def _tap(came: Inbound, body: Json) -> Inbound:
    if not (data := words(body, "data")):
        return came
    return replace(came, kind=InboundKind.TAP, data=data, reply_to=_message_id(record(body, "message")))


def _membership(came: Inbound, body: Json) -> Inbound:
    status = _new_status(body)
    if status in _GONE:
        return replace(came, kind=InboundKind.BLOCKED)
    return replace(came, kind=InboundKind.UNBLOCKED) if status == "member" else came


def _other(came: Inbound, _body: Json) -> Inbound:
    return came


_READERS: dict[str, Callable[[Inbound, Json], Inbound]] = {
    "message": _message,
    "edited_message": _edited,
    "callback_query": _tap,
    "my_chat_member": _membership,
}


def _message_id(body: Json) -> str | None:
    message_id = integer(body, "message_id")
    return None if message_id is None else str(message_id)


def _own_phone(body: Json, contact: Json) -> str | None:
    """Return the sender's own number in E.164; None for another's, and for a forwarded card, which may be old."""
    owner, sender = integer(contact, "user_id"), integer(record(body, "from"), "id")
    if owner is None or owner != sender or body.keys() & {"forward_origin", "forward_date"}:
        return None
    digits = "".join(each for each in words(contact, "phone_number") if each in "0123456789")
    return f"+{digits}" if 7 <= len(digits) <= 15 else None


def _place(body: Json) -> str:
    location = record(body, "location") or record(record(body, "venue"), "location")
    latitude, longitude = number(location, "latitude"), number(location, "longitude")
    return "" if latitude is None or longitude is None else f"{latitude},{longitude}"
