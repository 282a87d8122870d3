"""The incident form of a sensitive case: what the standards ask, nobody's identity, and when its answers do not agree."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from domain.harm import Harm
from domain.settings import Safeguarding

MOST_WORDS = 1000
"""How many characters of her own words the form takes."""


class AgeGroup(StrEnum):
    """How old the person harmed is, as she or he says."""

    NOT_SAID = "not_said"
    UNDER_12 = "under_12"
    FROM_12 = "from_12"
    FROM_18 = "from_18"
    FROM_25 = "from_25"
    FROM_60 = "from_60"

    @property
    def is_child(self) -> bool:
        """Tell whether that is younger than eighteen."""
        return self in (AgeGroup.UNDER_12, AgeGroup.FROM_12)


class Sex(StrEnum):
    """The sex of the person harmed, as she or he says."""

    NOT_SAID = "not_said"
    FEMALE = "female"
    MALE = "male"
    OTHER = "other"


class Accused(StrEnum):
    """What the accused has to do with the project; never who that is."""

    NOT_KNOWN = "not_known"
    PROJECT_STAFF = "project_staff"
    OFFICIAL = "official"
    WORKER = "worker"
    PROVIDER = "provider"
    SOMEBODY_ELSE = "somebody_else"
    FAMILY = "family"


class Word(StrEnum):
    """A yes, a no, or not known: nobody has to be asked so that a form is full."""

    NOT_KNOWN = "not_known"
    YES = "yes"
    NO = "no"


class ServiceKind(StrEnum):
    """What a service does for somebody who was harmed."""

    HEALTH = "health"
    POLICE = "police"
    LEGAL = "legal"
    SHELTER = "shelter"
    PSYCHOSOCIAL = "psychosocial"
    CHILD = "child"
    HOTLINE = "hotline"


class Body(StrEnum):
    """Who has to be notified of an incident, without anybody's identity."""

    PROJECT = "project"
    BANK = "bank"


class Flaw(StrEnum):
    """Why a form cannot be kept as it is."""

    PERIOD_ENDS_FIRST = "period_ends_first"
    IN_THE_FUTURE = "in_the_future"
    ACCEPTED_NOT_OFFERED = "accepted_not_offered"
    REFERRED_WITHOUT_CONSENT = "referred_without_consent"
    WORDS_TOO_LONG = "words_too_long"
    NOT_A_DISTRICT = "not_a_district"
    NUMBER_IN_WORDS = "number_in_words"
    NAME_IN_WORDS = "name_in_words"


@dataclass(frozen=True, slots=True)
class HarmAnswers:
    """What is known of an incident. `district` is an area's official code: no smaller place is kept.

    `first_day` alone is a date, with `last_day` a period. `words` are her own, without names and numbers.
    (Fields after the World Bank's good practice note on SEA/SH: what she says, the link to the project, age and sex
    where given, whether she was referred; nothing by which she is found.)
    """

    age: AgeGroup = AgeGroup.NOT_SAID
    sex: Sex = Sex.NOT_SAID
    accused: Accused = Accused.NOT_KNOWN
    project_concerned: Word = Word.NOT_KNOWN
    danger: Word = Word.NOT_KNOWN
    district: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    offered: frozenset[ServiceKind] = frozenset()
    accepted: frozenset[ServiceKind] = frozenset()
    may_refer: Word = Word.NOT_KNOWN
    may_report: Word = Word.NOT_KNOWN
    words: str = ""

    def flaws(self, today: date) -> Iterator[Flaw]:
        """Yield what does not agree; `today` is the project's day."""
        days = [day for day in (self.first_day, self.last_day) if day is not None]
        if self.last_day is not None and (self.first_day is None or self.last_day < self.first_day):
            yield Flaw.PERIOD_ENDS_FIRST
        if any(day > today for day in days):
            yield Flaw.IN_THE_FUTURE
        if not self.accepted <= self.offered:
            yield Flaw.ACCEPTED_NOT_OFFERED
        if self.accepted and self.may_refer is not Word.YES:
            yield Flaw.REFERRED_WITHOUT_CONSENT
        if len(self.words) > MOST_WORDS:
            yield Flaw.WORDS_TOO_LONG

    def as_plain(self) -> dict[str, Any]:
        """Return the answers as plain values that `from_plain` takes back."""
        return {each.name: _plain(getattr(self, each.name)) for each in fields(self)}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """Return the answers of plain values; what is not there stands unanswered. Raises `ValueError`."""
        return cls(**{name: read(plain[name]) for name, read in _READ.items() if plain.get(name)})


def due(since: datetime, kind: Harm, answers: HarmAnswers, rules: Safeguarding) -> dict[Body, datetime | None]:
    """Return by when project and Bank have to be notified of an incident that became known `since` then.

    The Bank's clock runs where the kind has one, and where the project or its works are concerned; it does not where
    they are known not to be.
    """
    hours = rules.hours_of(kind)
    bank = hours.bank_hours
    if answers.project_concerned is Word.YES and not bank:
        bank = rules.hours_of(Harm.SEA_SH).bank_hours
    if answers.project_concerned is Word.NO:
        bank = 0
    return {
        Body.PROJECT: since + timedelta(hours=hours.project_hours),
        Body.BANK: since + timedelta(hours=bank) if bank else None,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, date) else value


def _kinds(values: Any) -> frozenset[ServiceKind]:
    return frozenset(ServiceKind(each) for each in values)


_READ: Mapping[str, Any] = {
    "age": AgeGroup,
    "sex": Sex,
    "accused": Accused,
    "project_concerned": Word,
    "danger": Word,
    "district": str,
    "first_day": date.fromisoformat,
    "last_day": date.fromisoformat,
    "offered": _kinds,
    "accepted": _kinds,
    "may_refer": Word,
    "may_report": Word,
    "words": str,
}
