"""The desk's pages of what many people wrote about: the list, and one with its cases and one answer to all of them."""

from flask import Blueprint, Response, abort

from console.pages import Site, language, posted, shown, signed, words_of
from domain.permissions import Permission, needs
from domain.reading import Language
from domain.settings import Level
from handlers.console import incidents
from handlers.console.acting import Told

_OUTCOMES = ("info", "upheld", "partly")
_SHOWN_BEFORE = "officer_incident_preview"


def add_to(blueprint: Blueprint, site: Site) -> None:
    """Add the pages."""

    @blueprint.get("/desk/incidents", endpoint="incidents")
    @needs(Permission.DESK_READ)
    def listed() -> Response:
        return shown(site, "incidents.html", found=incidents.listed(site.context, signed(), language=language()))

    @blueprint.get("/desk/incidents/<int:number>")
    @needs(Permission.DESK_READ)
    def incident(number: int) -> Response:
        return _page(site, number)

    @blueprint.post("/desk/incidents/<int:number>/<act>")
    @needs(Permission.DESK_WORK)
    def answer_incident(number: int, act: str) -> Response:
        words = {each.value: words_of(f"words_{each}") for each in Language}
        outcome = words_of("outcome")
        if act not in ("preview", "send") or outcome not in _OUTCOMES:
            abort(404)
        given = {each: text for each, text in words.items() if text}
        by = posted(site, Level.DESK)
        if not given:
            return _page(site, number, (Told("page_incident_words", ""),), outcome=outcome)
        done = incidents.answer(site.context, by, number, outcome=outcome, words=given, send=act == "send")
        told = tuple(done.told)
        sent = any(each.key == incidents.ANSWERED for each in told)
        return _page(site, number, told, outcome=outcome, words={} if sent else words)


def _page(
    site: Site, number: int, told: tuple[Told, ...] = (), *, outcome: str = "info", words: dict[str, str] | None = None
) -> Response:
    found = incidents.shown(site.context, signed(), number, language=language(), now=site.clock())
    if found is None:
        abort(404)
    may_send = any(each.key == _SHOWN_BEFORE for each in told)
    return shown(
        site,
        "incident.html",
        told=told,
        view=found,
        outcomes=_OUTCOMES,
        outcome=outcome,
        words=words or {},
        may_send=may_send,
    )
