"""A project's own rules: ladders, deadlines, categories, quiet hours and reminder plans, as `project.toml` states them.

They are loaded by `samleng init`, kept as versioned rows, and changed by audited acts only.
"""

from datetime import date, time
from enum import StrEnum
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from domain.harm import Harm
from domain.inbound import Channel
from domain.lifecycle import CaseKind
from domain.reading import Category, Language
from domain.texts.placeholders import placeholders


class Level(StrEnum):
    """Who must act on a case, from the nearest to the farthest; then those who stand outside every area.

    `provider` is the desk of who pays the money out (U-Money, Wing): it sees what lies with it, and nothing else.
    """

    FACILITATOR = "facilitator"
    COMMUNE = "commune"
    DISTRICT = "district"
    PROVINCE = "province"
    NATIONAL = "national"
    DESK = "desk"
    FOCAL = "focal"
    STAFF = "staff"
    ADMIN = "admin"
    PROVIDER = "provider"


LADDER_LEVELS = (Level.FACILITATOR, Level.COMMUNE, Level.DISTRICT, Level.PROVINCE, Level.NATIONAL)
"""The levels of the general ladder, lowest first; a project's ladders use some or all of them."""

_RUNGS = (Level.PROVIDER, *LADDER_LEVELS)
"""What a ladder's steps may be, in the order in which they may follow each other."""

AREA_LEVELS = ("province", "district", "commune", "village")
"""The kinds of area, largest first."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError) as unknown:
        raise ValueError(f"no such time zone: {name}") from unknown
    return name


class Step(_Frozen):
    """One rung of a ladder: the level, and the working days that it has to act in."""

    level: Level
    days: int = Field(ge=1, le=120)


class Rung(Step):
    """A step as it is written down with a case; `ruled` says that a rule of the project sets its days."""

    ruled: bool = False


class TimeRule(_Frozen):
    """Other days for some cases: those that match all that is given here of category, kind and level.

    `acknowledge_days` are for a person to take the case, `act_days` for a level to act on it, both working days.
    """

    category: Category | None = None
    kind: CaseKind | None = None
    level: Level | None = None
    acknowledge_days: int | None = Field(default=None, ge=1, le=30)
    act_days: int | None = Field(default=None, ge=1, le=120)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not any((self.category, self.kind, self.level)):
            raise ValueError("names neither category, kind nor level: [deadlines] is for all others")
        if self.acknowledge_days is None and self.act_days is None:
            raise ValueError("gives neither acknowledge_days nor act_days")
        return self

    def matches(self, category: Category | None, kind: CaseKind, level: Level) -> bool:
        """Tell whether the rule is for such a case on such a level."""
        wanted = ((self.category, category), (self.kind, kind), (self.level, level))
        return all(rule is None or rule == given for rule, given in wanted)

    @property
    def precision(self) -> tuple[int, bool, bool]:
        """Return what orders rules: the more is given, the more exact; of equals a category goes before a kind."""
        given = sum(each is not None for each in (self.category, self.kind, self.level))
        return given, self.category is not None, self.kind is not None


class Deadlines(_Frozen):
    """The times that the project promises; days are working days unless the name says otherwise."""

    answer_days: int = Field(default=5, ge=1, le=60)
    acknowledge_days: int = Field(default=2, ge=1, le=30)
    desk_days: int = Field(default=1, ge=1, le=10)
    sensitive_days: int = Field(default=1, ge=1, le=10)
    appeal_days: int = Field(default=15, ge=1, le=180)
    close_after_calendar_days: int = Field(default=7, ge=1, le=60)
    question_hours: int = Field(default=72, ge=1, le=720)
    join_minutes: int = Field(default=15, ge=0, le=240)
    hold_seconds: int = Field(default=60, ge=0, le=600)
    survey_after_calendar_days: int = Field(default=3, ge=0, le=60)
    late_round_days: int = Field(default=2, ge=1, le=30)
    trouble_after_calendar_days: int = Field(default=30, ge=1, le=180)
    erase_days: int = Field(default=30, ge=1, le=90)
    keep_closed_months: int = Field(default=24, ge=1, le=240)


class QuietHours(_Frozen):
    """The part of the day, in project time, in which nothing is sent that nobody waits for."""

    start: time = time(20, 0)
    end: time = time(7, 0)


REMINDER_PLACEHOLDERS = {
    "round": frozenset({"round", "day", "place", "agent"}),
    "meeting": frozenset({"title", "day", "time", "place"}),
    "condition": frozenset({"label", "day", "place"}),
}
"""What can be filled into a reminder's own words, by kind."""


