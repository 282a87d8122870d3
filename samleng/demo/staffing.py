"""The demo's staff: officers of every level with some posts vacant, the desk, focal points, project staff."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from domain.inbound import Channel, InboundKind
from domain.settings import Level
from handlers.staffing import register
from samleng.demo.project import DemoProject, Place
from samleng.demo.stage import Line, Stage
from storage.queries import areas
from storage.queries.staffing import staff

_FIRST_SERIAL = 5000
_EVERYWHERE = (
    (Level.NATIONAL, 2, False),
    (Level.DESK, 2, True),
    (Level.FOCAL, 2, True),
    (Level.STAFF, 2, False),
    (Level.ADMIN, 1, False),
)
"""The levels outside every area: how many hold each, and whether all of them are women."""
_SMS_ONLY_EACH = 4
"""Of so many facilitators and chiefs, one has no data and works by SMS."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the staff: number, name, level, where, and the line by which work is done."""

    staff_id: int
    name: str
    level: Level
    place: str
    line: Line


@dataclass(slots=True)
class _Hiring:
    stage: Stage
    project: DemoProject
    random: Random
    hired: dict[int, Member]

    def hire(self, level: Level, place: Place | None, *, women: bool | None = None, by_sms: bool = False) -> int:
        phone = self.project.number(_FIRST_SERIAL + len(self.hired))
        woman = self.random.random() < 0.4 if women is None else women
        name = self.project.full_name(self.random, woman=woman)
        staff_id = register.add_staff(
            self.stage.context,
            name=name,
            level=level,
            area_code=place.code if place else None,
            phone=phone,
            language=self.project.language,
            now=self.stage.now,
        )
        line = Line(Channel.SMS, phone) if by_sms else self._by_telegram(staff_id, phone)
        where = place.names[self.project.language.value] if place else self.project.name.upper()
        self.hired[staff_id] = Member(staff_id, name, level, where, line)
        return staff_id

    def _by_telegram(self, staff_id: int, phone: str) -> Line:
        """Tie an account to the register, as an officer does: by the invitation's code, then the shared number."""
        line = Line(Channel.TELEGRAM, f"sim-{staff_id}")
        code = register.invite(self.stage.context, staff_id, self.stage.now).code
        self.stage.sends(line, InboundKind.TEXT, text=f"/start {code}")
        self.stage.sends(line, InboundKind.CONTACT, phone=phone)
        return line


def hire_everybody(stage: Stage, project: DemoProject, places: Sequence[Place], random: Random) -> dict[int, Member]:
    """Fill the posts and return the staff by number; the posts that are to be vacant are made and left so."""
    hiring = _Hiring(stage, project, random, {})
    levels = {step.level for steps in stage.context.settings.ladders.values() for step in steps}
    for group in _looked_after_together(project, places):
        first = hiring.hire(Level.FACILITATOR, group[0], by_sms=len(hiring.hired) % _SMS_ONLY_EACH == 0)
        _also_holds(stage, first, group[1:])
    for level in (Level.COMMUNE, Level.DISTRICT, Level.PROVINCE):
        for place in (each for each in places if each.level == level.value and level in levels):
            if (level, place.code) not in project.vacant:
                by_sms = level is Level.COMMUNE and len(hiring.hired) % _SMS_ONLY_EACH == 0
                hiring.hire(level, place, by_sms=by_sms)
    for level, number, women in _EVERYWHERE:
        for _ in range(number):
            hiring.hire(level, None, women=women or None)
    for level, code in project.vacant:
        area = areas.by_code(stage.tx, code)
        assert area is not None
        staff.post(stage.tx, level, area.id)
    return hiring.hired


def _looked_after_together(project: DemoProject, places: Sequence[Place]) -> Iterator[list[Place]]:
    """Return the areas of each facilitator: neighbours of one district."""
    without = {*project.without_facilitator, *(code for level, code in project.vacant if level is Level.FACILITATOR)}
    by_district: dict[str | None, list[Place]] = {}
    for place in places:
        if place.level == project.worked_level and place.code not in without:
            by_district.setdefault(place.parent, []).append(place)
    for neighbours in by_district.values():
        for start in range(0, len(neighbours), project.areas_each):
            yield neighbours[start : start + project.areas_each]


def _also_holds(stage: Stage, staff_id: int, places: Sequence[Place]) -> None:
    for place in places:
        area = areas.by_code(stage.tx, place.code)
        assert area is not None
        staff.hold(stage.tx, staff.post(stage.tx, Level.FACILITATOR, area.id), staff_id, stage.now)
