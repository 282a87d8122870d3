"""What a described gateway's configuration is made of: templates to fill, places in a request, finders in an answer."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sms_gateway.gateway import WebRequest

PLACEHOLDERS: Mapping[str, str] = {
    "to": "the number as +85512345678",
    "to_digits": "the number as 85512345678",
    "to_national": "the number as 012345678",
    "text": "the text",
    "text_hex_ucs2": "the text as hexadecimal UCS-2 (UTF-16, big end first)",
    "id": "our id of the message, a number",
    "sender": "the gateway's `from`",
    "coding": "which alphabet the text needs, in the words of `send.coding`",
    "status_url": "our address for receipts of this message, with ?m= and its id",
}

_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_STEP = re.compile(r"([^.\[\]]+)|\[([0-9]{1,6})\]")
_PATH = re.compile(r"([^.\[\]]+|\[[0-9]{1,6}\])(\.[^.\[\]]+|\[[0-9]{1,6}\])*")


@dataclass(frozen=True, slots=True)
class Template:
    """A text with `{placeholders}`; `{{` and `}}` are braces. Nothing in it is evaluated."""

    parts: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, text: str) -> "Template":
        """Parse a template. Raises `ValueError` for a stray brace or a placeholder that is none."""
        parts: list[tuple[str, str]] = []
        end = 0
        for token in _TOKEN.finditer(text):
            parts.append((text[end : token.start()] + _brace(token[0]), _placeholder(token[1])))
            end = token.end()
        return cls((*parts, (text[end:], "")))

    def filled(self, values: Mapping[str, str], escape: Callable[[str], str] = str) -> str:
        """Return the text with each placeholder's value, escaped; what stands around them stays as it is."""
        return "".join(literal + (escape(values[name]) if name else "") for literal, name in self.parts)


def _brace(token: str) -> str:
    if token in {"{", "}"}:
        raise ValueError("a brace stands alone: write {{ or }} for a brace")
    return token[0] if token in {"{{", "}}"} else ""


def _placeholder(name: str | None) -> str:
    if name is not None and name not in PLACEHOLDERS:
        raise ValueError(f"{{{name[:40]}}} is no placeholder: write one of {', '.join(PLACEHOLDERS)}")
    return name or ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands in a request: `query:name`, `header:Name`, `form:name` or `json:path`."""

    part: str
    name: str

    @classmethod
    def of(cls, text: str, part: str) -> "Place":
        """Parse a place; one that does not name its part is in `part`. Raises `ValueError`."""
        named, colon, name = text.partition(":")
        place = cls(named, name) if colon and named in PARTS else cls(part, text)
        if not place.name or (place.part == "json" and not _PATH.fullmatch(place.name)):
            raise ValueError("is no place: write name, query:name, header:Name, form:name or json:path.to[0].name")
        return place

    def value(self, request: WebRequest, document: object) -> str:
        """Return what stands there, or an empty string; `document` is the body if it is JSON."""
        match self.part:
            case "query":
                return request.query.get(self.name, "")
            case "header":
                return request.headers.get(self.name.lower(), "")
            case "json":
                return at_path(document, self.name)
            case _:
                return request.field_of(self.name)


PARTS = ("query", "header", "form", "json")


@dataclass(frozen=True, slots=True)
class Finder:
    """How to find a value in an answer: by a JSON path, or by a regular expression's first group (or whole match)."""

    json: str = ""
    regex: re.Pattern[str] | None = None

    @classmethod
    def of(cls, *, json: str | None, regex: str | None) -> "Finder":
        """Parse a finder. Raises `ValueError` where it is not one of the two, or is none."""
        if (json is None) == (regex is None):
            raise ValueError("needs one of the two: json = a path, or regex = a pattern")
        if json is not None:
            if not _PATH.fullmatch(json):
                raise ValueError("is no JSON path: write names with dots and [0] for the first of a list")
            return cls(json=json)
        try:
            return cls(regex=re.compile(regex or ""))
        except re.error as fault:
            raise ValueError(f"is no regular expression ({fault})") from None

    def found(self, answer: str) -> str:
        """Return the value, or an empty string where there is none."""
        if self.regex is None:
            return at_path(document_of(answer), self.json)
        match = self.regex.search(answer)
        return "" if match is None else (match[1] or "" if self.regex.groups else match[0])


def document_of(text: str) -> Any:
    """Return what a JSON text holds, or None where it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def at_path(document: object, path: str) -> str:
    """Return the text, number or truth value at a path as text; an empty string where there is nothing like it."""
    found: object = document
    for name, index in _STEP.findall(path):
        if name:
            found = found.get(name) if isinstance(found, dict) else None
        else:
            found = found[int(index)] if isinstance(found, list) and int(index) < len(found) else None
    if isinstance(found, bool):
        return "true" if found else "false"
    return str(found) if isinstance(found, str | int | float) else ""


def decoded(text: str, encoding: str) -> str:
    """Return a text that was sent in `encoding`; one that does not fit it stays as it came."""
    if encoding == "utf-8":
        return text
    try:
        content = bytes.fromhex(text.strip())
    except ValueError:
        return text
    return content.decode("utf-16-be" if encoding == "hex-ucs2" else "utf-8", errors="replace")


ENCODINGS = ("utf-8", "hex-ucs2", "hex-utf8")
