"""What a demo project is made of: its places, its numbers and names, who is missing, and what people write."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from domain.reading import Language
from domain.settings import Level


@dataclass(frozen=True, slots=True)
class Place:
    """An area to be made; `kind` is what it is called, such as a sangkat among the communes."""

    code: str
    level: str
    kind: str
    parent: str | None
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DemoProject:
    """One demo.

    `number_ranges` are beginnings of E.164 numbers as the operators have them, with zeros after them: whoever sees such
    a number sees that it is made up. `worked_level` is the kind of area that has a facilitator of its own, and
    `areas_each` how many of them one facilitator looks after. `vacant` are the posts that nobody holds, on purpose.
    `amounts` are the sums that are paid. `tries` are texts to type.
    """

    name: str
    language: Language
    places: Callable[[], Sequence[Place]]
    number_ranges: tuple[str, ...]
    worked_level: str
    areas_each: int
    without_facilitator: tuple[str, ...]
    vacant: tuple[tuple[Level, str], ...]
    amounts: tuple[int, ...]
    agent: str
    meeting_title: str
    meeting_place: str
    tries: tuple[str, ...]

    def number(self, serial: int) -> str:
        """Return the E.164 number of a serial: `+85512000042`, the operators by turns."""
        beginning = self.number_ranges[serial % len(self.number_ranges)]
        return f"{beginning}{serial:04}"

    @property
    def words(self) -> Mapping[str, Any]:
        """Return what people and officers write."""
        return table(f"words_{self.name}.toml")

    @property
    def names(self) -> Mapping[str, list[str]]:
        """Return family names and given names of women and men, and names of groups."""
        chosen: Mapping[str, list[str]] = table("names.toml")[self.language.value]
        return chosen

    def full_name(self, random: Random, *, woman: bool) -> str:
        """Return a name by chance: Khmer names have the family first, Lao ones last."""
        family = random.choice(self.names["family"])
        given = random.choice(self.names["women" if woman else "men"])
        return f"{family} {given}" if self.language is Language.KM else f"{given} {family}"


@cache
def table(name: str) -> Mapping[str, Any]:
    """Return one of the demo's tables."""
    return tomllib.loads((files(__name__.rpartition(".")[0]) / name).read_text("utf-8"))
