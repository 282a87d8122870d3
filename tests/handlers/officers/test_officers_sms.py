"""Officers who have SMS only, in Lao: words as they are really typed, what is missing is asked for, nothing to tap or slash."""

import re

import pytest

from domain.inbound import Channel
from domain.permissions import permissions_of
from domain.reading import Language
from domain.sending.segments import count_segments
from domain.settings import Level
from domain.texts.digits import to_ascii_digits
from handlers.officers.commands import SHAPES, Command, parse, words_of
from storage.queries.casework import cases
from storage.queries.persons import messages
from tests.support.world import Phone, World
from wording import say

LO = Language.LO
COMPLAINT = "ເງິນຍັງບໍ່ທັນເຂົ້າ 3 ເດືອນແລ້ວ"
_REFERENCE = re.compile(r"LP-[0-9A-Z]{4}-[0-9A-Z]{2}")


@pytest.fixture
def officer(lao_world: World) -> Phone:
    """An officer of Phonngam who has no data, with one case in his list."""
    return officer_of(lao_world, LO)


def officer_of(world: World, language: Language) -> Phone:
    with world.store.transaction() as tx:
        from storage.queries.staffing import staff

        staff.change(tx, world.staff["neighbour"], active=False)
    phone = world.add_officer("by sms", Level.FACILITATOR, "090102", language=language, channel=Channel.SMS)
    she = world.phone("+8562012345678")
    she.writes(COMPLAINT)
    she.writes("ໂພນງາມ")
    assert phone.texts
    return phone


def reference_of(world: World) -> str:
    return _REFERENCE.findall(world.phone("+8562012345678").texts[0])[0]


def confirms(officer: Phone, text: str) -> list[str]:
    """Send a command and the code that comes back."""
    (asked,) = officer.writes(text)
    code = re.search(r"(?<!\d)\d{4}(?!\d)", asked)
    assert code is not None, asked
    return officer.writes(code[0])


@pytest.mark.parametrize("typed", ["ເບິ່ງ1", "ເບິ່ງ໑", "ເບິ່ງ 1", "ເບິ່ງ [1]"])
def test_a_number_may_touch_the_word(lao_world: World, officer: Phone, typed: str) -> None:
    (told,) = officer.writes(typed)
    assert told.startswith(f"[1] {reference_of(lao_world)}")
    assert "ໂພນງາມ" in told, "he works in several villages"
    assert officer.writes("ເລື່ອງທັງໝົດ") == officer.writes("ເລື່ອງ ທັງໝົດ")


def test_words_may_touch_the_number_where_a_code_is_asked(lao_world: World, officer: Phone) -> None:
    assert confirms(officer, "ຕອບ1ເງິນຈະເຂົ້າວັນສຸກ") == [
        say("officer_held_text_sms", LO, ref=reference_of(lao_world), seconds=60)
    ]
    lao_world.pass_time(minutes=2)
    assert "ເງິນຈະເຂົ້າວັນສຸກ" in lao_world.phone("+8562012345678").texts[-1]


def test_a_command_without_its_words_is_never_taken_for_something_he_says(lao_world: World, officer: Phone) -> None:
    for typed, number in (("ແລ້ວ 1", "1"), ("ແລ້ວ", "3"), ("ບັນທຶກ1", "1"), ("ສົ່ງຕໍ່ 1", "1")):
        (told,) = officer.writes(typed)
        word = "".join(each for each in typed if not to_ascii_digits(each).isdigit()).strip()
        assert f"{word} {number} " in told, typed
        assert "/" not in told, typed
    with lao_world.store.reading() as tx:
        assert cases.by_reference(tx, reference_of(lao_world)).status == "new"  # type: ignore[union-attr]
        with pytest.raises(Exception, match="row"):
            cases.by_id(tx, 2)


def test_a_slip_in_a_lao_word_is_asked_by_code(lao_world: World, officer: Phone) -> None:
    assert confirms(officer, "ບັນທຶ 1 ໄປພົບແລ້ວ") == [say("officer_note_kept", LO, ref=reference_of(lao_world))]


