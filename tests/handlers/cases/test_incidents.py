"""Incidents: many people of one place on one matter become one, one answer goes to all, and each can say it did not help."""

import re
from datetime import date, timedelta

import pytest

from benchmarks.queries import counting
from domain.inbound import Channel
from domain.reading import Category, Language
from domain.settings import Level
from handlers.cases import incidents as handled
from handlers.sweeps import incidents as sweeps
from storage.queries.casework import cases, incidents
from storage.queries.casework.cases import CaseRecord
from storage.queries.programme import rounds
from tests.handlers.cases.test_deadlines import newest
from tests.support.world import World
from wording import say

KM, EN = Language.KM, Language.EN
MISSING = "លុយអត់ទាន់ចូលទេ ៣ខែហើយ"
PLACE = "ស្រែខ្វាវ អង្គរជុំ"
NEXT_DOOR = "ចារឈូក"
ABUSE = "គាត់ឲ្យខ្ញុំទៅផ្ទះគាត់ពេលយប់សិន ទើបចុះហត្ថលេខាឲ្យ ខ្ញុំខ្លាច"
KHMER, ENGLISH = "បើកប្រាក់ថ្ងៃសុក្រ នៅសាលាឃុំ", "The money is paid on Friday at the commune hall"


def number(n: int) -> str:
    return f"+855121000{n:02}"


def complain(world: World, n: int, *, text: str = MISSING, place: str = PLACE, language: str = "") -> CaseRecord:
    she = world.phone(number(n))
    she.writes(text)
    she.writes(place)
    if language:
        she.writes(language)
    return newest(world)


def many(world: World, count: int, *, first: int = 0, place: str = PLACE) -> list[CaseRecord]:
    return [complain(world, n, place=place) for n in range(first, first + count)]


def raised(world: World, *states: str) -> list[incidents.IncidentRecord]:
    with world.store.reading() as tx:
        return incidents.of_states(tx, *states)


def of(world: World, case: CaseRecord) -> CaseRecord:
    with world.store.reading() as tx:
        return cases.by_id(tx, case.id)


def a_round(world: World, day: date) -> None:
    with world.store.transaction() as tx:
        area = world.areas["170107"]
        rounds.add_round(tx, world.now, code=f"r{day}", label="3", day=day, place="សាលាឃុំ", area_id=area)


def told_of_it(world: World, who: str) -> list[str]:
    return [text for text in world.officer(who).texts if "/incident" in text]


def test_eleven_not_paid_after_a_round_raise_one_incident_answered_at_once_in_both_languages(world: World) -> None:
    a_round(world, date(2026, 2, 27))
    khmer, english = many(world, 8), []
    for n in range(8, 11):
        english.append(complain(world, n, language="English"))
        world.now += timedelta(minutes=30)
    world.sweep()
    world.sweep()
    (incident,) = raised(world)
    assert (incident.category, incident.area_id) == ("payment_missing", world.areas["170107"])
    every = [*khmer, *english]
    assert {of(world, case).incident_id for case in every} == {incident.id}
    world.pass_time(hours=1)
    for who in ("desk", "facilitator", "chief"):
        (told,) = told_of_it(world, who)
        assert "11" in told
        assert say("category_payment_missing", KM) in told
    assert not told_of_it(world, "neighbour")
    assert "11" in world.officer("desk").writes("/incident")[0]

    desk = world.officer("desk")
    (preview,) = desk.writes(f"/incident 1 answer upheld km: {KHMER} en: {ENGLISH}")
    assert "11" in preview
    desk.taps(say("button_send", KM))
    world.sweep()
    world.pass_time(minutes=5)
    assert raised(world)[0].state == "answered"
    for n in range(11):
        text = ENGLISH if n >= 8 else KHMER
        assert sum(text in each for each in world.phone(number(n)).texts) == 1, n
    assert {(of(world, case).status, of(world, case).outcome) for case in every} == {("resolved", "upheld")}

    world.phone(number(3)).writes("២")
    mine = of(world, every[3])
    assert (mine.status, mine.level, mine.incident_id) == ("acknowledged", "commune", None)
    assert of(world, every[4]).status == "resolved"
    world.phone(number(4)).writes("1")
    assert of(world, every[4]).status == "closed"
    world.pass_time(hours=1)
    assert len(raised(world)) == 1
    assert of(world, every[3]).incident_id is None


