"""The demo's half year: who writes what on which day, and what becomes of each case; played through the real handlers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from random import Random

from domain.inbound import InboundKind
from handlers.simulator import SAMPLE_PHOTO
from handlers.sweeps import cases
from samleng.demo.agenda import Act, Agenda
from samleng.demo.fates import Fates
from samleng.demo.people import Beneficiary, telegram_of
from samleng.demo.project import DemoProject, Place
from samleng.demo.stage import Line, Stage
from storage.queries.casework import cases as case_rows
from storage.queries.casework.cases import CaseRecord

DAYS = 183
"""How far back the play begins, in calendar days."""
_STORIES, _QUIET_STORIES = 104, 16
_RECENT = 0.2
"""Besides what is spread evenly, so much of what is written falls into the last two weeks."""
_AT_THE_END = (
    ("silent", 4), ("silent", 5), ("silent", 6), ("silent", 7), ("silent", 8), ("silent", 11),
    ("not_solved", 7), ("not_solved", 8), ("waiting", 6),
    ("taken", 4), ("ignored", 1), ("ignored", 2),
)  # fmt: skip
"""What the last days certainly bring, so that there is something of every status: a fate, and so many days back."""
_STRANGERS, _BY_TELEGRAM, _NAMES_PLACE, _WRITES_MORE = 0.35, 0.5, 0.8, 0.15
_FIRST_STRANGER = 3000
_MORNING = time(7, 5)


@dataclass(slots=True)
class History:
    """What people write in half a year, and the sweeps over their cases each morning."""

    stage: Stage
    project: DemoProject
    agenda: Agenda
    fates: Fates
    people: Sequence[Beneficiary]
    places: Sequence[Place]
    random: Random
    _strangers: int = field(default=0)

    def plan(self, last: date) -> None:
        """Put the sweeps of each day and everything that is written on the agenda."""
        for day in (last - timedelta(days=n) for n in range(DAYS, -1, -1)):
            self.agenda.on(day, _MORNING, self._sweep)
        for text in self._texts("case", _STORIES) + self._texts("other", _QUIET_STORIES):
            self._on_some_day(last, lambda text=text: self._story(text))  # type: ignore[misc]
        for (fate, back), text in zip(_AT_THE_END, self._texts("case", len(_AT_THE_END)), strict=True):
            self.agenda.on(last - timedelta(days=back), time(8, 20), lambda f=fate, t=text: self._story(t, f))  # type: ignore[misc]
        for text in self._texts("sensitive", 5):
            self._on_some_day(last, lambda text=text: self._story(text))  # type: ignore[misc]
        for _ in range(3):
            self._on_some_day(last, self._photo)

    def complained(self, line: Line) -> None:
        """Let the case that a line has just made have its fate; nothing where it made none."""
        case = self._newest(line)
        if case is not None:
            self.fates.decide(case, line)

    def _texts(self, kind: str, number: int) -> list[str]:
        """Return so many texts of a kind: each once, before any comes a second time."""
        groups: Sequence[Mapping[str, Sequence[str]]] = self.project.words["texts"]
        words = [text for group in groups if group.get("kind", "case") == kind for text in group["words"]]
        drawn: list[str] = []
        while len(drawn) < number:
            drawn += self.random.sample(words, len(words))
        return drawn[:number]

    def _on_some_day(self, last: date, act: Act) -> None:
        back = self.random.randrange(14) if self.random.random() < _RECENT else self.random.randrange(1, DAYS - 1)
        clock = time(self.random.randrange(7, 18), self.random.randrange(10, 60))
        self.agenda.on(last - timedelta(days=back), clock, act)

    def _story(self, text: str, fate: str | None = None) -> None:
        line = self._somebody()
        self.stage.writes(line, text)
        case = self._newest(line)
        if case is None:
            return
        if case.area_id is None and self.random.random() < _NAMES_PLACE:
            self.agenda.soon(self.random.uniform(1, 9), lambda: self._name_place(line))
        if case.sensitive is None and self.random.random() < _WRITES_MORE:
            more = self.random.choice(self.project.words["follow"]["more"])
            self.agenda.soon(11, lambda: self.stage.writes(line, more))
        self.fates.decide(case, line, fate)

    def _photo(self) -> None:
        someone = self.random.choice([each for each in self.people if len(each.lines) > 1])
        self.stage.sends(someone.lines[1], InboundKind.MEDIA, media=(SAMPLE_PHOTO,))
        self.complained(someone.lines[1])

    def _somebody(self) -> Line:
        if self.random.random() < _STRANGERS:
            self._strangers += 1
            number = self.project.number(_FIRST_STRANGER + self._strangers)
            by_telegram = self.random.random() < _BY_TELEGRAM
            return telegram_of(number) if by_telegram else self.fates.phone(number)
        return self.random.choice(self.random.choice([each for each in self.people if each.lines]).lines)

    def _name_place(self, line: Line) -> None:
        """Answer the question for a place, as people do: the name alone, or with the district's."""
        if self.stage.asked(line) != "place":
            return
        level = self.stage.context.settings.asked_level
        place = self.random.choice([each for each in self.places if each.level == level])
        district = next(each for each in self.places if each.code == place.parent)
        language = self.random.choice((self.project.language.value, self.project.language.value, "en"))
        self.stage.writes(line, f"{place.names[language]} {district.names[language]}")
        if self.stage.asked(line) == "place_which":
            self.stage.writes(line, "1")

    def _newest(self, line: Line) -> CaseRecord | None:
        contact_id = self.stage.contact_id(line)
        mine = case_rows.askable_from(self.stage.tx, contact_id) if contact_id is not None else []
        return next((case for case in mine if case.received_at == self.stage.now), None)

    def _sweep(self) -> None:
        calendar = self.stage.context.calendar
        if calendar.is_working_day(calendar.local_day(self.stage.now)):
            cases.escalate_overdue(self.stage.context, self.stage.now)
            self.fates.see_to_the_rest()
        cases.close_silent(self.stage.context, self.stage.now)
        # What waited for the end of the quiet hours.
        self.stage.deliver_all()
