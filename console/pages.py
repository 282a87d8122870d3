"""What a request to the staff's pages brings: who is signed in, the language, the form; and how a page is answered."""

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Response, abort, g, make_response, render_template, request

from domain.permissions import Permission
from domain.reading import Language
from domain.settings import Level
from handlers.console.acting import Posted, Told
from handlers.console.signing_in import Signed
from handlers.context import Context
from wording import say
from wording.pages import page

TOKEN_COOKIE, LANGUAGE_COOKIE, DEVICE_COOKIE = "samleng_console", "samleng_language", "samleng_device"
PATH = "/console/"
MOST_WORDS = 2000
"""How many characters of a field are taken."""

_YEAR = 365
_FORM = re.compile(r"[A-Za-z0-9_-]{16,40}")
_KEPT = frozenset(
    {
        "officer_cannot_send",
        "officer_place_unknown",
        "officer_place_which",
        "officer_status_refuses",
        "officer_too_long",
        "officer_usage",
    }
)
"""Answers after which what was typed stays in its field, to be mended."""


@dataclass(frozen=True, slots=True)
class Site:
    """What every page is given: the use cases' context, the clock in aware UTC, and whether the outside is https."""

    context: Context
    clock: Callable[[], datetime]
    https: bool

    def cookie(self, response: Response, name: str, value: str, *, days: int | None = None) -> None:
        """Set a cookie that only these pages get back, and no script reads; without `days` it goes with the browser."""
        lasts = None if days is None else days * 24 * 3600
        secure = self.https or request.is_secure
        response.set_cookie(name, value, max_age=lasts, path=PATH, httponly=True, samesite="Strict", secure=secure)


def signed() -> Signed:
    """Return who is signed in; the guard lets nobody else in."""
    found: Signed | None = g.signed
    return found if found is not None else abort(404)


def language() -> Language:
    """Return the language of the page."""
    chosen: Language = g.language
    return chosen


def can(permission: str) -> bool:
    """Tell whether whoever is signed in may do a thing."""
    found: Signed | None = g.get("signed")
    return found is not None and found.session.second_factor and Permission(permission) in found.permissions


def words_of(field: str, *, most: int = MOST_WORDS) -> str:
    """Return what was typed into a field, without what a database cannot keep."""
    typed = request.form.get(field, "").replace("\r\n", "\n").strip()[:most]
    return typed.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def number_of(field: str) -> int | None:
    """Return the number that a field holds, or None."""
    typed = request.form.get(field, "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= 18 else None


def posted(site: Site, level: Level) -> Posted:
    """Return the form that was sent, done as the holder of a level; 400 where it is none of ours."""
    form = request.form.get("form", "")
    if not _FORM.fullmatch(form):
        abort(400)
    return Posted(signed(), level, language(), form, site.clock())


def shown(site: Site, template: str, *, told: Sequence[Told] = (), status: int = 200, **values: object) -> Response:
    """Return a page; `told` stands at its top, and what was typed stays in its field where it has to be mended."""
    kept = request.form if any(each.key in _KEPT for each in told) else {}
    given = {
        "can": can,
        "told": [_told(each) for each in told],
        "typed": kept,
        "new_form": lambda: secrets.token_urlsafe(16),
        "here": request.path if request.method == "GET" else PATH,
        "language": language(),
        "languages": list(Language),
        "project": site.context.settings.name,
        "signed": g.get("signed"),
        "t": lambda key, **more: page(key, language(), **more),
        "word": lambda key, **more: say(key, language(), **more),
        "word_in": say,
        "slip_word": lambda key, **more: page(key, more.pop("spoken"), **more),
        "moment": lambda when: _moment(site, when),
        "day": lambda when: _day(site, when),
        "age": lambda when: _age(site, when),
    }
    response = make_response(render_template(f"console/{template}", **given, **values), status)
    if "lang" in request.args:
        site.cookie(response, LANGUAGE_COOKIE, language().value, days=_YEAR)
    return response


def _told(told: Told) -> str:
    return page(told.key, language(), ref=told.text) if told.key.startswith("page_") else told.text


def _moment(site: Site, when: datetime) -> str:
    return f"{site.context.calendar.local(when):%d/%m/%Y %H:%M}"


def _day(site: Site, when: datetime) -> str:
    return f"{site.context.calendar.local(when):%d/%m/%Y}"


def _age(site: Site, when: datetime) -> str:
    """Return how long ago something was, in hours, or in days from two on."""
    hours = max(0, int((site.clock() - when).total_seconds() // 3600))
    return page("hours", language(), count=hours) if hours < 48 else page("days", language(), count=hours // 24)