class ReminderPlan(_Frozen):
    """One reminder of a round, a meeting or a condition: by which channel, how many calendar days before, at what hour.

    `texts` are the project's own words for it, in every language of the project or none; without them the usual ones are
    said. What is filled in says when and where; no sum is among it.
    """

    kind: Annotated[str, Field(pattern="^(round|meeting|condition)$")]
    channel: Channel
    days_before: int = Field(ge=0, le=60)
    hour: int = Field(default=9, ge=0, le=23)
    texts: dict[Language, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _placeholders_are_known(self) -> Self:
        for text in self.texts.values():
            placeholders(text, REMINDER_PLACEHOLDERS[self.kind])
        return self

    @property
    def key(self) -> str:
        """Return what tells this plan from the others of the same kind."""
        return f"{self.channel}-{self.days_before}d-{self.hour}h"


class HolidayChanges(_Frozen):
    """Days added to the country's holidays or taken out of them: lunar dates are known for sure only when announced."""

    added: tuple[date, ...] = ()
    removed: tuple[date, ...] = ()


_GENERAL = (
    Step(level=Level.FACILITATOR, days=5),
    Step(level=Level.COMMUNE, days=10),
    Step(level=Level.DISTRICT, days=10),
    Step(level=Level.PROVINCE, days=15),
    Step(level=Level.NATIONAL, days=15),
)
DEFAULT_LADDERS: dict[str, tuple[Step, ...]] = {
    "general": _GENERAL,
    "payments": (Step(level=Level.PROVIDER, days=5), *_GENERAL[2:]),
    "integrity": _GENERAL[2:],
    "workers": _GENERAL[2:],
}
"""Defaults where a project has none of its own (the two projects' manuals were not found to name any)."""

DEFAULT_CATEGORY_LADDERS = {
    Category.PAYMENT_MISSING: "payments",
    Category.PAYMENT_AMOUNT: "payments",
    Category.PAYMENT_ACCESS: "payments",
    Category.PAYMENT_DATE: "payments",
    Category.CORRUPTION: "integrity",
    Category.STAFF_CONDUCT: "integrity",
    Category.LABOUR: "workers",
}

DEFAULT_PLANS = (
    ReminderPlan(kind="round", channel=Channel.SMS, days_before=1),
    ReminderPlan(kind="round", channel=Channel.TELEGRAM, days_before=7),
    ReminderPlan(kind="round", channel=Channel.TELEGRAM, days_before=1),
    ReminderPlan(kind="round", channel=Channel.TELEGRAM, days_before=0, hour=7),
    ReminderPlan(kind="meeting", channel=Channel.SMS, days_before=1),
    ReminderPlan(kind="meeting", channel=Channel.TELEGRAM, days_before=7),
    ReminderPlan(kind="meeting", channel=Channel.TELEGRAM, days_before=1),
    ReminderPlan(kind="meeting", channel=Channel.TELEGRAM, days_before=0, hour=7),
    ReminderPlan(kind="condition", channel=Channel.SMS, days_before=3),
    ReminderPlan(kind="condition", channel=Channel.TELEGRAM, days_before=7),
    ReminderPlan(kind="condition", channel=Channel.TELEGRAM, days_before=1),
)


class HarmHours(_Frozen):
    """Within how many hours the project and the Bank are notified of a kind of harm; 0: that one need not be told.

    Where a kind has no hours for the Bank, those of `sea_sh` count as soon as the project is known to be concerned.
    """

    project_hours: int = Field(default=24, ge=1, le=240)
    bank_hours: int = Field(default=48, ge=0, le=480)


_HARM_HOURS = {Harm.HOME: HarmHours(bank_hours=0)}


class Safeguarding(_Frozen):
    """The clocks of sensitive cases, in hours of day and night.

    `outside_phone` is told, without a word of the case, that a notification is overdue; where it is empty, nobody but
    the focal points ever learns of it. `child_report` says in each language to whom the country's law has harm to a child
    reported, and within what time: the project writes it, focal points read it beside such a case.
    """

    take_hours: int = Field(default=4, ge=1, le=48)
    remind_hours: int = Field(default=6, ge=1, le=23)
    outside_phone: Annotated[str, Field(pattern=r"^(\+[1-9][0-9]{7,14})?$")] = ""
    child_report: dict[Language, str] = Field(default_factory=dict)
    clocks: dict[Harm, HarmHours] = Field(default_factory=lambda: dict(_HARM_HOURS))

    def hours_of(self, kind: Harm) -> HarmHours:
        """Return the hours of a kind, given or by default."""
        return self.clocks.get(kind) or _HARM_HOURS.get(kind) or HarmHours()


class Incidents(_Frozen):
    """When many cases become an incident: so many different people of one place on one matter within so many days.

    For payments the days since a round of that area count too, up to `days_after_round` calendar days.
    """

    people: int = Field(default=5, ge=2, le=1000)
    days: int = Field(default=3, ge=1, le=30)
    days_after_round: int = Field(default=14, ge=1, le=60)


class ProjectSettings(_Frozen):
    """All of a project's rules. `integrity_address` is where corruption and misconduct go outside the project (empty: to
    `outside_address`), told with every decision about them.

    `prefix` starts every reference; `asked_level` is the kind of area people are asked for.

    Above `broadcast_second_above` people somebody else than the maker approves a broadcast; `broadcast_budget` is what
    broadcasts may cost in a month, in the project's money (None: no bound). `report_back_day` is the day of the month on
    which reports to the communes are drafted (None: never).
    """

    name: str = Field(min_length=1, max_length=80)
    prefix: str = Field(pattern="^[A-Z]{2}$")
    country: str = Field(pattern="^(KH|LA)$")
    timezone: Annotated[str, AfterValidator(_timezone)]
    languages: tuple[Language, ...] = Field(min_length=1)
    asked_level: Annotated[str, Field(pattern="^(commune|village)$")] = "commune"
    emergency_number: str = Field(pattern=r"^[0-9+ ]{3,16}$")
    outside_address: str = "grievances@worldbank.org"
    integrity_address: str = ""
    deadlines: Deadlines = Deadlines()
    ladders: dict[str, tuple[Step, ...]] = Field(default_factory=lambda: dict(DEFAULT_LADDERS))
    category_ladders: dict[Category, str] = Field(default_factory=dict)
    times: tuple[TimeRule, ...] = ()
    quiet_hours: QuietHours = QuietHours()
    day_starts: time = time(8, 0)
    day_ends: time = time(17, 0)
    digest_at: time = time(8, 0)
    officer_offline_days: int = Field(default=2, ge=1, le=30)
    reminders: tuple[ReminderPlan, ...] = DEFAULT_PLANS
    holidays: HolidayChanges = HolidayChanges()
    surveys: bool = True
    survey_share: float = Field(default=1.0, gt=0, le=1)
    broadcast_second_above: int = Field(default=200, ge=0)
    broadcast_budget: float | None = Field(default=None, ge=0)
    report_back_day: int | None = Field(default=None, ge=1, le=28)
    safeguarding: Safeguarding = Safeguarding()
    incidents: Incidents = Incidents()

    @model_validator(mode="before")
    @classmethod
    def _known_uses(cls, given: Any) -> Any:
        """Where nothing is said of them, categories climb the ladders of their own that the project has."""
        if isinstance(given, dict) and "category_ladders" not in given:
            there = given.get("ladders", DEFAULT_LADDERS)
            there = there if isinstance(there, dict) else {}
            uses = {each: name for each, name in DEFAULT_CATEGORY_LADDERS.items() if name in there}
            return {**given, "category_ladders": uses}
        return given

    @model_validator(mode="after")
    def _ladders_are_whole(self) -> Self:
        if "general" not in self.ladders:
            raise ValueError("ladders: a ladder named 'general' is needed")
        for name, steps in self.ladders.items():
            ranks = [_RUNGS.index(step.level) for step in steps if step.level in _RUNGS]
            if len(ranks) != len(steps) or not steps:
                raise ValueError(f"ladders.{name}: each step needs one of {', '.join(_RUNGS)}")
            if ranks != sorted(set(ranks)):
                raise ValueError(f"ladders.{name}: the levels must rise from step to step")
            if ranks == [0]:
                raise ValueError(f"ladders.{name}: the levels must rise from step to step, beyond the provider")
        for category, name in self.category_ladders.items():
            if name not in self.ladders:
                raise ValueError(f"category_ladders.{category}: there is no ladder '{name}'")
        return self

    @model_validator(mode="after")
    def _reminders_are_whole(self) -> Self:
        for plan in self.reminders:
            missing = [each.value for each in self.languages if plan.texts and not plan.texts.get(each, "").strip()]
            if missing:
                raise ValueError(
                    f"reminders: {plan.kind} {plan.key} has words of its own, but none in {', '.join(missing)}"
                )
        keys = [(plan.kind, plan.key) for plan in self.reminders]
        if len(keys) > len(set(keys)):
            raise ValueError("reminders: two plans are for the same kind, channel, days and hour")
        return self

    @model_validator(mode="after")
    def _times_are_clear(self) -> Self:
        seen: set[tuple[object, ...]] = set()
        for number, rule in enumerate(self.times):
            named = (rule.category, rule.kind, rule.level)
            if named in seen:
                raise ValueError(f"times[{number}]: an earlier rule is for the same cases")
            seen.add(named)
        if not self.day_starts < self.day_ends:
            raise ValueError("day_starts: the office day must start before it ends")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """Return the project's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def default_language(self) -> Language:
        """Return the language in which somebody is answered of whom nothing is known."""
        return self.languages[0]

    def ladder_for(self, category: Category | None, kind: CaseKind, *, provider: bool) -> tuple[Rung, ...]:
        """Return the rungs that such a case climbs, with the days that the rules of times give them.

        Where nobody was ever put on the provider's desk (`provider` is False), what would begin there climbs the
        general ladder.
        """
        name = self.category_ladders.get(category, "general") if category else "general"
        if self.ladders[name][0].level is Level.PROVIDER and not provider:
            name = "general"
        return tuple(self._rung(step, category, kind) for step in self.ladders[name])

    def asks_for_provider(self, category: Category | None) -> bool:
        """Tell whether the ladder of a category begins at the provider's desk."""
        name = self.category_ladders.get(category, "general") if category else "general"
        return self.ladders[name][0].level is Level.PROVIDER

    def acknowledge_days(self, category: Category | None, kind: CaseKind, level: Level) -> int:
        """Return within how many working days a person must have taken such a case on its first level."""
        rules = (rule for rule in self._rules(category, kind, level) if rule.acknowledge_days is not None)
        found = next(rules, None)
        return (found and found.acknowledge_days) or self.deadlines.acknowledge_days

    def _rung(self, step: Step, category: Category | None, kind: CaseKind) -> Rung:
        found = next((rule.act_days for rule in self._rules(category, kind, step.level) if rule.act_days), None)
        return Rung(level=step.level, days=found or step.days, ruled=found is not None)

    def _rules(self, category: Category | None, kind: CaseKind, level: Level) -> list[TimeRule]:
        """Return the rules that are for such a case, the most exact first."""
        found = (rule for rule in self.times if rule.matches(category, kind, level))
        return sorted(found, key=lambda rule: rule.precision, reverse=True)
