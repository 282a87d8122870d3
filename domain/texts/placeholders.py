"""Placeholders in texts that staff write, such as `{name}`: which there are, whether they are known, and filling them in."""

from collections.abc import Collection, Mapping
from string import Formatter


class PlaceholderFault(ValueError):
    """A text has a placeholder that nobody fills in; `name` is how it is written, `known` are those that there are."""

    def __init__(self, name: str, known: Collection[str]) -> None:
        given = ", ".join(f"{{{each}}}" for each in sorted(known))
        super().__init__(f"{{{name}}} is no placeholder here; there are {given or 'none'}")
        self.name, self.known = name, tuple(sorted(known))


def placeholders(text: str, known: Collection[str]) -> frozenset[str]:
    """Return the placeholders of a text. Raises `PlaceholderFault` for one that is not known, or a stray brace."""
    try:
        parsed = list(Formatter().parse(text))
    except ValueError:
        raise PlaceholderFault("", known) from None
    found = set()
    for _, name, spec, conversion in parsed:
        if name is None:
            continue
        if name not in known or spec or conversion:
            raise PlaceholderFault(name, known)
        found.add(name)
    return frozenset(found)


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a checked text with its placeholders filled in."""
    return text.format_map(values)
