"""Rules that weigh concepts: which of them must stand in a text together for a label, and how much that counts."""

import tomllib
from collections.abc import Set
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Rule:
    """`weight` for a text that has one concept of every group in `needed` and none of `barred`."""

    weight: float
    needed: tuple[frozenset[str], ...]
    barred: frozenset[str]

    def holds(self, concepts: Set[str]) -> bool:
        """Tell whether a text with these concepts meets the rule."""
        return not self.barred & concepts and all(group & concepts for group in self.needed)


def scores(table: str, concepts: Set[str]) -> dict[str, float]:
    """Return what the rules of a table give to each of its labels that has any."""
    found = {
        label: sum(rule.weight for rule in rules if rule.holds(concepts)) for label, rules in _table(table).items()
    }
    return {label: score for label, score in found.items() if score}


def score(table: str, concepts: Set[str]) -> float:
    """Return what the rules of a table with a single label give."""
    return scores(table, concepts).get("lines", 0.0)


@cache
def _table(name: str) -> dict[str, tuple[Rule, ...]]:
    text = files("understanding.lexicon").joinpath("rules.toml").read_text(encoding="utf-8")
    table: dict[str, str] = tomllib.loads(text)[name]
    return {label: tuple(_rule(line) for line in lines.splitlines() if line.strip()) for label, lines in table.items()}


def _rule(line: str) -> Rule:
    weight, _, terms = line.partition(":")
    needed, barred = [], set()
    for term in terms.split():
        if term.startswith("-"):
            barred.update(term[1:].split("|"))
        else:
            needed.append(frozenset(term.split("|")))
    return Rule(float(weight), tuple(needed), frozenset(barred))
