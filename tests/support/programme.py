"""People with phones, a payment round with their list, and the hours of the project's clock."""

from datetime import date, time

from domain.inbound import Channel
from handlers.sweeps import SWEEPS
from storage.queries.persons import contacts, people
from storage.queries.programme import rounds
from tests.support.world import World

DAY = date(2026, 3, 12)


def beneficiary(
    world: World, address: str, *, channel: Channel = Channel.SMS, language: str = "km", area: str = "170107"
) -> int:
    """Put a person with a phone or Telegram into an area, and return her number."""
    with world.store.transaction() as tx:
        person = people.create(tx, world.now, language=language, area_id=world.areas[area])
        contact = contacts.lock(tx, channel, address, now=world.now)
        contacts.change(tx, contact.id, person_id=person)
    world.phone(address, channel)
    return person


def paid(world: World, *persons: int, day: date = DAY, code: str = "r3") -> int:
    """Make a round of the district with these people on its list, and return its number."""
    with world.store.transaction() as tx:
        area = world.areas["1701"]
        number = rounds.add_round(tx, world.now, code=code, label="3", day=day, place="សាលាឃុំ", area_id=area)
        rounds.add_recipients(tx, number, [(person, 80_000) for person in persons])
    return number


def local(world: World, day: date, hour: int) -> None:
    """Let it be that hour of project time, and run the sweeps."""
    world.now = world.context.calendar.at(day, time(hour, 1))
    world.sweep()


def deliver(world: World) -> None:
    """Lay out what goes to many and deliver it, without any other sweep."""
    SWEEPS["lay_out"][0](world.context, world.now)
    world.drain()
