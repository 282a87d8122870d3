"""Payments: the provider's desk first, where there is one; its agent is kept from what accuses him."""

import pytest

from domain.reading import Language
from domain.settings import Level, ProjectSettings
from storage.queries import settings
from storage.queries.staffing import staff
from tests.handlers.cases.test_deadlines import newest
from tests.support.world import Phone, World

MISSING = "លុយអត់ទាន់ចូលទេ ៣ខែហើយ"
PLACE = "ស្រែខ្វាវ អង្គរជុំ"


@pytest.fixture
def provider(world: World) -> Phone:
    """The desk of who pays the money out."""
    return world.add_officer("provider", Level.PROVIDER, None, language=Language.KM)


def complained(world: World, text: str = MISSING, number: str = "+85512345678") -> str:
    she = world.phone(number)
    she.writes(text)
    she.writes(PLACE)
    return newest(world).reference


def test_a_payment_goes_to_the_provider_and_to_nobody_in_the_area(world: World, provider: Phone) -> None:
    reference = complained(world)
    assert newest(world).level is Level.PROVIDER
    assert reference in provider.texts[-1]
    assert world.officer("facilitator").texts == []
    assert provider.writes(f"/reply {reference} ថ្ងៃសុក្រ")
    world.pass_time(minutes=2)
    assert "ថ្ងៃសុក្រ" in world.phone().texts[-1]


def test_after_five_working_days_the_district_has_it_and_the_provider_sees_it_no_more(
    world: World, provider: Phone
) -> None:
    reference = complained(world)
    world.pass_time(days=9)
    assert newest(world).level is Level.DISTRICT
    assert any(reference in text for text in world.officer("district").texts)
    assert reference in provider.texts[-1]
    assert reference not in "".join(provider.writes("/cases all"))


def test_the_provider_sees_nothing_else(world: World, provider: Phone) -> None:
    complained(world, "ស្ពាននៅភូមិខ្ញុំបាក់ហើយ")
    assert newest(world).level is Level.FACILITATOR
    assert newest(world).reference not in "".join(provider.writes("/cases all"))


def test_without_anybody_on_that_desk_payments_go_as_before(world: World) -> None:
    complained(world)
    assert newest(world).level is Level.FACILITATOR
    assert not any("បើកប្រាក់" in text for text in world.officer("desk").texts)


def test_a_provider_who_left_is_stepped_over_and_the_desk_told(world: World, provider: Phone) -> None:
    with world.store.transaction() as tx:
        staff.leave_posts(tx, world.staff["provider"], world.now)
    reference = complained(world)
    assert newest(world).level is Level.DISTRICT
    assert any(reference in text for text in world.officer("desk").texts)


@pytest.mark.parametrize("text", ["ភ្នាក់ងារវីងកាត់លុយខ្ញុំ ២ម៉ឺន បានខ្វះ", "the wing agent takes 5000 from my money each time"])
def test_the_provider_does_not_handle_what_accuses_its_agent(world: World, provider: Phone, text: str) -> None:
    reference = complained(world, text)
    assert newest(world).level is not Level.PROVIDER
    assert not any(reference in each for each in provider.texts)


def test_settings_of_an_earlier_version_go_on_as_they_were(world: World, provider: Phone) -> None:
    plain = world.context.settings.model_dump(mode="json")
    for name in ("times", "day_starts"):
        del plain[name]
    del plain["deadlines"]["trouble_after_calendar_days"]
    plain["ladders"] = {name: plain["ladders"][name] for name in ("general", "integrity")}
    plain["category_ladders"] = {"corruption": "integrity", "staff_conduct": "integrity"}
    with world.store.transaction() as tx:
        settings.add(tx, ProjectSettings.model_validate(plain), actor="staff", actor_id=None, now=world.now)
    world.context._settings = None
    complained(world)
    assert newest(world).level is Level.FACILITATOR
