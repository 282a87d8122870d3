"""Updates as Telegram documents them, complete, from one person in a private chat."""

from typing import Any

SOK = {
    "id": 77001,
    "is_bot": False,
    "first_name": "Sok",
    "last_name": "Chea",
    "username": "sokchea",
    "language_code": "km",
}
PRIVATE = {"id": 77001, "first_name": "Sok", "last_name": "Chea", "username": "sokchea", "type": "private"}
GROUP = {"id": -1001234567890, "title": "ភូមិ", "type": "supergroup"}
BOT = {"id": 7, "is_bot": True, "first_name": "Samleng", "username": "samleng_bot"}

OURS = {"message_id": 40, "from": BOT, "chat": PRIVATE, "date": 1793588000, "text": "LP-7K3M-9Q"}


def message(update_id: int = 501, **fields: Any) -> dict[str, Any]:
    """Return an update with a message of Sok."""
    return {"update_id": update_id, "message": _message(**fields)}


def edited(**fields: Any) -> dict[str, Any]:
    """Return an update with an edited message of Sok."""
    return {"update_id": 501, "edited_message": {**_message(**fields), "edit_date": 1793588700}}


def tap(data: str = "v1:case:9", update_id: int = 501, **fields: Any) -> dict[str, Any]:
    """Return an update with a tapped button under our message."""
    keyboard = {"inline_keyboard": [[{"text": "1", "callback_data": data}]]}
    query = {"id": "330712", "from": SOK, "message": {**OURS, "reply_markup": keyboard}, "chat_instance": "-81"}
    return {"update_id": update_id, "callback_query": {**query, "data": data, **fields}}


def membership(status: str, chat: dict[str, Any] = PRIVATE) -> dict[str, Any]:
    """Return an update with our new standing in a chat."""
    before = {"user": BOT, "status": "kicked" if status == "member" else "member"}
    now = {"user": BOT, "status": status, **({"until_date": 0} if status == "kicked" else {})}
    change = {"chat": chat, "from": SOK, "date": 1793588600, "old_chat_member": before, "new_chat_member": now}
    return {"update_id": 501, "my_chat_member": change}


def _message(**fields: Any) -> dict[str, Any]:
    return {"message_id": 42, "from": SOK, "chat": PRIVATE, "date": 1793588600, **fields}


def size(file_id: str, width: int, height: int, file_size: int) -> dict[str, Any]:
    """Return one size of a photo."""
    unique = f"AQAD{file_id}"
    return {"file_id": file_id, "file_unique_id": unique, "file_size": file_size, "width": width, "height": height}


def file(file_id: str, **fields: Any) -> dict[str, Any]:
    """Return any other file."""
    return {"file_id": file_id, "file_unique_id": f"AgAD{file_id}", **fields}
