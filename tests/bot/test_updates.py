"""What each update becomes, and that nothing raises, whatever a field holds."""

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.updates import ALLOWED_UPDATES, parse, tap_id
from domain.inbound import Channel, Inbound, InboundKind, Media, MediaKind
from tests.support.telegram_updates import GROUP, OURS, PRIVATE, SOK, edited, file, membership, message, size, tap

NOW = datetime(2026, 11, 2, 3, 4, 5, tzinfo=UTC)
KHMER = "ខ្ញុំមិនទាន់ទទួលបានប្រាក់ខែកញ្ញាទេ"
MIXED = "ខ្ញុំ no money ເງິນຍັງບໍ່ໄດ້ ១២៣ ໑໒໓ 😡👨‍👩‍👧"
PHOTO = [size("small", 90, 67, 1_204), size("large", 1280, 960, 98_211), size("middle", 320, 240, 12_331)]
OWN = {"phone_number": "85512345678", "first_name": "Sok", "user_id": 77001}
PLACE = {"latitude": 13.3671, "longitude": 103.8448, "horizontal_accuracy": 12.0}


def came(kind: InboundKind, **fields: Any) -> Inbound:
    usual: dict[str, Any] = {"message_id": "42", "language_hint": "km", **fields}
    return Inbound("kh", Channel.TELEGRAM, "u:501", "77001", kind, NOW, **usual)


def media(
    kind: MediaKind, ref: str, mime: str, size: int | None = None, text: str = "", album: str | None = None
) -> Inbound:
    return came(InboundKind.MEDIA, media=(Media(kind, ref, mime, size),), text=text, album=album)


START = [{"offset": 0, "length": 6, "type": "bot_command"}]
ORIGIN = {"type": "user", "sender_user": SOK, "date": 1700000000}
VENUE = {"location": PLACE, "title": "ផ្សារលើ", "address": "N6, Siem Reap"}
STICKER = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False, "emoji": "👍"}
CLIP = {"width": 640, "height": 480, "duration": 5, "file_size": 80_000}

