"""Whom a text names: the levels and the people that then neither see nor handle its case."""

from dataclasses import dataclass

from domain import ladder
from domain.reading import Category, Reading
from domain.settings import LADDER_LEVELS, Level, ProjectSettings
from storage.queries import areas
from storage.queries.areas import AreaRecord
from storage.queries.casework import bars
from storage.queries.casework.cases import CaseRecord
from storage.store import Tx
from understanding.persons.named_people import named_in

_CONFLICTS = frozenset({Category.CORRUPTION, Category.STAFF_CONDUCT})
_OF_AGENTS = _CONFLICTS | {Category.PAYMENT_AMOUNT}
"""What an agent of the provider is accused of: of less money too, which passes through his hands."""
_SMALL = frozenset({"commune", "village"})
_AGENT = "agent"
_NONE = -1


@dataclass(frozen=True, slots=True)
class Named:
    """Whom words name: the highest rank that is barred (-1: none), members of staff, and whether the provider's agent."""

    barred_to: int = _NONE
    staff: frozenset[int] = frozenset()
    provider: bool = False


def barred_to(reading: Reading) -> int:
    """Return the rank of the highest level that a text accuses; -1 for none.

    Where the category is unsure, a post named beside a likely accusation counts: better once too careful.
    """
    return highest_named(reading) if _likely(reading) & _CONFLICTS else _NONE


def highest_named(reading: Reading) -> int:
    """Return the rank of the highest level whose post a text names, whatever it says of it; -1 for none."""
    return max((_rank(post) for post in reading.named_posts), default=_NONE)


def is_accusation(category: Category | str | None) -> bool:
    """Tell whether cases of a category are kept from whom they name."""
    return category in _CONFLICTS


def needs_two(case: CaseRecord) -> bool:
    """Tell whether a case is closed by two people: what is or may be an accusation, by either of its matters."""
    return is_accusation(case.category) or is_accusation(case.secondary)


def outside_body(settings: ProjectSettings, case: CaseRecord) -> str:
    """Return where one can turn outside the project: for what accuses somebody, a body of its own where there is one."""
    return (settings.integrity_address if needs_two(case) else "") or settings.outside_address


def found_in(
    tx: Tx, text: str, reading: Reading, *, area: AreaRecord | None, complaint: bool, accused: bool = False
) -> Named:
    """Return whom a text names by post or by name, among the officers of its area and those outside every area.

    Names count in every complaint, posts where somebody is accused: by the text itself, or by its case (`accused`).
    """
    likely = _likely(reading)
    if not (complaint or accused or likely & _CONFLICTS):
        return Named()
    by_post = highest_named(reading) if accused else barred_to(reading)
    agent = _AGENT in reading.named_posts and (accused or bool(likely & _OF_AGENTS))
    people = bars.nameable(tx, *_where(area))
    hits = named_in(text, [each.names for each in people], across=True)
    ranks = [ladder.rank(people[n].level) for n in hits if people[n].level in LADDER_LEVELS]
    return Named(max([by_post, *ranks]), frozenset(people[n].staff_id for n in hits), agent)


def _where(area: AreaRecord | None) -> tuple[tuple[str, ...], str | None]:
    """Return by what the officers of an area are found: those within it too, where it is a small one."""
    if area is None:
        return (), None
    return areas.codes_in(area.path), area.path if area.level in _SMALL else None


def _likely(reading: Reading) -> frozenset[Category | None]:
    unsure = reading.categories if reading.unsure_category else ()
    return frozenset({reading.category, reading.secondary, *unsure})


def _rank(post: str) -> int:
    """Return the rank of a named post's level; a village head stands with the facilitator, below the commune.

    The provider's agent holds no level: only the provider's desk is kept from what he is named for.
    """
    if post == _AGENT:
        return _NONE
    return ladder.rank(Level(post)) if post in LADDER_LEVELS else ladder.rank(Level.FACILITATOR)
