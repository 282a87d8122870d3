"""How often readings are right, by language and script, against labelled messages."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from domain.reading import Reading

Pair = tuple[dict[str, Any], Reading]


def evaluate_rows(rows: Sequence[dict[str, Any]], read: Callable[[str], Reading]) -> dict[str, dict[str, Any]]:
    """Return the share that is right of each label, for all rows (`all`) and for each language and script."""
    pairs = [(row, read(row["text"])) for row in rows]
    groups = sorted({_group(row) for row, _ in pairs})
    by_group = {group: _figures([pair for pair in pairs if _group(pair[0]) == group]) for group in groups}
    return {"all": _figures(pairs), **by_group}


def _figures(pairs: Sequence[Pair]) -> dict[str, Any]:
    with_category = [pair for pair in pairs if pair[0].get("category")]
    sensitive = [pair for pair in pairs if pair[0].get("sensitive")]
    called = [pair for pair in pairs if pair[1].sensitive]
    return {
        "n": len(pairs),
        "language": _share(
            row["language"] == reading.language and row["script"] == reading.script for row, reading in pairs
        ),
        "intent": _share(row["intent"] == reading.intent for row, reading in pairs),
        "category": _share(row["category"] == reading.category for row, reading in with_category),
        "best_three": _share(row["category"] in reading.categories[:3] for row, reading in with_category),
        "sensitive_recall": _share(reading.sensitive for _, reading in sensitive),
        "sensitive_precision": _share(bool(row["sensitive"]) for row, _ in called),
    }


def _share(results: Iterable[bool]) -> float | None:
    listed = list(results)
    return sum(listed) / len(listed) if listed else None


def _group(row: dict[str, Any]) -> str:
    return f"{row.get('language')} {row.get('script')}"
