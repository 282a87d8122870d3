"""Filling an empty store with a demo: places, staff, people, and the half year that is played with them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from domain.inbound import Channel
from domain.lifecycle import Status
from domain.settings import Level
from handlers.context import Context
from handlers.sweeps import housekeeping
from samleng.demo import leap, rrpm
from samleng.demo.agenda import Agenda
from samleng.demo.fates import Fates
from samleng.demo.history import DAYS, History
from samleng.demo.payments import Payments
from samleng.demo.people import Beneficiary, enrol
from samleng.demo.project import DemoProject, Place
from samleng.demo.staffing import Member, hire_everybody
from samleng.demo.stage import Stage
from samleng.demo.summary import DemoSummary, Someone
from storage import Tx
from storage.queries import areas
from storage.queries.casework import caseload
from storage.queries.casework.cases import CaseRecord
from storage.queries.persons import contacts
from storage.queries.programme import rounds
from storage.queries.staffing import staff
from storage.queries.staffing.staff import PostHeld

PROJECTS: Mapping[str, DemoProject] = {each.name: each for each in (leap.PROJECT, rrpm.PROJECT)}
_SEED = 20_260
_DAY_ENDS = time(18, 45)
"""When a day of the play ends: after its last delivery, and before the quiet hours."""
_EVERY = 100_000


class NotEmpty(Exception):
    """The store holds a project's places already; a demo is loaded into an empty one."""


def load(context: Context, project: str, now: datetime) -> DemoSummary:
    """Fill an empty, migrated store, whose settings are loaded, with a demo that ends on the last evening before `now`.

    It is there whole or not at all, the same for the same `now`'s day, and nothing waits to be sent. Raises `NotEmpty`,
    and `KeyError` where there is no such demo.
    """
    plan = PROJECTS[project]
    last = _last_day(context, now)
    with context.store.transaction() as tx:
        if areas.count(tx):
            raise NotEmpty
        return _Loading(context, tx, plan, last).run()


def _last_day(context: Context, now: datetime) -> date:
    today = context.calendar.local_day(now)
    return today if context.calendar.at(today, _DAY_ENDS) <= now else today - timedelta(days=1)


class _Loading:
    """One loading of a demo."""

    def __init__(self, context: Context, tx: Tx, plan: DemoProject, last: date) -> None:
        self._tx, self._plan, self._last = tx, plan, last
        self._random = Random(_SEED)
        calendar = context.calendar
        first = calendar.at(last - timedelta(days=DAYS), time(6))
        self._stage = Stage.on(context, tx, first, Random(_SEED + 1))
        self._agenda = Agenda(self._stage, calendar, calendar.at(last, _DAY_ENDS))

    def run(self) -> DemoSummary:
        places = self._plan.places()
        self._make_places(places)
        members = hire_everybody(self._stage, self._plan, places, self._random)
        people = enrol(self._stage, self._plan, places, self._random)
        fates = Fates(self._stage, self._plan, self._agenda, members, places, self._random)
        history = History(self._stage, self._plan, self._agenda, fates, people, places, self._random)
        history.plan(self._last)
        Payments(self._stage, self._plan, self._agenda, people, self._random, history.complained).plan(self._last)
        self._agenda.play()
        housekeeping.seal_audit(self._stage.context, self._stage.now)
        return self._summary(places, members, people)

    def _make_places(self, places: Sequence[Place]) -> None:
        known: dict[str, areas.AreaRecord] = {}
        for place in places:
            parent = known[place.parent] if place.parent else None
            known[place.code] = areas.add(
                self._tx,
                code=place.code,
                level=place.level,
                parent=parent,
                names=dict(place.names),
                kind=place.kind,
            )

    def _summary(
        self, places: Sequence[Place], members: Mapping[int, Member], people: Sequence[Beneficiary]
    ) -> DemoSummary:
        tx = self._tx
        plain = caseload.listed(tx, _EVERY)
        sensitive = len(caseload.list_visible(tx, _focal(members, tx), only="all", now=self._stage.now, limit=_EVERY))
        return DemoSummary(
            project=self._plan.name,
            counts={
                "areas": len(places),
                "staff": len(members),
                "vacant posts": len(self._plan.vacant),
                "people": len(people),
                "rounds": len(rounds.all_rounds(tx)),
                "meetings": len(rounds.all_meetings(tx)),
                "cases": len(plain) + sensitive,
                "sensitive": sensitive,
            },
            statuses=dict(Counter(case.status.value for case in plain)),
            beneficiary=next(each.lines[0].address for each in people if each.lines),
            officer=self._busiest(members, plain),
            desk=next(_someone(each) for each in members.values() if each.level is Level.DESK),
            resolved=self._resolved(plain),
            texts=self._plan.tries,
        )

    def _busiest(self, members: Mapping[int, Member], plain: Sequence[CaseRecord]) -> Someone:
        """Return the officer of an area at whose posts the most open cases lie."""
        lying = Counter(case.post_id for case in plain if case.is_open and case.area_id is not None)
        held = {post.post_id: record.id for record in staff.everybody(self._tx) for post in record.posts}
        post_id = next(post for post, _ in lying.most_common() if post in held)
        return _someone(members[held[post_id]])

    def _resolved(self, plain: Sequence[CaseRecord]) -> tuple[str, str]:
        """Return the case that was resolved last and can be asked about by SMS, with the number."""
        resolved = [(each.resolved_at, each) for each in plain if each.status is Status.RESOLVED and each.resolved_at]
        waiting = [each for _, each in sorted(resolved, key=lambda pair: pair[0], reverse=True)]
        asked = ((each.reference, contacts.by_id(self._tx, each.contact_point_id or 0)) for each in waiting)
        by_sms = ((reference, contact.address) for reference, contact in asked if contact.channel is Channel.SMS)
        return next(by_sms, ("–", "–"))


def _focal(members: Mapping[int, Member], tx: Tx) -> tuple[PostHeld, ...]:
    focal = next(each for each in members.values() if each.level is Level.FOCAL)
    record = staff.by_id(tx, focal.staff_id)
    assert record is not None
    return record.posts


def _someone(member: Member) -> Someone:
    return Someone(member.staff_id, member.name, member.level.value, member.place)