TEXTS = {
    "text": (message(text=KHMER), came(InboundKind.TEXT, text=KHMER)),
    "start": (message(text="/start a1b2", entities=START), came(InboundKind.TEXT, text="/start a1b2")),
    "empty": (message(text=""), came(InboundKind.TEXT)),
    "spaces": (message(text="  \n "), came(InboundKind.TEXT, text="  \n ")),
    "10,000 characters": (message(text="ខ្" * 5_000), came(InboundKind.TEXT, text="ខ្" * 5_000)),
    "emoji": (message(text="😡"), came(InboundKind.TEXT, text="😡")),
    "mixed scripts": (message(text=MIXED), came(InboundKind.TEXT, text=MIXED)),
    "NUL": (message(text="a\0b"), came(InboundKind.TEXT, text="ab")),
    "half a pair": (message(text="a\ud83d b"), came(InboundKind.TEXT, text="a\ufffd b")),
    "answer": (message(text="1", reply_to_message=OURS), came(InboundKind.TEXT, text="1", reply_to="40")),
    "edited": (edited(text="two"), came(InboundKind.EDIT, text="two", edit_of="42")),
    "edited caption": (
        edited(photo=PHOTO, caption="well"),
        came(
            InboundKind.EDIT,
            text="well",
            edit_of="42",
            media=(Media(MediaKind.PHOTO, "large", "image/jpeg", 98_211),),
        ),
    ),
    "edited game": (edited(game={"title": "x"}), came(InboundKind.OTHER)),
}
CONTACTS = {
    "own number": (
        message(contact=OWN, reply_to_message=OURS),
        came(InboundKind.CONTACT, phone="+85512345678", reply_to="40"),
    ),
    "own with plus": (
        message(contact=OWN | {"phone_number": "+856 20 5512 3456"}),
        came(InboundKind.CONTACT, phone="+8562055123456"),
    ),
    "another's": (message(contact=OWN | {"user_id": 77002}), came(InboundKind.CONTACT)),
    "without account": (
        message(contact={"phone_number": "85512345678", "first_name": "Dara"}),
        came(InboundKind.CONTACT),
    ),
    "own forwarded": (
        message(contact=OWN, forward_origin=ORIGIN, forward_date=1700000000),
        came(InboundKind.CONTACT),
    ),
    "no number": (message(contact=OWN | {"phone_number": "n/a"}), came(InboundKind.CONTACT)),
    "place": (message(location=PLACE), came(InboundKind.LOCATION, text="13.3671,103.8448")),
    "venue": (message(location=PLACE, venue=VENUE), came(InboundKind.LOCATION, text="13.3671,103.8448")),
    "broken place": (message(location={"latitude": "13"}), came(InboundKind.OTHER)),
}
FILES = {
    "photo": (message(photo=PHOTO), media(MediaKind.PHOTO, "large", "image/jpeg", 98_211)),
    "photo of an album": (
        message(photo=PHOTO, media_group_id="13", caption=KHMER),
        media(MediaKind.PHOTO, "large", "image/jpeg", 98_211, KHMER, album="13"),
    ),
    "an album of an unknown kind": (
        message(photo=PHOTO, media_group_id=13),
        media(MediaKind.PHOTO, "large", "image/jpeg", 98_211),
    ),
    "voice": (
        message(voice=file("v", duration=9, mime_type="audio/ogg", file_size=20_480)),
        media(MediaKind.VOICE, "v", "audio/ogg", 20_480),
    ),
    "audio": (
        message(audio=file("a", duration=9, mime_type="audio/mp4", file_name="a.m4a")),
        media(MediaKind.AUDIO, "a", "audio/mp4"),
    ),
    "video": (
        message(video=file("m", mime_type="video/mp4", **CLIP), caption="look"),
        media(MediaKind.VIDEO, "m", "video/mp4", 80_000, "look"),
    ),
    "round video": (message(video_note=file("r", length=240, duration=3)), media(MediaKind.VIDEO, "r", "video/mp4")),
    "animation": (
        message(animation=file("g", mime_type="video/mp4", **CLIP), document=file("g", mime_type="video/mp4")),
        media(MediaKind.VIDEO, "g", "video/mp4", 80_000),
    ),
    "document": (
        message(document=file("d", file_name="list.pdf", mime_type="application/pdf", file_size=3_000_000_000)),
        media(MediaKind.DOCUMENT, "d", "application/pdf", 2**31 - 1),
    ),
    "sticker": (message(sticker=file("s", **STICKER)), media(MediaKind.STICKER, "s", "image/webp")),
    "moving sticker": (
        message(sticker=file("s", **{**STICKER, "is_animated": True})),
        media(MediaKind.STICKER, "s", "application/x-tgsticker"),
    ),
    "video sticker": (
        message(sticker=file("s", **{**STICKER, "is_video": True})),
        media(MediaKind.STICKER, "s", "video/webm"),
    ),
    "file without id": (message(voice={"duration": 3}), came(InboundKind.OTHER)),
}
UNREADABLE = {
    "poll": (message(poll={"id": "1", "question": "?", "options": []}), came(InboundKind.OTHER)),
    "dice": (message(dice={"emoji": "🎲", "value": 3}), came(InboundKind.OTHER)),
    "unknown part": (message(hologram={"file_id": "h"}), came(InboundKind.OTHER)),
    "text of another type": (message(text=["x"]), came(InboundKind.OTHER)),
    "unknown update": (
        {"update_id": 501, "telepathy": {"chat": PRIVATE, "from": SOK, "thought": "x"}},
        came(InboundKind.OTHER, message_id=None),
    ),
    "no sender": (
        {"update_id": 501, "message": {"chat": PRIVATE, "text": "x"}},
        came(InboundKind.TEXT, text="x", message_id=None, language_hint=None),
    ),
}
TAPS = {
    "tap": (tap("v1:9"), came(InboundKind.TAP, data="v1:9", reply_to="40", message_id=None)),
    "tap on an old message": (
        tap("v1:9", message={"chat": PRIVATE, "message_id": 40, "date": 0}),
        came(InboundKind.TAP, data="v1:9", reply_to="40", message_id=None),
    ),
    "tap without message": (
        tap("v1:9", message=None, inline_message_id="q"),
        came(InboundKind.TAP, data="v1:9", message_id=None),
    ),
    "game": (
        {"update_id": 501, "callback_query": {"id": "3", "from": SOK, "message": OURS, "game_short_name": "x"}},
        came(InboundKind.OTHER, message_id=None),
    ),
    "blocked": (membership("kicked"), came(InboundKind.BLOCKED, message_id=None)),
    "left": (membership("left"), came(InboundKind.BLOCKED, message_id=None)),
    "unblocked": (membership("member"), came(InboundKind.UNBLOCKED, message_id=None)),
    "restricted": (membership("restricted"), came(InboundKind.OTHER, message_id=None)),
}
IN_A_GROUP = Inbound("kh", Channel.TELEGRAM, "u:501", "-1001234567890", InboundKind.GROUP, NOW)
GROUPS = {
    "group message": (message(chat=GROUP, text="secret words"), IN_A_GROUP),
    "edit in a group": (edited(chat=GROUP, text="secret words"), IN_A_GROUP),
    "tap in a group": (tap(message=OURS | {"chat": GROUP}), IN_A_GROUP),
    "put into a group": (membership("member", GROUP), IN_A_GROUP),
    "removed from a group": (membership("kicked", GROUP), None),
    "channel": (
        {"update_id": 501, "channel_post": {"message_id": 3, "chat": {**GROUP, "type": "channel"}, "text": "x"}},
        IN_A_GROUP,
    ),
    "group without type": (message(chat={"id": -1001234567890}, text="x"), IN_A_GROUP),
}
NOBODY = {
    "inline query": ({"update_id": 501, "inline_query": {"id": "1", "from": SOK, "query": "x", "offset": ""}}, None),
    "poll": ({"update_id": 501, "poll": {"id": "1", "question": "?", "options": []}}, None),
    "nothing": ({"update_id": 501}, None),
    "no number": ({"message": message(text="x")["message"]}, None),
    "number of another type": ({**message(text="x"), "update_id": True}, None),
    "no chat": ({"update_id": 501, "message": {"message_id": 1, "text": "x"}}, None),
    "chat of another type": ({"update_id": 501, "message": {"chat": "77001", "text": "x"}}, None),
    "no object": ({}, None),
}
ROWS = {
    f"{group}: {name}": row
    for group, rows in (
        ("texts", TEXTS),
        ("contacts", CONTACTS),
        ("files", FILES),
        ("unreadable", UNREADABLE),
        ("taps", TAPS),
        ("groups", GROUPS),
        ("nobody", NOBODY),
    )
    for name, row in rows.items()
}


