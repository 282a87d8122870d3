"""Rules that weigh concepts: which of them must stand in a text together for a label, and how much that counts."""

import tomllib
from collections.abc import Set
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

_BITS: dict[str, int] = {}
"""A bit for every concept that a rule speaks of."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`weight` for a text that has one concept of every group in `needed` and none of `barred`; each concept is a bit."""

    weight: float
    needed: tuple[int, ...]
    barred: int

    def holds(self, bits: int) -> bool:
        """Tell whether a text with these concepts meets the rule."""
        if self.barred & bits:
            return False
        for group in self.needed:  # noqa: SIM110 - a loop is four times as fast here as all() with a generator
            if not group & bits:
                return False
        return True


def scores(table: str, concepts: Set[str]) -> dict[str, float]:
    """Return what the rules of a table give to each of its labels that has any."""
    return dict(_scores(table, frozenset(concepts)))


def score(table: str, concepts: Set[str]) -> float:
    """Return what the rules of a table with a single label give."""
    return _scores(table, frozenset(concepts)).get("lines", 0.0)


@lru_cache(maxsize=64)
def _scores(table: str, concepts: frozenset[str]) -> dict[str, float]:
    rules_of = _all_tables()[table]
    bits = _bits_of(concepts)
    found = {label: sum(rule.weight for rule in rules if rule.holds(bits)) for label, rules in rules_of.items()}
    return {label: score for label, score in found.items() if score}


@lru_cache(maxsize=16)
def _bits_of(concepts: frozenset[str]) -> int:
    return sum(_BITS[concept] for concept in concepts if concept in _BITS)


@cache
def _all_tables() -> dict[str, dict[str, tuple[Rule, ...]]]:
    text = files("understanding.lexicon").joinpath("rules.toml").read_text(encoding="utf-8")
    return {
        name: {
            label: tuple(_rule(line) for line in lines.splitlines() if line.strip()) for label, lines in table.items()
        }
        for name, table in tomllib.loads(text).items()
    }


def _rule(line: str) -> Rule:
    weight, _, terms = line.partition(":")
    needed, barred = [], 0
    for term in terms.split():
        bits = 0
        for concept in term.removeprefix("-").split("|"):
            bits |= _BITS.setdefault(concept, 1 << len(_BITS))
        if term.startswith("-"):
            barred |= bits
        else:
            needed.append(bits)
    return Rule(float(weight), tuple(needed), barred)
