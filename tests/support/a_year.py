"""A project as it is lived: people of several communes write by day, officers answer some and forget others, the clock goes on.

Everything is drawn from one seed, so that two plays are alike. What each case was promised is looked at after every tick.
"""

import heapq
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import event, func, select

from domain.inbound import Channel
from domain.ladder import rank
from domain.lifecycle import Status
from domain.ports import Outbound
from domain.reading import Language
from domain.settings import LADDER_LEVELS, Level
from handlers.staffing import leaving
from handlers.sweeps import SWEEPS
from storage import Store, Tx
from storage.queries import audit
from storage.queries.casework import caseload, cases
from storage.queries.casework.cases import CaseRecord
from storage.queries.persons import contacts, people
from storage.queries.programme import rounds
from storage.queries.staffing import staff
from storage.tables import AuditEntry, Case, Message
from storage.tables.base import table_of
from tests.support.rules_held import REFERENCE, Watched, check
from tests.support.world import Phone, new_world
from wording import say

START = date(2026, 3, 2)
TICKS = tuple(time(hour, 5) for hour in (8, 11, 14, 17, 21))
ON_FREE_DAYS = tuple(time(hour, 5) for hour in (9, 21))
"""When the sweeps run, in project time: each promise may be late by no more than the time between two of them."""
COMMUNES = ("170107", "170101", "170205")
TEXTS = Path(__file__).parents[1] / "understanding" / "messages.jsonl"
_DILIGENCE = {
    "facilitator": 0.25,
    "chief": 0.1,
    "neighbour": 0.3,
    "district": 0.25,
    "varin": 0.0,
    "province": 0.2,
    "nation": 0.3,
}
"""How likely an officer does something about a case of his on a working day; one never does."""
_NOT_PAID = "លុយអត់ទាន់ចូលទេ ខែនេះ"
_C, _M, _A = table_of(Case), table_of(Message), table_of(AuditEntry)


@dataclass(frozen=True, slots=True)
class Size:
    """How much is lived: calendar days, messages that people begin with, and how many people there are."""

    days: int
    messages: int
    people: int


@dataclass(slots=True)
class Lived:
    """What came of it."""

    cases: int = 0
    sensitive: int = 0
    answered: int = 0
    in_time: int = 0
    escalations: int = 0
    appeals: int = 0
    messages: int = 0
    ticks: int = 0