@pytest.mark.parametrize(("update", "expected"), ROWS.values(), ids=ROWS)
def test_an_update_becomes(update: dict[str, Any], expected: Inbound | None) -> None:
    before = deepcopy(update)
    assert parse("kh", update, NOW) == expected
    assert update == before


@pytest.mark.parametrize(("update", "expected"), ROWS.values(), ids=ROWS)
def test_what_came_can_be_stored(update: dict[str, Any], expected: Inbound | None) -> None:
    parsed = parse("kh", update, NOW)
    if parsed is not None:
        assert Inbound.from_json(parsed.to_json()) == expected
        str(parsed.to_json()).encode()


def test_only_a_tap_has_a_tap_id() -> None:
    assert tap_id(tap()) == "330712"
    assert tap_id(message(text="x")) is None


def test_the_kinds_asked_for_are_those_that_are_read() -> None:
    assert {"message", "edited_message", "callback_query", "my_chat_member"} <= set(ALLOWED_UPDATES)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted({*PRIVATE, *SOK})), inner),
    max_leaves=6,
)
FIELDS = sorted(
    {
        "text",
        "chat",
        "from",
        "contact",
        "location",
        "venue",
        "photo",
        "voice",
        "sticker",
        "message_id",
        "message",
        "data",
    }
    | {"reply_to_message", "caption", "new_chat_member", "document", "id"}
)


@given(st.sampled_from([*ALLOWED_UPDATES, "other"]), st.dictionaries(st.sampled_from(FIELDS), JSON), JSON)
def test_no_field_can_make_it_raise(kind: str, fields: dict[str, Any], anything: Any) -> None:
    for body in (fields, {**message()["message"], **fields}, anything):
        parsed = parse("kh", {"update_id": 1, kind: body}, NOW)
        if parsed is not None:
            str(parsed.to_json()).encode()
