"""After a payment: each is asked once the money can be there, whoever holds the phone; late is told again; sums in words."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from domain.inbound import Channel
from domain.reading import Language
from handlers.rounds import live, moving, paying
from storage.queries.persons import contacts, people
from storage.queries.programme import rounds
from tests.support.programme import DAY, beneficiary, deliver, local, paid
from tests.support.world import World
from wording import say

KM, LO = Language.KM, Language.LO
NUMBER = "+85512000001"
ASKED = DAY + timedelta(days=3)
SURVEY = say("survey", KM, round="ខែ 3")


def answers(world: World) -> list[tuple[str | None, int | None]]:
    with world.store.reading() as tx:
        rows = tx.execute(text("SELECT answer, told_amount FROM round_recipient ORDER BY round_id, person_id"))
        return [(row.answer, row.told_amount) for row in rows]


def cases(world: World) -> int:
    with world.store.reading() as tx:
        return int(tx.execute(text("SELECT count(*) FROM grievance_case")).scalar_one())


def sharing(world: World, number: str, *names: str) -> list[int]:
    """Put people on one phone, the first of them its owner."""
    with world.store.transaction() as tx:
        phone = contacts.lock(tx, Channel.SMS, number, now=world.now)
        found = [
            people.create(tx, world.now, language="km", area_id=world.areas["170107"], name=name) for name in names
        ]
        for each, name in zip(found, names, strict=True):
            contacts.share(tx, phone.id, each, label=name, now=world.now - timedelta(hours=2))
        contacts.change(tx, phone.id, person_id=found[0])
    return found


@pytest.mark.parametrize(
    ("typed", "kept", "is_case"),
    [("៥ម៉ឺន", 50_000, False), ("50 000", 50_000, False), ("បានតែ ៤ម៉ឺន៥ពាន់", 45_000, False), ("5", None, False),
     ("20$", None, False), ("លុយអត់ទាន់ចូលទេ ៣ខែហើយ", None, True)],
)  # fmt: skip
def test_who_got_less_and_only_tells_it_is_asked_how_much(
    world: World, typed: str, kept: int | None, is_case: bool
) -> None:
    paid(world, beneficiary(world, NUMBER))
    local(world, ASKED, 9)
    she = world.phone(NUMBER)
    she.writes("៣")
    assert she.writes("3") == [say("take_up_how_much", KM)]
    said = she.writes(typed)
    assert answers(world) == [("less", kept)]
    assert cases(world) == is_case
    assert is_case or kept is None or said == [say("noted", KM)]


def test_in_laos_a_sum_in_thousands_is_kept_and_nothing_more_is_asked(lao_world: World) -> None:
    world, number = lao_world, "+8562055500001"
    person = beneficiary(world, number, language="lo", area="090101")
    with world.store.transaction() as tx:
        made = rounds.add_round(tx, world.now, code="r3", label="3", day=DAY, place="ສາລາ", area_id=None)
        rounds.add_recipients(tx, made, [(person, 80_000)])
    local(world, ASKED, 9)
    she = world.phone(number)
    she.writes("໓")
    assert she.writes("໓") == [say("take_up_how_much", LO)]
    assert she.writes("50 ພັນ") == [say("noted", LO)]
    assert answers(world) == [("less", 50_000)]
    assert cases(world) == 0


def test_who_was_asked_before_the_money_came_is_asked_again_after_it(world: World) -> None:
    early, waiting = beneficiary(world, NUMBER), beneficiary(world, "+85512000002")
    paid(world, early, waiting)
    local(world, ASKED, 9)
    world.phone(NUMBER).writes("1")
    world.phone("+85512000002").writes("2")
    local(world, date(2026, 3, 18), 9)
    assert say("round_late", KM, round="ខែ 3", day="25/3") in world.phone("+85512000002").texts
    local(world, date(2026, 3, 20), 9)
    paying.mark_paid(world.context, "r3", world.now)
    for days in range(1, 5):
        local(world, date(2026, 3, 20) + timedelta(days=days), 9)
    assert world.phone("+85512000002").texts.count(SURVEY) == 2
    assert world.phone(NUMBER).texts.count(SURVEY) == 1


def test_a_mark_that_is_taken_back_gives_back_the_day_and_ends_its_survey(world: World) -> None:
    paid(world, beneficiary(world, NUMBER))
    she = world.phone(NUMBER)
    local(world, date(2026, 3, 18), 9)
    paying.mark_paid(world.context, "r3", world.now)
    local(world, date(2026, 3, 21), 9)
    assert she.texts.count(SURVEY) == 2
    paying.unmark_paid(world.context, "r3", world.now)
    shown = live.shown(world.context, "r3")
    assert (shown["state"], shown["parts"][0]["day"]) == ("planned", DAY.isoformat())
    local(world, date(2026, 3, 26), 9)
    assert she.texts[-1] == say("round_still_late", KM, round="ខែ 3", day="9/4")
    paying.mark_paid(world.context, "r3", world.now)
    local(world, date(2026, 3, 29), 9)
    assert she.texts.count(SURVEY) == 3
    with pytest.raises(paying.ScheduleFault, match="not marked as paid there"):
        paying.unmark_paid(world.context, "r3", world.now, area_code="170107")


def test_where_the_promised_day_comes_without_news_people_hear_again_and_are_answered_so(world: World) -> None:
    paid(world, beneficiary(world, NUMBER))
    paid(world, beneficiary(world, "+85512000009"), day=DAY + timedelta(days=40), code="r4")
    she = world.phone(NUMBER)
    for month, day in ((3, 18), (3, 20), (3, 24), (3, 25), (4, 8), (5, 13), (6, 11), (7, 10)):
        local(world, date(2026, month, day), 9)
        if (month, day) == (3, 20):
            assert she.writes("ពេលណាបើកលុយ?") == [say("round_late", KM, round="ខែ 3", day="25/3")]
            assert cases(world) == 0
    late = [each for each in she.texts if "យឺត" in each]
    assert [each.split("មុន ")[1].split("។")[0] for each in late] == ["25/3", "25/3", "8/4", "13/5", "10/7"]
    assert sum("នៅតែយឺត" in each for each in late) == 3
    assert any("25/3" in each for each in world.officer("staff").texts)
    assert say("staff_round_promised", KM, day="8/4") in "".join(world.officer("staff").texts)


def test_on_a_shared_phone_one_word_is_enough_and_each_is_asked_by_name_in_turn(world: World) -> None:
    owner, alone = sharing(world, NUMBER, "សុខ", "ចាន់")
    first, second = sharing(world, "+85512000002", "មុំ", "ផល្លា")
    paid(world, alone, first, second)
    one, two = world.phone(NUMBER), world.phone("+85512000002")
    local(world, DAY - timedelta(days=1), 9)
    assert moving.move_round(world.context, "r3", DAY + timedelta(days=1), world.now) == 2
    deliver(world)
    assert (len(one.texts), len(two.texts)) == (2, 2)
    local(world, ASKED + timedelta(days=1), 9)
    assert one.texts[-1] == say("survey_of", KM, name="ចាន់", words=SURVEY)
    one.writes("2")
    one.writes("2")
    assert two.texts[-1] == say("survey_of", KM, name="មុំ", words=SURVEY)
    two.writes("1")
    local(world, ASKED + timedelta(days=1), 11)
    assert two.texts[-1] == say("survey_of", KM, name="ផល្លា", words=SURVEY)
    two.writes("2")
    assert answers(world) == [("missing", None), ("received", None), ("missing", None)]
    with world.store.reading() as tx:
        assert tx.execute(text("SELECT person_id FROM grievance_case")).scalars().all() == [alone]
    assert owner != alone


@pytest.mark.parametrize(("choice", "shows_sums"), [("2", True), ("1", False)])
def test_an_officer_sees_which_payment_a_case_is_about(world: World, choice: str, shows_sums: bool) -> None:
    with world.store.transaction() as tx:
        person = people.create(tx, world.now, language="km", area_id=world.areas["170107"])
        contacts.change(tx, contacts.lock(tx, Channel.SMS, NUMBER, now=world.now).id, person_id=person)
        made = rounds.add_round(tx, world.now, code="r3", label="3", day=DAY, place="សាលាឃុំ", agent="វីង", area_id=None)
        rounds.add_recipients(tx, made, [(person, 80_000)])
    local(world, ASKED, 9)
    she = world.phone(NUMBER)
    for typed in ("3", choice, "៥ម៉ឺន"):
        she.writes(typed)
    officer = world.officer("facilitator")
    officer.writes("/case 1")
    words = say("officer_case_round", KM, round="ខែ 3", day="12/3", place="សាលាឃុំ") + " · វីង"
    sums = say("officer_case_got", KM, told="50,000", due="80,000")
    assert officer.texts[-2] == (f"{words} · {sums}" if shows_sums else words)
