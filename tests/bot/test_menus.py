"""Which commands Telegram shows: a person's to everybody, an officer's in his own chat, in his language, while he is one."""

from datetime import timedelta
from typing import Any

import pytest

from bot import TelegramSender
from domain.inbound import InboundKind
from domain.reading import Language
from handlers.staffing import leaving, register
from samleng.announcing import PERSONS_COMMANDS, Menus, announcement
from storage.queries.persons import contacts, messages
from storage.queries.staffing import staff
from tests.support.telegram_emulator import Call, TelegramEmulator
from tests.support.world import TELEGRAM, World
from wording import say

OTHER_BOT = "bot-other"


@pytest.fixture
def menus(telegram: TelegramEmulator) -> Menus:
    return Menus({TELEGRAM: lambda: TelegramSender(TELEGRAM, telegram.token, base_url=telegram.base_url)})


@pytest.fixture
def shown(world: World, menus: Menus, telegram: TelegramEmulator) -> World:
    """A world in whose chats everything is shown that should be; what was said to Telegram so far is over."""
    menus(world.context, world.now)
    return world


def calls(telegram: TelegramEmulator, after: int = 0) -> dict[str, list[Call]]:
    """Return what Telegram was told of each chat."""
    by_chat: dict[str, list[Call]] = {}
    for call in telegram.sent[after:]:
        assert call.fields["scope"]["type"] == "chat"
        by_chat.setdefault(str(call.fields["scope"]["chat_id"]), []).append(call)
    return by_chat


def names(call: Call) -> set[str]:
    return {each["command"] for each in call.fields["commands"]}


def again(world: World, menus: Menus, telegram: TelegramEmulator, **later: Any) -> dict[str, list[Call]]:
    """Look again and return what Telegram was told of each chat."""
    before = len(telegram.sent)
    menus(world.context, world.now + timedelta(**later))
    return calls(telegram, before)


def test_each_role_sees_what_it_may_do(world: World, menus: Menus, telegram: TelegramEmulator) -> None:
    assert menus(world.context, world.now) == len(world.staff)
    told = calls(telegram)
    assert told.keys() == {world.officer(name).address for name in world.staff}
    of = {name: names(told[world.officer(name).address][0]) for name in world.staff}
    assert of["chief"] >= {"cases", "take", "reply", "resolve", "sensitive", "log", "help"}
    assert not of["chief"] & {"broadcast", "release"}
    assert "release" in of["focal one"]
    assert of["staff"] >= {"broadcast", "language", "help"}
    assert not of["staff"] & {"cases", "case", "take", "reply", "release"}


def test_the_words_are_in_the_officers_language(world: World, menus: Menus, telegram: TelegramEmulator) -> None:
    told = again(world, menus, telegram)[world.officer("chief").address]
    assert say("menu_take", Language.KM) in [each["description"] for each in told[0].fields["commands"]]
    assert "language_code" not in told[0].fields


def test_nothing_is_said_twice(shown: World, menus: Menus, telegram: TelegramEmulator) -> None:
    assert again(shown, menus, telegram) == {}
    assert Menus(menus._senders)(shown.context, shown.now) == 0, "nor by another process"


def test_a_newly_registered_officer_sees_his_commands_and_a_beneficiary_none(
    shown: World, menus: Menus, telegram: TelegramEmulator
) -> None:
    staff_id = shown.staff["neighbour"]
    account, old = shown.telegram("7099"), shown.officer("neighbour").address
    shown.telegram("7001").writes("លុយអត់ទាន់ចូលទេ ៣ខែហើយ")
    invitation = register.invite(shown.context, staff_id, shown.now)
    account.writes(f"/start {invitation.code}")
    assert again(shown, menus, telegram) == {}, "his number is still to be proven"
    account.sends(InboundKind.CONTACT, phone=_phone(shown, "neighbour"))
    told = again(shown, menus, telegram)
    assert told.keys() == {"7099", old}
    assert [call.method for call in told["7099"]] == ["setMyCommands"]
    assert [call.method for call in told[old]] == ["deleteMyCommands"]


def test_another_language_is_shown_at_once(shown: World, menus: Menus, telegram: TelegramEmulator) -> None:
    chief = shown.officer("chief")
    chief.writes("/language")
    chief.taps("English")
    told = again(shown, menus, telegram)
    assert told.keys() == {chief.address}
    assert say("menu_take", Language.EN) in [each["description"] for each in told[chief.address][0].fields["commands"]]


