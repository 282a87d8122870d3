"""A table of a described gateway while it is read: every fault is kept with its key and its remedy."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

Value = TypeVar("Value")

_SECRETS = ("value", "password", "secret")


class WrongSettings(ValueError):
    """A description that cannot be used: every fault as key, what is wrong, and what to do."""

    def __init__(self, faults: list[tuple[str, str, str]]) -> None:
        super().__init__("\n".join(f"{key} {what}: {remedy}" for key, what, remedy in faults))
        self.faults = tuple(faults)


def with_secrets(table: Mapping[str, Any], look_up: Callable[[str, str], str], key: str = "") -> dict[str, Any]:
    """Return the same table with `value`, `password` and `secret` in place of their `_env` and `_file` forms.

    `look_up` takes `env` or `file` and the name, and raises `ValueError("what is wrong: what to do")`. `key` is what the
    table is called where faults are told. Raises `WrongSettings` with every fault, a secret in the table itself too.
    """
    faults: list[tuple[str, str, str]] = []
    found = _resolved(table, look_up, key, faults)
    if faults:
        raise WrongSettings(faults)
    return found


def _resolved(
    table: Mapping[str, Any], look_up: Callable[[str, str], str], key: str, faults: list[tuple[str, str, str]]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in table.items():
        here = f"{key}.{name}".strip(".")
        base, _, kind = name.rpartition("_")
        if name in _SECRETS:
            faults.append((here, "stands in the configuration", f"write {name}_env or {name}_file"))
        elif base in _SECRETS and kind in {"env", "file"}:
            try:
                found[base] = look_up(kind, str(value))
            except ValueError as fault:
                what, _, remedy = str(fault).partition(": ")
                faults.append((here, what, remedy))
        elif isinstance(value, Mapping) and name not in {"fields", "headers"}:
            found[name] = _resolved(value, look_up, here, faults)
        elif isinstance(value, list) and name in {"auth", "proof"}:
            rows = enumerate(value)
            found[name] = [
                _resolved(row, look_up, f"{here}[{i}]", faults) if isinstance(row, Mapping) else row for i, row in rows
            ]
        else:
            found[name] = value
    return found


class Table:
    """One table while it is read: it collects faults, and at the end names the keys that nobody asked for."""

    def __init__(self, values: object, key: str, faults: list[tuple[str, str, str]]) -> None:
        self._values: Mapping[str, Any] = values if isinstance(values, Mapping) else {}
        self.key, self.faults = key, faults
        self._asked: set[str] = set()

    def fault(self, name: str, what: str, remedy: str) -> None:
        """Keep a fault of one key."""
        self.faults.append((f"{self.key}.{name}".strip("."), what, remedy))

    def raw(self, name: str) -> Any:
        """Return what stands under a key, or None."""
        self._asked.add(name)
        return self._values.get(name)

    def table(self, name: str) -> "Table":
        """Return the table under a key, empty where there is none."""
        value = self.raw(name)
        if value is not None and not isinstance(value, Mapping):
            self.fault(name, "is no table", f"write [{name}]")
        return Table(value, f"{self.key}.{name}".strip("."), self.faults)

    def tables(self, name: str) -> "list[Table]":
        """Return the tables under a key, of which there may be several, one or none."""
        value = self.raw(name)
        rows = value if isinstance(value, list) else [] if value is None else [value]
        if any(not isinstance(row, Mapping) for row in rows):
            self.fault(name, "is no list of tables", f"write [[{name}]]")
            return []
        return [Table(row, f"{self.key}.{name}[{i}]", self.faults) for i, row in enumerate(rows)]

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text, which must be there unless there is a default."""
        value = self.raw(name)
        if isinstance(value, str) and (value or default is not None):
            return value
        if value is None and default is not None:
            return default
        self.fault(name, "is missing or no text", f'write {name} = "…"')
        return default or ""

    def optional(self, name: str) -> str | None:
        """Return a text, or None where there is none."""
        return None if self.raw(name) is None else self.text(name)

    def choice(self, name: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        """Return one of some words."""
        value = self.text(name, default)
        if value not in allowed and self.raw(name) is not None:
            self.fault(name, "is none that is known", f"write one of {', '.join(allowed)}")
        return value if value in allowed else allowed[0]

    def made(self, name: str, make: Callable[[str], Value], fallback: Value) -> Value:
        """Return what `make` makes of a text that must be there; its `ValueError` is a fault of that key."""
        text = self.text(name)
        try:
            return make(text) if text else fallback
        except ValueError as fault:
            what, _, remedy = str(fault).partition(": ")
            self.fault(name, what, remedy or "correct it")
            return fallback

    def words(self, name: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Return a list of words or numbers as words."""
        value = self.raw(name)
        if value is None:
            return default
        if isinstance(value, list) and value and all(isinstance(each, str | int) for each in value):
            return tuple(str(each) for each in value)
        self.fault(name, "is no list", f'write {name} = ["…"]')
        return default

    def mapping(self, name: str, meanings: Mapping[str, Value]) -> dict[str, Value]:
        """Return a table from the provider's words to ours."""
        value = self.raw(name)
        if value is not None and not isinstance(value, Mapping):
            self.fault(name, "is no table", f"write [{self.key}.{name}]")
        found = {}
        for word, meaning in (value if isinstance(value, Mapping) else {}).items():
            if isinstance(meaning, str) and meaning in meanings:
                found[str(word).strip().lower()] = meanings[meaning]
            else:
                self.fault(f"{name}.{word}", "means nothing that is known", f"write one of {', '.join(meanings)}")
        return found

    def done(self) -> None:
        """Name the keys that are not known."""
        for name in sorted(self._values.keys() - self._asked):
            self.fault(name, "is no key that is known here", f"write one of {', '.join(sorted(self._asked))}")
