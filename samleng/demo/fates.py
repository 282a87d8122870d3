"""What becomes of the demo's cases: officers take, ask, answer, resolve, refuse and escalate them; people answer back."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time, timedelta
from functools import partial
from random import Random

from domain.inbound import Channel
from domain.lifecycle import Status
from domain.settings import Level
from samleng.demo.agenda import Agenda
from samleng.demo.project import DemoProject, Place
from samleng.demo.staffing import Member
from samleng.demo.stage import Line, Stage
from storage.queries.casework import caseload, cases, second_looks
from storage.queries.casework.cases import CaseRecord
from storage.queries.staffing import staff

_CODE = re.compile(r"(?<![\w-])\d{4}(?!\w)")
_A_MORNING = 50
_FORGOTTEN = timedelta(days=6)
_CLOSED_BY_TWO = ("corruption", "staff_conduct")
"""Categories that two close, which of a sensitive case is done in the console alone: such a false alarm is given back."""
_OLD, _NEW = 45, 12
"""Days before the end of the play: older cases are mostly done with, newer ones mostly not."""
_SHARES: Mapping[str, Mapping[str, int]] = {
    "old": {"solved": 34, "silent": 20, "not_solved": 13, "asked": 12, "rejected": 8, "late": 13},
    "middle": {"solved": 20, "silent": 14, "not_solved": 14, "asked": 10, "waiting": 14, "taken": 14, "late": 14},
    "new": {"ignored": 38, "taken": 20, "waiting": 14, "silent": 14, "not_solved": 14},
}
"""How many of a hundred cases go which way, by age."""


@dataclass(slots=True)
class Fates:
    """The means of deciding what becomes of cases."""

    stage: Stage
    project: DemoProject
    agenda: Agenda
    members: Mapping[int, Member]
    places: Sequence[Place]
    random: Random
    _decided: set[int] = field(default_factory=set)

    @staticmethod
    def phone(number: str) -> Line:
        """Return the line of a number."""
        return Line(Channel.SMS, number)

    def decide(self, case: CaseRecord, line: Line, fate: str | None = None) -> None:
        """Put on the agenda what becomes of a case: the fate that is given, or one by chance."""
        self._decided.add(case.id)
        days = (self.agenda.end - self.stage.now).days
        age = "old" if days > _OLD else "middle" if days > _NEW else "new"
        by_chance = self.random.choices(list(_SHARES[age]), list(_SHARES[age].values()))[0]
        if case.sensitive is not None or case.with_desk:
            by_chance = "taken" if age == "new" else "silent"
        self._office(1, lambda: self._sort(case.id))
        wanted: Mapping[str, Callable[[int, Line], None]] = {
            "solved": self._solved,
            "silent": self._silent,
            "not_solved": self._not_solved,
            "asked": self._asked,
            "waiting": self._waiting,
            "taken": self._taken,
            "rejected": self._rejected,
            "late": self._late,
            "ignored": lambda _case, _line: None,
        }
        wanted[fate or by_chance](case.id, line)

    def see_to_the_rest(self) -> None:
        """Let desk and focal points settle what came by the way: an answer or a remark that had to be read first.

        So too what was decided about an ordinary case and nobody may do any more, since it turned out to be sensitive.
        """
        tx, now = self.stage.tx, self.stage.now
        for level in (Level.DESK, Level.FOCAL):
            reader = staff.by_id(tx, staff.of_level(tx, level, now)[0])
            assert reader is not None
            for case in caseload.list_visible(tx, reader.posts, only="new", now=now, limit=_A_MORNING):
                waited = now - case.received_at
                forgotten = waited > (_FORGOTTEN if case.id in self._decided else timedelta(days=1))
                if case.level is level and forgotten:
                    self._decided.add(case.id)
                    if level is Level.FOCAL and case.category in _CLOSED_BY_TWO:
                        self._office(1, partial(self._release, case.id))
                    self._silent(case.id, self.phone(""))

    def _solved(self, case_id: int, line: Line) -> None:
        self._taken(case_id, line)
        self._office(self.random.randint(3, 4), lambda: self._settle(case_id, line, "solved"))

    def _silent(self, case_id: int, _line: Line) -> None:
        self._office(self.random.randint(2, 4), lambda: self._command(case_id, "resolve"))

    def _not_solved(self, case_id: int, line: Line) -> None:
        self._office(self.random.randint(1, 3), lambda: self._settle(case_id, line, "not_solved"))
        self._office(self.random.randint(8, 12), lambda: self._settle(case_id, line, "solved"))

    def _asked(self, case_id: int, line: Line) -> None:
        self._office(1, lambda: self._command(case_id, "ask"))
        self._office(2, lambda: self._answer(case_id, line))
        self._office(self.random.randint(3, 5), lambda: self._settle(case_id, line, "solved"))

    def _waiting(self, case_id: int, _line: Line) -> None:
        self._office(self.random.randint(1, 3), lambda: self._command(case_id, "ask"))

    def _taken(self, case_id: int, _line: Line) -> None:
        self._office(1, lambda: self._command(case_id, "take"))
        self._office(2, lambda: self._command(case_id, self.random.choice(("reply", "note", "reply"))))

    def _rejected(self, case_id: int, _line: Line) -> None:
        self._office(2, lambda: self._command(case_id, "take"))
        self._office(4, lambda: self._command(case_id, "reject"))

    def _late(self, case_id: int, line: Line) -> None:
        """Nobody acts until the case has climbed; then some level does, or hands it on."""
        days = self.random.randint(7, 30)
        if self.random.random() < 0.3:
            self._office(3, lambda: self._command(case_id, "escalate"))
        self._office(days, lambda: self._command(case_id, "take"))
        self._office(days + 2, lambda: self._settle(case_id, line, "solved"))

    def _office(self, working_days: int, act: Callable[[], None]) -> None:
        clock = time(self.random.choice((8, 9, 10, 11, 14, 15, 16)), self.random.randrange(60))
        self.agenda.in_office(working_days, clock, act)

    def _sort(self, case_id: int) -> None:
        """Let the desk say where a case belongs that came without a place."""
        case = cases.by_id(self.stage.tx, case_id)
        if case.area_id is None and case.sensitive is None and not case.with_desk and case.is_open:
            level = self.stage.context.settings.asked_level
            place = self.random.choice([each for each in self.places if each.level == level])
            district = next(each for each in self.places if each.code == place.parent)
            name = self.project.language.value
            self._says(self._who_has(case), f"/transfer {case.reference} {place.names[name]} {district.names[name]}")

    def _settle(self, case_id: int, line: Line, answer: str) -> None:
        """Resolve a case, and let the person say the next day whether it is solved."""
        self._command(case_id, "resolve")
        if cases.by_id(self.stage.tx, case_id).status is Status.RESOLVED:
            self.agenda.soon(60 * self.random.uniform(2, 26), lambda: self._says_how(case_id, line, answer))

    def _says_how(self, case_id: int, line: Line, answer: str) -> None:
        case = cases.by_id(self.stage.tx, case_id)
        if case.status is not Status.RESOLVED or case.sensitive is not None:
            return
        self.stage.writes(line, self.random.choice(self.project.words["follow"][answer]))
        if answer == "not_solved" and self.random.random() < 0.5:
            missing = self.random.choice(self.project.words["follow"]["missing"])
            self.agenda.soon(4, lambda: self.stage.writes(line, missing))

    def _answer(self, case_id: int, line: Line) -> None:
        if cases.by_id(self.stage.tx, case_id).status is Status.AWAITING:
            self.stage.writes(line, self.random.choice(self.project.words["follow"]["answers"]))

    def _command(self, case_id: int, verb: str) -> None:
        """Let whoever has an open case now do something to it."""
        case = cases.by_id(self.stage.tx, case_id)
        member = self._who_has(case)
        if case.is_open and member is not None:
            self._says(member, f"/{verb} {case.reference} {self._words(case, verb)}".strip())
        if verb in ("resolve", "reject") and second_looks.open_of(self.stage.tx, case_id) is not None:
            self._office(1, lambda: self._agree(case_id))

    def _release(self, case_id: int) -> None:
        """Let a focal point give back what is no report of harm."""
        case = cases.by_id(self.stage.tx, case_id)
        if case.is_open and case.sensitive is not None:
            self._says(self._who_has(case), f"/release {case.reference} {self._words(case, 'note')}")

    def _agree(self, case_id: int) -> None:
        """Let a second one of the desk agree to what was proposed."""
        case, look = cases.by_id(self.stage.tx, case_id), second_looks.open_of(self.stage.tx, case_id)
        if look is None or case.sensitive is not None:
            return
        desk = staff.of_level(self.stage.tx, Level.DESK, self.stage.now, case_id=case_id)
        others = [each for each in desk if each != look.proposed_by]
        if others:
            self._says(self.members[self.random.choice(others)], f"/agree {case.reference}")

    def _says(self, member: Member | None, command: str) -> None:
        """Let an officer give a command; one by SMS is confirmed by the code that comes back."""
        if member is None:
            return
        by_sms = member.line.channel is Channel.SMS
        self.stage.writes(member.line, command.removeprefix("/") if by_sms else command)
        if not by_sms:
            return
        self.stage.deliver()
        code = _CODE.search(self.stage.last_words.get(member.line.address, ""))
        if code is not None:
            self.stage.writes(member.line, code[0])

    def _who_has(self, case: CaseRecord) -> Member | None:
        tx, now = self.stage.tx, self.stage.now
        if case.taken_by is not None:
            return self.members[case.taken_by]
        if case.post_id is not None:
            holders = staff.holders(tx, case.post_id, now)
        else:
            holders = staff.of_level(tx, Level.DESK if case.sensitive is None else Level.FOCAL, now)
        return self.members[self.random.choice(holders)] if holders else None

    def _words(self, case: CaseRecord, verb: str) -> str:
        officers = self.project.words["officers"]
        if verb == "take":
            return ""
        own = officers.get(case.category or "any", {}).get(verb)
        words: str = self.random.choice(own or officers["any"][verb])
        outcome = self.random.choice(("upheld ", "upheld ", "partly ", "info ")) if verb == "resolve" else ""
        return outcome + words
