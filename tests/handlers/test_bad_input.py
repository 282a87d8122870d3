"""Bad input: each row is something that nobody hopes for; it is answered sensibly, and nothing is lost."""

from typing import Any

import pytest
from sqlalchemy import text

from domain.inbound import Channel, InboundKind, Media, MediaKind
from tests.support.world import World

MENU = "យើងមិនទាន់យល់ទេ"
RECEIVED = "បានទទួល"

ROWS: list[tuple[str, InboundKind, dict[str, Any], str | None]] = [
    ("empty text", InboundKind.TEXT, {"text": ""}, MENU),
    ("only spaces", InboundKind.TEXT, {"text": " \u200b\n "}, MENU),
    ("10,000 characters", InboundKind.TEXT, {"text": "លុយអត់ទាន់ចូលទេ " * 625}, RECEIVED),
    ("only emoji", InboundKind.TEXT, {"text": "😀🙏🏽👨‍👩‍👧"}, MENU),
    ("mixed scripts", InboundKind.TEXT, {"text": "luy លុយ ເງິນ not come អត់ទាន់ចូល 3 month"}, RECEIVED),
    ("control characters", InboundKind.TEXT, {"text": "\x00\x07លុយអត់ទាន់ចូលទេ\x1b"}, RECEIVED),
    ("replacement characters", InboundKind.TEXT, {"text": "\ufffd\ufffdលុយអត់ទាន់ចូលទេ"}, RECEIVED),
    ("a lone surrogate", InboundKind.TEXT, {"text": "លុយអត់ទាន់ចូលទេ \ud800"}, RECEIVED),
    ("a huge number", InboundKind.TEXT, {"text": "9" * 400}, MENU),
    ("zero", InboundKind.TEXT, {"text": "0"}, MENU),
    ("a command from a stranger", InboundKind.TEXT, {"text": "/cases"}, None),
    ("a stranger resolves", InboundKind.TEXT, {"text": "/resolve LP-7K3M-9Q done"}, None),
    ("an invitation that is none", InboundKind.TEXT, {"text": "/start nothing"}, None),
    ("a tap on nothing", InboundKind.TAP, {"data": "q:999:1"}, ""),
    ("a tap on an officer's button", InboundKind.TAP, {"data": "c:read:1"}, ""),
    ("a broken tap", InboundKind.TAP, {"data": "q::x:\ud800"}, ""),
    ("a photo", InboundKind.MEDIA, {"media": (Media(MediaKind.PHOTO, "f1", "image/jpeg"),)}, RECEIVED),
    ("a voice message", InboundKind.MEDIA, {"media": (Media(MediaKind.VOICE, "f2", "audio/ogg"),)}, RECEIVED),
    ("an unknown type", InboundKind.MEDIA, {"media": (Media(MediaKind.UNKNOWN, "f3", "x/y"),)}, RECEIVED),
    ("a sticker", InboundKind.MEDIA, {"media": (Media(MediaKind.STICKER, "f4"),)}, None),
    ("a place on the map", InboundKind.LOCATION, {"text": "13.36,103.86"}, RECEIVED),
    ("somebody's contact", InboundKind.CONTACT, {}, MENU),
    ("something new of Telegram's", InboundKind.OTHER, {}, MENU),
    ("an edit of nothing", InboundKind.EDIT, {"text": "លុយអត់ទាន់ចូលទេ", "edit_of": "m-404"}, RECEIVED),
    ("a group", InboundKind.GROUP, {"address": "-100"}, ""),
    ("a block", InboundKind.BLOCKED, {}, ""),
]


@pytest.mark.parametrize(("what", "kind", "values", "answer"), ROWS, ids=[row[0] for row in ROWS])
def test_bad_input(
    world: World, what: str, kind: InboundKind, values: dict[str, Any], answer: str | None, caplog: Any
) -> None:
    answers = world.telegram().sends(kind, **values)
    with world.store.reading() as tx:
        assert tx.execute(text("SELECT count(*) FROM inbound WHERE processed_at IS NULL")).scalar() == 0
        assert tx.execute(text("SELECT count(*) FROM inbound WHERE fault IS NOT NULL")).scalar() == 0
    assert "processing failed" not in caplog.text
    if answer == "":
        assert answers == []
    else:
        assert answers
        assert answer is None or answer in answers[0]


def test_a_message_without_a_sender_is_kept_and_told(world: World) -> None:
    world.phone("", Channel.SMS).sends(InboundKind.OTHER, text="")
    assert len(world.officer("desk").texts) == 1


def test_a_file_is_kept_with_the_case_and_the_desk_sees_it_first(world: World) -> None:
    she = world.telegram()
    she.sends(InboundKind.MEDIA, media=(Media(MediaKind.VOICE, "file-1", "audio/ogg", 999),), text="ចារឈូក")
    assert len(world.officer("desk").texts) == 1
    assert world.officer("neighbour").texts == []
    with world.store.reading() as tx:
        assert tx.execute(text("SELECT count(*) FROM attachment WHERE state = 'waiting'")).scalar() == 1


def test_an_edit_replaces_the_stored_text(world: World) -> None:
    she = world.telegram()
    she.writes("លុយអត់ទាន់ចូលទេ", message_id="m-first")
    she.sends(InboundKind.EDIT, text="លុយអត់ទាន់ចូលទេ ៥ខែហើយ", edit_of="m-first")
    with world.store.reading() as tx:
        words = tx.execute(text("SELECT text FROM message WHERE direction = 'in'")).scalars().all()
    assert words == ["លុយអត់ទាន់ចូលទេ ៥ខែហើយ"]


def test_an_edit_that_reports_abuse_makes_the_case_sensitive(world: World) -> None:
    she = world.telegram()
    she.writes("លុយអត់ទាន់ចូលទេ", message_id="m-first")
    she.writes("ចារឈូក")
    she.sends(InboundKind.EDIT, text="គាត់វាយខ្ញុំ ខ្ញុំខ្លាច គាត់ចាប់រំលោភខ្ញុំ", edit_of="m-first")
    assert len(world.officer("focal one").texts) == 1


def test_whoever_blocked_the_bot_hears_again_when_writing(world: World) -> None:
    she = world.telegram()
    she.writes("លុយអត់ទាន់ចូលទេ")
    she.sends(InboundKind.BLOCKED)
    world.pass_time(days=20)
    before = len(she.texts)
    assert she.writes("ជំរាបសួរ")
    assert len(she.texts) == before + 1