def test_four_are_none_and_one_who_writes_twice_is_one(world: World) -> None:
    many(world, 4)
    world.pass_time(hours=1)
    complain(world, 0)
    world.sweep()
    assert raised(world) == []


def test_what_came_before_the_days_that_count_does_not(world: World) -> None:
    many(world, 3)
    world.pass_time(days=4)
    many(world, 3, first=3)
    world.sweep()
    assert raised(world) == []
    a_round(world, date(2026, 3, 2))
    world.sweep()
    assert len(raised(world)) == 1


def test_spread_over_a_district_it_is_the_districts(world: World) -> None:
    many(world, 3)
    many(world, 3, first=3, place=NEXT_DOOR)
    world.pass_time(hours=1)
    (incident,) = raised(world)
    assert incident.area_id == world.areas["1701"]
    assert told_of_it(world, "district")
    assert not told_of_it(world, "facilitator")
    assert world.officer("facilitator").writes("/incident 1") == [say("officer_incident_unknown", KM, number=1)]


def test_later_ones_join_and_who_is_marked_sensitive_leaves_and_counts_no_more(world: World) -> None:
    found = many(world, 6)
    world.pass_time(hours=1)
    late = complain(world, 20)
    world.sweep()
    assert of(world, late).incident_id == 1
    assert "7" in world.officer("desk").writes("/incident 1")[0].split("\n")[1]
    world.officer("chief").writes(f"/sensitive {found[0].reference}")
    assert of(world, found[0]).incident_id is None
    world.sweep()
    assert of(world, found[0]).incident_id is None
    assert "6" in world.officer("desk").writes("/incident 1")[0].split("\n")[1]
    assert handled.listed(world.context)[0]["people"] == 6
    world.officer("desk").writes(f"/transfer {found[1].reference} {NEXT_DOOR}")
    world.sweep()
    assert of(world, found[1]).incident_id is None
    assert handled.listed(world.context)[0]["people"] == 5


def test_sensitive_cases_never_count(world: World) -> None:
    for n in range(6):
        world.phone(number(n)).writes(ABUSE)
        world.phone(number(n)).writes(PLACE)
    world.pass_time(hours=1)
    assert raised(world) == []


def test_a_missing_language_is_refused_with_how_many_would_get_nothing(world: World) -> None:
    many(world, 4)
    complain(world, 4, language="English")
    complain(world, 5, language="English")
    world.pass_time(hours=1)
    (answer,) = world.officer("desk").writes(f"/incident 1 answer {KHMER}")
    assert answer == say(
        "officer_incident_language", KM, count=2, language=say("language_en", KM), example="en: … km: …"
    )
    assert say("button_send", KM) not in world.officer("desk").labels()
    world.pass_time(minutes=5)
    assert raised(world)[0].state == "open"


def test_by_sms_it_happens_when_the_code_comes_back(world: World) -> None:
    officer = world.add_officer("by sms", Level.COMMUNE, "170107", language=EN, channel=Channel.SMS)
    many(world, 5)
    world.pass_time(hours=1)
    preview, asked = officer.writes(f"incident 1 answer info {KHMER}")
    assert "5" in preview
    code = re.findall(r"\b\d{4}\b", asked)[0]
    assert raised(world)[0].state == "open"
    assert officer.writes(code) == [say("officer_incident_sent", EN, people=5)]
    world.pass_time(minutes=5)
    with world.store.reading() as tx:
        assert {cases.by_id(tx, n).outcome for n in range(1, 6)} == {"information"}


