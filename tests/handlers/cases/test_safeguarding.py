"""What focal points do with a sensitive case: its kind, the form without identity, the clocks, and who is called when."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeVar

import pytest
from sqlalchemy import text

from domain.harm import Harm
from domain.harm_form import Accused, AgeGroup, Body, Flaw, HarmAnswers, ServiceKind, Sex, Word
from domain.inbound import Channel
from domain.reading import Language
from domain.settings import Level, ProjectSettings, Safeguarding
from handlers.cases import safeguarding
from handlers.cases.caseacts import Actor
from handlers.cases.casework import Casework
from storage.queries import audit, settings
from storage.queries.casework import cases
from storage.queries.casework.cases import CaseRecord
from storage.queries.persons import contacts
from tests.support.world import World

T = TypeVar("T")
ABUSE = "the facilitator raped me"
REFERENCE = re.compile(r"LP-[0-9A-Z]{4}-[0-9A-Z]{2}")
NIGHT = timedelta(hours=14)


@pytest.fixture
def case(world: World) -> CaseRecord:
    world.phone().writes(ABUSE)
    return the_case(world)


def the_case(world: World) -> CaseRecord:
    with world.store.reading() as tx:
        return cases.by_id(tx, 1)


def does(world: World, act: Callable[[Casework, CaseRecord], T]) -> T:
    with world.store.transaction() as tx:
        return act(Casework(world.context, tx, world.now), cases.by_id(tx, 1, locked=True))


def focal(world: World, name: str = "focal one") -> Actor:
    return Actor("officer", world.staff[name])


def keeps(world: World, **answers: object) -> None:
    does(world, lambda work, case: safeguarding.keep(work, case, HarmAnswers(**answers), focal(world)))  # type: ignore[arg-type]


def due(world: World) -> dict[Body, timedelta]:
    form = does(world, safeguarding.of_case)
    return {clock.body: clock.due_at - the_case(world).received_at for clock in form.clocks}


def flaws(world: World, **answers: object) -> set[Flaw]:
    with pytest.raises(safeguarding.Flawed) as raised:
        keeps(world, **answers)
    assert does(world, safeguarding.of_case).answers == HarmAnswers(), "nothing is kept of a form that is flawed"
    return set(raised.value.flaws)


def events(world: World) -> list[str]:
    with world.store.reading() as tx:
        return [each.type for each in audit.of_case(tx, 1)]


def configures(world: World, **rules: object) -> None:
    with world.store.transaction() as tx:
        project = settings.current(tx)
        plain = {**project.model_dump(mode="json"), "safeguarding": Safeguarding(**rules).model_dump(mode="json")}  # type: ignore[arg-type]
        settings.add(tx, ProjectSettings.model_validate(plain), actor="staff", actor_id=None, now=world.now)
    world.context._read_at = -10.0


@pytest.mark.usefixtures("case")
@pytest.mark.parametrize(
    ("kind", "bank"), [("sea_sh", 48), ("home", None), ("child", 48), ("retaliation", 48), ("unsorted", 48)]
)
def test_each_kind_has_its_clocks(world: World, kind: str, bank: int | None) -> None:
    does(world, lambda work, case: safeguarding.set_kind(work, case, Harm(kind), focal(world)))
    hours = {each: span // timedelta(hours=1) for each, span in due(world).items()}
    assert hours == {Body.PROJECT: 24, **({Body.BANK: bank} if bank else {})}


@pytest.mark.usefixtures("case")
def test_the_link_to_the_project_decides_on_the_banks_clock(world: World) -> None:
    does(world, lambda work, case: safeguarding.set_kind(work, case, Harm.HOME, focal(world)))
    keeps(world, project_concerned=Word.YES)
    assert due(world)[Body.BANK] == timedelta(hours=48)
    keeps(world, project_concerned=Word.NO)
    assert Body.BANK not in due(world)


@pytest.mark.usefixtures("case")
def test_hours_are_the_projects_own(world: World) -> None:
    configures(world, clocks={"sea_sh": {"project_hours": 12, "bank_hours": 20}})
    does(world, lambda work, case: safeguarding.set_kind(work, case, Harm.SEA_SH, focal(world)))
    assert due(world) == {Body.PROJECT: timedelta(hours=12), Body.BANK: timedelta(hours=20)}


@pytest.mark.usefixtures("case")
def test_a_form_is_kept_whole_and_lies_under_the_sensitive_key(world: World) -> None:
    answers = HarmAnswers(
        age=AgeGroup.FROM_18,
        sex=Sex.FEMALE,
        accused=Accused.PROJECT_STAFF,
        project_concerned=Word.YES,
        danger=Word.NO,
        district="1701",
        first_day=date(2026, 2, 1),
        last_day=date(2026, 2, 20),
        offered=frozenset({ServiceKind.HEALTH, ServiceKind.LEGAL}),
        accepted=frozenset({ServiceKind.HEALTH}),
        may_refer=Word.YES,
        may_report=Word.NO,
        words="he said I must come at night",
    )
    does(world, lambda work, case: safeguarding.keep(work, case, answers, focal(world)))
    assert does(world, safeguarding.of_case).answers == answers
    with world.store.reading() as tx:
        stored = bytes(tx.execute(text("SELECT answers FROM harm_form")).scalar_one())
    assert b"night" not in stored
    assert "harm.form_kept" in events(world)


@pytest.mark.usefixtures("case")
@pytest.mark.parametrize(
    ("answers", "flaw"),
    [
        ({"words": "call her on 012 345 678"}, Flaw.NUMBER_IN_WORDS),
        ({"words": "លេខ ០១២ ៣៤៥ ៦៧៨"}, Flaw.NUMBER_IN_WORDS),
        ({"words": "it was Sok Chanthou who came"}, Flaw.NAME_IN_WORDS),
        ({"words": "Chea Sreymom told it"}, Flaw.NAME_IN_WORDS),
        ({"district": "170107"}, Flaw.NOT_A_DISTRICT),
        ({"district": "nowhere"}, Flaw.NOT_A_DISTRICT),
        ({"last_day": date(2026, 2, 1)}, Flaw.PERIOD_ENDS_FIRST),
        ({"first_day": date(2026, 2, 2), "last_day": date(2026, 2, 1)}, Flaw.PERIOD_ENDS_FIRST),
        ({"first_day": date(2026, 4, 1)}, Flaw.IN_THE_FUTURE),
        ({"accepted": frozenset({ServiceKind.HEALTH}), "may_refer": Word.YES}, Flaw.ACCEPTED_NOT_OFFERED),
        ({"offered": frozenset({ServiceKind.HEALTH}), "accepted": frozenset({ServiceKind.HEALTH})},
         Flaw.REFERRED_WITHOUT_CONSENT),
        ({"words": "a" * 1001}, Flaw.WORDS_TOO_LONG),
    ],
)  # fmt: skip
def test_what_identifies_or_does_not_agree_is_refused(world: World, answers: dict[str, object], flaw: Flaw) -> None:
    with world.store.transaction() as tx:
        tx.execute(text("UPDATE person SET name = NULL"))
    world.add_officer("Sok Chanthou", Level.COMMUNE, "170205", language=Language.KM)
    does(world, lambda work, case: name_her(work, case, "Chea Sreymom"))
    assert flaws(world, **answers) == {flaw}


def name_her(work: Casework, case: CaseRecord, name: str) -> None:
    from storage.queries.persons import people

    people.change(work.tx, case.person_id, name=name)


@pytest.mark.usefixtures("case")
def test_a_childs_age_makes_it_a_childs_case(world: World) -> None:
    keeps(world, age=AgeGroup.FROM_12)
    assert the_case(world).sensitive == "child"


@pytest.mark.usefixtures("case")
def test_notification_is_noted_once_and_stops_the_clock(world: World) -> None:
    for body in Body:
        assert does(world, lambda work, case, of=body: safeguarding.tell_of_notification(work, case, of, focal(world)))
        assert not does(
            world, lambda work, case, of=body: safeguarding.tell_of_notification(work, case, of, focal(world))
        )
    clocks = does(world, safeguarding.of_case).clocks
    assert {(each.told_at, each.told_by) for each in clocks} == {(world.now, world.staff["focal one"])}
    does(world, takes(world))
    heard = len(world.officer("focal one").texts)
    world.pass_time(hours=25)
    world.pass_time(hours=30)
    assert not [each for each in world.officer("focal one").texts[heard:] if "ហួសពេល" in each]


def takes(world: World) -> Callable[[Casework, CaseRecord], object]:
    return lambda work, case: work.change(case, taken_by=world.staff["focal one"], status="acknowledged")


def third(world: World) -> None:
    """Add a focal point who stands in, by Telegram and by SMS, a day later than the others."""
    now, world.now = world.now, world.now + timedelta(minutes=1)
    world.add_officer("focal three", Level.FOCAL, None, language=Language.KM)
    world.now = now
    with world.store.transaction() as tx:
        contact = contacts.lock(tx, Channel.SMS, "+85577000900", now=world.now)
        contacts.change(tx, contact.id, staff_id=world.staff["focal three"], language="km")


def heard(world: World) -> list[int]:
    phones = [world.officer(name) for name in ("focal one", "focal two", "focal three")]
    return [len(phone.texts) for phone in (*phones, world.phone("+85577000900"))]


def test_substitutes_are_called_after_four_hours_at_night_by_both_ways_until_somebody_takes_it(world: World) -> None:
    third(world)
    world.now += NIGHT
    world.phone().writes(ABUSE)
    assert heard(world) == [1, 1, 0, 0], "the first two are told at once, those who stand in are not"
    world.pass_time(hours=3, minutes=59)
    assert heard(world) == [1, 1, 0, 0]
    world.pass_time(minutes=1)
    assert heard(world) == [2, 2, 1, 1]
    world.sweep()
    assert heard(world) == [2, 2, 1, 1], "a repeated sweep calls nobody again"
    world.pass_time(hours=4)
    assert heard(world) == [3, 3, 2, 2]
    does(world, takes(world))
    world.pass_time(hours=4)
    assert heard(world) == [3, 3, 2, 2]
    assert events(world).count("harm.called") == 2
    said = "\n".join(world.officer("focal three").texts + world.phone("+85577000900").texts)
    assert "raped" not in said
    assert the_case(world).reference in said


@pytest.mark.usefixtures("case")
def test_opening_it_puts_the_next_call_off(world: World) -> None:
    third(world)
    world.pass_time(hours=3)
    does(world, lambda work, case: work.note(case, "case.read", focal(world)))
    world.pass_time(hours=2)
    assert heard(world) == [1, 1, 0, 0]
    world.pass_time(hours=2)
    assert heard(world) == [2, 2, 1, 1]


@pytest.mark.usefixtures("case")
def test_somebody_who_is_named_is_never_called(world: World) -> None:
    third(world)
    from storage.queries.casework import bars

    with world.store.transaction() as tx:
        bars.add(tx, 1, [world.staff["focal three"]], by="machine", now=world.now)
    world.pass_time(hours=5)
    assert heard(world)[2:] == [0, 0]


@pytest.mark.usefixtures("case")
def test_clocks_remind_before_and_at_the_hour_and_daily_after_it(world: World) -> None:
    third(world)
    does(world, takes(world))
    does(world, lambda work, case: safeguarding.set_kind(work, case, Harm.HOME, focal(world)))
    with world.store.transaction() as tx:
        tx.execute(text("UPDATE grievance_case SET due_at = NULL"))
    world.pass_time(hours=17, minutes=59)
    assert heard(world)[0] == 1
    world.pass_time(minutes=1)
    assert heard(world) == [2, 2, 0, 0]
    assert "10:00 4/3" in world.officer("focal one").texts[-1]
    world.sweep()
    world.pass_time(hours=6)
    assert heard(world) == [3, 3, 1, 0]
    world.pass_time(hours=23)
    assert heard(world) == [3, 3, 1, 0]
    world.pass_time(hours=1)
    assert heard(world) == [4, 4, 2, 0]


@pytest.mark.usefixtures("case")
def test_a_configured_outsider_hears_that_something_is_late_and_nothing_of_it(world: World) -> None:
    configures(world, outside_phone="+85512000111")
    does(world, takes(world))
    world.pass_time(hours=25)
    said = world.phone("+85512000111").texts
    assert len(said) == 1
    assert the_case(world).reference not in said[0]
    for name in world.staff:
        if not name.startswith("focal"):
            assert world.officer(name).texts == [], name


@pytest.mark.parametrize("word", ["home", "ផ្ទះ", "ເຮືອນ"])
def test_kind_by_command_says_nothing_back_that_a_lock_screen_shows(world: World, case: CaseRecord, word: str) -> None:
    phone = world.officer("focal one")
    said = phone.writes(f"/kind {case.reference} {word}")
    assert the_case(world).sensitive == "home"
    assert said == [f"{case.reference}៖ បានកត់ហើយ។"]
    (wrong,) = phone.writes(f"/kind {case.reference} nonsense")
    assert word not in wrong
    assert the_case(world).sensitive == "home"


def test_half_years_are_told_from_five_up_and_when_they_are_over(world: World) -> None:
    for number in range(5):
        world.phone(f"+8551234500{number}").writes(ABUSE)
    assert safeguarding.half_years(world.context, world.now)[0].count is None
    later = world.now.replace(month=8)
    found = safeguarding.half_years(world.context, later)
    assert (found[0].starts, found[0].count) == (date(2026, 1, 1), 5)
    assert [each.starts for each in found[:3]] == [date(2026, 1, 1), date(2025, 7, 1), date(2025, 1, 1)]
    with world.store.transaction() as tx:
        cases.change(tx, 1, sensitive=None)
    assert safeguarding.half_years(world.context, later)[0].count is None


@pytest.mark.parametrize(
    ("words", "ordinary"),
    [
        ("my husband beats me and he is coming now with a knife", "the bridge in our village is broken"),
        ("ប្តីខ្ញុំវាយខ្ញុំ គាត់កំពុងមក កាន់កាំបិត", "ខ្ញុំមិនទាន់បានលុយ ៣ខែហើយ"),
        ("ຜົວຕີຂ້ອຍ ລາວກຳລັງມາ ຖືມີດ", "ເງິນຍັງບໍ່ເຂົ້າ 3 ເດືອນແລ້ວ"),
    ],
)
def test_danger_now_calls_everybody_at_night_and_her_receipt_stays_the_same(
    world: World, words: str, ordinary: str
) -> None:
    third(world)
    world.now += NIGHT
    written = (("+85512345001", words), ("+85512345002", ordinary))
    receipts = [world.phone(number).writes(text)[0] for number, text in written]
    assert len({REFERENCE.sub("REF", each) for each in receipts}) == 1
    assert heard(world) == [2, 2, 1, 1]
    assert not any("knife" in each for each in world.officer("focal three").texts)
    world.phone("+85512345001").writes(words)
    assert heard(world)[2:] == [1, 1], "once an hour"


@pytest.mark.usefixtures("case")
def test_what_is_no_danger_now_calls_nobody_else(world: World) -> None:
    third(world)
    world.phone().writes("he did it last year, there was a knife in the kitchen")
    assert heard(world)[2:] == [0, 0]


def test_the_audit_log_says_who_looked_and_from_where(world: World, case: CaseRecord) -> None:
    world.officer("focal one").writes(f"/case {case.reference}")
    with world.store.reading() as tx:
        (looked,) = [each for each in audit.of_case(tx, case.id) if each.type == "case.shown"]
    assert (looked.actor, looked.actor_id, looked.data) == ("officer", world.staff["focal one"], {"via": "telegram"})
