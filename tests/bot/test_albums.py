"""That the files of an album become one matter: one case, one receipt, all files, in whatever order and way they come."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from bot import BotConfig, Poller, WebhookBot, create_blueprint
from domain.lifecycle import CaseKind
from domain.reading import Category
from storage.queries.casework import cases
from storage.queries.casework.cases import CaseRecord
from storage.queries.persons import attachments, messages
from storage.tables import Case
from storage.tables.base import table_of
from tests.bot.test_poller import Held, asks
from tests.support.telegram_emulator import TelegramEmulator
from tests.support.telegram_updates import message, size
from tests.support.world import TELEGRAM, Phone, World

SECRET = {"X-Telegram-Bot-Api-Secret-Token": "secret"}
MONEY = "លុយអត់ទាន់ចូលទេ ៣ខែហើយ"
HARM = "មេភូមិចាប់រំលោភកូនស្រីខ្ញុំ"
PLACE = "នៅឃុំចារឈូក"

_CASES = table_of(Case)

Bring = Callable[[Sequence[dict[str, Any]]], None]


def item(number: int, caption: str = "", album: str | None = "13577", **fields: Any) -> dict[str, Any]:
    """Return an update with one photo of an album; its file is named by its number."""
    photo = [size(f"file-{number}", 90, 67, 1000)]
    said = {"caption": caption} if caption else {}
    grouped = {"media_group_id": album} if album else {}
    return message(500 + number, message_id=number, photo=photo, **said, **grouped, **fields)


@pytest.fixture(params=["webhook", "polling"])
def bring(request: pytest.FixtureRequest, world: World, telegram: TelegramEmulator) -> Iterator[Bring]:
    """What Telegram does with updates: it posts them, or gives them to whoever asks."""
    way = _by_webhook(world) if request.param == "webhook" else _by_polling(world, telegram)
    with way as bringing:
        yield bringing


@contextmanager
def _by_webhook(world: World) -> Iterator[Bring]:
    app = Flask("test")
    app.register_blueprint(create_blueprint(world.context, {TELEGRAM: WebhookBot("secret")}, lambda: world.now))

    def post(updates: Sequence[dict[str, Any]]) -> None:
        for update in updates:
            path = f"/telegram/{TELEGRAM}/webhook"
            assert app.test_client().post(path, json=update, headers=SECRET).status_code == 200

    yield post


@contextmanager
def _by_polling(world: World, telegram: TelegramEmulator) -> Iterator[Bring]:
    config, stop = BotConfig(TELEGRAM, telegram.token, telegram.base_url), threading.Event()
    poller = Poller(world.context, config, lambda: world.now, duty=Held(), pause_s=lambda _: 0.0)
    thread = threading.Thread(target=poller.run, args=(stop,))
    thread.start()
    update_ids = iter(range(1, 1000))

    def push(updates: Sequence[dict[str, Any]]) -> None:
        # Telegram numbers updates as it brings them, so that only what is brought again has an old number.
        last = [telegram.push({**each, "update_id": next(update_ids)}) for each in updates][-1]
        telegram.wait_for("getUpdates", where=asks(last + 1))

    try:
        yield push
    finally:
        stop.set()
        thread.join(10)
    assert not thread.is_alive()


def her(world: World) -> Phone:
    world.drain()
    return world.telegram("77001")


def all_cases(world: World) -> list[CaseRecord]:
    with world.store.reading() as tx:
        numbers = tx.execute(select(_CASES.c.id).order_by(_CASES.c.id)).scalars().all()
        return [cases.by_id(tx, number) for number in numbers]


def the_case(world: World) -> CaseRecord:
    (case,) = [each for each in all_cases(world) if each.sensitive is None]
    return case


def the_sensitive_case(world: World) -> CaseRecord:
    (case,) = [each for each in all_cases(world) if each.sensitive is not None]
    return case


def files(world: World, case: CaseRecord) -> list[str]:
    with world.store.reading() as tx:
        return sorted(each.media.ref for each in attachments.of_case(tx, case.id))


@pytest.mark.parametrize("captioned", [0, 1, 2, None])
def test_an_album_is_one_case_with_one_receipt(world: World, bring: Bring, captioned: int | None) -> None:
    bring([item(41 + n, MONEY if n == captioned else "") for n in range(3)])
    texts = her(world).texts
    case = the_case(world)
    assert len(texts) == 2, "a receipt and the notice at first contact"
    assert case.reference in texts[0]
    assert files(world, case) == ["file-41", "file-42", "file-43"]
    expected = Category.OTHER if captioned is None else Category.PAYMENT_MISSING
    assert (case.kind, case.category) == (CaseKind.COMPLAINT, expected)
    assert case.with_desk


def test_what_comes_out_of_order_late_or_twice_changes_nothing(world: World, bring: Bring) -> None:
    bring([item(43)])
    bring([item(42), item(42)])
    world.pass_time(minutes=40)
    bring([item(41, MONEY), item(43)])
    case = the_case(world)
    assert files(world, case) == ["file-41", "file-42", "file-43"]
    assert len(her(world).texts) == 2
    assert case.category == Category.PAYMENT_MISSING


def test_two_albums_and_a_single_photo_are_not_mixed_up(world: World, bring: Bring) -> None:
    bring([item(41, album="1"), item(42, album="1")])
    world.pass_time(minutes=20)
    bring([item(43, album="2"), item(44, album="2"), item(45, album=None)])
    found = all_cases(world)
    assert sorted(files(world, case) for case in found) == [["file-41", "file-42"], ["file-43", "file-44", "file-45"]]


def test_another_persons_album_with_the_same_id_is_another_matter(world: World, bring: Bring) -> None:
    she = {"chat": {"id": 88, "type": "private"}, "from": {"id": 88, "is_bot": False, "first_name": "N"}}
    bring([item(41), item(42, **she)])
    assert len(all_cases(world)) == 2


def test_a_place_under_a_later_file_is_taken(world: World, bring: Bring) -> None:
    bring([item(41), item(42, f"{MONEY} {PLACE}")])
    assert the_case(world).area_id == world.areas["170101"]


def test_an_album_joins_the_case_just_begun_with_one_answer(world: World, bring: Bring) -> None:
    world.telegram("77001").writes(MONEY)
    before = len(her(world).texts)
    bring([item(41), item(42), item(43, "more")])
    assert len(her(world).texts) == before + 1
    assert files(world, the_case(world)) == ["file-41", "file-42", "file-43"]


def test_harm_under_a_later_file_hides_the_whole_album(world: World, bring: Bring) -> None:
    bring([item(41), item(42, HARM), item(43)])
    assert len(her(world).texts) == 2
    case = the_sensitive_case(world)
    assert files(world, case) == ["file-41", "file-42", "file-43"]
    with world.store.reading() as tx:
        assert HARM in [each.text for each in messages.of_case(tx, case.id)]


def test_harm_under_a_later_file_takes_the_album_out_of_a_case_that_officers_see(world: World, bring: Bring) -> None:
    world.telegram("77001").writes(f"{MONEY} {PLACE}")
    before = len(her(world).texts)
    bring([item(41), item(42, HARM), item(43)])
    seen, hidden = the_case(world), the_sensitive_case(world)
    assert files(world, seen) == []
    assert files(world, hidden) == ["file-41", "file-42", "file-43"]
    noted, receipt = her(world).texts[before:]
    assert hidden.reference in receipt
    assert hidden.reference not in noted


def test_a_pin_under_a_later_file_is_hidden_and_she_is_warned(world: World, bring: Bring) -> None:
    bring([item(41), item(42, "លេខកូដសម្ងាត់ PIN 4921")])
    case = the_case(world)
    with world.store.reading() as tx:
        assert not any("4921" in each.text for each in messages.of_case(tx, case.id) if each.direction == "in")
    assert len(her(world).texts) == 3


def test_four_full_albums_are_no_flood(world: World, bring: Bring) -> None:
    for album in range(4):
        bring([item(album * 10 + n, album=str(album)) for n in range(1, 11)])
    before = len(her(world).texts)
    assert world.telegram("77001").writes(MONEY)
    assert len(her(world).texts) > before
    assert sum(len(files(world, case)) for case in all_cases(world)) == 40
