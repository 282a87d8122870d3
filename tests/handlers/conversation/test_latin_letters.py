"""Wishes in Khmer and Lao that are written in Latin letters: heard, answered in their language, and done."""

from typing import Any

from sqlalchemy import text

from domain.reading import Language
from storage import Store
from storage.queries.persons import people
from tests.handlers.programme.test_broadcast_replies import NUMBER, asked, coming
from tests.handlers.programme.test_reminders import beneficiary
from tests.support.world import World, new_world
from wording import say


def rows(world: World, query: str) -> list[Any]:
    with world.store.reading() as tx:
        return [tuple(row) for row in tx.execute(text(query)).all()]


def test_a_khmer_woman_hides_shows_is_asked_no_more_and_takes_back(world: World) -> None:
    she = world.phone()
    she.writes("luy nhom min ton jol te 3 khae hery")
    hidden = "SELECT anonymous FROM grievance_case"
    assert she.writes("leak chmous nhom pong") == [say("anonymous_set", Language.KM)]
    assert rows(world, hidden) == [(True,)]
    assert she.writes("ach prab chmos nhom kor ban") == [say("named_set", Language.KM)]
    assert rows(world, hidden) == [(False,)]
    assert she.writes("som kom sour nhom tiet bong") == [say("surveys_off", Language.KM)]
    assert she.writes("kom romleuk nhom rueng luy") == [say("money_off", Language.KM)]
    assert rows(world, "SELECT surveys, money_reminders FROM person") == [(False, False)]
    (question,) = she.writes("nhom dok rueng vinh, daoh sray hery")
    assert "1 បន្ត 2 មិនយកទៀតទេ" in question
    she.writes("2")
    assert rows(world, "SELECT status FROM grievance_case") == [("closed",)]


def test_a_lao_daughter_writes_for_her_mother_and_has_all_erased(store: Store) -> None:
    world = new_world(store, "rrpm")
    she = world.phone("+8562055551203")
    she.writes("khoy khian thaen mae khoy xeu Bounmy, ngern bo khao 3 deuan laew")
    ((about,),) = rows(world, "SELECT about_id FROM grievance_case")
    with world.store.reading() as tx:
        assert people.by_id(tx, about).name == "Bounmy"
    assert she.writes("tho ma paet mong sao") == [say("noted", Language.LO)]
    she.writes("lup khormun khoy hai mot dae")
    she.writes("2")
    assert ("erasure",) in rows(world, "SELECT topic FROM grievance_case")


def test_who_only_says_that_she_cannot_read_is_called(store: Store) -> None:
    world = new_world(store, "rrpm")
    (asked_when, *_) = world.phone("+8562055551203").writes("khoy an nangsue bo ork")
    assert "ໂມງ" in asked_when
    assert rows(world, "SELECT reads FROM person") == [(False,)]


def test_who_comes_is_counted_and_a_complaint_about_money_is_not(world: World) -> None:
    numbers = (NUMBER, "+85512000002", "+85512000003")
    for each in numbers:
        beneficiary(world, each)
    number = asked(world)
    said = ("bat nhom mok jea muoy kon bong", "kon nhom chheu khnhom mok min ban te", "luy nhom min ton mok te")
    for each, words in zip(numbers, said, strict=True):
        world.phone(each).writes(words)
    assert coming(world, number) == (1, 1)
    assert rows(world, "SELECT count(*) FROM grievance_case") == [(1,)]