def test_interrupted_it_goes_on_and_repeats_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    found = many(world, 6)
    world.pass_time(hours=1)
    desk = world.officer("desk")
    desk.writes(f"/incident 1 answer {KHMER}")
    desk.taps(say("button_send", KM))
    whole, left = handled.answer_one, [3]

    def falling(*args: object, **values: object) -> bool:
        if not left[0]:
            raise SystemExit
        left[0] -= 1
        return whole(*args, **values)  # type: ignore[arg-type]

    monkeypatch.setattr(handled, "answer_one", falling)
    with pytest.raises(SystemExit):
        sweeps.send_answers(world.context, world.now)
    monkeypatch.undo()
    assert sum(of(world, case).status == "resolved" for case in found) == 3
    world.sweep()
    world.pass_time(minutes=5)
    for n in range(6):
        assert sum(KHMER in each for each in world.phone(number(n)).texts) == 1
    desk.taps(say("button_send", KM))
    assert desk.texts[-1] == say("officer_confirm_late", KM)


def test_an_accusation_is_told_to_the_desk_alone_and_not_answered_together(world: World) -> None:
    for case in many(world, 5):
        world.officer("desk").writes(f"/category {case.reference} {list(Category).index(Category.CORRUPTION) + 1}")
    world.pass_time(hours=1)
    assert len(raised(world)) == 1
    assert len(told_of_it(world, "desk")) == 1
    assert not any(told_of_it(world, who) for who in ("facilitator", "chief", "district", "province"))
    assert world.officer("district").writes("/incident") == [say("officer_incidents_none", KM)]
    assert world.officer("desk").writes(f"/incident 1 answer {KHMER}") == [say("officer_incident_each", KM)]


def test_an_incident_with_nothing_open_is_over_and_another_may_come(world: World) -> None:
    for case in many(world, 5):
        world.officer("desk").writes(f"/resolve {case.reference} upheld {KHMER}")
    world.sweep()
    assert raised(world) == []
    more = many(world, 5, first=5)
    world.sweep()
    for case in more:
        world.officer("desk").writes(f"/resolve {case.reference} upheld {KHMER}")
    world.sweep()
    assert [each.state for each in raised(world)] == ["over"]
    many(world, 5, first=10)
    world.sweep()
    assert [each.state for each in raised(world)] == ["over", "open"]


def test_in_laos_it_is_the_villages(lao_world: World) -> None:
    for n in range(5):
        complain(lao_world, n, text="ເງິນຍັງບໍ່ເຂົ້າ 3 ເດືອນແລ້ວ", place="ນາຫວາຍ")
        lao_world.phone(number(n)).writes("໑")
    lao_world.pass_time(hours=1)
    (incident,) = raised(lao_world)
    assert incident.area_id == lao_world.areas["090101"]
    (told,) = told_of_it(lao_world, "facilitator")
    assert "ນາຫວາຍ" in told


def test_the_sweep_costs_the_same_however_many_cases_there_are(world: World) -> None:
    def cost() -> int:
        with counting(world.store) as counted:
            sweeps.watch(world.context, world.now)
        return counted.queries

    cost()
    few = cost()
    many(world, 4)
    many(world, 4, first=10, place="ស្រែខ្វាវ វ៉ារិន")
    assert cost() == few == 3


def test_what_counts_is_found_along_its_index(world: World) -> None:
    if not world.store.is_sqlite:
        return  # PostgreSQL reads so small a table from one end to the other.
    with counting(world.store) as counted:
        sweeps.watch(world.context, world.now)
    (found,) = [each for each in counted.statements if "WITH loose" in each]
    with world.store.reading() as tx:
        plan = tx.connection.exec_driver_sql("EXPLAIN QUERY PLAN " + found, tuple([1] * found.count("?")))
        lines = [str(row) for row in plan]
    assert any("ix_grievance_case_category" in line for line in lines), lines
