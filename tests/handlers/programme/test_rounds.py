"""Rounds: staff see them live, villages have days of their own, late ones are told, postponed surveys are asked later."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from domain.inbound import Channel
from domain.reading import Language
from handlers.programme import schedule
from handlers.rounds import live, moving, paying
from storage.queries import settings
from storage.queries.casework import incidents
from storage.queries.persons import contacts, people
from storage.queries.programme import round_lists, rounds
from storage.queries.programme.round_lists import Stop
from tests.support.programme import DAY, beneficiary, deliver, local, paid
from tests.support.world import World
from wording import say

KM = Language.KM
SURVEY = DAY + timedelta(days=3)


def number(n: int) -> str:
    return f"+8551300{n:04}"


def villagers(world: World, first: int, count: int, area: str) -> list[int]:
    return [beneficiary(world, number(first + n), area=area) for n in range(count)]


def village(world: World, code: str, round_code: str = "r3") -> dict[str, int]:
    (found,) = [each for each in live.shown(world.context, round_code)["villages"] if each["area"] == code]
    return found


def told_amount(world: World, person: int) -> int | None:
    with world.store.reading() as tx:
        query = text("SELECT told_amount FROM round_recipient WHERE person_id = :person")
        return tx.execute(query, {"person": person}).scalar()


def stop(world: World, code: str, day: date, place: str | None = None) -> None:
    with world.store.transaction() as tx:
        found = rounds.round_by_code(tx, "r3")
        assert found is not None
        round_lists.put_stop(tx, found.id, Stop(world.areas[code], day, place, None))


def change_settings(world: World, **values: object) -> None:
    with world.store.transaction() as tx:
        changed = world.context.settings.model_copy(update=values)
        settings.add(tx, changed, actor="staff", actor_id=None, now=world.now)
    world.context._settings = None


def test_a_round_is_seen_live_by_village(world: World) -> None:
    mine, theirs = villagers(world, 0, 4, "170107"), villagers(world, 10, 1, "170101")
    paid(world, *mine, *theirs)
    local(world, DAY - timedelta(days=1), 9)
    local(world, SURVEY, 9)
    world.phone(number(0)).writes("1")
    world.phone(number(1)).writes("២")
    she = world.phone(number(2))
    she.writes("3")
    she.writes("2")
    she.writes("៥០ ០០០ រៀល")
    here = village(world, "170107")
    expected = {"people": 4, "told": 4, "asked": 4, "answered": 3, "received": 1, "missing": 1, "less": 1, "silent": 1}
    assert {name: here[name] for name in expected} == expected
    assert (here["less_told"], here["less_due"]) == (50_000, 80_000)
    assert village(world, "170101")["silent"] == 1
    assert live.shown(world.context, "r3")["total"]["people"] == 5
    assert told_amount(world, mine[2]) == 50_000


@pytest.mark.parametrize(("typed", "kept"), [("50,000", 50_000), ("5000 of 80000", None), ("9" * 12, None)])
def test_a_sum_is_kept_where_it_is_clear(world: World, typed: str, kept: int | None) -> None:
    (person,) = villagers(world, 0, 1, "170107")
    paid(world, person)
    local(world, SURVEY, 9)
    she = world.phone(number(0))
    for words in ("3", "1", typed):
        she.writes(words)
    assert told_amount(world, person) == kept


def test_staff_and_desk_see_it_and_officers_of_the_area_do_not(world: World) -> None:
    paid(world, *villagers(world, 0, 2, "170107"))
    for who in ("staff", "desk"):
        (shown,) = world.officer(who).writes("/round r3")
        assert (
            say("staff_round_village", KM, place="ស្រែខ្វាវ", people=2, received=0, less=0, missing=0, silent=0) in shown
        )
    (refused,) = world.officer("chief").writes("/round r3")
    assert refused == say("officer_not_allowed", KM, command="/round")
    (wrong,) = world.officer("staff").writes("/round r9")
    assert wrong == say("staff_round_wrong", KM, code="r9")


def test_a_village_far_off_the_others_is_told_once_and_raises_an_incident(world: World) -> None:
    bad, good = villagers(world, 0, 6, "170107"), villagers(world, 20, 12, "170101")
    paid(world, *bad, *good)
    local(world, SURVEY, 9)
    for n in range(6):
        world.phone(number(n)).writes("2")
        world.phone(number(n)).writes("2")
    for n in range(12):
        world.phone(number(20 + n)).writes("1")
    world.sweep()
    world.sweep()
    for who in ("staff", "desk"):
        assert len([each for each in world.officer(who).texts if "/round r3" in each and "ស្រែខ្វាវ" in each]) == 1
    assert not [each for each in world.officer("chief").texts if "/round" in each]
    with world.store.reading() as tx:
        (raised,) = incidents.of_states(tx)
    assert (raised.category, raised.area_id) == ("payment_missing", world.areas["170107"])


def test_no_answer_is_not_a_yes(world: World) -> None:
    paid(world, *villagers(world, 0, 6, "170107"), *villagers(world, 20, 12, "170101"))
    local(world, SURVEY, 9)
    for n in range(6):
        world.phone(number(n)).writes("2")
    world.sweep()
    assert not [each for each in world.officer("staff").texts if "/round r3" in each]
    assert live.shown(world.context, "r3")["total"]["silent"] == 12


def test_who_was_being_asked_about_a_case_is_asked_later_once(world: World) -> None:
    person = beneficiary(world, number(0))
    paid(world, person, beneficiary(world, number(1)))
    she, other = world.phone(number(0)), world.phone(number(1))
    local(world, SURVEY, 8)
    with world.store.transaction() as tx:
        people.change(tx, person, area_id=None)
    she.writes("លុយអត់ទាន់ចូលទេ ៣ខែហើយ")
    before = len(she.texts)
    local(world, SURVEY, 9)
    assert (len(she.texts), len(other.texts)) == (before, 1)
    assert say("survey", KM, round="ខែ 3") == other.texts[0]
    local(world, SURVEY + timedelta(days=1), 9)
    she.writes("ស្រែខ្វាវ អង្គរជុំ")
    local(world, SURVEY + timedelta(days=2), 10)
    local(world, SURVEY + timedelta(days=3), 10)
    asked = [each for each in she.texts if each == other.texts[0]]
    assert len(asked) == 1
    assert other.texts.count(other.texts[0]) == 1


def test_a_sample_is_asked_the_same_each_time(world: World) -> None:
    change_settings(world, survey_share=0.3)
    paid(world, *villagers(world, 0, 40, "170107"))
    local(world, SURVEY, 9)
    asked = [n for n in range(40) if world.phone(number(n)).texts]
    assert 9 <= len(asked) <= 15
    local(world, SURVEY, 11)
    assert [n for n in range(40) if world.phone(number(n)).texts] == asked


def test_each_village_goes_by_its_own_day_and_place(world: World) -> None:
    paid(world, *villagers(world, 0, 1, "170107"), *villagers(world, 1, 1, "170101"))
    later = DAY + timedelta(days=5)
    stop(world, "170101", later, "វត្តចារឈូក")
    stop(world, "17", DAY + timedelta(days=90))
    stop(world, "1701", DAY)
    here, there = world.phone(number(0)), world.phone(number(1))
    (answer,) = there.writes("ពេលណាបើកលុយ?")
    assert "17/3" in answer
    assert "វត្តចារឈូក" in answer
    local(world, DAY - timedelta(days=1), 9)
    assert len(here.texts) == 1
    assert "12/3" in here.texts[0]
    assert len(there.texts) == 1
    local(world, later - timedelta(days=1), 9)
    assert "17/3" in there.texts[-1]
    assert "វត្តចារឈូក" in there.texts[-1]
    local(world, later + timedelta(days=3), 9)
    assert say("survey", KM, round="ខែ 3") in there.texts


def test_one_area_is_moved_and_only_its_people_are_told(world: World) -> None:
    paid(world, *villagers(world, 0, 1, "170107"), *villagers(world, 1, 1, "170101"))
    local(world, DAY - timedelta(days=1), 9)
    later = DAY + timedelta(days=7)
    assert moving.move_round(world.context, "r3", later, world.now, area_code="170101") == 1
    deliver(world)
    here, there = world.phone(number(0)), world.phone(number(1))
    assert (len(here.texts), len(there.texts)) == (1, 2)
    assert "19/3" in there.texts[1]
    assert moving.move_round(world.context, "r3", DAY + timedelta(days=1), world.now) == 1
    deliver(world)
    assert (len(here.texts), len(there.texts)) == (2, 2)
    local(world, later - timedelta(days=1), 9)
    assert "19/3" in there.texts[-1]
    with pytest.raises(schedule.ScheduleFault, match="not paid in the area 170205"):
        moving.move_round(world.context, "r3", later, world.now, area_code="170205")


def test_what_was_queued_for_a_moved_area_does_not_leave(world: World) -> None:
    from handlers.sweeps import batches as sweep

    paid(world, *villagers(world, 0, 1, "170107"), *villagers(world, 1, 1, "170101"))
    local(world, DAY - timedelta(days=1), 8)
    world.now += timedelta(hours=1)
    sweep.make_reminders(world.context, world.now)
    sweep.lay_out_all(world.context, world.now)
    moving.move_round(world.context, "r3", DAY + timedelta(days=7), world.now, area_code="170101")
    deliver(world)
    assert len(world.phone(number(0)).texts) == 1
    assert world.phone(number(1)).texts == []


def test_a_late_round_is_told_to_staff_daily_and_to_the_people_once(world: World) -> None:
    change_settings(world, surveys=False)
    silent = beneficiary(world, number(2))
    paid(world, *villagers(world, 0, 2, "170107"), silent)
    with world.store.transaction() as tx:
        people.change(tx, silent, money_reminders=False)
    she = world.phone(number(0))

    def alerts() -> int:
        return sum("/round r3 paid" in each for each in world.officer("staff").texts)

    local(world, DAY + timedelta(days=1), 9)
    assert alerts() == 0
    for hour in (9, 10):
        local(world, date(2026, 3, 16), hour)
    assert alerts() == 1
    local(world, date(2026, 3, 17), 9)
    assert alerts() == 2
    assert sum("/round r3 paid" in each for each in world.officer("desk").texts) == 2
    assert she.texts == []
    for day in (18, 19, 20):
        local(world, date(2026, 3, day), 9)
    assert she.texts == [say("round_late", KM, round="ខែ 3", day="25/3")]
    assert world.phone(number(2)).texts == []
    assert moving.move_round(world.context, "r3", date(2026, 3, 26), world.now) == 2
    deliver(world)
    assert she.texts[-1] == say("round_moved", KM, round="ខែ 3", day="26/3")
    before = alerts()
    local(world, date(2026, 3, 23), 9)
    assert alerts() == before


def test_nobody_is_told_of_lateness_where_most_were_paid(world: World) -> None:
    paid(world, *villagers(world, 0, 6, "170107"))
    local(world, SURVEY, 9)
    for n, answer in enumerate(("1", "1", "2")):
        world.phone(number(n)).writes(answer)
    before = [len(world.phone(number(n)).texts) for n in range(6)]
    local(world, date(2026, 3, 18), 9)
    assert [len(world.phone(number(n)).texts) for n in range(6)] == before


def test_a_round_that_is_paid_is_not_late_and_is_asked_about(world: World) -> None:
    paid(world, *villagers(world, 0, 1, "170107"), *villagers(world, 1, 1, "170101"))
    staff = world.officer("staff")
    local(world, DAY, 15)
    assert staff.writes("/round r3 paid 170101") == [say("staff_round_paid", KM)]
    assert staff.writes("/round r3 paid 170101") == [say("staff_round_wrong", KM, code="r3")]
    local(world, date(2026, 3, 16), 9)
    (alert,) = [each for each in staff.texts if "/round r3 paid" in each and each != say("staff_round_paid", KM)]
    assert "12/3" in alert
    assert staff.writes("/round r3 ហើយ") == [say("staff_round_paid", KM)]
    local(world, date(2026, 3, 17), 9)
    local(world, date(2026, 3, 18), 9)
    assert len([each for each in staff.texts if "/round r3 30/12" in each]) == 1
    for n in (0, 1):
        assert world.phone(number(n)).texts.count(say("survey", KM, round="ខែ 3")) == 1
        assert not [each for each in world.phone(number(n)).texts if "យឺត" in each]


def test_paid_after_people_were_told_that_it_is_late_they_are_asked_days_later(world: World) -> None:
    change_settings(world, surveys=False)
    paid(world, *villagers(world, 0, 1, "170107"))
    local(world, date(2026, 3, 18), 9)
    she = world.phone(number(0))
    assert len(she.texts) == 1
    change_settings(world, surveys=True)
    local(world, date(2026, 3, 19), 9)
    assert len(she.texts) == 1
    paying.mark_paid(world.context, "r3", world.now)
    local(world, date(2026, 3, 21), 9)
    assert len(she.texts) == 1
    local(world, date(2026, 3, 22), 9)
    assert she.texts[1:] == [say("survey", KM, round="ខែ 3")]


def test_staff_move_a_round_by_sms_only_with_the_code(world: World) -> None:
    from domain.settings import Level

    paid(world, *villagers(world, 0, 1, "170107"))
    member = world.add_officer("by sms", Level.STAFF, None, language=KM, channel=Channel.SMS)
    (asked,) = member.writes("round r3 19/3")
    with world.store.reading() as tx:
        found = rounds.round_by_code(tx, "r3")
    assert found is not None
    assert found.day == DAY
    code = next(
        each for each in asked.replace("។", " ").replace("លេខ", " ").split() if len(each) == 4 and each.isdigit()
    )
    assert member.writes(code) == [say("staff_round_moved", KM, count=0)]
    with world.store.reading() as tx:
        found = rounds.round_by_code(tx, "r3")
    assert found is not None
    assert found.day == date(2026, 3, 19)


def test_the_figures_of_a_round_take_a_few_queries_however_many_villages(world: World) -> None:
    from benchmarks.queries import counting

    paid(world, *villagers(world, 0, 2, "170107"))
    with counting(world.store) as few:
        live.shown(world.context, "r3")
    paid(world, *villagers(world, 10, 9, "170101"), *villagers(world, 30, 9, "170205"), code="r4")
    with counting(world.store) as many:
        live.shown(world.context, "r4")
    assert len(many.statements) == len(few.statements)
    with world.store.reading() as tx:
        assert contacts.find(tx, Channel.SMS, number(10)) is not None


def test_in_laos_a_village_that_is_late_hears_it_in_lao_and_the_others_do_not(lao_world: World) -> None:
    world, lao = lao_world, Language.LO
    here = beneficiary(world, "+8562055500001", language="lo", area="090101")
    there = beneficiary(world, "+8562055500002", language="lo", area="090102")
    with world.store.transaction() as tx:
        area = world.areas["0901"]
        made = rounds.add_round(tx, world.now, code="r3", label="3", day=DAY, place="ສາລາ", area_id=area)
        rounds.add_recipients(tx, made, [(here, None), (there, None)])
    local(world, DAY, 15)
    staff = world.officer("staff")
    assert staff.writes("/round r3 ແລ້ວ 090102") == [say("staff_round_paid", lao)]
    for day in (16, 17, 18, 19):
        local(world, date(2026, 3, day), 9)
    month = say("round_month", lao, month="3")
    late = say("round_late", lao, round=month, day="25/3")
    assert world.phone("+8562055500001").texts[-1] == late
    assert late not in world.phone("+8562055500002").texts
    (shown,) = staff.writes("ຮອບ r3")
    assert (
        say("staff_round_village", lao, place="ບ້ານໂພນງາມ", people=1, received=0, less=0, missing=0, silent=1) in shown
    )
