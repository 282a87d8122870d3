"""The demo's beneficiaries: names, languages, villages and groups; most have a phone, some also Telegram, some neither."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from domain.inbound import Channel
from domain.reading import Language
from samleng.demo.project import DemoProject, Place
from samleng.demo.stage import Line, Stage
from storage.queries import areas
from storage.queries.persons import contacts, people

PEOPLE = 300
_VILLAGES = 45
_WITHOUT_PHONE, _WITH_TELEGRAM, _READS_ENGLISH, _WOMEN = 0.12, 0.2, 0.04, 0.8


@dataclass(frozen=True, slots=True)
class Beneficiary:
    """Somebody on the project's lists, with the lines to write by (none: no phone)."""

    person_id: int
    village: str
    group: str
    lines: tuple[Line, ...]


def enrol(stage: Stage, project: DemoProject, places: Sequence[Place], random: Random) -> list[Beneficiary]:
    """Put people on the project's lists, several in each of some villages."""
    villages = [place for place in places if place.level == "village"]
    chosen = random.sample(villages, min(_VILLAGES, len(villages)))
    known = areas.by_codes(stage.tx, [place.code for place in chosen])
    enrolled = []
    for serial in range(1, PEOPLE + 1):
        village = chosen[serial % len(chosen)]
        enrolled.append(_enrol(stage, project, known[village.code], serial, random))
    return enrolled


def telegram_of(number: str) -> Line:
    """Return the simulator's account on the phone of a number."""
    return Line(Channel.TELEGRAM, f"sim-{number.removeprefix('+')}")


def _enrol(stage: Stage, project: DemoProject, village: areas.AreaRecord, serial: int, random: Random) -> Beneficiary:
    woman = random.random() < _WOMEN
    group = random.choice(project.names["groups"])
    language = Language.EN if random.random() < _READS_ENGLISH else project.language
    person_id = people.create(
        stage.tx,
        stage.now,
        external_id=f"{village.code}-{serial:03}",
        name=project.full_name(random, woman=woman),
        sex="F" if woman else "M",
        language=language.value,
        area_id=village.id,
        group_name=group,
        programme=project.name.upper(),
    )
    lines: list[Line] = []
    if random.random() >= _WITHOUT_PHONE:
        number = project.number(serial)
        lines.append(Line(Channel.SMS, number))
        if random.random() < _WITH_TELEGRAM:
            lines.append(telegram_of(number))
    for line in lines:
        contact = contacts.lock(stage.tx, line.channel, line.address, now=stage.now)
        contacts.change(stage.tx, contact.id, person_id=person_id)
    return Beneficiary(person_id, village.code, group, tuple(lines))
