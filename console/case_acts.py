"""What desk and focal points both do at a case's page: answering, noting, deciding, calling; and its files."""

from collections.abc import Callable

from flask import Blueprint, Response, abort

from console.pages import Site, number_of, signed, words_of
from domain.permissions import Permission, needs
from domain.settings import Level
from handlers.console import acting, case_pages, desk
from handlers.console.acting import Done, Posted
from handlers.officers.commands import Command

_OUTCOMES = frozenset({"upheld", "partly", "info"})
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
        "ask": with_words(Command.ASK),
        "called": lambda by, ref: desk.called(context, by, ref, words_of("words")),
        "note": with_words(Command.NOTE),
        "reject": with_words(Command.REJECT),
        "reply": with_words(Command.REPLY),
        "resolve": lambda by, ref: acting.command(context, by, ref, Command.RESOLVE, _decision()),
        "take": lambda by, ref: acting.command(context, by, ref, Command.TAKE),
        "take-back": lambda by, ref: desk.take_back(context, by, ref, number_of("message") or 0),
    }


def _decision() -> str:
    outcome, words = words_of("outcome"), words_of("words")
    return f"{outcome} {words}" if outcome in _OUTCOMES and words else abort(400)


def add_files(blueprint: Blueprint, site: Site, level: Level, rule: str, permission: Permission) -> None:
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
