"""That everything works with a Bot API server of one's own: polling, webhook, and files that lie on a shared disk."""

import asyncio
import logging
from pathlib import Path

import pytest

from bot import BotConfig, TelegramSender
from bot.connection import Connection
from domain.inbound import Media, MediaKind
from tests.support.databases import Databases
from tests.support.installation import installed
from tests.support.telegram_emulator import TOKEN, TelegramEmulator, running_emulator
from tests.support.telegram_updates import message

JPEG = b"\xff\xd8\xff" * 300


def fetch(telegram: TelegramEmulator, ref: str, *, limit: int = 1000, files: str | None = None) -> bytes | None:
    sender = TelegramSender("kh", telegram.token, base_url=telegram.base_url, base_file_url=files)

    async def fetched() -> bytes | None:
        try:
            return await sender.fetch(Media(MediaKind.PHOTO, ref), limit)
        finally:
            await sender.close()

    return asyncio.run(fetched())


def test_a_file_on_the_servers_disk_is_read_there(telegram: TelegramEmulator, tmp_path: Path) -> None:
    ref = telegram.upload("photo", JPEG)["file_id"]
    telegram.keep_locally(tmp_path)
    telegram.forget(ref)
    assert fetch(telegram, ref) == JPEG


@pytest.mark.parametrize("stated", [True, False])
def test_a_large_file_on_the_servers_disk_is_not_kept(telegram: TelegramEmulator, tmp_path: Path, stated: bool) -> None:
    ref = telegram.upload("photo", JPEG, stated=stated)["file_id"]
    telegram.keep_locally(tmp_path)
    assert fetch(telegram, ref, limit=len(JPEG) - 1) is None
    assert fetch(telegram, ref, limit=len(JPEG)) == JPEG


def test_a_disk_that_is_not_seen_from_here_may_be_seen_later(
    telegram: TelegramEmulator, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ref = telegram.upload("photo", JPEG)["file_id"]
    telegram.keep_locally(tmp_path)
    (tmp_path / ref).rename(tmp_path / "elsewhere")
    with pytest.raises(ConnectionError):
        fetch(telegram, ref)
    assert "cannot be read on this machine" in caplog.text
    assert str(tmp_path) not in caplog.text
    assert telegram.token not in caplog.text
    (tmp_path / "elsewhere").rename(tmp_path / ref)
    assert fetch(telegram, ref) == JPEG


def test_telegrams_own_server_may_name_no_file_of_ours() -> None:
    assert not Connection(BotConfig("kh", TOKEN)).bot.own_server
    assert not Connection(BotConfig("kh", TOKEN, "https://api.telegram.org/")).bot.own_server
    assert Connection(BotConfig("kh", TOKEN, "https://api.telegram.org.example.org")).bot.own_server


def test_files_may_lie_at_another_address(telegram: TelegramEmulator) -> None:
    with running_emulator() as elsewhere:
        ref = telegram.upload("photo", b"not this one")["file_id"]
        assert elsewhere.upload("photo", JPEG)["file_id"] == ref
        assert fetch(telegram, ref, files=f"{elsewhere.base_url}/") == JPEG


@pytest.mark.parametrize("mode", ["polling", "webhook"])
def test_an_album_and_its_files_come_through_an_own_server(
    telegram: TelegramEmulator, tmp_path: Path, databases: Databases, mode: str
) -> None:
    del databases
    bot = (
        f'[[telegram]]\nname = "bot"\nmode = "{mode}"\ntoken_env = "BOT_TOKEN"\nbase_url = "{telegram.base_url}"\n'
        'webhook_secret_env = "BOT_SECRET"\n'
    )
    shared = tmp_path / "shared"
    shared.mkdir()
    photos = [telegram.upload("photo", JPEG) for _ in range(2)]
    telegram.keep_locally(shared)
    with installed(tmp_path, "sqlite:///samleng.db", more=bot, BOT_TOKEN=TOKEN, BOT_SECRET="secret") as place:
        place.start()
        telegram.wait_for("setWebhook" if mode == "webhook" else "getUpdates", 30)
        for number, photo in enumerate(photos, start=41):
            telegram.push(message(number, message_id=number, photo=[photo], media_group_id="13"))
        telegram.wait_for("sendMessage", 30, count=2)
        telegram.wait_for("getFile", 30, count=2)
        assert len(place.as_json("case", "list")) == 1
        assert place.stop() == 0
        assert len(telegram.sent_by("sendMessage")) == 2
        assert TOKEN not in place.output()
        assert logging.getLevelName(logging.WARNING) not in place.output(), place.output()
