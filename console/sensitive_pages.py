"""The focal points' pages: the sensitive cases, and one of them with all that is done there."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, Response, abort, request

from console import harm_form
from console.case_acts import Acting, Reading, add_acting, add_reading
from console.pages import Site, language, posted, shown, signed, words_of
from domain.harm import Harm
from domain.harm_form import Body, ServiceKind
from domain.permissions import Permission, needs
from domain.settings import Level
from handlers.console import acting, case_pages, sensitive
from handlers.console.acting import Done, Posted, Told
from handlers.officers.commands import Command


def add_to(blueprint: Blueprint, site: Site) -> None:
    """Add the pages."""
    rules = ("/sensitive", "/sensitive/<reference>")
    read = (lambda: _list(site), lambda reference: _case(site, reference))
    pages = Reading("sensitive", Level.FOCAL, Permission.HARM_READ, *rules, *read)
    add_reading(blueprint, site, pages)
    after = partial(_after, site)
    add_acting(blueprint, site, pages, Acting(Permission.HARM_WORK, _acts(site), sensitive.number_of, after))
    _add_forms(blueprint, site)


def _add_forms(blueprint: Blueprint, site: Site) -> None:
    @blueprint.post("/sensitive/<reference>/release")
    @needs(Permission.CASES_RELEASE)
    def release(reference: str) -> Response:
        words = words_of("words") or abort(400)
        done = acting.command(site.context, posted(site, Level.FOCAL), reference, Command.RELEASE, words)
        return _list(site, tuple(done.told)) if done.found else abort(404)

    @blueprint.post("/sensitive/<reference>/form")
    @needs(Permission.HARM_WORK)
    def keep_form(reference: str) -> Response:
        answers = harm_form.given()
        done = sensitive.keep_form(site.context, posted(site, Level.FOCAL), reference, answers)
        flawed = any(each.key.startswith("page_flaw_") for each in done.told)
        return _after(site, done, reference, answers=answers if flawed else None)


def _acts(site: Site) -> dict[str, Callable[[Posted, str], Done]]:
    """Return what a focal point does with a case and nobody else, by the last part of the address."""
    return {
        "notified": lambda by, ref: sensitive.notified(site.context, by, ref, _body()),
        "close": lambda by, ref: sensitive.close(site.context, by, ref),
        "kind": lambda by, ref: sensitive.set_kind(site.context, by, ref, _kind()),
    }


def _kind() -> Harm:
    kind = words_of("kind")
    return Harm(kind) if kind in set(Harm) else abort(400)


def _body() -> Body:
    body = words_of("body")
    return Body(body) if body in set(Body) else abort(400)


def _list(site: Site, told: tuple[Told, ...] = ()) -> Response:
    closed = request.method == "GET" and request.args.get("closed") == "1"
    found = sensitive.listed(site.context, signed(), language=language(), now=site.clock(), closed=closed)
    return shown(site, "sensitive.html", told=told, rows=found, closed=closed)


def _case(site: Site, reference: str, told: tuple[Told, ...] = (), **more: Any) -> Response:
    now = site.clock()
    view = case_pages.opened(site.context, signed(), Level.FOCAL, reference, language=language(), now=now)
    if view is None:
        abort(404)
    beside = sensitive.harm_of(site.context, signed(), reference, language=language(), now=now)
    if beside is None:
        abort(404)
    answers = more.pop("answers", None) or beside.form.answers
    values: dict[str, Any] = {
        "number": None,
        "emergency": site.context.settings.emergency_number,
        "beside": beside,
        "answers": answers,
        "choices": harm_form.CHOICES,
        **more,
    }
    values["service_kinds"] = list(ServiceKind)
    return shown(site, "sensitive_case.html", told=told, view=view, kinds=list(Harm), base="sensitive", **values)


def _after(site: Site, done: Done, reference: str, **more: Any) -> Response:
    return _case(site, reference, tuple(done.told), **more) if done.found else abort(404)
