"""Reading the incident form as a browser sends it: what is no answer stands unanswered."""

from datetime import date
from enum import StrEnum
from typing import TypeVar

from flask import request

from console.pages import words_of
from domain.harm_form import MOST_WORDS, Accused, AgeGroup, HarmAnswers, ServiceKind, Sex, Word

Choice = TypeVar("Choice", bound=StrEnum)

CHOICES: dict[str, type[StrEnum]] = {
    "age": AgeGroup,
    "sex": Sex,
    "accused": Accused,
    "project_concerned": Word,
    "danger": Word,
    "may_refer": Word,
    "may_report": Word,
}
"""The questions with one answer of several."""


def given() -> HarmAnswers:
    """Return the answers of the form that was sent."""
    return HarmAnswers(
        age=_one("age", AgeGroup, AgeGroup.NOT_SAID),
        sex=_one("sex", Sex, Sex.NOT_SAID),
        accused=_one("accused", Accused, Accused.NOT_KNOWN),
        project_concerned=_one("project_concerned", Word, Word.NOT_KNOWN),
        danger=_one("danger", Word, Word.NOT_KNOWN),
        district=words_of("district", most=16) or None,
        first_day=_day("first_day"),
        last_day=_day("last_day"),
        offered=_services("offered"),
        accepted=_services("accepted"),
        may_refer=_one("may_refer", Word, Word.NOT_KNOWN),
        may_report=_one("may_report", Word, Word.NOT_KNOWN),
        words=words_of("words", most=MOST_WORDS + 1),
    )


def _one(field: str, choices: type[Choice], unanswered: Choice) -> Choice:
    sent = request.form.get(field, "")
    return choices(sent) if sent in set(choices) else unanswered


def _day(field: str) -> date | None:
    try:
        return date.fromisoformat(request.form.get(field, ""))
    except ValueError:
        return None


def _services(field: str) -> frozenset[ServiceKind]:
    return frozenset(ServiceKind(each) for each in request.form.getlist(field) if each in set(ServiceKind))
