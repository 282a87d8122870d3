"""What the tests of the bot share: a Bot API server, a sender that talks to it, and a clock that stands."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from bot import BotConfig, TelegramSender
from tests.support.telegram_emulator import TelegramEmulator, running_emulator

NOW = datetime(2026, 11, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def clock() -> Callable[[], datetime]:
    return lambda: NOW


@pytest.fixture
def telegram() -> Iterator[TelegramEmulator]:
    with running_emulator() as emulator:
        yield emulator


@pytest.fixture
def config(telegram: TelegramEmulator) -> BotConfig:
    return BotConfig("kh", telegram.token, telegram.base_url)


@pytest.fixture
def sender(config: BotConfig) -> TelegramSender:
    return TelegramSender(config.name, config.token, base_url=config.base_url, chat_rate=1000)
