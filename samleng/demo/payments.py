"""The demo's payment rounds and meetings: past ones with reminders and surveys that people answer, and ones to come."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from random import Random

from domain.calendar import WorkingCalendar
from handlers.programme import schedule
from handlers.programme.schedule import MeetingPlan
from handlers.sweeps import batches, surveys
from samleng.demo.agenda import Agenda
from samleng.demo.people import Beneficiary
from samleng.demo.project import DemoProject
from samleng.demo.stage import Line, Stage
from storage.queries import areas
from storage.queries.programme import rounds

NEXT_ROUND_ON = 6
"""How many days after the last one of the play the next payment is, at the earliest."""
_MONTHS = (-5, -4, -3, -2, -1, 0, 1)
"""The months of payment, counted from that of the next."""
_LATEST_DAY = 22
"""However long a holiday puts a payment off, it stays in its month."""
MEETINGS_ON = (-130, -85, -40, -12, 4, 9, 16)
_ANNOUNCED_BEFORE = 20
_ON_A_LIST, _ANSWERING = 60, 24
_SWEEP_AT, _PAID_AT = time(9, 5), time(16)
_ANSWERS = ("1", "1", "1", "1", "1", "1", "1", "2", "2", "3")


@dataclass(frozen=True, slots=True)
class Payments:
    """What pays and gathers people during the play; `complained` is called where a survey's answer made a case."""

    stage: Stage
    project: DemoProject
    agenda: Agenda
    people: Sequence[Beneficiary]
    random: Random
    complained: Callable[[Line], None]

    def plan(self, last: date) -> None:
        """Put all rounds and meetings on the agenda."""
        calendar = self.agenda.calendar
        for day in payment_days(calendar, last):
            self._sweeps_about(day)
            announced = min(day, last) - timedelta(days=_ANNOUNCED_BEFORE)
            self.agenda.on(announced, time(10), lambda day=day: self._round(day))  # type: ignore[misc]
        for number, offset in enumerate(MEETINGS_ON, start=1):
            day = calendar.working_days_after(last + timedelta(days=offset - 1), 1)
            self._sweeps_about(day)
            announced = min(day, last) - timedelta(days=_ANNOUNCED_BEFORE)
            code = f"M{number}-{day:%Y-%m}"
            self.agenda.on(announced, time(11), lambda code=code, day=day: self._meeting(code, day))  # type: ignore[misc]

    def _sweeps_about(self, day: date) -> None:
        """Run the sweeps that remind and ask, on the days on which they have something to do."""
        settings = self.stage.context.settings
        before = {plan.days_before for plan in settings.reminders}
        for offset in sorted({-settings.deadlines.survey_after_calendar_days, *before}):
            self.agenda.on(day - timedelta(days=offset), _SWEEP_AT, self._sweep)

    def _sweep(self) -> None:
        for sweep in (batches.make_reminders, surveys.make_surveys, batches.lay_out_all):
            sweep(self.stage.context, self.stage.now)
        self.stage.deliver_all()

    def _round(self, day: date) -> None:
        tx, now = self.stage.tx, self.stage.now
        listed = self.random.sample(self.people, _ON_A_LIST)
        round_id = rounds.add_round(
            tx,
            now,
            code=f"{day:%Y-%m}",
            label=str(day.month),
            day=day,
            place=self.project.meeting_place,
            agent=self.project.agent,
            area_id=None,
        )
        self.agenda.on(day, _PAID_AT, lambda: rounds.change_round(tx, round_id, state="paid"))
        amounts = [(each.person_id, self.random.choice(self.project.amounts)) for each in listed]
        rounds.add_recipients(tx, round_id, amounts)
        asked_on = day + timedelta(days=self.stage.context.settings.deadlines.survey_after_calendar_days)
        for each in self.random.sample([each for each in listed if each.lines], _ANSWERING):
            clock = time(self.random.randrange(10, 17), self.random.randrange(60))
            self.agenda.on(asked_on, clock, lambda each=each: self._answer(each))  # type: ignore[misc]

    def _meeting(self, code: str, day: date) -> None:
        someone = self.random.choice(self.people)
        plan = MeetingPlan(
            code=code,
            title=self.project.meeting_title,
            day=day,
            clock=time(8, 30),
            place=self.project.meeting_place,
            area_code=self._worked_area(someone.village),
        )
        schedule.add_meeting(self.stage.context, plan, self.stage.now)

    def _worked_area(self, village: str) -> str:
        found = areas.by_code(self.stage.tx, village)
        assert found is not None
        return found.code if self.project.worked_level == "village" else areas.codes_in(found.path)[-2]

    def _answer(self, someone: Beneficiary) -> None:
        """Answer the survey where it is open on one of somebody's lines."""
        line = next((each for each in someone.lines if self.stage.asked(each) == "survey"), None)
        if line is None:
            return
        answer = self.random.choice(_ANSWERS)
        self.stage.writes(line, answer)
        if answer != "1":
            self.agenda.soon(3, lambda: self._take_up(line, answer))

    def _take_up(self, line: Line, answer: str) -> None:
        self.stage.writes(line, self.random.choice(("1", "1", "2", "3")))
        if answer == "3":
            self.agenda.soon(2, lambda: self._amount(line))
        self.complained(line)

    def _amount(self, line: Line) -> None:
        if self.stage.asked(line) == "amount":
            self.stage.writes(line, str(self.random.choice(self.project.amounts) - 30_000))


def payment_days(calendar: WorkingCalendar, last: date) -> list[date]:
    """Return the working days of payment, one in each month."""
    following = calendar.working_days_after(last + timedelta(days=NEXT_ROUND_ON - 1), 1)
    days = []
    for month in _MONTHS:
        years, index = divmod(following.month - 1 + month, 12)
        about = date(following.year + years, index + 1, min(following.day, _LATEST_DAY))
        days.append(following if month == 0 else calendar.working_days_after(about - timedelta(days=1), 1))
    return days
