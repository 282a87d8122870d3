"""A project's own rules: ladders, deadlines, categories, quiet hours and reminder plans, as `project.toml` states them.

They are loaded by `samleng init`, kept as versioned rows, and changed by audited acts only.
"""

from datetime import date, time
from enum import StrEnum
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from domain.inbound import Channel
from domain.reading import Category, Language


class Level(StrEnum):
    """Who must act on a case, from the nearest to the farthest; then those who stand outside every area."""

    FACILITATOR = "facilitator"
    COMMUNE = "commune"
    DISTRICT = "district"
    PROVINCE = "province"
    NATIONAL = "national"
    DESK = "desk"
    FOCAL = "focal"
    STAFF = "staff"
    ADMIN = "admin"


LADDER_LEVELS = (Level.FACILITATOR, Level.COMMUNE, Level.DISTRICT, Level.PROVINCE, Level.NATIONAL)
"""The levels of the general ladder, lowest first; a project's ladders use some or all of them."""

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


class QuietHours(_Frozen):
    """The part of the day, in project time, in which nothing is sent that nobody waits for."""

    start: time = time(20, 0)
    end: time = time(7, 0)


class ReminderPlan(_Frozen):
    """One reminder of a round or a meeting: by which channel, how many calendar days before, at what hour."""

    kind: Annotated[str, Field(pattern="^(round|meeting)$")]
    channel: Channel
    days_before: int = Field(ge=0, le=60)
    hour: int = Field(default=9, ge=0, le=23)

    @property
    def key(self) -> str:
        """Return what tells this plan from the others of the same kind."""
        return f"{self.channel}-{self.days_before}d-{self.hour}h"


class HolidayChanges(_Frozen):
    """Days added to the country's holidays or taken out of them: lunar dates are known for sure only when announced."""

    added: tuple[date, ...] = ()
    removed: tuple[date, ...] = ()


DEFAULT_LADDERS: dict[str, tuple[Step, ...]] = {
    "general": (
        Step(level=Level.FACILITATOR, days=5),
        Step(level=Level.COMMUNE, days=10),
        Step(level=Level.DISTRICT, days=10),
        Step(level=Level.PROVINCE, days=15),
        Step(level=Level.NATIONAL, days=15),
    ),
    "integrity": (
        Step(level=Level.DISTRICT, days=10),
        Step(level=Level.PROVINCE, days=15),
        Step(level=Level.NATIONAL, days=15),
    ),
}
"""Defaults where a project has none of its own (the two projects' manuals were not found to name any)."""

DEFAULT_PLANS = (
    ReminderPlan(kind="round", channel=Channel.SMS, days_before=1),
    ReminderPlan(kind="round", channel=Channel.TELEGRAM, days_before=7),
    ReminderPlan(kind="round", channel=Channel.TELEGRAM, days_before=1),
    ReminderPlan(kind="round", channel=Channel.TELEGRAM, days_before=0, hour=7),
    ReminderPlan(kind="meeting", channel=Channel.SMS, days_before=1),
    ReminderPlan(kind="meeting", channel=Channel.TELEGRAM, days_before=7),
    ReminderPlan(kind="meeting", channel=Channel.TELEGRAM, days_before=1),
    ReminderPlan(kind="meeting", channel=Channel.TELEGRAM, days_before=0, hour=7),
)


class ProjectSettings(_Frozen):
    """All of a project's rules. `prefix` starts every reference; `asked_level` is the kind of area people are asked for."""

    name: str = Field(min_length=1, max_length=80)
    prefix: str = Field(pattern="^[A-Z]{2}$")
    country: str = Field(pattern="^(KH|LA)$")
    timezone: Annotated[str, AfterValidator(_timezone)]
    languages: tuple[Language, ...] = Field(min_length=1)
    asked_level: Annotated[str, Field(pattern="^(commune|village)$")] = "commune"
    emergency_number: str = Field(pattern=r"^[0-9+ ]{3,16}$")
    outside_address: str = "grievances@worldbank.org"
    deadlines: Deadlines = Deadlines()
    ladders: dict[str, tuple[Step, ...]] = Field(default_factory=lambda: dict(DEFAULT_LADDERS))
    category_ladders: dict[Category, str] = Field(
        default_factory=lambda: {Category.CORRUPTION: "integrity", Category.STAFF_CONDUCT: "integrity"}
    )
    quiet_hours: QuietHours = QuietHours()
    day_ends: time = time(17, 0)
    reminders: tuple[ReminderPlan, ...] = DEFAULT_PLANS
    holidays: HolidayChanges = HolidayChanges()
    surveys: bool = True

    @model_validator(mode="after")
    def _ladders_are_whole(self) -> Self:
        if "general" not in self.ladders:
            raise ValueError("ladders: a ladder named 'general' is needed")
        for name, steps in self.ladders.items():
            ranks = [LADDER_LEVELS.index(step.level) for step in steps if step.level in LADDER_LEVELS]
            if len(ranks) != len(steps) or not steps:
                raise ValueError(f"ladders.{name}: each step needs one of {', '.join(LADDER_LEVELS)}")
            if ranks != sorted(set(ranks)):
                raise ValueError(f"ladders.{name}: the levels must rise from step to step")
        for category, name in self.category_ladders.items():
            if name not in self.ladders:
                raise ValueError(f"category_ladders.{category}: there is no ladder '{name}'")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """Return the project's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def default_language(self) -> Language:
        """Return the language in which somebody is answered of whom nothing is known."""
        return self.languages[0]

    def ladder_for(self, category: Category | None) -> tuple[Step, ...]:
        """Return the steps that a case of this category climbs."""
        name = self.category_ladders.get(category, "general") if category else "general"
        return self.ladders[name]
