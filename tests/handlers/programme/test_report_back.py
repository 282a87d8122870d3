"""Report back: each commune's totals of a month, drafted for staff, to those who wrote and the officers; never from few."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from domain.lifecycle import CaseKind
from domain.reading import Category
from handlers.broadcasts.reports import draft_reports
from handlers.cases.caseacts import Actor
from handlers.cases.casework import Casework, Opening
from storage.queries import areas, settings
from storage.queries.casework import cases
from storage.queries.persons import contacts
from storage.queries.sending import batches
from tests.handlers.programme.test_reminders import beneficiary
from tests.support.world import World

APRIL = datetime(2026, 4, 6, 3, 0, tzinfo=UTC)


def wrote(world: World, address: str, *, area: str = "170107") -> int:
    """Let somebody of an area have a case there, and return its number."""
    person = beneficiary(world, address, area=area)
    with world.store.transaction() as tx:
        opening = Opening(
            kind=CaseKind.COMPLAINT, category=Category.OTHER, area=areas.by_id(tx, world.areas[area]), anonymous=True
        )
        contact = contacts.of_person(tx, person)[0]
        work = Casework(world.context, tx, world.now)
        return work.open(opening, person_id=person, contact=contact, actor=Actor("person")).id


def turned_on(world: World) -> None:
    with world.store.transaction() as tx:
        on = settings.current(tx).model_copy(update={"report_back_day": 5})
        settings.add(tx, on, actor="staff", actor_id=None, now=world.now)
    world.context._read_at = -100.0


def test_it_is_off_until_it_is_turned_on(world: World) -> None:
    for n in range(5):
        wrote(world, f"+8551200000{n}")
    assert draft_reports(world.context, APRIL) == 0


def test_staff_approve_what_those_who_wrote_and_their_officers_get(world: World) -> None:
    numbers = [wrote(world, f"+8551200000{n}") for n in range(6)]
    for n in range(4):
        wrote(world, f"+8551200010{n}", area="170101")
    beneficiary(world, "+85512000200")
    with world.store.transaction() as tx:
        cases.change(tx, numbers[0], sensitive="sea_sh")
        for number in numbers[1:]:
            cases.change(tx, number, resolved_at=world.now + timedelta(days=1))
    turned_on(world)
    world.now = APRIL
    assert draft_reports(world.context, world.now) == 1
    assert draft_reports(world.context, world.now + timedelta(days=1)) == 0
    world.drain()
    assert world.phone("+85512000001").texts == []
    member = world.officer("staff")
    assert "រង់ចាំការយល់ព្រមពីអ្នក" in member.texts[-1]
    chief = len(world.officer("chief").texts)
    member.taps(member.labels()[-2])
    from handlers.sweeps.batches import lay_out_all

    lay_out_all(world.context, world.now)
    world.drain()
    said = "ខែ 3/2026 អ្នកនៅ ស្រែខ្វាវ សរសេរមក៖ ទទួល 5 ដោះស្រាយ 5 យឺត 0។ អរគុណ។"
    assert [world.phone(f"+8551200000{n}").texts for n in range(1, 6)] == [[said]] * 5
    assert world.phone("+85512000000").texts == []
    assert world.phone("+85512000200").texts == []
    assert world.phone("+85512000100").texts == []
    assert world.officer("chief").texts[chief:] == [said]
    assert said not in world.officer("neighbour").texts


def test_few_are_told_to_nobody(world: World) -> None:
    for n in range(4):
        wrote(world, f"+8551200000{n}")
    turned_on(world)
    assert draft_reports(world.context, APRIL) == 0
    with world.store.reading() as tx:
        (batch,) = batches.of_kind(tx, "report", 5)
        assert batch.state == "cancelled"
        assert tx.execute(text("SELECT count(*) FROM message WHERE kind = 'report'")).scalar() == 0
