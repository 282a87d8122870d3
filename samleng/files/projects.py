"""Project files: reading `project.toml` whole, and how any TOML file is read so that all its faults are told by key."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from domain.settings import DEFAULT_LADDERS, ProjectSettings

PROJECT_FILES = Path(__file__).parents[1] / "project_files"
"""The folder of the project files that come with the program."""

Where = Sequence[str | int]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: at which key, what it is, and what to do about it. It never shows a secret."""

    key: str
    what: str
    remedy: str

    def __str__(self) -> str:
        """Return the fault as one line."""
        return f"{self.key}: {self.what}; {self.remedy}"


class ConfigFaults(Exception):
    """A file that cannot be used as it stands, with everything that is wrong in it."""

    def __init__(self, path: Path, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join([f"{path}:", *map(str, faults)]))
        self.path, self.faults = path, list(faults)


def packaged() -> dict[str, Path]:
    """Return the project files that come with the program, by name."""
    return {path.stem: path for path in sorted(PROJECT_FILES.glob("*.toml")) if not path.stem.endswith("_faq")}


def read_project(path: Path) -> ProjectSettings:
    """Read a project file. Raises `ConfigFaults` with every fault of the file at once."""
    raw = read_toml(path, f"name a project file; these come with the program: {', '.join(packaged())}")
    faults = dict.fromkeys(each for part in _parts(raw) for each in _faults_in(part))
    if faults:
        raise ConfigFaults(path, list(faults))
    return ProjectSettings.model_validate(raw)


def read_toml(path: Path, when_missing: str) -> dict[str, Any]:
    """Return a TOML file's content. Raises `ConfigFaults` where it is not there, not readable or not TOML."""
    try:
        # Editors on Windows put a byte order mark before the text.
        return tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        fault = Fault(path.name, "the file is not there", when_missing)
    except OSError as refused:
        fault = Fault(path.name, f"the file cannot be read ({refused.strerror})", "let this user read it")
    except UnicodeDecodeError:
        fault = Fault(path.name, "the file is not UTF-8", "save it as UTF-8")
    except tomllib.TOMLDecodeError as syntax:
        fault = _syntax_fault(path, str(syntax))
    raise ConfigFaults(path, [fault])


def faults_of(error: ValidationError, model: type[BaseModel]) -> list[Fault]:
    """Return what a model found wrong, by TOML key; values are never shown."""
    found = error.errors(include_url=False)
    # A list all of whose values are wrong is also called too short.
    return [_fault(each, model) for each in found if not (each["type"] == "too_short" and each["input"])]


def keys_of(model: Any) -> list[str]:
    """Return the keys that may be written in a model's table; those of resolved secrets (`exclude`) may not."""
    fields = getattr(model, "model_fields", {})
    return [field.alias or name for name, field in fields.items() if not field.exclude]


def _syntax_fault(path: Path, message: str) -> Fault:
    found = re.search(r" \(at line (\d+), column \d+\)", message)
    where = f"line {found[1]}" if found else f"the end of {path.name}"
    what = message.partition(" (at ")[0]
    return Fault(where, f"is not TOML: {what}", "texts stand in quotes, tables in [brackets]; see https://toml.io")


