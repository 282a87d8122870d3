"""That files are fetched, kept encrypted with the type that they have, tried again, and given up."""

import asyncio
import logging
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text

from domain.inbound import Media, MediaKind
from storage.queries.persons import attachments
from storage.tables import Attachment
from storage.tables.base import table_of
from tests.support.world import SMS, START, World
from tests.worker.fakes import Source
from worker import fetch_waiting
from worker.attachments import MOST_BYTES, STEPS
from worker.sniffing import UNKNOWN, type_of

JPEG = b"\xff\xd8\xff\xe0" + b"picture" * 10
_A = table_of(Attachment)


@pytest.fixture
def files(world: World) -> World:
    world.phone().writes("hello")
    return world


def add(world: World, ref: str = "ref", size: int | None = None, gateway: str = SMS) -> None:
    with world.store.transaction() as tx:
        media = Media(MediaKind.PHOTO, ref, "image/png", size)
        attachments.add(tx, message_id=1, gateway=gateway, media=media, now=START)


def fetch(world: World, source: Source, now: datetime = START) -> int:
    return asyncio.run(fetch_waiting(world.context, {SMS: source}, now))


def rows(world: World) -> list[tuple[str, str | None, bytes | None, int]]:
    with world.store.reading() as tx:
        found = tx.execute(select(_A.c.state, _A.c.mime, _A.c.data, _A.c.attempts).order_by(_A.c.id))
        return [tuple(row) for row in found]  # type: ignore[misc]


def test_a_file_is_kept_with_the_type_that_it_has(files: World) -> None:
    for n in range(6):
        add(files, f"ref {n}")
    source = Source({f"ref {n}": JPEG for n in range(6)})
    assert fetch(files, source) == 6
    assert rows(files) == [("stored", "image/jpeg", JPEG, 1)] * 6
    assert fetch(files, source) == 0
    with files.store.reading() as tx:
        raw = tx.execute(text("SELECT data FROM attachment")).scalars().first()
    assert b"picture" not in bytes(raw)


@pytest.mark.parametrize(("size", "data", "state"), [
    (None, None, "gone"),
    (MOST_BYTES + 1, None, "too_large"),
    (None, b"\0" * (MOST_BYTES + 1), "gone"),
])  # fmt: skip
def test_what_is_gone_or_too_large_is_given_up(files: World, size: int | None, data: bytes | None, state: str) -> None:
    add(files, size=size)
    assert fetch(files, Source({"ref": data})) == 0
    assert rows(files)[0][0] == state


def test_what_may_come_later_is_tried_for_a_day(files: World) -> None:
    add(files)
    source, now, waits = Source({"ref": ConnectionError("away")}), START, []
    while rows(files)[0][0] == "waiting":
        fetch(files, source, now)
        with files.store.reading() as tx:
            due = tx.execute(select(_A.c.next_try_at)).scalar_one()
        waits.append(due - now)
        fetch(files, source, due - timedelta(seconds=1))
        now = due
    assert [wait / timedelta(minutes=1) for wait in waits[:5]] == [1, 5, 30, 60, 60]
    assert rows(files)[0][0] == "gone"
    assert len(source.asked) == len(STEPS) + 1
    assert now - START > timedelta(days=1)


def test_a_source_that_raises_something_else_is_logged_without_words(
    files: World, caplog: pytest.LogCaptureFixture
) -> None:
    add(files, "broken")
    add(files, "good")
    with caplog.at_level(logging.DEBUG, logger="worker"):
        assert fetch(files, Source({"broken": ValueError("her words"), "good": JPEG})) == 1
    assert [row[0] for row in rows(files)] == ["waiting", "stored"]
    assert "ValueError at" in caplog.text
    assert "her words" not in caplog.text


def test_a_file_of_an_unknown_gateway_does_not_hold_up_others(files: World) -> None:
    for _ in range(5):
        add(files, gateway="gone")
    add(files)
    assert fetch(files, Source({"ref": JPEG})) == 1


@pytest.mark.parametrize(("data", "mime"), [
    (JPEG, "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n....", "image/png"),
    (b"GIF89a....", "image/gif"),
    (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
    (b"RIFF\x10\0\0\0WAVEfmt ", "audio/wav"),
    (b"RIFF\x10\0\0\0AVI LIST", UNKNOWN),
    (b"OggS\0\x02" + b"\0" * 22 + b"OpusHead", "audio/ogg"),
    (b"ID3\x04\0\0", "audio/mpeg"),
    (b"\xff\xfb\x90\x44", "audio/mpeg"),
    (b"\xff\xfe<\0h\0t\0m\0l\0", UNKNOWN),
    (b"\0\0\0\x20ftypM4A \0\0", "audio/mp4"),
    (b"\0\0\0\x20ftypisom\0\0", "video/mp4"),
    (b"\0\0\0\x20ftyp3gp4\0\0", "video/3gpp"),
    (b"\0\0\0\x20ftypheic\0\0", UNKNOWN),
    (b"#!AMR\n", "audio/amr"),
    (b"%PDF-1.7", "application/pdf"),
    (b"<html><script>", UNKNOWN),
    (b"<svg xmlns=", UNKNOWN),
    (b"", UNKNOWN),
    (b"\xff", UNKNOWN),
])  # fmt: skip
def test_types_are_found_by_looking(data: bytes, mime: str) -> None:
    assert type_of(data) == mime