def test_when_she_writes_again_he_is_told_where_to_read_it(lao_world: World, officer: Phone) -> None:
    confirms(officer, "ຖາມ 1 ເບີ U-Money ແມ່ນເບີໃດ?")
    lao_world.pass_time(minutes=2)
    lao_world.phone("+8562012345678").writes("020 5555 1234")
    category = say("category_payment_missing", LO)
    assert officer.texts[-1] == say("officer_person_wrote_sms", LO, number=1, category=category)


def test_twelve_commands_an_hour_are_no_flood_where_each_code_comes_back(lao_world: World, officer: Phone) -> None:
    for count in range(12):
        assert confirms(officer, f"ບັນທຶກ 1 ເທື່ອທີ {count}")[0].startswith("ບັນທຶກໃສ່")
    for _ in range(10):
        officer.writes("ຮັບ 1")
    assert officer.writes("ຮັບ 1") == [say("officer_sms_many", LO)]


def test_taking_back_says_what(lao_world: World, officer: Phone) -> None:
    confirms(officer, "ແລ້ວ 1 ຈ່າຍເງິນແລ້ວ")
    (asked,) = officer.writes("ຖອນຄືນ")
    assert "ປິດ [1]" in asked
    assert "  " not in asked
    (asked,) = officer.writes("ລາພັກ ກັບມາ")
    assert asked.startswith(say("act_back", LO))


def test_a_language_is_chosen_by_its_name(officer: Phone) -> None:
    (asked,) = officer.writes("ພາສາ")
    for name in ("ລາວ", "ខ្មែរ", "English"):
        assert f"ພາສາ {name}" in asked
    assert officer.writes("ພາສາ English") == [say("officer_language_set", Language.EN)]
    assert officer.writes("language ລາວ") == [say("officer_language_set", LO)]


@pytest.mark.parametrize("language", Language)
def test_help_names_every_command_that_he_may_use(lao_world: World, language: Language) -> None:
    officer = officer_of(lao_world, language)
    word = words_of(Command.HELP, language)[0]
    pages, asked = [], word
    while asked:
        (page,) = officer.writes(asked)
        assert count_segments(page).segments <= 2
        listed, _, more = page.partition(" … ")
        pages += listed.split(", ")
        asked = more
    named = [parse(each, ("LP",)) for each in pages]
    held = permissions_of(frozenset({Level.FACILITATOR}))
    assert {given.command for given in named if given and given.complete} == {
        command for command, shape in SHAPES.items() if shape.permission in held
    }
    assert len(named) == len(set(pages))


@pytest.mark.parametrize("who", ["facilitator", "desk", "focal one"])
def test_help_by_telegram_has_a_line_for_each_command_of_the_post(world: World, who: str) -> None:
    (told,) = world.officer(who).writes("/help")
    level = {"facilitator": Level.FACILITATOR, "desk": Level.DESK, "focal one": Level.FOCAL}[who]
    held = permissions_of(frozenset({level}))
    assert re.findall(r"^/([a-z]+)", told, re.MULTILINE) == [
        command for command, shape in SHAPES.items() if shape.permission in held
    ]


def test_what_he_says_as_a_person_stays_that(lao_world: World, officer: Phone) -> None:
    before = len(officer.texts)
    for words in ("ຊ່ວຍແດ່", "ເງິນຂ້ອຍບໍ່ເຂົ້າ 2 ເດືອນແລ້ວ"):
        officer.writes(words)
    assert len(officer.texts) > before
    with lao_world.store.reading() as tx:
        own = cases.by_id(tx, 2)
        assert [each.text for each in messages.of_case(tx, own.id) if each.direction == "in"]
    officer.writes("ໂພນງາມ")
    assert "[2]" not in officer.writes("ເລື່ອງ")[0], "nobody handles what he wrote himself"
    assert not any("ແຕ່ງຕັ້ງ" in text for text in lao_world.officer("desk").texts), "his post is filled"
