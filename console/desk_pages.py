"""The desk's pages: what waits to be read, one case, one message of no case, and whom to call."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, Response, abort, request

from console.case_acts import Acting, Reading, add_acting, add_reading
from console.pages import Site, language, number_of, posted, shown, signed, words_of
from domain.lifecycle import CaseKind
from domain.permissions import Permission, needs
from domain.reading import Category
from domain.settings import Level
from handlers.console import case_pages, desk, unsorted
from handlers.console.acting import Done, Posted, Told
from handlers.console.desk import Chosen

_KINDS = (CaseKind.COMPLAINT, CaseKind.QUESTION, CaseKind.FEEDBACK)


def add_to(blueprint: Blueprint, site: Site) -> None:
    """Add the pages."""
    pages = Reading(
        name="desk",
        level=Level.DESK,
        permission=Permission.DESK_READ,
        rule="/desk",
        case_rule="/desk/cases/<reference>",
        listed=lambda: _list(site),
        case=lambda reference: _case(site, reference),
    )
    add_reading(blueprint, site, pages)
    after = partial(_after, site)
    add_acting(blueprint, site, pages, Acting(Permission.DESK_WORK, _acts(site), desk.number_of, after))
    _add_calls(blueprint, site)
    _add_hand_on(blueprint, site)
    _add_messages(blueprint, site)


def _add_calls(blueprint: Blueprint, site: Site) -> None:
    @blueprint.get("/desk/calls")
    @needs(Permission.DESK_READ)
    def calls() -> Response:
        found = desk.calls(site.context, signed(), language=language(), now=site.clock())
        return shown(site, "calls.html", found=found)


def _list(site: Site, told: tuple[Told, ...] = ()) -> Response:
    found = desk.waiting(site.context, signed(), language=language(), now=site.clock())
    return shown(site, "desk.html", told=told, waiting=found)


def _add_hand_on(blueprint: Blueprint, site: Site) -> None:
    @blueprint.post("/desk/cases/<reference>/hand-on")
    @needs(Permission.DESK_WORK)
    def hand_on(reference: str) -> Response:
        category = words_of("category")
        chosen = Chosen(
            category=Category(category) if category in set(Category) else None,
            place=words_of("place", most=120),
            area_id=number_of("area"),
        )
        done, several = desk.hand_on(site.context, posted(site, Level.DESK), reference, chosen)
        return _after(site, done, reference, several=several, chosen=chosen)


def _acts(site: Site) -> dict[str, Callable[[Posted, str], Done]]:
    """Return what the desk does with a case and nobody else, by the last part of the address."""
    return {
        "hand-over": lambda by, ref: desk.hand_over(site.context, by, ref),
        "transcript": lambda by, ref: desk.transcribe(site.context, by, ref, number_of("file") or 0, words_of("words")),
    }


def _case(site: Site, reference: str, told: tuple[Told, ...] = (), **more: Any) -> Response:
    now = site.clock()
    view = case_pages.opened(site.context, signed(), Level.DESK, reference, language=language(), now=now)
    if view is None:
        abort(404)
    values: dict[str, Any] = {"several": [], "chosen": None, "number": None, **more}
    return shown(site, "desk_case.html", told=told, view=view, categories=list(Category), base="desk", **values)


def _after(site: Site, done: Done, reference: str, **more: Any) -> Response:
    """Show the case again after an act, or the list where the desk does not see it any more."""
    if not done.found:
        abort(404)
    told = tuple(done.told)
    if any(each.key == "officer_marked_sensitive" for each in told):
        return _list(site, told)
    return _case(site, reference, told, **more)


def _add_messages(blueprint: Blueprint, site: Site) -> None:
    @blueprint.get("/desk/messages/<int:message_id>")
    @needs(Permission.DESK_READ)
    def desk_message(message_id: int) -> Response:
        return _message(site, message_id)

    @blueprint.post("/desk/messages/<int:message_id>/<act>")
    @needs(Permission.DESK_WORK)
    def act_on_message(message_id: int, act: str) -> Response:
        by = posted(site, Level.DESK)
        match act:
            case "aside":
                done = unsorted.nothing_to_do(site.context, by, message_id)
            case "answer" if words_of("words"):
                done = unsorted.answer(site.context, by, message_id, words_of("words"))
            case "case" | "hand-over":
                return _made(site, by, message_id, sensitive=act == "hand-over")
            case _:
                abort(404)
        stays = any(not each.key.startswith("page_") for each in done.told)
        return _message(site, message_id, tuple(done.told)) if stays else _list(site, tuple(done.told))


def _made(site: Site, by: Posted, message_id: int, *, sensitive: bool) -> Response:
    kind, category = request.form.get("kind", ""), request.form.get("category", "")
    done, reference = unsorted.make_case(
        site.context,
        by,
        message_id,
        kind=CaseKind(kind) if kind in set(CaseKind) else CaseKind.COMPLAINT,
        category=Category(category) if category in set(Category) else Category.OTHER,
        sensitive=sensitive,
    )
    told = tuple(done.told)
    return _list(site, told) if reference is None else _case(site, reference, told)


def _message(site: Site, message_id: int, told: tuple[Told, ...] = ()) -> Response:
    found = unsorted.shown(site.context, signed().staff.id, message_id, site.clock())
    if found is None:
        abort(404)
    values: dict[str, Any] = {"message": found, "kinds": _KINDS, "categories": list(Category)}
    return shown(site, "desk_message.html", told=told, **values)