class Year(Watched):
    """A project, and everybody's habits."""

    def __init__(self, store: Store, size: Size, seed: int = 5) -> None:
        super().__init__(new_world(store, "leap"))
        if store.is_sqlite:
            event.listen(store.engine, "connect", _hurry)
            store.engine.dispose()
        self.size, self.chance = size, Random(seed)
        self.now = self.context.calendar.at(START, time(6))
        self.lived, self._order = Lived(), count()
        self._plan: list[tuple[datetime, int, Callable[[], None]]] = []
        self._inhabitants: list[Phone] = []
        self._languages: dict[str, str] = {}
        self._texts = _texts()
        self._vacant_since: date | None = None
        self._level_at_closing: dict[int, Level] = {}
        self._appeals_seen: set[int] = set()
        self._begin()

    def live(self) -> Lived:
        """Go from event to event until all is over; return what came of it. Raises `AssertionError` at a broken promise."""
        while self._plan:
            at, _, act = heapq.heappop(self._plan)
            self.now = max(self.now, at)
            act()
            self.step = ("", "")
        check(self)
        self._look_back()
        return self.lived

    def _begin(self) -> None:
        self.add_officer("varin", Level.DISTRICT, "1702", language=Language.KM)
        self.add_officer("varin commune", Level.COMMUNE, "170205", language=Language.KM, channel=Channel.SMS)
        self.add_officer("second at desk", Level.DESK, None, language=Language.KM)
        self.add_officer("successor", Level.STAFF, None, language=Language.KM)
        for n in range(self.size.people):
            self._settle_in(n)
        for _ in range(self.size.messages):
            day, minute = self.chance.randrange(self.size.days), self.chance.randrange(6 * 60, 22 * 60)
            self._at(day, time(minute // 60, minute % 60), self._somebody_writes)
        for day in range(self.size.days + 1):
            works = self.context.calendar.is_working_day(START + timedelta(days=day))
            for clock in TICKS if works else ON_FREE_DAYS:
                self._at(day, clock, self._tick)
            self._at(day, time(10), self._office_day)
        self._happenings()

    def _settle_in(self, n: int) -> None:
        """Let somebody live in a commune; one in seven is on no list."""
        channel = Channel.TELEGRAM if n % 4 == 0 else Channel.SMS
        phone = self.phone(f"6{n:05}" if channel is Channel.TELEGRAM else f"+85592{n:06}", channel)
        self._inhabitants.append(phone)
        self._languages[phone.address] = ("km", "km", "km", "lo", "en")[n % 5]
        if n % 7:
            with self.store.transaction() as tx:
                area = self.areas[COMMUNES[n % len(COMMUNES)]]
                person = people.create(tx, self.now, language="km", area_id=area)
                contacts.change(tx, contacts.lock(tx, channel, phone.address, now=self.now).id, person_id=person)

    def _happenings(self) -> None:
        """Plan what happens once: an absence, a vacancy, a handover, a crowd; and a round each month, with its survey."""
        days = self.size.days
        self._at(days // 6, time(9, 30), lambda: self._away("chief", 12))
        self._at(days // 4, time(9, 30), self._vacancy)
        self._at(days // 2, time(9, 30), lambda: self._handed_over("neighbour", "successor"))
        for month, start in enumerate(range(12, days - 12, 30)):
            self._at(start - 10, time(9, 40), lambda month=month, start=start: self._round(month, start))  # type: ignore[misc]
        crowd = [each for n, each in enumerate(self._inhabitants) if n % 7 and n % len(COMMUNES) == 0][:12]
        for n, phone in enumerate(crowd):
            self._at(days // 3, time(12 + n // 6, 4 * n), lambda phone=phone: self._writes(phone, _NOT_PAID))  # type: ignore[misc]

    def _at(self, day: int, clock: time, act: Callable[[], None]) -> None:
        moment = self.context.calendar.at(START + timedelta(days=day), clock)
        heapq.heappush(self._plan, (moment, next(self._order), act))

    def _later(self, span: timedelta, act: Callable[[], None]) -> None:
        heapq.heappush(self._plan, (self.now + span, next(self._order), act))

    def _writes(self, phone: Phone, text: str) -> None:
        """Let somebody write, and react to what comes back some minutes later."""
        self.step = (phone.address, text)
        if phone in self._inhabitants and len(text) > 12:
            self.said_by_people.append(text)
        answer = phone.writes(text)
        if answer and "?" in answer[-1] + answer[0] and self.chance.random() < 0.3:
            reply = self.chance.choice(("ស្រែខ្វាវ", "ចារឈូក", "1", "២"))
            self._later(timedelta(minutes=3), lambda: self._writes(phone, reply))

    def _somebody_writes(self) -> None:
        phone = self.chance.choice(self._inhabitants)
        text = self.chance.choice(self._texts[self._languages[phone.address]])
        self._writes(phone, text)
        if phone.received and self.chance.random() < 0.1:
            self._writes(phone, self.chance.choice(("1", "2", "៣")))

    def _deliver(self, channel: Channel, outbound: Outbound) -> None:
        super()._deliver(channel, outbound)
        if outbound.action == "delete":
            return
        heard = self.heard[-1]
        if heard.message["key"] == "solved_question" and self.chance.random() < 0.6:
            phone, choice = self.phone(outbound.address, channel), self.chance.choice(("1", "1", "2"))
            self._later(timedelta(hours=3), lambda: self._writes(phone, choice))
        if heard.message["key"] == "decision" and self.chance.random() < 0.25:
            phone, reference = self.phone(outbound.address, channel), REFERENCE.findall(outbound.text)[0]
            self._later(timedelta(days=9), lambda: self._writes(phone, f"មិនទាន់ {reference}"))
        self._not_at_night(heard.message, outbound)
        if heard.message["key"] == "officer_digest":
            self._digest_is_right(heard.message, outbound)

    def _not_at_night(self, message: dict[str, object], outbound: Outbound) -> None:
        """Keep bulk and officers' words out of the night, unless she just wrote (rule 8)."""
        polite = message["kind"] in ("officer", "question") or message["batch_id"] is not None
        if not polite or self.context.calendar.after_quiet_hours(self.now) == self.now:
            return
        with self.store.reading() as tx:
            contact = contacts.by_id(tx, int(str(message["contact_point_id"])))
            case = cases.by_id(tx, int(str(message["case_id"]))) if message["case_id"] is not None else None
        awake = contact.last_inbound_at is not None and contact.last_inbound_at > self.now - timedelta(hours=2)
        if message["batch_id"] is not None or not (awake or (case is not None and case.sensitive is not None)):
            self.faults.append(f"'{message['key']}' woke somebody at {self.context.calendar.local(self.now)}")

    def _digest_is_right(self, message: dict[str, object], outbound: Outbound) -> None:
        """Count anew, by reading what lies with the officer, and find the figures in what he was told."""
        with self.store.reading() as tx:
            record = staff.by_id(tx, int(str(message["staff_id"])))
            assert record is not None
            mine = [each for each in _lying_with(tx, record, self.now) if each.sensitive is None]
        late = sum(each.due_at is not None and each.due_at < self.now for each in mine)
        fresh = sum(each.taken_by is None for each in mine)
        sentence = say(
            "officer_digest", Language(str(message["language"])), new="NEW", today="TODAY", overdue="OVERDUE"
        )
        figures = re.search(re.sub("NEW|TODAY|OVERDUE", r"(\\d+)", re.escape(sentence)), outbound.text)
        told = [int(figure) for figure in figures.groups()] if figures else [0, 0, 0]
        if (fresh, late) != (told[0], told[-1]):
            self.faults.append(f"{record.name} was told {told} in the morning; {fresh} are new and {late} overdue")

    def _tick(self) -> None:
        for sweep, _ in SWEEPS.values():
            sweep(self.context, self.now)
        self.drain()
        self.lived.ticks += 1
        self._promises_hold()

    def _promises_hold(self) -> None:
        """Look at every open or resolved case: moved when due, warned in time, closed after silence, one level up."""
        calendar = self.context.calendar
        is_open = calendar.is_open(self.now)
        with self.store.reading() as tx:
            for case in _open_cases(tx):
                assert case.due_at is None or case.due_at > self.now or case.warned == caseload.TOLD, (case, self.now)
                if is_open and case.due_at is not None and case.due_from is not None and case.sensitive is None:
                    self._is_warned(case, case.due_from, case.due_at)
                if case.parent_id is not None and case.id not in self._appeals_seen:
                    self._appeals_seen.add(case.id)
                    self._is_above(tx, case)
            week = self.now - timedelta(days=7)
            silent = select(_C.c.reference).where(_C.c.status == Status.RESOLVED.value, _C.c.resolved_at <= week)
            assert tx.execute(silent.where(_C.c.sensitive.is_(None))).first() is None, (
                "a week of silence closed nothing"
            )

    def _is_warned(self, case: CaseRecord, begun: datetime, due_at: datetime) -> None:
        if due_at <= self.now:
            return
        calendar = self.context.calendar
        whole, gone = calendar.worked_between(begun, due_at), calendar.worked_between(begun, self.now)
        for percent in (50, 80):
            if gone > whole * percent / 100:
                assert case.warned >= percent, f"{case.reference}: nobody was warned at {percent} %: {case.warned}"

    def _is_above(self, tx: Tx, case: CaseRecord) -> None:
        assert case.parent_id is not None
        parent = cases.by_id(tx, case.parent_id)
        if case.level in LADDER_LEVELS and parent.level in LADDER_LEVELS and parent.rung + 1 < len(parent.steps):
            assert rank(case.level) > rank(parent.level), f"{case.reference} appeals to the level that decided"
        self.lived.appeals += 1

    def _office_day(self) -> None:
        """Let everybody who works do something of what lies with him."""
        if not self.context.calendar.is_working_day(self.context.calendar.local_day(self.now)):
            return
        for name in self.staff:
            if name in _DILIGENCE or name in ("desk", "focal one", "successor"):
                self._works(name, _DILIGENCE.get(name, 0.5))

    def _works(self, name: str, diligence: float) -> None:
        with self.store.reading() as tx:
            record = staff.by_id(tx, self.staff[name])
            known = contacts.of_staff(tx, self.staff[name])
            if record is None or not known or (record.absent_until and record.absent_until > self.now):
                return
            mine = _lying_with(tx, record, self.now)
        phone = self.phone(known[0].address, known[0].channel)
        for case in mine:
            if self.chance.random() < diligence:
                self._acts(phone, case, name)

    def _acts(self, phone: Phone, case: CaseRecord, name: str) -> None:
        words = "បានពិនិត្យហើយ បើកប្រាក់ថ្ងៃសុក្រ"
        if name == "desk" and case.area_path is None and case.level is Level.DESK:
            acts = ["transfer REF Char Chhuk", f"resolve REF info {words}"]
        elif case.category in ("corruption", "staff_conduct") and name == "desk":
            acts = ["agree REF", f"resolve REF info {words}"]
        else:
            acts = ["take REF", f"reply REF {words}", f"resolve REF upheld {words}", f"resolve REF info {words}",
                    f"ask REF {words}",
                    f"reject REF {words}", f"escalate REF {words}", f"extend REF 3 {words}"]  # fmt: skip
        chosen = self.chance.choices(acts, [4, 3, 6, 6, 1, 1, 1, 1][: len(acts)])[0]
        text = "/" + chosen.replace("REF", case.reference)
        self.step = (phone.address, text)
        phone.writes(text)

    def _away(self, name: str, days: int) -> None:
        leaving.absent(self.context, self.staff[name], self.now.date() + timedelta(days=days), self.now)
        self.drain()

    def _vacancy(self) -> None:
        leaving.deactivate(self.context, self.staff["facilitator"], self.now)
        self._vacant_since = self.context.calendar.local_day(self.now)
        self.drain()

    def _handed_over(self, name: str, other: str) -> None:
        leaving.handover(self.context, self.staff[name], self.staff[other], self.now)
        self.drain()

    def _round(self, month: int, start: int) -> None:
        """Plan a payment in Srae Khvav to everybody on its list: reminders, then the survey, go by themselves."""
        with self.store.transaction() as tx:
            day, area = START + timedelta(days=start), self.areas["1701"]
            number = rounds.add_round(
                tx, self.now, code=f"r{month}", label=str(month + 1), day=day, place="សាលាឃុំ", area_id=area
            )
            known = [contacts.find(tx, each.channel, each.address) for each in self._inhabitants[:60]]
            paid = {each.person_id for each in known if each is not None and each.person_id is not None}
            rounds.add_recipients(tx, number, [(person, 80_000) for person in sorted(paid)])

    def _look_back(self) -> None:
        """Check what can only be seen at the end, and count."""
        assert not self.faults, self.faults[:5]
        with self.store.reading() as tx:
            assert not list(audit.faults(tx, {}))
            twice = select(_M.c.batch_id).where(_M.c.batch_id.is_not(None), _M.c.direction == "out")
            twice = twice.group_by(_M.c.batch_id, _M.c.contact_point_id, _M.c.key).having(func.count() > 1)
            assert tx.execute(twice).first() is None, "somebody got one reminder twice"
            self._desk_was_told(tx)
            self._count(tx)

    def _desk_was_told(self, tx: Tx) -> None:
        """Find the desk told of the vacancy on each working day (rule 7)."""
        told = Counter(
            self.context.calendar.local_day(each.outbound_at)
            for each in tx.execute(
                select(_M.c.at.label("outbound_at")).where(_M.c.key == "desk_vacancies", _M.c.state != "withdrawn")
            )
        )
        assert self._vacant_since is not None
        day = self._vacant_since + timedelta(days=1)
        while day < START + timedelta(days=self.size.days):
            if self.context.calendar.is_working_day(day):
                assert told[day] >= 1, f"the desk was not told of the vacancy on {day}"
            day += timedelta(days=1)

    def _count(self, tx: Tx) -> None:
        every = [cases.record_of(row) for row in tx.execute(select(*cases.COLUMNS))]
        lived = self.lived
        lived.cases, lived.sensitive = len(every), sum(each.sensitive is not None for each in every)
        answered = [each for each in every if each.first_answer_at is not None]
        lived.answered = len(answered)
        lived.in_time = sum(
            each.first_answer_at is not None and each.first_answer_at <= each.answer_by for each in answered
        )
        moved = select(func.count()).select_from(_A).where(_A.c.type == "case.escalated", _A.c.actor == "clock")
        lived.escalations = tx.execute(moved).scalar_one()
        lived.messages = tx.execute(select(func.count()).select_from(_M)).scalar_one()


def _hurry(connection: Any, _record: object) -> None:
    """Let the disk be: what is lived here survives no power loss."""
    connection.execute("PRAGMA synchronous=OFF")


def _open_cases(tx: Tx) -> list[CaseRecord]:
    query = select(*cases.COLUMNS).where(caseload.IS_OPEN).order_by(_C.c.id)
    return [cases.record_of(row) for row in tx.execute(query)]


def _lying_with(tx: Tx, record: staff.StaffRecord, now: datetime) -> list[CaseRecord]:
    """Return what lies with somebody: taken by him, or on his post, or with his desk or the focal points."""
    posts = {post.post_id for post in record.posts}
    seen = caseload.list_visible(tx, record.posts, only="open", now=now, limit=5_000)
    return [
        case
        for case in seen
        if case.taken_by == record.id
        or case.post_id in posts
        or (case.post_id is None and (Level.FOCAL if case.sensitive is not None else Level.DESK) in record.levels)
    ]


def _texts() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"km": [], "lo": [], "en": []}
    for line in TEXTS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found[row["language"]].append(row["text"])
    return found