@pytest.mark.parametrize("how", ["deactivated", "handed over"])
def test_who_leaves_loses_the_commands(shown: World, menus: Menus, telegram: TelegramEmulator, how: str) -> None:
    chief = shown.officer("chief").address
    if how == "deactivated":
        leaving.deactivate(shown.context, shown.staff["chief"], shown.now)
    else:
        leaving.handover(shown.context, shown.staff["chief"], shown.staff["neighbour"], shown.now)
    told = again(shown, menus, telegram)
    assert {chat: [call.method for call in each] for chat, each in told.items()} == {chief: ["deleteMyCommands"]}
    assert again(shown, menus, telegram) == {}


def test_who_is_told_to_wait_waits_and_goes_on(world: World, menus: Menus, telegram: TelegramEmulator) -> None:
    telegram.fail_after("setMyCommands", 2, 429, retry_after=600)
    assert menus(world.context, world.now) == 2
    assert again(world, menus, telegram, seconds=599) == {}
    assert len(again(world, menus, telegram, seconds=600)) == len(world.staff) - 2
    assert again(world, menus, telegram, seconds=601) == {}


def test_a_server_that_is_away_is_asked_again(world: World, menus: Menus, telegram: TelegramEmulator) -> None:
    telegram.fail_next("setMyCommands", 502)
    assert menus(world.context, world.now) == 0
    assert len(again(world, menus, telegram, seconds=60)) == len(world.staff)


def test_who_blocked_the_bot_is_asked_about_when_he_writes(
    world: World, menus: Menus, telegram: TelegramEmulator
) -> None:
    telegram.fail_next("setMyCommands", 403)
    menus(world.context, world.now)
    (blocked,) = [call.fields["scope"]["chat_id"] for call in telegram.sent if call.result is None]
    assert again(world, menus, telegram) == {}
    world.telegram(str(blocked)).writes("/help")
    assert again(world, menus, telegram).keys() == {str(blocked)}


def test_a_chat_that_telegram_does_not_know_is_not_asked_about_for_ever(
    world: World, menus: Menus, telegram: TelegramEmulator
) -> None:
    telegram.fail_next("setMyCommands", 400)
    menus(world.context, world.now)
    assert again(world, menus, telegram) == {}


def test_who_changes_the_bot_loses_the_commands_with_the_old_one(world: World, telegram: TelegramEmulator) -> None:
    world.context.gateways = {**world.context.gateways, OTHER_BOT: world.context.gateways[TELEGRAM]}
    used: list[str] = []

    def sender(bot: str) -> TelegramSender:
        used.append(bot)
        return TelegramSender(bot, telegram.token, base_url=telegram.base_url)

    menus = Menus({bot: (lambda bot=bot: sender(bot)) for bot in (TELEGRAM, OTHER_BOT)})  # type: ignore[misc]
    menus(world.context, world.now)
    chief = world.officer("chief")
    chief.writes("/help", gateway=OTHER_BOT)
    used.clear()
    told = [again(world, menus, telegram) for _ in range(3)]
    assert [[call.method for call in each.get(chief.address, ())] for each in told] == [
        ["deleteMyCommands"], ["setMyCommands"], []
    ]  # fmt: skip
    assert used == [TELEGRAM, OTHER_BOT]


def test_a_bot_that_is_no_longer_configured_is_not_spoken_to(shown: World, telegram: TelegramEmulator) -> None:
    before = len(telegram.sent)
    leaving.deactivate(shown.context, shown.staff["chief"], shown.now)
    assert Menus({})(shown.context, shown.now) == 0
    assert len(telegram.sent) == before


@pytest.mark.parametrize("language", Language)
def test_everybody_sees_a_persons_commands_in_each_language(world: World, language: Language) -> None:
    said = announcement(world.context)
    listed = dict(said.commands[language.value])
    assert tuple(listed) == PERSONS_COMMANDS
    assert said.commands[""] == said.commands["km"]
    assert 0 < len(said.short_descriptions[language.value]) <= 120
    assert 0 < len(said.descriptions[language.value]) <= 512
    assert "LEAP" in said.short_descriptions[language.value]


@pytest.mark.parametrize(
    ("command", "key"), [("start", "start_person"), ("help", "help"), ("call", "human"), ("stop", "stopped")]
)
def test_each_of_a_persons_commands_does_what_it_says(world: World, command: str, key: str) -> None:
    assert command in PERSONS_COMMANDS
    she = world.telegram("7001")
    assert she.writes(f"/{command}")
    with world.store.reading() as tx:
        contact = contacts.find(tx, she.channel, she.address)
        assert contact is not None
        assert key in [each.key for each in messages.of_contact(tx, contact.id, after_id=0, limit=10)]


def _phone(world: World, name: str) -> str:
    with world.store.reading() as tx:
        found = staff.phone_of(tx, world.staff[name])
    assert found is not None
    return found
