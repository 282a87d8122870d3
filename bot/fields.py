"""Reading of single fields of raw JSON, where anything may be missing or of another type than documented."""

import math
from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]

_INT64 = 2**63


def record(body: Json, name: str) -> Json:
    """Return an object, empty where there is none."""
    value = body.get(name)
    return value if isinstance(value, dict) else {}


def records(body: Json, name: str) -> list[Json]:
    """Return the objects of a list."""
    value = body.get(name)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def integer(body: Json, name: str) -> int | None:
    """Return a whole number of at most 64 bits, or None."""
    value = body.get(name)
    whole = isinstance(value, int) and not isinstance(value, bool) and -_INT64 <= value < _INT64
    return value if whole else None


def number(body: Json, name: str) -> float | None:
    """Return a finite number, or None."""
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < _INT64 and math.isfinite(value) else None


def words(body: Json, name: str) -> str:
    """Return a text that every database can keep: without NUL, and with half surrogate pairs replaced by U+FFFD."""
    value = body.get(name)
    if not isinstance(value, str):
        return ""
    return value.replace("\0", "").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
