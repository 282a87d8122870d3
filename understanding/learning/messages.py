"""Files of labelled messages: how they are written, and what makes a line of them wrong.

A file begins with who wrote it, in what, and about what; each line after that is a label, a bar, and the message as
it was typed::

    writer: km-1
    language: km
    script: native
    theme: payments

    complaint payment_missing | ...
    complaint payment_missing+corruption | ...
    complaint abuse! | ...
    status | ...

A category follows each intent that has one; a second matter is added with `+`; `!` marks a sensitive message. Empty
lines and lines that begin with `#` are skipped.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

from domain.reading import CATEGORY_INTENTS, Category, Intent, Language, Script

_HEAD = ("writer", "language", "script", "theme")


class MessageFileFault(ValueError):
    """A file of messages has a line that cannot be read; the text names file, line and remedy."""


@dataclass(frozen=True, slots=True)
class Message:
    """One labelled message. `secondary` is the second matter of a text that has two, `reference` one as it was typed."""

    text: str
    language: Language
    script: Script
    intent: Intent
    category: Category | None
    sensitive: bool
    secondary: Category | None = None
    writer: str = ""
    theme: str = ""
    reference: str | None = None

    @property
    def group(self) -> str:
        """Return language and script, as figures are split by them: `km native`, `lo latin`."""
        return f"{self.language} {self.script}"


def read_folder(folder: Path) -> list[Message]:
    """Read every `*.txt` file below a folder. Raises `MessageFileFault` for the first wrong line."""
    return [message for path in sorted(folder.rglob("*.txt")) for message in read_file(path)]


def read_file(path: Path) -> list[Message]:
    """Read one file of messages, or of JSON lines where its name ends so. Raises `MessageFileFault`."""
    if path.suffix == ".jsonl":
        return [_of_row(path, number, line) for number, line in enumerate(_lines(path), start=1) if line.strip()]
    lines = enumerate(_lines(path), start=1)
    kept = [(number, line.strip()) for number, line in lines if line.strip() and not line.startswith("#")]
    head = dict(_head(path, kept[: len(_HEAD)]))
    try:
        language, script = Language(head["language"]), Script(head["script"])
    except ValueError as fault:
        raise MessageFileFault(f"{path}: {fault}; language is km, lo or en, script is native or latin") from None
    return [_message(path, number, line, head, (language, script)) for number, line in kept[len(_HEAD) :]]


def packaged() -> list[Message]:
    """Return the messages that the program's own model is made from."""
    with as_file(files("understanding").joinpath("messages")) as folder:
        return read_folder(folder)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as fault:
        raise MessageFileFault(f"{path}: not UTF-8 (byte {fault.start}); save it as UTF-8") from None


def _of_row(path: Path, number: int, line: str) -> Message:
    """Read a row of JSON with the labels of `Message`. Raises `MessageFileFault`."""
    where = f"{path}, line {number}"
    try:
        row = json.loads(line)
        category, secondary = row.get("category"), row.get("secondary")
        return Message(
            str(row["text"]),
            Language(row["language"]),
            Script(row["script"]),
            Intent(row["intent"]),
            Category(category) if category else None,
            bool(row["sensitive"]),
            Category(secondary) if secondary else None,
            str(row.get("writer", "")),
            reference=row.get("reference"),
        )
    except KeyError as missing:
        raise MessageFileFault(f"{where}: {missing.args[0]} is missing") from None
    except (ValueError, TypeError, AttributeError) as fault:
        raise MessageFileFault(f"{where}: {fault}") from None


def _head(path: Path, lines: Iterable[tuple[int, str]]) -> Iterator[tuple[str, str]]:
    found = dict(_pair(line) for _, line in lines)
    for name in _HEAD:
        if not found.get(name):
            raise MessageFileFault(
                f"{path}: the first lines must be {', '.join(f'`{n}: …`' for n in _HEAD)}; {name} is missing"
            )
        yield name, found[name]


def _pair(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip(), value.strip()


def _message(path: Path, number: int, line: str, head: dict[str, str], tongue: tuple[Language, Script]) -> Message:
    where = f"{path}, line {number}"
    label, bar, text = (part.strip() for part in line.partition("|"))
    if not bar or not text:
        raise MessageFileFault(f"{where}: write `intent category | message`")
    marked = "!" in label
    words = label.replace("!", "").split()
    try:
        intent = Intent(words[0])
        first, _, second = (words[1] if len(words) > 1 else "").partition("+")
        category = Category(first) if first else None
        secondary = Category(second) if second else None
    except (ValueError, IndexError):
        raise MessageFileFault(f"{where}: `{label}` is no label: an intent, then a category where it has one") from None
    if (intent in CATEGORY_INTENTS) != (category is not None) or len(words) > 2:
        raise MessageFileFault(f"{where}: {intent} {'needs a' if category is None else 'has no'} category")
    return Message(
        text, *tongue, intent, category, marked or category is Category.ABUSE, secondary, head["writer"], head["theme"]
    )