def _parts(raw: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Return the file as it is, and then its ladders and their uses one by one among values that are right.

    A rule over a whole file stops at its first fault, and does not run at all where some value is wrong.
    """
    yield raw
    ladders, uses = raw.get("ladders", DEFAULT_LADDERS), raw.get("category_ladders")
    general = DEFAULT_LADDERS["general"]
    named = dict.fromkeys(ladders, general) if isinstance(ladders, dict) else DEFAULT_LADDERS
    yield _RIGHT | {"ladders": named, "category_ladders": {}}
    yield _RIGHT | {"ladders": named | {"general": general}} | ({} if uses is None else {"category_ladders": {}})
    yield _RIGHT | {"times": raw.get("times", ())}
    for name, steps in ladders.items() if isinstance(ladders, dict) else ():
        yield _RIGHT | {"ladders": {"general": general, name: steps}, "category_ladders": {}}
    for category, name in uses.items() if isinstance(uses, dict) else ():
        yield _RIGHT | {"ladders": named | {"general": general}, "category_ladders": {category: name}}


def _faults_in(raw: dict[str, Any]) -> list[Fault]:
    try:
        ProjectSettings.model_validate(raw)
    except ValidationError as error:
        return faults_of(error, ProjectSettings)
    return []


def _fault(error: ErrorDetails, model: type[BaseModel]) -> Fault:
    where = [part for part in error["loc"] if part != "[key]"]
    context = error.get("ctx", {})
    if error["type"] == "wrong":
        return Fault(_walk(model, [*where[:-1], context["key"] or where[-1]])[0], context["what"], context["remedy"])
    if error["type"] == "extra_forbidden":
        return _unknown(where, model)
    if error["type"] in _NO_KIND:
        expected = context.get("expected_tags", "")
        what = "is not one of the words that can stand here" if expected else "is missing"
        return Fault(f"{_walk(model, where)[0]}.kind", what, f"write {expected}" if expected else _ADD)
    message = error["msg"].removeprefix("Value error, ")
    if not where:
        # The rules over a whole file begin their message with the key.
        key, _, what = message.partition(": ")
        return Fault(key, what, f"{_EXAMPLE} says what is possible")
    return Fault(_walk(model, where)[0], *_told(error, message, str(where[-1])))


def _unknown(where: Where, model: type[BaseModel]) -> Fault:
    known = keys_of(_walk(model, where[:-1])[1])
    close = get_close_matches(str(where[-1]), known, n=1)
    remedy = f"did you mean `{close[0]}`?" if close else f"take it out; known here are {', '.join(known)}"
    return Fault(_walk(model, where)[0], "there is no such key", remedy)


def _told(error: ErrorDetails, message: str, key: str) -> tuple[str, str]:
    """Return what is wrong and what to do, for the errors that pydantic itself finds."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "missing":
        return "is missing", _ADD
    limits = [f"{words} {context[name]:g}" for name, words in _LIMITS.items() if name in context]
    if limits:
        return "is out of range", f"write {limits[0]}"
    if "expected" in context:
        return "is not one of the words that can stand here", f"write {context['expected']}"
    expected = _EXPECTED.get(kind.partition("_")[0])
    if expected and kind not in {"string_too_short", "string_too_long", "string_pattern_mismatch"}:
        return f"is {_TYPES.get(type(error['input']), 'of another type')}, which cannot stand here", f"write {expected}"
    what = "has not the right form" if kind == "string_pattern_mismatch" else message[:1].lower() + message[1:]
    return what, _FORMS.get(key, f"{_EXAMPLE} says what is possible")


def _walk(model: Any, where: Where) -> tuple[str, Any]:
    """Return the TOML key of a place in a model, and the type of what stands there."""
    key, inside = "", model
    for part in where:
        members = get_args(_bare(inside)) if get_origin(_bare(inside)) is UnionType else ()
        if chosen := [each for each in members if part in get_args(_kind_of(each))]:
            # Not a key of the file: which member of a union the table's `kind` has chosen.
            inside = chosen[0]
            continue
        key += f"[{part}]" if isinstance(part, int) else f".{part}" if key else part
        inside = _inside(_bare(inside), part)
    return key, _bare(inside)


def _inside(kind: Any, part: str | int) -> Any:
    fields = getattr(kind, "model_fields", {})
    for name, field in fields.items():
        if part in {name, field.alias}:
            return field.annotation
    args = get_args(kind)
    return None if fields or not args else args[1] if get_origin(kind) is dict else args[0]


def _kind_of(member: Any) -> Any:
    field = getattr(member, "model_fields", {}).get("kind")
    return field.annotation if field else None


def _bare(annotation: Any) -> Any:
    """Return a type without its annotations."""
    return _bare(get_args(annotation)[0]) if get_origin(annotation) is Annotated else annotation


_EXAMPLE = "the commented example"
_ADD = f"add it; {_EXAMPLE} says what it is"
_NO_KIND = {"union_tag_not_found", "union_tag_invalid"}
_RIGHT = {
    "name": "-",
    "prefix": "AA",
    "country": "KH",
    "timezone": "UTC",
    "languages": ["en"],
    "emergency_number": "117",
}
_EXPECTED = {
    "string": "a text in quotes",
    "int": "a whole number without quotes",
    "float": "a number without quotes",
    "bool": "true or false without quotes",
    "tuple": "a list in [square brackets]",
    "model": "a [table]",
    "dict": "a [table]",
    "time": "a time like 20:00:00",
    "date": "a date like 2026-04-14",
}
_TYPES = {
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "a table",
}
_LIMITS = {"ge": "at least", "le": "at most", "gt": "more than", "lt": "less than"}
_FORMS = {
    "prefix": "write two capital letters, like LP",
    "country": "write KH (Cambodia) or LA (Lao PDR)",
    "asked_level": "write commune or village",
    "kind": "write round or meeting",
    "emergency_number": "write the number that people call, like 117",
    "timezone": "write a name of the IANA list, like Asia/Phnom_Penh",
}
