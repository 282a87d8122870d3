"""What desk and focal points both do at a case's page: answering, noting, deciding, calling; and its files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, abort

from console.pages import Site, number_of, posted, signed, words_of
from domain.permissions import Permission, needs
from domain.settings import Level
from handlers.console import acting, case_pages, desk
from handlers.console.acting import Done, Posted
from handlers.context import Context
from handlers.officers.commands import Command

_REJECTED = "not_upheld"
_OUTCOMES = frozenset({"upheld", "partly", "info", _REJECTED})
_SHOWN_INLINE = ("image/", "audio/")
_ENDINGS = {
    "image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp", "audio/ogg": "ogg",
    "audio/mpeg": "mp3", "audio/amr": "amr", "audio/wav": "wav", "audio/mp4": "m4a", "video/mp4": "mp4",
    "video/3gpp": "3gp", "application/pdf": "pdf",
}  # fmt: skip


def reply_acts(site: Site) -> dict[str, Callable[[Posted, str], Done]]:
    """Return the acts by the last part of their address; each takes its words from the form."""
    context = site.context

    def with_words(command: Command) -> Callable[[Posted, str], Done]:
        return lambda by, ref: acting.command(context, by, ref, command, words_of("words") or abort(400))

    return {
        "agree": lambda by, ref: acting.command(context, by, ref, Command.AGREE),
        "disagree": with_words(Command.DISAGREE),
        "ask": with_words(Command.ASK),
        "called": lambda by, ref: desk.called(context, by, ref, words_of("words")),
        "note": with_words(Command.NOTE),
        "reply": with_words(Command.REPLY),
        "resolve": lambda by, ref: acting.command(context, by, ref, *_decision()),
        "take": lambda by, ref: acting.command(context, by, ref, Command.TAKE),
        "take-back": lambda by, ref: desk.take_back(context, by, ref, number_of("message") or 0),
    }


def _decision() -> tuple[Command, str]:
    outcome, words = words_of("outcome"), words_of("words")
    if outcome not in _OUTCOMES or not words:
        abort(400)
    return (Command.REJECT, words) if outcome == _REJECTED else (Command.RESOLVE, f"{outcome} {words}")


@dataclass(frozen=True, slots=True)
class Reading:
    """Where the holders of a level read cases: the list, under its name as endpoint, one case, and its files."""

    name: str
    level: Level
    permission: Permission
    rule: str
    case_rule: str
    listed: Callable[[], Response]
    case: Callable[[str], Response]


@dataclass(frozen=True, slots=True)
class Acting:
    """What the holders of a level do with a case: acts by the last part of their address, and asking for her number.

    `after` answers an act, with what the page shows besides.
    """

    permission: Permission
    acts: Mapping[str, Callable[[Posted, str], Done]]
    number_of: Callable[[Context, Posted, str], tuple[Done, str | None]]
    after: Callable[..., Response]


def add_acting(blueprint: Blueprint, site: Site, pages: Reading, how: Acting) -> None:
    """Add the routes of acting: what a level does and nobody else, and what desk and focal points both do."""
    acts = {**how.acts, **reply_acts(site)}

    def act_on_case(reference: str, act: str) -> Response:
        if act not in acts:
            abort(404)
        return how.after(acts[act](posted(site, pages.level), reference), reference)

    def number(reference: str) -> Response:
        done, found = how.number_of(site.context, posted(site, pages.level), reference)
        return how.after(done, reference, number=found)

    allowed = needs(how.permission)
    blueprint.add_url_rule(f"{pages.case_rule}/<act>", f"{pages.name}_act", allowed(act_on_case), methods=["POST"])
    blueprint.add_url_rule(f"{pages.case_rule}/number", f"{pages.name}_number", allowed(number), methods=["POST"])


def add_reading(blueprint: Blueprint, site: Site, pages: Reading) -> None:
    """Add the routes of reading; what is not there to be seen is for the pages themselves to refuse."""
    allowed = needs(pages.permission)
    blueprint.add_url_rule(pages.rule, pages.name, allowed(pages.listed), methods=["GET"])
    blueprint.add_url_rule(pages.case_rule, f"{pages.name}_case", allowed(pages.case), methods=["GET"])
    _add_files(blueprint, site, pages.level, f"{pages.case_rule}/files/<int:file_id>", pages.permission)


def _add_files(blueprint: Blueprint, site: Site, level: Level, rule: str, permission: Permission) -> None:
    """Add the route by which the holders of a level open a case's files: nothing in them runs, whatever they claim."""

    def file(reference: str, file_id: int) -> Response:
        found = case_pages.file_of(site.context, signed(), level, reference, file_id=file_id, now=site.clock())
        if found is None:
            abort(404)
        data, mime = found
        inline = mime.startswith(_SHOWN_INLINE) and mime in _ENDINGS
        response = Response(data, mimetype=mime if mime in _ENDINGS else "application/octet-stream")
        name = f"{reference}-{file_id}.{_ENDINGS.get(mime, 'bin')}"
        response.headers["Content-Disposition"] = f'{"inline" if inline else "attachment"}; filename="{name}"'
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response

    blueprint.add_url_rule(rule, f"{level}_file", needs(permission)(file), methods=["GET"])
